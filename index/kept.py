"""Texts and the index over them, kept in step in one folder.

    folder/texts.sqlite    the texts and their metadata (index/texts.py): what counts
    folder/index/          the index over them (index/manifest.py): made anew where it does not fit

Both carry the stamp of the last change. A process that is killed in a change leaves the texts as
they were; stamps that differ afterwards are how the index is known to need mending.
"""

from __future__ import annotations

import json
import os
import uuid
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

from langchain_core.embeddings import Embeddings

from errors import DamagedIndex, UserError
from index.embeddings import encoder_of, is_foreign, probe_of
from index.local import LocalSearch, held
from index.manifest import MANIFEST, Manifest
from index.metadata import entry_of
from index.rows import all_of
from index.texts import Change, Text, Texts
from index.tokens import Cutter

_STAMP = "stamp"


class Kept:
    """One folder, opened. Threads and processes may share it; see `WenceStore` for the errors."""

    def __init__(
        self, folder: Path, embedding: Embeddings, rebuild: bool, say: Callable[[str], None]
    ) -> None:
        self.texts = Texts(folder / "texts.sqlite")
        notes = self.texts.notes()
        self.encoder = encoder_of(embedding, json.loads(notes.get("probe", "[]")))
        self._folder = folder / "index"
        self._say = say
        self._opened: tuple[object, LocalSearch | None] = (None, None)
        before = notes.get("model", self.encoder.fingerprint)
        if before != self.encoder.fingerprint:
            self._turn(folder, before, rebuild)
        if not self._fits(self.search()):
            with self.texts.changing() as change:
                self._fitting(change)

    def search(self) -> LocalSearch:
        """The search as the folder holds it now, whoever has changed it.

        Where that cannot be read, what was read before; at first an empty one.
        """
        seen, search = self._opened
        now = self._seen()
        if search is None or seen != now:
            search = self._held(search) or search or self._empty()
            self._opened = now, search
        return search

    def change(self, put: Sequence[Text], remove: Collection[str]) -> None:
        """Change the index, then the texts; only with the texts does the change count."""
        with self.texts.changing() as change:
            search = self._fitting(change)
            stamp = {_STAMP: str(uuid.uuid4())}
            self._remember(search.updated(map(entry_of, put), remove, policies=stamp))
            change.put(put)
            change.remove(remove)
            change.note(**stamp)

    def _fitting(self, change: Change) -> LocalSearch:
        """The search over exactly the texts that are there, while nobody changes them."""
        search = self.search()
        if self._fits(search):
            return search
        stamp = {_STAMP: str(uuid.uuid4())}
        there = all_of(search)
        fresh = (
            entry
            for entry in map(entry_of, self.texts.all())
            if there.get(entry.id) != entry.digest
        )
        mended = search.updated(fresh, there.keys() - self.texts.ids(), policies=stamp)
        probe = json.dumps(probe_of(self.encoder))
        change.note(**stamp, model=self.encoder.fingerprint, probe=probe)
        return self._remember(mended)

    def _fits(self, search: LocalSearch) -> bool:
        stamp = self.texts.notes().get(_STAMP)
        return stamp is not None and search.manifest.policies.get(_STAMP) == stamp

    def _held(self, before: LocalSearch | None) -> LocalSearch | None:
        try:
            return held(self._folder, self.encoder, lambda _: None, before)
        except DamagedIndex as error:
            if before is None:
                self._say(f"{error}；正在从 {self.texts.file} 重建索引")
            return None

    def _empty(self) -> LocalSearch:
        manifest = Manifest(self.encoder.fingerprint)
        return LocalSearch(self._folder, manifest, (), self.encoder, Cutter())

    def _remember(self, search: LocalSearch) -> LocalSearch:
        self._opened = self._seen(), search
        return search

    def _seen(self) -> object:
        """What tells one manifest from the next."""
        try:
            found = os.stat(self._folder / MANIFEST)
        except OSError:
            return None
        return found.st_ino, found.st_mtime_ns, found.st_size

    def _turn(self, folder: Path, before: str, rebuild: bool) -> None:
        """Whether what is there may be encoded anew with this model."""
        now = self.encoder.fingerprint
        if not rebuild and (is_foreign(before) or is_foreign(now)):
            raise UserError(
                f"{folder} 由句向量模型 {before} 建成，现在给的是 {now}；"
                "请用原来的模型打开，或加上 rebuild=True 全部重新编码"
            )
        self._say(f"{folder} 由句向量模型 {before} 建成，现在用 {now}；正在重新编码")

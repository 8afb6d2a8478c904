"""Everything opened from the settings: the catalog, the index, the engine.

The first use of an empty data folder loads the bundled policies; an index that is absent, stale or
damaged is made anew from the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from index.encoder import Encoder
from index.local import LocalSearch, Progress, open_search
from index.models import open_encoder
from ingest.catalog import Catalog
from qa.engine import Engine, Snapshot
from qa.knowledge import Knowledge
from settings import BUNDLED_POLICIES, Settings

if TYPE_CHECKING:  # a question needs no reader of files
    from ingest.pipeline import Ingested

_BUNDLED = "bundled"  # the key of the catalog that says that they were loaded


class Workspace:
    """One data folder, opened. `say` hears what a person should know while it opens."""

    def __init__(self, settings: Settings, say: Callable[[str], None] = lambda _: None) -> None:
        """Raises `StoreError` and `EncoderUnavailable`."""
        self.settings = settings
        self._say = say
        self._encoder: Encoder | None = None
        self.catalog = Catalog(settings.catalog_url)
        self._load_bundled()

    def search(self, progress: Progress = lambda done, of: None) -> LocalSearch:
        """The index over what the catalog holds now."""
        self._encoder = self._encoder or open_encoder(self.settings)
        return open_search(
            self.settings.index_dir,
            self.catalog.fingerprint(),
            self.catalog.clauses,
            self._encoder,
            self._say,
            progress,
        )

    def engine(self) -> Engine:
        """The question chain over what the catalog holds, now and later."""
        return Engine(
            self.catalog,
            self._snapshot,
            search_k=self.settings.search_k,
            question_limit=self.settings.question_limit,
            conversation_limit=self.settings.conversation_limit,
        )

    def _snapshot(self) -> Snapshot:
        fingerprint = self.catalog.fingerprint()
        return Snapshot(fingerprint, Knowledge.of(self.catalog), self.search())

    def ingest(
        self,
        paths: Iterable[Path],
        *,
        replace: bool = False,
        progress: Progress = lambda done, of: None,
    ) -> Iterator[Ingested]:
        """Files into the catalog, each one's outcome as it comes; the index follows when opened."""
        from ingest.pipeline import ingest

        yield from ingest(paths, self.catalog, replace=replace, progress=progress)

    def gone(self, folders: Iterable[Path]) -> list[str]:
        """Ids of the policies whose files were in these folders and are there no more."""
        from ingest.pipeline import gone

        return gone(self.catalog, folders)

    def prune(self, folders: Iterable[Path]) -> list[str]:
        """Take those policies out."""
        ids = self.gone(folders)
        for policy_id in ids:
            self.catalog.remove(policy_id)
        return ids

    def checks(self) -> dict[str, str]:
        """What a person wants to see when something seems wrong; raises what is wrong."""
        settings = self.settings
        knowledge = Knowledge.of(self.catalog)
        self.search()
        encoder = self._encoder or open_encoder(settings)
        silent = [p for p in knowledge.policies if p not in knowledge.stating]
        return {
            "数据目录": str(settings.data_dir),
            "目录库": f"{settings.catalog_url}，{len(knowledge.policies)}份文件，"
            f"{len(knowledge.clauses)}个条款",
            "台账": f"{len(knowledge.units)}个单位；未写明单位的文件：{'、'.join(silent) or '无'}",
            "句向量模型": f"{settings.encoder}({encoder.fingerprint}，{encoder.dimensions}维)",
            "索引": f"{settings.index_dir}，正常；BM25 与精确向量检索",
        }

    def _load_bundled(self) -> None:
        """Load the bundled policies into an empty catalog, once: who removes them stays rid of them.

        A run that was killed between the two of them is taken up.
        """
        if self.catalog.is_done(_BUNDLED):
            return
        bundled = {file.stem for file in BUNDLED_POLICIES.glob("*.txt")}
        if {policy.id for policy in self.catalog.policies()} <= bundled:
            for loaded in self.ingest([BUNDLED_POLICIES]):
                if loaded.parsed and loaded.state == "new":
                    self._say(f"已载入《{loaded.parsed.policy.title}》")
        self.catalog.done(_BUNDLED)

"""Everything opened from the settings: the catalog, the index, the engine.

The first use of an empty data folder loads the bundled policies; an index that is absent, stale or
damaged is made anew from the catalog.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from errors import BadSettings
from index.encoder import Encoder
from index.entries import entries_of
from index.local import LocalSearch
from index.models import open_encoder, open_reranker
from index.opening import Progress, check, open_search
from index.protocol import Search
from index.reranker import Reranked, Scorer, passages_of
from ingest.catalog import Catalog
from qa.engine import Engine, Snapshot
from qa.knowledge import Knowledge
from settings import BUNDLED_POLICIES, Settings

if TYPE_CHECKING:  # a question needs no reader of files, and seldom Milvus
    from index.milvus import MilvusSearch
    from ingest.pipeline import Ingested
    from qa.model.chat_model import ChatModel

_TOLD = 5  # names of documents that a check tells
_BUNDLED = "bundled"  # the key of the catalog that says that they were loaded


class Workspace:
    """One data folder, opened. `say` hears what a person should know while it opens."""

    def __init__(self, settings: Settings, say: Callable[[str], None] = lambda _: None) -> None:
        """Raises `StoreError`, `EncoderUnavailable` and `RerankerUnavailable`."""
        self.settings = settings
        self._say = say
        self._encoder: Encoder | None = None
        self._local: LocalSearch | None = None
        self._milvus: MilvusSearch | None = None
        self._reranker: Scorer | None = None
        self.catalog = Catalog(settings.catalog_url)
        self._load_bundled()

    def search(self, progress: Progress = lambda done, of: None) -> Search:
        """The index over what the catalog holds now: in local files, or in Milvus if that is set.

        Its first hits are put in order by a cross-encoder if one is set.
        """
        search = self._opened(progress)
        if not self.settings.reranker:
            return search
        return Reranked(search, self._scorer, partial(passages_of, self.catalog))

    def _scorer(self) -> Scorer:
        self._reranker = self._reranker or open_reranker(self.settings)
        return self._reranker

    def _opened(self, progress: Progress) -> LocalSearch | MilvusSearch:
        self._encoder = self._encoder or open_encoder(self.settings, self._say)
        policies, entries = self.catalog.fingerprints(), partial(entries_of, self.catalog)
        content = (policies, entries, self._encoder, self._say, progress)
        if not self.settings.search_url:
            self._local = open_search(self.settings.index_dir, *content, self._local)
            return self._local
        try:
            from index.milvus import open_milvus
        except ModuleNotFoundError as absent:
            raise BadSettings(
                f"WENCE_SEARCH_URL 要用 Milvus，但没有安装 {absent.name}："
                "请执行 pip install 'wence[milvus]'"
            ) from None
        self._milvus = open_milvus(self.settings.search_url, *content, self._milvus)
        return self._milvus

    def engine(self) -> Engine:
        """The question chain over what the catalog holds, now and later."""
        if self.settings.reranker:
            self._scorer()  # one that is not there is told at once
        return Engine(
            self.catalog,
            self._snapshot,
            search_k=self.settings.search_k,
            question_limit=self.settings.question_limit,
            conversation_limit=self.settings.conversation_limit,
            conversation_days=self.settings.conversation_days,
            model=self._chat_model(),
        )

    def _chat_model(self) -> ChatModel | None:
        """The chat model that is set; LangChain is imported for one alone."""
        if not self.settings.chat_model:
            return None
        from qa.model.chat_model import open_chat_model

        return open_chat_model(self.settings)

    def _snapshot(self) -> Snapshot:
        fingerprint = self.catalog.fingerprint()
        knowledge = Knowledge.of(self.catalog, self.settings.region)
        return Snapshot(fingerprint, knowledge, self.search())

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

    def checks(self, progress: Progress = lambda done, of: None) -> dict[str, str]:
        """What a person wants to see when something seems wrong; raises what is wrong.

        Every byte of the local index is read; a damaged one is named and made anew.
        """
        settings = self.settings
        knowledge = Knowledge.of(self.catalog)
        if not settings.search_url:
            check(settings.index_dir, self._say)
        search = self._opened(progress)
        silent = [p for p in knowledge.policies if p not in knowledge.stating]
        some = "、".join(silent[:_TOLD]) + ("等" if len(silent) > _TOLD else "")
        return {
            "数据目录": str(settings.data_dir),
            "目录库": f"{settings.catalog_url}，{len(knowledge.policies)}份文件，"
            f"{len(knowledge.clauses)}个条款",
            "台账": f"{len(knowledge.units)}个单位；未写明单位的文件{len(silent)}份"
            + (f"：{some}" if silent else ""),
            "句向量模型": f"{settings.encoder}({search.encoder.fingerprint}，"
            f"{search.encoder.dimensions}维)",
            **({"重排模型": settings.reranker} if settings.reranker and self._scorer() else {}),
            "索引": search.about,
            **({"对话模型": model.answers()} if (model := self._chat_model()) else {}),
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

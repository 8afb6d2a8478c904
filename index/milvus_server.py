"""A Milvus server, or Milvus Lite in a folder, as plain calls: connection, state, entities, hits."""

from __future__ import annotations

import logging
import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import numpy as np
import orjson
from grpc import RpcError
from pymilvus import AnnSearchRequest, MilvusClient, MilvusException, RRFRanker

from errors import StoreError
from index.encoder import Vectors
from index.milvus_schema import (
    CLAUSES,
    FORMAT,
    STATE,
    STORED,
    Row,
    among,
    clauses,
    key_of,
    of_policy,
    parcels,
    sparse,
    state,
    state_row,
)

_LITE_FILE = "wence.db"
_PORT = 19530
_CONNECT, _READ, _WRITE = 3.0, 10.0, 120.0  # seconds after which an answer is not waited for
_MOST = 16_384  # hits that Milvus gives at once
_PAGE = 1_000  # entities that are read, sent or named at a time
_BYTES = 8 << 20  # of entities that are sent at a time, about
_WORDS = 300  # own words in a row of the state


@dataclass(frozen=True, slots=True)
class State:
    """What the entities were made of. `encoder` is empty where nothing says so."""

    encoder: str = ""
    format: int = FORMAT
    policies: Mapping[str, str] = field(default_factory=dict)
    own_words: tuple[str, ...] = ()


class Server:
    """One connection. Every method raises `StoreError`, naming the address, where Milvus fails."""

    def __init__(self, url: str) -> None:
        """`url` is `milvus://[user:password@]host[:port][/database]`, else a folder for Lite."""
        for name in ("pymilvus", "milvus_lite"):  # what goes wrong is told by `StoreError`
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self.address, connection = _connection(url)
        try:
            self._client = MilvusClient(**connection, timeout=_CONNECT)
            self.version = str(self._client.get_server_version(timeout=_CONNECT))
        except (MilvusException, RpcError) as error:
            raise _unreachable(self.address, error) from None
        self.lite = self.version.startswith("milvus_lite")
        # Lite reads all that it holds at the first question.
        self._patience = _WRITE if self.lite else _READ

    def create(self, encoder: str, dimensions: int) -> None:
        """Both collections anew and empty, for one encoder."""
        with self._told():
            for name in (STATE, CLAUSES):  # the state first: without it, nothing counts
                if self._client.has_collection(name, timeout=self._patience):
                    self._client.drop_collection(name, timeout=_WRITE)
            for name, (schema, indexes) in (
                (CLAUSES, clauses(dimensions, lite=self.lite)),
                (STATE, state()),
            ):
                self._client.create_collection(name, schema=schema, timeout=_WRITE)
                self._client.create_index(name, indexes, timeout=_WRITE, sync=False)
                self._client.load_collection(name, timeout=_WRITE)
        self._note([state_row("made", "", [encoder, FORMAT])])

    def state(self) -> State:
        """What both collections hold; an empty one where a collection is missing."""
        with self._told():
            for name in (CLAUSES, STATE):
                if not self._client.has_collection(name, timeout=self._patience):
                    return State()
                self._client.load_collection(name, timeout=_WRITE)
        rows = list(self._rows(STATE, 'key != ""', ["kind", "name", "value"]))
        values = {(row["kind"], row["name"]): orjson.loads(row["value"]) for row in rows}
        encoder, made_in = values.get(("made", ""), ["", FORMAT])
        policies = {name: value for (kind, name), value in values.items() if kind == "policy"}
        words = {word for (kind, _), value in values.items() if kind == "words" for word in value}
        return State(encoder, made_in, policies, tuple(sorted(words)))

    def note_policies(self, policies: Mapping[str, str]) -> None:
        """Note that these are in, by id and fingerprint."""
        self._note([state_row("policy", *policy) for policy in policies.items()])

    def note_words(self, own_words: Sequence[str]) -> None:
        """Note words that stand in the dictionary from now on."""
        parts = _pages(own_words, _WORDS)
        self._note([state_row("words", uuid.uuid4().hex, part) for part in parts])

    def size(self) -> int:
        """How many entities there are. What was written by anyone before is found after this."""
        with self._told():
            [row] = self._client.query(
                CLAUSES,
                output_fields=["count(*)"],
                consistency_level="Strong",
                timeout=self._patience,
            )
        return int(row["count(*)"])

    def digests(self, policy: str) -> dict[str, bytes]:
        """Id and digest of each entity of a policy."""
        rows = self._rows(CLAUSES, of_policy(policy), ["id", "digest"])
        return {row["id"]: bytes.fromhex(row["digest"]) for row in rows}

    def vectors(self, ids: Sequence[str]) -> dict[str, Vectors]:
        """The vectors of these ids, as far as they are there."""
        return {
            row["id"]: np.asarray(row["dense"], np.float32)
            for page in _pages(ids, _PAGE)
            for row in self._rows(CLAUSES, among(map(key_of, page)), ["id", "dense"])
        }

    def put(self, rows: Iterable[Row]) -> None:
        """Entities in (`clause_row`), each in place of the one with its id."""
        for parcel in parcels(rows, _PAGE, _BYTES):
            with self._told():
                self._client.upsert(CLAUSES, parcel, timeout=_WRITE)

    def remove(self, ids: Iterable[str]) -> None:
        """Entities out."""
        for page in _pages(list(ids), _PAGE):
            with self._told():
                self._client.delete(CLAUSES, filter=among(map(key_of, page)), timeout=_WRITE)

    def remove_policy(self, policy: str) -> None:
        """All entities of a policy out, and what was noted of it."""
        noted = among([state_row("policy", policy, "")["key"]])
        with self._told():
            self._client.delete(CLAUSES, filter=of_policy(policy), timeout=_WRITE)
            self._client.delete(STATE, filter=noted, timeout=_WRITE)

    def settle(self, *, rewrite: bool) -> None:
        """Milvus Lite only: all that was written into one segment, by whose counts BM25 goes.

        Lite takes the rarities of words from each segment by itself, and before they are written
        out from what passes a filter. `rewrite` where entities stand in older segments.
        """
        if not self.lite:
            return
        if rewrite:
            self.put(list(self._rows(CLAUSES, 'key != ""', STORED)))
        with self._told():
            self._client.flush(CLAUSES, timeout=_WRITE)

    def candidates(
        self, vector: Vectors, texts: Mapping[str, str], count: int, where: str
    ) -> dict[str, tuple[str, Vectors]]:
        """The `count` best by vector and as many by each text, by key: id and vector.

        `texts` are terms (`joined`) by the field of `TERMS` to look in; one hybrid search asks all.
        """
        data: dict[str, list[Any]] = {"dense": [vector]}
        data |= {sparse(name): [text] for name, text in texts.items()}
        count = min(count, _MOST // len(data))
        requests = [
            AnnSearchRequest(asked, name, {}, count, expr=where or None)
            for name, asked in data.items()
        ]
        with self._told():
            [hits] = self._client.hybrid_search(
                CLAUSES,
                requests,
                RRFRanker(),
                limit=count * len(requests),
                output_fields=["id", "dense"],
                timeout=self._patience,
            )
        return {
            hit["key"]: (hit["entity"]["id"], np.asarray(hit["entity"]["dense"], np.float32))
            for hit in hits
        }

    def scores(self, name: str, text: str, keys: Sequence[str]) -> dict[str, float]:
        """BM25 of entities in a field of `TERMS`, by key; those without a term are left out."""
        with self._told():
            [hits] = self._client.search(
                CLAUSES,
                [text],
                anns_field=sparse(name),
                filter=among(keys),
                limit=len(keys),
                output_fields=["key"],
                timeout=self._patience,
            )
        return {hit["key"]: abs(hit["distance"]) for hit in hits}  # Lite gives them negated

    def _rows(self, collection: str, condition: str, fields: Sequence[str]) -> Iterator[Row]:
        """All entities that meet a condition, as they are now."""
        with self._told():
            pages = self._client.query_iterator(
                collection,
                batch_size=_PAGE,
                filter=condition,
                output_fields=list(fields),
                consistency_level="Strong",
                timeout=_WRITE,
            )
            while page := pages.next():
                yield from ({name: row[name] for name in fields} for row in page)
            pages.close()

    def _note(self, rows: Sequence[Row]) -> None:
        with self._told():
            for page in _pages(rows, _PAGE):
                self._client.upsert(STATE, list(page), timeout=_WRITE)

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (MilvusException, RpcError) as error:
            raise StoreError(
                f"Milvus {self.address} 出错({_reason(error)})；请确认它在运行，"
                "或去掉 WENCE_SEARCH_URL 改用本地文件检索"
            ) from None


def _connection(url: str) -> tuple[str, dict[str, str]]:
    """What to call the address before people, and what pymilvus wants to know."""
    if url.startswith("milvus://"):
        parts = urlsplit(url)
        return f"milvus://{parts.netloc.rpartition('@')[2]}{parts.path}", {
            "uri": f"http://{parts.hostname}:{parts.port or _PORT}",
            "user": unquote(parts.username or ""),
            "password": unquote(parts.password or ""),
            "db_name": parts.path.strip("/"),
        }
    folder = Path(url).expanduser().absolute()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"Milvus Lite 的文件夹 {folder} 写不进去({error.strerror})，请检查 WENCE_SEARCH_URL"
        ) from None
    return str(folder), {"uri": str(folder / _LITE_FILE)}


def _unreachable(address: str, error: MilvusException | RpcError) -> StoreError:
    if address.startswith("milvus://"):
        return StoreError(
            f"连不上 Milvus {address}({_reason(error)})；请确认它在运行、WENCE_SEARCH_URL 没有写错，"
            "或去掉这个设置改用本地文件检索"
        )
    return StoreError(
        f"打不开 Milvus Lite 的文件夹 {address}({_reason(error)})；同一个文件夹只能由一个进程打开，"
        "请先停下另一个 wence，或改用 milvus://主机:端口"
    )


def _reason(error: MilvusException | RpcError) -> str:
    details = getattr(error, "details", lambda: repr(error))
    text = error.message if isinstance(error, MilvusException) else details()
    return " ".join(str(text).split())[:200]


def _pages(items: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))

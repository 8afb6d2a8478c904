"""Texts with their metadata, in one SQLite file: what must be given back as it was taken."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from errors import StoreError

VERSION = 1

_PATIENCE = 600.0  # seconds to wait for another writer: it may be encoding a whole corpus
_AT_ONCE = 500  # ids that one statement asks for
_TABLES = (
    "CREATE TABLE IF NOT EXISTS texts "
    "(id TEXT PRIMARY KEY, text TEXT NOT NULL, metadata TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS state (key TEXT PRIMARY KEY, value TEXT NOT NULL)",
    f"PRAGMA user_version = {VERSION}",
)
_PUT = (
    "INSERT INTO texts VALUES (?, ?, ?) "
    "ON CONFLICT (id) DO UPDATE SET text = excluded.text, metadata = excluded.metadata"
)


@dataclass(frozen=True, slots=True)
class Text:
    """A text with what is said of it, as JSON can hold it."""

    id: str
    text: str
    metadata: Mapping[str, Any]


class Change:
    """What is done to the file in one transaction."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def put(self, texts: Iterable[Text]) -> None:
        """Add texts, each in place of the one with its id."""
        rows = ((text.id, text.text, dumped(text.metadata)) for text in texts)
        self._connection.executemany(_PUT, rows)

    def remove(self, ids: Iterable[str]) -> None:
        """Take texts out, as far as they are there."""
        self._connection.executemany("DELETE FROM texts WHERE id = ?", ((each,) for each in ids))

    def note(self, **values: str) -> None:
        """Remember values under their keys."""
        self._connection.executemany("REPLACE INTO state VALUES (?, ?)", values.items())


class Texts:
    """The open file. Threads and processes may share it: each has a connection of its own.

    Raises `StoreError` from every method where the file does not serve.
    """

    def __init__(self, file: Path) -> None:
        self.file = file
        self._own = threading.local()
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(
                f"文件夹 {file.parent} 建不起来({error.strerror})，请换一个可写的文件夹"
            ) from None
        with self._explaining() as connection:
            [(version,)] = connection.execute("PRAGMA user_version")
        if version > VERSION:
            raise StoreError(
                f"{file} 的格式是第 {version} 版，本程序用第 {VERSION} 版，请升级 Wence"
            )
        if version < VERSION:
            with self._explaining() as connection:
                connection.execute("PRAGMA journal_mode = WAL")  # one sync a change; readers go on
            with self._transaction() as connection:
                for statement in _TABLES:
                    connection.execute(statement)

    def find(self, ids: Sequence[str]) -> dict[str, Text]:
        """Those of the ids that are here."""
        found = {}
        with self._explaining() as connection:
            for start in range(0, len(ids), _AT_ONCE):
                part = ids[start : start + _AT_ONCE]
                marks = ",".join("?" * len(part))
                query = f"SELECT id, text, metadata FROM texts WHERE id IN ({marks})"
                found.update({row[0]: _text(*row) for row in connection.execute(query, part)})
        return found

    def all(self) -> Iterator[Text]:
        """Every text, in the order in which their ids came."""
        with self._explaining() as connection:
            for row in connection.execute("SELECT id, text, metadata FROM texts ORDER BY rowid"):
                yield _text(*row)

    def ids(self) -> set[str]:
        """Every id."""
        with self._explaining() as connection:
            return {row[0] for row in connection.execute("SELECT id FROM texts")}

    def notes(self) -> dict[str, str]:
        """What `Change.note` was given."""
        with self._explaining() as connection:
            return dict(connection.execute("SELECT key, value FROM state").fetchall())

    @contextmanager
    def changing(self) -> Iterator[Change]:
        """Nobody else changes anything until the end, where all is kept, or nothing upon an error."""
        with self._transaction() as connection:
            yield Change(connection)

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._explaining() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield connection
                connection.execute("COMMIT")
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def _explaining(self) -> Iterator[sqlite3.Connection]:
        try:
            yield self._connection()
        except sqlite3.Error as error:
            raise StoreError(
                f"原文库 {self.file} 不能读写({error})；请检查权限和空间，损坏时请用备份换下它"
            ) from None

    def _connection(self) -> sqlite3.Connection:
        """This thread's; a process that was forked opens anew."""
        process, connection = getattr(self._own, "opened", (None, None))
        if connection is None or process != os.getpid():
            connection = sqlite3.connect(self.file, _PATIENCE, isolation_level=None)
            self._own.opened = os.getpid(), connection
        return connection


def check(text: Text) -> None:
    """Raises `ValueError` for what could not be given back as it is, naming it."""
    try:
        kept = dumped(text.metadata)
    except (TypeError, ValueError):
        key, value = next((k, v) for k, v in text.metadata.items() if not _is_json(v))
        raise ValueError(
            f"metadata 的 {key} 不能存成 JSON：{value!r}；请换成文字、数、布尔值，或它们的列表和字典"
        ) from None
    try:
        for part in (text.id, text.text, kept):
            part.encode()
    except UnicodeEncodeError as error:
        around = error.object[max(0, error.start - 10) : error.end + 10]
        raise ValueError(
            f"文本 {text.id!r} 含有不能存成 UTF-8 的字符：{around!r}；请先去掉它"
        ) from None


def dumped(metadata: Mapping[str, Any]) -> str:
    """Metadata as JSON."""
    return json.dumps(metadata, ensure_ascii=False)


def _is_json(value: object) -> bool:
    try:
        json.dumps(value)
    except (TypeError, ValueError):
        return False
    return True


def _text(text_id: str, text: str, metadata: str) -> Text:
    return Text(text_id, text, json.loads(metadata))

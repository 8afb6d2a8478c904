"""The catalog: policies, clauses, the ledger and conversations, in SQLite or any SQLAlchemy database.

A policy is replaced whole in one transaction, so that a reader sees the old one or the new one,
and a killed process leaves the last good state.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Column,
    Connection,
    Date,
    Float,
    ForeignKey,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError
from sqlalchemy.types import JSON

from domain import Assignment, Clause, ClauseKind, Policy, Role
from errors import BadSettings, StoreError, UnknownPolicy

SCHEMA_VERSION = 1

_meta = MetaData()
_state = Table("state", _meta, Column("key", String(40), primary_key=True), Column("value", Text))
_policies = Table(
    "policies",
    _meta,
    Column("id", String(200), primary_key=True),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("doc_no", Text),
    Column("issuer", Text),
    Column("issued", Date),
    Column("year", Integer),
    Column("region", Text),
    Column("source", Text),
)
_clauses = Table(
    "clauses",
    _meta,
    Column("id", String(400), primary_key=True),
    Column("policy_id", ForeignKey("policies.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("position", Integer, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("number", Text, nullable=False),
    Column("ordinal", Integer),
    Column("section", JSON, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
)
_assignments = Table(
    "assignments",
    _meta,
    Column("clause_id", ForeignKey("clauses.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("role", String(20), primary_key=True),
    Column("end", Integer, nullable=False),
    Column("unit", Text, nullable=False, index=True),
    Column("as_printed", Text, nullable=False),
    Column("marker_start", Integer, nullable=False),
    Column("marker_end", Integer, nullable=False),
)
_conversations = Table(
    "conversations",
    _meta,
    Column("id", String(64), primary_key=True),
    Column("touched", Float, nullable=False, index=True),  # seconds since 1970
    Column("state", JSON, nullable=False),
)


class Catalog:
    """The open catalog. Raises `StoreError` from every method where the database does not serve."""

    def __init__(self, url: str | Path) -> None:
        """Open an SQLite file, or the database at an SQLAlchemy address; make tables that lack."""
        try:
            address = (
                URL.create("sqlite", database=str(url)) if isinstance(url, Path) else make_url(url)
            )
            self._url = address.render_as_string(hide_password=True)
            if address.get_backend_name() == "sqlite" and address.database:
                _make_folder(Path(address.database).parent)
            self._engine = create_engine(address)
        except (ArgumentError, NoSuchModuleError, ImportError) as error:
            raise BadSettings(
                f"WENCE_DATABASE_URL 不是可用的数据库地址，或者缺少它的驱动：{error}"
            ) from None
        if self._engine.dialect.name == "sqlite":
            event.listen(self._engine, "connect", _tune_sqlite)
        with self._writing() as connection:
            _meta.create_all(connection)
            self._check_schema(connection)

    def policies(self) -> list[Policy]:
        """All policies, in the order of their ids."""
        with self._reading() as connection:
            rows = connection.execute(select(_policies).order_by(_policies.c.id))
            return [Policy(**row) for row in rows.mappings()]

    def policy(self, policy_id: str) -> Policy:
        """One policy. Raises `UnknownPolicy`, naming those that there are."""
        with self._reading() as connection:
            query = select(_policies).where(_policies.c.id == policy_id)
            row = connection.execute(query).mappings().first()
            if row:
                return Policy(**row)
            known = "、".join(connection.scalars(select(_policies.c.id).order_by(_policies.c.id)))
        raise UnknownPolicy(f"没有编号为“{policy_id}”的文件；现有：{known or '无'}")

    def clauses(self, policy_id: str | None = None) -> list[Clause]:
        """The clauses of one policy, or of all, in the order of policy id and text."""
        query = select(_clauses).order_by(_clauses.c.policy_id, _clauses.c.position)
        if policy_id is not None:
            query = query.where(_clauses.c.policy_id == policy_id)
        with self._reading() as connection:
            return [_clause(row) for row in connection.execute(query).mappings()]

    def assignments(self) -> list[Assignment]:
        """The whole ledger, in the order of policy id and text."""
        query = (
            select(_assignments)
            .join(_clauses, _clauses.c.id == _assignments.c.clause_id)
            .order_by(_clauses.c.policy_id, _clauses.c.position, _assignments.c.start)
        )
        with self._reading() as connection:
            rows = connection.execute(query).mappings()
            return [Assignment(**(dict(row) | {"role": Role(row["role"])})) for row in rows]

    def store(
        self, policy: Policy, clauses: Sequence[Clause], assignments: Iterable[Assignment]
    ) -> None:
        """Put a policy in, in place of the one with its id, if there is one."""
        with self._writing() as connection:
            connection.execute(_policies.delete().where(_policies.c.id == policy.id))
            connection.execute(_policies.insert(), _row(policy))
            rows = [
                _row(clause) | {"position": position, "section": list(clause.section)}
                for position, clause in enumerate(clauses)
            ]
            if rows:
                connection.execute(_clauses.insert(), rows)
            ledger = [_row(assignment) for assignment in assignments]
            if ledger:
                connection.execute(_assignments.insert(), ledger)

    def fingerprint(self) -> str:
        """A digest of what is stored; two catalogs with the same documents have the same one."""
        with self._reading() as connection:
            card = [column for column in _policies.columns if column.name != "text"]
            rows = connection.execute(select(*card).order_by(_policies.c.id))
            content = "\n".join(repr(tuple(row)) for row in rows)
        return hashlib.sha256(f"{SCHEMA_VERSION}\n{content}".encode()).hexdigest()

    def conversation(self, conversation_id: str) -> dict[str, Any]:
        """What is remembered of a conversation; empty for one that is not known."""
        query = select(_conversations.c.state).where(_conversations.c.id == conversation_id)
        with self._reading() as connection:
            return dict(connection.scalar(query) or {})

    def remember(self, conversation_id: str, state: dict[str, Any], now: float, keep: int) -> None:
        """Store a conversation's state at `now` seconds since 1970; only the last `keep` stay."""
        row = {"id": conversation_id, "touched": now, "state": state}
        with self._writing() as connection:
            table = _conversations
            connection.execute(table.delete().where(table.c.id == conversation_id))
            connection.execute(table.insert(), row)
            newest = select(table.c.id).order_by(table.c.touched.desc()).limit(keep)
            oldest = connection.scalar(
                select(table.c.touched).order_by(table.c.touched.desc()).offset(keep).limit(1)
            )
            if oldest is not None:
                connection.execute(table.delete().where(table.c.id.not_in(newest)))

    def _check_schema(self, connection: Connection) -> None:
        found = connection.scalar(select(_state.c.value).where(_state.c.key == "schema"))
        if found is None:
            connection.execute(_state.insert(), {"key": "schema", "value": str(SCHEMA_VERSION)})
        elif found != str(SCHEMA_VERSION):
            raise StoreError(
                f"目录库 {self._url} 的格式是第 {found} 版，本程序用第 {SCHEMA_VERSION} 版；"
                "请改用另一个 WENCE_DATA_DIR 重新导入"
            )

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._explaining(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._explaining(), self._engine.begin() as connection:
            if self._engine.dialect.name == "sqlite":  # wait for other writers now, not midway
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except DatabaseError as error:
            raise StoreError(
                f"目录库 {self._url} 不能读写：{error.orig}；"
                "请检查 WENCE_DATA_DIR 的权限和空间，库文件损坏时请移走它再重新导入"
            ) from None


def _row(noun: Policy | Clause | Assignment) -> dict[str, Any]:
    return asdict(noun)


def _clause(row: Any) -> Clause:
    values = {field.name: row[field.name] for field in fields(Clause)}
    return Clause(**values | {"kind": ClauseKind(row["kind"]), "section": tuple(row["section"])})


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(
            f"数据目录 {folder} 建不起来({error.strerror})，请用 WENCE_DATA_DIR 指定一个可写的目录"
        ) from None


def _tune_sqlite(connection: Any, _record: Any) -> None:
    for pragma in (
        "busy_timeout=10000",  # milliseconds; first, so that the others wait too
        "journal_mode=WAL",
        "synchronous=NORMAL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")

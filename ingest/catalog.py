"""The catalog: policies, clauses, the ledger and conversations, in SQLite or any SQLAlchemy database.

A policy is replaced whole in one transaction, so that a reader sees the old one or the new one,
and a killed process leaves the last good state. The version that was replaced is kept aside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from sqlalchemy import (
    Connection,
    Table,
    create_engine,
    event,
    select,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DatabaseError, NoSuchModuleError

from domain import Assignment, Clause, Figure, Policy, PolicyContent, Version
from errors import BadSettings, StoreError, UnknownConversation, UnknownPolicy
from ingest.rows import (
    as_row,
    content_of,
    dumped,
    to_assignment,
    to_clause,
    to_figure,
    to_policy,
)
from ingest.schema import (
    SCHEMA_VERSION,
    assignments,
    clauses,
    conversations,
    figures,
    policies,
    prepare,
    state,
    versions,
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
            prepare(connection, self._url)

    def policies(self) -> list[Policy]:
        """All policies, in the order of their ids."""
        with self._reading() as connection:
            rows = connection.execute(select(policies).order_by(policies.c.id))
            return [to_policy(row) for row in rows.mappings()]

    def policy(self, policy_id: str) -> Policy:
        """One policy. Raises `UnknownPolicy`, naming those that there are."""
        with self._reading() as connection:
            query = select(policies).where(policies.c.id == policy_id)
            row = connection.execute(query).mappings().first()
            if row:
                return to_policy(row)
            raise self._unknown(connection, policy_id)

    def clauses(self, policy_id: str | None = None) -> list[Clause]:
        """The clauses of one policy, or of all, in the order of policy id and text."""
        query = select(clauses).order_by(clauses.c.policy_id, clauses.c.position)
        if policy_id is not None:
            query = query.where(clauses.c.policy_id == policy_id)
        with self._reading() as connection:
            return [to_clause(row) for row in connection.execute(query).mappings()]

    def clauses_by_id(self, ids: Collection[str]) -> dict[str, Clause]:
        """Those of a few clauses, by their ids, that are there."""
        query = select(clauses).where(clauses.c.id.in_(ids))
        with self._reading() as connection:
            rows = connection.execute(query).mappings()
            return {clause.id: clause for clause in map(to_clause, rows)}

    def assignments(self, policy_id: str | None = None) -> list[Assignment]:
        """The ledger of one policy, or of all, in the order of policy id and text."""
        return [to_assignment(row) for row in self._of_clauses(assignments, policy_id)]

    def figures(self, policy_id: str | None = None) -> list[Figure]:
        """Deadlines and figures of one policy, or of all, in the order of policy id and text."""
        return [to_figure(row) for row in self._of_clauses(figures, policy_id)]

    def content(self, policy_id: str) -> PolicyContent:
        """One policy with all that was read from it. Raises `UnknownPolicy`."""
        return PolicyContent(
            self.policy(policy_id),
            tuple(self.clauses(policy_id)),
            tuple(self.assignments(policy_id)),
            tuple(self.figures(policy_id)),
        )

    def store(self, content: PolicyContent, *, origin: str = "", now: str = "") -> Policy:
        """Put a policy in, in place of the one with its id, which stays as an older version.

        `origin` is the file it came from, `now` the time in ISO 8601. Returns the policy with the
        number of its version.
        """
        with self._writing() as connection:
            before = self._retire(connection, content.policy.id, now)
            policy = replace(content.policy, version=before + 1)
            connection.execute(policies.insert(), as_row(policy) | {"origin": origin})
            rows = [
                as_row(clause) | {"position": position}
                for position, clause in enumerate(content.clauses)
            ]
            for table, found in (
                (clauses, rows),
                (assignments, [as_row(row) for row in content.assignments]),
                (figures, [as_row(row) for row in content.figures]),
            ):
                if found:
                    connection.execute(table.insert(), found)
        return policy

    def move(self, policy_id: str, origin: str) -> None:
        """A policy's file lies elsewhere now; nothing else of it is other."""
        moved = policies.update().where(policies.c.id == policy_id).values(origin=origin)
        with self._writing() as connection:
            connection.execute(moved)

    def remove(self, policy_id: str) -> None:
        """Take a policy out, its older versions too. Raises `UnknownPolicy`."""
        with self._writing() as connection:
            gone = connection.execute(policies.delete().where(policies.c.id == policy_id))
            if not gone.rowcount:
                raise self._unknown(connection, policy_id)
            connection.execute(versions.delete().where(versions.c.policy_id == policy_id))

    def versions(self, policy_id: str) -> list[Version]:
        """The versions that were replaced, oldest first."""
        columns = [versions.c[name] for name in Version.__slots__]
        query = select(*columns).where(versions.c.policy_id == policy_id)
        with self._reading() as connection:
            rows = connection.execute(query.order_by(versions.c.version)).mappings()
            return [Version(**row) for row in rows]

    def version(self, policy_id: str, number: int) -> PolicyContent:
        """A policy as it was in one version. Raises `UnknownPolicy` where there is none."""
        where = (versions.c.policy_id == policy_id) & (versions.c.version == number)
        with self._reading() as connection:
            stored = connection.scalar(select(versions.c.content).where(where))
        if stored is not None:
            return content_of(stored)
        content = self.content(policy_id)
        if content.policy.version != number:
            raise UnknownPolicy(
                f"文件“{policy_id}”没有第 {number} 版；现在是第 {content.policy.version} 版"
            )
        return content

    def older(self, policy_id: str) -> PolicyContent | None:
        """The version of a policy before the one that counts; None where there is none."""
        found = self.versions(policy_id)
        return self.version(policy_id, found[-1].version) if found else None

    def origins(self) -> dict[str, str]:
        """The file that each policy came from, by policy id; empty where it is not known."""
        with self._reading() as connection:
            rows = connection.execute(select(policies.c.id, policies.c.origin))
            return {row.id: row.origin or "" for row in rows}

    def is_done(self, key: str) -> bool:
        """Whether `done` was called with this key on this catalog."""
        with self._reading() as connection:
            return connection.scalar(select(state.c.value).where(state.c.key == key)) is not None

    def done(self, key: str) -> None:
        """Remember that something that is done once for a catalog has been done."""
        with self._writing() as connection:
            connection.execute(state.delete().where(state.c.key == key))
            connection.execute(state.insert(), {"key": key, "value": "1"})

    def fingerprint(self) -> str:
        """A digest of what is stored; two catalogs with the same documents have the same one."""
        content = "\n".join(f"{policy} {digest}" for policy, digest in self.fingerprints().items())
        return hashlib.sha256(content.encode()).hexdigest()

    def fingerprints(self) -> dict[str, str]:
        """A digest of each policy, by its id, in the order of ids; it covers card and text."""
        with self._reading() as connection:
            left_out = ("text", "origin")
            card = [column for column in policies.columns if column.name not in left_out]
            rows = connection.execute(select(*card).order_by(policies.c.id))
            return {
                row.id: hashlib.sha256(f"{SCHEMA_VERSION}\n{tuple(row)!r}".encode()).hexdigest()[
                    :24
                ]
                for row in rows
            }

    def conversation(self, conversation_id: str, since: float = 0.0) -> dict[str, Any]:
        """What is remembered of a conversation; empty for one that is not known.

        One that was last touched before `since` (seconds since 1970) has expired, and counts as none.
        """
        table = conversations
        query = select(table.c.state).where(table.c.id == conversation_id, table.c.touched >= since)
        with self._reading() as connection:
            return dict(connection.scalar(query) or {})

    def remember(
        self,
        conversation_id: str,
        state: dict[str, Any],
        now: float,
        keep: int,
        since: float = 0.0,
    ) -> None:
        """Store a conversation's state at `now` seconds since 1970.

        Only the last `keep` stay, and of them those that were touched at `since` or later.
        """
        row = {"id": conversation_id, "touched": now, "state": state}
        with self._writing() as connection:
            table = conversations
            connection.execute(table.delete().where(table.c.id == conversation_id))
            connection.execute(table.delete().where(table.c.touched < since))
            connection.execute(table.insert(), row)
            newest = select(table.c.touched).order_by(table.c.touched.desc())
            oldest = connection.scalar(newest.offset(keep - 1).limit(1))
            if oldest is not None:
                connection.execute(table.delete().where(table.c.touched < oldest))

    def forget(self, conversation_id: str) -> None:
        """Delete what is remembered of a conversation. Raises `UnknownConversation`."""
        gone = conversations.delete().where(conversations.c.id == conversation_id)
        with self._writing() as connection:
            if not connection.execute(gone).rowcount:
                raise UnknownConversation(
                    f"没有编号为“{conversation_id}”的对话：它不存在，或者已经过期、删除"
                )

    def forget_all(self) -> int:
        """Delete every conversation; how many there were."""
        with self._writing() as connection:
            return connection.execute(conversations.delete()).rowcount

    def _of_clauses(self, table: Table, policy_id: str | None) -> list[Mapping[str, Any]]:
        query = (
            select(table)
            .join(clauses, clauses.c.id == table.c.clause_id)
            .order_by(clauses.c.policy_id, clauses.c.position, table.c.start)
        )
        if policy_id is not None:
            query = query.where(clauses.c.policy_id == policy_id)
        with self._reading() as connection:
            return [dict(row) for row in connection.execute(query).mappings()]

    def _retire(self, connection: Connection, policy_id: str, now: str) -> int:
        """Move the stored policy to the versions; the number of its version, 0 for none."""
        query = select(policies).where(policies.c.id == policy_id)
        row = connection.execute(query).mappings().first()
        if row is None:
            return 0
        old = to_policy(row)
        parts = (
            connection.execute(select(table).where(of_policy).order_by(*order)).mappings().all()
            for table, of_policy, order in (
                (clauses, clauses.c.policy_id == policy_id, (clauses.c.position,)),
                (assignments, _within(assignments, policy_id), (assignments.c.start,)),
                (figures, _within(figures, policy_id), (figures.c.start,)),
            )
        )
        content = dumped(old, *parts)
        kept = Version(policy_id, old.version, old.title, old.digest, now)
        connection.execute(versions.insert(), asdict(kept) | {"content": content})
        connection.execute(policies.delete().where(policies.c.id == policy_id))
        return old.version

    def _unknown(self, connection: Connection, policy_id: str) -> UnknownPolicy:
        known = "、".join(connection.scalars(select(policies.c.id).order_by(policies.c.id)))
        return UnknownPolicy(f"没有编号为“{policy_id}”的文件；现有：{known or '无'}")

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


def _within(table: Table, policy_id: str) -> Any:
    """The rows of a table whose clause belongs to a policy."""
    own = select(clauses.c.id).where(clauses.c.policy_id == policy_id)
    return table.c.clause_id.in_(own)


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

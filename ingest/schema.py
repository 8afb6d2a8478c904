"""The tables of the catalog, and how one that an older Wence made is brought up to them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
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
    inspect,
    select,
)
from sqlalchemy.types import JSON

from errors import StoreError

SCHEMA_VERSION = 2

_meta = MetaData()
state = Table("state", _meta, Column("key", String(40), primary_key=True), Column("value", Text))
policies = Table(
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
    Column("addressees", JSON),
    Column("published", Date),
    Column("effective", Date),
    Column("expires", Date),
    Column("validity", Text),
    Column("attachments", JSON),
    Column("repeals", JSON),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("origin", Text),
)
clauses = Table(
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
    Column("page", Integer),
    Column("confidence", Float),
)
assignments = Table(
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
    Column("group", Boolean, nullable=False, server_default="0"),
)
figures = Table(
    "figures",
    _meta,
    Column("clause_id", ForeignKey("clauses.id", ondelete="CASCADE"), primary_key=True),
    Column("start", Integer, primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("end", Integer, nullable=False),
    Column("as_printed", Text, nullable=False),
    Column("value", Text, nullable=False, index=True),
    Column("unit", Text, nullable=False),
)
versions = Table(
    "versions",
    _meta,
    Column("policy_id", String(200), primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("title", Text, nullable=False),
    Column("digest", String(64), nullable=False),
    Column("retired", String(40), nullable=False),
    Column("content", JSON, nullable=False),
)
conversations = Table(
    "conversations",
    _meta,
    Column("id", String(64), primary_key=True),
    Column("touched", Float, nullable=False, index=True),  # seconds since 1970
    Column("state", JSON, nullable=False),
)


def prepare(connection: Connection, url: str) -> None:
    """Make the tables that lack, and the columns that a table of an older version lacks.

    Raises `StoreError` for a database that a newer Wence made.
    """
    _meta.create_all(connection)
    found = connection.scalar(select(state.c.value).where(state.c.key == "schema"))
    if found == str(SCHEMA_VERSION):
        return
    if found is not None and found != "1":
        raise StoreError(
            f"目录库 {url} 的格式是第 {found} 版，本程序用第 {SCHEMA_VERSION} 版；"
            "请改用另一个 WENCE_DATA_DIR 重新导入"
        )
    if found:
        _add_columns(connection)
        connection.execute(state.delete().where(state.c.key == "schema"))
        connection.execute(state.insert(), {"key": "bundled", "value": "1"})
    connection.execute(state.insert(), {"key": "schema", "value": str(SCHEMA_VERSION)})


def _add_columns(connection: Connection) -> None:
    inspector = inspect(connection)
    dialect = connection.dialect
    quoted = dialect.identifier_preparer.quote
    for table in _meta.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)}
        for column in table.columns:
            if column.name in there:
                continue
            words = [quoted(column.name), column.type.compile(dialect)]
            if column.server_default is not None:
                default = column.server_default.arg  # type: ignore[attr-defined]
                words.append(f"DEFAULT {default}" + ("" if column.nullable else " NOT NULL"))
            connection.exec_driver_sql(
                f"ALTER TABLE {quoted(table.name)} ADD COLUMN {' '.join(words)}"
            )

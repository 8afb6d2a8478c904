"""The nouns as rows of the catalog and back, and a whole policy as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any

from domain import (
    Assignment,
    Clause,
    ClauseKind,
    Figure,
    FigureKind,
    Policy,
    PolicyContent,
    Repeal,
    Role,
)

_DATES = ("issued", "published", "effective", "expires")


def as_row(noun: Policy | Clause | Assignment | Figure) -> dict[str, Any]:
    """A noun as a row: its fields, tuples as lists."""
    return {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in asdict(noun).items()
    }


def to_policy(row: Mapping[Any, Any]) -> Policy:
    """A row of `policies` as a policy."""
    values = _values(Policy, row)
    return Policy(
        **values
        | {
            "addressees": tuple(values["addressees"] or ()),
            "attachments": tuple(values["attachments"] or ()),
            "repeals": tuple(Repeal(**repeal) for repeal in values["repeals"] or ()),
        }
    )


def to_clause(row: Mapping[Any, Any]) -> Clause:
    """A row of `clauses` as a clause."""
    values = _values(Clause, row)
    return Clause(
        **values | {"kind": ClauseKind(values["kind"]), "section": tuple(values["section"])}
    )


def to_assignment(row: Mapping[Any, Any]) -> Assignment:
    """A row of `assignments` as one of the ledger."""
    values = _values(Assignment, row)
    return Assignment(**values | {"role": Role(values["role"]), "group": bool(values["group"])})


def to_figure(row: Mapping[Any, Any]) -> Figure:
    """A row of `figures` as a figure."""
    values = _values(Figure, row)
    return Figure(**values | {"kind": FigureKind(values["kind"])})


def dumped(
    policy: Policy,
    clauses: Iterable[Mapping[Any, Any]],
    assignments: Iterable[Mapping[Any, Any]],
    figures: Iterable[Mapping[Any, Any]],
) -> dict[str, Any]:
    """A policy and its rows as JSON values, dates in ISO 8601; `content_of` reads them back."""
    card = as_row(policy)
    days = {name: card[name].isoformat() for name in _DATES if card[name] is not None}
    return {
        "policy": card | days,
        "clauses": [dict(row) for row in clauses],
        "assignments": [dict(row) for row in assignments],
        "figures": [dict(row) for row in figures],
    }


def content_of(stored: Mapping[str, Any]) -> PolicyContent:
    """What `dumped` made, as a policy again."""
    card = dict(stored["policy"])
    for name in _DATES:
        card[name] = date.fromisoformat(card[name]) if card[name] else None
    return PolicyContent(
        to_policy(card),
        tuple(to_clause(row) for row in stored["clauses"]),
        tuple(to_assignment(row) for row in stored["assignments"]),
        tuple(to_figure(row) for row in stored["figures"]),
    )


def _values(kind: type, row: Mapping[Any, Any]) -> dict[str, Any]:
    return {field.name: row[field.name] for field in fields(kind)}

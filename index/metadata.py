"""Metadata of any texts as facets of the index, and filters by them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from index.entries import Entry, Where
from index.texts import Text

Filter = Mapping[str, Any]  # key of the metadata to a value, or to a list of which one must be had


def entry_of(text: Text) -> Entry:
    """What is indexed of a text: of its metadata, what can be filtered by."""
    facets = {
        key: tuple(_facet(each) for each in listed(value) if _can_be_facet(each))
        for key, value in text.metadata.items()
    }
    return Entry(text.id, text.text, facets={key: has for key, has in facets.items() if has})


def where_of(bounds: Filter | None) -> Where:
    """A filter by metadata as one of the index. Raises `ValueError` for what it does not know."""
    if bounds is not None and not isinstance(bounds, Mapping):
        raise ValueError(f"filter 应是字典，例如 {{'year': 2024}}，不能是 {bounds!r}")
    where = {}
    for key, value in (bounds or {}).items():
        for each in listed(value):
            if not _can_be_facet(each):
                raise ValueError(
                    f"filter 的 {key} 不能是 {each!r}；可以是文字、整数、布尔值，或它们的列表"
                )
        where[key] = [_facet(each) for each in listed(value)]
    return where


def listed(value: object) -> list[Any]:
    """A value as the list of itself; a list as it is."""
    return list(value) if isinstance(value, (list, tuple, set, frozenset)) else [value]


def _can_be_facet(value: object) -> bool:
    return isinstance(value, (str, int))  # a bool is an int


def _facet(value: str | int) -> str:
    """A text as it is; a value of another type as what no text looks like."""
    return value if isinstance(value, str) else f"\0{value}"

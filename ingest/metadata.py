"""What a document says of itself: title, document number, issuer, date, region.

Read from its first lines, from a front matter block, or from a TOML file of the same stem beside
it, the later winning. The form of document numbers follows GB/T 9704-2012, 7.2.5.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from errors import UnreadableFile

HEAD_LINES = 15
TITLE_LENGTH = 120  # characters
_DOC_NO = re.compile(r"[\u4e00-\u9fa5]{2,10}[〔\[(（]20\d\d[〕\])）]\s*\d+号")
_ISSUES = re.compile(r"印发《(?P<title>.+)》的通知")
_DATE = re.compile(r"(20\d\d|19\d\d)[年\-./](\d{1,2})[月\-./](\d{1,2})日?")
_REGION = re.compile(
    r"^(?:[\u4e00-\u9fa5]{2,8}?省)?(?:[\u4e00-\u9fa5]{2,6}?市)?[\u4e00-\u9fa5]{2,6}?[省市区县]"
)
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?")
_FRONT_MATTER = re.compile(r"\A(?:---|\+\+\+)\n(.*?)\n(?:---|\+\+\+)\n", re.DOTALL)
_PAIR = re.compile(r"(\w+)\s*[:：=](.*)")  # title: 方案   title = "方案"
_KEYS = ("id", "title", "doc_no", "issuer", "issued", "region", "source", "year")


@dataclass(frozen=True, slots=True)
class Metadata:
    """A document's card; None where it does not say. `id` is set only where the file names one."""

    title: str
    id: str | None = None
    doc_no: str | None = None
    issuer: str | None = None
    issued: date | None = None
    region: str | None = None
    source: str | None = None
    year: int | None = None


def split_front_matter(text: str) -> tuple[str, str]:
    """A file's front matter block, empty where there is none, and the document behind it."""
    block = _FRONT_MATTER.match(text)
    return (text[: block.end()], text[block.end() :]) if block else ("", text)


def read_metadata(text: str, path: Path) -> Metadata:
    """The card of a document. Raises `UnreadableFile` where its front matter or TOML is broken."""
    given: dict[str, Any] = _given(text, path) | _beside(path)
    found = _found(text)
    card = replace(found, **given)
    year = card.year or (card.issued.year if card.issued else _year_in(card.title))
    region = card.region or _region_of(card.issuer) or _region_of(card.title)
    return replace(card, year=year, region=region)


def _found(text: str) -> Metadata:
    _, body = split_front_matter(text)
    lines = [line.strip(" \t\u3000\xa0#*") for line in body.splitlines() if line.strip()]
    head = lines[:HEAD_LINES]
    first = head[0] if head else ""
    inner = _ISSUES.search(first)
    doc_no = next((m[0] for m in map(_DOC_NO.match, head) if m), None)
    dated = [(i, m) for i, m in enumerate(map(_DATE.search, head)) if m and _mostly_date(head[i])]
    issuer = first[: inner.start()] if inner else ""
    if not issuer and dated and dated[-1][0] > 0 and len(head[dated[-1][0] - 1]) <= 20:
        issuer = head[dated[-1][0] - 1]
    return Metadata(
        title=(inner["title"] if inner else first)[:TITLE_LENGTH],
        doc_no=doc_no,
        issuer=issuer.removesuffix("办公室关于").removesuffix("关于") or None,
        issued=_as_date(dated[0][1]) if dated else None,
    )


def _mostly_date(line: str) -> bool:
    """A line that holds only a date, or a document number and a date."""
    return len(_DATE.sub("", _DOC_NO.sub("", line)).strip()) <= 4


def _as_date(found: re.Match[str]) -> date | None:
    try:
        return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _year_in(title: str) -> int | None:
    found = _YEAR.search(title)
    return int(found[1]) if found else None


def _region_of(name: str | None) -> str | None:
    found = _REGION.match(name or "")
    return found[0] if found else None


def _given(text: str, path: Path) -> dict[str, object]:
    block = _FRONT_MATTER.match(text)
    if not block:
        return {}
    pairs = [pair for line in block[1].splitlines() if (pair := _PAIR.match(line.strip()))]
    values: dict[str, object] = {pair[1]: pair[2].strip().strip("\"'") for pair in pairs}
    return _typed(values, path)


def _beside(path: Path) -> dict[str, object]:
    card = path.with_suffix(".toml")
    if not card.is_file():
        return {}
    try:
        return _typed(tomllib.loads(card.read_text("utf-8")), card)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise UnreadableFile(f"{card}：元数据读不通({error})，请改正这个文件") from None


def _typed(values: dict[str, object], path: Path) -> dict[str, object]:
    """The keys that are known, dates and years as such; other keys of a file are left alone."""
    known: dict[str, object] = {
        key: str(value) for key, value in values.items() if key in _KEYS and value != ""
    }
    try:
        if "issued" in known:
            known["issued"] = date.fromisoformat(str(known["issued"]))
        if "year" in known:
            known["year"] = int(str(known["year"]))
    except ValueError as error:
        raise UnreadableFile(
            f"{path}：元数据中的日期或年份写法不对({error})，请写成 2024-11-01 和 2024"
        ) from None
    return known

"""The note under a title that tells how a document came about: passed, amended, published.

`（1999年4月29日…会议通过 2023年9月1日…会议修订）`, `2004年1月13日 国务院令第397号公布`,
`——2026年2月3日在…会议上`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from ingest.card.dates import DAY, read_day
from ingest.card.regions import region_of
from ingest.card.titles import is_unit

_DAY = re.compile(DAY)
_AMENDED = re.compile(r"修正|决定[》〉].{0,6}修[订改]|部分修[订改]")
_ADOPTED = re.compile(r"通过|修订|修改")
_PUBLISHED = re.compile(r"公布|发布|颁布|印发")
_SESSION = re.compile(
    r"^(?:由|经|于|在)?(?P<place>[\u4e00-\u9fff]{0,12}?)第[\d一二三四五六七八九十]+届"
    r"(?P<body>(?:全国)?人民代表大会(?:常务委员会)?)"
)
_COURT = re.compile(r"^(最高人民(?:法院|检察院))(?:审判|检察)委员会")
_MAKER = re.compile(r"^(?:由|经)?([\u4e00-\u9fff、]{2,40}?)(?:令|公告|第|公布|发布|颁布|修订|批准)")
_COUNTRY = "中华人民共和国"
MAKING = re.compile("通过|修订|修正|修改|公布|发布|颁布|批准|施行|实施|印发|会议上")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a note tells. `made` is the day of the whole text, leaving amendments (修正) out; `place` is
    the region of the congress that met."""

    written: date | None = None
    published: date | None = None
    effective: date | None = None
    made: date | None = None
    issuers: tuple[str, ...] = ()
    place: str | None = None


def read_origin(words: str) -> Origin:
    """The dates and the makers in a note, given without blanks.

    >>> read_origin("(2001年5月1日某市第三届人民代表大会第一次会议通过)").issuers
    ('某市人民代表大会',)
    """
    days = list(_DAY.finditer(words))
    ends = [day.start() for day in days[1:]] + [len(words)]
    events = [
        (day, words[found.end() : end])
        for found, end in zip(days, ends, strict=False)
        if (day := read_day(found[0]))
    ]
    whole, parts = _adoptions(events)
    others = [(day, what) for day, what in events if not _AMENDED.search(what)]
    published = [day for day, what in others if _PUBLISHED.search(what)]
    approved = [day for day, what in others if "批准" in what]
    effective = [day for day, what in events if re.match(r"起?(?:施行|实施|执行)", what)]
    spoken = [day for day, what in events if "会议上" in what]
    made = max(published + whole, default=None) or max(approved, default=None)
    return Origin(
        written=max(whole + parts + spoken, default=None),
        published=made if made in published else None,
        effective=max(effective, default=None),
        made=made,
        issuers=next((names for _, what in events if (names := _authors(what))), ()),
        place=next((place for _, what in events if (place := _place(what))), None),
    )


def _adoptions(events: Sequence[tuple[date, str]]) -> tuple[list[date], list[date]]:
    """The days on which the whole text was passed, and those of amendments (修正).

    A local amendment is passed first and approved then: both are one.
    """
    whole, parts = [], []
    for number, (day, what) in enumerate(events):
        after = events[number + 1][1] if number + 1 < len(events) else ""
        if _AMENDED.search(what) or ("批准的" in after and _AMENDED.search(after)):
            parts.append(day)
        elif _ADOPTED.search(what):
            whole.append(day)
    return whole, parts


def _authors(what: str) -> tuple[str, ...]:
    """The makers; those before whom a report was given are none."""
    return () if "会议上" in what else makers(what)


def _place(what: str) -> str | None:
    session = _SESSION.match(what.removeprefix(_COUNTRY))
    return region_of(session["place"]) if session else None


def makers(what: str) -> tuple[str, ...]:
    """The units that did what stands behind a date; none where no unit is named.

    >>> makers("食品药品监管局、海关总署第4号令公布")
    ('食品药品监管局', '海关总署')
    """
    session = _SESSION.match(what.removeprefix(_COUNTRY))
    if session:
        return (session["place"] + session["body"],)
    court = _COURT.match(what)
    if court:
        return (court[1],)
    maker = _MAKER.match(what.removeprefix(_COUNTRY))
    names = maker[1].removesuffix("审").split("、") if maker else []
    return tuple(name.removeprefix(_COUNTRY) for name in names) if all(map(is_unit, names)) else ()

"""The signature of a document (署名, 成文日期) and the line that says when it was printed (印发).

A signature is one unit or several, a line each or side by side, over a date alone on its line;
GB/T 9704-2012, 7.3.5. An order is signed by a person: `行长　某某`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from ingest.card.compact import printed, squeeze
from ingest.card.dates import DAY, read_day
from ingest.card.lines import Line, Lines
from ingest.card.titles import is_unit, read_units

LONGEST = 120  # characters of a line that may belong to a signature
UNITS = 20  # lines of signing units at most
_DATED = re.compile(r"\d\s*[-./年]|[一二三四五六七八九〇零○OО]\s*年")
_ALONE = re.compile(rf"\(?({DAY})\)?")
_SIGNED = re.compile(rf"(?P<unit>\D{{2,60}}?)(?P<day>{DAY})")
_ISSUED = re.compile(rf"(?P<unit>\D{{0,60}}?)(?P<day>{DAY})(?:印发|印制)")
_OFFICES = (
    "总理|主席|委员长|部长|局长|行长|省长|市长|区长|县长|州长|主任|院长|署长|会长|审计长|检察长"
    "|书记|秘书长|关长"
)
_PERSON = re.compile(rf"(?P<unit>[\u4e00-\u9fff]{{0,40}}?)(?:{_OFFICES}):?[\u4e00-\u9fff·]{{0,12}}")
_SILENT = re.compile(r"[-_=—]+|\(?(?:盖章|章|印章|公章)\)?|\(此件.*\)|\d{1,4}")
_NOT_UNITS = re.compile(r"主办单位|承办单位|编制单位|填[报表]单位|盖章单位|联系|申请|抄送|主送")


@dataclass(frozen=True, slots=True)
class Signature:
    """Who signed and when, and when the document was printed for issue; empty where not printed."""

    units: tuple[str, ...] = ()
    day: date | None = None
    issued: date | None = None
    start: int | None = None


def read_signature(lines: Lines, start: int = 0) -> Signature:
    """The first signature from a line on, and the first line of issue (印发)."""
    signed, issued = Signature(), None
    for number in range(start, len(lines)):
        if lines.length(number) > LONGEST or not _DATED.search(lines.raw(number)):
            continue
        line = lines[number]
        found = _ISSUED.search(line.plain)
        if found and not issued and found.end() >= len(line.plain) - 2:
            issued = read_day(found["day"])
        elif not signed.day:
            signed = _signed(line, lines, number)
        if signed.day and issued:
            break
    return Signature(signed.units, signed.day, issued, signed.start)


def _signed(line: Line, lines: Lines, number: int) -> Signature:
    alone = _ALONE.fullmatch(line.plain)
    if alone:
        units, person, top = _units_over(lines, number)
        if units or person or _sealed(lines, number):
            return Signature(units, read_day(alone[1]), None, line.start if top is None else top)
        return Signature()
    beside = _SIGNED.fullmatch(line.plain)
    if beside and is_unit(beside["unit"]) and not _NOT_UNITS.search(beside["unit"]):
        names = re.split(r"[\d〇一二]", printed(line.text), maxsplit=1)[0]
        units = read_units(names).names or (beside["unit"],)
        return Signature(units, read_day(beside["day"]), None, line.start)
    return Signature()


def _sealed(lines: Lines, number: int) -> bool:
    """A date right under the last sentence: a seal stands for the names."""
    return number > 0 and lines.raw(number - 1).rstrip().endswith(("。", "."))


def _units_over(lines: Lines, number: int) -> tuple[tuple[str, ...], bool, int | None]:
    """The units on the lines over a date, whether a person signs, and where the first stands.

    A first signer may stand behind the last sentence, on its line.
    """
    units: tuple[str, ...] = ()
    person, top = False, None
    for above in range(number - 1, max(number - 1 - UNITS, -1), -1):
        before, _, words = lines.raw(above).rpartition("。")
        plain = lines[above].plain if not before else squeeze(words)
        if not before and _SILENT.fullmatch(plain):
            continue
        if len(plain) > LONGEST or _NOT_UNITS.search(plain):
            break
        found = _PERSON.fullmatch(plain)
        names = read_units(printed(words if before else lines[above].text)).names
        if found and not names:
            person = True
            names = (found["unit"],) if is_unit(found["unit"]) else ()
        elif not names:
            break
        units, top = names + units, lines[above].start + len(before)
        if before:
            break
    return units, person, top

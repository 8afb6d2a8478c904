"""Further items on a line that an item opens, or on which one ends."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.outline.lines import Line
from ingest.outline.numbering import Marker, find_marker, plain
from ingest.outline.opening import Opening, numbered

_GOES_ON = re.compile(r"[。；;：:！？][ \t\u3000]*")
_WORD = re.compile(r"[\u4e00-\u9fa5“《]")
_GAP = re.compile(r"[。；;][ \t]*[ \t\u3000]+")
_INLINE = frozenset({"part", "measure", "task", "sub", "circled"})


def run_in(line: Line, marker: Marker) -> Iterator[Opening]:
    """Further items on the line: 一、(一)甲, and 1.甲。2.乙。3.丙。, whose numbers go on."""
    inner = find_marker(line.text, marker.end)
    if inner and inner.style is not marker.style and inner.start == marker.end and not inner.depth:
        part = Line(line.start + marker.end, line.text[marker.end :])
        moved = replace(inner, start=0, end=inner.end - marker.end)
        yield numbered(part.start, part.text, moved, plain(part.text[moved.end :]))
        yield from run_in(part, moved)
        return
    if marker.style.name not in _INLINE:
        return
    for stop in _GOES_ON.finditer(line.text, marker.end):
        other = find_marker(line.text, stop.end())
        if other and _follows(line.text, marker, other):
            part = Line(line.start + stop.end(), line.text[stop.end() :])
            moved = replace(other, start=0, end=other.end - stop.end())
            yield numbered(part.start, part.text, moved, plain(part.text[moved.end :]))
            yield from run_in(part, moved)
            return


def set_off(line: Line, found: Sequence[Opening]) -> Iterator[Opening]:
    """The next item of a list on a line that ends the one before it: …结论。 （四）…, with a gap."""
    last = next((one for one in reversed(found) if one.style in _INLINE), None)
    for stop in _GAP.finditer(line.text) if last else ():
        other = find_marker(line.text, stop.end())
        if (
            other
            and last
            and other.style.name == last.style
            and other.value == (last.value or 0) + 1
        ):
            part = Line(line.start + stop.end(), line.text[stop.end() :])
            moved = replace(other, start=0, end=other.end - stop.end())
            yield numbered(part.start, part.text, moved, plain(part.text[moved.end :]))
            yield from run_in(part, moved)
            return


def _follows(line: str, marker: Marker, other: Marker) -> bool:
    """Whether a second number of a line goes on from the first: printed alike, and with words."""
    alike = other.style is marker.style and other.value == marker.value + 1 and not other.depth
    after = marker.start + len(marker.number), other.start + len(other.number)
    words = line[other.end : other.end + 1]
    dotted = marker.style.name in ("part", "task")  # in the others the number ends with its bracket
    return alike and (not dotted or line[after[0]] == line[after[1]]) and bool(_WORD.match(words))

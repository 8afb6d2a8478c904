"""The head of a document: its title over one line or several, its number, whom it is sent to.

The head ends at the addressees or where the body begins.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ingest.card.addressees import read_addressees
from ingest.card.beginnings import BODY, NOTED, begin, is_silent, opens_body
from ingest.card.compact import printed, squeeze
from ingest.card.dates import DAY, without_time
from ingest.card.doc_numbers import as_printed, doc_numbers, number_line, split_number
from ingest.card.labels import is_label, read_labels
from ingest.card.lines import Lines
from ingest.card.notes import MAKING
from ingest.card.titles import clean, is_complete, is_unit

TITLE_LENGTH = 120  # characters
BEHIND = 30  # lines of the head behind its title
MOST = 400  # lines of a head, menus and all
NOTE_LENGTH = 1200  # characters of a note of the document's making
_RED = re.compile(r"(.{2,60})文件$")
_ORDER = re.compile(r"(.{2,80}?)(?:令|公告)(?:\(.*\))?$")
_ISSUED = re.compile(
    r"(?:公布|发布|制定了?|对)?《([^《》]{2,80})》[^《》。]{0,40}(?:通过|公布|发布)"
)
_JOINED = re.compile(r"^(?:的|和|与|及|、|等)|^\((?!.*(?:通过|公布|发布|此件|号))[^()]{2,20}\)$")


@dataclass(slots=True)
class Head:
    """What the head says. `guessed` tells that its title does not end as titles do.

    `day` is the date beside its number, `dated` one on a line of its own; `note` is what it tells of
    its making, without blanks, and `printed` the page's table. `start` is the number of its line.
    """

    title: str = ""
    guessed: bool = False
    doc_no: str = ""
    issuer: str = ""
    addressees: tuple[str, ...] = ()
    day: str = ""
    dated: str = ""
    note: str = ""
    start: int = 0
    printed: dict[str, str] = field(default_factory=dict)


def read_head(lines: Lines) -> Head:
    """The head of a text. Its title is the first line that ends as titles do, else the first that may
    be one, else empty."""
    return _Reader(lines).read() if len(lines) else Head()


class _Reader:
    """Walks over the lines once, from where the document begins."""

    def __init__(self, lines: Lines) -> None:
        self._lines = lines
        self._head = Head()
        self._titled = 0  # the line behind the title
        self._guess = ""  # the first line that may be a title and ends as none
        self._opened = False  # whether sentences have begun, as they do in an order

    def read(self) -> Head:
        lines, head = self._lines, self._head
        last = min(len(lines), MOST)
        number = head.start = begin(lines)
        stop = next((i for i in range(number, last) if opens_body(lines[i])), last)
        head.printed, labels = read_labels(lines.some(0, max(stop, 1)))
        while number < last:
            if number in labels or is_silent(lines[number]):
                number += 1
                continue
            taken = self._take(number)
            if not taken or (self._titled and number > self._titled + BEHIND):
                break
            number += taken
        head.guessed = not head.title
        title = head.title or clean(head.printed.get("title", "")) or self._order(number)
        head.title = (title or self._guess)[:TITLE_LENGTH]
        return head

    def _take(self, number: int) -> int:
        """Read what begins at a line; gives how many lines it takes, 0 where the body begins."""
        for step in (self._numbered, self._noted, self._ended, self._title):
            taken = step(number)
            if taken is not None:
                return taken
        return 1

    def _numbered(self, number: int) -> int | None:
        """A line of the document's number, or of a red head (XX文件), alone or with its date."""
        line = self._lines[number]
        red = _RED.match(line.plain)
        if red and is_unit(red[1]):
            self._head.issuer = self._head.issuer or printed(line.text).removesuffix("文件").strip()
            return 1
        for taken in (1, 2):
            pair = self._lines.some(number, number + taken)
            joined = "".join(one.text for one in pair)
            if len(joined) > 160 or (taken == 2 and number_line(pair[-1].plain)):
                break
            span = number_line(squeeze(joined), alone=taken == 2)
            if span:
                self._number(joined, span)
                return taken
        order = _ORDER.fullmatch(line.plain)
        return 1 if order and is_unit(order[1]) and not is_complete(order[1]) else None

    def _number(self, words: str, span: tuple[int, int]) -> None:
        head, plain = self._head, squeeze(words)
        head.doc_no = head.doc_no or as_printed(words, span)
        if MAKING.search(plain):
            head.note += plain
        elif day := re.search(DAY, plain[span[1] :]):
            head.day = head.day or day[0]

    def _noted(self, number: int) -> int | None:
        """A note of how the document was made, in brackets over some lines or a line a date."""
        first = self._lines[number].plain
        if not NOTED.match(first) and not NOTED.match(without_time(self._lines[number].text)):
            return None
        words, taken = first, 1
        for line in self._lines.some(number + 1, number + 12):
            runs_on = first[0] == "-" and not MAKING.search(words) and taken == 1
            if not runs_on and words.count("(") <= words.count(")"):
                break
            words += line.plain
            taken += 1
        head = self._head
        if MAKING.search(words) and len(words) < NOTE_LENGTH:
            span = next(doc_numbers(words), None)
            head.note += words
            head.doc_no = head.doc_no or (as_printed(words, span) if span else "")
            return taken
        alone = without_time(self._lines[number].text)
        found = re.fullmatch(rf"({DAY}),?(.{{2,40}})?", alone)
        if found and (not found[2] or is_unit(found[2])):  # 1999年7月13日，国家海洋局
            head.issuer = head.issuer or found[2] or ""
            head.day = head.day or (found[1] if found[2] else "")
            head.dated = head.dated or found[1]
            return 1
        return None

    def _ended(self, number: int) -> int | None:
        """The addressees, or where the body begins: the end of the head."""
        line = self._lines[number]
        if not self._titled and (self._guess or not self._head.printed):
            return None
        if self._titled and is_unit(line.plain):
            self._head.issuer = self._head.issuer or printed(line.text)
            return 1
        self._head.addressees = read_addressees(self._lines, number, self._head.title)
        return 0 if self._head.addressees or (self._titled and opens_body(line)) else None

    def _title(self, number: int) -> int | None:
        line, head = self._lines[number], self._head
        if self._titled or len(line.plain) < 2:
            return None
        below = self._lines.some(number + 1, number + 2)
        runs_on = bool(below) and below[0].plain.startswith(("。", ",", ";"))
        if opens_body(line) or runs_on:
            self._opened = True
            return 0 if self._guess else 1
        if self._opened and not re.search("[令告]", head.doc_no):
            return 0
        title, taken = _join_title(self._lines, number)
        words, number_inside = split_number(title)
        if number_inside or (is_complete(words) and len(squeeze(words)) >= 5):
            head.title = clean(words)
            head.doc_no = head.doc_no or number_inside
            self._titled = number + taken
            return taken
        if is_unit(title):
            head.issuer = head.issuer or title
        elif not re.search("[。：:；;，,]$", title):
            self._guess = self._guess or clean(title)
        return 1

    def _order(self, number: int) -> str:
        """What an order puts into force: 《某条例》已经…通过, in its first sentences."""
        if "令" not in self._head.doc_no and "公告" not in self._head.doc_no:
            return ""
        words = "".join(line.text for line in self._lines.some(self._head.start, number + 6))
        found = _ISSUED.search(words[:NOTE_LENGTH])
        return printed(found[1]) if found else ""


def _join_title(lines: Lines, number: int) -> tuple[str, int]:
    """A title that begins at a line, and how many lines it takes."""
    title, taken = printed(lines[number].text), 1
    whole = is_complete(split_number(title)[0])
    joined = title
    if re.search("[。！？!?]", title):
        return title, 1
    for count, line in enumerate(lines.some(number + 1, number + 6), start=2):
        words = printed(line.text)
        if whole and not _JOINED.match(line.plain):
            break
        if len(line.plain) > 60 or re.search("[。;:!?]", line.plain) or is_label(line.text):
            break
        if BODY.match(line.plain) or number_line(line.plain) or NOTED.match(line.plain):
            break
        apart = is_unit(joined.split()[-1]) and is_unit(words)
        joined += (" " if apart else "") + words
        if is_complete(split_number(joined)[0]):
            title, taken, whole = joined, count, True
    return title, taken

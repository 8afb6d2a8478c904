"""What a document says of itself: title, number, issuers, addressees, dates, what it repeals.

Read from its head, its signature and its own sentences. What a person says of it, in front matter or
in a TOML file beside it, wins; what a web page says outside the text fills in.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from domain import Repeal
from errors import UnreadableFile
from ingest.card.attachments import read_attachments
from ingest.card.beginnings import is_silent
from ingest.card.compact import printed, squeeze
from ingest.card.dates import read_day
from ingest.card.head import MOST, TITLE_LENGTH, Head, read_head
from ingest.card.labels import is_label
from ingest.card.lines import Lines
from ingest.card.notes import read_origin
from ingest.card.regions import region_of
from ingest.card.repeals import read_repeals
from ingest.card.signature import read_signature
from ingest.card.titles import clean, is_complete, is_unit, issued_title, issuers_of, read_units
from ingest.card.validity import read_validity

DATES = ("written", "published", "effective", "expires")
KEYS = ("id", "title", "doc_no", "issuer", *DATES, "region", "source", "year", "validity")
COUNTRY = "中华人民共和国"
NEAR = 20_000  # characters in which a notice names what it issues
REPRINT = timedelta(days=366)  # a page that much younger than its document prints it again
_YEAR = re.compile(r"(?<!\d)((?:19|20)\d\d)年?")
_ORDER = re.compile(rf"(?:{COUNTRY})?(?P<units>.+?)(?:令|公告|[(（]?第)")
_SITE = re.compile(r"^[^\n]{0,60}[-_—|\s]([\u4e00-\u9fff]{4,24})(?:门户)?网站?\s*$", re.M)
_CONGRESS = re.compile(r"第[一二三四五六七八九十\d]+届((?:全国)?人民代表大会(?:常务委员会)?)")


@dataclass(frozen=True, slots=True)
class Metadata:
    """A document's card; None or empty where it does not say.

    `written` is the day under the signature (成文日期) or of adoption, `published` that of issue or
    publication, `effective` the first and `expires` the last day in force. `id` is set only where the
    file names one; `validity` is as a web page prints it (有效, 废止 …).
    """

    title: str
    id: str | None = None
    doc_no: str | None = None
    issuers: tuple[str, ...] = ()
    addressees: tuple[str, ...] = ()
    written: date | None = None
    published: date | None = None
    effective: date | None = None
    expires: date | None = None
    region: str | None = None
    source: str | None = None
    year: int | None = None
    attachments: tuple[str, ...] = ()
    repeals: tuple[Repeal, ...] = ()
    validity: str | None = None

    @property
    def issued(self) -> date | None:
        """The day of writing, else of publication."""
        return self.written or self.published


def read_card(data: bytes, name: str) -> dict[str, str]:
    """The values of a TOML file that stands beside a document. Raises `UnreadableFile`."""
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UnreadableFile(f"{name}：元数据读不通（{error}），请改正这个文件") from None
    return {key: str(value) for key, value in values.items() if not isinstance(value, dict | list)}


def parse_card(values: Mapping[str, object], name: str) -> dict[str, object]:
    """The known values that a person gives, dates and years as such; others are left alone.

    `issued` is an older name of `written`. Raises `UnreadableFile` where a date or a year is none.
    """
    card: dict[str, object] = {}
    for key, value in values.items():
        key = "written" if key == "issued" else key
        if key not in KEYS or value is None or value == "":
            continue
        typed = _typed(key, value)
        if typed is None:
            raise UnreadableFile(
                f"{name}：元数据中的日期或年份写法不对（{key} = {value}），请写成 2024-11-01 和 2024"
            )
        card[key] = typed
    return card


def read_metadata(
    text: str,
    given: Mapping[str, object] = {},
    page: Mapping[str, object] = {},
    name: str = "",
) -> Metadata:
    """The card of a document whose text is settled.

    `given` holds what a person says of it, by `KEYS`, and wins over what is read. `page` holds what a
    web page says outside the text: it fills in what the text does not say, and its dates of effect
    and expiry, its number and its title win. Values of either that are malformed are passed over.
    `name` is what the file is called, for a text without a title; without it, its first line is one.
    """
    sure = {key: value for key, raw in given.items() if (value := _typed(key, raw)) is not None}
    return _Card(text, sure, page, name).read()


def _typed(key: str, value: object) -> object | None:
    """A value as its key has it: a date, a year or words; None where it is none."""
    if key in DATES:
        if isinstance(value, datetime):
            return value.date()
        return value if isinstance(value, date) else read_day(str(value))
    if key == "year":
        return int(str(value)) if re.fullmatch(r"\s*(?:1[89]|20)\d\d\s*", str(value)) else None
    return str(value).strip() or None


class _Card:
    """The parts of a document that speak of it, and the order in which they are believed."""

    def __init__(
        self, text: str, given: Mapping[str, object], page: Mapping[str, object], name: str
    ) -> None:
        self._text = text
        self._name = name
        self._given = given
        self._lines = Lines(text)
        self._head = read_head(self._lines)
        self._signed = read_signature(self._lines, self._head.start)
        self._origin = read_origin(self._head.note)
        self._page = _pages(page, self._head)

    def read(self) -> Metadata:
        notice, title = self._titles()
        issuers = self._issuers(notice)
        written = self._day(
            "written", self._signed.day, self._page_day("written"), self._origin.written
        )
        published = self._day(
            "published",
            self._signed.issued,
            self._origin.published,
            read_day(self._head.day),
            self._not_reprinted(self._page_day("published"), written),
            self._not_reprinted(self._dated(), written),
        )
        effective, expires = self._validity()
        year, region = self._given.get("year"), self._words("region")
        day = written or published
        return Metadata(
            title=title,
            id=self._words("id"),
            doc_no=self._words("doc_no") or self._page.get("doc_no") or self._head.doc_no or None,
            issuers=issuers,
            addressees=self._head.addressees,
            written=written,
            published=published,
            effective=effective,
            expires=expires,
            region=region or self._region(issuers, title),
            source=self._words("source") or self._page.get("source"),
            year=year if isinstance(year, int) else day.year if day else _year_in(title),
            attachments=read_attachments(self._lines, self._head.start),
            repeals=read_repeals(self._lines),
            validity=self._words("validity") or self._page.get("validity"),
        )

    def _region(self, issuers: tuple[str, ...], title: str) -> str | None:
        regions = map(region_of, (*issuers[:1], title))
        return next(filter(None, regions), None) or self._origin.place or self._site()

    def _site(self) -> str | None:
        """The region of the site that the page says it is of: …-广州市人力资源和社会保障局网站."""
        found = _SITE.search(self._text[:NEAR])
        return region_of(found[1]) if found else None

    def _titles(self) -> tuple[str, str]:
        """The title as printed, and that of what it issues where it is a notice that issues it."""
        head, page = self._head, clean(self._page.get("title", ""))
        notice = page if page and (head.guessed or is_complete(page)) else head.title
        notice = notice or self._name or self._first_line()
        title = self._words("title")
        if title:
            return notice, clean(title)
        inner = issued_title(notice)
        if inner and (inner[1] or self._issues(inner[0])):
            return notice, inner[0][:TITLE_LENGTH]
        return notice, notice[:TITLE_LENGTH]

    def _first_line(self) -> str:
        lines = self._lines.some(self._head.start, self._head.start + MOST)
        words = (line.text for line in lines if not is_label(line.text) and not is_silent(line))
        return clean(printed(next(words, "")))

    def _issues(self, title: str) -> bool:
        """Whether the text names a title elsewhere than in the notice's own: it is issued with it."""
        plain, name = squeeze(self._text[:NEAR]), squeeze(title)
        at = plain.find(name)
        while at >= 0:
            after = plain[at + len(name) : at + len(name) + 2]
            if plain[at - 1 : at] in ("《", "〈") or not after.startswith("的"):
                return True
            at = plain.find(name, at + 1)
        return False

    def _issuers(self, notice: str) -> tuple[str, ...]:
        """The units by the title, else by the signature, the number, the note, the page."""
        given = self._words("issuer")
        if given:
            return read_units(given).names or (given,)
        named, signed, red = issuers_of(notice), self._signed.units, self._head.issuer
        if named.names and (named.more or set(named.names) < set(signed)) and signed:
            return signed
        if len(named.names) == 1 and red.endswith(named.names[0]) and is_unit(red):
            return (red,)
        by_number = _ORDER.match(self._head.doc_no)
        order = read_units(by_number["units"]).names if by_number else ()
        order = tuple(name.removeprefix(COUNTRY) for name in order)
        return (
            named.names
            or signed
            or order
            or self._origin.issuers
            or self._congress()
            or read_units(red).names
            or read_units(self._page.get("issuer", "")).names
        )

    def _congress(self) -> tuple[str, ...]:
        """The body that passed what the president orders into force."""
        if "主席令" not in self._head.doc_no:
            return ()
        found = _CONGRESS.search(squeeze(self._text[:NEAR]))
        return (found[1],) if found else ()

    def _validity(self) -> tuple[date | None, date | None]:
        """The first and the last day in force.

        A page's own dates (发布日期) may be those of a reprint: what counts from issue does not
        count from them.
        """
        says, signed, origin = read_validity(self._text), self._signed, self._origin
        issued = self._day("published", signed.issued, self._day("written", signed.day))
        released = self._day("published", origin.made, signed.day, signed.issued)
        by_page = self._page_day("written") or read_day(self._head.day)
        begins = says.begins(issued or by_page or origin.made, released or by_page)
        effective = self._day("effective", self._page_day("effective"), origin.effective, begins)
        first = effective or (None if says.on else issued or by_page)
        ends = says.ends(first)
        until = self._page_day("expires")
        if until and ends and abs(until - ends) <= timedelta(days=1):
            until = ends  # 失效日期 may be the last day in force or the first out of it
        return effective, self._day("expires", until, ends)

    def _dated(self) -> date | None:
        """A date on a line of its own in the head, which is not that of the signature."""
        day = read_day(self._head.dated)
        return None if day == self._signed.day else day

    def _day(self, key: str, *days: date | None) -> date | None:
        """The day that is given, else the first that was read."""
        given = self._given.get(key)
        return given if isinstance(given, date) else next(filter(None, days), None)

    def _not_reprinted(self, day: date | None, written: date | None) -> date | None:
        """A page's day of publication, where it is not that of a later reprint."""
        return None if day and written and day - written > REPRINT else day

    def _page_day(self, key: str) -> date | None:
        return read_day(self._page.get(key, ""))

    def _words(self, key: str) -> str | None:
        value = self._given.get(key)
        return str(value) if value else None


def _pages(page: Mapping[str, object], head: Head) -> dict[str, str]:
    """What the page says outside the text, and in the table that it prints over the document."""
    outside = {key: str(value) for key, value in page.items() if _typed(key, value) is not None}
    return outside | head.printed | ({"title": outside["title"]} if "title" in outside else {})


def _year_in(title: str) -> int | None:
    found = _YEAR.search(title)
    return int(found[1]) if found else None

"""What a web page says of its document outside the text: meta tags, and the metadata printed.

The meta tags are those of 政府网站发展指引 (国办发〔2017〕47号), annex 2.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from lxml import etree

from ingest.formats.web import words
from ingest.formats.web.evidence import is_byline, is_title
from ingest.formats.web.page import Line

LONGEST_TITLE = 500  # characters
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?")
_DATED = ("published", "written", "effective", "expires")
_SITE = "网|网站|门户|政府|平台|局|厅|委|委员会|办公室|中心|频道"
_SITE_NAME = re.compile(r"欢迎.*|.{0,20}(?:人民政府|政府网|门户网|网站|官网|平台|首页)")
_TITLE_JOINT = re.compile(rf"\s*[_|｜]\s*|\s+[-–—]+\s+|\s*[-–—]+(?=[^-–—]*(?:{_SITE})\s*$)")
_ORGAN = re.compile(
    r"(?:局|厅|部|委|会|办|办公室|政府|院|署|中心|处|所|公安|海关|队|街道|镇|乡|大学|学院|学校)$"
)
_PRESS = re.compile(r"报社|新闻|传媒|融媒|电视|广播|公众号|编辑部|新华|记者")
_OWN_SITE = re.compile(r"^(?:本网|本站|本局|原创)[\s:：]*")
_SAVED_FROM = re.compile(r"saved from url=\(\d+\)(\S+)")


def metas_of(root: etree._Element) -> dict[str, str]:
    """The meta tags by their names in lower case, the first of a name; values without margins."""
    metas: dict[str, str] = {}
    for meta in root.iter("meta"):
        key = (meta.get("name") or meta.get("property") or "").strip().lower()
        value = " ".join(meta.get("content", "").split())
        if key and value:
            metas.setdefault(key, value)
    return metas


def titles_of(root: etree._Element, metas: Mapping[str, str]) -> list[str]:
    """What the page says that its document is called, the best first."""
    page = next((title.text or "" for title in root.iter("title")), "")
    page = " ".join(page[:LONGEST_TITLE].split()).removesuffix(metas.get("sitename", "\0"))
    named = _TITLE_JOINT.split(page)[0].strip(" -_|")
    titles = [metas.get("articletitle", ""), metas.get("og:title", ""), named]
    return [title for title in titles if title and not _SITE_NAME.fullmatch(title)]


def best_title(titles: Sequence[str], metas: Mapping[str, str], above: Sequence[Line]) -> str:
    """The title: as its meta tag says, else what both the page and a line say, else the heading
    that comes first.

    The `<title>` of many pages names their column: 通知公告, 详细内容.
    """
    if titles and titles[0] == metas.get("articletitle"):
        return titles[0]
    agreed = [title for title in titles if any(is_title(line.text, title) for line in above)]
    first = next(
        (line for line in above if not (is_byline(line) or words.begins_label(line.text))), None
    )
    heading = [first.text] if first and first.heading else []
    return next(iter([*agreed, *heading, *titles]), "")


def read_card(
    root: etree._Element,
    metas: Mapping[str, str],
    title: str,
    above: Iterable[Line],
) -> dict[str, str]:
    """The card: `title` is the best that is known, `above` the kept lines before the text."""
    printed = _printed(above)
    source = _OWN_SITE.sub("", metas.get("contentsource", ""))
    card = {
        "title": title or printed.get("title", ""),
        "published": _date(metas.get("pubdate", "")) or printed.get("published", ""),
        "issuer": printed.get("issuer", "") or (source if _is_organ(source) else ""),
        "source": _address(root, metas),
    }
    card = printed | card
    return {key: value for key, value in card.items() if value}


def _printed(lines: Iterable[Line]) -> dict[str, str]:
    """The pairs of the metadata by the keys of the card, as printed; the first of a key."""
    found: dict[str, str] = {}
    for line in lines:
        for label, value in _pairs(line):
            key = words.LABELS.get(label)
            if key in _DATED:
                value = _date(value)
            if key and value:
                found.setdefault(key, value)
    return found


def _pairs(line: Line) -> Iterator[tuple[str, str]]:
    """文号：… in a line, or 文号 in one cell and its value in the next."""
    if not line.cells:
        yield from words.pairs_in(words.without_tools(line.text))
        return
    cells = [line.text[start:end].strip() for start, end in line.cells]
    for here, after in zip(cells, [*cells[1:], ""], strict=True):
        label = words.plain_label(here)
        if label in words.LABELS and words.plain_label(after) not in words.LABELS:
            yield label, after
        else:
            yield from words.pairs_in(here)


def _date(text: str) -> str:
    """The date of a value such as 2026-04-29 09:22."""
    found = _DATE.search(text)
    return found[0].strip() if found else ""


def _is_organ(name: str) -> bool:
    return bool(_ORGAN.search(name)) and not _PRESS.search(name)


def _address(root: etree._Element, metas: Mapping[str, str]) -> str:
    """Where the page was published."""
    links = (link.get("href", "") for link in root.iter("link") if link.get("rel") == "canonical")
    saved = (_SAVED_FROM.search(note.text or "") for note in root.getroottree().iter(etree.Comment))
    named = [metas.get("url", ""), next(links, ""), metas.get("og:url", "")]
    named.append(next((found[1] for found in saved if found), ""))
    return next((address for address in named if address.startswith(("http:", "https:"))), "")

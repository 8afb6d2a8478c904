"""Saved web pages, `.html` and `.mht`: the document out of the site around it.

The text is all that a browser shows; what belongs to the site is cut as navigation.
"""

from __future__ import annotations

import codecs
import contextlib
import email
import email.errors
import re
from collections.abc import Iterator
from email.message import Message
from itertools import accumulate, groupby
from urllib.parse import unquote

from lxml import etree
from lxml import html as lxml_html

from errors import UnreadableFile
from ingest.document import Cut, Heading, Note, ResidueKind, Row, Source, Table
from ingest.formats.text import encoding_of
from ingest.formats.web import words
from ingest.formats.web.article import Article, find_article
from ingest.formats.web.card import best_title, metas_of, read_card, titles_of
from ingest.formats.web.evidence import is_byline, weight
from ingest.formats.web.layout import lay_out
from ingest.formats.web.looks import FRAMES
from ingest.formats.web.page import HIDDEN, Layout, Line, Picture

HEAD_BYTES = 4096  # in which a page names its encoding
STRANGE_SHARE = 0.01  # of the characters: with more that cannot be read it is no text
SHOWN = 80  # characters of an address or a name in a message
LITTLE = 100  # characters: a page with less, that asks for scripts, has not been loaded
_OWN_REPORT = b'content="wence-report"'
_CHARSET = re.compile(rb"""charset\s*=\s*["']?\s*([\w.:-]{2,40})""", re.IGNORECASE)
_GUOBIAO = re.compile(r"gb|x-gbk|cp936|ms936", re.IGNORECASE)
_CARELESS = re.compile(r"utf-?(?:16|32|7)|iso-?8859|latin|(?:us-)?ascii|(?:windows-|cp)125", re.I)
_CHINESE = re.compile("[\u3000-\u9fff]")
_TAG = re.compile(r"</?[a-zA-Z]|<!")
_BARE_ROWS = re.compile(r"\s*<(?:tbody|thead|tr|td|th)\b", re.IGNORECASE)
_MIME = re.compile(
    rb"\s*(?:from|to|date|subject|mime-version|content-type|message-id|snapshot-[\w-]+|x-[\w-]+):",
    re.IGNORECASE,
)
_UNLOADED = re.compile(r"javascript|loading|加载中|正在加载|启用脚本", re.IGNORECASE)


def read(data: bytes, name: str) -> Source:
    """Read a saved web page; `name` is how messages call it.

    Raises `UnreadableFile` for a file that is no web page, and for a page whose text is not in it
    because a script or another page holds it.
    """
    if _OWN_REPORT in data[:HEAD_BYTES]:
        raise UnreadableFile(f"{name}：这是问策自己写的导入报告，不是文件，请把它移到别处")
    page, charset = _web_part(data, name)
    root = _parse(_decode(page, charset, name), name)
    metas = metas_of(root)
    titles = titles_of(root, metas)
    layout = lay_out(root)
    article = find_article(layout, titles)
    if article.core is None:
        shown = lay_out(root, unhide=True)
        unhidden = find_article(shown, titles)
        if unhidden.core is not None:
            layout, article = shown, unhidden
    _check_text(layout, article, name)
    kept = [line for line, keeps in zip(layout.lines, article.kept, strict=True) if keeps]
    above = kept[: sum(article.kept[: article.body[0]])]
    title = best_title(titles, metas, above)
    return _source(layout, article, read_card(root, metas, title, above))


def _web_part(data: bytes, name: str) -> tuple[bytes, str | None]:
    """The page, and the encoding that the archive around it names."""
    if not name.lower().endswith((".mht", ".mhtml")) and not _MIME.match(data):
        return data, None
    try:
        parts = [
            (payload, part.get_content_charset())
            for part in email.message_from_bytes(data).walk()
            if part.get_content_type() in ("text/html", "application/xhtml+xml")
            and (payload := _payload(part)).strip()
        ]
    except (email.errors.MessageError, RecursionError, ValueError, LookupError):
        parts = []
    if not parts:
        raise UnreadableFile(f"{name}：网页存档里没有网页，文件可能不完整，请重新保存")
    return parts[0]


def _payload(part: Message) -> bytes:
    payload = part.get_payload(decode=True)
    return payload if isinstance(payload, bytes) else b""


def _decode(data: bytes, charset: str | None, name: str) -> str:
    """The page's characters: as UTF-8 where it reads so, by what it says, or by what is likely.

    Pages saved by a browser are UTF-8 and still say what they were.
    """
    declared = _declared(data, charset)
    encodings = [declared] if declared else []
    if _CHINESE.search(data.decode("utf-8", "ignore")):
        encodings.insert(0, "utf-8")
    for encoding in encodings:
        with contextlib.suppress(UnicodeDecodeError, LookupError):
            return data.decode(encoding)
    if likely := encoding_of(data):
        return data.decode(likely)
    for encoding in ("utf-8", "gb18030"):
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") <= STRANGE_SHARE * len(text):
            return text
    raise UnreadableFile(f"{name}：不是网页，或编码已损坏，请在浏览器里打开后重新保存")


def _declared(data: bytes, charset: str | None) -> str | None:
    """The encoding that a page or its archive names, unless that is a careless default."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    named = _CHARSET.search(data[:HEAD_BYTES])
    declared = charset or (named[1].decode("ascii") if named else "")
    if _CARELESS.match(declared):
        return None
    return "gb18030" if _GUOBIAO.match(declared) else declared or None


def _parse(text: str, name: str) -> etree._Element:
    if not _TAG.search(text) or text.count("\x00") > STRANGE_SHARE * len(text):
        raise UnreadableFile(f"{name}：不是网页，文件里没有网页标记，请检查后缀是否写错")
    text = text.removeprefix("\ufeff")
    if _BARE_ROWS.match(text):
        text = f"<table>{text}</table>"
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True)
    try:
        root = lxml_html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        raise UnreadableFile(f"{name}：网页是空的，没有可导入的文字") from None
    if any(entry.level_name == "FATAL" for entry in parser.error_log):
        raise UnreadableFile(f"{name}：网页标记嵌套过深，读不完整，请在浏览器里打开后另存为文本")
    return root


def _check_text(layout: Layout, article: Article, name: str) -> None:
    kept = [line for line, keeps in zip(layout.lines, article.kept, strict=True) if keeps]
    size = sum(line.size for line in kept)
    if size > LITTLE or article.core is not None:
        return
    frames = [one.address for one in layout.pictures if one.tag in FRAMES and one.address]
    if frames:
        raise UnreadableFile(
            f"{name}：正文在内嵌页面 {frames[0][:SHOWN]} 里，不在这个文件中，请打开该页面另存后导入"
        )
    if not size or any(_UNLOADED.search(line.text) for line in kept):
        raise UnreadableFile(
            f"{name}：网页里没有文字，内容要靠脚本载入，请在浏览器里打开后重新保存，或打印为 PDF"
        )


def _source(layout: Layout, article: Article, card: dict[str, str]) -> Source:
    lines = layout.lines
    starts = list(accumulate((len(line.text) + 1 for line in lines), initial=0))
    text = "\n".join(line.text for line in lines)
    headings = [
        Heading(start, line.heading)
        for start, line, keeps in zip(starts, lines, article.kept, strict=False)
        if line.heading and keeps
    ]
    return Source(
        text,
        cuts=tuple(_cuts(layout, article, starts)),
        tables=tuple(_tables(layout, starts)),
        headings=tuple(headings),
        notes=tuple(_notes(layout, article, starts, text)),
        card=card,
    )


def _cuts(layout: Layout, article: Article, starts: list[int]) -> Iterator[Cut]:
    """Lines that are not kept, with their line ends; of those above the text, also the tools."""
    length = starts[-1] - 1
    for keeps, group in groupby(range(len(layout.lines)), key=article.kept.__getitem__):
        run = list(group)
        if not keeps:
            yield Cut(starts[run[0]], min(starts[run[-1] + 1], length), ResidueKind.NAVIGATION)
            continue
        for at in run:
            line = layout.lines[at]
            within = article.body[0] <= at < article.body[1]
            if not within and is_byline(line):
                for start, end in words.tool_spans(line.text):
                    yield Cut(starts[at] + start, starts[at] + end, ResidueKind.NAVIGATION)


def _tables(layout: Layout, starts: list[int]) -> Iterator[Table]:
    for table, group in groupby(range(len(layout.lines)), key=lambda at: layout.lines[at].table):
        if table is not None:
            yield Table(tuple(_row(layout.lines[at], starts[at]) for at in group))


def _row(line: Line, start: int) -> Row:
    cells = tuple((start + begin, start + end) for begin, end in line.cells)
    return Row(start, start + len(line.text), cells)


def _notes(layout: Layout, article: Article, starts: list[int], text: str) -> Iterator[Note]:
    kept = [line for line, keeps in zip(layout.lines, article.kept, strict=True) if keeps]
    linked = sum(line.linked * 2 - line.size for line in kept) > 0
    if article.core is None or (linked and not any(map(weight, kept))):
        yield Note(0, "这个网页里没有找到正文，只有链接或零散文字，请检查是否保存了正确的页面")
    seen: set[tuple[str, str]] = set()
    for picture in filter(article.shows, layout.pictures):
        key = (picture.tag, picture.address or picture.caption)
        if key not in seen:
            seen.add(key)
            at = min(starts[picture.line] + picture.column, len(text))
            yield Note(at, _unread(picture))
    if (lost := text.find("\ufffd")) >= 0:
        count = text.count("\ufffd")
        yield Note(lost, f"网页里有 {count} 个字符按它的编码读不通，请对照原网页")


def _unread(picture: Picture) -> str:
    address = picture.address
    known = "" if address.startswith("data:") else address.rsplit("/", 1)[-1].split("?")[0]
    name = picture.caption or unquote(known) or "没有名称"
    if picture.tag == HIDDEN:
        return f"网页隐藏的文字未读取（{picture.caption}…）：请在浏览器里展开后重新保存"
    if picture.tag in FRAMES:
        return f"内嵌页面未读取（{address[:SHOWN] or name}）：请打开它，另存后单独导入"
    return f"图片未读取（{name[:SHOWN]}）：如有文字，请对照原网页，或另存图片后单独导入"

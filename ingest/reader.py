"""Bytes to a `Source`: the table of formats, and the checks that come before any of them.

A format is known by its suffix; what the bytes are decides which module reads them, so that a Word
document that someone saved as `.wps` is read, and a PDF that is called `.docx` is told.
"""

from __future__ import annotations

import hashlib
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from errors import UnreadableFile
from ingest.document import Source
from ingest.sniff import Content, sniff

MAX_TEXT = 50_000_000  # bytes
MAX_BINARY = 200_000_000


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of document: its suffixes, and by module of `ingest.formats` the contents that such a
    file may have and that the module's `read(data, name)` takes; `limit` is in bytes."""

    name: str
    suffixes: tuple[str, ...]
    modules: Mapping[str, tuple[Content, ...]]
    limit: int = MAX_BINARY

    def module(self, content: Content) -> str | None:
        """The module for a content; None where a file of this format may not have it."""
        return next((name for name, taken in self.modules.items() if content in taken), None)


_PAGES = (Content.HTML, Content.FRAGMENT, Content.MHT)
_TABLES = (Content.XLSX, Content.XLS)

FORMATS = (
    Format("文本", (".txt",), {"text": (Content.TEXT, Content.UNKNOWN)}, MAX_TEXT),
    Format(
        "Markdown",
        (".md", ".markdown"),
        {"text": (Content.TEXT, Content.FRAGMENT, Content.UNKNOWN)},
        MAX_TEXT,
    ),
    Format(
        "网页",
        (".html", ".htm", ".shtml", ".mht", ".mhtml"),
        {"html": (*_PAGES, Content.TEXT, Content.UNKNOWN)},
        MAX_TEXT,
    ),
    Format("Word 文档", (".docx",), {"word": (Content.DOCX,)}),
    Format(
        "Word 97-2003、WPS、RTF、OpenDocument 文档",
        (".doc", ".wps", ".rtf", ".odt"),
        {
            "office": (
                Content.DOC,
                Content.RTF,
                Content.ODT,
                Content.WORD_XML,
                Content.COMPOUND,
            ),
            "word": (Content.DOCX,),
            "html": _PAGES,
        },
    ),
    Format("PDF 文件", (".pdf",), {"pdf": (Content.PDF,)}),
    Format("OFD 版式文件", (".ofd",), {"ofd": (Content.OFD,)}),
    Format("Excel 表格", (".xlsx", ".xls"), {"sheets": _TABLES}),
    Format(
        "WPS、OpenDocument 表格",
        (".et", ".ods"),
        {"sheets": _TABLES, "office": (Content.ODS, Content.COMPOUND)},
    ),
    Format(
        "图片",
        (".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"),
        {
            "images": (
                Content.PNG,
                Content.JPEG,
                Content.GIF,
                Content.TIFF,
                Content.BMP,
                Content.WEBP,
            )
        },
    ),
)
BY_SUFFIX = {suffix: row for row in FORMATS for suffix in row.suffixes}
_ARCHIVES = {content.suffix for content in (Content.RAR, Content.SEVEN_ZIP, Content.GZIP)}
_TROUBLES = {
    Content.ENCRYPTED: "文件有密码，请去掉密码后再导入",
    Content.BROKEN: "文件已损坏，打不开，请重新下载或另存一份",
    Content.BOMB: "解压后大得不正常，没有读取，请核实文件来源",
}


def read_source(data: bytes, name: str) -> Source:
    """What a file says, by its name's suffix and its bytes.

    Raises `UnreadableFile` for a suffix that is not read or is not that of the content, for what
    is empty, too large, damaged or has a password, and for whatever the format's own reader tells.
    """
    form = format_of(name)
    check_size(len(data), name)
    content = sniff(data)
    if content in _TROUBLES:
        raise UnreadableFile(f"{name}：{_TROUBLES[content]}")
    module = form.module(content)
    if module is None and content in (Content.UNKNOWN, Content.COMPOUND):
        raise UnreadableFile(f"{name}：内容不是{_apart(form.name)}，文件可能已损坏，请重新下载")
    if module is None:
        raise UnreadableFile(f"{name}：{mismatch(content, suffix_of(name))}")
    source: Source = import_module(f"ingest.formats.{module}").read(data, name)
    if not source.text.strip():
        raise UnreadableFile(f"{name}：文件是空的，没有可导入的文字")
    return source


def format_of(name: str) -> Format:
    """The format of a name's suffix. Raises `UnreadableFile` for one that is not read."""
    suffix = suffix_of(name)
    if suffix in BY_SUFFIX:
        return BY_SUFFIX[suffix]
    if suffix in _ARCHIVES:
        raise UnreadableFile(f"{name}：不读取 {suffix} 压缩包，请解压后再导入，或改用 .zip")
    raise UnreadableFile(
        f"{name}：不读取 {suffix or '无后缀的'} 文件，请给 {'、'.join(BY_SUFFIX)} 或 .zip"
    )


def suffix_of(name: str) -> str:
    """The suffix of a file name, in small letters, with its dot."""
    return Path(name).suffix.lower()


def check_size(size: int, name: str) -> None:
    """Raises `UnreadableFile` for an empty file and for one over the limit of its format."""
    limit = format_of(name).limit
    if size > limit:
        raise UnreadableFile(f"{name}：文件有 {size:,} 字节，上限 {limit:,} 字节，请拆分后再导入")
    if not size:
        raise UnreadableFile(f"{name}：文件是空的，没有可导入的文字")


def load(path: Path) -> bytes:
    """A file's bytes. Raises `UnreadableFile` where it is none, is gone, closed or too large."""
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(f"{path}：不是普通文件，请给文件或文件夹")
        check_size(status.st_size, str(path))
        return path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}：{why_closed(error)}") from None


def why_closed(error: OSError) -> str:
    """What the system says of a file or folder that does not open, for a person."""
    if isinstance(error, FileNotFoundError):
        return "没有这个文件或文件夹，请检查路径"
    if isinstance(error, PermissionError):
        return "没有读取权限，请改权限后再导入"
    return f"无法打开（{error.strerror}），请检查路径和权限"


def digest(data: bytes) -> str:
    """The SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def mismatch(content: Content, suffix: str) -> str:
    """That a file's content is not what its suffix says, and what to do."""
    shown = f"（{content.suffix}）" if content.suffix else ""
    return f"内容是{_apart(content.title)}{shown}，后缀却是 {suffix}，{content.advice}"


def _apart(title: str) -> str:
    """A title with a blank before a Latin letter, as Chinese texts set it."""
    return f" {title}" if title[0].isascii() else title

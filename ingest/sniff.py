"""What the bytes of a file are, whatever its suffix says."""

from __future__ import annotations

import io
import lzma
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from enum import Enum

_HEAD = 4096  # bytes in which a text says what it is
_UNSAFE_SIZE = 50_000_000
_UNSAFE_RATIO = 200
_UNSAFE_TOTAL = 1_000_000_000


class Content(Enum):
    """A kind of file: how people call it, the suffix that it should have, and, for one that
    cannot be read as it is, what to do."""

    TEXT = ("纯文本", ".txt")
    HTML = ("网页", ".html")
    FRAGMENT = ("网页片段", ".html")
    MHT = ("单文件网页", ".mht")
    RTF = ("RTF 文档", ".rtf")
    DOC = ("Word 97-2003 文档", ".doc")
    WORD_XML = ("Word XML 文档", ".doc")
    DOCX = ("Word 文档", ".docx")
    ODT = ("OpenDocument 文字文档", ".odt")
    XLS = ("Excel 97-2003 表格", ".xls")
    XLSX = ("Excel 表格", ".xlsx")
    XLSB = ("Excel 二进制表格", ".xlsb", "请另存为 .xlsx 再导入")
    EXCEL_XML = ("XML 表格", ".xml", "请用 Excel 或 WPS 另存为 .xlsx 再导入")
    ODS = ("OpenDocument 表格", ".ods")
    PPT = ("PowerPoint 97-2003 演示文稿", ".ppt", "请另存为 PDF 再导入")
    PPTX = ("PowerPoint 演示文稿", ".pptx", "请另存为 PDF 再导入")
    OFD = ("OFD 版式文件", ".ofd")
    PDF = ("PDF 文件", ".pdf")
    PNG = ("PNG 图片", ".png")
    JPEG = ("JPEG 图片", ".jpg")
    GIF = ("GIF 图片", ".gif", "请另存为 PNG 图片再导入")
    TIFF = ("TIFF 图片", ".tif")
    BMP = ("BMP 图片", ".bmp")
    WEBP = ("WEBP 图片", ".webp")
    ZIP = ("ZIP 压缩包", ".zip")
    RAR = ("RAR 压缩包", ".rar", "请解压后再导入")
    SEVEN_ZIP = ("7z 压缩包", ".7z", "请解压后再导入")
    GZIP = ("gzip 压缩包", ".gz", "请解压后再导入")
    ENCRYPTED = ("有密码的 Office 文件", "")
    COMPOUND = ("Office 97-2003 格式的文件", "")
    BOMB = ("压缩炸弹", "")
    BROKEN = ("损坏的文件", "")
    UNKNOWN = ("未知格式", "")

    def __init__(self, title: str, suffix: str, advice: str = "") -> None:
        self.title = title
        self.suffix = suffix
        self.advice = advice or f"请改后缀为 {suffix} 再导入"


_MAGIC = (
    (b"\x89PNG\r\n\x1a\n", Content.PNG),
    (b"\xff\xd8\xff", Content.JPEG),
    (b"GIF8", Content.GIF),
    (b"II*\x00", Content.TIFF),
    (b"MM\x00*", Content.TIFF),
    (b"{\\rtf", Content.RTF),
    (b"Rar!\x1a\x07", Content.RAR),
    (b"7z\xbc\xaf\x27\x1c", Content.SEVEN_ZIP),
    (b"\x1f\x8b\x08", Content.GZIP),
)
_COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_STREAMS = (  # the stream that each program keeps its document in
    ("encryptedpackage", Content.ENCRYPTED),
    ("worddocument", Content.DOC),
    ("workbook", Content.XLS),
    ("book", Content.XLS),
    ("powerpoint document", Content.PPT),
)
_PARTS = (  # how the name of a part of a package begins
    ("ofd.xml", Content.OFD),
    ("word/", Content.DOCX),
    ("xl/workbook.bin", Content.XLSB),
    ("xl/", Content.XLSX),
    ("ppt/", Content.PPTX),
)
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.text": Content.ODT,
    b"application/vnd.oasis.opendocument.spreadsheet": Content.ODS,
}
_OLD_SHEET = re.compile(rb"\x09[\x00\x02\x04\x08][\x04\x06\x08\x10]\x00")  # BIFF alone
ZIP_DAMAGE = (  # what `zipfile` raises for a zip that is damaged, or made to harm
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    ValueError,
    RuntimeError,  # a password; a method that is not known
)
_PROLOGUE = re.compile(r"(?:\ufeff|\s|<\?xml[^>]*\?>|<!--.*?-->)*", re.DOTALL)
_XML = (
    (re.compile(r"Word\.Document|w:wordDocument"), Content.WORD_XML),
    (re.compile(r"Excel\.Sheet|schemas-microsoft-com:office:spreadsheet"), Content.EXCEL_XML),
)
_PAGE = re.compile(r"<(?:!doctype\s+html|html|head|body)\b", re.IGNORECASE)
_TAG = re.compile(
    r"<(?:meta|title|style|script|link|table|tbody|thead|tr|td|div|section|article|p|span|font|center"
    r"|h[1-6]|ul|ol|br|img|strong|b|a)\b",
    re.IGNORECASE,
)
_MIME = re.compile(r"[\w-]+:.*^MIME-Version:\s*1", re.IGNORECASE | re.MULTILINE | re.DOTALL)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1c-\x1f]")


def sniff(data: bytes) -> Content:
    """What the bytes are, by their first ones and, for a container, by what it holds."""
    for magic, content in _MAGIC:
        if data.startswith(magic):
            return content
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return Content.WEBP
    if data.startswith(b"BM") and data[6:10] == bytes(4):
        return Content.BMP
    if data.startswith(b"PK\x03\x04"):
        return _package(data)
    if data.startswith(_COMPOUND):
        return _compound(data)
    if _OLD_SHEET.match(data):
        return Content.XLS
    return Content.PDF if b"%PDF-" in data[:1024] else _text(data[:_HEAD])


def is_bomb(size: int, packed: int) -> bool:
    """Whether a part of an archive that unpacks to `size` bytes from `packed` is made to harm."""
    return size > _UNSAFE_SIZE and size > packed * _UNSAFE_RATIO


def _package(data: bytes) -> Content:
    """What a zip holds, once every part is known to unpack to what it says it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            parts = package.infolist()
            total = sum(part.file_size for part in parts)
            if total > _UNSAFE_TOTAL or any(
                is_bomb(part.file_size, part.compress_size) for part in parts
            ):
                return Content.BOMB
            if package.testzip() is not None:
                return Content.BROKEN
            names = {part.filename.lower().lstrip("/"): part for part in parts}
            kind = package.read(names["mimetype"]).strip() if "mimetype" in names else b""
    except ZIP_DAMAGE:
        return Content.BROKEN
    found = (content for start, content in _PARTS if any(name.startswith(start) for name in names))
    return _OPEN_DOCUMENT.get(kind) or next(found, Content.ZIP)


def _compound(data: bytes) -> Content:
    try:
        names = {name.lower() for name in _streams(data)}
    except (struct.error, IndexError, UnicodeDecodeError):
        return Content.BROKEN
    other = Content.COMPOUND if names else Content.BROKEN
    return next((content for name, content in _STREAMS if name in names), other)


def _streams(data: bytes) -> Iterator[str]:
    """The names of what lies at the root of a compound file ([MS-CFB], 2.2 to 2.6)."""
    size = {9: 512, 12: 4096}.get(struct.unpack_from("<H", data, 30)[0], 512)
    table = _sector_table(data, size)
    directory = b"".join(_chain(data, struct.unpack_from("<I", data, 48)[0], size, table))
    seen: set[int] = set()
    left = [struct.unpack_from("<I", directory, 76)[0]]
    while left:
        at = left.pop()
        if at >= len(directory) // 128 or at in seen:
            continue
        seen.add(at)
        entry = directory[at * 128 : at * 128 + 128]
        length = struct.unpack_from("<H", entry, 64)[0]
        yield entry[: max(0, min(length, 64) - 2)].decode("utf-16-le")
        left += struct.unpack_from("<II", entry, 68)


def _sector_table(data: bytes, size: int) -> list[int]:
    """Which sector follows each one; the sectors that say so are listed in the header and on."""
    listed = list(struct.unpack_from("<109I", data, 76))
    following, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // (size * 16))):
        listed += struct.unpack_from(f"<{size // 4}I", data, (following + 1) * size)
        following = listed.pop()
    table: list[int] = []
    for sector in listed:
        if (sector + 2) * size <= len(data):
            table += struct.unpack_from(f"<{size // 4}I", data, (sector + 1) * size)
    return table


def _chain(data: bytes, sector: int, size: int, table: list[int]) -> Iterator[bytes]:
    for _ in range(len(table)):
        if sector >= len(table):
            return
        yield data[(sector + 1) * size : (sector + 2) * size]
        sector = table[sector]


def _text(head: bytes) -> Content:
    wide = head.startswith((b"\xff\xfe", b"\xfe\xff"))
    text = head.decode("utf-16" if wide else "latin-1", "ignore").removeprefix("\xef\xbb\xbf")
    start = _PROLOGUE.match(text)
    rest = text[start.end() :] if start else text
    if text.lstrip().startswith("<?xml"):
        for mark, content in _XML:
            if mark.search(text):
                return content
    if _PAGE.match(rest):
        return Content.HTML
    if _TAG.match(rest):
        return Content.FRAGMENT
    if _MIME.match(rest):
        return Content.MHT
    return Content.UNKNOWN if _CONTROL.search(text) else Content.TEXT

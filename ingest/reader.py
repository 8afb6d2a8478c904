"""A file's bytes as text: the decoded characters and the digest of what was read."""

from __future__ import annotations

import hashlib
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from errors import UnreadableFile

SUFFIXES = (".txt", ".md", ".markdown")
MAX_BYTES = 50_000_000
_ENCODINGS = ("utf-8-sig", "gb18030")
_BOMS = ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


@dataclass(frozen=True, slots=True)
class Document:
    """A file as read: `text` with `\\n` line ends and no byte order mark, `digest` of its bytes."""

    path: Path
    text: str
    digest: str


def read_document(path: Path) -> Document:
    """Read a text or Markdown file in UTF-8, UTF-16 with a mark, or GB18030.

    Raises `UnreadableFile` for a suffix that is not read, an empty file, one that is too large,
    and one that is not text.
    """
    if path.suffix.lower() not in SUFFIXES:
        kinds = "、".join(SUFFIXES)
        raise UnreadableFile(f"{path}：不读取 {path.suffix or '无后缀'} 文件，请给 {kinds}")
    if path.exists() and not path.is_file():
        raise UnreadableFile(f"{path}：不是普通文件，请给文件或文件夹")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise UnreadableFile(
                f"{path}：文件有 {size:,} 字节，上限 {MAX_BYTES:,} 字节，请拆分后再导入"
            )
        data = path.read_bytes()
    except OSError as error:
        raise UnreadableFile(f"{path}：无法打开({error.strerror})，请检查路径和权限") from None
    text = decode(data, path)
    if not text.strip():
        raise UnreadableFile(f"{path}：文件是空的，没有可导入的文字")
    return Document(path, text, hashlib.sha256(data).hexdigest())


def decode(data: bytes, path: Path) -> str:
    """The characters behind the bytes. Raises `UnreadableFile` where no encoding gives text."""
    encodings = [name for mark, name in _BOMS if data.startswith(mark)] or list(_ENCODINGS)
    for encoding in encodings:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _is_text(text, encoding):
            return text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    raise UnreadableFile(
        f"{path}：不是文本文件(按 UTF-8 和 GB18030 都读不通)，请另存为纯文本再导入"
    )


def _is_text(text: str, encoding: str) -> bool:
    """Text holds no control characters but blanks; a guessed encoding gives no unassigned ones.

    Characters of private use are word processors' bullets, and text.
    """
    strange = {"Cc"} if encoding.startswith("utf") else {"Cc", "Cn", "Co"}
    found = sum(
        1 for char in text if char not in "\n\r\t\f\v" and unicodedata.category(char) in strange
    )
    return found * 1000 <= len(text) and "\x00" not in text

"""Formats that LibreOffice reads for us: `.doc` `.wps` `.rtf` `.odt` and the tables `.et` `.ods`.

What a file is, its content decides: many a `.doc` is in truth RTF, a web page or a `.docx`. A
conversion has a profile of its own, so that several may run at once, with macros switched off.
"""

from __future__ import annotations

import codecs
import contextlib
import io
import os
import re
import shutil
import signal
import subprocess
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from errors import UnreadableFile
from ingest.document import Source
from ingest.formats import word, word_xml
from ingest.formats.word_package import DAMAGE, ENCRYPTED, LOCKED, MAX_BYTES, OLE

TIMEOUT = 120  # seconds for one conversion
_PROGRAMS = (
    "soffice",
    "libreoffice",
    "/Applications/LibreOffice.app/Contents/MacOS/soffice",
    r"C:\Program Files\LibreOffice\program\soffice.exe",
)
_HOW_TO_GET = (
    "需要 LibreOffice 才能读取，请安装后再导入(apt-get install libreoffice-writer-nogui "
    "libreoffice-calc-nogui，或 https://www.libreoffice.org)，或用 Word、WPS 另存为"
)
_SECTOR = 512  # bytes; a stream in an OLE file begins at a multiple of it
_PROFILE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Common/Security/Scripting">
<prop oor:name="DisableMacrosExecution" oor:op="fuse"><value>true</value></prop>
<prop oor:name="BlockUntrustedRefererLinks" oor:op="fuse"><value>true</value></prop>
</item>
</oor:items>
"""


@dataclass(frozen=True, slots=True)
class _Kind:
    """What a file holds: the suffix under which LibreOffice knows it, and the filter to read it
    with, where it would choose another; `is_table` for spreadsheets."""

    suffix: str
    is_table: bool = False
    filter: str = ""


_WORD, _RTF, _SHEET = _Kind(".doc"), _Kind(".rtf"), _Kind(".xls", True)
_PAGE = _Kind(".html", filter="HTML (StarWriter)")
_PAGE_TABLE = _Kind(".html", True, "HTML (StarCalc)")
_BY_STREAM = (
    ("WordDocument", _WORD),
    ("Workbook", _SHEET),
    ("Book", _SHEET),
    ("CONTENTS", _Kind(".wps")),
)
_BY_MIMETYPE = (
    (b"opendocument.text", _Kind(".odt")),
    (b"opendocument.spreadsheet", _Kind(".ods", True)),
)
_BY_MARK = (  # a sign in the first characters of a text format
    (re.compile(rb"\A\s*\{\\rtf"), _RTF),
    (re.compile(rb"schemas-microsoft-com:office:spreadsheet"), _Kind(".xml", True, "MS Excel 2003 XML")),
    (re.compile(rb"<(?:!doctype\s+)?html|<(?:head|meta|body|table)\b", re.IGNORECASE), _PAGE),
)  # fmt: skip


def available() -> bool:
    """Whether LibreOffice is installed."""
    return _program() is not None


def read(data: bytes, name: str) -> Source:
    """Read a word processor file or spreadsheet by way of `.docx` or `.xlsx`.

    Raises `UnreadableFile` where LibreOffice is missing, fails or takes longer than `TIMEOUT`, and
    for what is protected, damaged or of another kind.
    """
    direct = _direct_reader(data)
    if direct:
        return direct(data, name)
    kind = _kind(data, name)
    target = "xlsx" if kind.is_table else "docx"
    program = _program()
    if program is None:
        raise UnreadableFile(f"{name}：{_HOW_TO_GET} .{target}")
    converted = _convert(program, data, kind, target, name)
    return (_read_table if kind.is_table else word.read)(converted, name)


def _read_table(data: bytes, name: str) -> Source:
    from ingest.formats import sheets

    return sheets.read(data, name)


def _direct_reader(data: bytes) -> Callable[[bytes, str], Source] | None:
    """The reader of what is in truth a `.docx` or the like, which needs no conversion."""
    if word_xml.is_one_file(_head(data)):
        return word_xml.read
    members = _members(data)
    if any(name.startswith("word/") for name in members):
        return word.read
    return _read_table if any(name.startswith("xl/") for name in members) else None


def _members(data: bytes) -> list[str]:
    if not data.startswith(b"PK"):
        return []
    try:
        return zipfile.ZipFile(io.BytesIO(data)).namelist()
    except DAMAGE:
        return []


def _kind(data: bytes, name: str) -> _Kind:
    if data.startswith(OLE):
        return _kind_of_ole(data, name)
    if data.startswith(b"PK"):
        return _kind_of_zip(data, name)
    head = _head(data)
    if b"MIME-Version:" in head:
        raise UnreadableFile(
            f"{name}：内容是单个文件网页(MHTML)，请用 Word 打开并另存为 .docx 后再导入"
        )
    for mark, kind in _BY_MARK:
        if mark.search(head):
            return _PAGE_TABLE if kind is _PAGE and _is_table_name(name) else kind
    raise UnreadableFile(f"{name}：{_foreign(data)}")


def _is_table_name(name: str) -> bool:
    return name.lower().endswith((".et", ".ett", ".ods", ".xls"))


def _head(data: bytes) -> bytes:
    """The first characters of what may be text; those of UTF-16 as UTF-8."""
    head = data[:4096]
    wide = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    return head.decode("utf-16", "ignore").encode() if wide else head


def _kind_of_ole(data: bytes, name: str) -> _Kind:
    """A compound file (MS-CFB): the names of its streams tell the program that wrote it."""
    if ENCRYPTED in data or _is_locked(data):
        raise UnreadableFile(f"{name}：{LOCKED}")
    streams = _BY_STREAM if not _is_table_name(name) else _BY_STREAM[1:] + _BY_STREAM[:1]
    for stream, kind in streams:  # a document may hold a table, and a table a document
        if f"{stream}\x00".encode("utf-16-le") in data:
            return kind
    raise UnreadableFile(f"{name}：里面没有文字处理或表格内容，{_CHECK}")


def _kind_of_zip(data: bytes, name: str) -> _Kind:
    """An OpenDocument package (ISO/IEC 26300-3): its first member says what it is."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            size = max(one.file_size for one in package.infolist())
            mimetype = package.open("mimetype").read(100)
            manifest = package.open("META-INF/manifest.xml").read(MAX_BYTES)
    except (*DAMAGE, KeyError, RuntimeError):
        raise UnreadableFile(f"{name}：不是完整的文件，{_CHECK}") from None
    if b"encryption-data" in manifest:
        raise UnreadableFile(f"{name}：{LOCKED}")
    if size > MAX_BYTES:
        raise UnreadableFile(
            f"{name}：解压后有 {size:,} 字节，上限 {MAX_BYTES:,} 字节，请确认文件来源，或拆分后再导入"
        )
    for mark, kind in _BY_MIMETYPE:
        if mark in mimetype:
            return kind
    raise UnreadableFile(f"{name}：{_foreign(data)}")


_CHECK = "请用 Word 或 WPS 打开并另存为 .docx 后再导入"


def _foreign(data: bytes) -> str:
    if not data.strip():
        return "文件是空的，没有可导入的文字"
    if b"\x00" not in data[:4096]:
        return "内容像是纯文本，请把后缀改为 .txt 再导入"
    return f"内容不是 Word、WPS、RTF 或 OpenDocument，可能已损坏，{_CHECK}"


def _is_locked(data: bytes) -> bool:
    """Whether a `.doc` or `.xls` is encrypted: [MS-DOC] 2.5.2 FibBase.fEncrypted, [MS-XLS] 2.4.117."""
    for at in range(_SECTOR, len(data) - 32, _SECTOR):
        head = data[at : at + 32]
        if head.startswith(b"\xec\xa5") and 0x65 <= int.from_bytes(head[2:4], "little") <= 0x112:
            return bool(head[11] & 1)
        if head.startswith(b"\x09\x08\x10\x00\x00\x06"):
            return head[20:22] == b"\x2f\x00"  # FilePass, right behind the first record
    return False


def _program() -> str | None:
    return next((path for one in _PROGRAMS if (path := shutil.which(one))), None)


def _convert(program: str, data: bytes, kind: _Kind, target: str, name: str) -> bytes:
    with tempfile.TemporaryDirectory(prefix="wence-", ignore_cleanup_errors=True) as temporary:
        folder = Path(temporary)
        settings = folder / "profile" / "user"
        settings.mkdir(parents=True)
        (settings / "registrymodifications.xcu").write_text(_PROFILE, "utf-8")
        source = folder / f"source{kind.suffix}"
        source.write_bytes(data)
        command = [
            program,
            f"-env:UserInstallation={(folder / 'profile').as_uri()}",
            *("--headless", "--norestore", "--nolockcheck", "--nodefault", "--nologo"),
            *([f"--infilter={kind.filter}"] if kind.filter else []),
            *("--convert-to", target, "--outdir", str(folder / "out"), str(source)),
        ]
        if not _finished(command):
            raise UnreadableFile(f"{name}：LibreOffice 转换超过 {TIMEOUT} 秒，已停止，{_CHECK}")
        result = folder / "out" / f"source.{target}"
        if not result.is_file():
            raise UnreadableFile(f"{name}：LibreOffice 没能读出内容，文件可能已损坏，{_CHECK}")
        return result.read_bytes()


def _finished(command: list[str]) -> bool:
    """Run a command to its end; False, and nothing of it left running, after `TIMEOUT`."""
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            process.wait(TIMEOUT)
        except subprocess.TimeoutExpired:
            return False
        finally:
            _stop(process)
    return True


def _stop(process: subprocess.Popen[bytes]) -> None:
    """End the whole group: the command starts the program proper as a child."""
    if process.poll() is None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)

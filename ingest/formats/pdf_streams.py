"""The packed streams of a PDF: one that unpacks to an absurd size is found before it is read."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Iterator

from errors import UnreadableFile

MAX_CONTENT = 100_000_000  # bytes of one stream, unpacked
MAX_PICTURE = 400_000_000  # a page of A3 in colour at 600 dots to the inch has half of it
_RATIO = 1_000  # deflate packs no more than 1,032 bytes into one
_STREAM = re.compile(rb"stream\r?\n")
_PACKED = re.compile(rb"/(?:FlateDecode|Fl)\b")
_ASCII = re.compile(rb"/(?:ASCII85Decode|A85)\b")
_PICTURE = re.compile(rb"/Subtype\s*/Image\b")
_DICTIONARY = 2_000  # bytes before a stream in which its dictionary is looked for
_PIECE = 65_536


def check_streams(data: bytes, name: str) -> None:
    """Raises `UnreadableFile` for a stream that unpacks to more than a page can hold."""
    for found in _STREAM.finditer(data):
        head = data[max(0, found.start() - _DICTIONARY) : found.start()]
        head = head[head.rfind(b"obj") + 3 :]
        layers = len(_PACKED.findall(head))
        most = MAX_PICTURE if _PICTURE.search(head) else MAX_CONTENT
        end = data.find(b"endstream", found.end())
        size = (end if end >= 0 else len(data)) - found.end()
        if not layers or size * _RATIO**layers <= most:
            continue
        if _unpacks_to(data[found.end() : found.end() + size], head, most):
            raise UnreadableFile(
                f"{name}：文件里有一段数据解压后超过 {most:,} 字节，可能是恶意文件，请核实来源"
            )


def _unpacks_to(packed: bytes, head: bytes, most: int) -> bool:
    """Whether a stream is larger than that, unpacked through all layers that its head names."""
    if _ASCII.search(head):
        packed = _from_ascii(packed)
    starts = range(0, len(packed), _PIECE)
    pieces: Iterator[bytes] = (packed[at : at + _PIECE] for at in starts)
    for _ in _PACKED.findall(head):
        pieces = _unpacked(pieces)
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > most:
            return True
    return False


def _from_ascii(packed: bytes) -> bytes:
    """The bytes that are written in letters; none where they are damaged."""
    try:
        return base64.a85decode(packed.strip().removesuffix(b"~>"))
    except ValueError:
        return b""


def _unpacked(pieces: Iterator[bytes]) -> Iterator[bytes]:
    """Unpack piece by piece; what is damaged ends it."""
    unpacker = zlib.decompressobj()
    for piece in pieces:
        rest = piece
        while rest:
            try:
                yield unpacker.decompress(rest, _PIECE * 16)
            except zlib.error:
                return
            rest = unpacker.unconsumed_tail

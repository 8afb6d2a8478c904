"""Training texts: the data folder becomes passages, each with its title and section.

A passage is what a reader would cite: one article of a statute with its items, or one paragraph
of a report or notice. Questions and judgements of `statute-retrieval` are never read here.
"""

import json
import lzma
import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from errors import UserError

STATUTES = "statutes.jsonl.xz"
OFFICIAL = "official"
MIN_CHARS = 16
MAX_CHARS = 480

ARTICLE = re.compile(r"第[零〇一二三四五六七八九十百千]+条")  # 第十二条
HEADING = re.compile(r"#+\s*(.*)")  # ## 第二章 保护措施
MARKUP = re.compile(r"\*\*|<!--.*?-->|<[^>]+>|&[a-z]+;")  # **第一条**, <!-- INFO END -->
TITLE_TAIL = re.compile(r"\(\d{4}-\d\d-\d\d\)|_[^_]*号$|\.md$|_20\d\d年?修订$")  # 条例(2024-11-28)
BARE_HEADING = re.compile(r"(第[一二三四五六七八九十]+[章节编]|[一二三四五六七八九十]+、).{2,24}")
FINISHED = "。；：！？”）.;:!?)"


class DataFolderError(UserError):
    """The data folder is missing or holds no training text."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One citable piece of text, `MIN_CHARS` to about `MAX_CHARS` characters long.

    `title` is the document's name without its date, `section` the nearest heading above (or "").
    `document` is the whole name of a statute, or the path of an official text in the data folder.
    """

    title: str
    section: str
    text: str
    document: str = ""


def read_passages(data: Path, kept: Collection[str] = ()) -> list[Passage]:
    """Read all training passages below `data`, in a fixed order, each text once.

    Nothing of the documents `kept` to measure with is among them, also where another file has it.

    Raises `DataFolderError` when `data` has neither the statutes nor the official texts.
    """
    statutes, official = data / STATUTES, data / OFFICIAL
    if not statutes.is_file() and not official.is_dir():
        raise DataFolderError(
            f"No training text in {data}: expected {STATUTES} or a folder {OFFICIAL}/. "
            "Name the data folder with --data."
        )
    passages: list[Passage] = []
    if statutes.is_file():
        passages += read_statutes(statutes)
    if official.is_dir():
        passages += read_official(official)
    measured = {bare(passage.text) for passage in passages if passage.document in kept}
    return [passage for passage in unique(passages) if bare(passage.text) not in measured]


def read_statutes(path: Path) -> Iterator[Passage]:
    """Yield the passages of a compressed JSON-lines file with `title` and `text` (Markdown)."""
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            yield from passages_of(row["title"], row["text"].splitlines(), row["title"])


def read_official(folder: Path) -> Iterator[Passage]:
    """Yield the passages of all `.txt` files below `folder`; wrapped lines are joined."""
    for path in sorted(folder.rglob("*.txt")):
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
        document = f"{OFFICIAL}/{path.relative_to(folder).as_posix()}"
        yield from passages_of(path.stem, joined_lines(lines), document)


def passages_of(title: str, lines: Iterable[str], document: str = "") -> Iterator[Passage]:
    """Cut one document into passages.

    An article takes the lines that follow it, up to the next article, heading or `MAX_CHARS`;
    before the first article (or without any), every line is its own passage.
    """
    title = TITLE_TAIL.sub("", title)
    section, text, in_article = "", "", False
    for line in map(clean_line, lines):
        heading = heading_of(line)
        starts = ARTICLE.match(line) is not None
        if text and (heading or starts or not in_article or len(text) + len(line) > MAX_CHARS):
            yield Passage(title, section, text, document)
            text = ""
        if heading:
            section, in_article = "" if heading in title else heading, False
        else:
            in_article = in_article or starts
            text += line
    if text:
        yield Passage(title, section, text, document)


def clean_line(line: str) -> str:
    """Remove Markdown emphasis, comments, tags and outer blanks (full-width ones too)."""
    return MARKUP.sub("", line).strip()


def heading_of(line: str) -> str:
    """Return the words of a heading line, or "" for any other line."""
    marked = HEADING.fullmatch(line)
    if marked:
        return marked.group(1)
    return line if BARE_HEADING.fullmatch(line) and line[-1] not in FINISHED else ""


def joined_lines(lines: Iterable[str], *, wrapped: int = 20) -> Iterator[str]:
    """Join lines that a page layout has cut: at least `wrapped` characters and no closing mark."""
    pending = ""
    for line in map(str.strip, lines):
        if not line:
            continue
        joins = len(pending) >= wrapped and pending[-1] not in FINISHED and line[0] != "#"
        if not joins and pending:
            yield pending
        pending = pending + line if joins else line
    if pending:
        yield pending


def bare(text: str) -> str:
    """A text without blanks and marks, in which two printings of it are one."""
    return re.sub(r"\W", "", text)


def unique(passages: Iterable[Passage]) -> Iterator[Passage]:
    """Drop passages that are too short, and repeated texts after their first place."""
    seen: set[str] = set()
    for passage in passages:
        if len(passage.text) >= MIN_CHARS and passage.text not in seen:
            seen.add(passage.text)
            yield passage

"""Who does what: the unit statements of a clause as rows of the ledger, each with its span.

Read are bracketed statements by label `(牵头单位:A、B;配合单位:C)` and by verb `(A牵头,B、C配合)`,
the same by label on a line of their own, and in prose a named department that leads: 区发展改革委牵头….
A line may break anywhere within a statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from domain import Assignment, Clause, Role
from ingest.units import canonical, looks_like_unit, names_in

_LABELS: tuple[tuple[str, Role], ...] = (
    ("牵头", Role.LEAD),
    ("主办", Role.LEAD),
    ("主责", Role.LEAD),
    ("配合", Role.COOPERATE),
    ("协办", Role.COOPERATE),
    ("协同", Role.COOPERATE),
    ("协助", Role.COOPERATE),
    ("参与", Role.COOPERATE),
    ("责任", Role.RESPONSIBLE),
    ("承办", Role.RESPONSIBLE),
    ("负责", Role.RESPONSIBLE),
)


def _broken(words: str) -> str:
    """A pattern of words in which any of them may be broken by a line end: 牵头|配合."""
    return "(?:" + "|".join(r"\s*".join(word) for word in words.split("|")) + ")"


_WORDS = _broken("|".join(word for word, _ in _LABELS))
_LABEL_WORDS = (
    rf"{_WORDS}(?:\s*{_broken('责任')})?(?:\s*{_broken('单位|部门|处室|科室')})?\s*[:：]\s*"
)
_LABEL = re.compile(rf"\s*{_LABEL_WORDS}")
_VERB = re.compile(
    rf"\s*(?:{_broken('按职责分工')}\s*)?(?:{_broken('分别|共同')}\s*)?({_WORDS})"
    rf"(?:\s*{_broken('负责|落实')})?\s*[。.]?$"
)
_OPEN, _CLOSE = "(（〔【[", ")）〕】]"
_SEGMENT = re.compile(rf"[^;；,，。、\s][^;；]*?(?=[;；]|[,，。、\s]+{_LABEL_WORDS}|$)")
_PHRASE = re.compile(r"[^,，;；。]+")
_OTHER_LABEL = re.compile(r"\s*[\u4e00-\u9fa5]{2,8}\s*[:：]")  # 完成时限：2024年
_NOTE = re.compile(r"[（(]按[^（()）]*[)）]$")  # 区财政局（按职责分工）
_WITH = re.compile(r"会同|联合")
_BY = re.compile(r"^由(?=[\u4e00-\u9fa5]{2})")
_LINE = re.compile(r"[^\n]+")
_GROUP_WORDS = re.compile(rf"等(?:\s*{_broken('有关|相关')})?(?:\s*{_broken('单位|部门')})?$")
_LABELLED_LINE = re.compile(rf"^[ \t\u3000]*(?={_WORDS}(?:单位|部门)\s*[:：]).+$", re.MULTILINE)
_LEADS = re.compile(r"\s*(?:会同[^,，。;；]{1,40})?牵头")
_PHRASE_START = re.compile(r"(?:^|[,，。;；:：\n由])\s*$")


def read_assignments(clause: Clause) -> list[Assignment]:
    """The ledger rows of a clause in the order of the text; offsets count in the policy's text."""
    rows: list[Assignment] = []
    for start, end in _statements(clause.text):
        rows.extend(_rows(clause, start, end))
    return rows or list(_prose_leads(clause))


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the bracketed statements, brackets included, and of the labelled lines."""
    spans = [span for span in _brackets(text) if _names_roles(text[span[0] + 1 : span[1] - 1])]
    yield from spans
    for line in _LABELLED_LINE.finditer(text):
        if not any(start <= line.start() < end for start, end in spans):
            yield line.span()


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs; an opening bracket without its partner is passed over."""
    stack: list[int] = []
    for position, char in enumerate(text):
        if char in _OPEN:
            stack.append(position)
        elif char in _CLOSE and stack:
            start = stack.pop()
            if not stack or _LABEL.match(text, start + 1):
                yield start, position + 1


def _names_roles(inner: str) -> bool:
    if _LABEL.match(inner):
        return True
    verb = _VERB.search(inner.strip())
    return verb is not None and any(
        looks_like_unit(name) for name, _ in _names(inner[: verb.start()], 0)
    )


def _rows(clause: Clause, start: int, end: int) -> Iterator[Assignment]:
    role: Role | None = None
    bracketed = clause.text[start] in _OPEN
    inner_start, inner_end = (start + 1, end - 1) if bracketed else (start, end)
    for segment in _SEGMENT.finditer(clause.text[:inner_end], inner_start):
        label = _LABEL.match(segment[0])
        if label:
            role = _role(label[0])
            pieces = [(role, segment.start() + label.end(), segment.end())]
        elif _OTHER_LABEL.match(segment[0]):
            role, pieces = None, []
        else:
            pieces = list(_by_verb(segment[0], segment.start(), role))
        for piece in pieces:
            yield from _piece_rows(clause, piece, (start, end))


def _piece_rows(
    clause: Clause, piece: tuple[Role, int, int], marker: tuple[int, int]
) -> Iterator[Assignment]:
    """The units of one role; those whom the first one acts with (A会同B负责) cooperate."""
    role, start, end = piece
    text = clause.text[start:end]
    together = _WITH.search(text)
    if not together:
        yield from (_row(clause, role, name, at, marker) for name, at in _names(text, start))
        return
    first, others = text[: together.start()], text[together.end() :]
    yield from (_row(clause, role, name, at, marker) for name, at in _names(first, start))
    for name, at in _names(others, start + together.end()):
        yield _row(clause, Role.COOPERATE, name, at, marker)


def _by_verb(segment: str, offset: int, before: Role | None) -> Iterator[tuple[Role, int, int]]:
    """`A牵头,B、C配合`: each phrase with the role its verb gives; without a verb, the last label's."""
    for phrase in _PHRASE.finditer(segment):
        verb = _VERB.search(phrase[0])
        role = _role(verb[1]) if verb else before
        if role:
            end = offset + phrase.start() + (verb.start() if verb else len(phrase[0]))
            yield role, offset + phrase.start(), end


def _names(text: str, offset: int) -> Iterator[tuple[str, int]]:
    for piece, start in _pieces(text):
        name = _NOTE.sub("", _GROUP_WORDS.sub("", piece.strip()).rstrip())
        name = _BY.sub("", name)
        if name and not _OTHER_LABEL.match(name):
            yield name, offset + start + piece.index(name)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """What stands between commas; lines each, where every line of it names a unit."""
    for start, end in _between_commas(text):
        lines = list(_LINE.finditer(text[start:end]))
        if all(looks_like_unit(line[0].strip()) for line in lines):
            yield from ((line[0], start + line.start()) for line in lines)
        else:
            yield text[start:end], start


def _between_commas(text: str) -> Iterator[tuple[int, int]]:
    """Spans between commas and full stops that stand in no bracket: 各县（市、区）政府 is one."""
    start = depth = 0
    for place, char in enumerate(text):
        depth += (char in _OPEN) - (char in _CLOSE and depth > 0)
        if char in "、,，。" and not depth:
            if place > start:
                yield start, place
            start = place + 1
    if start < len(text):
        yield start, len(text)


def _role(label: str) -> Role:
    words = re.sub(r"\s", "", label)
    return next(role for word, role in _LABELS if word in words)


def _row(clause: Clause, role: Role, name: str, at: int, marker: tuple[int, int]) -> Assignment:
    return Assignment(
        clause_id=clause.id,
        role=role,
        unit=canonical(name),
        as_printed=name,
        start=clause.start + at,
        end=clause.start + at + len(name),
        marker_start=clause.start + marker[0],
        marker_end=clause.start + marker[1],
    )


def _prose_leads(clause: Clause) -> Iterator[Assignment]:
    """A department, named with its level at the head of a phrase, that 牵头 follows at once."""
    for start, end, _ in names_in(clause.text):
        if not _LEADS.match(clause.text, end) or not _PHRASE_START.search(clause.text[:start]):
            continue
        stop = re.compile(r"[,，。;；\n]|$").search(clause.text, end)
        assert stop is not None  # the end of the text always matches
        yield _row(clause, Role.LEAD, clause.text[start:end], start, (start, stop.start()))

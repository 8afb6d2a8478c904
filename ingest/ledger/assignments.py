"""Who does what: the unit statements of a text, each with its span.

Read are bracketed statements by label `(牵头单位:A、B;配合单位:C)` and by verb `(A牵头,B、C配合)`,
the same by label without brackets, and in prose `由A牵头,B、C配合` and a department that leads.
A line may break anywhere within a statement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain import Role
from ingest.ledger.names import CLOSE, OPEN, Name, names
from ingest.ledger.prose import read_prose
from ingest.ledger.roles import ROLE_WORDS, role_of
from ingest.units import looks_like_unit


@dataclass(frozen=True, slots=True)
class Statement:
    """One name with its role; `[start, end)` is the printed statement around it.

    `plain` is set where the role comes of a list that names no other role, such as 责任单位：A、B.
    """

    role: Role
    name: Name
    start: int
    end: int
    plain: bool


def _broken(words: str) -> str:
    """A pattern of words in which any of them may be broken by a line end: 牵头|配合."""
    return "(?:" + "|".join(r"\s*".join(word) for word in words.split("|")) + ")"


FIRST_LEADS = re.compile(  # 列第一位的为牵头单位
    r"(?:(?:列|排|排名|排列)\s*(?:在)?\s*(?:第\s*一\s*(?:位|名|个)?|首\s*位|最前|前面)|第\s*一\s*(?:位|名|个))\s*的?"
    r"\s*(?:单位|部门|者)?\s*的?\s*(?:为|是)\s*牵\s*头(?:\s*(?:单位|部门|负责))*"
)
_SAME_BELOW = re.compile(r"\s*(?:以\s*)?下\s*同")
_BOLD = r"(?:\*\*|__|\*)?"
_WORDS = _broken("|".join(word for word, _ in ROLE_WORDS))
_BODIES = _broken("单位|部门|主体|处室|科室|机构|方")
_PREFIX = f"(?:{_broken('主要|第一|市级|区级|县级|省级|镇级|具体|共同|其他')})?"
_NOUN = rf"{_PREFIX}\s*{_WORDS}(?:\s*{_broken('责任|实施|负责|落实')})?"
_OR_BODY = rf"(?:\s*[（(]\s*{_BODIES}\s*[)）])?"  # 责任部门（单位）
_LABEL_WORDS = rf"{_BOLD}{_NOUN}(?:\s*{_BODIES})?{_OR_BODY}\s*{_BOLD}\s*[:：]\s*{_BOLD}\s*"
_LABEL = re.compile(rf"\s*{_LABEL_WORDS}")
_BODY_LABEL = rf"{_BOLD}{_NOUN}\s*{_BODIES}{_OR_BODY}\s*{_BOLD}\s*[:：]"
_BOXED = re.compile(rf"[【\[]\s*{_NOUN}\s*{_BODIES}\s*[】\]]\s*[:：]?")
_DUTY = rf"{_broken('职责|职能|分工|权限')}(?:\s*{_broken('分工')})?"
_DUTIES = rf"(?:{_broken('按|按照|依|根据')}[^,，;；]{{0,10}}?{_DUTY}\s*)"
_VERB = re.compile(
    rf"\s*{_DUTIES}?(?:{_broken('分别|共同|联合|具体|负责')}\s*)*({_WORDS})"
    rf"(?:\s*{_broken('负责|落实|推进|实施|组织|推动|办理|完成|做好|指导|单位')})*\s*[。.]?$"
)
_OBJECT = re.compile(
    rf"(?:{_broken('共同|具体|分别')}\s*)*({_broken('牵头|负责|配合|协助|参与')})[\u4e00-\u9fa5]{{1,12}}$"
)
_SEGMENT = re.compile(rf"[^;；,，。、\s][^;；]*?(?=[;；]|[,，。、\s]+{_LABEL_WORDS}|$)")
_PHRASE = re.compile(r"[^,，;；。]+")
_OTHER_LABEL = re.compile(rf"\s*{_BOLD}[\u4e00-\u9fa5]{{2,8}}\s*{_BOLD}\s*[:：]")  # 完成时限：
_WITH = re.compile(r"会\s*同|联\s*合(?=\s*[\u4e00-\u9fa5]{3})")
_NEXT_LINE = re.compile(r"\n([^\n]{2,80})(?=\n|$)")
_LABELLED = re.compile(  # 牵头单位：A to the end of its line, at its head or after a sentence
    rf"(?:^[ \t\u3000>*+-]*|(?<=[。；;！ \u3000\t]))(?:{_BODY_LABEL}|{_BOXED.pattern})[^\n]+",
    re.MULTILINE,
)


def read_statements(text: str) -> list[Statement]:
    """The unit statements of a text in its order; places count its characters."""
    found: list[Statement] = []
    spans = list(_spans(text))
    for start, end in spans:
        found += _read(text, start, end)
    rest = list(text)
    for start, end in spans:
        rest[start:end] = "。" * (end - start)
    for said in read_prose("".join(rest)):
        found.append(Statement(said.role, said.name, said.start, said.end, plain=False))
    return sorted(found, key=lambda one: one.name.start)


def read_list(text: str, role: Role) -> list[Statement]:
    """A cell of a table under 责任单位 and the like: names, unless it says otherwise itself."""
    found = list(_segments(text, 0, len(text), (0, len(text)), role))
    return [one for one in found if one.name.group or len(one.name.text) > 1]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Spans of the bracketed statements, brackets included, and of those after a label."""
    spans = [span for span in _brackets(text) if _names_roles(text[span[0] + 1 : span[1] - 1])]
    labelled = [_to_the_end_of_the_list(text, *line.span()) for line in _LABELLED.finditer(text)]
    spans += [s for s in labelled if not any(a <= s[0] < b or s[0] <= a < s[1] for a, b in spans)]
    return iter(sorted(spans))


def _to_the_end_of_the_list(text: str, start: int, end: int) -> tuple[int, int]:
    """A list after a label goes on over lines that hold names and nothing else."""
    while (line := _NEXT_LINE.match(text, end)) and not _LABEL.match(line[1]):
        listed = list(names(line[1], 0))
        goes_on = text[start:end].rstrip().endswith("、")
        if not listed or not (goes_on or all(looks_like_unit(name.text) for name in listed)):
            break
        end = line.end(1)
    return start, end


def _brackets(text: str) -> Iterator[tuple[int, int]]:
    """Outermost bracket pairs; an opening bracket without its partner is passed over."""
    stack: list[int] = []
    for position, char in enumerate(text):
        if char in OPEN:
            stack.append(position)
        elif char in CLOSE and stack:
            start = stack.pop()
            if not stack or _LABEL.match(text, start + 1):
                yield start, position + 1


def _names_roles(inner: str) -> bool:
    if any(_LABEL.match(segment[0]) for segment in _SEGMENT.finditer(inner)):
        return True
    for phrase in _PHRASE.finditer(inner.strip()):
        verb = _VERB.search(phrase[0])
        if verb and any(
            looks_like_unit(name.text) or name.group for name in names(phrase[0][: verb.start()], 0)
        ):
            return True
    return False


def _read(text: str, start: int, end: int) -> Iterator[Statement]:
    bracketed = text[start] in OPEN and text[end - 1] in CLOSE
    inner = (start + 1, end - 1) if bracketed else (start, end)
    boxes = list(_BOXED.finditer(text, start, end)) if _BOXED.match(text, start) else []
    ends = [*(box.start() for box in boxes[1:]), end]
    for box, after in zip(boxes, ends, strict=False):
        role = role_of(box[0]) or Role.RESPONSIBLE
        yield from _segments(text, box.end(), after, (start, end), role)
    if not boxes:
        yield from _segments(text, *inner, (start, end), None)


def _segments(
    text: str, start: int, end: int, marker: tuple[int, int], role: Role | None
) -> Iterator[Statement]:
    for segment in _SEGMENT.finditer(text[:end], start):
        label = _LABEL.match(segment[0])
        if label:
            role = role_of(label[0])
            assert role is not None  # a label is made of role words
            rest = segment[0][label.end() :]
            yield from _by_verb(text, rest, segment.start() + label.end(), role, marker)
        elif _OTHER_LABEL.match(segment[0]):
            role = None
        else:
            yield from _by_verb(text, segment[0], segment.start(), role, marker)


def _by_verb(
    text: str, segment: str, offset: int, before: Role | None, marker: tuple[int, int]
) -> Iterator[Statement]:
    """`A牵头,B、C配合`: each phrase with the role its verb gives; without a verb, the last label's.

    A、B,C负责: names before a comma wait for the verb that follows.
    """
    waiting: list[tuple[int, int]] = []
    for phrase in _PHRASE.finditer(segment):
        if FIRST_LEADS.search(phrase[0]) or _SAME_BELOW.match(phrase[0]):
            continue
        verb = _VERB.search(phrase[0]) or _with_object(phrase[0])
        role = role_of(verb[1]) if verb else before
        start = offset + phrase.start()
        span = (start, start + (verb.start() if verb else len(phrase[0])))
        if role is None:
            waiting.append(span)
            continue
        for place in [*waiting, span]:
            yield from _together(text, place, role, marker)
        waiting.clear()


def _with_object(phrase: str) -> re.Match[str] | None:
    """A负责兑现: a verb with what it is about, behind names that read as units."""
    verb = _OBJECT.search(phrase)
    listed = list(names(phrase[: verb.start()], 0)) if verb else []
    return verb if listed and all(looks_like_unit(n.text) or n.group for n in listed) else None


def _together(
    text: str, span: tuple[int, int], role: Role, marker: tuple[int, int]
) -> Iterator[Statement]:
    """The units of one role; those whom the first one acts with (A会同B负责) cooperate."""
    start, end = span
    joint = _WITH.search(text, start, end)
    first = joint.start() if joint else end
    for name in names(text[start:first], start):
        noted = None if FIRST_LEADS.search(name.note) else role_of(name.note)
        own = noted or role
        yield Statement(own, name, *marker, plain=own is Role.RESPONSIBLE)
    if joint:
        for name in names(text[joint.end() : end], joint.end()):
            yield Statement(Role.COOPERATE, name, *marker, plain=False)

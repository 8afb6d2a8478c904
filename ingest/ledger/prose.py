"""Who does what in running text: A牵头,B、C配合; 由A负责; 由A会同B制定, where names read as units.

A unit that is only the subject of a sentence (A负责…, A要…) is given nothing to do by it: statutes
describe offices so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from domain import Role
from ingest.ledger.names import Name, is_group, names
from ingest.ledger.roles import role_of
from ingest.units import looks_like_unit, names_in
from numerals import CHINESE_DIGITS

_SENTENCE = re.compile(r"[^。;；\n]+")
_EXPLAINS = re.compile(r"负责(?:本\S{0,6}的?)?解释|解释$")
_PHRASE = re.compile(r"[^,，:：]+")
_VERB = re.compile(
    r"(?:共同|联合|具体|统一|分别|主要|按(?:照)?(?:各自)?(?:职责|职能)(?:分工)?)*"
    r"(?P<verb>牵头|负责(?![人制任同]|解释)|配合|参与|协助|参加|协同|承办|落实(?=$|[。；，,;])|推进(?=$|[。；，,;]))"
)
_ITEM = re.compile(  # 第二条 区水务局牵头…, （一）区财政局牵头…
    rf"\s*(?:第[{CHINESE_DIGITS}]{{1,6}}条(?:之[{CHINESE_DIGITS}]+)?|[（(〔](?:[{CHINESE_DIGITS}]{{1,3}}|\d{{1,3}})[)）〕]"
    rf"|(?:[{CHINESE_DIGITS}]{{1,3}}|\d{{1,3}})[.．、]|[①-⑳])[ \u3000\xa0]*"
)
_WITH = re.compile(r"会同|联合(?=[\u4e00-\u9fa5]{3})")
_BY = re.compile(r"由")
_BODY = re.compile(r"^(?:办公室|办|[\u4e00-\u9fa5]{1,2}部|主管部门)")
_LONGEST = 80  # characters that a list of names may take


@dataclass(frozen=True, slots=True)
class Said:
    """A name with its role; `[start, end)` says so, to the end of the sentence."""

    role: Role
    name: Name
    start: int
    end: int


def read_prose(text: str) -> Iterator[Said]:
    """The roles that the sentences of a text give to units, in order; places count its characters."""
    for sentence in _SENTENCE.finditer(text):
        if _EXPLAINS.search(sentence[0]):  # 本办法由区商务委负责解释
            continue
        yield from _in_sentence(text, sentence.start(), sentence.end())


def _in_sentence(text: str, start: int, end: int) -> Iterator[Said]:
    """A sentence with a unit that leads, is responsible or acts with another; then who supports it."""
    found: list[Said] = []
    number = _ITEM.match(text, start, end)
    begin = number.end() if number else start
    for phrase in _PHRASE.finditer(text, begin, end):
        verb = _VERB.search(text, phrase.start(), phrase.end())
        follows = _WITH.match(text, phrase.start())
        if follows and found:  # 由A牵头，会同B制定
            others = _leading(text, follows.end(), phrase.end())
            found += [Said(Role.COOPERATE, name, start, end) for name in others]
            continue
        joint = _WITH.search(text, phrase.start(), phrase.end())
        if joint and (not verb or joint.start() < verb.start()):
            found += _together(text, phrase, joint, (start, end))
        elif verb:
            role = role_of(verb["verb"])
            leads = role is Role.LEAD or (role is Role.COOPERATE and bool(found))
            leads = leads or "分工" in verb[0]  # A、B按职责分工负责
            listed = _listed(text, phrase.start(), verb.start(), said_by=not leads)
            if role and listed and (role is not Role.COOPERATE or found):
                found += [Said(role, name, start, end) for name in listed]
    first = min((said.name.start for said in found), default=start)
    head = first - 1 if text[first - 1 : first] == "由" else first
    yield from (replace(said, start=head) for said in found)


def _together(
    text: str, phrase: re.Match[str], joint: re.Match[str], sentence: tuple[int, int]
) -> list[Said]:
    """A会同B牵头, A会同B制定: A has the role of the verb, or is responsible; B cooperates."""
    verb = _VERB.search(text, joint.end(), phrase.end())
    leads = verb is not None and role_of(verb["verb"]) is Role.LEAD
    first = _listed(text, phrase.start(), joint.start(), said_by=not leads)
    others = _leading(text, joint.end(), verb.start() if verb else phrase.end())
    if not first or not others:
        return []
    role = (role_of(verb["verb"]) if verb else None) or Role.RESPONSIBLE
    return [
        *(Said(role, name, *sentence) for name in first),
        *(Said(Role.COOPERATE, name, *sentence) for name in others),
    ]


def _listed(text: str, start: int, end: int, *, said_by: bool) -> list[Name]:
    """The names that end right before a verb, from 由 or the head of the phrase on; none where
    what stands there is no list of units. With `said_by` only from 由 on."""
    by = [found.end() for found in _BY.finditer(text, start, end)]
    for first in (*reversed(by), *(() if said_by else (start,))):
        listed = list(names(text[first:end], first))
        if listed and end - first <= _LONGEST and all(_is_name(name) for name in listed):
            return listed
    department = [(a, b) for a, b, _ in names_in(text[start:end]) if start + b == end]
    if not said_by and department and not text[start : start + department[0][0]].strip(" \t\u3000"):
        at, stop = department[0]
        return [Name(text[start + at : start + stop], start + at, False)]
    return []


def _leading(text: str, start: int, end: int) -> list[Name]:
    """The names that a phrase begins with: B、C制定实施细则."""
    found: list[Name] = []
    for name in names(text[start:end], start):
        if _is_name(name):
            found.append(name)
            continue
        short = _shortest_unit(name.text)
        if short:
            found.append(Name(short, name.start, is_group(short)))
        break
    return found


def _shortest_unit(words: str) -> str:
    department = next(((at, end) for at, end, _ in names_in(words)), (1, 0))
    if department[0] == 0:
        return words[: department[1]]
    for length in range(3, min(len(words), 20) + 1):
        if looks_like_unit(words[:length]):
            more = _BODY.match(words[length:])
            return words[: length + (more.end() if more else 0)]
    return ""


def _is_name(name: Name) -> bool:
    return (looks_like_unit(name.text) and not name.text.endswith("企业")) or name.group

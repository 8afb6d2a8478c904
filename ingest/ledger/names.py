"""The unit names in a piece of text that lists them: A、B等有关部门, 各区政府, A和B."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ingest.units import is_department, looks_like_unit

OPEN, CLOSE = "(（〔【[", ")）〕】]"
LONGEST = 40  # characters; what is longer is a sentence, not a name
_ANY = r"(?:有关|相关)"
_OTHERS = re.compile(  # what stands behind the last name of a list
    r"\s*等\s*(?P<group>(?:各\s*)?(?:[省市区县州]\s*)?(?:级\s*|直\s*)?(?:有\s*关|相\s*关)\s*(?:单\s*位|部\s*门))?"
    r"(?:\s*(?:单\s*位|部\s*门))?\s*$"
)
_NOTE = re.compile(  # 区财政局（按职责分工）, 区商务局（牵头）
    r"[（(〔](?:按|牵头|配合|责任|负责|主办|协办|第一|列第一|排第一)[^（()）〔〕]*[)）〕]$"
)
_BY = re.compile(r"^\s*(?:以上|上述|以下)?(?:各项|任务|工作|事项)*由(?=[\u4e00-\u9fa5]{2})")
_OTHER_LABEL = re.compile(r"\s*[\u4e00-\u9fa5]{2,8}\s*[:：]")  # 完成时限：2024年
_DATE = re.compile(r"\d{4}年|\d+月|\d+日|底前|时限|长期|持续")
_NO_NAME = re.compile(
    r"^(?:[\d一二三四五六七八九十两几多]*个|哪|某|以下|支持|鼓励|引导|推动|加强|发挥|对于?|在|将|使|让|依托|通过)"
)
_AND = re.compile(r"(?:和|与|及|以及)")
_EACH = re.compile(
    r"各?\s*(?:省|市|自治州|州|区|县|盟|旗|镇|乡|地|自治区)(?:[（(〔][^（()）〔〕]{1,10}[)）〕])?"
)
_GROUP_HEAD = re.compile(r"\s*(?:各|其他|有关|相关|属地|所属)")
_GROUP = re.compile(
    rf"^各|各(?:有关|相关|级|区|县|市|镇|街|乡|成员|责任)|{_ANY}\S{{0,6}}(?:单位|部门|机构|企业|镇街|街镇)"
    r"|^(?:属地|所属|所在地|沿线|相关|有关|其他|全体|全区|全市)|成员单位$|等$"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A unit's name as printed at `start`; a `group` is no single unit.

    `note` is what a bracket behind it says of its part: A（牵头）.
    """

    text: str
    start: int
    group: bool
    note: str = ""


def names(text: str, offset: int) -> Iterator[Name]:
    """The names that a text lists; places count from `offset`."""
    for piece, start in _pieces(text):
        others = _OTHERS.search(piece)
        listed = piece[: others.start()] if others else piece
        for part, at in _parts(listed):
            name = _clean(part)
            note = _NOTE.search(part.strip())
            if name:
                place = offset + start + at + part.index(name)
                yield Name(name, place, is_group(name), note[0] if note else "")
        if others and others["group"]:
            yield Name(others["group"], offset + start + others.start("group"), True)


def is_group(name: str) -> bool:
    """Whether a name stands for several units that it does not name: 各街镇, 区政府有关部门."""
    return bool(_GROUP.search(re.sub(r"\s", "", name)))


def _clean(part: str) -> str:
    name = _BY.sub("", _NOTE.sub("", part.strip(' \t\n\u3000*_“”"。.'))).strip()
    wrong = (
        _OTHER_LABEL.match(name)
        or _NO_NAME.match(name)
        or _DATE.search(name)
        or not 1 < len(name) <= LONGEST
    )
    return "" if wrong else name


def _parts(piece: str) -> Iterator[tuple[str, int]]:
    """A和B are two where each reads as a unit; 工业和信息化局 is one."""
    start = 0
    for joint in _AND.finditer(piece):
        left, right = piece[start : joint.start()], piece[joint.end() :]
        left = re.sub(r"\s*等\s*$", "", left)
        if is_department(piece[start:].strip()):
            continue
        if _GROUP_HEAD.match(right) or (_ends_a_name(left.strip()) and _ends_a_name(right.strip())):
            yield left, start
            start = joint.end()
    yield piece[start:], start


def _ends_a_name(text: str) -> bool:
    return looks_like_unit(text) or is_group(text)


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """What stands between commas; between blanks, where every part of it names a unit."""
    for start, end in _joined(text, list(_between_commas(text))):
        words = list(re.finditer(r"\S+", text[start:end]))
        whole = "".join(word[0] for word in words)
        broken = is_department(whole) or any(word[0][0] in OPEN for word in words)
        if len(words) > 1 and not broken and all(_ends_a_name(word[0]) for word in words):
            yield from ((word[0], start + word.start()) for word in words)
        else:
            yield text[start:end], start


def _joined(text: str, spans: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """各市、县（市、区）人民政府 is one group: what 各 begins goes on to the next name."""
    held: int | None = None
    for start, end in spans:
        piece = text[start:end].strip()
        begins = _EACH.fullmatch(piece) is not None
        if held is not None and piece.startswith("各"):
            yield held, start - 1
            held = None
        if begins:
            held = start if held is None else held
            continue
        yield (start if held is None else held), end
        held = None
    if held is not None:
        yield held, spans[-1][1]


def _between_commas(text: str) -> Iterator[tuple[int, int]]:
    """Spans between commas and full stops that stand in no bracket: 各县（市、区）政府 is one."""
    start = depth = 0
    for place, char in enumerate(text):
        depth += (char in OPEN) - (char in CLOSE and depth > 0)
        if char in "、,，。/" and not depth:
            if place > start:
                yield start, place
            start = place + 1
    if start < len(text):
        yield start, len(text)

"""A question's text to a `Reading`: what is named is taken out, what is left says the matter."""

from __future__ import annotations

import re
from collections.abc import Collection

from domain import Role
from numerals import to_int
from qa import cues
from qa.attributes import QUANTITY, attribute_asked
from qa.knowledge import Knowledge
from qa.mentions import (
    bind_roles,
    by_own_word,
    find_section,
    take_numbers,
    take_policies,
    take_roles,
    take_units,
)
from qa.places import elsewhere
from qa.reading import ItemNumber, Kind, Numbered, Reading, UnitAsk
from qa.scan import Scan
from qa.text import plain
from qa.topic import Topic

_SPLIT = re.compile(r"[?!。;\n]+|[,、](?=.)")
_CARD = (
    ("doc_no", re.compile(r"文号|发文号|几号文|文件号|文件编号")),
    ("issued", re.compile(r"(?:什么时候|啥时候|何时|哪天|哪年|哪一年|几月|几号|时间|日期)[^,]{0,6}(?:印发|发布|出台|下发|发文|公布|成文|发)|(?:印发|发布|出台|下发|发文|公布|成文)(?:的)?(?:时间|日期|是什么时候|是哪天|于何时)")),
    ("issuer", re.compile(r"(?:谁|哪个单位|哪个部门|哪里|哪级|哪个机关|哪家)[^,]{0,4}(?:印发|发布|出台|制定|下发|发文|发的|公布)|(?:印发|发布|发文|制定)(?:机关|单位|部门|机构)|(?:印发|发布|出台|制定)(?:它|该文件)?的?(?:是谁|单位|机关)|(?:是)?谁(?:印)?发的")),
    ("title", re.compile(r"(?:全称|标题|全名|完整名称|叫什么|名称是什么)")),
)  # fmt: skip
_INTERROGATIVE = re.compile(
    r"谁|哪|什么|啥|多少|几(?!个月|年来)|何|怎么|怎样|如何|是否|是不是|有没有|吗|呢|咋|多久|多大|多长|干嘛|干啥"
)
_LITERAL = re.compile(r"[“\"‘「]([^”\"’」]{1,30})[”\"’」]")
_STRUCTURAL = (Kind.SELECT, Kind.UNITS, Kind.SECTIONS, Kind.CARD, Kind.ITEM)


def split_parts(question: str) -> list[str]:
    """The questions in one message: pieces that each ask, with the pieces before them that do not.

    `低空经济谁牵头,补贴多少?` is two; `我们做芯片,有哪些政策?` is one.
    """
    parts: list[str] = []
    pending = ""
    for piece in _pieces(plain(question)):
        pending = f"{pending}{piece}"
        if _INTERROGATIVE.search(piece) or piece.endswith("?"):
            parts.append(pending.strip("?!。;,、 "))
            pending = ""
    if pending.strip("?!。;,、 "):
        parts = [*parts[:-1], parts[-1] + pending] if parts else [pending]
    return [part for part in parts if part] or [plain(question)]


def _pieces(text: str) -> list[str]:
    ends = [found.end() for found in _SPLIT.finditer(text)]
    starts = [0, *ends]
    return [text[start:end] for start, end in zip(starts, [*ends, len(text)], strict=True)]


def understand(part: str, knowledge: Knowledge, allowed: Collection[str]) -> Reading:
    """Read one question on its own; what it leaves to the conversation stays open."""
    text = cues.GREETING.sub("", part) or part
    if any(pattern.search(text) for pattern in cues.DECLINED):
        return Reading(Kind.DECLINE, part)
    scan = Scan(text)
    claim = bool(scan.take(cues.CLAIM))
    policies = take_policies(scan, knowledge)
    units, unknown = take_units(scan, knowledge)
    sole = bool(scan.take(cues.SOLE))
    several = next((_several(m) for m in scan.take(cues.SEVERAL)), None)
    lacking = tuple(Role(_role(m)) for m in scan.take(cues.LACKING))
    numbers = take_numbers(scan)
    who = scan.sees(cues.WHO)
    roles = take_roles(scan)
    claim = claim or _is_claim(scan, units, numbers, who)
    facts = _Facts(scan, text, who, bool(numbers))
    claimed = _claimed_count(scan, claim, facts)
    section = find_section(scan, knowledge, policies or allowed) if facts.structural else ()
    if section:
        scan.take(cues.SECTION_NOUN)
    if facts.structural:
        scan.take(cues.ITEM_NOUN)
    topic = _topic_left(scan, knowledge.regions)
    bounded = bool(lacking or several or sole)
    kind = Kind.SELECT if claimed is not None else _kind(facts, units, unknown, numbers, roles, bounded, bool(section), topic, claim, policies)
    if policies is None and kind in _STRUCTURAL and not cues.MENTIONING.search(text):
        policies = by_own_word(topic, knowledge)
        topic = "" if policies else topic
    return Reading(
        kind=kind,
        text=text,
        topic=topic,
        policies=policies,
        numbers=numbers,
        units=bind_roles(units, roles),
        unknown_units=unknown,
        roles=tuple(dict.fromkeys(role for _, role, _ in roles if role)),
        lacking=lacking,
        several=several,
        sole=sole,
        section=section,
        count=facts.count,
        most=facts.most,
        claim=claim,
        claimed=claimed,
        literal=tuple(_LITERAL.findall(scan.text)),
        attribute=facts.attribute,
        quantity=facts.quantity,
        elsewhere=elsewhere(text, knowledge.whole_text),
        leans=_leans(text),
    )


def _several(found: re.Match[str]) -> tuple[Role, int]:
    groups = {name[0]: value for name, value in found.groupdict().items() if value}
    role = Role.COOPERATE if groups["r"] == "配合" else Role.LEAD
    least = (to_int(groups.get("n", "两")) or 2) + ("m" in groups)
    return role, max(least, 2)


def _role(found: re.Match[str]) -> str:
    word = next(group for group in found.groups() if group)
    return {"牵头": "lead", "配合": "cooperate", "协办": "cooperate"}.get(word, "responsible")


def _is_claim(
    scan: Scan, units: list[tuple[int, UnitAsk]], numbers: tuple[ItemNumber, ...], who: bool
) -> bool:
    """`区教育局牵头低空经济吗`: a unit put up for a yes or no."""
    asks = who or scan.sees(cues.LIST_ITEMS) or scan.sees(cues.COUNT_ITEMS)
    if asks or not units:
        return False
    return scan.sees(cues.YES_NO) or scan.sees(cues.IS_IT) or (bool(numbers) and scan.sees("是"))


def _claimed_count(scan: Scan, claim: bool, facts: _Facts) -> int | None:
    """The number of items that a question puts up for a yes or no; it leaves the question."""
    if facts.structural or facts.who or not (claim or scan.sees(cues.YES_NO)):
        return None
    found = scan.take(cues.CLAIMED_COUNT)
    return to_int(found[0][1]) if found else None


class _Facts:
    """What the wording asks for, read once all names are out of it."""

    def __init__(self, scan: Scan, text: str, who: bool, numbered: bool) -> None:
        self.who = who
        self.count_units = scan.sees(cues.COUNT_UNITS) or bool(cues.COUNT_UNITS.search(text))
        self.list_units = bool(cues.LIST_UNITS.search(text))
        self.items_named = scan.sees(cues.ITEM_NOUN)
        self.sections = scan.sees(cues.SECTIONS)
        self.count_items = scan.sees(cues.COUNT_ITEMS)
        self.list_items = scan.sees(cues.LIST_ITEMS)
        self.most = scan.sees(cues.MOST)
        self.card = next((name for name, asked in _CARD if asked.search(text)), "")
        quantity = QUANTITY.search(text)
        counts = self.count_items or self.count_units or self.sections
        self.quantity = quantity["measure"] if quantity and not counts else ""
        found = attribute_asked(text)
        self.attribute = self.card or (found.name if found else "")
        self.nouns = found.nouns if found and not self.card else None
        self.count = counts
        self.apply = bool(cues.ASKER.search(text) and cues.BENEFIT.search(text))
        self.numbered = numbered
        mentions = scan.sees(cues.MENTIONING) and scan.sees(cues.ITEM_NOUN) and not who
        self.structural = counts or self.list_items or mentions


def _kind(
    facts: _Facts,
    units: list[tuple[int, UnitAsk]],
    unknown: tuple[str, ...],
    numbers: tuple[ItemNumber, ...],
    roles: list[tuple[int, Role | None, bool]],
    bounded: bool,
    section: bool,
    topic: str,
    claim: bool,
    policies: tuple[str, ...] | None,
) -> Kind:
    """The first line that holds."""
    telling = Topic.of(topic, facts.nouns).tells
    if facts.sections and not telling and not units:
        return Kind.SECTIONS
    if facts.most and (roles or facts.who):
        return Kind.UNITS
    if facts.card and not units and not roles:
        return Kind.CARD
    if facts.apply and not (units or roles or numbers or facts.quantity):
        return Kind.APPLY
    if bounded:
        return Kind.SELECT
    if (units or unknown) and claim and (telling or numbers):
        return Kind.WHO
    if units and numbers:
        return Kind.WHO
    if (units or unknown) and (roles or facts.structural or not telling):
        return Kind.SELECT
    if facts.count_units and not telling and not numbers:
        return Kind.UNITS
    if facts.who or roles:
        return _who_kind(facts, numbers, roles, telling, policies)
    if facts.structural and not facts.quantity and (facts.items_named or not telling or section):
        return Kind.SELECT
    if numbers:
        return Kind.FACT if facts.attribute or facts.quantity else Kind.ITEM
    return Kind.FACT if telling else Kind.UNCLEAR


def _who_kind(
    facts: _Facts,
    numbers: tuple[ItemNumber, ...],
    roles: list[tuple[int, Role | None, bool]],
    telling: bool,
    policies: tuple[str, ...] | None,
) -> Kind:
    named_role = any(noun for _, _, noun in roles)
    if facts.structural and roles and not facts.who and not (named_role and telling):
        return Kind.SELECT
    if not roles and facts.attribute:
        return Kind.FACT if telling else Kind.UNCLEAR
    several = facts.list_units or policies is not None
    if not telling and not numbers and several:
        return Kind.UNITS
    return Kind.WHO


def _topic_left(scan: Scan, regions: Collection[str]) -> str:
    """What is left as the matter: without the words of asking, and the place of the documents."""
    for pattern in (cues.COUNT_UNITS, cues.COUNT_ITEMS, cues.LIST_ITEMS, cues.WHO, QUANTITY):
        scan.take(pattern)
    for name in regions:
        scan.take(re.escape(name))
    return scan.rest


def _leans(text: str) -> bool:
    return bool(cues.LEANING.search(text) or cues.PRONOUN.search(text))

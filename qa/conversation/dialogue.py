"""A question that leans on the one before it, made whole: pronouns, ellipses, a changed part."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from domain import Role
from qa.applicability.profile import tells_more
from qa.attributes import OF_DOCUMENTS, attribute
from qa.conversation.in_lists import (
    again,
    among,
    how_many,
    listed_item,
    neighbour,
    when,
    which_number,
)
from qa.conversation.turns import Turn
from qa.knowledge import Knowledge
from qa.reading import Kind, Reading, UnitAsk
from qa.text import plain
from qa.topic import Topic
from qa.understanding.comparing import follow_comparison
from qa.understanding.cues import DOCUMENTS, MOST_PART, ROLE_NOUN, WHO
from qa.understanding.leaning import ANY_PART, DONE, EXPAND, ITS_UNIT, PRONOUN
from qa.understanding.mentions import by_own_word

_ASK_UNIT = ("部门", "单位", "局", "委", "公司", "集团", "他们", "家")
_WHOLE = (Kind.SELECT, Kind.UNITS, Kind.SECTIONS, Kind.CARD, Kind.ABOUT, Kind.DUE, Kind.RANK)
_YEAR = re.compile(r"今年|本年度?|去年|上年|前年|明年|(?:19|20)\d\d年")
_ASKS = re.compile("(?:怎么|如何)(?:说|写|规定|安排|讲|提|要求|表述)的[?!。]*$")
_CASE = re.compile("^(?:那)?(?:如果|要是|假如|万一|若)|的话呢?[?]?$")
SAYS_IT = 0.6  # of a matter's weight, that a clause told of must hold to answer
SHORT = 8  # characters of a reply that only names a document


def resolve(
    reading: Reading, before: Turn | None, knowledge: Knowledge, *, within: bool = False
) -> Reading:
    """The reading with what it leaves out taken from the turn before it; the first rule that fits."""
    if before is None or reading.kind is Kind.DECLINE:
        return reading
    if (turned := _other_end(reading, before)) is not None:
        return turned
    if reading.complete and not within:
        return _of_its_document(reading, before, knowledge)
    if PRONOUN.search(reading.text) and (told := _of_told(reading, before, knowledge)):
        return told
    for rule in _RULES:
        whole = rule(reading, before, knowledge)
        if whole is not None:
            return whole
    short = len(reading.text) <= SHORT
    if (within or short) and (told := _of_told(reading, before, knowledge)):
        return told
    return _of_its_document(reading, before, knowledge)


def _of_its_document(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading:
    """`什么时候印发的`, `分几个部分`: of the document that the talk is of, where it is of one."""
    of_parts = reading.kind is Kind.RANK and MOST_PART.search(reading.text)
    of_one = of_parts or reading.kind in (Kind.CARD, Kind.SECTIONS, Kind.ABOUT)
    if reading.kind is Kind.UNCLEAR and reading.attribute in OF_DOCUMENTS:
        of_one, reading = True, replace(reading, kind=Kind.FACT)
    if reading.policies is not None or not of_one or DOCUMENTS.search(reading.text):
        return reading
    policies = before.reading.policies or _policies(before.focus, knowledge)
    return replace(reading, policies=policies) if policies and len(policies) == 1 else reading


def _more_told(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`我们注册在闵行,有200人`, after verdicts: the same enterprise, of which more is known."""
    more = before.reading.kind is Kind.APPLY and reading.kind is not Kind.APPLY
    if not more or reading.roles or not tells_more(reading.text, knowledge.regions):
        return None
    return replace(
        before.reading, text=f"{before.reading.text},{reading.text}", elsewhere=reading.elsewhere
    )


def joined(reading: Reading, before: Turn) -> Reading | None:
    """`谁牵头、谁配合`: two questions on who has a part in one matter, as one; else None."""
    past = before.reading
    if reading.focus != before.focus or not before.focus:
        return None
    if reading.kind is Kind.ITEM and EXPAND.search(reading.text) and len(before.focus) > 1:
        return past  # 有几项,是哪几项: the list has told it
    same = reading.kind is past.kind is Kind.WHO
    if not same or reading.claim or past.claim or not past.roles:
        return None
    roles = tuple(dict.fromkeys((*past.roles, *reading.roles)))
    return replace(reading, roles=roles, count=reading.count or past.count)


def _compared(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`那共同点呢`, `另一份呢`: see `qa.understanding.comparing.follow_comparison`."""
    return follow_comparison(reading, before.reading, knowledge.policies)


def _other_end(reading: Reading, before: Turn) -> Reading | None:
    """`那最少的呢`, `排第二的呢`: the other end of the same order, or another place in it."""
    past = before.reading
    ends = past.most and reading.most and past.kind in (Kind.RANK, Kind.UNITS)
    if not ends or reading.roles or reading.units or len(reading.text) > SHORT:
        return None
    if reading.place > 1:
        return replace(past, place=reading.place)
    end, other = ("最少", "最多") if "最少" in reading.text else ("最多", "最少")
    return replace(past, text=past.text.replace(other, end))


def _of_told(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`那它要对接哪些平台`: what the clauses told of say themselves, where they say it."""
    bare = not (reading.units or reading.numbers or reading.roles or reading.policies)
    if reading.kind is not Kind.FACT or not bare or reading.claim:
        return None
    topic = Topic.of(PRONOUN.sub(" ", reading.topic))
    shares = {id_: topic.coverage(knowledge.clauses[id_].text) for id_ in before.focus}
    told = tuple(id_ for id_, share in shares.items() if share >= SAYS_IT)
    return replace(reading, focus=told) if topic.tells and told else None


def _other_item(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`那第9项呢`: the same asked of another item, in the document that the talk is of."""
    if not reading.numbers or reading.policies is not None:
        return None
    policies = before.reading.policies or _policies(before.focus, knowledge)
    section = reading.section or before.reading.section  # the fourth of the part talked of
    whole = replace(reading, policies=policies, section=section)
    bare = reading.kind is Kind.ITEM and len(reading.text) <= 12 and _trails(reading.text)
    if bare and before.reading.kind in (Kind.WHO, Kind.FACT):
        return replace(
            before.reading, text=reading.text, numbers=reading.numbers, policies=policies,
            topic="", focus=(), units=(), claim=False,
        )  # fmt: skip
    return whole


def _other_policy(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`自贸区方案的`, `虹桥`: the same asked of another document."""
    own = by_own_word(reading.topic, knowledge) if len(reading.text) <= SHORT else None
    asked = before.reading.numbers or before.reading.kind in _WHOLE
    named = before.reading.numbers or _trails(reading.text)
    if own and reading.policies is None and asked and named:
        return replace(before.reading, policies=own, focus=())
    bare = not (reading.units or reading.numbers or reading.roles or _telling(reading.topic))
    if reading.policies is None or not bare or reading.kind not in (Kind.UNCLEAR, Kind.UNITS):
        return None
    if reading.kind is Kind.UNITS and reading.count:
        return None
    return replace(
        before.reading, policies=reading.policies, focus=(), section=(),
        elsewhere=reading.elsewhere, anchors=reading.anchors,
    )  # fmt: skip


def _other_year(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`去年呢`: the same asked of another year."""
    year = _YEAR.fullmatch(plain(reading.text).strip("那呢呐的?!。, "))
    past = before.reading
    if not year or past.kind is not Kind.FACT or reading.policies is not None:
        return None
    text, said = _YEAR.subn(year[0], past.text, count=1)
    return replace(
        past, text=text if said else f"{year[0]}{text}", topic=_YEAR.sub(year[0], past.topic),
        focus=(), anchors=reading.anchors, elsewhere=reading.elsewhere,
    )  # fmt: skip


def _other_case(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`如果只有两家呢`: the same asked of another case, which the clauses told of may say."""
    own = reading.units or reading.numbers or reading.roles or reading.policies
    past = before.reading
    if own or not before.focus or past.kind is not Kind.FACT or not _CASE.search(reading.text):
        return None
    return replace(
        past, text=reading.text, topic=f"{past.topic} {reading.topic}", focus=before.focus,
        attribute="", quantity="", claim=False,
    )  # fmt: skip


def _other_unit(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`区财政局呢`: the same asked of another unit."""
    bare = not (reading.roles or reading.numbers or _telling(reading.topic))
    if not reading.units or not bare or not _trails(reading.text):
        return None
    past = before.reading
    roles = past.roles or tuple(ask.role for ask in past.units if ask.role)
    units = tuple(replace(ask, role=roles[0] if len(roles) == 1 else None) for ask in reading.units)
    return replace(
        reading, kind=Kind.SELECT, units=units, roles=roles, policies=past.policies,
        count=past.count, claim=False,
    )  # fmt: skip


def _same_unit(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`它还牵头别的任务吗`, `配合几项呢`: another role of the unit that the talk is of."""
    asks = bool(reading.roles) or ANY_PART.search(reading.text)
    if reading.units or reading.numbers or _telling(reading.topic) or not asks:
        return None
    if reading.policies is not None or reading.bounds.on_items or reading.bounds.on_units:
        return None
    if before.focus and reading.kind is Kind.WHO and WHO.search(reading.text):
        return None  # 由谁配合 asks for units, not for items
    past = before.reading
    units = past.units
    pronoun = PRONOUN.search(reading.text)
    names_unit = bool(pronoun and any(word in pronoun[0] for word in _ASK_UNIT))
    others = any(word in reading.text for word in _OTHERS)
    its_unit = ITS_UNIT.search(reading.text)
    others = others or bool(its_unit)
    of_item = bool(pronoun) and not (names_unit or others)
    of_most = past.kind is Kind.UNITS and past.most
    if pronoun and pronoun[0] in ("它", "其") and (of_most or (past.kind is Kind.SELECT and units)):
        of_item = False
    if (ROLE_NOUN.search(reading.text) and not its_unit) or of_item:
        return None
    of_unit = reading.kind is Kind.SELECT or of_most or (past.kind is Kind.SELECT and bool(units))
    if not (of_unit or names_unit or others):
        return None
    if not units or past.kind is Kind.WHO:
        role = _role_meant(its_unit, past)
        names = _units_of_talk(before.focus, role, knowledge)
        units = tuple(UnitAsk(name, (name,)) for name in names) or units
    if not units:
        return None
    roles = reading.roles[1:] if its_unit and len(reading.roles) > 1 else reading.roles
    role_now = roles[0] if len(roles) == 1 else None
    return replace(
        reading, kind=Kind.SELECT, units=tuple(replace(u, role=role_now) for u in units),
        roles=roles, topic="", claim=False, policies=reading.policies or past.policies,
    )  # fmt: skip


_OTHERS = (
    "别的",
    "其他",
    "其它",
    "还牵头",
    "还配合",
    "还负责",
    "还参与",
    "还有哪些任务",
    "还有什么任务",
)


def _role_meant(its_unit: re.Match[str] | None, past: Reading) -> Role:
    """The role of the units talked of: as named (它的配合单位还…), else as asked before."""
    if its_unit:
        return Role.COOPERATE if its_unit["role"] in ("配合", "协办") else Role.LEAD
    return past.roles[0] if past.roles else Role.LEAD


def _units_of_talk(focus: Sequence[str], role: Role, knowledge: Knowledge) -> list[str]:
    """The units that all clauses talked of share in a role; of any of them where none do."""
    units = [knowledge.units_of(clause_id, role) for clause_id in focus]
    everyone = list(dict.fromkeys(unit for some in units for unit in some))
    return [unit for unit in everyone if all(unit in some for some in units)] or everyone


def _same_matter(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`那配合单位呢`, `它什么时候完成`: another side of the clauses that the answer told of."""
    kind = attribute(reading.attribute)
    if (
        reading.units
        or reading.numbers
        or Topic.of(_matter(reading), kind.nouns if kind else None).tells
    ):
        return None
    if reading.policies is not None or reading.bounds.on_items or reading.bounds.on_units:
        return None
    topic = before.reading.topic
    if not before.focus:
        missed = before.reading.kind in (Kind.WHO, Kind.FACT, Kind.APPLY) and bool(topic)
        return replace(reading, kind=Kind.FACT, topic=topic) if missed else None
    if reading.kind is Kind.WHO or (reading.kind in (Kind.SELECT, Kind.UNITS) and reading.roles):
        return replace(reading, kind=Kind.WHO, focus=before.focus, topic=topic)
    if EXPAND.search(reading.text) and not reading.attribute:
        return replace(reading, kind=Kind.ITEM, focus=before.focus)
    if reading.attribute or reading.quantity:
        return replace(
            reading, kind=Kind.FACT, focus=before.focus, topic=f"{topic} {reading.topic}"
        )
    if reading.kind is Kind.UNCLEAR and reading.leans:
        return replace(reading, kind=Kind.ITEM, focus=before.focus, topic=topic)
    return None


def _matter(reading: Reading) -> str:
    """What a question names; being done is no matter of its own where a day is asked."""
    dated = reading.attribute in ("date", "deadline")
    return DONE.sub(" ", reading.topic) if dated else reading.topic


def _unit_named(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`区科委参与吗`, after a matter: whether the unit has a part in it."""
    asks = reading.claim and bool(reading.units or reading.unknown_units)
    if not asks or reading.numbers or _telling(reading.topic) or not before.focus:
        return None
    return replace(reading, kind=Kind.WHO, focus=before.focus)


def _other_thing(reading: Reading, before: Turn, knowledge: Knowledge) -> Reading | None:
    """`B栋呢`: the same asked of another thing that the clauses told of name."""
    thing = plain(reading.text).strip("那呢呐?!。 ")
    bare = not (reading.units or reading.numbers or reading.roles or reading.policies)
    past = before.reading
    if not bare or past.kind is not Kind.FACT or not _trails(reading.text) or len(thing) < 2:
        return None
    told = tuple(i for i in before.focus if thing in plain(knowledge.clauses[i].text))
    return replace(past, text=f"{thing}{_asks(past)}", topic=thing, focus=told) if told else None


def _asks(past: Reading) -> str:
    """What the question before asked, without what it asked it of."""
    row = attribute(past.attribute)
    found = row.asked.search(past.text) if row else None
    return found[0] if found else ""


def _other_matter(reading: Reading, before: Turn, _knowledge: Knowledge) -> Reading | None:
    """`那补充申请的审评呢`: the same asked of another matter."""
    own = reading.roles or reading.units or reading.numbers or reading.attribute or reading.quantity
    if own or reading.kind is not Kind.FACT or not _trails(reading.text):
        return None
    past = before.reading
    if past.kind not in (Kind.WHO, Kind.FACT, Kind.APPLY, Kind.COMPARE):
        return None
    units = () if past.claim else past.units
    return replace(
        past, text=f"{past.text},{reading.text}", topic=reading.topic, focus=(), numbers=(),
        units=units, claim=False, policies=reading.policies or past.policies, behind=past.topic,
        anchors=reading.anchors,
    )  # fmt: skip


_RULES = (
    _more_told,
    _compared,
    again,
    among,
    neighbour,
    listed_item,
    _other_item,
    _other_policy,
    _other_year,
    _other_case,
    _unit_named,
    which_number,
    how_many,
    _other_unit,
    _same_unit,
    when,
    _same_matter,
    _other_thing,
    _other_matter,
)


def _policies(clause_ids: Sequence[str], knowledge: Knowledge) -> tuple[str, ...] | None:
    ids = dict.fromkeys(knowledge.clauses[clause_id].policy_id for clause_id in clause_ids)
    return tuple(ids) or None


def _trails(text: str) -> bool:
    """An ellipsis ends in 呢, or is introduced by 那; 怎么说的 is none."""
    end = text.rstrip("?!。")
    bare = end.endswith("的") and not _ASKS.search(text)
    return bare or end.endswith(("呢", "呐")) or text.startswith(("那", "再", "换"))


def _telling(topic: str) -> bool:
    return Topic.of(topic).tells

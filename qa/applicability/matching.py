"""Whether a clause applies to a described enterprise: what it offers, on which conditions. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from domain import Clause, Role
from index.thesaurus import thesaurus
from qa.applicability.areas import Area, area_of, is_wide, lies_in, outside
from qa.applicability.conditions import (
    Bounded,
    Condition,
    Offer,
    Offers,
    aspired_in,
    conditions_in,
    offers_in,
    served_first,
)
from qa.applicability.kinds import kinds
from qa.applicability.profile import Profile
from qa.context import Context
from qa.draft import Span
from qa.knowledge import Knowledge
from qa.text import longest_run
from qa.topic import Topic, content_words
from qa.wording import body_span, marker_spans

NEAR_BEST = (
    0.75  # of the best sentence's share of the matter, from which a sentence speaks of it too
)
TITLE_ABOVE = 2  # times the best sentence's share, from which the title offers what is looked for
LITTLE_SAID = 0.2  # share of the matter below which the body says little of it
MOST_OFFERS = 2  # sentences of a clause that are told
SAID = 4  # characters of a condition that a description repeats when it says that it is met
_ZONE = re.compile("总部|集聚|产业园|园区|基地")


class Verdict(StrEnum):
    """What is told of a clause."""

    APPLIES = "applies"
    NEEDS_MORE = "needs_more"
    DOES_NOT_APPLY = "does_not_apply"


VERDICT_NAMES = {
    Verdict.APPLIES: "适用",
    Verdict.NEEDS_MORE: "需补充",
    Verdict.DOES_NOT_APPLY: "不适用",
}


@dataclass(frozen=True, slots=True)
class Decided:
    """A condition with whether it is met; None where the profile does not tell.

    `span` is None for what no words of the document say. `missing` asks for what would decide it,
    `against` are the words of the profile that contradict it.
    """

    quote: str
    span: Span | None
    met: bool | None
    missing: str = ""
    against: str = ""


@dataclass(frozen=True, slots=True)
class Matched:
    """A clause with its verdict, what it offers and to whom to turn.

    `contacts` are its lead or responsible units, else the document's issuer with no span.
    """

    clause: Clause
    verdict: Verdict
    how: Offers
    offers: tuple[Span, ...]
    conditions: tuple[Decided, ...]
    contacts: tuple[str, ...]
    contact_spans: tuple[Span, ...]
    score: float

    @property
    def named(self) -> bool:
        """Whether the clause itself names whom to turn to."""
        return bool(self.contact_spans)

    @property
    def missing(self) -> tuple[str, ...]:
        """What the asker is asked for."""
        return tuple(dict.fromkeys(one.missing for one in self.conditions if one.missing))


def match_clause(
    clause: Clause,
    profile: Profile,
    topic: Topic,
    context: Context,
    day: date,
    *,
    score: float,
    near: bool,
) -> Matched:
    """The verdict on one clause; `score` ranks it, `near` says that it is only of a field nearby."""
    knowledge = context.knowledge
    policy = knowledge.policies[clause.policy_id]
    area = area_of(policy, knowledge)
    chosen = _on_matter(clause, topic, profile, knowledge)
    decided = [
        one for offer in chosen for one in _decided(offer, clause, profile, area, day, knowledge)
    ]
    away = outside(profile.places, area, policy.text)
    wide = any(is_wide(one.quote) for one in decided)
    if away and not wide and not any(one.met is False for one in decided):
        decided.insert(0, _away(area, away))
    units, spans = _contacts(clause, knowledge)
    how = min((offer.how for offer in chosen), key=list(Offers).index)
    decided = _only_open(decided, how, units, near)
    return Matched(
        clause,
        _verdict(decided),
        how,
        tuple(Span(clause.id, offer.start, offer.end) for offer in chosen),
        tuple({(one.quote, one.missing): one for one in decided}.values()),
        units or ((policy.issuer,) if policy.issuer else ()),
        spans,
        score,
    )


def _away(area: Area, place: str) -> Decided:
    """What a document of another region says to one that is elsewhere."""
    if area.home:
        return Decided(area.region, area.home, False, against=place)
    return Decided("", None, False, f"这份文件是{area.region}的，不是{place}的", place)


def _verdict(decided: list[Decided]) -> Verdict:
    if any(one.met is False for one in decided):
        return Verdict.DOES_NOT_APPLY
    if any(one.met is None for one in decided):
        return Verdict.NEEDS_MORE
    return Verdict.APPLIES


def _only_open(
    decided: list[Decided], how: Offers, units: tuple[str, ...], near: bool
) -> list[Decided]:
    """Work of authorities that offers nothing yet, and what is for a field nearby, is to be asked."""
    if how is not Offers.WORKS:
        asks = "条款与您的行业相近，没有提到您说的业务，请确认是否从事其中所说的业务"
        return [*decided, Decided("", None, None, asks)] if near else decided
    whom = units[0] if units else "发文机关"
    asks = f"条款没有写明企业能得到什么、要符合什么条件，请向{whom}了解怎样参与"
    return [*decided, Decided("", None, None, asks)]


def _contacts(clause: Clause, knowledge: Knowledge) -> tuple[tuple[str, ...], tuple[Span, ...]]:
    for role in (Role.LEAD, Role.RESPONSIBLE):
        rows = knowledge.rows(clause.id, role)
        if rows:
            return tuple(dict.fromkeys(row.unit for row in rows)), marker_spans(rows)
    return (), ()


def _on_matter(clause: Clause, topic: Topic, profile: Profile, knowledge: Knowledge) -> list[Offer]:
    """The sentences of a clause that speak of the matter; those that offer something before others."""
    text = knowledge.policies[clause.policy_id].text
    start, end = body_span(clause)
    markers = [
        row.marker_start for row in knowledge.own_rows(clause.id) if row.marker_start > start
    ]
    found = offers_in(text, start, min([end, *markers]))
    spoken = [one for one in found if re.search(r"\w{2}", text[one.start : one.end])]
    offers = _without_title(clause, spoken)
    if not offers:
        return [Offer(Offers.WORKS, start, end, (start, end))]
    plan = Topic.of(" ".join(profile.plan)) if len(spoken) > 1 else topic
    shares = [topic.coverage(words) + plan.coverage(words) for words in _words(offers, text)]
    best = max(shares)
    near = [o for o, share in zip(offers, shares, strict=True) if share >= NEAR_BEST * best]
    given = [o for o in near if o.how is not Offers.WORKS]
    chosen = (given or near)[:MOST_OFFERS]
    title = spoken[0]
    if title not in offers and title.how is not Offers.WORKS:
        words = text[slice(*title.sentence)]
        if best < LITTLE_SAID and topic.coverage(words) + plan.coverage(words) > TITLE_ABOVE * best:
            return [title, *chosen]
    return chosen


def _words(offers: list[Offer], text: str) -> list[str]:
    return [text[slice(*offer.sentence)] for offer in offers]


def _without_title(clause: Clause, offers: list[Offer]) -> list[Offer]:
    """The body's sentences: a title (支持企业申请认证) offers nothing by itself."""
    rest = [
        offer
        for offer in offers
        if clause.words(*offer.sentence).rstrip("。") != clause.title.rstrip("。")
    ]
    return rest or offers


def _decided(
    offer: Offer, clause: Clause, profile: Profile, area: Area, day: date, knowledge: Knowledge
) -> list[Decided]:
    sentence = clause.words(*offer.sentence)
    conditions = served_first(conditions_in(sentence, offer.sentence[0]))
    own = [_decide(one, sentence, clause, profile, area, day) for one in conditions]
    gained = [name for name in aspired_in(sentence) if name in profile.standings]
    if gained:
        at = offer.sentence[0] + sentence.find(gained[0])
        span = Span(clause.id, at, at + len(gained[0]))
        own.append(
            Decided(clause.words(span.start, span.end), span, False, against=f"已是{gained[0]}")
        )
    return _alternatives(own, conditions) + _zones_of_others(sentence, offer, clause, profile)


def _zones_of_others(
    sentence: str, offer: Offer, clause: Clause, profile: Profile
) -> list[Decided]:
    """Zones by the name of those that the asker is not: 民营企业总部集聚区, to a 中央企业."""
    named = kinds().kinds_in(sentence)
    if {one.name for one in named} & profile.all_kinds:
        return []
    own = "、".join(sorted(profile.kinds))
    start = offer.sentence[0]
    return [
        Decided(
            sentence[one.start : one.end],
            Span(clause.id, start + one.start, start + one.end),
            False,
            against=own,
        )
        for one in named
        if _ZONE.match(sentence, one.end) and kinds().excluded(one.name, profile.kinds)
    ]


def _alternatives(decided: list[Decided], conditions: list[Condition]) -> list[Decided]:
    """Of several kinds that a sentence names, being one is enough; the others bound nobody then."""
    of_kind = [d for d, c in zip(decided, conditions, strict=False) if c.about is Bounded.KIND]
    if any(one.met for one in of_kind):
        return [one for one in decided if one not in of_kind or one.met]
    if len(of_kind) > 1 and any(one.met is None for one in of_kind):
        return [one for one in decided if one not in of_kind or one.met is None]
    return decided


def _decide(
    one: Condition, sentence: str, clause: Clause, profile: Profile, area: Area, day: date
) -> Decided:
    span = Span(clause.id, one.start, one.end)
    blank = Decided(one.words, span, None)
    if one.about is Bounded.PLACE:
        return _of_place(blank, one, sentence, profile, area)
    if one.about is Bounded.FIGURE:
        return _of_figure(blank, one, profile, day)
    if one.about is Bounded.KIND:
        return _of_kind(blank, one, profile)
    if one.about is Bounded.STANDING:
        return _of_standing(blank, one, profile)
    if one.about is Bounded.FIELD:
        return _of_field(blank, one, profile)
    if one.about is Bounded.ORIGIN:
        return _of_origin(blank, one, profile)
    return _of_open(blank, one, profile)


def _of_place(
    blank: Decided, one: Condition, sentence: str, profile: Profile, area: Area
) -> Decided:
    met = lies_in(profile.places, one.name, area, sentence)
    if met is None and profile.places and not one.name and area.region:
        away = outside(profile.places, area, sentence)
        if away:
            return replace(blank, met=False, against=away)
    if met:
        return replace(blank, met=True)
    drawn = "（范围见该文件对实施范围的规定）" if area.scope and not one.name else ""
    return replace(blank, missing=f"是否在“{one.words}”{drawn}")


def _of_figure(blank: Decided, one: Condition, profile: Profile, day: date) -> Decided:
    bound = one.bound
    assert bound is not None
    value, said = _own_figure(one, profile, day)
    if value is None:
        return replace(blank, missing=f"是否符合“{one.words}”")
    if bound.met(value):
        return replace(blank, met=True)
    return replace(blank, met=False, against=said)


def _own_figure(one: Condition, profile: Profile, day: date) -> tuple[float | None, str]:
    bound = one.bound
    assert bound is not None
    if bound.quantity == "employees" and profile.employees is not None:
        return profile.employees, f"{profile.employees:g}人"
    if bound.quantity == "revenue" and profile.revenue is not None and bound.unit == "元":
        return profile.revenue, f"{profile.revenue:g}万元"
    if bound.quantity == "age" and profile.founded is not None:
        return float(day.year - profile.founded), f"{profile.founded}年成立"
    if bound.quantity == "amount":
        told = [f for f in profile.figures if f.unit == bound.unit and f.value != profile.revenue]
        if len(told) == 1:
            return told[0].value, told[0].said
    return None, ""


def _of_kind(blank: Decided, one: Condition, profile: Profile) -> Decided:
    own = profile.all_kinds
    if one.name in own or one.words in profile.text:
        return replace(blank, met=True)
    if kinds().excluded(one.name, own):
        against = next((k for k in own if kinds().excluded(one.name, [k])), "")
        return replace(blank, met=False, against=against)
    return replace(blank, missing=f"是否为“{one.words}”")


def _of_standing(blank: Decided, one: Condition, profile: Profile) -> Decided:
    if one.name in profile.standings:
        return replace(blank, met=True)
    if one.name in profile.wanted and re.search(
        f"(?:不是|还没|没有|尚未|未)[^,，。]{{0,6}}{one.name[:2]}", profile.text
    ):
        return replace(blank, met=False, against=f"还不是{one.name}")
    return replace(blank, missing=f"是否为“{one.words}”")


def _of_field(blank: Decided, one: Condition, profile: Profile) -> Decided:
    """Met where the description speaks of it, against where both are of other sectors."""
    told = [word for word in content_words(one.name) if len(word) > 1]
    said = " ".join((profile.text, *thesaurus().widen(profile.text)))
    parts = [part for part in re.split("[、和及与]", one.name.removesuffix("等")) if len(part) > 1]
    if any(part.removeprefix("高端").removeprefix("新型") in said for part in parts):
        return replace(blank, met=True)
    wanted, own = kinds().sectors_of(one.name), profile.sectors - {"教育"}
    if any(word in said for word in told if len(word) > 2) or wanted & own:
        return replace(blank, met=True)
    if wanted and own:
        return replace(blank, met=False, against="、".join(sorted(own)))
    return replace(blank, missing=f"是否属于“{one.words}”")


def _of_origin(blank: Decided, one: Condition, profile: Profile) -> Decided:
    if one.words in profile.text:
        return replace(blank, met=True)
    positive = one.words.removeprefix("非")
    if positive in profile.text:
        return replace(blank, met=False, against=positive)
    return replace(blank, missing=f"是否为“{one.words}”")


_VAGUE = re.compile(
    "(?:相关|有关|规定|一定|监管)?(?:条件|要求|规定|标准)|.*(?:条件|下列|以下|如下).*"
)
_FILLER = re.compile("^(?:凭?其?持有的?|符合|满足|具备|经|已)|[的下]$")


def _of_open(blank: Decided, one: Condition, profile: Profile) -> Decided:
    """Met only where the description says the very thing, and not only that it meets conditions."""
    core = _FILLER.sub("", _FILLER.sub("", one.words))
    vague = _VAGUE.fullmatch(core)
    run = longest_run(core, profile.text)
    if not vague and core and (core in profile.text or len(run) >= max(SAID, len(core) * 2 // 3)):
        return replace(blank, met=True)
    if vague:
        return replace(blank, missing=f"条款没有列出“{one.words}”指什么，是否符合")
    return replace(blank, missing=f"是否符合“{one.words}”")


def profile_missing(profile: Profile, matched: list[Matched], knowledge: Knowledge) -> list[str]:
    """What the asker could add, each once: of the clauses first, then its place where none is told."""
    undecided = [one for one in matched if one.verdict is Verdict.NEEDS_MORE]
    asks = [d.missing for one in undecided for d in one.conditions if d.missing and d.quote]
    regions = {knowledge.policies[one.clause.policy_id].region for one in matched}
    if not profile.places and any(regions):
        asks.append("所在地（注册或经营的区、园区）")
    return list(dict.fromkeys(asks))

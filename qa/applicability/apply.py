"""Which clauses apply to a described enterprise or person, with what is missing and whom to call."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from domain import AnswerStatus, Clause
from index.tokens import normalise
from qa.applicability.conditions import Offers
from qa.applicability.kinds import kinds
from qa.applicability.matching import (
    VERDICT_NAMES,
    Decided,
    Matched,
    Verdict,
    match_clause,
    profile_missing,
)
from qa.applicability.profile import Profile, read_profile
from qa.context import Context
from qa.draft import Draft, Statement
from qa.knowledge import Knowledge
from qa.messages import nothing_found
from qa.places import parts, place_names
from qa.reading import Kind, Reading
from qa.relevance import Match, each_once, find
from qa.topic import HEAD_SHARE, Topic
from qa.wording import label

MOST = 8  # clauses that are told
MOST_AGAINST = 3  # clauses that do not apply, told beside them
MIN_COVERAGE = 0.25  # of a description, which says much that no clause repeats
MIN_KNOWN = 0.15  # of a description's weight, that the documents must know at all
TELLS_ENOUGH = 2.5  # nats that one known word must tell
TELLS_WELL = 3.0  # nats that a word of a plan must tell, for the plan to find clauses by itself
NEAR_BEST = 6.0  # nats below the best clause
NEAR_FIELD = 2.0  # the same for a clause that is only of the field
PLAN_COVERAGE = 0.4  # of the plan, from which a clause speaks of it
WHOLE_COVERAGE = 0.33  # of all that is said
PART_COVERAGE = 0.5  # of the industry or the plan alone, that a clause must hold
FEW = 8  # clauses looked at for the plan or the industry alone
ASKS = 5  # things that are asked for in an answer
_HELP = re.compile(
    "支持|补贴|补助|扶持|奖励|优惠|便利|资助|政策|享受|适用|服务可用|好处|机会|符合|条件|申请|怎么|哪些|什么|扩大"
)
_GENERAL = re.compile(
    "总体要求|指导思想|基本原则|主要目标|工作目标|总体目标|保障措施|组织实施|组织保障|强化保障|附则"
)
_LEAD_IN = {
    Offers.GIVES: "可以得到",
    Offers.OPENS: "可以参与",
    Offers.WORKS: "有关的工作是",
}


@dataclass(frozen=True, slots=True)
class Matching:
    """A profile as understood, the clauses found for it, best first, and what it should add."""

    profile: Profile
    matches: tuple[Matched, ...]
    missing: tuple[str, ...]


def apply(reading: Reading, context: Context, *, today: Callable[[], date]) -> Draft:
    """The verdicts on the clauses that speak of what the asker does or plans."""
    profile = read_profile(reading.text, context.knowledge.regions)
    found = matching(profile, context, today(), reading.topic)
    if not found.matches:
        return nothing_found(reading, context)
    return draft_of(found, context.knowledge)


def describes(reading: Reading) -> bool:
    """Whether a place that no document is of is the asker's own: a verdict, and not a refusal."""
    if reading.kind is not Kind.APPLY or not place_names(reading.elsewhere):
        return False
    own = read_profile(reading.text).places
    return any(reading.elsewhere in place for place in own)


def matching(profile: Profile, context: Context, day: date, matter: str = "") -> Matching:
    """The clauses that bear on a profile, each with its verdict; those that apply come first.

    `day` tells the age of an enterprise; `matter` is what to look for, by default all that it says.
    """
    said = matter or profile.matter
    found = []
    for part in _apart(profile, context):
        known = part.knowledge.said_in(part.policies)
        topic = _known(Topic.of(_without_places(said, profile)), known)
        if topic.text:
            topic = replace(topic, text=Topic.of(said).text)  # what is searched may name a zone
        for match in _bearing(topic, profile, part, known):
            clause = match.clause
            near = not _speaks_of_it(clause.text, profile, known)
            found.append(
                match_clause(clause, profile, topic, part, day, score=match.rank, near=near)
            )
    order = list(Verdict)
    home = context.knowledge.home
    ranked = sorted(
        found,
        key=lambda one: (order.index(one.verdict), one.clause.policy_id not in home, -one.score),
    )
    ranked = [one for one in ranked if one.verdict is not Verdict.DOES_NOT_APPLY][:MOST] + [
        one for one in ranked if one.verdict is Verdict.DOES_NOT_APPLY
    ][:MOST_AGAINST]
    return Matching(
        profile, tuple(ranked), tuple(profile_missing(profile, ranked, context.knowledge))
    )


def _known(topic: Topic, known: str) -> Topic:
    """The matter without the words that the documents have in no form; a story has many of them."""
    weights = {word: told for word, told in topic.weights.items() if topic.stands(word, known)}
    told, all_told = sum(weights.values()), sum(topic.weights.values())
    if not any(value >= TELLS_ENOUGH for value in weights.values()) or told < MIN_KNOWN * all_told:
        return replace(topic, weights={}, text="")
    return replace(topic, weights=weights)


def _bearing(topic: Topic, profile: Profile, context: Context, known: str) -> list[Match]:
    """What bears on the whole description, and what speaks of the plan or the industry alone.

    Either way a clause is of the asker's field, or speaks of its plan or of most of what it says:
    places and words of asking (支持, 补贴) are shared by clauses on anything.
    """
    if topic.empty:
        return []
    plan = _telling(_bare(" ".join(profile.plan), profile), known)
    whole = _telling(_bare(profile.matter, profile), known)
    matches = [m for m in each_once(find(topic, context, context.k)) if _is_item(m.clause)]
    held = [
        m
        for m in matches
        if m.coverage >= MIN_COVERAGE and _concerns(m, plan, whole, profile, known)
    ]
    best = max((m.rank for m in held), default=0.0)
    chosen = {
        m.clause.id: m
        for m in held
        if m.rank
        >= best - (NEAR_BEST if _speaks_of_it(m.clause.text, profile, known) else NEAR_FIELD)
    }
    for part in (plan, _telling(_bare(" ".join(profile.industry), profile), known)):
        for match in find(part, context, FEW) if _tells(part) else ():
            if (
                _is_item(match.clause)
                and match.coverage >= PART_COVERAGE
                and _headed(part, match.clause.text, known)
            ):
                chosen.setdefault(match.clause.id, match)
    return sorted(chosen.values(), key=lambda match: -match.rank)[: MOST + MOST_AGAINST]


def _apart(profile: Profile, context: Context) -> list[Context]:
    """The documents at home and the others, each to be read by its own words: what no document at
    home says may stand in one of many others."""
    if not any(place_names(place) for place in profile.places):
        context = _not_of_others(context)
    home = context.policies & context.knowledge.home
    if not home or home == context.policies or "policy" in context.where:
        return [context]
    return [replace(context, policies=one) for one in (home, context.policies - home)]


def _not_of_others(context: Context) -> Context:
    """Without the documents of places that neither are nor hold that of the asker, who names none."""
    knowledge = context.knowledge
    above = {part for one in knowledge.home for part in parts(knowledge.policies[one].region or "")}
    for_all = {
        one
        for one in context.policies
        if one in knowledge.home or (knowledge.policies[one].region or "") in {"", *above}
    }
    return replace(context, policies=frozenset(for_all)) if knowledge.home & for_all else context


def _speaks_of_it(text: str, profile: Profile, known: str) -> bool:
    """Whether a text speaks of the plan, the industry or the whole, in its most telling words."""
    parts = ((part, PLAN_COVERAGE) for part in (" ".join(profile.plan), *profile.industry))
    for words, least in (*parts, (profile.matter, MIN_COVERAGE)):
        topic = _telling(_bare(words, profile), known)
        if topic.weights and _headed(topic, text, known) and topic.coverage(text) >= least:
            return True
    return False


def _is_item(clause: Clause) -> bool:
    """A numbered item that rules something: not 总体要求 or 保障措施, which speak of all and none."""
    headings = (clause.title, *clause.section)
    return bool(clause.number) and not any(_GENERAL.search(heading) for heading in headings)


def _tells(topic: Topic) -> bool:
    return any(told >= TELLS_WELL for told in topic.weights.values())


def _concerns(match: Match, plan: Topic, whole: Topic, profile: Profile, known: str) -> bool:
    text = match.clause.text
    if profile.sectors & kinds().sectors_of(text):
        return True
    if _tells(plan) and plan.coverage(text) >= PLAN_COVERAGE and _headed(plan, text, known):
        return True
    return whole.coverage(text) >= WHOLE_COVERAGE and _headed(whole, text, known)


def _bare(words: str, profile: Profile) -> str:
    """Words without places and those of asking for help, which name no matter."""
    return _HELP.sub(" ", _without_places(words, profile))


def _without_places(words: str, profile: Profile) -> str:
    for place in profile.places:
        words = words.replace(place, " ")
    return words


def _telling(words: str, known: str) -> Topic:
    """A matter without single characters: verbs (拿, 卖), or the ends of words that the dictionary
    lacks: 资金 and 池 are one where the documents, `known`, have 资金池."""
    topic = Topic.of(words)
    weights: dict[str, float] = {}
    before = ""
    for word, told in topic.weights.items():
        joined = before + word
        if len(word) == 1 and before and joined in words and joined in known:
            weights[joined] = weights.pop(before) + told
            before = joined
        else:
            weights[word] = told
            before = word
    kept = {word: told for word, told in weights.items() if len(word) > 1}
    return replace(topic, weights=kept, text=" ".join(kept))


def _headed(topic: Topic, text: str, known: str) -> bool:
    """Whether a text has one of the most telling words that the documents know of a matter, or a
    long counterpart of it: not 国际 for 国外."""
    most = max((v for word, v in topic.weights.items() if topic.stands(word, known)), default=0.0)
    heads = [word for word, told in topic.weights.items() if told >= HEAD_SHARE * most]
    plain = normalise(text)
    return any(
        word in plain
        or any(
            word in term and any(len(other) > 2 and other.lower() in plain for other in others)
            for term, others in topic.counterparts
        )
        for word in heads
    )


def draft_of(found: Matching, knowledge: Knowledge) -> Draft:
    """The answer in lines: a head with the counts, a few lines a clause, what to add."""
    if not found.matches:
        return Draft(
            AnswerStatus.NOT_FOUND, (Statement("已收录的文件中没有与您所述情况有关的条款。"),)
        )
    blocks = [line for one in found.matches for line in _block(one, knowledge)]
    first = found.matches[0].clause
    return Draft(
        AnswerStatus.ANSWERED,
        (_head(found), *blocks, *_asked(found)),
        (f"{knowledge.title(first.policy_id)}第{first.number}项是什么？",),
        tuple(one.clause.id for one in found.matches),
    )


def _head(found: Matching) -> Statement:
    counts = Counter(one.verdict for one in found.matches)
    told = "，".join(
        f"{VERDICT_NAMES[verdict]}{counts[verdict]}条" for verdict in Verdict if counts[verdict]
    )
    total = len(found.matches)
    return Statement(
        f"找到{total}条与您所述情况有关的条款：{told}。", counts=(total, *counts.values())
    )


def _block(one: Matched, knowledge: Knowledge) -> Iterator[Statement]:
    clause = one.clause
    verdict = f"{VERDICT_NAMES[one.verdict]}："  # of Wence; the text may say 不适用于 of another
    name = f"{verdict}{knowledge.title(clause.policy_id)}{label(clause)}"
    words = "”“".join(clause.words(span.start, span.end) for span in one.offers)
    yield Statement(f"{name}：{_LEAD_IN[one.how]}“{words}”。", one.offers, echoed=(verdict,))
    yield from _conditions(one)
    yield _contact(one, knowledge)


def _conditions(one: Matched) -> Iterator[Statement]:
    """One line for all conditions that the text states, one for what it leaves unsaid."""
    spans = tuple(d.span for d in one.conditions if d.span)
    echoed = tuple(words for d in one.conditions for words in (d.against, d.missing) if words)
    told = [_told(d) for d in one.conditions if d.quote]
    if told:
        yield Statement(f"　条件：{'；'.join(told)}。", spans, echoed=echoed)
    unsaid = [d.missing for d in one.conditions if not d.quote and d.missing]
    if unsaid:
        note = "；".join(unsaid)  # of Wence, on what the clause leaves open: no claim of the text
        yield Statement(f"　{note}。", one.contact_spans or one.offers, echoed=(note,))


def _told(one: Decided) -> str:
    if one.met:
        return f"“{one.quote}”（符合）"
    if one.met is False:
        return f"“{one.quote}”（不符：您说的是“{one.against}”）"
    return f"“{one.quote}”（待确认：{one.missing}？）"


def _contact(one: Matched, knowledge: Knowledge) -> Statement:
    names = "、".join(one.contacts)
    if one.named:
        return Statement(f"　联系：{names}。", one.contact_spans)
    issuer = knowledge.policies[one.clause.policy_id].issuer
    whom = f"，可联系发文机关{issuer}" if issuer else "，请联系发文机关"
    return Statement(f"　联系：条款没有写明单位{whom}。", echoed=(issuer,) if issuer else ())


def _asked(found: Matching) -> Iterable[Statement]:
    if found.missing:
        asks = "；".join(found.missing[:ASKS])
        echoed = tuple(found.missing[:ASKS])
        yield Statement(f"请补充后再判断：{asks}。", echoed=echoed)

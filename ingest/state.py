"""Whether a policy holds on a day, by its own dates and by what other stored policies say of it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Literal, Protocol

from domain import Policy, PolicyState, Repeal
from ingest.card.compact import fold
from ingest.card.dates import spoken
from ingest.card.doc_numbers import doc_no_key
from ingest.card.titles import RULES_END, edition_free, issuers_of, title_key

Effect = Literal["repeals", "replaces", "amends", "supersedes"]
_VOID = re.compile("废止")
_LAPSED = re.compile("失效")
_PART = re.compile("部分")
_PERIOD = re.compile(r"(?:19|20)\d\d年?[-至到~]((?:19|20)\d\d)年?")


class Dated(Protocol):
    """What a card must tell for its state: a `Policy` and a `Metadata` do."""

    @property
    def title(self) -> str:
        """Its title."""

    @property
    def issued(self) -> date | None:
        """The day of writing, else of publication."""

    @property
    def effective(self) -> date | None:
        """The first day in force."""

    @property
    def expires(self) -> date | None:
        """The last day in force."""

    @property
    def validity(self) -> str | None:
        """What a web page calls its state."""


@dataclass(frozen=True, slots=True)
class Relation:
    """What one policy does to another, from `since` on; `[start, end)` is where its text says so.

    `supersedes` is said by no text: a later edition of the same title and issuer is stored.
    """

    effect: Effect
    by_id: str
    title: str
    doc_no: str | None
    since: date | None
    start: int = 0
    end: int = 0

    @property
    def name(self) -> str:
        """The document as a sentence names it: 《某办法》（沪府发〔2010〕5号）."""
        title = self.title.replace("《", "〈").replace("》", "〉")
        return f"《{title}》" + (f"（{self.doc_no}）" if self.doc_no else "")


@dataclass(frozen=True, slots=True)
class Standing:
    """A state with the reason for it, a Chinese sentence without its full stop."""

    state: PolicyState
    reason: str


def state_on(day: date, card: Dated, by: Sequence[Relation] = ()) -> Standing:
    """The state of a policy on a day. Of several ends the first in time counts."""
    ends = [_end(relation) for relation in by if relation.effect != "amends"]
    if card.expires:
        reason = f"有效期至{spoken(card.expires)}"
        ends.append((card.expires.toordinal() + 1, Standing(PolicyState.EXPIRED, reason)))
    past = sorted(
        (end for end in ends if end[0] <= day.toordinal()), key=lambda end: (end[0], end[1].reason)
    )
    if past:
        return past[0][1]
    return _printed(card) or _own(day, card, _changes(day, by))


def relations(policies: Iterable[Policy]) -> dict[str, tuple[Relation, ...]]:
    """By the id of each policy that others act on: what they do to it, in order of time."""
    stored = list(policies)
    numbers, titles = defaultdict[str, list[Policy]](list), defaultdict[str, list[Policy]](list)
    for policy in stored:
        titles[title_key(policy.title)].append(policy)
        if policy.doc_no:
            numbers[doc_no_key(policy.doc_no)].append(policy)
    found: dict[str, dict[tuple[str, str], Relation]] = defaultdict(dict)
    for by in stored:
        for repeal in by.repeals:
            named = numbers.get(doc_no_key(repeal.doc_no), []) if repeal.doc_no else []
            alike = titles.get(title_key(repeal.title), []) if repeal.title else []
            for policy in named or [one for one in alike if _is_meant(one, repeal, by)]:
                if policy.id != by.id:
                    one = _said(repeal, by)
                    found[policy.id].setdefault((one.effect, by.id), one)
    for editions in titles.values():
        for older, newer in _editions(editions):
            since = max(filter(None, (newer.effective, newer.issued)))  # an amended law is older
            one = Relation("supersedes", newer.id, newer.title, newer.doc_no, since)
            if not any(by_id == newer.id for _, by_id in found[older.id]):
                found[older.id][one.effect, newer.id] = one
    order = {
        policy_id: sorted(ones.values(), key=lambda one: (one.since or date.min, one.by_id))
        for policy_id, ones in found.items()
        if ones
    }
    return {policy_id: tuple(ones) for policy_id, ones in order.items()}


def _end(relation: Relation) -> tuple[int, Standing]:
    """When a policy ends by another, as a day number, and as what."""
    when = relation.since.toordinal() if relation.since else 0
    dated = f"自{spoken(relation.since)}起" if relation.since else ""
    if relation.effect == "repeals":
        return when, Standing(PolicyState.REPEALED, f"{dated}被{relation.name}废止")
    if relation.effect == "replaces":
        return when, Standing(PolicyState.SUPERSEDED, f"{dated}被{relation.name}取代")
    return when, Standing(PolicyState.SUPERSEDED, f"{dated}已有新的版本{relation.name}")


def _printed(card: Dated) -> Standing | None:
    """The end that a web page prints, without a day."""
    words = card.validity or ""
    if _PART.search(words) or words.startswith(("未", "尚未")):
        return None
    if _VOID.search(words):
        return Standing(PolicyState.REPEALED, f"来源网页标明“{words}”")
    if _LAPSED.search(words):
        return Standing(PolicyState.EXPIRED, f"来源网页标明“{words}”")
    return None


def _own(day: date, card: Dated, changes: str) -> Standing:
    """The state of a policy that nothing has ended."""
    if card.effective and card.effective > day:
        return Standing(PolicyState.UNKNOWN, f"自{spoken(card.effective)}起施行，这一天尚未施行")
    if not card.effective and card.issued and card.issued > day:
        return Standing(PolicyState.UNKNOWN, f"{spoken(card.issued)}印发，这一天尚未印发")
    period = _PERIOD.search(fold(card.title))
    if period and not card.expires and int(period[1]) < day.year:
        reason = f"标题所写的期间到{period[1]}年为止，没有写明是否仍然有效"
        return Standing(PolicyState.UNKNOWN, reason)
    if card.effective:
        until = f"，有效期至{spoken(card.expires)}" if card.expires else ""
        return Standing(PolicyState.IN_FORCE, f"自{spoken(card.effective)}起施行{until}{changes}")
    if card.issued or card.expires or card.validity:
        begun = f"{spoken(card.issued)}印发，" if card.issued else ""
        until = f"有效期至{spoken(card.expires)}" if card.expires else "没有写明有效期"
        marked = f"来源网页标明“{card.validity}”" if card.validity else until
        return Standing(PolicyState.IN_FORCE, f"{begun}{marked}{changes}")
    return Standing(PolicyState.UNKNOWN, f"没有写明日期和有效期{changes}")


def _changes(day: date, by: Sequence[Relation]) -> str:
    names = [one.name for one in by if one.effect == "amends" and (one.since or day) <= day]
    return f"，部分内容已被{'、'.join(names)}修改或废止" if names else ""


def _said(repeal: Repeal, by: Policy) -> Relation:
    effects: dict[str, Effect] = {"replaces": "replaces", "amends": "amends"}
    effect = effects.get(repeal.kind, "repeals")
    return Relation(effect, by.id, by.title, by.doc_no, _since(by), repeal.start, repeal.end)


def _is_meant(policy: Policy, repeal: Repeal, by: Policy) -> bool:
    """Whether a policy of the title is the one named: of no other number, not later, of its unit."""
    if repeal.doc_no and policy.doc_no:
        return _tail(repeal.doc_no) == _tail(policy.doc_no)
    older = policy.issued and by.issued and policy.issued < by.issued
    if not older and title_key(policy.title) == title_key(by.title):
        return False
    if policy.issued and by.issued and policy.issued > by.issued:
        return False
    named = set(issuers_of(repeal.title or "").names)
    return not named or not policy.issuer or bool(named & set(policy.issuer.split("、")))


def _tail(doc_no: str) -> str:
    """The kind, the year and the count of a number, whoever is named before them."""
    found = re.search(r"(?:令|公告)?(?:\d{4}-)?\d+$", doc_no_key(doc_no))
    return found[0] if found else doc_no


def _editions(policies: Sequence[Policy]) -> Iterable[tuple[Policy, Policy]]:
    """Each policy and the next later one of the same title and issuer, of rules alone."""
    by_unit = defaultdict[str, list[Policy]](list)
    for policy in policies:
        for unit in (policy.issuer or "").split("、"):
            if unit and policy.issued:
                by_unit[unit].append(policy)
    for ones in by_unit.values():
        for older, newer in pairwise(sorted(ones, key=lambda one: str(one.issued))):
            rules = RULES_END.search(fold(older.title)) or not edition_free(newer.title)
            number = older.doc_no and newer.doc_no and _tail(older.doc_no) == _tail(newer.doc_no)
            if rules and not number and older.issued != newer.issued:
                yield older, newer


def _since(policy: Policy) -> date | None:
    return policy.effective or policy.issued

"""Which clauses bear on a matter: the hybrid search's hits, weighed by how much they cover."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from math import log

import numpy as np

from domain import Clause, ClauseKind, Hit
from index.passages import clauses_found
from qa.context import Context
from qa.likeness import Figures
from qa.places import years_in
from qa.ranking import SIGNS, ranks, signs
from qa.text import QUOTED, longest_run
from qa.topic import Topic
from qa.wording import body_span

MIN_COVERAGE = 0.5  # of a matter's weight, that a clause must hold to bear on it by its words
MIN_SCORE = 0.18  # of the search, below which words that agree are a coincidence
SURE_SCORE = 0.6  # from which a clause bears on the matter, whatever words it has
VERBATIM = 7  # characters of the question that a clause repeats as they stand
NAMED_COVERAGE = 0.65  # of it, from which a clause of documents that were named bears on it
HOME_WITHIN = 2.5  # nats below the best, down to which one at home or of the talk answers alone
AWAY_COVERAGE = 0.6  # of a matter's weight, that a clause of another place must hold at least
HOME_BEARS = 6.0  # the same where it bears on the matter, and says this share of what the best says
HOME_COVERS = 0.7
AHEAD = 4.0  # nats before the next clause, from which the best one bears on the matter alone
AHEAD_SCORE = 0.4  # of the search, that it must have
NEAR_BEST = 2.5  # nats below the best, down to which a clause bears on the matter as well
_PERIOD = re.compile("[一二三四五六七八九十]+五")  # “十四五”: when, not what
_HAN = re.compile("[\u4e00-\u9fff]")  # the residue of a web page may have none
_YEARS_AWAY = {"今年": 0, "本年度": 0, "去年": -1, "上年": -1, "明年": 1}


@dataclass(frozen=True, slots=True)
class Match:
    """A clause found for a matter; shares are of the matter's weight, 0 to 1.

    What was found of it stands at `[start, end)` of the document: a passage of a long clause, else
    all of it. `rank` is how much speaks for that, in nats above those of another; `score` is that of
    the search. `heads` says whether it, or its document's title, holds one of the most telling words,
    `verbatim` whether it repeats a long run of the question, `quoted` whether it has what the
    question quotes, or a term that the documents coined; `away` whether its document is from elsewhere
    than the asker, who named none.
    """

    clause: Clause
    start: int
    end: int
    rank: float
    score: float
    coverage: float
    title: float
    dense: float
    heads: bool
    verbatim: bool
    quoted: bool
    away: bool = False
    named: bool = False

    @property
    def body(self) -> tuple[int, int]:
        """Where the words found stand, without the clause's number and outer blanks."""
        start, end = body_span(self.clause)
        return max(start, self.start), min(end, self.end)

    @property
    def bears(self) -> bool:
        """Whether the clause is about the matter at all."""
        by_words = self.verbatim or (self.heads and self.coverage >= MIN_COVERAGE)
        sure = self.quoted or self.score >= SURE_SCORE
        if self.away and self.coverage < AWAY_COVERAGE:
            return False
        found = self.score >= MIN_SCORE or (self.named and self.coverage >= NAMED_COVERAGE)
        return sure or (by_words and found)


def find(topic: Topic, context: Context, k: int) -> list[Match]:
    """At most `k` matches for a matter, best first, whether or not they bear on it.

    A long clause may come several times, with different passages.
    """
    knowledge = context.knowledge
    brought, figures = candidates(topic, context, k)
    order = ranks(figures, with_words=context.search.words is not None)
    coined = (term for term in knowledge.coined if term in topic.said)
    quoted = [*(q for q in QUOTED.findall(topic.said) if not _PERIOD.fullmatch(q)), *coined]
    matches = []
    named = bool(context.where) or context.policies < knowledge.policies.keys()
    at_large = bool(knowledge.home) and not named
    for (clause, hit), rank, coverage in zip(
        brought, order, figures[:, SIGNS.index("coverage")], strict=True
    ):
        heading = clause.title or clause.text.strip().partition(",")[0]
        document = knowledge.policies[clause.policy_id].title
        matches.append(
            Match(
                knowledge.clauses[clause.id],
                clause.start,
                clause.end,
                float(rank),
                hit.score,
                float(coverage),
                topic.coverage(heading, document),
                hit.scores.get("dense", 0.0),
                topic.heads(f"{document} {clause.text}"),
                len(longest_run(topic.said, clause.text)) >= VERBATIM,
                any(words in clause.text for words in quoted),
                at_large and clause.policy_id not in knowledge.home,
                named,
            )
        )
    matches = [match for match in matches if _speaks_of(match, context)]
    matches = _of_the_year(topic, matches, context)
    matches.sort(key=lambda match: -match.rank)
    if "policy" in context.where:
        return matches
    near = (_among(ids, matches) for ids in (context.talked_of, knowledge.home))
    return next(filter(None, near), matches)


def candidates(topic: Topic, context: Context, k: int) -> tuple[list[tuple[Clause, Hit]], Figures]:
    """What the search brings for a matter, headings left out, long clauses cut to the passage found,
    and the signs of each; see `qa.ranking`."""
    knowledge, where = context.knowledge, dict(context.where)
    if len(context.policies) < len(knowledge.policies):
        where["policy"] = context.policies
    hits = [] if topic.empty else context.search.search(topic.said, k, where=where)
    brought = [
        (clause, hit)
        for hit, clause in clauses_found(hits, knowledge.clauses)
        if not _heads_only(clause) and _HAN.search(clause.text)
    ]
    plain = [
        (
            hit.scores.get("dense", 0.0),
            hit.score,
            topic.coverage(clause.text, knowledge.policies[clause.policy_id].title),
            log(len(clause.text)),
            float(bool(clause.number)),
        )
        for clause, hit in brought
    ]
    texts = [clause.text for clause, _ in brought]
    table = np.array(plain).reshape(len(brought), len(SIGNS))
    return brought, signs(topic.said, texts, table, context.search.words)


def closeness(topic: Topic, texts: Sequence[str], context: Context) -> list[float]:
    """How much each text says of a matter, in nats above another, by its words and what they mean."""
    plain = np.zeros((len(texts), len(SIGNS)))
    plain[:, SIGNS.index("coverage")] = [topic.coverage(text) for text in texts]
    words = context.search.words
    figures = signs(topic.said, texts, plain, words)
    return [float(rank) for rank in ranks(figures, with_words=words is not None)]


def _speaks_of(match: Match, context: Context) -> bool:
    """Whether what was found, what stands above it or its document names the places and years asked of."""
    if not context.anchors:
        return True
    policy, clause = context.knowledge.policies[match.clause.policy_id], match.clause
    card = (policy.title, policy.region or "", str(policy.year or ""))
    said = " ".join((*card, *clause.section, clause.title, clause.words(match.start, match.end)))
    return all(name in said for name in context.anchors)


def _of_the_year(topic: Topic, matches: list[Match], context: Context) -> list[Match]:
    """Where a question says 今年 or 去年: without what stands under a heading of another year.

    The year is that of the document; without any such match, all of them.
    """
    away = next((years for word, years in _YEARS_AWAY.items() if word in topic.said), None)
    if away is None:
        return matches

    def fits(match: Match) -> bool:
        year = context.knowledge.policies[match.clause.policy_id].year
        headings = " ".join((*match.clause.section, match.clause.title))
        years = years_in(headings)
        return not year or not years or str(year + away) in years

    return [match for match in matches if fits(match)] or matches


def _heads_only(clause: Clause) -> bool:
    return clause.kind is ClauseKind.HEADING


def _among(ids: Collection[str], matches: list[Match]) -> list[Match]:
    """The matches of the documents talked of, or of the asker's own region, where one of them is
    about as good as the best."""
    own = [match for match in matches if match.clause.policy_id in ids]
    if not own:
        return []
    best = matches[0]
    covers = any(match.bears and match.coverage >= HOME_COVERS * best.coverage for match in own)
    return own if own[0].rank >= best.rank - (HOME_BEARS if covers else HOME_WITHIN) else []


def near_best(matches: list[Match], within: float = NEAR_BEST) -> list[Match]:
    """The matches that bear on the matter, down to so many nats below the best of them.

    What a question quotes, it asks of: where clauses have it, no other bears.
    """
    bearing = [match for match in matches if match.bears] or _far_ahead(matches)
    bearing = [match for match in bearing if match.quoted] or bearing
    best = max((match.rank for match in bearing), default=0.0)
    return [match for match in bearing if match.rank >= best - within]


def _far_ahead(matches: list[Match]) -> list[Match]:
    """The best match where none bears, but it stands far before those of all other clauses."""
    best = matches[0] if matches else None
    if not best or best.score < AHEAD_SCORE:
        return []
    others = (match.rank for match in matches if match.clause.id != best.clause.id)
    ahead = best.rank - next(others, best.rank)
    return [best] if ahead >= AHEAD + best.away else []


def each_once(matches: Iterable[Match]) -> list[Match]:
    """The first match of each clause."""
    first: dict[str, Match] = {}
    for match in matches:
        first.setdefault(match.clause.id, match)
    return list(first.values())

"""Which clauses bear on a matter: the hybrid search's hits, weighed by how much they cover."""

from __future__ import annotations

from dataclasses import dataclass

from domain import Clause, ClauseKind
from qa.context import Context
from qa.text import QUOTED, longest_run
from qa.topic import Topic

MIN_COVERAGE = 0.5  # of a matter's weight, that a clause must hold to bear on it by its words
MIN_SCORE = 0.18  # of the search, below which words that agree are a coincidence
SURE_SCORE = 0.6  # from which a clause bears on the matter, whatever words it has
VERBATIM = 7  # characters of the question that a clause repeats as they stand
HOME_SHARE = 0.85  # of the best score, from which a clause at home answers alone
NEAR_BEST = 0.8  # of the best score, from which a clause bears on the matter as well


@dataclass(frozen=True, slots=True)
class Match:
    """A clause found for a matter; shares are of the matter's weight, 0 to 1.

    `heads` says whether it, or its document's title, holds one of the most telling words, `verbatim`
    whether it repeats a long run of the question, `quoted` whether it has what the question quotes,
    or a term that the documents coined.
    """

    clause: Clause
    score: float
    coverage: float
    title: float
    dense: float
    heads: bool
    verbatim: bool
    quoted: bool

    @property
    def bears(self) -> bool:
        """Whether the clause is about the matter at all."""
        by_words = self.verbatim or (self.heads and self.coverage >= MIN_COVERAGE)
        sure = self.quoted or self.score >= SURE_SCORE
        return sure or (by_words and self.score >= MIN_SCORE)


def find(topic: Topic, context: Context, k: int) -> list[Match]:
    """At most `k` matches for a matter, best first, whether or not they bear on it."""
    if topic.empty:
        return []
    knowledge, where = context.knowledge, dict(context.where)
    if len(context.policies) < len(knowledge.policies):
        where["policy"] = context.policies
    hits = context.search.search(topic.said, k, where=where)
    coined = (term for term in knowledge.coined if term in topic.said)
    quoted = [*QUOTED.findall(topic.said), *coined]
    matches = []
    for hit in hits:
        clause = knowledge.clauses.get(hit.clause_id)
        if clause and clause.kind is not ClauseKind.HEADING:
            heading = clause.title or clause.text.strip().partition(",")[0]
            document = knowledge.policies[clause.policy_id].title
            matches.append(
                Match(
                    clause,
                    hit.score,
                    topic.coverage(clause.text, document),
                    topic.coverage(heading, document),
                    hit.scores.get("dense", 0.0),
                    topic.heads(f"{document} {clause.text}"),
                    len(longest_run(topic.said, clause.text)) >= VERBATIM,
                    any(words in clause.text for words in quoted),
                )
            )
    matches.sort(key=lambda match: -match.score)
    return matches if "policy" in context.where else _at_home(matches, context) or matches


def _at_home(matches: list[Match], context: Context) -> list[Match]:
    """The matches of the asker's own region, where one of them is about as good as the best."""
    own = [match for match in matches if match.clause.policy_id in context.knowledge.home]
    near = own and own[0].bears and own[0].score >= HOME_SHARE * matches[0].score
    return own if near else []


def near_best(matches: list[Match], share: float = NEAR_BEST) -> list[Match]:
    """The matches that bear on the matter, from a share of the best one's score on."""
    bearing = [match for match in matches if match.bears]
    best = max((match.score for match in bearing), default=0.0)
    return [match for match in bearing if match.score >= share * best]

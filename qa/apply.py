"""Which clauses bear on a described enterprise or person, with whom to call."""

from __future__ import annotations

from dataclasses import replace

from domain import AnswerStatus, Clause
from qa.context import Context
from qa.draft import Draft, Span, Statement
from qa.messages import nothing_found
from qa.reading import Reading
from qa.relevance import Match, find
from qa.text import sentences
from qa.topic import Topic
from qa.wording import body_span, label, marker_spans, units_by_role

MOST = 8
SHORT = 160  # characters
MIN_COVERAGE = 0.25  # of a description, which says much that no clause repeats
MIN_KNOWN = 0.15  # of a description's weight, that the documents must know at all
TELLS_ENOUGH = 2.5  # nats that one known word must tell
NEAR_BEST = 0.45  # of the best score


def apply(reading: Reading, context: Context) -> Draft:
    """The clauses that speak of what the asker does, best first within each document."""
    topic = _known(Topic.of(reading.topic), context)
    matches = find(topic, context, context.k)
    chosen = _bearing(matches)
    if not chosen:
        return nothing_found(reading, context)
    head = Statement(f"找到{len(chosen)}条与您所述情况有关的条款：", counts=(len(chosen),))
    lines = [_line(match.clause, topic, context) for match in chosen]
    tail = Statement(
        "是否适用以条款原文的条件为准，可向牵头单位咨询；未写明单位的请向发文机关咨询。"
    )
    first = chosen[0].clause
    return Draft(
        AnswerStatus.ANSWERED,
        (head, *lines, tail),
        (f"{context.knowledge.title(first.policy_id)}第{first.number}项是什么？",),
        tuple(match.clause.id for match in chosen),
    )


def _known(topic: Topic, context: Context) -> Topic:
    """The matter without the words that no document has in any form; a story has many of them."""
    texts = [clause.text for clause in context.knowledge.items(context.policies, None)]
    known = {w: v for w, v in topic.weights.items() if any(topic.holds(w, t) for t in texts)}
    told, all_told = sum(known.values()), sum(topic.weights.values())
    if not any(value >= TELLS_ENOUGH for value in known.values()) or told < MIN_KNOWN * all_told:
        return replace(topic, weights={}, text="")
    return replace(topic, weights=known)


def _bearing(matches: list[Match]) -> list[Match]:
    numbered = [m for m in matches if m.clause.number and m.coverage >= MIN_COVERAGE]
    best = max((match.score for match in numbered), default=0.0)
    return [match for match in numbered if match.score >= NEAR_BEST * best][:MOST]


def _line(clause: Clause, topic: Topic, context: Context) -> Statement:
    knowledge = context.knowledge
    best = _told_span(clause, topic)
    rows = [row for row in knowledge.rows(clause.id) if row.marker_end > best.end]
    units = f"（{units_by_role(knowledge, clause.id)}）" if rows else ""
    name = f"{knowledge.title(clause.policy_id)}{label(clause)}"
    words = clause.words(best.start, best.end)
    told = "" if words.rstrip("。") in name else f"：“{words}”"
    return Statement(f"{name}{told}{units}", (best, *marker_spans(rows)))


def _told_span(clause: Clause, topic: Topic) -> Span:
    """The whole of a short clause, the sentence on the matter of a long one."""
    start, end = body_span(clause)
    if end - start <= SHORT:
        return Span(clause.id, start, end)
    text = clause.words(start, end)
    spans = list(sentences(text, start)) or [(start, end)]
    at, stop = max(spans, key=lambda s: topic.coverage(clause.words(s[0], s[1])))
    return Span(clause.id, at, stop)

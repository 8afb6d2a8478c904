"""Whether the cited spans bear a sentence: each claim of it is looked for in them, none by likeness.

Compared are figures by value and measure word, the rest character by character after `plain`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from domain import Assignment, Role
from ingest.units import canonical, names_in
from numerals import to_int
from qa.checking.claims import (
    COMPARISONS,
    EXCEPTION,
    Claims,
    Day,
    Denial,
    Number,
    claims_of,
    plain,
    roles_in,
)
from qa.draft import Span
from qa.knowledge import Knowledge

_MARK = re.compile("[“”《》]")
_SILENT = re.compile(r"(?:没有|未)写明(牵头|配合|责任)单位")
_CUT_OFF = re.compile(r"(?:不|未|没有|非|无|禁止|不得|超过|低于|高于|少于)$")
_ENDS_SENTENCE = "。;!?\n"
_SENTENCE = re.compile(r"[^。;!?\n]+")
_HAN = re.compile(r"[\u4e00-\u9fffA-Za-z]+")
_RUN = 12  # characters of context on each side by which places are compared
_LONG_RUN = 40
_SLACK = 1  # characters by which one place must be more alike than another to count as nearer
_TELLING = 3  # characters around a figure that say what it counts
_NEAR = 8  # characters behind a negation in which its matter stands
_ON_MATTER = 0.6  # of a sentence's pairs of characters, that the cited clauses must have
_ON_SHORT = 0.75  # of a short sentence's
_MANY = 8  # pairs
_RETOLD = 0.7  # of a cited sentence's pairs, from which it counts as told
_LEAST_RUN = 4  # characters of a heading that says something by itself
_FEW = 2  # pairs; of a shorter sentence the matter is not judged
_COUNTERS = (
    "",
    "项",
    "个",
    "条",
    "份",
    "类",
    "种",
    "处",
    "章",
    "节",
    "部",
)  # of what a ledger counts
_OF_PARTS = ("第", "第部", "第章", "第节")
_ROLES = {"牵头": Role.LEAD, "配合": Role.COOPERATE, "责任": Role.RESPONSIBLE}
_ROLE_WORDS = {Role.LEAD: "牵头", Role.COOPERATE: "配合", Role.RESPONSIBLE: "负责"}
_FRAME = re.compile(
    "牵头|配合|责任|负责|单位|部门|由|共|是|为|和|的|与|等|项|该|其|并|及|"
    "按照|根据|依据|文件|通知|规定|要求|提出|指出|写明|明确|这项|工作|落实|推进|做好"
)


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A claim that no cited span bears: its kind, its words, and why it does not hold.

    `kind` is figure, date, unit, role, doc_no, negation, comparison, quote, or matter: the cited
    clauses speak of something else.
    """

    kind: str
    words: str
    why: str


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What is cited: the quotes, and with them what the cited clauses are called."""

    quotes: str
    borne: str
    whole: str
    claims: Claims
    named: Claims
    ordinals: frozenset[str]
    parts: frozenset[str]
    titles: tuple[str, ...]
    spans: Sequence[Span]
    rows: tuple[Assignment, ...]


def check(
    text: str,
    spans: Sequence[Span],
    knowledge: Knowledge,
    *,
    counts: Collection[int] = (),
    echoed: Collection[str] = (),
) -> tuple[Unsupported, ...]:
    """The claims of a sentence that its spans do not bear; none for a sentence that holds.

    `counts` are figures counted from the ledger, `echoed` words of the question that are no claim.
    """
    evidence = _evidence(spans, knowledge)
    told = plain(text)
    for words in echoed:
        told = told.replace(plain(words), "")
    if _stands_whole(told, evidence.quotes):
        return ()
    titles = tuple(_titles(told, evidence, knowledge))
    told = _without(told, "《", "")
    quotes = tuple(_quotes(told, evidence))
    silent = tuple(_silent(told, evidence, knowledge))
    told = _SILENT.sub("", told)
    bare = _without(told, "“", "。")
    claims = claims_of(told)
    unquoted = claims_of(bare)
    return (
        *quotes,
        *titles,
        *_doc_nos(claims, evidence),
        *_days(claims, evidence),
        *_numbers(claims, evidence, counts),
        *silent,
        *_units(told, evidence, knowledge),
        *(_denials(unquoted, evidence) if spans or unquoted.denials else ()),
        *_exceptions(unquoted, evidence),
        *_comparisons(unquoted, evidence),
        *(_matter(told, evidence) if spans else ()),
    )


def quote(span: Span, knowledge: Knowledge) -> str:
    """The characters of a span."""
    clause = knowledge.clauses[span.clause_id]
    policy = knowledge.policies[clause.policy_id]
    return policy.text[span.start : span.end]


def _evidence(spans: Sequence[Span], knowledge: Knowledge) -> _Evidence:
    quotes = plain("\n".join(quote(span, knowledge) for span in spans))
    cited = [knowledge.clauses[one] for one in dict.fromkeys(span.clause_id for span in spans)]
    clauses = list(dict.fromkeys(one for c in cited for one in (c, knowledge.item_of(c))))
    names = []
    for clause in clauses:
        opening = clause.text.strip().partition("。")[0]
        names += [clause.number, clause.title, opening, *clause.section]
    rows = tuple(
        row
        for span in spans
        for row in knowledge.rows(span.clause_id)
        if span.start <= row.start and row.end <= span.end
    )
    names += [row.unit for row in rows if row.as_printed != row.unit]
    called = plain("\n".join(names))
    numbers = {str(clause.ordinal) for clause in clauses if clause.ordinal}
    numbers |= {str(_label_value(clause.number)) for clause in clauses}
    parts = {str(_label_value(label)) for clause in clauses for label in clause.section}
    titles = dict.fromkeys(knowledge.policies[clause.policy_id].title for clause in clauses)
    texts = (*titles, *(clause.text for clause in clauses))
    return _Evidence(
        quotes,
        f"{quotes}\n{called}",
        plain("\n".join((quotes, called, *texts))),
        claims_of(quotes),
        claims_of(called),
        frozenset(numbers),
        frozenset(parts | numbers),
        tuple(plain(title) for title in titles),
        spans,
        rows,
    )


def _label_value(label: str) -> int | None:
    found = re.match(r"\W*第?([\d〇一二三四五六七八九十百]+)", plain(label))
    return to_int(found[1]) if found else None


def _stands_whole(told: str, cited: str) -> bool:
    """Whether a text is whole sentences of what is cited, nothing cut off on either side."""
    place = cited.find(told) if told else -1
    while place >= 0:
        end = place + len(told)
        begins = place == 0 or cited[place - 1] in _ENDS_SENTENCE
        ends = end == len(cited) or cited[end] in _ENDS_SENTENCE or told[-1] in _ENDS_SENTENCE
        if begins and ends:
            return True
        place = cited.find(told, place + 1)
    return False


def _quotes(told: str, evidence: _Evidence) -> Iterator[Unsupported]:
    for start, end in _marked(told, "“"):
        words = told[start + 1 : end - 1]
        place = evidence.borne.find(words)
        whole = False
        while place >= 0 and not whole:
            whole = not _CUT_OFF.search(evidence.borne[max(0, place - 2) : place])
            place = evidence.borne.find(words, place + 1)
        if not whole:
            yield Unsupported("quote", words, "所引条款里没有这句原文")


def _marked(text: str, opening: str) -> list[tuple[int, int]]:
    """The stretches between marks, “” or 《》, with them; of nested ones the outer counts alone."""
    found, opened = [], []
    for mark in _MARK.finditer(text):
        if mark[0] in "“《":
            opened.append(mark.start())
        elif opened:
            start = opened.pop()
            if not opened and text[start] == opening:
                found.append((start, mark.end()))
    return found


def _without(text: str, opening: str, instead: str) -> str:
    """A text with its quotes or titles left out."""
    parts, last = [], 0
    for start, end in _marked(text, opening):
        parts.append(text[last:start])
        last = end
    return instead.join((*parts, text[last:]))


def _titles(told: str, evidence: _Evidence, knowledge: Knowledge) -> Iterator[Unsupported]:
    for start, end in _marked(told, "《"):
        title = told[start + 1 : end - 1]
        known = title in knowledge.plain_titles or title in evidence.whole
        if not known:
            yield Unsupported("quote", title, "所引条款里没有这个文件名")


def _doc_nos(claims: Claims, evidence: _Evidence) -> Iterator[Unsupported]:
    printed = (*evidence.claims.doc_nos, *evidence.named.doc_nos)
    for told in claims.doc_nos:
        if not any(told.borne_by(one) for one in printed):
            yield Unsupported("doc_no", told.words, "所引条款里没有这个文号")


def _days(claims: Claims, evidence: _Evidence) -> Iterator[Unsupported]:
    printed = (*evidence.claims.days, *evidence.named.days)
    bare = {one.value for one in evidence.claims.numbers if not one.measure}
    for told in claims.days:
        as_number = told.year and not told.month and not told.edge and str(told.year) in bare
        if not as_number and not any(told.borne_by(one) for one in printed):
            yield Unsupported("date", told.words, "所引条款里没有这个日期")
        elif not as_number and _tied_elsewhere(told, claims, evidence):
            yield Unsupported("date", told.words, "所引条款里这个日期说的是别的事")


def _numbers(claims: Claims, evidence: _Evidence, counts: Collection[int]) -> Iterator[Unsupported]:
    counted = {str(count) for count in counts}
    printed = (*evidence.claims.numbers, *evidence.named.numbers)
    for told in claims.numbers:
        numbers = evidence.parts if told.measure in _OF_PARTS else evidence.ordinals
        own = told.measure.startswith("第") and told.value in numbers
        counts_it = told.value in counted and told.measure.removeprefix("第") in _COUNTERS
        if counts_it or own or told.one:
            continue
        alike = [one for one in printed if _same_figure(told, one)]
        if not alike:
            values = any(one.value == told.value for one in printed)
            why = "所引条款里这个数带的是别的量词" if values else "所引条款里没有这个数"
            yield Unsupported("figure", told.words, why)
        elif not any(_same_limits(told, one) for one in _nearest(told, alike, claims, evidence)):
            yield Unsupported("comparison", told.words, "所引条款对这个数的限定不同")
        elif told.value not in counted and _tied_elsewhere(told, claims, evidence):
            yield Unsupported("figure", told.words, "所引条款里这个数说的是别的事")


def _nearest(
    told: Number, alike: Sequence[Number], claims: Claims, evidence: _Evidence
) -> list[Number]:
    """Of the places that print a figure those in about the same words; all that only a name prints."""
    scores = {
        one: _around(told, claims.text, one, evidence.claims.text)
        for one in alike
        if one in evidence.claims.numbers
    }
    best = max(scores.values(), default=0)
    return [one for one in alike if scores.get(one, best) >= best - _SLACK]


def _tied_elsewhere(told: Number | Day, claims: Claims, evidence: _Evidence) -> bool:
    """Whether a figure stands in words that the cited text has around other figures only.

    So in 60项工作 told as 19项工作, where the text counts 19 of something else.
    """
    printed: list[Number | Day] = [*evidence.claims.numbers, *evidence.claims.days]
    own, others = [0], [0]
    for one in printed:
        score = _around(told, claims.text, one, evidence.claims.text)
        (own if _alike(told, one) else others).append(score)
    return len(own) > 1 and max(others) >= _TELLING and max(others) > max(own) + _SLACK


def _around(told: Number | Day, text: str, printed: Number | Day, cited: str) -> int:
    """How many characters before and after two figures are the same."""
    before = _left(text, told.start, cited, printed.start, _LONG_RUN)
    return before + _right(text, told.end, cited, printed.end, _LONG_RUN)


def _alike(told: Number | Day, printed: Number | Day) -> bool:
    if isinstance(told, Number) and isinstance(printed, Number):
        return _same_figure(told, printed)
    return isinstance(told, Day) and isinstance(printed, Day) and told.borne_by(printed)


def _same_figure(told: Number, printed: Number) -> bool:
    return told.value == printed.value and told.measure in ("", printed.measure)


def _same_limits(told: Number, printed: Number) -> bool:
    """Whether a figure is limited as printed: none added, not all of them lost, 从 and 至 kept apart."""
    mine, theirs = told.limits - {"至"}, printed.limits - {"至"}
    as_goal = "至" in told.limits and "从" in printed.limits
    if told.alone:
        theirs -= {"从"}
    kept = bool(mine) or not theirs
    return mine <= theirs and kept and ("从" in mine) == ("从" in theirs) and not as_goal


def _units(told: str, evidence: _Evidence, knowledge: Knowledge) -> Iterator[Unsupported]:
    """Names that do not stand in what is cited, and those that stand there in another role."""
    places = _names(told, knowledge)
    missing = set()
    for start, end in places:
        name = told[start:end]
        if name not in evidence.borne and not _meant(name, knowledge) & _cited(evidence, knowledge):
            missing.add(name)
            yield Unsupported("unit", name, "所引条款里没有这个单位")
    told_roles = [pair for pair in roles_in(told, places) if pair[0] not in missing]
    if not told_roles or not evidence.spans:
        return
    printed = _printed_roles(evidence, knowledge)
    for name, role in told_roles:
        mine = _meant(name, knowledge)
        if not any(role is other and mine & units for units, other in printed):
            why = f"所引条款没有写它{_ROLE_WORDS[role]}"
            yield Unsupported("role", f"{name}{_ROLE_WORDS[role]}", why)


def _names(text: str, knowledge: Knowledge) -> list[tuple[int, int]]:
    """Places of units in a plain text: names of the ledger and departments with their level."""
    places = knowledge.unit_names.find(text)
    places += [(start, end) for start, end, _ in names_in(text)]
    places.sort(key=lambda place: (place[0], -place[1]))
    apart: list[tuple[int, int]] = []
    for place in places:
        if apart and place[0] < apart[-1][1]:
            if place[1] > apart[-1][1]:
                apart[-1] = (apart[-1][0], place[1])
            continue
        apart.append(place)
    return apart


def _meant(name: str, knowledge: Knowledge) -> frozenset[str]:
    units = knowledge.unit_forms.get(name, ())
    return frozenset((name, canonical(name), *units, *(canonical(unit) for unit in units)))


def _cited(evidence: _Evidence, knowledge: Knowledge) -> frozenset[str]:
    """Every name of the units that the cited words name."""
    text = evidence.quotes
    named = (text[start:end] for start, end in _names(text, knowledge))
    rows = (name for row in evidence.rows for name in (row.unit, canonical(row.unit)))
    return frozenset((*(canonical(name) for name in named), *rows))


def _printed_roles(evidence: _Evidence, knowledge: Knowledge) -> list[tuple[frozenset[str], Role]]:
    """Who has which role by the ledger rows in the spans and by the words of the spans."""
    text = evidence.quotes
    said = [
        (_meant(name, knowledge), role) for name, role in roles_in(text, _names(text, knowledge))
    ]
    rows = [
        (_meant(row.unit, knowledge) | _meant(plain(row.as_printed), knowledge), row.role)
        for row in evidence.rows
    ]
    return said + rows


def _silent(told: str, evidence: _Evidence, knowledge: Knowledge) -> Iterator[Unsupported]:
    """`没有写明配合单位` where the ledger has one."""
    for word in _SILENT.findall(told):
        if any(knowledge.rows(span.clause_id, _ROLES[word]) for span in evidence.spans):
            yield Unsupported("role", f"没有写明{word}单位", "所引条款写明了")


def _denials(claims: Claims, evidence: _Evidence) -> Iterator[Unsupported]:
    """Denials that the cited words do not make, and denials of theirs that are left out."""
    cited = evidence.claims
    for one in claims.denials:
        if not cited.denials:
            yield Unsupported("negation", one.words + one.denied, "所引条款里没有这个否定")
        elif _is_denied_anew(claims.text, one, cited):
            yield Unsupported("negation", one.words + one.denied, "所引条款没有否定这一点")
    ends = {one.end for one in claims.denials}
    for lost in cited.denials:
        if len(lost.denied) < 2:
            continue
        for place in _places(lost.denied, claims.text):
            if place not in ends and _is_asserted_anew(claims.text, place, lost, cited):
                yield Unsupported("negation", lost.words + lost.denied, "漏掉了所引条款里的否定")
                break


def _is_denied_anew(told: str, one: Denial, cited: Claims) -> bool:
    """Whether what is denied stands in the cited words, and is best matched where it is affirmed."""
    denied = [other for other in cited.denials if other.denied == one.denied]
    ends = {other.end for other in cited.denials}
    free = [place for place in _places(one.denied, cited.text) if place not in ends]
    if not denied and not free:
        behind = told[one.end : one.end + _NEAR]
        return not any(other.denied and other.denied in behind for other in cited.denials)
    as_denied = max(
        (
            _left(told, one.start, cited.text, other.start)
            + _right(told, one.start, cited.text, other.start)
            for other in denied
        ),
        default=-1,
    )
    affirmed = max(
        (
            _left(told, one.start, cited.text, place) + _right(told, one.end, cited.text, place)
            for place in free
        ),
        default=-1,
    )
    return affirmed > as_denied


def _is_asserted_anew(told: str, place: int, lost: Denial, cited: Claims) -> bool:
    """Whether words told plainly are best matched where the cited words deny them."""
    ends = {other.end: other.start for other in cited.denials}
    best = {True: -1, False: -1}
    for other in _places(lost.denied, cited.text):
        start = ends.get(other, other)
        score = _left(told, place, cited.text, start) + _right(told, place, cited.text, other)
        best[other in ends] = max(best[other in ends], score)
    return best[True] > best[False]


def _places(words: str, text: str) -> Iterator[int]:
    place = text.find(words) if words else -1
    while place >= 0:
        yield place
        place = text.find(words, place + 1)


def _left(one: str, at: int, other: str, there: int, longest: int = _RUN) -> int:
    """How many characters before two places are the same."""
    run = 0
    while run < min(longest, at, there) and one[at - 1 - run] == other[there - 1 - run]:
        run += 1
    return run


def _right(one: str, at: int, other: str, there: int, longest: int = _RUN) -> int:
    """How many characters from two places on are the same."""
    run = 0
    most = min(longest, len(one) - at, len(other) - there)
    while run < most and one[at + run] == other[there + run]:
        run += 1
    return run


def _exceptions(claims: Claims, evidence: _Evidence) -> Iterator[Unsupported]:
    """Exceptions (除…外) that are not in the cited words, and those that a sentence leaves out."""
    for words in claims.exceptions:
        if words not in evidence.quotes and _share(words, evidence.quotes) < 0.8:
            yield Unsupported("negation", words, "所引条款里没有这个例外")
    if claims.exceptions or not evidence.claims.exceptions:
        return
    pairs = _pairs(claims.text)
    told = {
        sentence: sum(pair in sentence for pair in pairs) / max(1, len(pairs))
        for sentence in _SENTENCE.findall(evidence.quotes)
    }
    most = max(told.values())
    for sentence, share in told.items():
        lost = EXCEPTION.search(sentence)
        if not lost:
            continue
        rest = sentence.replace(lost[0], "")
        if (share == most and share >= _ON_MATTER) or (
            len(rest) >= _RUN and _share(rest, claims.text) >= _RETOLD
        ):
            yield Unsupported("negation", lost[0], "漏掉了所引条款里的例外")


def _comparisons(claims: Claims, evidence: _Evidence) -> Iterator[Unsupported]:
    """Words of comparison that the cited words lack, or have for something else."""
    text = claims.text
    for place, word in claims.comparisons:
        if word not in evidence.borne:
            yield Unsupported("comparison", word, "所引条款里没有这样比较")
            continue
        own = _likest(text, place, word, (word,), evidence.quotes)
        if own >= 0 and _likest(text, place, word, COMPARISONS, evidence.quotes) > own + _SLACK:
            yield Unsupported("comparison", word, "所引条款在这里是另一种比较")


def _likest(text: str, place: int, word: str, words: Iterable[str], cited: str) -> int:
    """How like a word's surroundings are to those of any of some words in what is cited; or -1."""
    return max(
        (
            _left(text, place, cited, there)
            + _right(text, place + len(word), cited, there + len(w))
            for w in words
            for there in _places(w, cited)
        ),
        default=-1,
    )


def _matter(told: str, evidence: _Evidence) -> Iterator[Unsupported]:
    """That the cited clauses speak of something else; a sentence with a quote is tied by it."""
    if any(end - start > _FEW for start, end in _marked(told, "“")):
        return
    told = _without_claims(told)
    pairs = _pairs(told)
    if len(pairs) < _FEW:
        parts = (part for run in _HAN.findall(told) for part in _FRAME.split(run))
        runs = [part for part in parts if len(part) >= _LEAST_RUN]
        if any(run not in evidence.whole for run in runs):
            yield Unsupported("matter", told, "所引条款讲的不是这件事")
        return
    share = sum(pair in evidence.whole for pair in pairs) / len(pairs)
    if share < (_ON_MATTER if len(pairs) >= _MANY else _ON_SHORT):
        yield Unsupported("matter", told, "所引条款讲的不是这件事")


def _without_claims(text: str) -> str:
    """A text with its figures, dates and words of comparison out, which are looked for apart."""
    claims, left = claims_of(text), list(text)
    figures: list[Number | Day] = [*claims.numbers, *claims.days]
    spans = [(one.start, one.end) for one in figures]
    spans += [(place, place + len(word)) for place, word in claims.comparisons]
    for start, end in spans:
        left[start:end] = "。" * (end - start)
    return "".join(left)


def is_short(text: str) -> bool:
    """Whether a sentence says too little for its matter to tell where it comes from."""
    return len(_pairs(text)) < _MANY


def _pairs(text: str) -> set[str]:
    """Pairs of neighbouring characters that carry matter."""
    parts = (part for run in _HAN.findall(text) for part in _FRAME.split(run))
    return {part[at : at + 2] for part in parts for at in range(len(part) - 1)}


def _share(words: str, text: str) -> float:
    pairs = _pairs(words)
    return sum(pair in text for pair in pairs) / len(pairs) if pairs else 1.0

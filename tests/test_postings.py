"""The inverted index: what it keeps is BM25; joined and stacked, it is what it would be at once."""

from collections import Counter
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.postings import K1, B, Postings, invert, joined, key_of, stacked

TERMS = st.lists(
    st.sampled_from(["企业", "认证", "低空", "经济", "铁路", "aeo", "𠀀", "0"]), max_size=12
)
TEXTS = st.lists(TERMS, max_size=12)
ARRAYS = ("keys", "starts", "rows", "impacts")


def as_dicts(postings: Postings, field: str, terms: set[str]) -> dict[str, dict[int, float]]:
    """Impact by row, of each term."""
    spans = postings.spans(np.array([key_of(field, term) for term in terms], np.uint64))
    return {
        term: dict(zip(postings.rows[s].tolist(), postings.impacts[s].tolist(), strict=True))
        for term, s in zip(terms, spans, strict=True)
    }


def assert_same(one: Postings, other: Postings) -> None:
    for name in ARRAYS:
        ours, theirs = getattr(one, name), getattr(other, name)
        assert (ours.dtype, ours.tolist()) == (theirs.dtype, theirs.tolist()), name


def plain_bm25(texts: Sequence[Sequence[str]], average: float) -> dict[str, dict[int, float]]:
    impacts: dict[str, dict[int, float]] = {}
    for row, text in enumerate(texts):
        for term, tf in Counter(text).items():
            length = len(text) / average
            impact = tf * (K1 + 1) / (tf + K1 * (1 - B + B * length))
            impacts.setdefault(term, {})[row] = impact
    return impacts


@given(TEXTS, st.none() | st.floats(1, 100))
def test_impacts_are_those_of_bm25(texts: list[list[str]], average: float | None) -> None:
    mean = max(sum(map(len, texts)) / len(texts), 1.0) if texts else 1.0
    expected = plain_bm25(texts, average or mean)
    there = as_dicts(invert(texts, "words", average), "words", {*expected})
    assert there.keys() == expected.keys()
    for term, impacts in expected.items():
        assert there[term] == pytest.approx(impacts, rel=1e-3)


@given(TEXTS)
def test_rows_ascend_and_stand_once(texts: list[list[str]]) -> None:
    postings = invert(texts, "words", None)
    assert np.all(np.diff(postings.keys.astype(object)) > 0)
    assert (postings.starts[0], postings.starts[-1]) == (0, len(postings.rows))
    for start, end in zip(postings.starts, postings.starts[1:], strict=False):
        assert end > start
        assert np.all(np.diff(postings.rows[start:end]) > 0)


@given(TEXTS, st.text(max_size=3))
def test_holding_gives_the_rows_of_a_term(texts: list[list[str]], other: str) -> None:
    postings = invert(texts, "words", None)
    for term in {"企业", "aeo", other}:
        rows = [row for row, text in enumerate(texts) if term in text]
        assert postings.holding("words", term).tolist() == rows
        assert postings.holding("pairs", term).tolist() == []


@given(st.lists(st.lists(st.tuples(TERMS, st.booleans()), max_size=8), min_size=1, max_size=5))
def test_joined_postings_are_those_made_at_once(parts: list[list[tuple[list[str], bool]]]) -> None:
    """A part may be empty, and all of its rows may be dropped."""
    places, kept = [], []
    for part in parts:
        alive = np.array([keep for _, keep in part], bool)
        place = np.full(len(part), -1, np.int32)
        place[alive] = np.arange(len(kept), len(kept) + alive.sum())
        places.append(place)
        kept += [text for text, keep in part if keep]
    made = [invert([text for text, _ in part], "words", 5.0) for part in parts]
    assert_same(joined(made, places), invert(kept, "words", 5.0))


@given(TEXTS, TEXTS)
def test_stacked_fields_do_not_mix(one: list[list[str]], other: list[list[str]]) -> None:
    """Also where one of them has no row at all, or fewer texts with any term."""
    fields = [invert(one, "one", 5.0), invert(other, "other", 5.0)]
    table = stacked(fields)
    terms = {term for text in (*one, *other) for term in text}
    for name, field in zip(("one", "other"), fields, strict=True):
        assert as_dicts(table, name, terms) == as_dicts(field, name, terms)
    assert len(table.rows) == sum(len(field.rows) for field in fields)


def test_nothing_is_an_index_too() -> None:
    for empty in (invert([], "words", None), invert([[], []], "words", None)):
        assert empty.spans(np.array([1, 2], np.uint64)) == [slice(0, 0)] * 2
        assert empty.holding("words", "企业").tolist() == []
        assert_same(joined([empty, empty], [np.zeros(0, np.int32)] * 2), invert([], "words", None))


@pytest.mark.parametrize(
    ("text", "average"), [(["企业"] * 70_000, 1.0), (["企业"] + ["的"] * 300_000, 40.0)]
)
def test_impacts_of_long_texts_stay_in_the_range_of_float16(
    text: list[str], average: float
) -> None:
    impacts = invert([text, ["企业"]], "words", average).impacts
    assert np.all(np.isfinite(impacts))
    assert np.all((impacts > 0) & (impacts <= K1 + 1))


def test_a_term_is_known_by_its_field_and_its_letters() -> None:
    assert len({key_of(field, term) for field in "ab" for term in ("", "b", "企业", "𠀀")}) == 8

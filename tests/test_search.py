"""What is found: the obvious clause, only what passes a filter, and the same as by plain formulas."""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from indexing import (
    ENCODER,
    WORDS,
    Plainly,
    assert_alike,
    entry,
    found,
    nothing_in,
    passes,
    some_entries,
)

from domain import ClauseKind
from index.entries import Entry
from index.fusion import best, fuse, scaled
from index.local import LocalSearch
from index.protocol import Search
from ingest.catalog import Catalog
from qa.engine import Engine
from workspace import Workspace

SCORES = arrays(np.float32, st.integers(0, 30), elements=st.floats(0, 50, width=32))
WHERE = st.fixed_dictionaries(
    {},
    optional={
        "policy": st.lists(st.sampled_from(["p0", "p1", "p2", "p9"]), max_size=3),
        "year": st.lists(st.sampled_from(["2020", "2021", "1999"]), max_size=2),
        "region": st.lists(st.sampled_from(["长宁区", "青浦区"]), max_size=2),
        "unit": st.just(["区教育局"]),
    },
)
QUERY = st.lists(st.sampled_from([*WORDS, "量子", "摆摊", "。", "第7项"]), max_size=5).map("".join)


@given(SCORES)
def test_scaled_scores_lie_in_0_to_1_in_the_same_order(scores: np.ndarray) -> None:
    relative = scaled(scores, float(scores.max(initial=0)))
    assert relative.shape == scores.shape
    assert np.all((relative >= 0) & (relative <= 1))
    assert np.all(np.diff(relative[np.argsort(scores, kind="stable")]) >= 0)
    if scores.size and scores.max() > 0:
        assert relative.max() == pytest.approx(1)


@given(st.integers(1, 20), st.data())
def test_fusion_rises_with_each_of_its_scores(size: int, data: st.DataObject) -> None:
    words, pairs, dense = (
        data.draw(arrays(np.float32, size, elements=st.floats(0, 8, width=16))) for _ in range(3)
    )
    top = float(words.max()), float(pairs.max())
    bm25, fused = fuse(words, pairs, dense, *top, bound=10.0)
    assert np.all((bm25 >= 0) & (bm25 <= 1 + 1e-6))
    for other in (words, pairs, dense):
        more = [each + np.float32(other is each) for each in (words, pairs, dense)]
        assert np.all(fuse(*more, *top, bound=10.0)[1] >= fused)
    nothing = np.zeros(size, np.float32)
    assert np.argsort(fuse(nothing, nothing, dense, 0, 0, 0)[1], kind="stable").tolist() == (
        np.argsort(dense, kind="stable").tolist()
    )


@given(SCORES, st.integers(0, 40))
def test_the_best_come_first_and_ties_in_order(scores: np.ndarray, k: int) -> None:
    expected = sorted(range(scores.size), key=lambda place: (-scores[place], place))[:k]
    assert best(scores, k).tolist() == expected


@pytest.fixture(scope="module")
def entries() -> list[Entry]:
    return [*some_entries(150), entry("empty", ""), entry("mark", "。。。", policy="p0")]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, entries: list[Entry]) -> LocalSearch:
    return nothing_in(tmp_path_factory.mktemp("index"), ENCODER).updated(entries)


@pytest.fixture(scope="module")
def plain(entries: list[Entry], made: LocalSearch) -> Plainly:
    return Plainly(entries, made)


@given(query=QUERY, where=WHERE, k=st.integers(0, 200))
@hypothesis_settings(max_examples=60, deadline=None)
def test_what_is_found_is_what_the_formulas_say(
    made: LocalSearch,
    plain: Plainly,
    entries: list[Entry],
    query: str,
    where: Mapping[str, list[str]],
    k: int,
) -> None:
    """All that passes the filter, by the scores of what passes."""
    hits = made.search(query, k, where=where)
    if not query:
        assert hits == []
        return
    expected = plain.search(query, where)
    assert len(hits) == min(k, len(expected))
    by_id = {each.id: each for each in entries}
    assert all(passes(by_id[hit.clause_id], where) for hit in hits)
    scores = {hit.clause_id: hit for hit in expected}
    assert_alike(hits, [scores[hit.clause_id] for hit in hits])
    for hit, other in zip(hits, expected, strict=False):
        assert hit.score == pytest.approx(other.score, abs=4e-3)


def test_a_large_segment_gives_about_what_an_exact_one_gives(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rows that neither the words nor FAISS bring forward are not scored."""
    entries = [*some_entries(1500), *(entry(f"e{at}", "") for at in range(20))]
    exact = nothing_in(tmp_path / "exact", ENCODER).updated(entries)
    monkeypatch.setattr("index.segment.EXACT_ROWS", 200)
    monkeypatch.setattr("index.local.EXACT_ROWS", 200)
    monkeypatch.setattr("index.local._BROUGHT", 60)
    large = nothing_in(tmp_path / "large", ENCODER).updated(entries)
    large = large.updated([], ["p#5"])
    exact = exact.updated([], ["p#5"])
    assert (exact.exact, large.exact) == (True, False)
    recalled = []
    random = np.random.default_rng(3)
    for _ in range(40):
        query = "".join(random.choice(WORDS, 3))
        for where in ({}, {"policy": ["p0", "p1"]}):
            ours = large.search(query, 10, where=where)
            theirs = exact.search(query, 10, where=where)
            assert len(ours) == 10
            recalled.append(len({h.clause_id for h in ours} & {h.clause_id for h in theirs}) / 10)
            scores = {h.clause_id: h.scores for h in exact.search(query, 2000, where=where)}
            for hit in ours:
                assert hit.scores["dense"] == pytest.approx(
                    scores[hit.clause_id]["dense"], abs=1e-3
                )
    assert np.mean(recalled) >= 0.95


@pytest.mark.parametrize(
    "where", [{"year": ["2021"], "region": ["长宁区"]}, {"region": ["青浦区"], "policy": ["p2"]}]
)
def test_a_filter_that_leaves_few_rows_of_a_large_segment_is_exact(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, where: Mapping[str, list[str]]
) -> None:
    entries = some_entries(1000)
    exact = nothing_in(tmp_path / "exact", ENCODER).updated(entries)
    monkeypatch.setattr("index.segment.EXACT_ROWS", 300)
    monkeypatch.setattr("index.local.EXACT_ROWS", 300)
    large = nothing_in(tmp_path / "large", ENCODER).updated(entries)
    monkeypatch.setattr("index.local._BROUGHT", 1)
    monkeypatch.setattr("index.nearest.PROBES", 1)
    assert not large.exact
    for query in ("企业申请低空经济", "养老服务", "量子"):
        hits = large.search(query, 500, where=where)
        assert {h.clause_id for h in hits} == {e.id for e in entries if passes(e, where)}
        assert_alike(hits, exact.search(query, 500, where=where), tolerance=1e-5)
        for k in (1, 5):
            assert_alike(
                large.search(query, k, where=where),
                exact.search(query, k, where=where),
                tolerance=1e-5,
            )


def test_as_many_are_found_as_are_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where what passes lies far from the question, and nothing has its words."""
    monkeypatch.setattr("index.segment.EXACT_ROWS", 100)
    monkeypatch.setattr("index.local.EXACT_ROWS", 100)
    monkeypatch.setattr("index.nearest.PROBES", 1)
    entries = [entry(f"n{at}", f"低空经济{at}", year="2024") for at in range(600)]
    entries += [entry(f"f{at}", f"养老服务{at}", year="2020") for at in range(200)]
    search = nothing_in(tmp_path, ENCODER).updated(entries)
    assert not search.exact
    far = search.search("低空经济", 10, where={"year": ["2020"]})
    assert len({h.clause_id for h in far}) == 10
    assert len(search.search("量子", 700)) == 700
    assert found(search) == {each.id for each in entries}


@pytest.mark.parametrize("k", [-1, 0])
def test_none_asked_for_is_none_found(made: LocalSearch, k: int) -> None:
    assert made.search("企业", k) == []


def test_a_filter_that_nothing_passes_finds_nothing(made: LocalSearch) -> None:
    nothing: list[dict[str, list[str]]] = [
        {"policy": []},
        {"policy": ["p"]},
        {"never": ["p0"]},
        {"policy": ["p0"], "year": []},
        {"policy": ["p0"], "never": ["x"]},
    ]
    for where in nothing:
        assert made.search("企业", 5, where=where) == []
    assert len(made.search("企业", 5, where={})) == 5


@pytest.mark.parametrize("texts", [["支持企业"], ["支持企业", "支持企业"], ["企业"] * 5])
def test_a_word_that_all_have_still_counts(tmp_path: Path, texts: list[str]) -> None:
    """Rarity stays above zero, and equal texts have equal scores."""
    search = nothing_in(tmp_path, ENCODER).updated(
        entry(str(at), text) for at, text in enumerate(texts)
    )
    hits = search.search("企业", 9)
    assert [hit.clause_id for hit in hits] == [str(at) for at in range(len(texts))]
    assert {hit.scores["bm25"] for hit in hits} == {1}


def test_what_stands_above_is_found_too(tmp_path: Path) -> None:
    search = nothing_in(tmp_path, ENCODER).updated(
        [entry("a", "支持企业", "虹桥行动方案 通关便利化"), entry("b", "支持企业", "养老")]
    )
    assert search.search("通关便利化", 1)[0].clause_id == "a"


def test_a_document_number_is_found_however_it_is_printed(tmp_path: Path) -> None:
    search = nothing_in(tmp_path, ENCODER).updated(
        [
            entry("a", "按照国办发〔2018〕128号文件执行"),
            entry("b", "按照国办发〔2018〕12号文件执行"),
            entry("c", "按照国发〔2018〕128号文件执行"),
            *(entry(f"x{at}", f"按照有关文件执行，2018年第{at}号、128项") for at in range(20)),
        ]
    )
    for query in ("国办发〔2018〕128号", "根据国办发[2018]128号", "国办发（2018）128号说了什么"):
        hits = search.search(query, 3)
        assert hits[0].clause_id == "a"
        assert hits[0].scores["bm25"] > hits[1].scores["bm25"] + 0.05


@pytest.fixture(scope="module")
def search(workspace: Workspace) -> Search:
    return workspace.search()


OBVIOUS = {
    "无人机适航取证": "ftz-2024#8",
    "企业怎么申请AEO认证": "ftz-2024#3",
    "离岸经贸业务": "ftz-2024#4",
    "应届毕业生落户": "ftz-2024#17",
    "机场联络线和嘉闵线": "hongqiao-2021#45",
    "外籍人员子女学校": "hongqiao-2021#57",
    "虹桥之夜": "hongqiao-2021#54",
    "工作专班的组长是谁": "ftz-2024#(一)",
}


@pytest.mark.parametrize(("query", "expected"), OBVIOUS.items())
def test_a_search_finds_the_obvious_clause(search: Search, query: str, expected: str) -> None:
    assert search.search(query, 1)[0].clause_id == expected


def test_a_hit_says_why_it_is_there(search: Search) -> None:
    hits = search.search("企业申请AEO认证", 5)
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert hits[0].scores["bm25"] == pytest.approx(1)
    for hit in hits:
        assert set(hit.scores) == {"bm25", "dense", "fused"}
        assert 0 <= hit.scores["bm25"] <= 1
        assert -1.001 <= hit.scores["dense"] <= 1.001
        assert hit.score == hit.scores["fused"]


@pytest.mark.parametrize("policy", ["ftz-2024", "hongqiao-2021"])
def test_a_filter_holds_inside_the_search(search: Search, catalog: Catalog, policy: str) -> None:
    """Asked for more than there are, one policy gives all its clauses that say something."""
    hits = search.search("免税购物", 1000, where={"policy": {policy}})
    said = {c.id for c in catalog.clauses(policy) if c.kind is not ClauseKind.HEADING}
    assert {hit.clause_id for hit in hits} == said
    assert len(hits) == len(said)
    assert len(search.search("免税购物", 5, where={"policy": {policy}})) == 5


def test_a_filter_by_unit_leaves_what_the_ledger_says(search: Search, catalog: Catalog) -> None:
    unit = catalog.assignments("ftz-2024")[0].unit
    named = {each.clause_id for each in catalog.assignments() if each.unit == unit}
    hits = search.search("企业", 1000, where={"unit": [unit]})
    assert {hit.clause_id for hit in hits} >= named > set()
    assert len(hits) < len(search.search("企业", 1000)) / 2


def test_a_filter_by_year(search: Search) -> None:
    hits = search.search("企业", 1000, where={"year": ["2024"]})
    assert {hit.clause_id.partition("#")[0] for hit in hits} == {"ftz-2024"}


@pytest.mark.parametrize("query", ["", "  \n\u3000"])
def test_an_empty_query_finds_nothing(search: Search, query: str) -> None:
    assert search.search(query, 5) == []


@given(st.text(max_size=50), st.integers(0, 10))
@hypothesis_settings(deadline=None)
def test_any_query_is_served(search: Search, query: str, k: int) -> None:
    hits = search.search(query, k)
    assert len(hits) == (k if query.strip() else 0)
    assert all(np.isfinite(hit.score) for hit in hits)


def test_the_engine_searches_the_same_index(engine: Engine, search: Search) -> None:
    assert engine.search.search("低空经济", 3) == search.search("低空经济", 3)

"""Nothing is shown that its citation does not bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import AnswerStatus, Clause, ClauseKind, Policy
from qa.checking.verify import check, supported, verify
from qa.draft import Draft, Span, Statement
from qa.engine import Engine
from qa.knowledge import Knowledge
from qa.text import sentences
from qa.wording import whole_span


def span(engine: Engine, clause_id: str) -> Span:
    return whole_span(engine.knowledge.clauses[clause_id])


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("第8项由区经委牵头。", True),
        ("第8项由区科委牵头。", False),
        ("第8项补助50万元。", False),
        ("第9项由区经委牵头。", False),
        ("原文是“整机和零部件出口”。", True),
        ("原文是“整机出口”。", False),
    ],
)
def test_units_figures_and_quotes_must_stand_in_the_span(
    text: str, holds: bool, engine: Engine
) -> None:
    statement = Statement(text, (span(engine, "ftz-2024#8"),))
    assert supported(statement, engine.knowledge) is holds


@given(st.integers(1, 9999))
def test_a_figure_that_the_span_lacks_is_never_borne(engine: Engine, figure: int) -> None:
    printed = {200, 60, 30}
    found = check(f"审批时限有{figure}日", [span(engine, "ftz-2024#10")], engine.knowledge)
    assert figure in printed or any(one.kind == "figure" for one in found)


@pytest.mark.parametrize(
    ("clause_id", "text", "kinds"),
    [
        ("ftz-2024#8", "由区经委牵头，大零号湾集团配合。", set()),
        ("ftz-2024#8", "由大零号湾集团牵头，区经委配合。", {"role"}),
        ("ftz-2024#8", "牵头单位不是区经委。", {"negation"}),
        ("ftz-2024#8", "没有写明配合单位。", {"role"}),
        ("ftz-2024#10", "审批时限由200日压缩至60日。", set()),
        ("ftz-2024#10", "审批时限从60日压缩至200日。", {"comparison"}),
        ("ftz-2024#10", "审批时限从200项压缩至60项。", {"figure"}),
        ("ftz-2024#10", "审批时限不超过30日。", {"comparison"}),
        ("ftz-2024#10", "药品临床试验审批时限从60日延长至30日。", {"comparison"}),
        ("ftz-2024#preamble", "根据沪自贸组[2024]2号要求。", set()),
        ("ftz-2024#preamble", "根据沪自贸组〔2024〕3号要求。", {"doc_no"}),
        ("ftz-2024#preamble", "2024年11月1日印发。", set()),
        ("ftz-2024#preamble", "2024年12月1日印发。", {"date"}),
    ],
)
def test_each_kind_of_claim_is_looked_for(
    clause_id: str, text: str, kinds: set[str], engine: Engine
) -> None:
    found = check(text, [span(engine, clause_id)], engine.knowledge)
    assert {one.kind for one in found} == kinds


@pytest.mark.parametrize(
    ("cited", "told", "kinds"),
    [
        ("对逾期企业不予补贴。", "对逾期企业予以补贴。", {"negation"}),
        ("对逾期企业不予补贴。", "对逾期企业不予补贴。", set()),
        ("应当在不超过30日内办结审批。", "应当在30日办结审批。", {"comparison"}),
        ("企业可以申请设备补贴，外资企业除外。", "企业可以申请设备补贴。", {"negation"}),
        ("试点五年，补贴5万美元。", "补贴5万美元，试点5年。", set()),
        ("给予50万元奖励。", "给予500万元奖励。", {"figure"}),
        ("支持无人机企业不断发展。", "无人机企业不断发展。", set()),
    ],
)
def test_what_is_lost_is_seen(cited: str, told: str, kinds: set[str]) -> None:
    policy = Policy("p", "办法", cited, "")
    clause = Clause("p#1", "p", ClauseKind.PARAGRAPH, "", None, (), "", cited, 0, len(cited))
    found = check(told, [Span("p#1", 0, len(cited))], Knowledge([policy], [clause], []))
    assert {one.kind for one in found} == kinds


@given(st.data())
def test_a_verbatim_sentence_is_borne_by_itself(engine: Engine, data: st.DataObject) -> None:
    clause = data.draw(st.sampled_from(list(engine.knowledge.clauses.values())))
    places = list(sentences(clause.text, clause.start)) or [(clause.start, clause.end)]
    start, end = data.draw(st.sampled_from(places))
    assert not check(clause.words(start, end), [Span(clause.id, start, end)], engine.knowledge)


def test_counted_and_echoed_words_need_no_span(engine: Engine) -> None:
    assert supported(Statement("共4项。", counts=(4,)), engine.knowledge)
    assert not supported(Statement("共4项。"), engine.knowledge)
    denied = Statement("不是。区科委不是牵头单位。", echoed=("区科委",))
    assert supported(denied, engine.knowledge)


def test_what_falls_changes_the_outcome(engine: Engine) -> None:
    true = Statement("区经委牵头。", (span(engine, "ftz-2024#8"),))
    false = Statement("区教育局牵头。", (span(engine, "ftz-2024#8"),))
    both = verify(Draft(AnswerStatus.ANSWERED, (true, false)), engine.knowledge)
    assert both.status is AnswerStatus.PARTIAL
    assert both.dropped == ("区教育局牵头。",)
    assert "区教育局" not in both.text
    none = verify(Draft(AnswerStatus.ANSWERED, (false,)), engine.knowledge)
    assert none.status is AnswerStatus.NOT_FOUND
    assert none.text
    assert none.citations == ()


def test_markers_count_from_one_and_a_span_has_one_marker(engine: Engine) -> None:
    one, other = span(engine, "ftz-2024#8"), span(engine, "ftz-2024#9")
    lines = (Statement("甲。", (one,)), Statement("乙。", (other,)), Statement("丙。", (one,)))
    checked = verify(Draft(AnswerStatus.ANSWERED, lines), engine.knowledge)
    assert checked.text == "甲。[1]\n乙。[2]\n丙。[1]"
    assert [citation.clause_id for citation in checked.citations] == ["ftz-2024#8", "ftz-2024#9"]

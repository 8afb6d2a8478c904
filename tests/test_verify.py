"""Nothing is shown that its citation does not bear."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import AnswerStatus
from qa.draft import Draft, Span, Statement
from qa.engine import Engine
from qa.verify import supported, verify
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
def test_a_figure_that_the_span_lacks_is_never_borne(figure: int) -> None:
    cited = "从200日压缩至60日,从60日压缩至30日"
    from qa.verify import _figures_stand

    printed = {200, 60, 30}
    assert _figures_stand(f"压缩到{figure}日", cited, ()) == (figure in printed)


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

"""Text to clauses: nothing is lost, every item is its own clause, anchors are unique."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import Clause, ClauseKind
from ingest.catalog import Catalog
from ingest.document import Source, settle
from ingest.outline.clauses import split_clauses
from numerals import to_chinese

KINDS = {
    "ftz-2024": {"preamble": 1, "paragraph": 2, "heading": 2, "task": 19, "measure": 3},
    "hongqiao-2021": {"preamble": 1, "heading": 4, "task": 60},
}
FOUR_SECTIONS = {
    "着力建设国际化中央商务区": range(1, 17),
    "着力构建国际贸易中心新平台": range(17, 36),
    "着力建设具有全球影响力的上海南部科创中心": range(36, 44),
    "着力打造国际化产城融合示范标杆": range(44, 61),
}


def split(text: str) -> list[Clause]:
    """The clauses of a text, after the promise that holds for every text."""
    clauses = split_clauses("p", settle(Source(text)))
    assert "".join(clause.text for clause in clauses) == text
    assert all(text[clause.start : clause.end] == clause.text for clause in clauses)
    assert len({clause.id for clause in clauses}) == len(clauses)
    return clauses


def anchors(text: str) -> list[str]:
    return [clause.id.removeprefix("p#") for clause in split(text)]


def tasks(clauses: list[Clause]) -> list[Clause]:
    return [clause for clause in clauses if clause.kind is ClauseKind.TASK]


@pytest.mark.parametrize("policy_id", KINDS)
def test_the_outline_of_a_bundled_policy(
    catalog: Catalog, golden: Callable[[str, str], None], policy_id: str
) -> None:
    """Read the golden file in review: one line a clause."""
    rows = [
        (c.id, c.kind, c.number, " / ".join(c.section), c.title, c.start, c.end)
        for c in catalog.clauses(policy_id)
    ]
    golden(f"{policy_id}.outline.tsv", "".join("\t".join(map(str, row)) + "\n" for row in rows))


@pytest.mark.parametrize("policy_id", KINDS)
def test_every_character_of_a_bundled_policy_is_in_a_clause(
    catalog: Catalog, policy_id: str
) -> None:
    clauses = split_clauses(policy_id, settle(Source(catalog.policy(policy_id).text)))
    assert "".join(clause.text for clause in clauses) == catalog.policy(policy_id).text
    kinds = [clause.kind.value for clause in clauses]
    assert {kind: kinds.count(kind) for kind in kinds} == KINDS[policy_id]


def test_the_2024_policy_has_19_tasks_under_one_heading(catalog: Catalog) -> None:
    found = tasks(catalog.clauses("ftz-2024"))
    assert [task.ordinal for task in found] == list(range(1, 20))
    assert {task.section for task in found} == {("三、重点任务",)}
    assert found[7].id == "ftz-2024#8"
    assert found[7].title == "促进低空经济产业联动发展"


def test_the_2021_policy_has_60_tasks_in_four_sections(catalog: Catalog) -> None:
    found = tasks(catalog.clauses("hongqiao-2021"))
    assert [task.ordinal for task in found] == list(range(1, 61))
    for section, numbers in FOUR_SECTIONS.items():
        assert [t.ordinal for t in found if t.section == (section,)] == list(numbers)
    assert found[53].text.strip().startswith("54.促进会商旅文体联动发展")


def test_measures_stand_under_their_part(catalog: Catalog) -> None:
    measures = [c for c in catalog.clauses("ftz-2024") if c.kind is ClauseKind.MEASURE]
    assert [c.number for c in measures] == ["(一)", "(二)", "(三)"]
    assert [c.title for c in measures] == ["建立工作专班", "强化督查考核", "加强政策宣贯"]
    assert {c.section for c in measures} == {("四、保障措施",)}


def test_figures_and_dates_open_no_clause(sample: str) -> None:
    """
    1.支持技术改造,单户补助
    3.5万元以下的部分由区级承担,
    2024.11.1起施行。
    10.5 亿元用于
    2021年的项目。
    2.优化服务。
    """
    first, second = split(sample)
    assert first.number == "1"
    assert first.text.endswith("2021年的项目。\n")
    assert second.text == "2.优化服务。\n"


def test_numbers_inside_an_item_are_items_under_it(sample: str) -> None:
    """
    1.甲
    (1)甲之一
    ①更细
    (2)甲之二
    2.乙
    """
    found = split(sample)
    assert [clause.number for clause in found] == ["1", "(1)", "①", "(2)", "2"]
    assert [len(clause.section) for clause in found] == [0, 1, 2, 1, 0]
    assert [clause.kind for clause in found].count(ClauseKind.TASK) == 2


def test_restarting_numbers_get_anchors_of_their_own(sample: str) -> None:
    """
    一、甲
    1.子一
    2.子二
    二、乙
    1.子一
    2.子二
    3.只有一个
    """
    assert anchors(sample) == ["一", "一.1", "一.2", "二", "二.1", "二.2", "3"]


def test_a_number_printed_twice_gets_two_anchors(sample: str) -> None:
    """
    1.甲
    2.乙
    2.丙
    """
    assert anchors(sample) == ["1", "2", "2~2"]


def test_chapters_hold_articles(sample: str) -> None:
    """
    某条例
    第一章 总则
    第一条 为了甲,制定本条例。
    第二条 乙
    (一)乙之一;
    (二)乙之二。
    第二章 附则
    第三条 本条例自公布之日起施行。
    """
    by_number = {clause.number: clause for clause in split(sample)}
    assert by_number["第一章"].kind is ClauseKind.HEADING
    assert by_number["第一条"].section == ("第一章 总则",)
    assert by_number["(二)"].section == ("第一章 总则", "第二条 乙")
    assert by_number["第三条"].section == ("第二章 附则",)


def test_an_attachment_closes_what_ran_before(sample: str) -> None:
    """
    一、甲
    1.子一
    附件:
    任务清单
    1.清单一
    二、说明
    """
    *_, attachment, task, part = split(sample)
    assert attachment.title == "任务清单"
    assert (attachment.kind, attachment.section) == (ClauseKind.ATTACHMENT, ())
    assert task.section == ("附件 任务清单",)
    assert part.section == ("附件 任务清单",)


def test_markdown_headings_are_sections(sample: str) -> None:
    """
    # 某区行动方案
    ## 一、总体要求
    坚持稳中求进。
    ## 二、重点任务
    ### 产业
    1. **做强制造。** 支持链主企业。
    2. 做优服务。
    ## 三、保障措施
    """
    title, aims, part, trade, first, second, last = split(sample)
    assert (title.kind, title.section) == (ClauseKind.PREAMBLE, ())
    assert (aims.kind, aims.title) == (ClauseKind.PARAGRAPH, "总体要求")
    assert (part.kind, part.title) == (ClauseKind.HEADING, "重点任务")
    assert trade.section == ("二、重点任务",)
    assert (first.title, second.title) == ("做强制造", "")
    assert first.section == second.section == ("二、重点任务", "产业")
    assert last.section == ()


def test_a_markdown_heading_closes_numbered_ones_of_its_level(sample: str) -> None:
    """
    # 方案
    ## 概述
    文字。
    ## 一、任务
    1. 甲
    ## 附则
    2. 乙
    """
    sections = {clause.title: clause.section for clause in split(sample)}
    assert sections["任务"] == sections["附则"] == ()
    assert sections["甲"] == ("一、任务",)
    assert sections["乙"] == ("附则",)


def test_bold_items_are_items(sample: str) -> None:
    """
    **一、重点任务**

    **1. 甲任务。** 做甲。

    - **2. 乙任务。** 做乙。
    """
    part, first, second = split(sample)
    assert (part.kind, part.title) == (ClauseKind.HEADING, "重点任务")
    assert [c.title for c in (first, second)] == ["甲任务", "乙任务"]


def test_blank_lines_belong_to_the_item_before_them() -> None:
    blank, first, second = "\n \n", "1.甲\n\n\u3000\n", "     2.乙\n\n"
    assert [clause.text for clause in split(blank + first + second)] == [blank + first, second]


def test_a_text_without_items_is_one_clause() -> None:
    [clause] = split("关于召开会议的通知\n请准时参加。\n")
    assert (clause.kind, clause.id) == (ClauseKind.PREAMBLE, "p#preamble")


PIECES = st.sampled_from(
    ["一、", "(一)", "1.", "2.", "１．", "第一章 ", "第一条 ", "附件", "# ", "**", "- ", "①",
     "3.5万", "2024.11", "重点任务", "支持。", ",", "\n", "\n\n", "\r", " ", "\u3000", "\x0c", "\u2028"]
)  # fmt: skip


@given(st.text())
def test_any_text_joins_back(text: str) -> None:
    split(text)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_any_mix_of_marks_joins_back(text: str) -> None:
    split(text)


BODY = st.text("支持企业发展区内重点项目建设0123456789.,。%", min_size=1, max_size=30).filter(
    lambda body: not re.search(r"。\d+\.\D", body)  # which is another item on the line
)
STYLES: dict[str, Callable[[int], str]] = {
    "1.": lambda n: f"{n}.",
    "1．": lambda n: f"{n}．",
    "1、": lambda n: f"{n}、",
    "(一)": lambda n: f"({to_chinese(n)})",
    "（一）": lambda n: f"（{to_chinese(n)}）",
    "一、": lambda n: f"{to_chinese(n)}、",
    "第一条": lambda n: f"第{to_chinese(n)}条 ",
}


@pytest.mark.parametrize("style", STYLES)
@given(bodies=st.lists(BODY, min_size=1, max_size=30), gap=st.sampled_from(["\n", "\n\n  "]))
def test_a_written_outline_is_read_back(style: str, bodies: list[str], gap: str) -> None:
    items = [STYLES[style](n) + "做" + body for n, body in enumerate(bodies, 1)]
    clauses = split(gap.join(items) + "\n")
    assert [clause.ordinal for clause in clauses] == list(range(1, len(items) + 1))
    assert [clause.text.strip() for clause in clauses] == items

"""Gaps and repeats in the numbering, each with its place."""

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.archives import Input
from ingest.checks import check
from ingest.document import Source, settle
from ingest.outline.clauses import split_clauses
from ingest.parse import parse
from settings import BUNDLED_POLICIES


def issues(text: str) -> list[tuple[int, int, str]]:
    document = settle(Source(text))
    found = check(document, split_clauses("p", document), [])
    return [(issue.line, issue.column, issue.message) for issue in found]


@pytest.mark.parametrize("file", sorted(BUNDLED_POLICIES.glob("*.txt")), ids=lambda f: f.stem)
def test_the_bundled_policies_have_none(file: Path) -> None:
    assert parse(Input(file)).issues == ()


def test_a_gap_and_a_repeat_are_placed(sample: str) -> None:
    """
    一、重点任务

    1.甲
      3.丙
    3.丙又
    2.倒退
    """
    assert issues(sample) == [
        (4, 3, "编号跳号：1 之后是 3"),
        (5, 1, "编号重复或倒退：3 之后是 3"),
        (6, 1, "编号重复或倒退：3 之后是 2"),
    ]


def test_numbers_may_run_on_or_restart_under_a_new_heading(sample: str) -> None:
    """
    一、甲
    1.子一
    2.子二
    二、乙
    3.子三
    三、丙
    1.子一
    2.子二
    """
    assert issues(sample) == []


def test_a_restart_under_the_same_heading_is_an_issue(sample: str) -> None:
    """
    一、甲
    (一)子一
    (二)子二
    (一)又一
    """
    assert issues(sample) == [(4, 1, "编号重复或倒退：(二) 之后是 (一)")]


def test_items_with_and_without_a_body_are_one_run(sample: str) -> None:
    """
    一、甲
    (一)加强领导。区长任组长。
    (二)强化督查
    （三）加强宣贯。各单位做好解读。
    三、乙
    """
    assert issues(sample) == [(5, 1, "编号跳号：一 之后是 三")]


def test_a_missing_article_is_an_issue(sample: str) -> None:
    """
    第一章 总则
    第一条 甲
    第二章 附则
    第三条 丙
    """
    assert issues(sample) == [(4, 1, "编号跳号：第一条 之后是 第三条")]


def test_an_attachment_counts_anew(sample: str) -> None:
    """
    一、甲
    二、乙
    附件1
    一、甲
    附件3
    一、丙
    """
    assert issues(sample) == []


def test_a_document_without_numbers_is_pointed_out() -> None:
    [(line, column, message)] = issues("\n关于召开会议的通知\n")
    assert (line, column) == (2, 1)
    assert "没有认出任何编号" in message


@given(st.lists(st.integers(1, 30), min_size=1, max_size=20))
def test_every_jump_is_reported_once(numbers: list[int]) -> None:
    numbers = [1, *numbers]
    text = "".join(f"{n}.做事\n" for n in numbers)
    jumps = [
        line for line, (before, after) in enumerate(pairwise(numbers), 2) if after != before + 1
    ]
    assert [line for line, _, _ in issues(text)] == jumps

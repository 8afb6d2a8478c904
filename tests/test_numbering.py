"""The printed number at the head of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.outline.numbering import bare, find_marker, markdown_heading
from numerals import to_chinese

LINES = {
    # line: (style, number as printed, value, words after it)
    "第三章 总则": ("chapter", "第三章", 3, "总则"),
    "第二编\u3000分则": ("book", "第二编", 2, "分则"),
    "第一节 一般规定": ("section", "第一节", 1, "一般规定"),
    "第二十一条 本条例自公布之日起施行。": (
        "article",
        "第二十一条",
        21,
        "本条例自公布之日起施行。",
    ),
    "第8条\u3000本条例": ("article", "第8条", 8, "本条例"),
    "附件": ("attachment", "附件", 1, ""),
    "附件:": ("attachment", "附件", 1, ""),
    "附件2：": ("attachment", "附件2", 2, ""),
    "附件 3 任务分工表": ("attachment", "附件 3", 3, "任务分工表"),
    "三、重点任务": ("part", "三", 3, "重点任务"),
    "十二、附则": ("part", "十二", 12, "附则"),
    "(三)加强宣贯": ("measure", "(三)", 3, "加强宣贯"),
    "（三）加强宣贯": ("measure", "（三）", 3, "加强宣贯"),
    "3.提升能级": ("task", "3", 3, "提升能级"),
    "3．提升能级": ("task", "3", 3, "提升能级"),
    "3、提升能级": ("task", "3", 3, "提升能级"),
    "3. 提升能级": ("task", "3", 3, "提升能级"),
    "3\u3000提升能级": ("task", "3", 3, "提升能级"),
    "１２．提升能级": ("task", "１２", 12, "提升能级"),
    "     54.促进": ("task", "54", 54, "促进"),
    "100.提升": ("task", "100", 100, "提升"),
    "(3)甲": ("sub", "(3)", 3, "甲"),
    "③甲": ("circled", "③", 3, "甲"),
    "- 2. 乙": ("task", "2", 2, "乙"),
    "> 2. 乙": ("task", "2", 2, "乙"),
}

NO_ITEMS = [
    "3.5万元", "2024.11", "2024.11.1", "10.5 亿元", "2021年是开局之年", "3.５万", "1000.甲",
    "二〇二四年十一月", "第三条规定的情形", "第十一条甲", "一是加强领导", "五年来,", "5G网络", "13号线",
    "附件所列", "1 甲", "三季度", "(以下简称方案)", "·甲", "", "   ",
]  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_opens_with_its_number(line: str) -> None:
    style, number, value, words = LINES[line]
    marker = find_marker(line)
    assert marker is not None
    assert (marker.style.name, marker.number, marker.value) == (style, number, value)
    assert line[marker.start :].startswith(number)
    assert line[marker.end :] == words


@pytest.mark.parametrize("line", NO_ITEMS)
def test_a_line_that_only_looks_like_an_item_is_none(line: str) -> None:
    assert find_marker(line) is None


@pytest.mark.parametrize(
    ("line", "depth"),
    [("## 三、重点任务", 2), ("**三、重点任务**", 0), ("### **三、重点任务**", 3)],
)
def test_markdown_marks_stand_outside_the_number(line: str, depth: int) -> None:
    marker = find_marker(line)
    assert marker is not None
    assert (marker.number, marker.depth) == ("三", depth)
    assert bare(line) == "三、重点任务"


def test_a_markdown_heading_has_a_level_and_words() -> None:
    assert markdown_heading("## 总则\n") == (2, "总则")
    assert markdown_heading("###### **总则**") == (6, "总则")
    assert markdown_heading("####### 总则") is None
    assert markdown_heading("#总则") is None
    assert markdown_heading("总则") is None


@given(st.integers(1, 99), st.sampled_from(["", "  ", "\u3000\u3000", "\t"]))
def test_every_number_is_read_in_every_style(value: int, indent: str) -> None:
    chinese = to_chinese(value)
    for printed, style in (
        (f"第{chinese}章 甲", "chapter"),
        (f"第{chinese}条 甲", "article"),
        (f"{chinese}、甲", "part"),
        (f"({chinese})甲", "measure"),
        (f"{value}.甲", "task"),
        (f"（{value}）甲", "sub"),
    ):
        marker = find_marker(indent + printed)
        assert marker is not None
        assert (marker.style.name, marker.value) == (style, value)
        assert marker.start == len(indent)


@given(st.text())
def test_a_marker_lies_in_its_line(line: str) -> None:
    marker = find_marker(line)
    if marker:
        assert line[marker.start : marker.start + len(marker.number)] == marker.number
        assert marker.start < marker.end <= len(line)

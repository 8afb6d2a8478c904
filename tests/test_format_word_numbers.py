"""Automatic numbers: what Word draws, by the standard and as LibreOffice draws it too."""

import re
from itertools import product
from pathlib import Path

import pytest
from docx_files import (
    cell,
    converted,
    docx,
    instance,
    item,
    level,
    lists,
    paragraph,
    read,
    row,
    table,
)
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.word_numerals import numeral
from numerals import to_int

THREE = (
    level(0, "chineseCountingThousand", "%1、"),
    level(1, "chineseCountingThousand", "（%2）"),
    level(2, "decimal", "%3."),
)


def drawn(body: str, numbering: str, styles: str = "") -> list[str]:
    """The numbers before the word 项 of every line."""
    text = read(body, {"numbering": numbering, "styles": styles}).text
    return [line.partition("项")[0].strip() for line in text.splitlines()]


@pytest.mark.parametrize(
    ("form", "values", "expected"),
    [
        ("decimal", (1, 10, 21), "1 10 21"),
        ("decimalZero", (1, 10), "01 10"),
        ("decimalFullWidth", (1, 12), "１ １２"),
        ("decimalEnclosedCircle", (1, 20, 21, 50, 51), "① ⑳ ㉑ ㊿ 51"),
        ("decimalEnclosedCircleChinese", (1, 10, 11), "① ⑩ ⑪"),
        ("decimalEnclosedParen", (1, 20, 21), "⑴ ⒇ 21"),
        ("decimalEnclosedFullstop", (1, 20), "⒈ ⒛"),
        ("ideographEnclosedCircle", (1, 10), "㈠ ㈩"),
        ("chineseCounting", (1, 10, 11, 20, 99, 105), "一 十 十一 二十 九十九 一百零五"),
        (
            "chineseCountingThousand",
            (10, 100, 105, 110, 111),
            "十 一百 一百零五 一百一十 一百一十一",
        ),
        ("japaneseCounting", (1, 10, 12, 20, 101), "一 十 十二 二十 一百零一"),
        ("ideographDigital", (1, 10, 12), "一 一〇 一二"),
        ("chineseLegalSimplified", (1, 10, 23), "壹 壹拾 贰拾叁"),
        ("ideographTraditional", (1, 10, 11), "甲 癸 11"),
        ("ideographZodiac", (1, 12, 13), "子 亥 13"),
        ("upperLetter", (1, 26, 27), "A Z AA"),
        ("lowerLetter", (2, 28), "b bb"),
        ("upperRoman", (4, 9, 1994), "IV IX MCMXCIV"),
        ("lowerRoman", (4, 40), "iv xl"),
        ("ordinal", (1, 2, 3, 11, 21, 112), "1st 2nd 3rd 11th 21st 112th"),
        ("001, 002, 003, ...", (7, 1234), "007 1234"),
        ("no-such-form", (3,), "3"),
        ("decimal", (999_999_999,), "999999999"),
    ],
)
def test_numerals(form: str, values: tuple[int, ...], expected: str) -> None:
    assert " ".join(numeral(form, value) for value in values) == expected


@given(st.integers(1, 32_767))
def test_a_chinese_numeral_has_its_value(value: int) -> None:
    assert to_int(numeral("chineseCountingThousand", value)) == value


def test_levels_restart_under_the_one_above() -> None:
    body = "".join(item("项", 1, one) for one in (0, 1, 2, 2, 1, 2, 0, 1, 2))
    assert drawn(body, lists(THREE)) == [
        "一、",
        "（一）",
        "1.",
        "2.",
        "（二）",
        "1.",
        "二、",
        "（一）",
        "1.",
    ]


@pytest.mark.parametrize(
    ("restart", "expected"), [(0, ["3.", "4."]), (1, ["3.", "1."]), (2, ["1.", "1."])]
)
def test_a_level_says_what_restarts_it(restart: int, expected: list[str]) -> None:
    levels = (*THREE[:2], level(2, "decimal", "%3.", more=f'<w:lvlRestart w:val="{restart}"/>'))
    body = "".join(item("项", 1, one) for one in (0, 1, 2, 2, 1, 2, 0, 1, 2))
    numbers = drawn(body, lists(levels))
    assert [numbers[5], numbers[8]] == expected


def test_numbers_of_several_levels() -> None:
    levels = (
        level(0, "chineseCounting", "第%1章"),
        level(1, "decimal", "%1.%2", more="<w:isLgl/>"),
        level(2, "lowerLetter", "%1.%2.%3"),
    )
    body = "".join(item("项", 1, one) for one in (0, 1, 1, 2))
    assert drawn(body, lists(levels)) == ["第一章", "1.1", "1.2", "一.2.a"]


def test_a_bullet_level_has_no_part_in_a_number() -> None:
    levels = (level(0, "decimal", "%1."), level(1, "bullet", "—"), level(2, "decimal", "%1.%2%3."))
    body = "".join(item("项", 1, one) for one in (0, 2, 2, 0, 2))
    assert drawn(body, lists(levels)) == ["1.", "1.1.", "1.2.", "2.", "2.1."]


def test_lists_of_one_family_go_on_counting() -> None:
    body = (
        item("项", 1)
        + item("项", 1)
        + paragraph("文")
        + item("项", 2)
        + item("项", 3)
        + item("项", 1)
    )
    instances = instance(2, 1) + instance(3, 1, {0: 7})
    numbers = drawn(body, lists(level(0, "decimal", "%1."), instances=instances))
    assert numbers == ["1.", "2.", "文", "3.", "7.", "8."]


def test_a_list_begins_where_it_says() -> None:
    assert drawn(item("项", 1) * 2, lists(level(0, "decimal", "%1.", start=5))) == ["5.", "6."]


def test_a_list_of_nothing_draws_nothing() -> None:
    style = '<w:style w:type="paragraph" w:styleId="A"><w:name w:val="A"/><w:pPr><w:numPr>'
    style += '<w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
    removed = '<w:pStyle w:val="A"/><w:numPr><w:numId w:val="0"/></w:numPr>'
    body = paragraph("项", '<w:pStyle w:val="A"/>') + paragraph("项", removed) + item("项", 99)
    numbers = drawn(body, lists(level(0, "decimal", "%1.")), style)
    assert numbers == ["1.", "", ""]


def test_styles_number_their_paragraphs() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{i + 1}"><w:name w:val="heading {i + 1}"/>'
        f'<w:basedOn w:val="{base}"/><w:pPr>{listed}</w:pPr></w:style>'
        for i, (base, listed) in enumerate(
            [
                ("Normal", '<w:numPr><w:numId w:val="1"/></w:numPr>'),
                ("1", '<w:numPr><w:ilvl w:val="1"/></w:numPr>'),  # the list is that of its base
                ("2", ""),  # a level of the list names it
            ]
        )
    )
    levels = (*THREE[:2], level(2, "decimal", "%3.", more='<w:pStyle w:val="3"/>'))
    body = "".join(paragraph("项", f'<w:pStyle w:val="{one}"/>') for one in (1, 2, 3, 3, 2))
    assert drawn(body, lists(levels), styles) == ["一、", "（一）", "1.", "2.", "（二）"]


def test_a_list_style_lends_its_list() -> None:
    listed = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f'<w:style w:type="numbering" w:styleId="L">{listed}</w:style>'
    numbering = lists(THREE, '<w:numStyleLink w:val="L"/>')
    assert drawn(item("项", 1) + item("项", 2), numbering, styles) == [
        "一、",
        "二、",
    ]


def test_styles_in_a_circle_end() -> None:
    styles = "".join(
        f'<w:style w:type="paragraph" w:styleId="{one}"><w:basedOn w:val="{base}"/></w:style>'
        for one, base in (("A", "B"), ("B", "A"))
    )
    assert drawn(paragraph("项", '<w:pStyle w:val="A"/>'), lists(THREE), styles) == [""]


@pytest.mark.parametrize(
    ("form", "label", "suffix", "text", "expected"),
    [
        ("decimal", "%1.", "tab", "任务", "1.任务"),
        ("decimal", "%1.", "nothing", "2024年", "1. 2024年"),  # not 1.2024
        ("decimal", "%1、", "nothing", "5万元", "1、 5万元"),
        ("decimal", "（%1）", "tab", "5万元", "（1）5万元"),
        ("decimalEnclosedCircle", "%1", "nothing", "5万元", "①5万元"),
        ("chineseCounting", "第%1条", "tab", "总则", "第一条\u3000总则"),
        ("chineseCounting", "第%1条", "space", "总则", "第一条 总则"),
        ("chineseCounting", "第%1条", "nothing", "总则", "第一条 总则"),
        ("chineseCounting", "第%1条", "tab", "\u3000总则", "第一条\u3000总则"),
        ("decimal", "附件%1", "nothing", "：名单", "附件1：名单"),
        ("decimal", "%1. ", "tab", "任务", "1. 任务"),
        ("bullet", "\uf06c", "tab", "5万元", "• 5万元"),
        ("bullet", "-", "nothing", "5万元", "- 5万元"),  # not -5
        ("none", "", "tab", "任务", "任务"),
        ("decimal", "%1.", "tab", "", "1."),
    ],
)
def test_a_number_can_be_told_from_its_text(
    form: str, label: str, suffix: str, text: str, expected: str
) -> None:
    source = read(
        item(text, 1) + paragraph("完"), {"numbering": lists(level(0, form, label, suffix=suffix))}
    )
    assert source.text == f"{expected}\n完\n"


def test_deleted_items_do_not_count() -> None:
    gone = (
        '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr><w:rPr><w:del w:id="1"/></w:rPr>'
    )
    deleted = paragraph('<w:del w:id="2"><w:r><w:delText>删</w:delText></w:r></w:del>', gone)
    assert drawn(item("项", 1) + deleted + item("项", 1), lists(level(0, "decimal", "%1."))) == [
        "1.",
        "2.",
    ]


def test_numbers_in_table_cells() -> None:
    body = table(row("序号", "任务"), *(row(cell(item("", 1)), one) for one in "甲乙"))
    source = read(body, {"numbering": lists(level(0, "decimal", "%1"))})
    assert source.text == "序号\t任务\n1\t甲\n2\t乙\n"


FORMS = (
    *("decimal", "upperRoman", "lowerRoman", "upperLetter", "lowerLetter", "decimalZero"),
    *("chineseCountingThousand", "japaneseCounting", "chineseLegalSimplified"),
    *("decimalEnclosedCircle", "ideographTraditional"),
)
LABELS = (
    ("%1.", "%2)", "%3、"),
    ("%1、", "（%2）", "%3."),
    ("第%1章", "%1.%2", "%1.%2.%3"),
    ("%1", "第%2条", "（%3）"),
)
WALK = (0, 1, 2, 2, 1, 0, 0, 1, 2, 1, 1, 2)


def test_libreoffice_draws_the_same_numbers(tmp_path: Path) -> None:
    """Every form with every pattern and start, walked up and down; one conversion for all."""
    numbering, body = [], []
    for i, (form, labels, start) in enumerate(product(FORMS, LABELS, (1, 4)), 1):
        forms = [FORMS[(FORMS.index(form) + step) % len(FORMS)] for step in range(3)]
        numbering.append([level(n, forms[n], labels[n], start + n) for n in range(3)])
        again = len(FORMS) * len(LABELS) * 2 + i  # the second half belongs to a list that goes on
        body += [item(f"项{i}", i if n < 6 else again, one) for n, one in enumerate(WALK)]
    more = "".join(
        instance(len(numbering) + i, i, {0: 1} if i % 2 else None)
        for i in range(1, len(numbering) + 1)
    )
    parts = {"numbering": lists(*numbering, instances=more)}
    file = tmp_path / "numbers.docx"
    file.write_bytes(docx("".join(body), parts))
    [text] = converted(tmp_path, "txt:Text (encoded):UTF8", file)
    theirs = [re.sub(r"\s", "", line) for line in text.read_text("utf-8-sig").splitlines()]
    ours = [re.sub(r"\s", "", line) for line in read("".join(body), parts).text.splitlines()]
    assert len(ours) == len(numbering) * len(WALK)
    assert ours == theirs

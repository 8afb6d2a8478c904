"""Chinese numerals as integers, and back."""

import doctest

import pytest
from hypothesis import given
from hypothesis import strategies as st

import numerals
from numerals import to_chinese, to_int

DIGITS = "〇一二三四五六七八九"
GROUPS = ("", "万", "亿")

READ = {
    "〇": 0, "零": 0, "一": 1, "两": 2, "十": 10, "十二": 12, "二十": 20, "九十九": 99,
    "一百": 100, "一百零五": 105, "一百一十": 110, "三百二十一": 321, "一千零一": 1001,
    "二〇二四": 2024, "二○二一": 2021, "一九九八": 1998,
    "一万": 10_000, "十二万": 120_000, "一万零五百": 10_500, "两亿": 200_000_000,
    "一亿二千万": 120_000_000, "三万亿": 3_000_000_000_000, "一亿零一": 100_000_001,
    "12": 12, "１２": 12, "⑫": 12, "①": 1, " 7 ": 7,
}  # fmt: skip


def test_the_examples_of_the_module_hold() -> None:
    assert doctest.testmod(numerals).attempted > 0
    assert doctest.testmod(numerals).failed == 0


@pytest.mark.parametrize(("numeral", "value"), READ.items())
def test_a_numeral_has_its_value(numeral: str, value: int) -> None:
    assert to_int(numeral) == value


@pytest.mark.parametrize(
    "text", ["", " ", "三点五", "3.5", "第三", "-1", "1,000", "三、", "x", "½"]
)
def test_what_is_no_numeral_is_none(text: str) -> None:
    assert to_int(text) is None


@given(st.integers(0, 99))
def test_section_numbers_come_back(value: int) -> None:
    assert to_int(to_chinese(value)) == value


@pytest.mark.parametrize("value", [-1, 100])
def test_other_section_numbers_are_refused(value: int) -> None:
    with pytest.raises(ValueError, match=str(value)):
        to_chinese(value)


@given(st.integers(1, 10**12 - 1))
def test_written_out_numbers_come_back(value: int) -> None:
    assert to_int(in_words(value)) == value


@given(st.integers(0, 10**6))
def test_digits_of_any_width_come_back(value: int) -> None:
    wide = str(value).translate({ord("0") + i: 0xFF10 + i for i in range(10)})
    assert to_int(str(value)) == to_int(wide) == value


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    value = to_int(text)
    assert value is None or value >= 0


def in_words(value: int) -> str:
    """A positive number as it is spoken: 一亿零二十万零三."""
    groups = []
    while value:
        value, group = divmod(value, 10_000)
        groups.append(group)
    said = ""
    for group, name in reversed(list(zip(groups, GROUPS, strict=False))):
        if group:
            said += ("零" if said and group < 1000 else "") + under_ten_thousand(group) + name
    return said


def under_ten_thousand(value: int) -> str:
    said = ""
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            said += DIGITS[digit] + name
        elif said and value % power and not said.endswith("零"):
            said += "零"
    return said

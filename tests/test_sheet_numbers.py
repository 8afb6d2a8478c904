"""Numbers and dates as a spreadsheet shows them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.formats.sheet_numbers import general, shown


@pytest.mark.parametrize(
    ("value", "code", "text"),
    [
        (1.0, "General", "1"),
        (2024.11, "General", "2024.11"),
        (0.1 + 0.2, "General", "0.3"),
        (13812345678.0, "General", "13812345678"),
        (1e-5, "General", "1E-05"),
        (0.85, "0%", "85%"),
        (0.8549, "0.0%", "85.5%"),
        (1.005, "0.00", "1.01"),
        (2.5, "0", "3"),
        (7, "000", "007"),
        (12, "00,000", "00,012"),
        (1234567.891, "#,##0.00", "1,234,567.89"),
        (12345, "#,##0,", "12"),
        (0, '_ * #,##0.00_ ;_ * \\-#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (-3.14, "0.0_);[Red]\\(0.0\\)", "(3.1)"),
        (-1234.5, "#,##0.00", "-1,234.50"),
        (5, '0"万元"', "5万元"),
        (1234.5, "[$¥-804]#,##0.00", "¥1,234.50"),
        (120, '[>=100]0"达标";0"未达标"', "120达标"),
        (80, '[>=100]0"达标";0"未达标"', "80未达标"),
        (0.75, "# ?/?", "0.75"),
        (1200, "0.00E+00", "1.20E+03"),
        (5, ";;;", ""),
        (3, "[DBNum1]General", "三"),
        (45657, "yyyy/m/d", "2024/12/31"),
        (45657, 'yyyy"年"m"月"d"日"', "2024年12月31日"),
        (45657, "[$-804]yyyy年m月;@", "2024年12月"),
        (45657, "[DBNum1][$-804]yyyy年m月d日;@", "二〇二四年十二月三十一日"),
        (45657, "[$-F800]dddd\\,\\ mmmm\\ dd\\,\\ yyyy", "2024年12月31日"),
        (45657, "yyyy\\.mm", "2024.12"),
        (45657, "d-mmm-yy", "31-Dec-24"),
        (45657, "aaaa", "星期二"),
        (45657, "[$-804]mmm ddd", "12月 周二"),
        (45657.5625, "yyyy-mm-dd hh:mm", "2024-12-31 13:30"),
        (45657.5625, "h:mm AM/PM", "1:30 PM"),
        (45657.5625, "上午/下午h时mm分", "下午1时30分"),
        (1.5, "[h]:mm", "36:00"),
        (1, "yyyy/m/d", "1900/1/1"),
        (61, "yyyy/m/d", "1900/3/1"),
        (-1, "yyyy/m/d", "-1"),
        (1.8e306, "0%", "1.8E+306"),  # a hundred times it is no number any more
        (1.8e306, "@%", "1.8E+306"),
        (2, "0" + "%" * 200, "2"),
        (2, "0" + "," * 120, "0"),
    ],
)  # fmt: skip
def test_numbers_are_shown_as_their_format_says(value: float, code: str, text: str) -> None:
    assert shown(value, code) == text


def test_days_may_count_from_1904() -> None:
    assert shown(44195, "yyyy/m/d", since_1904=True) == "2024/12/31"


@given(
    st.floats() | st.integers(-(10**6), 10**7).map(float),
    st.text(st.sampled_from(list('0#?.,%;@[]"\\_*ymdhsEeGAP/年+->=1:aDBNum$')), max_size=14),
)
def test_any_number_and_code_give_a_text(value: float, code: str) -> None:
    assert isinstance(shown(value, code), str)


@given(st.integers(-(10**14), 10**14))
def test_whole_numbers_are_shown_in_full(value: int) -> None:
    assert general(float(value)) == str(value)

"""Deadlines, amounts, percentages and counts: as printed, as values, with their spans."""

import time
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import Clause, ClauseKind, Figure, FigureKind
from ingest.figures.figures import read_figures

DEADLINE, AMOUNT = FigureKind.DEADLINE, FigureKind.AMOUNT
PERCENTAGE, COUNT = FigureKind.PERCENTAGE, FigureKind.COUNT
OFFSET = 1000  # where the clause starts in its policy
WIDE = {ord("0") + digit: 0xFF10 + digit for digit in range(10)} | {ord("."): "\uff0e"}


def read(
    text: str, year: int | None = 2025, *, kind: ClauseKind = ClauseKind.TASK, number: str = ""
) -> list[Figure]:
    """The figures of one clause, after the promises that hold for every figure."""
    clause = Clause("p#1", "p", kind, number, 1, (), "", text, OFFSET, OFFSET + len(text))
    figures = read_figures(clause, year)
    done = OFFSET
    for figure in figures:
        assert figure.clause_id == "p#1"
        assert done <= figure.start < figure.end <= clause.end
        assert figure.as_printed == clause.words(figure.start, figure.end)
        assert figure.as_printed.strip() == figure.as_printed
        done = figure.end
    return figures


def found(
    kind: FigureKind, text: str, year: int | None = 2025, row: bool = False
) -> list[tuple[str, str, str]]:
    clause = ClauseKind.TABLE_ROW if row else ClauseKind.TASK
    figures = read(text, year, kind=clause)
    return [(one.as_printed, one.value, one.unit) for one in figures if one.kind is kind]


@pytest.mark.parametrize(
    ("text", "printed", "value"),
    [
        ("2025年底前建成投用", "2025年底前", "2025-12-31"),
        ("2025年年底完成", "2025年年底", "2025-12-31"),
        ("于2026年末前完成", "2026年末前", "2026-12-31"),
        ("2025年6月底前印发", "2025年6月底前", "2025-06-30"),
        ("2028年2月底前", "2028年2月底前", "2028-02-29"),
        ("２０２５年６月３０日前", "２０２５年６月３０日前", "2025-06-30"),
        ("2025 年 6 月 30 日前", "2025 年 6 月 30 日前", "2025-06-30"),
        ("二〇二五年十一月底前", "二〇二五年十一月底前", "2025-11-30"),
        ("二○二六年底前", "二○二六年底前", "2026-12-31"),
        ("于6月30日前报送", "6月30日前", "2025-06-30"),
        ("6月30日（星期一）17:30前报送", "6月30日（星期一）17:30前", "2025-06-30"),
        ("于5月底前报送", "5月底前", "2025-05-31"),
        ("2026年6月以前完成", "2026年6月以前", "2026-05-31"),
        ("2030年前碳达峰", "2030年前", "2029-12-31"),
        ("三季度末前上线", "三季度末前", "2025-09-30"),
        ("2026年第一季度完成", "2026年第一季度", "2026-03-31"),
        ("2025年上半年，出台办法", "2025年上半年", "2025-06-30"),
        ("存量终端年内完成改造", "年内", "2025-12-31"),
        ("年底前上线运行", "年底前", "2025-12-31"),
        ("今年年底前实现", "今年年底前", "2025-12-31"),
        ("到明年底基本建成", "到明年底", "2026-12-31"),
        ("到2027年，公共交通占比提高", "到2027年", "2027-12-31"),
        ("力争2027年实现翻番", "2027年", "2027-12-31"),
        ("不迟于2026年3月1日报送", "2026年3月1日", "2026-03-01"),
        ("“十五五”期间新建学校", "“十五五”期间", "2030-12-31"),
        ("“十四五”末建成", "“十四五”末", "2025-12-31"),
        ("完成时限：2025年10月", "2025年10月", "2025-10-31"),
        ("时间节点:2025.6", "2025.6", "2025-06-30"),
        ("截止时间：2025-06-15", "2025-06-15", "2025-06-15"),
        ("实施期限：2024—2026年", "2024—2026年", "2026-12-31"),
        ("（区数据局牵头；2025年6月）", "2025年6月", "2025-06-30"),
        ("申报时间为2025年3月1日至31日", "2025年3月1日至31日", "2025-03-31"),
        ("于2025年8月11日至8月22日登录", "2025年8月11日至8月22日", "2025-08-22"),
        ("2025年9月至12月开展整治", "2025年9月至12月", "2025-12-31"),
        ("截至2027年底前", "2027年底前", "2027-12-31"),
        ("发电机组2026年建成", "2026年", "2026-12-31"),
        ("请认真贯彻执行，2025年6月底前报送", "2025年6月底前", "2025-06-30"),
        ("执行情况于2025年6月底印发", "2025年6月底", "2025-06-30"),
        ("每年3月底前公布", "每年3月底前", "--03-31"),
        ("次年1月31日前", "次年1月31日前", "--01-31"),
        ("每月25日前报送进展", "每月25日前", "---25"),
    ],
)
def test_a_day_by_which(text: str, printed: str, value: str) -> None:
    assert [(one[0], one[1]) for one in found(DEADLINE, text)] == [(printed, value)]


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit"),
    [
        ("自发布之日起30日内办理", "自发布之日起30日内", "P30D", "日"),
        ("在10个工作日内作出决定", "10个工作日内", "P10D", "工作日"),
        ("应当在３个月内备案", "３个月内", "P3M", "个月"),
        ("一年内完成", "一年内", "P1Y", "年"),
        ("力争在三年内建成", "三年内", "P3Y", "年"),
        ("24小时内报告", "24小时内", "PT24H", "小时"),
        ("30分钟内到场", "30分钟内", "PT30M", "分钟"),
        ("十五日内提出", "十五日内", "P15D", "日"),
        ("3至5个工作日内", "3至5个工作日内", "P5D", "工作日"),
        ("半年以内", "半年以内", "P6M", "个月"),
        ("两周内", "两周内", "P2W", "周"),
        ("办理时限压缩至3个工作日", "3个工作日", "P3D", "工作日"),
    ],
)
def test_a_limit_of_time(text: str, printed: str, value: str, unit: str) -> None:
    assert found(DEADLINE, text) == [(printed, value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "自2025年1月1日起施行",
        "2025年12月31日起实施",
        "《中华人民共和国预算法》(2018年修订)",
        "本办法有效期至2027年12月31日",
        "2024年底前，全区已建成5个",
        "截至2025年底，全区共有学校",
        "比2025年底提高5%",
        "2025年，全区生产总值增长",
        "2025年3月12日印发",
        "去年底全区共有",
        "近三年内无违法记录",
        "五年内不得申请",
        "毕业5年内的学生",
        "24小时内降雨量达到50毫米",
        "2025年1—5月，投资增长",
        "2025年前三季度投资增长",
        "城市更新行动（2024—2026年）",
        "《三年行动计划（2024年底前）》",
        "时间为45周岁以下",
        "长期坚持",
        "公示时间为5个工作日",
        "持续推进，2025年内蒙古来电增长",
        "在2月30日前",
        "3个月内的银行流水",
        "2025年12月31日前的申请",
        "“十五五”期间的形势",
        "适用于2029年12月31日前退休的参保人",
        "有效期自2025年1月1日至2027年12月31日",
    ],
)
def test_no_deadline(text: str) -> None:
    assert found(DEADLINE, text) == []


def test_without_a_year_a_date_has_none() -> None:
    assert found(DEADLINE, "6月底前完成，年底前验收", None) == [
        ("6月底前", "--06-30", ""),
        ("年底前", "--12-31", ""),
    ]


def test_a_date_takes_the_year_of_its_sentence() -> None:
    text = "2026年3月底前印发，6月底前启动。9月底前完成。"
    assert [one[1] for one in found(DEADLINE, text)] == ["2026-03-31", "2026-06-30", "2025-09-30"]


def test_in_a_row_a_cell_is_a_deadline() -> None:
    text = "1\t改造\t2025年12月\t2025.10\t三季度\t全年\t2024.6-2025.11\n"
    assert [one[1] for one in found(DEADLINE, text, row=True)] == [
        "2025-12-31",
        "2025-10-31",
        "2025-09-30",
        "2025-12-31",
        "2025-11-30",
    ]
    assert found(DEADLINE, text) == []


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit"),
    [
        ("安排500万元", "500万元", "5000000", "元"),
        ("1.2亿元", "1.2亿元", "120000000", "元"),
        ("补助3,000元", "3,000元", "3000", "元"),
        ("补助3，000元", "3，000元", "3000", "元"),
        ("补助3000 元", "3000 元", "3000", "元"),
        ("８００万元", "８００万元", "8000000", "元"),
        ("处五千元以下罚款", "五千元", "5000", "元"),
        ("一百五十万元", "一百五十万元", "1500000", "元"),
        ("六百四十三亿七千万元", "六百四十三亿七千万元", "64370000000", "元"),
        ("1亿5000万元", "1亿5000万元", "150000000", "元"),
        ("0.50元", "0.50元", "0.5", "元"),
        ("10—20万元", "10—20万元", "100000/200000", "元"),
        ("50万元至100万元", "50万元至100万元", "500000/1000000", "元"),
        ("500—1万元", "500—1万元", "500/10000", "元"),
        ("5万元以上20万元以下的罚款", "5万元以上20万元以下", "50000/200000", "元"),
        ("投资50万美元", "50万美元", "500000", "美元"),
        ("20万港元", "20万港元", "200000", "港元"),
        ("每平方米30元", "30元", "30", "元"),
        ("人民币100元", "100元", "100", "元"),
        ("500万元人民币", "500万元人民币", "5000000", "元"),
        ("1000元/月", "1000元/月", "1000", "元/月"),
        ("35元/平方米", "35元/平方米", "35", "元/平方米"),
        ("注册资本￥1,000.00", "1,000.00", "1000", "元"),
        ("总投资近千元", "千元", "1000", "元"),
        ("规模超万亿元", "万亿元", "1000000000000", "元"),
    ],
)
def test_an_amount(text: str, printed: str, value: str, unit: str) -> None:
    assert found(AMOUNT, text) == [(printed, value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "单位：万元",
        "(单位：百万元)",
        "三元里街道",
        "二元结构",
        "2025元旦",
        "数百万元",
        "10家以上万元户",
    ],
)
def test_no_amount(text: str) -> None:
    assert found(AMOUNT, text) == []


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit"),
    [
        ("达到85%以上", "85%", "85", "%"),
        ("达到１００％", "１００％", "100", "%"),
        ("降低-5.2%", "-5.2%", "-5.2", "%"),
        ("百分之三十以上", "百分之三十", "30", "%"),
        ("百分之三点五", "百分之三点五", "3.5", "%"),
        ("达到百分之百", "百分之百", "100", "%"),
        ("提高3个百分点", "3个百分点", "3", "个百分点"),
        ("提高0.5百分点", "0.5百分点", "0.5", "个百分点"),
        ("3‰", "3‰", "3", "‰"),
        ("千分之二", "千分之二", "2", "‰"),
        ("按万分之五加收", "万分之五", "5", "‱"),
        ("10%—15%", "10%—15%", "10/15", "%"),
        ("10-15%", "10-15%", "10/15", "%"),
        ("百分之十至二十", "百分之十至二十", "10/20", "%"),
        ("压减六成。", "六成", "60", "%"),
        ("2至3成，", "2至3成", "20/30", "%"),
        ("六成五以上", "六成五", "65", "%"),
        ("增长5·8％", "5·8％", "5.8", "%"),
        ("增长1 0 .3 ％", "1 0 .3 ％", "10.3", "%"),
    ],
)
def test_a_percentage(text: str, printed: str, value: str, unit: str) -> None:
    assert found(PERCENTAGE, text) == [(printed, value, unit)]


def test_no_percentage() -> None:
    for text in ("三成员单位", "一成不变", "“六个百分之百”", "三分之一"):
        assert found(PERCENTAGE, text) == []


@pytest.mark.parametrize(
    ("text", "printed", "value", "unit"),
    [
        ("培育20家", "20家", "20", "家"),
        ("100个以上", "100个", "100", "个"),
        ("2万人次", "2万人次", "20000", "人次"),
        ("分三批实施", "三批", "3", "批"),
        ("5000亩", "5000亩", "5000", "亩"),
        ("1.5万平方米", "1.5万平方米", "15000", "平方米"),
        ("30㎡", "30㎡", "30", "平方米"),
        ("10万吨", "10万吨", "100000", "吨"),
        ("1000亿千瓦时", "1000亿千瓦时", "100000000000", "千瓦时"),
        ("500千瓦", "500千瓦", "500", "千瓦"),
        ("100余家", "100余家", "100", "家"),
        ("一万余户", "一万余户", "10000", "户"),
        ("近百家", "百家", "100", "家"),
        ("上万家", "万家", "10000", "家"),
        ("〇点五倍", "〇点五倍", "0.5", "倍"),
        ("十二条措施", "十二条", "12", "条"),
        ("至少开展一次", "一次", "1", "次"),
        ("两名以上执法人员", "两名", "2", "名"),
        ("并处一倍以上五倍以下罚款", "一倍以上五倍以下", "1/5", "倍"),
        ("3-5名", "3-5名", "3/5", "名"),
        ("三至五名", "三至五名", "3/5", "名"),
        ("33微克/立方米以内", "33微克/立方米", "33", "微克/立方米"),
        ("12支队伍", "12支", "12", "支"),
        ("接入1.8万路", "1.8万路", "18000", "路"),
        ("新建 3 个园区", "3 个", "3", "个"),
        ("资助1200多万名义务教育学生", "1200多万名", "12000000", "名"),
    ],
)
def test_a_count(text: str, printed: str, value: str, unit: str) -> None:
    assert found(COUNT, text) == [(printed, value, unit)]


@pytest.mark.parametrize(
    "text",
    [
        "第三条、第5项、第一、二、三批",
        "第4—6项",
        "附件2 个人申请表",
        "一些、一个、两个维护、一系列",
        "“四个意识”和三项制度",
        "国办发〔2018〕42号",
        "联系电话83886688",
        "满3年，共5个月、10天、30个工作日、2小时",
        "数十家",
        "十分重视，红十字会",
        "千方百计、千家万户",
        "三家庭院、3部门联合、5人民政府",
        "3路公交车",
        "十届五次会议",
        "前10名",
        "5G和C919",
        "七八家",
    ],
)
def test_no_count(text: str) -> None:
    assert found(COUNT, text) == []


def test_the_number_of_the_clause_is_none_of_its_figures() -> None:
    figures = read("12.5万人参加", number="12")
    assert [(one.as_printed, one.value) for one in figures] == [("5万人", "50000")]
    assert read("3 家庭教育", number="3") == []


def test_names_of_documents_say_nothing() -> None:
    assert read("落实《支持100家企业2025年底前上市的20条措施》") == []


def test_a_figure_that_a_line_end_breaks() -> None:
    text = "各单位要按照统一部署抓好落实，2026年\n底前完成投资合计不少于600亿\n元以上，建成36\n座。"
    assert [(one.as_printed, one.value) for one in read(text)] == [
        ("2026年\n底前", "2026-12-31"),
        ("600亿\n元", "60000000000"),
    ]  # 建成36 is no full line


def test_all_kinds_in_one_clause() -> None:
    """The order of the text holds across kinds."""
    text = "到2027年，培育企业20家，投入1.2亿元，达标率85%以上，自印发之日起30日内备案。"
    assert [(one.kind, one.value) for one in read(text)] == [
        (DEADLINE, "2027-12-31"),
        (COUNT, "20"),
        (AMOUNT, "120000000"),
        (PERCENTAGE, "85"),
        (DEADLINE, "P30D"),
    ]


NUMBERS = st.one_of(
    st.integers(1, 10**9).map(Decimal),
    st.decimals(Decimal("0.01"), 10**6, places=2, allow_nan=False),
)
PRINTED = st.sampled_from([str, "{:,}".format, lambda number: str(number).translate(WIDE)])
SCALES = st.sampled_from([("", 1), ("万", 10**4), ("亿", 10**8), ("余万", 10**4), (" 万", 10**4)])
UNITS = st.sampled_from(
    [("元", AMOUNT), ("%", PERCENTAGE), ("家", COUNT), ("平方米", COUNT), ("美元", AMOUNT)]
)


@given(NUMBERS, PRINTED, SCALES, UNITS)
def test_any_printed_number_comes_back(
    number: Decimal,
    printed: Callable[[Decimal], str],
    scale: tuple[str, int],
    unit: tuple[str, FigureKind],
) -> None:
    [figure] = read(f"预计达到{printed(number)}{scale[0]}{unit[0]}左右。")
    assert (figure.kind, figure.unit) == (unit[1], unit[0])
    assert Decimal(figure.value) == number * scale[1]
    assert "E" not in figure.value


@given(st.dates(date(2025, 1, 1), date(2099, 12, 31)))
def test_any_printed_day_comes_back(day: date) -> None:
    for printed in (f"{day.year}年{day.month}月{day.day}日前", f"时限:{day:%Y-%m-%d}"):
        assert [one.value for one in read(f"请于{printed}。")] == [day.isoformat()]


@given(st.text(), st.integers(1950, 2050))
def test_no_text_breaks_it(text: str, year: int) -> None:
    read(text, year)


PIECES = st.sampled_from(
    [
        *"0123456789一两十百千万亿点〇零年月日底前内到至自起第个家元%成,.-— \n\t《》()（）之分",
        *("2025年", "百分之", "以上", "以下", "工作日", "季度", "“十四五”", "每年"),
    ]
)


@given(st.lists(PIECES, max_size=40).map("".join))
def test_no_figures_break_it(text: str) -> None:
    for row in (ClauseKind.TABLE_ROW, ClauseKind.TASK):
        read(text, kind=row)
    read(text, None)


@pytest.mark.parametrize(
    "piece",
    [
        "到2025年底，新建学校20所，投资1.2亿元，达标率85%。\n",
        "1",
        "一",
        "1,",
        "百分之",
        "2025年至",
        "自",
        "《",
        "1 ",
    ],
)
def test_a_long_clause_takes_time_by_its_length(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    started = time.perf_counter()
    read(text)
    assert time.perf_counter() - started < 5

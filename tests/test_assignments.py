"""Who does what: every printed form of a unit statement as rows of the ledger."""

import re
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import Assignment, Clause, ClauseKind, Role
from ingest.catalog import Catalog
from ingest.document import Source, settle
from ingest.ledger.ledger import read_ledger

LEAD, COOPERATE, RESPONSIBLE = Role.LEAD, Role.COOPERATE, Role.RESPONSIBLE
OFFSET = 1000  # where the clause starts in its policy


def read(text: str) -> list[Assignment]:
    """The ledger rows of one clause, after the promise that holds for every row."""
    clause = Clause("p#1", "p", ClauseKind.TASK, "1", 1, (), "", text, OFFSET, OFFSET + len(text))
    rows = read_ledger([clause], settle(Source(" " * OFFSET + text)))
    for row in rows:
        assert text[row.start - OFFSET : row.end - OFFSET] == row.as_printed
        assert row.marker_start <= row.start < row.end <= row.marker_end
    return rows


def units(text: str, role: Role) -> list[str]:
    return [row.unit for row in read(text) if row.role is role and not row.group]


def test_the_19_tasks_as_a_plain_pattern_finds_them(catalog: Catalog) -> None:
    text = catalog.policy("ftz-2024").text
    printed = [
        (number, lead.split("、"), others.split("、") if others else [])
        for number, lead, others in re.findall(
            r"^(\d+)\..*\(牵头单位:([^;)]+)(?:;配合单位:([^)]+))?\)$", text, re.MULTILINE
        )
    ]
    assert len(printed) == 19
    ledger = [row for row in catalog.assignments() if "(" not in row.clause_id]
    for number, lead, others in printed:
        rows = [row for row in ledger if row.clause_id == f"ftz-2024#{number}"]
        assert [row.as_printed for row in rows if row.role is LEAD] == lead
        assert [row.as_printed for row in rows if row.role is COOPERATE] == others
    assert len(ledger) == sum(len(lead) + len(others) for _, lead, others in printed)


def test_the_ledger_of_the_bundled_policies(
    catalog: Catalog, golden: Callable[[str, str], None]
) -> None:
    texts = {policy.id: policy.text for policy in catalog.policies()}
    lines = []
    for row in catalog.assignments():
        text = texts[row.clause_id.partition("#")[0]]
        assert text[row.start : row.end] == row.as_printed
        statement = text[row.marker_start : row.marker_end]
        lines.append("\t".join([row.clause_id, row.role, row.unit, row.as_printed, statement]))
    golden("ledger.tsv", "\n".join(lines) + "\n")


def test_by_label(sample: str) -> None:
    """
    4.开展离岸经贸业务。(牵头单位:区商务委;配合单位:区财政局、区科委)
    """
    assert units(sample, LEAD) == ["区商务委"]
    assert units(sample, COOPERATE) == ["区财政局", "区科委"]


@pytest.mark.parametrize(
    "statement",
    [
        "(牵头单位:区商务委;配合单位:区财政局、区科委)",
        "（牵头单位：区商务委；配合单位：区财政局、区科委）",
        "〔牵头单位:区商务委;配合单位:区财政局、区科委〕",
        "【牵头部门：区商务委；配合部门：区财政局、区科委】",
        "(牵头单位:区商务委,配合单位:区财政局、区科委)",
        "（牵头单位：区商务委。配合单位：区财政局、区科委）",
        "(牵头单位:区商务委 配合单位:区财政局、区科委)",
        "(牵头:区商务委;配合:区财政局,区科委)",
        "(牵头责任单位:区商务委;协办单位:区财政局、区科委)",
        "(主办单位:区商务委;参与单位:区财政局、区科委等有关部门)",
        "(区商务委牵头,区财政局、区科委配合)",
        "（区商务委牵头，区财政局、区科委按职责分工配合）",
        "(区商务委牵头负责;区财政局、区科委等单位参与)",
        "(牵头单位:区商务委)\n(配合单位:区财政局、区科委)",
        "\n牵头单位：区商务委\n配合单位：区财政局、区科委",
    ],
)
def test_every_form_says_the_same(statement: str) -> None:
    text = f"4.开展离岸经贸业务。{statement}\n"
    assert units(text, LEAD) == ["区商务委"]
    assert units(text, COOPERATE) == ["区财政局", "区科委"]
    assert units(text, RESPONSIBLE) == []


def test_responsible_units_by_label_and_by_verb(sample: str) -> None:
    """
    1.甲。(责任单位:区商务委、区财政局)
    2.乙。(区商务委、区财政局按职责分工负责)
    """
    first, second, _ = sample.split("\n")
    assert units(first, RESPONSIBLE) == units(second, RESPONSIBLE) == ["区商务委", "区财政局"]


STATEMENT = "(牵头单位:区商务委、区经委;配合单位:区财政局等有关部门)"


@given(st.integers(1, len(STATEMENT) - 1), st.sampled_from(["\n", "\n  "]))
def test_a_line_may_break_anywhere_in_a_statement(place: int, line_end: str) -> None:
    text = f"4.甲。{STATEMENT[:place]}{line_end}{STATEMENT[place:]}"
    assert units(text, LEAD) == ["区商务委", "区经委"]
    assert units(text, COOPERATE) == ["区财政局"]


def test_units_each_on_a_line_are_units_each(sample: str) -> None:
    """
    4.甲。(牵头单位:区商务委
    区经委
    配合单位:区财政局)
    """
    assert units(sample, LEAD) == ["区商务委", "区经委"]
    assert units(sample, COOPERATE) == ["区财政局"]


def test_brackets_may_stand_in_a_name(sample: str) -> None:
    """
    5.强化保护。(牵头单位:省市场监管局(省知识产权局)、省科技厅;配合单位:省公安厅)
    """
    assert units(sample, LEAD) == ["省市场监管局", "省科技厅"]
    assert read(sample)[0].as_printed == "省市场监管局(省知识产权局)"
    assert units(sample, COOPERATE) == ["省公安厅"]


def test_group_words_are_no_part_of_a_name() -> None:
    for group in ("等", "等单位", "等有关部门", "等相关单位"):
        assert units(f"1.甲。(牵头单位:区商务委{group})", LEAD) == ["区商务委"]


def test_units_are_stored_by_their_one_name(sample: str) -> None:
    """
    1.甲。(牵头单位:闵行区发展和改革委员会;配合单位:区市监局)
    """
    lead, other = read(sample)
    assert (lead.as_printed, lead.unit) == ("闵行区发展和改革委员会", "区发展改革委")
    assert (other.as_printed, other.unit) == ("区市监局", "区市场监管局")


@pytest.mark.parametrize(
    "text",
    [
        "按照部署,区发展改革委牵头做好政策的宣贯工作。",
        "由区发展改革委牵头做好宣贯。",
        "区发展改革委会同区财政局牵头推进。",
    ],
)
def test_a_department_leads_in_prose(text: str) -> None:
    row, *others = read(text)
    assert (row.role, row.unit) == (LEAD, "区发展改革委")
    assert [(one.role, one.unit) for one in others] in ([], [(COOPERATE, "区财政局")])
    assert "牵头" in text[row.marker_start - OFFSET : row.marker_end - OFFSET]


@pytest.mark.parametrize(
    "text",
    [
        "逐条明确了各项工作任务的牵头单位和配合单位,为合力推进提供了抓手。",
        "24.配合市级部门,积极争取配置甲类大型医用设备。",
        "企业应当配合检查(另有规定的除外)。",
        "支持虹桥商务区保税物流中心(B型)与综合保税区联动发展。",
        "(以下简称区商务委)",
        "各相关责任单位要认真做好宣传解读。",
        "(牵头单位:)",
        "",
    ],
)
def test_a_text_that_names_no_unit_gives_none(text: str) -> None:
    assert read(text) == []


def test_the_2021_policy_names_no_units(catalog: Catalog) -> None:
    assert not [row for row in catalog.assignments() if row.clause_id.startswith("hongqiao-2021#")]


PIECES = st.sampled_from(
    ["(", ")", "（", "〔", "〕", "牵头单位", "配合", "责任单位", ":", "：", ";", "、", ",", "。", "\n", " ",
     "区商务委", "区财政局", "等有关部门", "牵头", "负责", "由", "做好"]
)  # fmt: skip


@given(st.lists(PIECES, max_size=30).map("".join))
def test_any_mix_gives_rows_that_stand_in_the_text_once(text: str) -> None:
    rows = read(text)
    assert len({(row.start, row.role) for row in rows}) == len(rows)


@given(
    st.lists(
        st.sampled_from(["区商务委", "区财政局", "莘庄海关", "大零号湾集团"]),
        min_size=1,
        unique=True,
    ),
    st.lists(st.sampled_from(["区科委", "区经委", "镇人民政府"]), unique=True),
)
def test_a_written_statement_is_read_back(lead: list[str], others: list[str]) -> None:
    tail = f";配合单位:{'、'.join(others)}" if others else ""
    text = f"1.甲。(牵头单位:{'、'.join(lead)}{tail})"
    assert (units(text, LEAD), units(text, COOPERATE)) == (lead, others)

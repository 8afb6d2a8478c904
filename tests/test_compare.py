"""Documents, years and versions side by side: read from files, asked as people ask."""

import json
import re
from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from cli import app
from domain import Answer, AnswerStatus, Clause, ClauseKind, Policy, Question, page_of, version_of
from errors import UnknownPolicy
from qa.checking.verify import verify
from qa.comparison.tables import blocks
from qa.draft import MARK, Draft, Span, Statement
from qa.engine import Engine
from qa.knowledge import Knowledge
from qa.reading import Aspect, Shown
from qa.understanding.comparing import read_comparison
from settings import load_settings
from web.app import create_app
from web.chat import turn_html
from workspace import Workspace

OLD = """关于支持低空经济发展的若干措施
甲府发〔2023〕5号
1.支持企业研发。对研发投入超过500万元的企业，给予最高50万元奖励。2024年底前培育企业20家。（牵头单位：区科委；配合单位：区财政局）
2.建设试飞场地。建设2处公共试飞场地。（牵头单位：区规划资源局）
3.引进人才。为飞行员提供落户服务。（牵头单位：区人才局）
4.开展科普活动。每年举办科普周。（牵头单位：区教育局）
"""
NEW = """关于支持低空经济发展的若干措施
甲府发〔2023〕5号
1.支持企业研发。对研发投入超过500万元的企业，给予最高80万元奖励。2025年底前培育企业30家。（牵头单位：区经委；配合单位：区财政局）
2.引进人才。为飞行员提供落户服务。（牵头单位：区人才局）
3.建设试飞场地。建设2处公共试飞场地。（牵头单位：区规划资源局）
4.完善保险服务。鼓励保险机构开发低空保险产品。（牵头单位：区金融办）
"""
PLAN = """青山县{year}年养老服务工作方案
青政办发〔{year}〕{number}号
青山县人民政府办公室
{year}年5月8日
1.建设社区食堂。新建助餐点{points}个，每个助餐点补助8万元。（牵头单位：县民政局；配合单位：县财政局）
2.推进适老化改造。改造600户。（牵头单位：{lead}）
{third}
"""
PLANS = {
    "plan-2022": PLAN.format(
        year=2022, number=9, points=40, lead="县民政局",
        third="3.培训护理员。每年培训护理员500人次。（牵头单位：县人力资源社会保障局）",
    ),
    "plan-2023": PLAN.format(
        year=2023, number=4, points=60, lead="县住房城乡建设局",
        third="3.发展智慧养老。建设县级信息平台。（牵头单位：县数据局）",
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def plans(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Two years of an invented plan, alone."""
    folder = tmp_path_factory.mktemp("plans")
    workspace = Workspace(load_settings({"WENCE_DATA_DIR": str(folder / "data")}))
    for policy_id in [policy.id for policy in workspace.catalog.policies()]:
        workspace.catalog.remove(policy_id)
    for name, text in PLANS.items():
        (folder / f"{name}.txt").write_text(text, "utf-8")
    list(workspace.ingest([folder / f"{name}.txt" for name in PLANS]))
    return workspace.engine()


@pytest.fixture(scope="module")
def revised(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The bundled policies, and a document that was ingested, changed and ingested again."""
    folder = tmp_path_factory.mktemp("revised")
    workspace = Workspace(load_settings({"WENCE_DATA_DIR": str(folder / "data")}))
    for text in (OLD, NEW):
        (folder / "low.txt").write_text(text, "utf-8")
        list(workspace.ingest([folder / "low.txt"]))
    return workspace


def rows(answer: Answer) -> Iterator[list[str]]:
    """The rows of the answer's tables under their heads, without markers."""
    for block in blocks(re.sub(r"\[\d+\]", "", answer.text)):
        yield from block[1:] if not isinstance(block, str) else ()


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("2022年和2023年的方案有什么不同", ["〔2022〕9号", "〔2023〕4号", "智慧养老", "护理员"]),
        ("2022年和2023年在助餐点方面有什么变化", ["40个", "60个"]),
        ("2023年方案比2022年新增了什么", ["智慧养老"]),
        ("2022年方案和2023年方案都有哪些共同点", ["社区食堂", "适老化改造"]),
        ("与2022年相比,2023年方案少了什么", ["护理员"]),
        ("县民政局在2022年和2023年方案里分别牵头几项", ["2项", "1项"]),
        ("县民政局在两份文件里各牵头几项", ["2项", "1项"]),
        ("两份方案对护理员培训的规定有什么区别", ["仅", "500人次", "没有提到"]),
        ("哪份文件提到了智慧养老", ["1份", "信息平台", "没有提到"]),
        ("两份文件都提到适老化改造吗", ["2份"]),
        ("两份文件的文号有什么不同", ["〔2022〕9号", "〔2023〕4号"]),
        ("两份文件哪份牵头单位更多", ["2个", "3个"]),
        ("两份文件的任务数量相差多少", ["3项"]),
    ],
)
def test_two_years_of_another_document(question: str, says: list[str], plans: Engine) -> None:
    answer = plans.answer(Question(question))
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert [words for words in says if words not in answer.text] == []


def test_what_only_one_year_has_is_all_that_is_shown_when_it_is_asked(plans: Engine) -> None:
    answer = plans.answer(Question("2023年方案比2022年新增了什么"))
    assert [row[0] for row in rows(answer)] == ["仅见于甲"]
    assert "护理员" not in answer.text


def test_differing_figures_are_told(plans: Engine) -> None:
    answer = plans.answer(Question("2022年和2023年在助餐点方面有什么变化"))
    verdict = next(row[0] for row in rows(answer))
    assert "甲 40个" in verdict
    assert "乙 60个" in verdict


def test_what_changed_since_the_version_before(revised: Workspace) -> None:
    answer = revised.engine().answer(Question("低空经济若干措施新版和旧版相比改了什么"))
    assert answer.status is AnswerStatus.ANSWERED
    told = list(rows(answer))
    assert [row[0].partition("：")[0] for row in told] == ["有改动", "新增", "删去"]
    assert "“50万元”改为“80万元”" in told[0][0]
    assert "保险" in told[1][2]
    assert "科普" in told[2][1]


def test_both_versions_are_cited_at_their_offsets(revised: Workspace) -> None:
    answer = revised.engine().answer(Question("低空经济措施修订前后有哪些变化"))
    assert {citation.policy_id for citation in answer.citations} == {"low", "low@v1"}
    for citation in answer.citations:
        policy_id, number = version_of(citation.policy_id)
        text = revised.catalog.version(policy_id, number or 2).policy.text
        assert citation.quote == text[citation.start : citation.end]
    client = TestClient(create_app(revised.engine()))
    old = next(citation for citation in answer.citations if citation.policy_id == "low@v1")
    assert old.url == "/policies/low?version=1#" + old.clause_id.partition("#")[2]
    assert client.get(old.url).status_code == 200
    body = client.get("/api/policies/low@v1").json()
    assert body["text"][old.start : old.end] == old.quote
    assert body["state"] == "superseded"


@pytest.mark.parametrize(
    ("question", "kinds"),
    [
        ("低空经济措施改了什么", {"有改动", "新增", "删去"}),
        ("低空经济若干措施新版比旧版新增了什么", {"新增"}),
        ("《关于支持低空经济发展的若干措施》和上一版比删了哪些", {"删去"}),
        ("新版和旧版相比改了什么", {"有改动", "新增", "删去"}),
    ],
)
def test_rows_of_a_revision_are_those_asked_for(
    question: str, kinds: set[str], revised: Workspace
) -> None:
    answer = revised.engine().answer(Question(question))
    assert {row[0].partition("：")[0] for row in rows(answer)} == kinds, answer.text


def test_the_command_and_the_api_tell_the_same_changes(
    revised: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WENCE_DATA_DIR", str(revised.settings.data_dir))
    told = CliRunner().invoke(app, ["versions", "low", "--diff", "--json"])
    assert told.exit_code == 0, told.output
    changes = json.loads(told.stdout.splitlines()[-1])
    assert (changes["same"], changes["changed"], changes["added"], changes["removed"]) == (
        3,
        1,
        1,
        1,
    )
    [changed] = [one for one in changes["changes"] if one["kind"] == "changed"]
    assert {"old": "50万元", "new": "80万元"} in changed["edits"]
    client = TestClient(create_app(revised.engine()))
    assert client.get("/api/policies/low/changes").json() == changes
    printed = CliRunner().invoke(app, ["versions", "low", "--diff"])
    assert "有改动1条，新增1条，删去1条，未变3条" in printed.output


def test_a_document_with_one_version_says_so(revised: Workspace) -> None:
    answer = revised.engine().answer(Question("自贸区方案和上一版相比有什么变化"))
    assert answer.status is AnswerStatus.NOT_FOUND
    assert "旧版" in answer.text
    with pytest.raises(UnknownPolicy):
        revised.catalog.version("ftz-2024", 7)


@pytest.mark.parametrize(
    "question",
    [
        "自贸联动创新区方案里一共有多少个不同的牵头单位?",
        "哪个单位牵头的任务最多",
        "两份文件加起来有多少项任务?",
        "提到“外籍”两个字的任务 两份文件都算上 有哪几项",
        "这个实施方案是根据市里哪个文件制定的?",
        "商事登记制度改了什么",
        "专利快速审查的牵头单位和配合单位分别是哪家？",
        "我们做跨境电商,有哪些政策支持",
        "区民政局在这两份文件里要配合做什么",
        "第5项和第8项分别是什么",
    ],
)
def test_a_question_that_compares_nothing_is_left_alone(question: str, engine: Engine) -> None:
    assert read_comparison(question, engine.knowledge, list(engine.knowledge.policies)) is None


@pytest.mark.parametrize(
    ("question", "aspect", "shown", "sides"),
    [
        ("自贸区方案比虹桥那份多了什么", Aspect.MATTER, Shown.FIRST, ["ftz-2024", "hongqiao-2021"]),
        ("与虹桥方案相比,自贸区方案多了什么", Aspect.MATTER, Shown.SECOND,
         ["hongqiao-2021", "ftz-2024"]),
        ("2021年和2024年相比新增了什么", Aspect.MATTER, Shown.SECOND,
         ["hongqiao-2021", "ftz-2024"]),
        ("两份文件哪份任务多", Aspect.COUNT, Shown.ALL, []),
        ("哪份文件提到了低空经济", Aspect.WHICH, Shown.ALL, []),
        ("17号文和2021年的安排有什么共同点", Aspect.MATTER, Shown.SAME,
         ["ftz-2024", "hongqiao-2021"]),
    ],
)  # fmt: skip
def test_what_is_put_side_by_side(
    question: str, aspect: Aspect, shown: Shown, sides: list[str], engine: Engine
) -> None:
    reading = read_comparison(question, engine.knowledge, list(engine.knowledge.policies))
    assert reading is not None
    assert reading.comparison is not None
    assert (reading.comparison.aspect, reading.comparison.shown) == (aspect, shown)
    assert [side[0] for side in reading.comparison.sides] == sides


def test_markers_stand_in_their_cells_and_a_false_row_falls() -> None:
    """Each cell is followed by its own marker; a row whose figure no span bears is dropped."""
    text = "1.补助8万元。"
    policy = Policy("p", "办法", text, "")

    clause = Clause("p#1", "p", ClauseKind.TASK, "1", 1, (), "", text, 0, len(text))
    knowledge = Knowledge([policy], [clause], [])
    span = Span("p#1", 0, len(text))
    good = Statement(f"| 甲 | “补助8万元”{MARK} | — |", (span,))
    bad = Statement(f"| 甲 | 补助9万元{MARK} | — |", (span,))
    checked = verify(Draft(AnswerStatus.ANSWERED, (good, bad)), knowledge)
    assert checked.text == "| 甲 | “补助8万元”[1] | — |"
    assert checked.status is AnswerStatus.PARTIAL


def test_the_page_shows_a_table(engine: Engine) -> None:
    answer = engine.answer(Question("两份文件在医疗方面有什么不同"))
    html = turn_html("两份文件在医疗方面有什么不同", answer)
    assert html.count("<table>") == 1
    assert "<td>第23项：“" in html
    assert "| ---" not in html
    assert 'class="marker"' in html.partition("<table>")[2].partition("</table>")[0]
    assert turn_html("…", answer, 12).count("<table>") == 1


def test_addresses_of_versions() -> None:
    assert page_of("plan-2024#8") == "/policies/plan-2024#8"
    assert page_of("plan-2024@v3#8") == "/policies/plan-2024?version=3#8"
    assert version_of("a@b") == ("a@b", None)

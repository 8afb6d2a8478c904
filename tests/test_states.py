"""Documents that have ended, older versions, pages, deadlines and tables, on every surface."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from domain import AnswerStatus, Filters, PolicyState, Question, Role
from ingest.catalog import Catalog
from qa.engine import Engine, Snapshot
from qa.knowledge import Knowledge
from settings import load_settings
from terminal import print_tasks_csv, show_answer, show_policies, show_tasks
from web.app import create_app
from web.chat import _welcome, turn_html
from web.schemas import PolicyOut, VersionOut
from workspace import Workspace

TODAY = date(2024, 6, 1)

EXPIRED = """青山县人民政府关于印发《青山县夜市管理办法》的通知
青政规〔2020〕1号
各乡镇人民政府，县政府各部门：
现将《青山县夜市管理办法》印发给你们，请遵照执行。
附件：1.夜市摊位申请表
2.夜市摊位收费标准表
青山县人民政府
2020年6月10日
青山县夜市管理办法
第一条 为了规范夜市经营，制定本办法。
第二条 摊位按照下列标准收费：
（一）固定摊位每月200元；
（二）流动摊位每天5元。
第三条 本办法自2020年7月1日起施行，有效期至2023年12月31日。
"""
REPEALED = """青山县人民政府关于印发《青山县集市管理办法》的通知
青政规〔2018〕2号
各乡镇人民政府：
现将《青山县集市管理办法》印发给你们。
青山县人民政府
2018年3月1日
青山县集市管理办法
第一条 集市逢五逢十开市。
第二条 本办法自2018年4月1日起施行。
"""
REPEALING = """青山县人民政府关于印发《青山县农贸市场管理办法》的通知
青政规〔2021〕3号
各乡镇人民政府：
现将《青山县农贸市场管理办法》印发给你们。
青山县人民政府
2021年8月1日
青山县农贸市场管理办法
第一条 农贸市场每天开市。
第二条 本办法自2021年9月1日起施行。《青山县集市管理办法》（青政规〔2018〕2号）同时废止。
"""
PLAN = """青山县冬季供暖工作方案
青政办发〔2023〕9号
青山县人民政府办公室
2023年10月8日
一、重点任务
1.检修管网。2023年11月10日前完成检修。(牵头单位:县住房城乡建设局)
2.保障燃料。
(1)储备煤炭3万吨，由县发展改革委牵头；
(2)签订供气合同。(责任单位:县城市管理局、各乡镇)
3.公开热线。全天受理群众来电。
"""
TABLE = """# 青山县春耕工作任务表

一、请各单位按照任务表落实。

| 序号 | 工作任务 | 牵头单位 | 配合单位 | 完成时限 |
| --- | --- | --- | --- | --- |
| 1 | 修复灌渠12公里 | 县水利局 | 县财政局 | 2024年3月底前 |
| 2 | 调运良种80吨 | 县农业农村局 | 县供销社 | 2024年4月15日前 |
"""
FILES = {
    "night-2020.txt": EXPIRED,
    "fair-2018.txt": REPEALED,
    "market-2021.txt": REPEALING,
    "heating-2023.txt": PLAN,
    "sowing-2024.md": TABLE,
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Five documents of one county on a day of 2024; the plan is in its second version."""
    folder = tmp_path_factory.mktemp("states")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    settings = load_settings({"WENCE_DATA_DIR": str(folder / "data")}, folder / "none.toml")
    Catalog(settings.catalog_url).done("bundled")
    workspace = Workspace(settings)
    states = [found.state for found in workspace.ingest([folder / name for name in FILES])]
    assert states == ["new"] * len(FILES)
    catalog = workspace.catalog
    content = catalog.content("heating-2023")
    clauses = tuple(
        replace(clause, page=1 + place // 3, confidence=0.82 if clause.number == "3" else 0.99)
        for place, clause in enumerate(content.clauses)
    )
    catalog.store(replace(content, clauses=clauses), now="2023-12-01T00:00:00Z")

    def load() -> Snapshot:
        return Snapshot(catalog.fingerprint(), Knowledge.of(catalog), workspace.search())

    return Engine(
        catalog, load, search_k=10, question_limit=2000, conversation_limit=9, today=lambda: TODAY
    )


@pytest.fixture(scope="module")
def web(engine: Engine) -> Iterator[TestClient]:
    with TestClient(create_app(engine, chat=False)) as client:
        yield client


def ask(engine: Engine, question: str, policy: str = "") -> tuple[AnswerStatus, str]:
    answer = engine.answer(Question(question, filters=Filters((policy,) if policy else ())))
    return answer.status, answer.text


def test_a_state_has_its_reason(engine: Engine) -> None:
    knowledge = engine.knowledge
    states = {policy: knowledge.state(policy, TODAY) for policy in knowledge.policies}
    assert states["night-2020"].state is PolicyState.EXPIRED
    assert states["night-2020"].reason == "有效期至2023年12月31日"
    assert states["fair-2018"].state is PolicyState.REPEALED
    assert "青政规〔2021〕3号" in states["fair-2018"].reason
    assert states["market-2021"].state is PolicyState.IN_FORCE
    assert knowledge.state("night-2020", date(2023, 12, 31)).state is PolicyState.IN_FORCE


def test_an_answer_from_an_ended_document_says_so_at_its_end(engine: Engine) -> None:
    _, text = ask(engine, "流动摊位每天收多少元？")
    assert text.splitlines()[-1] == "注意：《青山县夜市管理办法》有效期至2023年12月31日，已失效。"
    _, text = ask(engine, "集市什么时候开市？", "fair-2018")
    assert text.splitlines()[-1].startswith("注意：《青山县集市管理办法》自2021年9月1日起被《")
    assert text.endswith("废止。")
    for question in ("农贸市场每天开市吗？", "今天天气怎么样"):
        assert "注意：" not in ask(engine, question)[1]


@pytest.mark.parametrize(
    ("question", "policy", "says", "cites"),
    [
        (
            "这份文件还有效吗？",
            "night-2020",
            "已失效：有效期至2023年12月31日",
            "有效期至2023年12月31日",
        ),
        ("这份文件还有效吗？", "fair-2018", "已废止：自2021年9月1日起", "《青山县集市管理办法》"),
        ("现在还有效吗？", "market-2021", "有效：自2021年9月1日起施行", "自2021年9月1日起施行"),
        ("什么时候失效？", "night-2020", "有效期至2023年12月31日", "有效期至2023年12月31日"),
        ("这个办法什么时候施行？", "night-2020", "自2020年7月1日起施行", "自2020年7月1日起施行"),
        (
            "主送谁？",
            "night-2020",
            "主送各乡镇人民政府、县政府各部门",
            "各乡镇人民政府，县政府各部门",
        ),
        ("有哪些附件？", "night-2020", "有2个附件：1.夜市摊位申请表；2.夜市", "夜市摊位申请表"),
        (
            "废止了哪些文件？",
            "market-2021",
            "废止《青山县集市管理办法》（青政规〔2018〕2号）",
            "集市",
        ),
    ],
)
def test_a_document_is_asked_about_itself(
    question: str, policy: str, says: str, cites: str, engine: Engine
) -> None:
    answer = engine.answer(Question(question, filters=Filters((policy,))))
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert says in answer.text
    assert cites in "".join(citation.quote for citation in answer.citations)


@pytest.mark.parametrize(
    "question", ["有效期多久？", "主送谁？", "有哪些附件？", "废止了哪些文件？"]
)
def test_what_a_document_does_not_say_is_not_stated(question: str, engine: Engine) -> None:
    status, text = ask(engine, question, "heating-2023")
    assert status is AnswerStatus.NOT_STATED
    assert "没有写明" in text


def test_an_item_is_whole_with_its_parts_and_their_units(engine: Engine) -> None:
    _, text = ask(engine, "第2项是什么？", "heating-2023")
    assert "储备煤炭3万吨" in text
    assert "签订供气合同" in text
    _, text = ask(engine, "第2项由谁牵头？", "heating-2023")
    assert "发展改革委" in text
    fourth = ask(engine, "第二条是什么？", "night-2020")[1]
    assert "流动摊位每天5元" in fourth


def test_rows_of_tables_are_tasks_and_articles_come_before_what_is_below_them(
    engine: Engine, web: TestClient
) -> None:
    cards = {card["id"]: card for card in web.get("/api/policies").json()}
    assert cards["sowing-2024"]["tasks"] == 2
    assert [c.number for c in engine.knowledge.tasks({"night-2020"})] == [
        "第一条",
        "第二条",
        "第三条",
    ]
    [row, _] = web.get("/api/tasks", params={"policy": "sowing-2024"}).json()
    assert (row["lead"], row["cooperate"]) == (["县水利局"], ["县财政局"])
    assert [one["value"] for one in row["deadlines"]] == ["2024-03-31"]
    assert "修复灌渠" in ask(engine, "县水利局牵头哪些任务？")[1]


def test_tasks_carry_deadlines_and_groups(engine: Engine, web: TestClient) -> None:
    one, two, _ = web.get("/api/tasks", params={"policy": "heating-2023"}).json()
    text = web.get("/api/policies/heating-2023").json()["text"]
    [deadline] = one["deadlines"]
    assert deadline["value"] == "2023-11-10"
    assert text[deadline["start"] : deadline["end"]] == deadline["as_printed"]
    assert {row["unit"]: row["group"] for row in two["assignments"]}["各乡镇"]


def test_cards_tell_all_that_is_known(web: TestClient) -> None:
    card = web.get("/api/policies/night-2020").json()
    assert (card["state"], card["state_reason"]) == ("expired", "有效期至2023年12月31日")
    assert (card["effective"], card["expires"]) == ("2020-07-01", "2023-12-31")
    assert card["addressees"] == ["各乡镇人民政府", "县政府各部门"]
    assert card["attachments"] == ["夜市摊位申请表", "夜市摊位收费标准表"]
    [repeal] = web.get("/api/policies/market-2021").json()["repeals"]
    assert repeal == {
        "kind": "repeals",
        "title": "青山县集市管理办法",
        "doc_no": "青政规〔2018〕2号",
    }


def test_versions_are_listed_and_shown(web: TestClient) -> None:
    old, now = web.get("/api/policies/heating-2023/versions").json()
    assert (old["version"], old["retired"]) == (1, "2023-12-01T00:00:00Z")
    assert (now["version"], now["retired"]) == (2, None)
    first = web.get("/api/policies/heating-2023", params={"version": 1}).json()
    assert (first["version"], first["state"]) == (1, "superseded")
    assert first["state_reason"] == "旧版本，已被第2版替换"
    assert "".join(clause["text"] for clause in first["outline"]) == first["text"]
    assert {clause["page"] for clause in first["outline"]} == {None}
    assert web.get("/api/policies/heating-2023", params={"version": 2}).json()["version"] == 2


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/api/policies/heating-2023?version=3", 404),
        ("/api/policies/heating-2023?version=0", 422),
        ("/api/policies/nope?version=1", 404),
        ("/api/policies/nope/versions", 404),
        ("/policies/heating-2023?version=3", 404),
        ("/policies/heating-2023?version=x", 404),
    ],
)
def test_a_version_that_is_not_there_is_a_problem(path: str, status: int, web: TestClient) -> None:
    reply = web.get(path)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"


def test_source_page_shows_state_version_page_and_doubt(web: TestClient) -> None:
    page = web.get("/policies/night-2020").text
    assert '<p class="banner expired" role="status">' in page
    assert "banner" not in web.get("/policies/market-2021").text
    now, old = (web.get(f"/policies/heating-2023{query}").text for query in ("", "?version=1"))
    assert now.count('class="page-mark"') == 3
    assert now.index("第1页") < now.index('id="1"') < now.index("第2页")
    assert now.count("识别把握 0.82，请核对原件") == 1
    assert '<a href="heating-2023?version=1">第1版</a>' in now
    assert "旧版本，已被第2版替换" in old
    assert "page-mark" not in old
    missing = web.get("/policies/heating-2023?version=9", headers={"accept": "text/html"})
    assert missing.status_code == 404
    assert "没有这一版" in missing.text


def test_citations_know_their_page(
    engine: Engine, web: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    body = {"question": "检修管网由谁牵头？"}
    [citation] = web.post("/api/ask", json=body).json()["citations"]
    assert citation["page"] == 1
    answer = engine.answer(Question("检修管网由谁牵头？"))
    assert "第1项，第1页" in turn_html("问", answer)
    show_answer(answer)
    assert "第1项，第1页" in capsys.readouterr().out


def test_the_chat_page_marks_what_has_ended(engine: Engine) -> None:
    welcome = _welcome(engine)
    assert welcome.count('class="ended') == 2
    assert "已失效" in welcome
    assert "已废止" in welcome
    answer = engine.answer(Question("流动摊位每天收多少元？"))
    assert '<p class="notice">' in turn_html("问", answer)


def test_the_command_shows_states_and_deadlines(
    engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    knowledge = engine.knowledge
    cards = [PolicyOut.of(policy, knowledge, TODAY) for policy in knowledge.policies.values()]
    show_policies(cards)
    shown = capsys.readouterr().out
    assert "状态" in shown
    assert "已废止" in shown
    tasks = list(knowledge.tasks({"heating-2023"}))
    show_tasks(tasks, knowledge)
    assert "期限" in capsys.readouterr().out
    show_tasks(tasks[2:], knowledge)
    assert "期限" not in capsys.readouterr().out
    print_tasks_csv(tasks, knowledge)
    rows = list(csv.reader(io.StringIO(capsys.readouterr().out)))
    assert rows[0][-1] == "deadline"
    assert rows[1][-1] == "2023年11月10日前"


def test_units_of_an_item_are_those_of_its_parts(engine: Engine) -> None:
    knowledge = engine.knowledge
    [_, fuel, _] = knowledge.tasks({"heating-2023"})
    assert len(knowledge.parts(fuel)) == 2
    assert knowledge.own_rows(fuel.id) == []
    assert len(knowledge.units_of(fuel.id, Role.LEAD)) == 1
    bounded = knowledge.of_units(["县城市管理局"])
    assert len(bounded.rows(fuel.id)) == len(knowledge.rows(fuel.id))


def test_all_versions_with_none_replaced(engine: Engine) -> None:
    policy = engine.knowledge.policies["night-2020"]
    [only] = VersionOut.all_of(policy, [])
    assert (only.version, only.retired, only.digest) == (1, None, policy.digest)
    assert Path(policy.url).name == "night-2020"

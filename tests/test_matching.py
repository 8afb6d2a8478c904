"""Which clauses apply to a described enterprise: verdicts, conditions, what is missing, whom to call."""

from datetime import date

import orjson
import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from domain import Assignment, Clause, ClauseKind, Policy, Question, Role
from qa.applicability.matching import Matched, Verdict, match_clause
from qa.applicability.profile import Described, Profile, profile_of, read_profile, tells_more
from qa.context import Context
from qa.engine import Engine
from qa.knowledge import Knowledge
from qa.topic import Topic
from web.app import create_app

A, N, X = Verdict.APPLIES, Verdict.NEEDS_MORE, Verdict.DOES_NOT_APPLY
DAY = date(2026, 6, 1)


# A made-up county's notice: a sentence, a profile, the verdict.
VERDICTS = (
    ("对县域内小微企业给予贷款贴息。", "我们在安溪县做茶叶加工,15人,想贷款", A),
    ("对县域内小微企业给予贷款贴息。", "我们在安溪县做茶叶加工,3000人,想贷款", X),
    ("对县域内小微企业给予贷款贴息。", "我们做茶叶加工,想贷款", N),
    ("对从业人员50人以下的茶叶企业给予贷款贴息。", "我们做茶叶加工,30人,想贷款", A),
    ("对从业人员50人以下的茶叶企业给予贷款贴息。", "我们做茶叶加工,80人,想贷款", X),
    ("对从业人员50人以下的茶叶企业给予贷款贴息。", "我们做茶叶加工,想贷款", N),
    ("对年营业收入500万元以上的茶叶企业给予奖励。", "茶叶公司,年营收800万元", A),
    ("对年营业收入500万元以上的茶叶企业给予奖励。", "茶叶公司,年营收300万元", X),
    ("对成立三年以内的茶叶企业给予场地补贴。", "茶叶公司,2025年成立", A),
    ("对成立三年以内的茶叶企业给予场地补贴。", "茶叶公司,2015年成立", X),
    ("支持茶叶龙头企业参加境外展会。", "我们是茶叶龙头企业,想参加境外展会", A),
    ("支持茶叶龙头企业参加境外展会。", "我们是茶叶企业,想参加境外展会", N),
    ("支持符合条件的茶叶企业参加境外展会。", "我们是茶叶企业,想参加境外展会", N),
    ("支持茶叶企业参加境外展会。", "我们是茶叶企业,想参加境外展会", A),
    ("支持茶叶企业参加境外展会。", "我们是云南省的茶叶企业,想参加境外展会", X),
    ("支持茶叶企业申请成为海关高级认证企业。", "我们是茶叶企业,已经是AEO企业", X),
    ("支持民营企业上市。", "我们是国有企业,做茶叶,想上市", X),
    ("推进茶叶民营企业总部集聚区招商。", "我们是央企,做茶叶,想招商", X),
    ("推进茶叶民营企业总部集聚区招商。", "我们是民营茶叶企业,想招商", A),
    ("加快茶叶集散地建设。", "我们是茶叶企业", N),
)  # fmt: skip


@pytest.mark.parametrize(("sentence", "described", "verdict"), VERDICTS, ids=lambda v: str(v)[:24])
def test_verdicts(sentence: str, described: str, verdict: Verdict) -> None:
    matched = matched_one(sentence, read_profile(described, ("安溪县", "安溪")))
    assert matched.verdict is verdict, matched.conditions
    for one in matched.conditions:
        if one.span:
            assert TEXT_OF[sentence][one.span.start : one.span.end] == one.quote
        assert one.met is not None or one.missing
    for span in matched.offers:
        assert TEXT_OF[sentence][span.start : span.end] in sentence
    assert matched.contacts == ("县农业农村局",)


TEXT_OF: dict[str, str] = {}


def matched_one(sentence: str, profile: Profile) -> Matched:
    head = "安溪县茶业发展若干措施\n"
    marker = "(牵头单位:县农业农村局)"
    item = f"1.{sentence.removesuffix('。')}。{marker}"
    text = TEXT_OF[sentence] = head + item
    policy = Policy("tea", "安溪县茶业发展若干措施", text, "", region="安溪县")
    clauses = [
        Clause("tea#0", "tea", ClauseKind.PREAMBLE, "", None, (), "", head, 0, len(head)),
        Clause("tea#1", "tea", ClauseKind.TASK, "1", 1, (), "", item, len(head), len(text)),
    ]
    at = text.index(marker)
    unit = "县农业农村局"
    where = text.index(unit)
    row = Assignment("tea#1", Role.LEAD, unit, unit, where, where + 6, at, at + len(marker))
    knowledge = Knowledge([policy], clauses, [row])
    context = Context(knowledge, None, frozenset({"tea"}), 10, {})  # type: ignore[arg-type]
    topic = Topic.of(profile.matter)
    return match_clause(clauses[1], profile, topic, context, DAY, score=1.0, near=False)


def test_a_profile_from_a_description() -> None:
    profile = read_profile("我们是闵行一家做低空无人机的公司，30人，想把产品卖到国外", ("闵行",))
    assert profile.places == ("闵行",)
    assert profile.employees == 30
    assert profile.plan == ("想把产品卖到国外",)
    assert "制造" in profile.sectors


def test_a_profile_denies_what_it_denies() -> None:
    profile = read_profile("我们在杭州,还没有AEO认证,不打算来上海")
    assert profile.places == ("杭州",)
    assert profile.wanted == {"海关高级认证企业"}
    assert not profile.standings


def test_fields_stand_above_the_text() -> None:
    given = Described(
        "我们有20人", place="闵行区", employees=300, qualifications=("高新技术企业", "AEO")
    )
    profile = profile_of(given)
    assert profile.employees == 300
    assert profile.places == ("闵行区",)
    assert profile.standings == {"高新技术企业", "海关高级认证企业"}


def test_replies_that_tell_more() -> None:
    assert tells_more("我们注册在闵行区,有200人")
    assert tells_more("注册在浦东新区的话适用吗")
    assert not tells_more("配合单位呢")
    assert not tells_more("闵行区有哪些任务")


def test_verdicts_come_in_order_with_the_counts(engine: Engine) -> None:
    answer = engine.answer(Question("我们在虹桥商务区做离岸贸易,想开离岸经贸业务,有什么政策?"))
    kinds = [line.partition("：")[0] for line in answer.text.split("\n") if line[0] != "　"]
    verdicts = [kind for kind in kinds if kind in ("适用", "需补充", "不适用")]
    assert verdicts == sorted(verdicts, key=["适用", "需补充", "不适用"].index)
    assert f"找到{len(verdicts)}条" in answer.text
    assert "适用：《关于推进上海自贸试验区闵行联动创新区建设的实施方案》第4项" in answer.text


def test_a_reply_changes_the_verdict(engine: Engine) -> None:
    first = engine.answer(Question("我们集团想开跨境资金池,有什么政策适用?"))
    assert "\n需补充：《关于推进上海自贸试验区闵行联动创新区建设的实施方案》第14项" in first.text
    then = engine.answer(Question("我们注册在大零号湾,有200人", first.conversation_id))
    assert "\n适用：《关于推进上海自贸试验区闵行联动创新区建设的实施方案》第14项" in then.text


def test_nothing_bears_on_it(engine: Engine) -> None:
    found, _ = engine.match(Described("我们是养猪场"))
    assert not found.matches


@pytest.fixture(scope="module")
def client(engine: Engine) -> TestClient:
    return TestClient(create_app(engine, chat=False))


def test_the_route_gives_verdicts_with_verbatim_quotes(client: TestClient) -> None:
    body = {
        "industry": "智能制造",
        "size": {"employees": 200, "revenue": 5000},
        "place": "大零号湾",
        "plan": "给非上海生源应届高校毕业生办落户",
        "qualifications": ["重点企业"],
    }
    answer = client.post("/api/match", json=body).json()
    assert answer["profile"]["employees"] == 200
    assert answer["profile"]["places"] == ["大零号湾"]
    [one] = [match for match in answer["matches"] if match["clause_id"] == "ftz-2024#17"]
    assert (one["verdict"], one["verdict_text"]) == ("applies", "适用")
    assert one["contacts"] == ["区教育局"]
    assert {"区域内", "重点企业", "非上海生源"} <= {each["quote"] for each in one["conditions"]}
    text = client.get("/api/policies/ftz-2024").json()["text"]
    for quote in (*one["offers"], *one["conditions"]):
        assert text[quote["start"] : quote["end"]] == quote["quote"]
    assert "match" in answer["timings_ms"]


def test_the_route_says_what_is_missing(client: TestClient) -> None:
    body = {"description": "我公司在大零号湾,有一笔8万美元的服务贸易对外付汇"}
    answer = client.post("/api/match", json=body).json()
    [one] = [match for match in answer["matches"] if match["clause_id"] == "ftz-2024#13"]
    assert one["verdict"] == "needs_more"
    met = {each["quote"]: each["met"] for each in one["conditions"]}
    assert met == {"区域内": True, "优质企业": None, "单笔等值5万美元以上": True}
    assert "是否为“优质企业”" in answer["missing"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 422),
        ({"description": "  "}, 422),
        ({"size": {"employees": -1}}, 422),
        ({"nonsense": 1}, 422),
        ({"description": "外贸", "filters": {"policies": ["nope"]}}, 404),
    ],
    ids=str,
)
def test_mistakes_are_problem_documents(
    client: TestClient, body: dict[str, object], status: int
) -> None:
    answer = client.post("/api/match", json=body)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"]


def test_filters_bound_the_matches(client: TestClient) -> None:
    body = {"description": "我们做离岸贸易", "filters": {"policies": ["hongqiao-2021"]}}
    answer = client.post("/api/match", json=body).json()
    assert {match["policy_id"] for match in answer["matches"]} == {"hongqiao-2021"}


def test_the_command_prints_what_the_route_answers(
    client: TestClient, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    import cli

    monkeypatch.setattr(cli, "_engine", lambda: engine)
    ran = CliRunner().invoke(
        cli.app, ["match", "--place", "大零号湾", "--plan", "跨境资金池", "--json"]
    )
    body = {"place": "大零号湾", "plan": "跨境资金池"}
    told, answered = orjson.loads(ran.stdout), client.post("/api/match", json=body).json()
    assert told["matches"] == answered["matches"]
    assert told["profile"] == answered["profile"]


def test_the_command_reads_a_profile_and_speaks(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    import cli

    monkeypatch.setattr(cli, "_engine", lambda: engine)
    file = tmp_path_factory.mktemp("profile") / "profile.json"
    file.write_text('{"industry": "无人机整机", "place": "闵行区"}', "utf-8")
    ran = CliRunner().invoke(cli.app, ["match", "--profile", str(file), "--plan", "出口"])
    assert "适用：" in ran.stdout
    assert "区经委" in ran.stdout

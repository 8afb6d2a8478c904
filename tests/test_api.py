"""The HTTP contract, on a real server on loopback."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from serving import api_of

from qa.engine import Engine


@pytest.fixture(scope="module")
def api(engine: Engine) -> Iterator[httpx.Client]:
    """A client of the application without its chat page."""
    with api_of(engine) as client:
        yield client


def ask(api: httpx.Client, question: str, **more: Any) -> dict[str, Any]:
    response = api.post("/api/ask", json={"question": question, **more})
    assert response.status_code == 200, response.text
    return dict(response.json())


def test_an_answer_has_the_fields_of_the_contract(api: httpx.Client) -> None:
    answer = ask(api, "低空经济由谁牵头?")
    assert set(answer) == {
        "answer", "status", "engine", "conversation_id", "citations", "suggestions", "timings_ms",
    }  # fmt: skip
    assert (answer["status"], answer["engine"]) == ("answered", "builtin")
    [citation] = answer["citations"]
    assert citation["url"] == "/policies/ftz-2024#8"
    assert (citation["marker"], citation["number"]) == (1, "8")
    assert citation["section"] == ["三、重点任务"]
    text = api.get("/api/policies/ftz-2024").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_a_conversation_is_kept_and_two_do_not_mix(api: httpx.Client) -> None:
    one = ask(api, "低空经济由谁牵头?")["conversation_id"]
    other = ask(api, "外籍人才签证归谁管?")["conversation_id"]
    assert one != other
    assert "大零号湾集团" in ask(api, "那配合单位呢?", conversation_id=one)["answer"]
    assert "区人才局" in ask(api, "那配合单位呢?", conversation_id=other)["answer"]


def test_filters_bound_the_answer(api: httpx.Client) -> None:
    answer = ask(api, "第5项任务是什么?", filters={"policies": ["hongqiao-2021"]})
    assert answer["status"] == "answered"
    assert {c["policy_id"] for c in answer["citations"]} == {"hongqiao-2021"}
    answer = ask(api, "第5项任务是什么?", filters={"year": 2024})
    assert {c["policy_id"] for c in answer["citations"]} == {"ftz-2024"}
    answer = ask(api, "哪些任务没有配合单位?", filters={"units": ["市场监管局"]})
    assert {c["number"] for c in answer["citations"]} == {"12"}


def test_the_stream_carries_the_same_answer(api: httpx.Client) -> None:
    whole = ask(api, "区科委牵头几项、配合几项?")
    with api.stream(
        "POST", "/api/ask/stream", json={"question": "区科委牵头几项、配合几项?"}
    ) as stream:
        assert stream.headers["content-type"].startswith("text/event-stream")
        events = [part.split("\n", 1) for part in stream.read().decode().strip().split("\n\n")]
    names = [name.removeprefix("event: ") for name, _ in events]
    values = [json.loads(data.removeprefix("data: ")) for _, data in events]
    assert names[0] == "status"
    assert names[-2:] == ["citations", "done"]
    assert set(names[1:-2]) == {"token"}
    tokens = "".join(v["text"] for n, v in zip(names, values, strict=True) if n == "token")
    assert tokens == values[-1]["answer"] == whole["answer"]
    assert values[-2] == whole["citations"]


@pytest.mark.parametrize(
    ("body", "status", "says"),
    [
        ('{"question": ""}', 422, "问题是空的"),
        ('{"question": "' + "问" * 10_000 + '"}', 422, "上限是2000个字"),
        ('{"question": ', 400, "JSON"),
        ("", 422, "请求体"),
        ('{"question": 5}', 422, "question"),
        ('{"question": "a", "more": 1}', 422, "more"),
        ('{"question": "a", "filters": {"policies": ["nope"]}}', 404, "nope"),
        ('{"question": "a", "filters": {"units": ["火星局"]}}', 422, "火星局"),
        ('{"question": "a", "filters": {"year": "x"}}', 422, "filters.year"),
        ('{"question": "\\ud800低空"}', 422, "编码"),
        ('{"question": "a", "filters": {"policies": ["\\ud800"]}}', 422, "filters.policies"),
    ],
)
def test_a_bad_request_gets_one_clear_problem(
    body: str, status: int, says: str, api: httpx.Client
) -> None:
    headers = {"content-type": "application/json"}
    response = api.post("/api/ask", content=body.encode(), headers=headers)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"
    problem = response.json()
    assert set(problem) == {"type", "title", "status", "detail", "instance"}
    assert says in problem["detail"]


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/api/policies/nope", 404),
        ("GET", "/api/nope", 404),
        ("GET", "/nope", 404),
        ("PUT", "/api/ask", 405),
        ("GET", "/api/search?q=", 422),
        ("GET", "/api/search?q=a&k=0", 422),
        ("GET", "/api/search", 422),
        ("GET", "/api/search?q=a&policy=nope", 404),
        ("GET", "/api/search?q=a&policy=ftz-2024&policy=nope", 404),
        ("GET", "/api/search?q=a&policy=", 422),
        ("GET", "/api/search?q=a&unit=火星局", 422),
        ("GET", "/api/search?q=a&state=好", 422),
        ("GET", "/api/search?q=a&region=火星区", 422),
        ("GET", "/api/search?q=a&year=x", 422),
        ("GET", "/api/search?q=a&year=12", 422),
        ("GET", "/api/search?q=a&years=2024", 422),
        ("GET", "/api/tasks?unit=nope", 422),
        ("GET", "/api/tasks?role=boss", 422),
        ("GET", "/api/tasks?policy=nope", 404),
    ],
)
def test_a_wrong_address_gets_a_problem(
    method: str, path: str, status: int, api: httpx.Client
) -> None:
    response = api.request(method, path)
    assert response.status_code == status
    assert response.headers["content-type"] == "application/problem+json"


def test_the_ledger_by_unit_role_and_document(api: httpx.Client) -> None:
    def numbers(**filters: str) -> list[str]:
        return [row["number"] for row in api.get("/api/tasks", params=filters).json()]

    assert numbers(unit="区市场监管局", role="lead") == ["9", "10", "12", "15"]
    assert numbers(unit="市监局") == ["9", "10", "12", "15"]
    assert numbers(unit="科委", role="cooperate") == ["9", "10", "15"]
    assert len(numbers(policy="hongqiao-2021")) == 60
    assert len(numbers()) == 79
    silent = api.get("/api/tasks", params={"policy": "hongqiao-2021"}).json()
    assert {row["stated"] for row in silent} == {False}


def test_documents_and_their_outline(api: httpx.Client) -> None:
    cards = {card["id"]: card for card in api.get("/api/policies").json()}
    assert cards["ftz-2024"]["tasks"] == 19
    assert cards["ftz-2024"]["doc_no"] == "闵府发〔2024〕17号"
    assert cards["ftz-2024"]["issued"] == "2024-11-01"
    assert not cards["hongqiao-2021"]["names_units"]
    whole = api.get("/api/policies/hongqiao-2021").json()
    assert "".join(clause["text"] for clause in whole["outline"]) == whole["text"]


def test_units_with_their_counts(api: httpx.Client) -> None:
    units = {row["unit"]: row for row in api.get("/api/units").json()}
    assert len(units) == 22
    assert (units["区科委"]["lead"], units["区科委"]["cooperate"]) == (1, 3)


def test_search_finds_the_clause(api: httpx.Client) -> None:
    [hit] = api.get("/api/search", params={"q": "无人机出口", "k": 1}).json()
    assert hit["clause_id"] == "ftz-2024#8"
    assert set(hit["scores"]) == {"bm25", "dense", "fused"}
    assert set(hit) == {
        "clause_id", "policy_id", "number", "section", "title", "text", "start", "end", "score",
        "scores", "url",
    }  # fmt: skip


def test_a_search_may_be_bounded(api: httpx.Client) -> None:
    def found(**filters: Any) -> list[dict[str, Any]]:
        response = api.get("/api/search", params={"q": "无人机出口", "k": 100, **filters})
        assert response.status_code == 200, response.text
        return list(response.json())

    assert len(found()) == 86
    assert {hit["policy_id"] for hit in found(policy="hongqiao-2021")} == {"hongqiao-2021"}
    assert len(found(policy=["hongqiao-2021", "ftz-2024"])) == 86
    assert len(found(year=[2021, 2024], region="闵行")) == 86
    assert {hit["policy_id"] for hit in found(year=2021, k=7)} == {"hongqiao-2021"}
    assert len(found(year=2021, k=7)) == 7
    assert {hit["number"] for hit in found(unit="市监局")} == {"9", "10", "12", "15"}
    assert found(unit="市监局", year=2021) == found(state="已废止") == found(year=1990) == []
    assert {hit["policy_id"] for hit in found(state=["现行有效"])} == {"ftz-2024"}


def test_the_documentation_tells_the_bounds_of_a_search(api: httpx.Client) -> None:
    told = api.get("/openapi.json").json()["paths"]["/api/search"]["get"]["parameters"]
    by_name = {parameter["name"]: parameter for parameter in told}
    assert list(by_name) == ["q", "k", "policy", "year", "unit", "state", "region"]
    assert all(parameter["description"] for parameter in told)
    assert by_name["unit"]["schema"]["type"] == "array"
    assert [parameter["name"] for parameter in told if parameter["required"]] == ["q"]


def test_probes_and_documentation_need_no_network(api: httpx.Client) -> None:
    assert api.get("/healthz").json()["status"] == "ok"
    assert api.get("/readyz").json()["policies"] == 2
    page = api.get("/docs").text
    assert "cdn." not in page
    assert "/api/ask" in api.get("/openapi.json").json()["paths"]


def test_many_at_once_get_their_own_answers(api: httpx.Client) -> None:
    questions = [f"自贸区方案第{number}项由谁牵头?" for number in range(1, 20)]
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda question: ask(api, question), questions))
    cited = [answer["citations"][0]["number"] for answer in answers]
    assert cited == [str(number) for number in range(1, 20)]

"""The HTTP API: questions, search, documents, the ledger, probes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import chain
from threading import Event
from typing import Annotated

import orjson
from anyio import to_thread
from fastapi import APIRouter, Query
from fastapi.responses import StreamingResponse

from domain import Answer, Role, version_of
from ingest.units import aliases
from qa.comparison.revisions import as_json, as_version, revise
from qa.engine import Engine
from qa.knowledge import Knowledge
from qa.states import replaced_by
from qa.tasks import tasks
from web.asking import AskIn, SearchIn
from web.matching import MatchesOut, MatchIn
from web.schemas import (
    AnswerOut,
    Health,
    HitOut,
    PolicyFull,
    PolicyOut,
    Problem,
    TaskOut,
    UnitOut,
    VersionOut,
)

LAST_VERSION = 1_000_000  # a number above it names no version

_PIECE = re.compile(r"\[\d+\]|\n|[^\[\n]{1,8}|.", re.DOTALL)
_PROBLEMS: dict[int | str, dict[str, object]] = {
    status: {"model": Problem, "content": {"application/problem+json": {}}}
    for status in (400, 404, 422)
}


def router(engine: Engine) -> APIRouter:
    """All routes of the API over one engine."""
    routes = APIRouter(responses=_PROBLEMS)
    _add_asking(routes, engine)
    _add_reading(routes, engine)
    _add_documents(routes, engine)
    _add_probes(routes, engine)
    return routes


def _add_asking(routes: APIRouter, engine: Engine) -> None:
    @routes.post("/api/ask", tags=["问答"], summary="提问，得到带引用的回答")
    def ask(body: AskIn) -> AnswerOut:
        return AnswerOut.of(engine.answer(body.as_question()))

    @routes.post("/api/ask/stream", tags=["问答"], summary="同上，以服务器推送事件分段返回")
    def ask_stream(body: AskIn) -> StreamingResponse:
        gone = Event()
        answers = engine.tell(body.as_question(), gone)
        first = next(answers)  # a bad question is told before the stream begins
        told = in_threads(events(chain([first], answers)), gone)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(told, media_type="text/event-stream", headers=headers)

    @routes.delete(
        "/api/conversations/{conversation_id}",
        status_code=204,
        tags=["问答"],
        summary="忘掉一次对话，之后的问题不再接着它理解",
    )
    def forget(conversation_id: str) -> None:
        engine.catalog.forget(conversation_id)

    @routes.post(
        "/api/match",
        tags=["问答"],
        summary="描述一家企业，得到适用的条款",
        description="每条给出适用、需补充或不适用，附条件的原文、缺什么、能得到什么、找谁。",
    )
    def match(body: MatchIn) -> MatchesOut:
        found, timings = engine.match(body.as_described(), body.bounds)
        return MatchesOut.of(found, engine.knowledge, timings)


def events(answers: Iterable[Answer]) -> Iterator[bytes]:
    """A checked answer as it grows, as server-sent events: `status`, `token` …, `citations`, `done`.

    `status` comes with the first words, and once more where the outcome is another in the end.
    """
    shown, status, answer = "", None, None
    for answer in answers:
        new = answer.text.removeprefix(shown)
        if not new:
            continue
        if status is None:
            status = answer.status
            yield _status(answer)
        for piece in _PIECE.findall(new):
            yield _event("token", {"text": piece})
        shown = answer.text
    assert answer is not None  # an engine tells at least the whole answer
    if answer.status is not status:
        yield _status(answer)
    whole = AnswerOut.of(answer)
    yield _event("citations", [citation.model_dump() for citation in whole.citations])
    yield _event("done", whole.model_dump())


async def in_threads(pieces: Iterator[bytes], gone: Event) -> AsyncIterator[bytes]:
    """What an iterator gives, each piece waited for in a thread; `gone` is set when it is left."""
    try:
        while piece := await to_thread.run_sync(next, pieces, b"", abandon_on_cancel=True):
            yield piece
    finally:
        gone.set()


def _status(answer: Answer) -> bytes:
    return _event("status", {"status": answer.status, "conversation_id": answer.conversation_id})


def _event(name: str, data: object) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), orjson.dumps(data))


def _add_reading(routes: APIRouter, engine: Engine) -> None:
    @routes.get(
        "/api/search",
        tags=["检索"],
        summary="检索条款，可按文件、年份、单位、状态、地区筛选",
        description="一项可以重复，满足其一即可；各项须同时满足。筛选在检索之内：有 k 条符合，就给 k 条。",
    )
    def search(asked: Annotated[SearchIn, Query()]) -> list[HitOut]:
        found = engine.find(asked.q, asked.k, asked.filters)
        return [HitOut.of(hit, clause) for hit, clause in found]

    @routes.get("/api/tasks", tags=["台账"], summary="任务台账，可按单位、角色、文件筛选")
    def task_rows(unit: str = "", role: Role | None = None, policy: str = "") -> list[TaskOut]:
        found = tasks(engine.knowledge, unit=unit, role=role, policy=policy)
        return [TaskOut.of(clause, engine.knowledge) for clause in found]

    @routes.get("/api/units", tags=["台账"], summary="台账中的单位及其任务数")
    def units() -> list[UnitOut]:
        return [_unit(engine, name) for name in engine.knowledge.units]


def _add_documents(routes: APIRouter, engine: Engine) -> None:
    @routes.get("/api/policies", tags=["文件"], summary="已收录的文件")
    def policies() -> list[PolicyOut]:
        knowledge, day = engine.knowledge, engine.today()
        return [PolicyOut.of(policy, knowledge, day) for policy in knowledge.policies.values()]

    @routes.get("/api/policies/{policy_id}", tags=["文件"], summary="一份文件的全文和条款")
    def policy(
        policy_id: str,
        version: Annotated[int | None, Query(ge=1, le=LAST_VERSION, description="第几版")] = None,
    ) -> PolicyFull:
        knowledge, day = now(engine, policy_id), engine.today()
        found = knowledge.policies[policy_id]
        own_id, number = version_of(policy_id)
        if number is not None and policy_id not in engine.knowledge.policies:
            counting = engine.catalog.policy(own_id).version
            return PolicyFull.whole(found, knowledge, replaced_by(counting))
        if version is None or version == found.version:
            return PolicyFull.whole(found, knowledge, knowledge.state(policy_id, day))
        older = engine.catalog.version(policy_id, version)
        return PolicyFull.whole(older.policy, Knowledge.of_one(older), replaced_by(found.version))

    @routes.get(
        "/api/policies/{policy_id}/changes", tags=["文件"], summary="一份文件与旧版相比改了什么"
    )
    def changes(
        policy_id: str,
        since: Annotated[int | None, Query(ge=1, le=LAST_VERSION, description="第几版")] = None,
    ) -> dict[str, object]:
        new = engine.catalog.content(policy_id)
        number = since or max(new.policy.version - 1, 1)
        return as_json(revise(engine.catalog.version(policy_id, number), new))

    @routes.get("/api/policies/{policy_id}/versions", tags=["文件"], summary="一份文件的各个版本")
    def versions(policy_id: str) -> list[VersionOut]:
        return VersionOut.all_of(
            engine.catalog.policy(policy_id), engine.catalog.versions(policy_id)
        )


def now(engine: Engine, policy_id: str) -> Knowledge:
    """What holds a document now: what questions are answered from, else the catalog itself.

    An older version may be asked for by the id by which it is cited (`plan-2024@v1`). Raises `UnknownPolicy`.
    """
    knowledge = engine.knowledge
    if policy_id in knowledge.policies:
        return knowledge
    own_id, number = version_of(policy_id)
    if number is not None and own_id in knowledge.policies:
        return Knowledge.of_one(as_version(engine.catalog.version(own_id, number)))
    return Knowledge.of_one(engine.catalog.content(policy_id))  # stored a moment ago, or unknown


def _unit(engine: Engine, name: str) -> UnitOut:
    counts = {role.value: len(tasks(engine.knowledge, unit=name, role=role)) for role in Role}
    return UnitOut(unit=name, aliases=list(dict.fromkeys(aliases(name))), **counts)


def _add_probes(routes: APIRouter, engine: Engine) -> None:
    @routes.get("/healthz", response_model_exclude_none=True, tags=["探针"], summary="进程在运行")
    def healthz() -> Health:
        return Health(status="ok")

    @routes.get("/readyz", tags=["探针"], summary="目录库可读，可以回答问题")
    def readyz() -> Health:
        engine.catalog.fingerprint()
        knowledge = engine.knowledge
        return Health(
            status="ready", policies=len(knowledge.policies), clauses=len(knowledge.clauses)
        )

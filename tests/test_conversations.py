"""Conversations in the catalog: bounded, expiring, deletable, and never an error."""

import subprocess
import time
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from test_cli import wence

from domain import AnswerStatus, Question
from errors import UnknownConversation
from ingest.catalog import Catalog
from qa.conversation.turns import from_state
from qa.engine import Engine
from settings import load_settings
from web.app import create_app
from workspace import Workspace

DAY = 86_400.0


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A data folder whose conversations these tests may change."""
    folder = tmp_path_factory.mktemp("conversations")
    environ = {"WENCE_DATA_DIR": str(folder / "data"), "WENCE_CONVERSATION_DAYS": "7"}
    return Workspace(load_settings(environ, folder / "none.toml"))


@pytest.fixture(scope="module")
def talker(own: Workspace) -> Engine:
    return own.engine()


def begun(engine: Engine) -> str:
    """A conversation with one question in it."""
    return engine.answer(Question("低空经济由谁牵头?")).conversation_id


def goes_on(engine: Engine, conversation_id: str) -> bool:
    answer = engine.answer(Question("那配合单位呢?", conversation_id))
    assert answer.status in (AnswerStatus.ANSWERED, AnswerStatus.CLARIFY)
    return answer.status is AnswerStatus.ANSWERED


def test_a_conversation_of_the_last_days_goes_on(own: Workspace, talker: Engine) -> None:
    known = begun(talker)
    state = own.catalog.conversation(known)
    own.catalog.remember(known, state, time.time() - 6 * DAY, keep=100)
    assert goes_on(talker, known)


def test_an_expired_one_is_not_used_and_goes_with_the_next_question(
    own: Workspace, talker: Engine
) -> None:
    old = begun(talker)
    state = own.catalog.conversation(old)
    own.catalog.remember(old, state, time.time() - 8 * DAY, keep=100)
    assert own.catalog.conversation(old) == state
    begun(talker)
    assert own.catalog.conversation(old) == {}
    assert not goes_on(talker, old)


def test_only_so_many_are_kept(own: Workspace) -> None:
    now = time.time() + 10
    for number in range(9):
        own.catalog.remember(f"n{number}", {"n": number}, now + number, keep=4)
    kept = [number for number in range(9) if own.catalog.conversation(f"n{number}")]
    assert kept == [5, 6, 7, 8]


@pytest.mark.parametrize(
    "state",
    [
        {"reading": {"kind": "who"}},  # a field lacks
        {"reading": "who", "focus": []},
        {"reading": {"kind": "no such kind", "text": "x"}, "focus": []},
        {"focus": ["ftz-2024#8"]},
        {"reading": {"kind": "who", "text": "x"}, "focus": ["gone#1"]},
        {"reading": {"kind": "who", "text": "x", "policies": ["gone"]}, "focus": []},
    ],
)
def test_a_state_that_cannot_be_used_counts_as_none(
    state: dict[str, object], own: Workspace, talker: Engine
) -> None:
    assert from_state(state, talker.knowledge) is None
    own.catalog.remember("old-format", state, time.time(), keep=100)
    assert not goes_on(talker, "old-format")


def test_a_conversation_is_deleted_over_http(talker: Engine) -> None:
    known = begun(talker)
    client = TestClient(create_app(talker, chat=False))
    assert client.delete(f"/api/conversations/{known}").status_code == 204
    assert not goes_on(talker, known)


def test_one_that_is_not_known_is_a_problem_document(own: Workspace, talker: Engine) -> None:
    client = TestClient(create_app(talker, chat=False))
    gone = client.delete("/api/conversations/nobody")
    assert gone.status_code == 404
    assert gone.headers["content-type"] == "application/problem+json"
    assert "nobody" in gone.json()["detail"]
    with pytest.raises(UnknownConversation):
        own.catalog.forget("nobody")


def test_the_command_forgets_one_or_all(own: Workspace, talker: Engine) -> None:
    data = own.settings.data_dir
    one, other = begun(talker), begun(talker)
    said(wence("forget", one, data=data), f"已忘掉 {one}")
    assert own.catalog.conversation(one) == {}
    assert own.catalog.conversation(other)
    said(wence("forget", one, data=data, status=2), one)
    said(wence("forget", data=data, status=2), "--all")
    said(wence("forget", "--all", data=data), "次对话")
    assert own.catalog.conversation(other) == {}


def said(done: "subprocess.CompletedProcess[str]", words: str) -> None:
    assert words in done.stderr


def test_what_is_kept_is_what_the_next_question_needs(own: Workspace, talker: Engine) -> None:
    state = Catalog(own.settings.catalog_url).conversation(begun(talker))
    assert set(state) == {"reading", "focus", "listed"}
    assert "区经委" not in str(state["focus"])


def test_the_age_is_a_setting(tmp_path: Path) -> None:
    assert load_settings({}, tmp_path / "none.toml").conversation_days == 30

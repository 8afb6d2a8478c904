"""A real server on loopback and a real Chromium before it, for the tests of the pages."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from qa.engine import Engine
from web.app import create_app

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
PATIENCE = 20  # seconds


@pytest.fixture(scope="session")
def site(engine: Engine) -> Iterator[str]:
    """The address of the whole application, served from a thread."""
    config = uvicorn.Config(create_app(engine), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert thread.is_alive(), "the server ended before it listened"
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join(PATIENCE)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    if not CHROMIUM.exists():
        pytest.skip(f"no Chromium at {CHROMIUM}")
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    with playwright.sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Visitor:
    """A person before the pages. `requests` holds every address that the browser asked for."""

    site: str
    page: Any
    requests: list[str] = field(default_factory=list)
    turns: int = 0

    def open_chat(self) -> None:
        self.page.goto(self.site)
        self.page.wait_for_selector(".chips")

    def ask(self, text: str) -> Any:
        """Type a question; its finished turn."""
        self.page.get_by_label("您的问题").fill(text)
        self.page.keyboard.press("Enter")
        return self._turn()

    def pick(self, text: str) -> Any:
        """Press the newest button that reads so; its finished turn."""
        self.page.locator("#talk button", has_text=text).last.click()
        return self._turn()

    def follow(self, link: Any) -> Any:
        """The tab that a link opens."""
        with self.page.context.expect_page() as opened:
            link.click()
        opened.value.wait_for_load_state()
        return opened.value

    def _turn(self) -> Any:
        self.turns += 1
        turn = self.page.locator(".turn").nth(self.turns - 1)
        turn.wait_for()
        self.page.wait_for_selector(".turn[aria-busy]", state="detached")
        return turn


@pytest.fixture
def visitor(chromium: Any, site: str) -> Iterator[Visitor]:
    context = chromium.new_context(viewport=DESKTOP, locale="zh-CN")
    context.set_default_timeout(PATIENCE * 1000)
    visitor = Visitor(site, context.new_page())
    context.on("request", lambda request: visitor.requests.append(request.url))
    yield visitor
    context.close()

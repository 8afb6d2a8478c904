"""The application on loopback, for tests that speak HTTP."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import uvicorn

from qa.engine import Engine
from web.app import create_app

PATIENCE = 20  # seconds


@contextmanager
def api_of(engine: Engine) -> Iterator[httpx.Client]:
    """A client of the application over an engine, without its chat page."""
    config = uvicorn.Config(create_app(engine, chat=False), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    deadline = time.monotonic() + PATIENCE
    while not server.started:
        assert time.monotonic() < deadline, "the server did not start in time"
        time.sleep(0.02)
    port = server.servers[0].sockets[0].getsockname()[1]
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:
        yield client
    server.should_exit = True
    thread.join(PATIENCE)

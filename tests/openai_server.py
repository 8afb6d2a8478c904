"""A server on loopback that speaks the OpenAI chat protocol, as well or as badly as a test wants."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Reply = Callable[["Asked"], "Behaviour"]


@dataclass(frozen=True)
class Asked:
    """A request as it came: its place among all, its messages and body, its authorisation."""

    turn: int
    body: dict[str, Any]
    key: str

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def user(self) -> str:
        return str(self.body["messages"][-1]["content"])

    def handle(self, words: str, kind: str = "[EF]") -> str:
        """The handle of the fact or evidence that holds some words."""
        for found in re.finditer(rf"^({kind}\d+)(?:\(原样\))? (.*)$", self.user, re.MULTILINE):
            if words in found[2]:
                return found[1]
        raise AssertionError(f"{words} is not shown:\n{self.user}")

    @property
    def facts(self) -> list[tuple[str, str]]:
        """All facts: handle and text."""
        return re.findall(r"^(F\d+)(?:\(原样\))? (.*)$", self.user, re.MULTILINE)


@dataclass(frozen=True)
class Behaviour:
    """What a request gets. `pause` is seconds before each piece; `cut` breaks the connection off."""

    text: str = ""
    status: int = 200
    pause: float = 0.0
    cut: bool = False
    finish: str = "stop"
    raw: str = ""
    piece: int = 7  # characters
    endless: bool = False


@dataclass
class Server:
    """What runs: where, what it was asked, how many of its answers were not read to the end."""

    url: str
    asked: list[Asked] = field(default_factory=list)
    left: list[float] = field(default_factory=list)


def lines(*said: tuple[str, Sequence[str]], status: str = "answered", end: bool = True) -> str:
    """An answer in the form that the prompt asks for."""
    objects: list[dict[str, Any]] = [{"status": status}]
    objects += [{"say": text, "from": list(handles)} for text, handles in said]
    objects += [{"end": True}] if end else []
    return "\n".join(json.dumps(one, ensure_ascii=False) for one in objects)


@contextmanager
def served(reply: Reply) -> Iterator[Server]:
    """The server, for as long as the block runs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["content-length"])))
            with lock:
                asked = Asked(len(running.asked), body, self.headers.get("authorization", ""))
                running.asked.append(asked)
            if not self.path.endswith("/chat/completions"):
                self._whole(404, json.dumps({"error": {"message": "no such address"}}))
                return
            does = reply(asked)
            if does.status != 200:
                error = {"message": f"refused, key {asked.key}", "type": "error", "code": None}
                self._whole(does.status, json.dumps({"error": error}))
            elif not body.get("stream"):
                time.sleep(does.pause)
                self._whole(200, does.raw or json.dumps(_completion(does, body)))
            else:
                self._stream(does, body)

        def _whole(self, status: int, text: str) -> None:
            data = text.encode()
            self.send_response(status)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def _stream(self, does: Behaviour, body: dict[str, Any]) -> None:
            self.send_response(200)
            self.send_header("content-type", "text/event-stream")
            self.send_header("transfer-encoding", "chunked")
            self.end_headers()
            try:
                for piece in _pieces(does):
                    time.sleep(does.pause)
                    self._chunk(piece)
                if does.cut:
                    self.close_connection = True
                    self.connection.close()
                    return
                self._chunk(_delta({}, does.finish))
                if (body.get("stream_options") or {}).get("include_usage"):
                    self._chunk(_usage())
                self._chunk("[DONE]")
                self.wfile.write(b"0\r\n\r\n")
            except OSError:
                running.left.append(time.monotonic())
                self.close_connection = True

        def _chunk(self, data: str) -> None:
            line = f"data: {data}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(line), line))
            self.wfile.flush()

        def log_message(self, format: str, *args: object) -> None:
            pass

    lock = threading.Lock()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    running = Server(f"http://127.0.0.1:{server.server_address[1]}/v1")
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()


def _pieces(does: Behaviour) -> Iterator[str]:
    if does.raw:
        yield does.raw
    while True:
        for at in range(0, len(does.text), does.piece):
            yield _delta({"content": does.text[at : at + does.piece]}, None)
        if not does.endless:
            return


def _delta(delta: dict[str, str], finish: str | None) -> str:
    choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "local"}
    return json.dumps(head | {"choices": [choice]}, ensure_ascii=False)


def _usage() -> str:
    usage = {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15}
    head = {"id": "1", "object": "chat.completion.chunk", "created": 1, "model": "local"}
    return json.dumps(head | {"choices": [], "usage": usage})


def _completion(does: Behaviour, body: dict[str, Any]) -> dict[str, Any]:
    message = {"role": "assistant", "content": does.text}
    return {
        "id": "1", "object": "chat.completion", "created": 1, "model": body["model"],
        "choices": [{"index": 0, "message": message, "finish_reason": does.finish}],
        "usage": {"prompt_tokens": 10, "completion_tokens": 5, "total_tokens": 15},
    }  # fmt: skip

"""A chat model, opened by its name and asked in a stream: the one door to LangChain's models.

All calls run on one event loop in a thread of its own, so that one that is slow can be left at any
moment and holds up nothing else.
"""

from __future__ import annotations

import asyncio
import logging
import math
import os
import re
import time
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Iterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from queue import Empty, SimpleQueue
from threading import BoundedSemaphore, Event, Thread
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk, HumanMessage, SystemMessage
from langchain_core.runnables import Runnable, RunnableGenerator, RunnableLambda

from errors import ChatModelFailed, ChatModelUnavailable
from settings import Settings

MOST_AT_ONCE = 16  # calls; the web has 40 threads, and the others stay free
LEAST_LEFT = 100  # tokens for an answer, below which a model is not asked at all
_LOOK = 0.05  # seconds between two looks at whether the reader is still there
_LEAVING = 0.5  # seconds in which a call that is left may end by itself
_GRACE = 1.0  # seconds that the loop may be late
_ENDS = ("finish_reason", "done_reason", "stop_reason", "stopReason")
_CUT_SHORT = re.compile("length|max_?tokens|filter|safety", re.IGNORECASE)
_STATUS_REASONS = {
    401: "密钥未被接受",
    403: "密钥未被接受",
    404: "没有这个模型或地址",
    408: "超时",
    413: "超出模型的长度",
    429: "请求被限流",
}

_log = logging.getLogger("wence")


class Allowance:
    """What one answer may still use of a model: tokens, seconds, and a reader who waits for it.

    Tokens are counted high: one for each character that is not ASCII, one for four that are.
    """

    def __init__(self, tokens: int, seconds: float, gone: Event) -> None:
        self.left = tokens
        self._until = time.monotonic() + seconds
        self._gone = gone

    @property
    def seconds(self) -> float:
        """What is left of the time."""
        return self._until - time.monotonic()

    def spend(self, text: str) -> None:
        """Count a text. Raises `ChatModelFailed` where it is more than was left."""
        self.left -= tokens_of(text)
        if self.left < 0:
            raise ChatModelFailed("超出用量上限")

    def look(self, grace: float = 0.0) -> None:
        """Raise `ChatModelFailed` where the time is over, or nobody waits any more."""
        if self._gone.is_set():
            raise ChatModelFailed("提问者已离开")
        if self.seconds + grace <= 0:
            raise ChatModelFailed("超时")


def tokens_of(text: str) -> int:
    """About how many tokens a text has, rather too many than too few."""
    plain = sum(char.isascii() for char in text)
    return len(text) - plain + math.ceil(plain / 4)


class ChatModel:
    """A chat model by the name of the settings."""

    def __init__(self, name: str, model: BaseChatModel, *, budget: int, timeout: float) -> None:
        """`budget` counts tokens of one answer, `timeout` its seconds."""
        self.name = name
        self._budget, self._timeout = budget, timeout
        self._chain: Runnable[Mapping[str, str], str] = (
            RunnableLambda(_messages) | model | RunnableGenerator(_pieces)  # type: ignore[arg-type]
        )
        self._places = BoundedSemaphore(MOST_AT_ONCE)

    def allowance(self, gone: Event | None = None) -> Allowance:
        """What a new answer may use; `gone` is set when nobody waits for it any more."""
        return Allowance(self._budget, self._timeout, gone or Event())

    def stream(
        self, instructions: str, material: str, allowance: Allowance
    ) -> Generator[str, None, None]:
        """The model's words piece by piece.

        Raises `ChatModelFailed`, also where they end before the model came to an end. To close the
        iterator is to break off the call.
        """
        allowance.spend(instructions + material)
        if allowance.left < LEAST_LEFT:
            raise ChatModelFailed("超出用量上限")
        allowance.look()
        if not self._places.acquire(blocking=False):
            raise ChatModelFailed("同时提问太多")
        pieces: SimpleQueue[str | Exception | None] = SimpleQueue()
        asked, left = {"instructions": instructions, "material": material}, Event()
        sending = self._send(asked, pieces, left, allowance.seconds)
        task = asyncio.run_coroutine_threadsafe(sending, _loop())
        try:
            while (piece := _next(pieces, allowance)) is not None:
                allowance.spend(piece)
                yield piece
        finally:
            left.set()
            _loop().call_soon_threadsafe(_loop().call_later, _LEAVING, task.cancel)
            self._places.release()

    async def _send(
        self,
        asked: Mapping[str, str],
        pieces: SimpleQueue[str | Exception | None],
        left: Event,
        seconds: float,
    ) -> None:
        """Put what comes into the queue, and at last None, or what went wrong.

        Once `left` is set, the next piece ends the stream; only where none comes is the call
        cancelled. A cancellation that meets a piece is lost in `asyncio.wait_for` of Python 3.11
        (python/cpython#86296), or leaves the connection open.
        """
        end: Exception | None = None
        try:
            async with asyncio.timeout(seconds), _closing(self._chain.astream(asked)) as stream:
                async for piece in stream:
                    if left.is_set():
                        break
                    pieces.put(piece)
        except Exception as error:  # every provider has kinds of its own
            end = error
        finally:
            pieces.put(end)

    def answers(self) -> str:
        """Whether the model answers, in words: how long it took, or why it does not."""
        began = time.monotonic()
        try:
            said = "".join(self.stream("只回答一个字。", "请回答：好", self.allowance()))
        except ChatModelFailed as failed:
            return f"{self.name}，没有应答({failed})；回答由内置的写法给出"
        if not said.strip():
            return f"{self.name}，应答是空的；回答由内置的写法给出"
        return f"{self.name}，{time.monotonic() - began:.1f}秒应答"


def open_chat_model(settings: Settings, environ: Mapping[str, str] = os.environ) -> ChatModel:
    """The chat model that the settings name. Raises `ChatModelUnavailable` in one sentence."""
    from langchain.chat_models import init_chat_model

    name, url = settings.chat_model, settings.chat_base_url
    options: dict[str, Any] = {
        "temperature": 0,
        "timeout": settings.chat_timeout,
        "max_retries": settings.chat_retries,
        "max_tokens": settings.chat_budget // 2,
    }
    if url:
        options["base_url"] = url
        if name.startswith("openai:") and not environ.get("OPENAI_API_KEY"):
            options["api_key"] = "none"  # servers of one's own ask for none; the client insists
    try:
        model = init_chat_model(name, **options)
    except ImportError as absent:
        raise ChatModelUnavailable(_not_installed(name, absent)) from None
    except Exception as error:  # a validation error would print the values, and so the key
        raise ChatModelUnavailable(_not_opened(name, error)) from None
    return ChatModel(name, model, budget=settings.chat_budget, timeout=settings.chat_timeout)


def _not_installed(name: str, absent: ImportError) -> str:
    found = re.search(r"requires the (\S+) package", str(absent))
    package = found[1] if found else absent.name or "langchain"
    install = "'wence[chat]'" if package == "langchain-openai" else package
    return f"WENCE_CHAT_MODEL={name} 要用 {package}，但没有安装：请执行 pip install {install}"


def _not_opened(name: str, error: Exception) -> str:
    if isinstance(error, ValueError) and "provider" in str(error):
        return f"WENCE_CHAT_MODEL 不能是 {name}：应写成 提供方:模型，例如 openai:qwen3"
    provider = name.partition(":")[0].upper()
    return (
        f"对话模型 {name} 打不开({type(error).__name__})；请检查 WENCE_CHAT_MODEL、WENCE_CHAT_BASE_URL "
        f"和密钥的环境变量，如 {provider}_API_KEY"
    )


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The loop of all calls: clients keep their connections on the one that they began with."""
    loop = asyncio.new_event_loop()
    Thread(target=loop.run_forever, name="chat-model", daemon=True).start()
    return loop


@asynccontextmanager
async def _closing(stream: AsyncIterator[str]) -> AsyncIterator[AsyncIterator[str]]:
    """Close a stream in the end, and with it its connection."""
    try:
        yield stream
    finally:
        if isinstance(stream, AsyncGenerator):
            await stream.aclose()


def _messages(asked: Mapping[str, str]) -> list[SystemMessage | HumanMessage]:
    return [SystemMessage(asked["instructions"]), HumanMessage(asked["material"])]


async def _pieces(chunks: AsyncIterator[AIMessageChunk]) -> AsyncIterator[str]:
    """The text of chunks. Raises `ChatModelFailed` for an answer without its end."""
    end = ""
    async for chunk in chunks:
        for key in _ENDS:
            end = str(chunk.response_metadata.get(key) or end)
        if chunk.usage_metadata:
            _log.info("chat model: %d tokens", chunk.usage_metadata["total_tokens"])
        yield str(chunk.text)  # empty while it reasons, which shows that it goes on
    if not end:
        raise ChatModelFailed("连接中断")
    if _CUT_SHORT.search(end):
        raise ChatModelFailed("回答不完整")


def _next(pieces: SimpleQueue[str | Exception | None], allowance: Allowance) -> str | None:
    while True:
        try:
            piece = pieces.get(timeout=_LOOK)
        except Empty:
            allowance.look(_GRACE)
            continue
        if isinstance(piece, Exception):
            _log.info("chat model: %s", type(piece).__name__)
            raise ChatModelFailed(_reason(piece)) from None
        allowance.look(_GRACE)
        return piece


def _reason(error: Exception) -> str:
    """A few words on an error; never its own message, which may hold a part of a key."""
    if isinstance(error, ChatModelFailed):
        return str(error)
    kinds = " ".join(_kinds(error))
    if "Timeout" in kinds:
        return "超时"
    status = getattr(error, "status_code", None)
    if isinstance(status, int):
        return _STATUS_REASONS.get(
            status, f"服务出错 {status}" if status >= 500 else f"请求被拒绝 {status}"
        )
    if "Protocol" in kinds or "ReadError" in kinds:
        return "连接中断"
    if "Connect" in kinds:
        return "连不上"
    return f"应答有误 {type(error).__name__}"


def _kinds(error: BaseException | None) -> Iterator[str]:
    """The names of an error's classes, and of what it came from."""
    while error is not None:
        yield from (kind.__name__ for kind in type(error).__mro__)
        error = error.__cause__

"""What a chat model writes, read as it comes: JSON objects, each a verdict, a sentence or the end."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from errors import ChatModelFailed

LONGEST = 600  # characters of a sentence
_THOUGHT = re.compile(r"<think>.*?(?:</think>|$)", re.DOTALL)  # aloud, by models that reason
_OPENING = "<think>"
_DECODER = json.JSONDecoder()


class Said(BaseModel):
    """One object: a verdict (`status`), a sentence (`say`) with its handles, or the end."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    status: Literal["answered", "partial", "not_stated", "none"] | None = None
    say: str = Field(default="", max_length=LONGEST)
    rests_on: list[str] = Field(default_factory=list, alias="from", max_length=50)
    end: bool = False


def objects(pieces: Iterable[str]) -> Iterator[Said]:
    """The objects of a stream of text, each as soon as it is whole.

    What stands between them, such as the fences of a code block, is passed over. Raises
    `ChatModelFailed` for one that is broken or holds something else.
    """
    text = ""
    for piece in chain(pieces, [None]):
        text += piece or ""
        if piece is not None and _thinking(text):
            continue
        text = _THOUGHT.sub("", text)
        while (start := text.find("{")) >= 0:
            try:
                value, end = _DECODER.raw_decode(text, start)
            except ValueError:
                break  # not whole yet
            text = text[end:]
            yield _said(value)
    if "{" in text:
        raise ChatModelFailed("格式不对")


def _thinking(text: str) -> bool:
    """Whether a thought has begun, or may have, and has not ended."""
    rest = re.sub(r"<think>.*?</think>", "", text, flags=re.DOTALL)
    return _OPENING in rest or any(rest.endswith(_OPENING[:n]) for n in range(1, len(_OPENING)))


def _said(value: object) -> Said:
    try:
        return Said.model_validate(value)
    except ValidationError:
        raise ChatModelFailed("格式不对") from None

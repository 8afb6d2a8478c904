"""What a chat model is told: a Markdown file a text; `$name` in it is filled in."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from string import Template

_FOLDER = Path(__file__).parent


@cache
def prompt(name: str) -> Template:
    """The text of a file of this folder, by its name without the suffix."""
    return Template((_FOLDER / f"{name}.md").read_text("utf-8"))

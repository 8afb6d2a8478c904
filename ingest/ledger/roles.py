"""The words that give a unit its role: 牵头单位, 配合, 按职责分工负责."""

from __future__ import annotations

import re

from domain import Role

ROLE_WORDS: tuple[tuple[str, Role], ...] = (
    ("牵头", Role.LEAD),
    ("主办", Role.LEAD),
    ("主责", Role.LEAD),
    ("配合", Role.COOPERATE),
    ("协办", Role.COOPERATE),
    ("协同", Role.COOPERATE),
    ("协助", Role.COOPERATE),
    ("参与", Role.COOPERATE),
    ("参加", Role.COOPERATE),
    ("支持", Role.COOPERATE),
    ("责任", Role.RESPONSIBLE),
    ("承办", Role.RESPONSIBLE),
    ("负责", Role.RESPONSIBLE),
    ("落实", Role.RESPONSIBLE),
    ("实施", Role.RESPONSIBLE),
    ("推进", Role.RESPONSIBLE),
    ("指导", Role.RESPONSIBLE),
)


def role_of(words: str) -> Role | None:
    """The role that a label or a verb names, the first row of the table winning; None for none."""
    plain = re.sub(r"\s", "", words)
    return next((role for word, role in ROLE_WORDS if word in plain), None)

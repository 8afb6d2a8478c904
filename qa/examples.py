"""Questions that the documents at hand can answer, for whoever does not know what to ask."""

from __future__ import annotations

from collections import Counter

from domain import ClauseKind, Role
from qa.knowledge import Knowledge
from qa.wording import number_of


def example_questions(knowledge: Knowledge) -> tuple[str, ...]:
    """A few questions of different kinds, each about something that the ledger or a text holds."""
    tasks = list(knowledge.items())
    led = [task for task in tasks if knowledge.units_of(task.id, Role.LEAD)]
    examples = []
    if led:
        titled = [task for task in led if task.title] or led
        middle = titled[len(titled) // 2]
        if middle.title:
            examples.append(f"{middle.title}由谁牵头？")
        leads = Counter(unit for task in led for unit in knowledge.units_of(task.id, Role.LEAD))
        examples.append(f"{leads.most_common(1)[0][0]}牵头哪些任务？")
        if any(not knowledge.units_of(task.id, Role.COOPERATE) for task in led):
            examples.append("哪些任务没有配合单位？")
        examples.append("哪个单位牵头的任务最多？")
    for policy_id in knowledge.policies:
        numbered = [c for c in knowledge.items({policy_id}, None) if _is_item(c.kind) and c.number]
        if numbered and policy_id not in knowledge.stating:
            examples.append(f"{knowledge.title(policy_id)}{number_of(numbered[0])}是什么？")
    return tuple(examples)


def _is_item(kind: ClauseKind) -> bool:
    return kind not in (ClauseKind.HEADING, ClauseKind.PREAMBLE)

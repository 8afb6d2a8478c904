"""What the command prints for people, in colour where the terminal has it."""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain import Answer, AnswerStatus, Clause, Hit, Role

if TYPE_CHECKING:
    from eval.run import Record
    from ingest.pipeline import Ingested
    from qa.knowledge import Knowledge
    from web.schemas import PolicyOut

STATUS_COLOURS = {
    AnswerStatus.ANSWERED: "green",
    AnswerStatus.PARTIAL: "yellow",
    AnswerStatus.NOT_STATED: "yellow",
    AnswerStatus.NOT_FOUND: "red",
    AnswerStatus.CLARIFY: "cyan",
    AnswerStatus.DECLINED: "magenta",
}
_MARKER = re.compile(r"\[(\d+)\]")
_console = Console(highlight=False, soft_wrap=True)


def show_answer(answer: Answer) -> None:
    """The answer with its markers, then each citation with its quote, then what to ask next."""
    from qa.wording import STATUS_NAMES

    name, colour = STATUS_NAMES[answer.status], STATUS_COLOURS[answer.status]
    text = _MARKER.sub(r"[bold cyan]\\[\1][/bold cyan]", escape(answer.text).replace("\\[", "["))
    _console.print(f"[{colour}]{name}[/{colour}]")
    _console.print(text)
    for citation in answer.citations:
        number = f"第{citation.number}项" if citation.number.isdigit() else citation.number
        _console.print(
            f"[bold cyan]\\[{citation.marker}][/bold cyan] "
            f"《{escape(citation.policy_title)}》{escape(number)} "
            f"[dim]{citation.start}–{citation.end}[/dim]"
        )
        _console.print(f"    [italic]“{escape(citation.quote)}”[/italic]")
    for suggestion in answer.suggestions:
        _console.print(f"[dim]可以接着问：[/dim]{escape(suggestion)}")
    _console.print(f"[dim]对话编号 {answer.conversation_id}[/dim]")


def show_hits(found: Sequence[tuple[Hit, Clause]]) -> None:
    """A line a clause: its score, its id and its first words."""
    for hit, clause in found:
        words = clause.text.strip().replace("\n", " ")[:60]
        _console.print(f"[cyan]{hit.score:6.3f}[/cyan] [bold]{clause.id}[/bold] {escape(words)}")


def _table(*columns: str) -> Table:
    """A table that folds long cells and cuts none."""
    table = Table(box=SIMPLE)
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def show_tasks(clauses: Sequence[Clause], knowledge: Knowledge) -> None:
    """The ledger as a table; documents that name no units are said so below it."""
    table = _table("文件", "序号", "任务", "牵头", "配合", "责任")
    for clause in clauses:
        table.add_row(*(escape(cell) for cell in _cells(clause, knowledge)))
    _console.print(table)
    _console.print(f"共{len(clauses)}项任务。")
    for policy_id in dict.fromkeys(clause.policy_id for clause in clauses):
        if policy_id not in knowledge.stating:
            _console.print(f"{knowledge.title(policy_id)}没有写明任何单位的分工。")


def print_tasks_csv(clauses: Sequence[Clause], knowledge: Knowledge) -> None:
    """The ledger as CSV with a header, units parted by 、."""
    writer = csv.writer(sys.stdout)
    writer.writerow(["policy_id", "number", "title", "lead", "cooperate", "responsible"])
    writer.writerows(_cells(clause, knowledge) for clause in clauses)


def _cells(clause: Clause, knowledge: Knowledge) -> list[str]:
    title = clause.title or clause.text.strip()[:30]
    units = ["、".join(knowledge.units_of(clause.id, role)) for role in Role]
    return [clause.policy_id, clause.number, title, *units]


def show_policies(cards: Sequence[PolicyOut]) -> None:
    """A row a document."""
    table = _table("编号", "标题", "文号", "年份", "任务", "单位分工")
    for card in cards:
        named = "有" if card.names_units else "未写明"
        year = str(card.year or "")
        table.add_row(card.id, card.title, card.doc_no or "", year, str(card.tasks), named)
    _console.print(table)


def show_ingested(outcome: Ingested, *, whole: bool) -> None:
    """What became of a file; with `whole`, its outline, ledger rows and issues as well."""
    parsed = outcome.parsed
    if parsed is None:
        return
    states = {"new": "新导入", "changed": "已更新", "unchanged": "没有变化"}
    state = "将导入" if whole else states[outcome.state]
    _console.print(
        f"[green]{state}[/green] {parsed.policy.id} 《{escape(parsed.policy.title)}》："
        f"{len(parsed.clauses)}个条款，{len(parsed.assignments)}条分工"
    )
    if whole:
        for clause in parsed.clauses:
            words = (clause.title or clause.text.strip())[:50].replace("\n", " ")
            indent = "  " * len(clause.section)
            _console.print(f"  {indent}[cyan]{clause.kind}[/cyan] {clause.number} {escape(words)}")
        for row in parsed.assignments:
            _console.print(f"  [dim]{row.clause_id} {row.role} {row.unit}[/dim]")
        if not parsed.assignments:
            _console.print("  台账：没有读到单位分工的标注。")
    for issue in parsed.issues:
        place = f"{outcome.path}:{issue.line}:{issue.column}"
        _console.print(f"  [yellow]{escape(place)} {escape(issue.message)}[/yellow]")


def ingested_json(outcome: Ingested) -> dict[str, Any]:
    """One file's outcome: the document, its clauses, its ledger rows, issues and coverage."""
    from dataclasses import asdict

    parsed = outcome.parsed
    assert parsed is not None  # failed files are told on standard error
    policy = {k: v for k, v in asdict(parsed.policy).items() if k != "text"}
    assigned = sum(clause.end - clause.start for clause in parsed.clauses)
    characters = len(parsed.policy.text)
    return {
        "file": str(outcome.path),
        "state": outcome.state,
        "policy": policy,
        "clauses": [asdict(clause) for clause in parsed.clauses],
        "assignments": [asdict(row) for row in parsed.assignments],
        "issues": [asdict(issue) for issue in parsed.issues],
        "coverage": {
            "characters": characters,
            "assigned": assigned,
            "residue": characters - assigned,
        },
    }


def show_records(records: Sequence[Record]) -> None:
    """What failed, each with its faults; then a row a kind."""
    from eval.report import summary

    for record in (record for record in records if not record.holds):
        _console.print(f"[red]✗ {record.expected.id}[/red] {escape(record.expected.question)}")
        for fault in record.faults:
            _console.print(f"    {escape(fault)}")
    table = _table("类别", "问题", "成立", "中位毫秒")
    for row in summary(records):
        table.add_row(row.kind, str(row.asked), str(row.held), f"{row.p50_ms:.1f}")
    _console.print(table)


def show_checks(checks: dict[str, str]) -> None:
    """A line a check."""
    for name, value in checks.items():
        _console.print(f"[bold]{name}[/bold] {escape(value)}")

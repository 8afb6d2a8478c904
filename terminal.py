"""What the command prints for people, in colour where the terminal has it."""

from __future__ import annotations

import csv
import re
import sys
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.box import SIMPLE
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from domain import Answer, AnswerStatus, Clause, FigureKind, Hit, Policy, Role
from ingest.wording import KIND_NAMES, RESIDUE_NAMES, ROLE_NAMES, SURE

if TYPE_CHECKING:
    from eval.run import Record
    from eval.verifier import Figures
    from ingest.pipeline import Ingested
    from qa.comparison.revisions import Revision
    from qa.knowledge import Knowledge
    from web.schemas import PolicyOut, VersionOut

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
    from qa.comparison.tables import blocks
    from qa.states import NOTICE
    from qa.wording import STATUS_NAMES

    name, colour = STATUS_NAMES[answer.status], STATUS_COLOURS[answer.status]
    text = _MARKER.sub(r"[bold cyan]\\[\1][/bold cyan]", escape(answer.text).replace("\\[", "["))
    _console.print(f"[{colour}]{name}[/{colour}]")
    for block in blocks(text):
        if isinstance(block, str):
            _console.print(block, style="yellow" if block.startswith(NOTICE) else "")
        else:
            _console.print(_side_by_side(block))
    for citation in answer.citations:
        number = f"第{citation.number}项" if citation.number.isdigit() else citation.number
        page = f"，第{citation.page}页" if citation.page is not None else ""
        _console.print(
            f"[bold cyan]\\[{citation.marker}][/bold cyan] "
            f"《{escape(citation.policy_title)}》{escape(number)}{page} "
            f"[dim]{citation.start}–{citation.end}[/dim]"
        )
        _console.print(f"    [italic]“{escape(citation.quote)}”[/italic]")
    for suggestion in answer.suggestions:
        _console.print(f"[dim]可以接着问：[/dim]{escape(suggestion)}")
    if answer.conversation_id:
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


def _side_by_side(rows: Sequence[Sequence[str]]) -> Table:
    """A table of an answer, its first row the head; a line parts the rows."""
    table = _table(*rows[0])
    table.show_lines = True
    for cells in rows[1:]:
        table.add_row(*cells)
    return table


def show_revision(revision: Revision) -> None:
    """What changed between two versions: the counts, then each clause that differs with its words."""
    from qa.comparison.revised import counted, edits_told
    from qa.wording import body_span, number_of

    old, new = revision.old.policy.version, revision.new.policy.version
    title = escape(revision.new.policy.title)
    _console.print(f"《{title}》第{new}版与第{old}版相比：{counted(revision)}。")
    table = _table("改动", f"第{old}版", f"第{new}版")
    table.show_lines = True
    for change in revision.differing:
        cells = [
            f"{number_of(one)} {one.words(*body_span(one))}".strip() if one else "—"
            for one in (change.old, change.new)
        ]
        table.add_row(*(escape(cell) for cell in (edits_told(change, None), *cells)))
    if revision.differing:
        _console.print(table)


def show_tasks(clauses: Sequence[Clause], knowledge: Knowledge) -> None:
    """The ledger as a table; documents that name no units are said so below it."""
    rows = [_cells(clause, knowledge) for clause in clauses]
    columns = ["文件", "序号", "任务", "牵头", "配合", "责任", "期限"]
    shown = len(columns) if any(row[-1] for row in rows) else len(columns) - 1
    table = _table(*columns[:shown])
    for row in rows:
        table.add_row(*(escape(cell) for cell in row[:shown]))
    _console.print(table)
    _console.print(f"共{len(clauses)}项任务。")
    for policy_id in dict.fromkeys(clause.policy_id for clause in clauses):
        if policy_id not in knowledge.stating:
            _console.print(f"{knowledge.title(policy_id)}没有写明任何单位的分工。")


def print_tasks_csv(clauses: Sequence[Clause], knowledge: Knowledge) -> None:
    """The ledger as CSV with a header, units and deadlines parted by 、."""
    writer = csv.writer(sys.stdout)
    roles = [role.value for role in Role]
    writer.writerow(["policy_id", "number", "title", *roles, "deadline"])
    writer.writerows(_cells(clause, knowledge) for clause in clauses)


def _cells(clause: Clause, knowledge: Knowledge) -> list[str]:
    title = clause.title or clause.text.strip()[:30]
    units = ["、".join(knowledge.units_of(clause.id, role)) for role in Role]
    printed = ("".join(one.as_printed.split()) for one in knowledge.deadlines(clause.id))
    return [clause.policy_id, clause.number, title, *units, "、".join(dict.fromkeys(printed))]


def show_policies(cards: Sequence[PolicyOut]) -> None:
    """A row a document."""
    from qa.states import STATE_NAMES

    table = _table("编号", "标题", "文号", "年份", "状态", "任务", "单位分工")
    for card in cards:
        named = "有" if card.names_units else "未写明"
        year, state = str(card.year or ""), STATE_NAMES[card.state]
        cells = (card.id, card.title, card.doc_no or "", year, state, str(card.tasks), named)
        table.add_row(*map(escape, cells))
    _console.print(table)


_STATES = {"new": "新导入", "changed": "已更新", "unchanged": "没有变化", "duplicate": "重复"}


def show_ingested(outcome: Ingested, *, whole: bool) -> None:
    """What became of a file; with `whole`, its outline, ledger rows and issues as well."""
    parsed = outcome.parsed
    if parsed is None:
        return
    content, policy = parsed.content, parsed.policy
    state = "将导入" if whole else _STATES[outcome.state]
    rest = Counter(RESIDUE_NAMES[piece.kind] for piece in parsed.residue)
    left = f"，另有{'、'.join(f'{name}{count}处' for name, count in rest.items())}" if rest else ""
    _console.print(
        f"[green]{state}[/green] {escape(policy.id)} 《{escape(policy.title)}》："
        f"{len(content.clauses)}个条款，{len(content.assignments)}条分工，"
        f"{len(content.figures)}个期限和数字{left}{_recognised(content.clauses)}"
    )
    if whole:
        _show_card(policy)
        for clause in content.clauses:
            _show_clause(clause)
        for row in content.assignments:
            group = "（一类单位）" if row.group else ""
            place = f"{row.start}–{row.end}"
            unit = f"{ROLE_NAMES[row.role]} {escape(row.unit)}{group}"
            _console.print(f"  [dim]{escape(row.clause_id)} {unit} {place}[/dim]")
        if not content.assignments:
            _console.print("  台账：没有读到单位分工的标注。")
    for issue in parsed.issues:
        page = f"第{issue.page}页:" if issue.page else ""
        place = f"{outcome.name}:{page}{issue.line}:{issue.column}"
        _console.print(f"  [yellow]{escape(place)} {escape(issue.message)}[/yellow]")


def _recognised(clauses: Sequence[Clause]) -> str:
    """That a text was recognised in pictures, and where least surely."""
    seen = [(clause.confidence, clause) for clause in clauses if clause.confidence is not None]
    if not seen:
        return ""
    least, clause = min(seen, key=lambda pair: pair[0])
    return f"；由图片识别，把握最低的是{clause.number or '开头'}（{least:.2f}）"


def _show_card(policy: Policy) -> None:
    """What the document says of itself, as far as it does."""
    facts = {
        "文号": policy.doc_no,
        "发文机关": policy.issuer,
        "主送": "、".join(policy.addressees),
        "成文日期": policy.issued,
        "发布日期": policy.published,
        "施行日期": policy.effective,
        "有效期至": policy.expires,
        "地区": policy.region,
        "附件": "；".join(policy.attachments),
        "废止或替代": "、".join(r.title or r.doc_no or "" for r in policy.repeals),
    }
    for name, value in facts.items():
        if value:
            _console.print(f"  [bold]{name}[/bold] {escape(str(value))}")


def _show_clause(clause: Clause) -> None:
    words = (clause.title or clause.text.strip())[:50].replace("\n", " ").replace("\t", " ")
    indent = "  " * len(clause.section)
    page = f" [dim]第{clause.page}页[/dim]" if clause.page else ""
    unsure = clause.confidence is not None and clause.confidence < SURE
    doubt = f" [yellow]识别把握 {clause.confidence:.2f}[/yellow]" if unsure else ""
    kind = f"[cyan]{KIND_NAMES[clause.kind]}[/cyan]"
    _console.print(f"  {indent}{kind} {escape(clause.number)} {escape(words)}{page}{doubt}")


def ingested_json(outcome: Ingested) -> dict[str, Any]:
    """One file's outcome: the document, its clauses, its ledger rows, figures, issues, coverage.

    A file that could not be read has no policy, and an `error`.
    """
    from dataclasses import asdict

    parsed = outcome.parsed
    head = {"file": outcome.name, "state": outcome.state, "error": outcome.error or None}
    if parsed is None:
        return head | {"policy": None}
    content = parsed.content
    figures = [asdict(figure) for figure in content.figures]
    assigned = sum(clause.end - clause.start for clause in content.clauses)
    residue = sum(len(piece.text) for piece in parsed.residue)
    return head | {
        "policy": asdict(parsed.policy),
        "clauses": [asdict(clause) for clause in content.clauses],
        "assignments": [asdict(row) for row in content.assignments],
        "deadlines": [figure for figure in figures if figure["kind"] == FigureKind.DEADLINE],
        "figures": [figure for figure in figures if figure["kind"] != FigureKind.DEADLINE],
        "issues": [asdict(issue) for issue in parsed.issues],
        "residue": [asdict(piece) for piece in parsed.residue],
        "coverage": {
            "characters": len(parsed.policy.text) + residue,
            "assigned": assigned,
            "residue": residue,
        },
    }


def show_versions(found: Sequence[VersionOut]) -> None:
    """A row a version, the one that counts last."""
    table = _table("版本", "标题", "替换时间", "内容摘要")
    for one in found:
        table.add_row(str(one.version), one.title, one.retired or "现行", one.digest[:12])
    _console.print(table)


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


_MUTATION_NAMES = {
    "figure": "换成别的数",
    "figure_there": "两个数对调",
    "measure": "换量词",
    "date": "换日期",
    "doc_no": "换文号",
    "unit": "换单位",
    "role": "换角色",
    "not_added": "加否定",
    "not_dropped": "去否定",
    "exception_added": "加除外",
    "exception_dropped": "去除外",
    "comparison": "换比较词",
    "limit_dropped": "去限定词",
    "moved": "引到邻条",
    "total": "合计",
}


def show_verifier(figures: Figures) -> None:
    """A row a kind of wrong sentence, examples of what got through, then the true sentences."""
    table = _table("改法", "造出", "拦下", "比例")
    for row in (*figures.rows, figures.total):
        share = f"{row.share:.2%}" if row.made else ""
        table.add_row(_MUTATION_NAMES[row.kind], str(row.made), str(row.caught), share)
    _console.print(table)
    for row in figures.rows:
        for example in row.missed:
            _console.print(f"[red]✗ 没拦下 {_MUTATION_NAMES[row.kind]}[/red] {escape(example)}")
    for example in figures.rejected_shown:
        _console.print(f"[red]✗ 误拦[/red] {escape(example)}")
    _console.print(
        f"真句 {figures.true} 个，误拦 {figures.rejected} 个（{figures.rejected_share:.2%}）；"
        f"{'达到' if figures.holds else '没有达到'}目标：拦下 99%，误拦至多 1%。"
    )


def verifier_json(figures: Figures) -> dict[str, Any]:
    """The same figures as one JSON object."""
    rows = (*figures.rows, figures.total)
    return {
        "true": figures.true,
        "by_source": figures.by_source,
        "rejected": figures.rejected,
        "rejected_share": round(figures.rejected_share, 4),
        "holds": figures.holds,
        "kinds": {
            row.kind: {"made": row.made, "caught": row.caught, "share": round(row.share, 4)}
            for row in rows
        },
    }


def show_checks(checks: dict[str, str]) -> None:
    """A line a check."""
    for name, value in checks.items():
        _console.print(f"[bold]{name}[/bold] {escape(value)}")

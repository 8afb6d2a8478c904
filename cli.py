"""The `wence` command. Each command imports what it needs when it runs."""

from __future__ import annotations

import gc
import os
import sys
from collections import Counter
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from domain import Role
from errors import UserError, WenceError

if TYPE_CHECKING:
    from ingest.catalog import Catalog
    from qa.engine import Engine
    from workspace import Workspace

app = typer.Typer(
    name="wence",
    help="问策：问政策文件，得条款原文。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
bench_app = typer.Typer(help="基准测试。", no_args_is_help=True)
app.add_typer(bench_app, name="bench")

AsJson = Annotated[bool, typer.Option("--json", help="只输出 JSON,与接口返回的对象相同。")]


def main() -> None:
    """Run the command; errors are one sentence on standard error, status 2 for the user's."""
    gc.disable()  # until what a command needs is open: docs/decisions/0009-start-up.md
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        app()
    except WenceError as error:
        _say(f"wence: {error}")
        sys.exit(2 if isinstance(error, UserError) else 1)
    except Exception as error:  # the last resort: a sentence, and the traceback for who asks for it
        if os.environ.get("WENCE_DEBUG"):
            raise
        _say(f"wence: 程序出错，{type(error).__name__}: {error}；设 WENCE_DEBUG=1 可看详情")
        sys.exit(1)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认取设置。")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="端口，默认取设置。")] = None,
) -> None:
    """启动网页和接口服务。"""
    workspace = _workspace()
    settings = workspace.settings
    address = (host or settings.host, port or settings.port)
    _check_free(*address)

    import uvicorn

    from web.app import create_app

    engine = _engine(workspace)
    shown = f"[{address[0]}]" if ":" in address[0] else address[0]
    _say(f"问策在 http://{shown}:{address[1]}/ ，接口说明在 /docs，按 Ctrl+C 停止")
    uvicorn.run(create_app(engine), host=address[0], port=address[1], log_level="warning")


@app.command()
def ask(
    question: Annotated[str, typer.Argument(help="要问的问题。")],
    as_json: AsJson = False,
    conversation: Annotated[str, typer.Option(help="接着这个编号的对话问。")] = "",
    policy: Annotated[list[str] | None, typer.Option(help="只从这份文件回答，可重复。")] = None,
) -> None:
    """提一个问题。"""
    from domain import Filters, Question

    filters = Filters(policies=tuple(policy or ()))
    answer = _engine().answer(Question(question, conversation, filters))
    if as_json:
        from web.schemas import AnswerOut

        _print_json(AnswerOut.of(answer).model_dump())
        return
    from terminal import show_answer

    show_answer(answer)


@app.command()
def forget(
    conversations: Annotated[
        list[str] | None, typer.Argument(help="对话编号，回答的 conversation_id。")
    ] = None,
    everything: Annotated[bool, typer.Option("--all", help="忘掉全部对话。")] = False,
) -> None:
    """忘掉对话:删除为理解追问而记下的内容。"""
    if bool(conversations) == everything:
        raise UserError("请给出对话编号，或者用 --all 忘掉全部对话")
    catalog = _workspace().catalog
    if everything:
        _say(f"已忘掉 {catalog.forget_all()} 次对话")
    for conversation_id in conversations or ():
        catalog.forget(conversation_id)
        _say(f"已忘掉 {conversation_id}")


@app.command()
def match(
    description: Annotated[
        str, typer.Argument(help="描述企业：做什么、在哪、多大、想做什么。")
    ] = "",
    industry: Annotated[str, typer.Option(help="行业或主营业务。")] = "",
    employees: Annotated[int | None, typer.Option(min=0, help="从业人员，人。")] = None,
    revenue: Annotated[float | None, typer.Option(min=0, help="年营业收入，万元。")] = None,
    founded: Annotated[int | None, typer.Option(min=1800, max=2200, help="成立的年份。")] = None,
    place: Annotated[str, typer.Option(help="所在地：区、园区。")] = "",
    plan: Annotated[str, typer.Option(help="打算做的事。")] = "",
    qualification: Annotated[list[str] | None, typer.Option(help="已有的资质，可重复。")] = None,
    profile: Annotated[
        Path | None, typer.Option(help="从 JSON 文件读企业情况，格式与接口相同；选项优先。")
    ] = None,
    policy: Annotated[list[str] | None, typer.Option(help="只在这份文件里找，可重复。")] = None,
    as_json: AsJson = False,
) -> None:
    """描述一家企业,看哪些条款适用。"""
    from web.matching import MatchesOut, read_match

    size = {k: v for k, v in (("employees", employees), ("revenue", revenue)) if v is not None}
    given = {
        "description": description,
        "industry": industry,
        "place": place,
        "plan": plan,
        "founded": founded,
        "qualifications": qualification,
        "size": size or None,
        "filters": {"policies": policy} if policy else None,
    }
    body = read_match(profile, given)
    engine = _engine()
    found, timings = engine.match(body.as_described(), body.bounds)
    if as_json:
        _print_json(MatchesOut.of(found, engine.knowledge, timings).model_dump(mode="json"))
        return
    from terminal import show_answer

    show_answer(engine.told(found))


@app.command()
def ingest(
    paths: Annotated[list[Path], typer.Argument(help="文件、文件夹或 zip。")],
    dry_run: Annotated[bool, typer.Option("--dry-run", help="只显示会怎样切分，不保存。")] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="允许替换编号相同的另一份文件。")
    ] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="移除来自所给文件夹、现在已不在那里的文件。")
    ] = False,
    report: Annotated[
        Path | None, typer.Option(help="把切分结果画成网页，一眼看出读懂了什么。")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """导入文件:切成条款,登记台账,更新索引。"""
    from ingest.pipeline import ingest as run
    from progress import Progress
    from terminal import ingested_json, show_ingested

    if "" in sys.argv:
        raise UserError("给的路径里有一个是空的，请检查命令里的变量")
    if report:
        from ingest.report import check_place

        check_place(report)
    gc.enable()
    workspace = None if dry_run else _workspace()
    failed = False
    outcomes = []
    states: Counter[str] = Counter()
    with Progress("读取", shown=not as_json) as progress:
        found = (
            workspace.ingest(paths, replace=replace, progress=progress)
            if workspace
            else run(paths, None, progress=progress)
        )
        for outcome in found:
            states[outcome.state] += 1
            failed = failed or outcome.state == "failed"
            if outcome.error:
                _say(f"wence: {outcome.error}")
            if as_json:
                _print_json(ingested_json(outcome))
            elif not outcome.error:
                show_ingested(outcome, whole=dry_run)
            if report:
                outcomes.append(outcome)
    if not progress.total and not prune:
        _say(f"wence: {'、'.join(map(str, paths))} 里没有可导入的文件")
        failed = True
    if states.total() > 1:
        from ingest.wording import STATE_NAMES

        told = "，".join(f"{name} {states[state]}" for state, name in STATE_NAMES.items())
        _say(f"共 {states.total()} 个文件：{told}")
    if report:
        from ingest.report import write_report

        _say(f"报告在 {write_report(outcomes, report)}")
    if dry_run and prune:
        for policy_id in _workspace().gone(paths):
            _say(f"将移除 {policy_id}：原文件已不在")
    if workspace:
        for policy_id in workspace.prune(paths) if prune else ():
            _say(f"已移除 {policy_id}：原文件已不在")
        with Progress("建索引", shown=not as_json) as progress:
            workspace.search(progress)
    if failed:
        raise typer.Exit(2)


@app.command()
def remove(
    policy_ids: Annotated[list[str], typer.Argument(help="文件编号，见 wence policies。")],
) -> None:
    """移除文件:连同它的条款、台账和旧版本。"""
    from progress import Progress

    workspace = _workspace()
    for policy_id in policy_ids:
        workspace.catalog.remove(policy_id)
        _say(f"已移除 {policy_id}")
    with Progress("建索引", shown=True) as progress:
        workspace.search(progress)


@app.command()
def versions(
    policy_id: Annotated[str, typer.Argument(help="文件编号，见 wence policies。")],
    number: Annotated[int | None, typer.Argument(help="第几版；给出时输出这一版的全文。")] = None,
    diff: Annotated[
        bool, typer.Option("--diff", help="现行版与所给的一版（默认上一版）相比改了什么。")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """列出一份文件的各个版本,或者输出其中一版的全文,或者两版之间的改动。"""
    catalog = _workspace().catalog
    if diff:
        _show_diff(catalog, policy_id, number, as_json)
        return
    if number is not None:
        sys.stdout.write(catalog.version(policy_id, number).policy.text)
        return
    from web.schemas import VersionOut

    found = VersionOut.all_of(catalog.policy(policy_id), catalog.versions(policy_id))
    if as_json:
        _print_json([one.model_dump() for one in found])
        return
    from terminal import show_versions

    show_versions(found)


def _show_diff(catalog: Catalog, policy_id: str, number: int | None, as_json: bool) -> None:
    """What changed in a document since a version of it, the one before where none is named."""
    from qa.comparison.revisions import as_json as revision_json
    from qa.comparison.revisions import revise

    new = catalog.content(policy_id)
    old = catalog.older(policy_id) if number is None else catalog.version(policy_id, number)
    if old is None:
        raise UserError(f"文件“{policy_id}”只有一个版本，没有可以比较的旧版")
    revision = revise(old, new)
    if as_json:
        _print_json(revision_json(revision))
        return
    from terminal import show_revision

    show_revision(revision)


@app.command()
def search(
    query: Annotated[str, typer.Argument(help="检索词。")],
    policy: Annotated[list[str] | None, typer.Option(help="只在这份文件里找，可重复。")] = None,
    year: Annotated[
        list[int] | None, typer.Option(min=1900, max=2200, help="文件的年份，可重复。")
    ] = None,
    unit: Annotated[list[str] | None, typer.Option(help="条款里的单位，可重复。")] = None,
    state: Annotated[
        list[str] | None,
        typer.Option(help="文件的状态，可重复。"),
    ] = None,
    region: Annotated[list[str] | None, typer.Option(help="文件的地区，可重复。")] = None,
    k: Annotated[int, typer.Option("-k", "--k", min=1, max=100, help="条数。")] = 10,
    as_json: AsJson = False,
) -> None:
    """检索条款。

    筛选在检索之内：有几条符合就给几条。同一项重复时满足其一即可，各项须同时满足。单位可写简称；
    状态有 有效、已失效、已废止、已被取代、不明，按今天算；地区包括其下的地区，上海市也找上海市闵行区。
    """
    from domain import Filters

    filters = Filters(
        policies=tuple(policy or ()),
        units=tuple(unit or ()),
        years=tuple(year or ()),
        states=tuple(state or ()),
        regions=tuple(region or ()),
    )
    found = _engine().find(query, k, filters)
    if not found:
        _say("没有符合条件的条款")
    if as_json:
        from web.schemas import HitOut

        _print_json([HitOut.of(hit, clause).model_dump() for hit, clause in found])
        return
    from terminal import show_hits

    show_hits(found)


@app.command()
def tasks(
    unit: Annotated[str, typer.Option(help="单位，简称也可。")] = "",
    role: Annotated[Role | None, typer.Option(help="角色。")] = None,
    policy: Annotated[str, typer.Option(help="文件编号。")] = "",
    as_json: AsJson = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="输出 CSV。")] = False,
) -> None:
    """查任务台账:谁牵头,谁配合。"""
    from qa.knowledge import Knowledge
    from qa.tasks import tasks as select

    knowledge = Knowledge.of(_workspace().catalog)
    found = select(knowledge, unit=unit, role=role, policy=policy)
    if as_json:
        from web.schemas import TaskOut

        _print_json([TaskOut.of(clause, knowledge).model_dump() for clause in found])
        return
    from terminal import print_tasks_csv, show_tasks

    (print_tasks_csv if as_csv else show_tasks)(found, knowledge)


@app.command()
def policies(as_json: AsJson = False) -> None:
    """列出已收录的文件。"""
    from qa.knowledge import Knowledge
    from web.schemas import PolicyOut

    knowledge = Knowledge.of(_workspace().catalog)
    cards = [PolicyOut.of(policy, knowledge) for policy in knowledge.policies.values()]
    if as_json:
        _print_json([card.model_dump() for card in cards])
        return
    from terminal import show_policies

    show_policies(cards)


@app.command("eval")
def evaluate(
    file: Annotated[Path | None, typer.Argument(help="问题集，每行一个 JSON 对象。")] = None,
    out: Annotated[Path | None, typer.Option(help="把明细写进这个文件夹的 report.json。")] = None,
    least: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="成立的比例低于它时，命令以状态 1 退出。")
    ] = 1.0,
    verifier: Annotated[
        bool,
        typer.Option("--verifier", help="不跑问题集，测核对：真句放行、改错的句子拦下各有多少。"),
    ] = False,
    as_json: AsJson = False,
) -> None:
    """跑一个问题集,按类别报告有多少条成立;或者用改错的句子测核对。"""
    if verifier:
        _evaluate_verifier(as_json)
        return
    if file is None:
        raise UserError("请给出问题集文件，或者用 --verifier 测核对")
    from eval.questions import read_questions
    from eval.report import write_report
    from eval.run import run
    from terminal import show_records

    questions = read_questions(file)
    records = list(run(questions, _engine()))
    show_records(records)
    if out:
        _say(f"明细在 {write_report(records, out)}")
    if sum(record.holds for record in records) < least * len(records):
        raise typer.Exit(1)


def _evaluate_verifier(as_json: bool) -> None:
    """Measure verification on the catalog at hand. Exits with 1 where the goals are missed."""
    from eval.verifier import ENOUGH, measure
    from terminal import show_verifier, verifier_json

    figures = measure(_engine())
    if figures.true < ENOUGH:
        _say(f"目录里的文件只够造 {figures.true} 个真句，少于 {ENOUGH} 个，请多导入几份文件再测")
    if as_json:
        _print_json(verifier_json(figures))
    else:
        show_verifier(figures)
    if not figures.holds:
        raise typer.Exit(1)


@bench_app.command("retrieval")
def bench_retrieval(
    folder: Annotated[Path, typer.Argument(help="含 corpus.jsonl(.xz)、queries.tsv、qrels.tsv。")],
) -> None:
    """在一个检索测试集上测 BM25、向量与混合检索,输出一个 JSON 对象。"""
    from eval.retrieval import measure, read_test_bed
    from index.models import open_encoder
    from progress import Progress
    from settings import load_settings

    gc.enable()
    bed = read_test_bed(folder)
    encoder = open_encoder(load_settings(), _say)
    with Progress("检索测试", shown=True) as progress:
        figures = measure(bed, encoder, _say, progress)
    _print_json(figures)


@app.command()
def doctor(as_json: AsJson = False) -> None:
    """检查设置、目录库、索引和模型是否正常。"""
    from progress import Progress
    from terminal import show_checks

    with Progress("建索引", shown=not as_json) as progress:
        checks = _workspace().checks(progress)
    if as_json:
        _print_json(checks)
    else:
        show_checks(checks)


def _workspace() -> Workspace:
    from settings import load_settings
    from workspace import Workspace

    return Workspace(load_settings(), _say)


def _engine(workspace: Workspace | None = None) -> Engine:
    """The question chain, opened; garbage is collected again from here on."""
    engine = (workspace or _workspace()).engine()
    gc.enable()
    return engine


def _say(message: str) -> None:
    print(message, file=sys.stderr)


def _print_json(value: Any) -> None:
    import orjson

    sys.stdout.write(orjson.dumps(value).decode() + "\n")


def _check_free(host: str, port: int) -> None:
    """Raise `UserError` where the address cannot be listened on, before the slow imports."""
    import socket

    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise UserError(
                f"不能监听 {host}:{port}({error.strerror})，请用 --port 换一个端口或停掉占用它的程序"
            ) from None


if __name__ == "__main__":
    main()

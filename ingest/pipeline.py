"""Files into the catalog: found, parsed side by side, stored one by one. A bad file stops only itself."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from loky import ProcessPoolExecutor
from loky.backend import get_context

from domain import Policy, PolicyContent
from errors import UnreadableFile
from ingest.archives import Input, Refused, Skipped, inputs
from ingest.catalog import Catalog
from ingest.identity import fit_id, is_same_policy, is_same_text, names_of, renamed, with_folder
from ingest.parse import Parsed, parse

IDLE = 30  # seconds without work, after which a process ends, also one whose parent was killed
FEW = 8  # files that are parsed without processes of their own, which take a second to start


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file: `state` is new, changed, unchanged, duplicate or failed.

    A failed one has an `error` for a person, a duplicate names the policy that it is a second file
    of; both leave what was stored as it was.
    """

    name: str
    state: str
    parsed: Parsed | None = None
    error: str = ""


def ingest(
    paths: Iterable[Path],
    catalog: Catalog | None,
    *,
    replace: bool = False,
    progress: Callable[[int, int], None] = lambda done, of: None,
) -> Iterator[Ingested]:
    """Each file's outcome as it comes; without a catalog nothing is stored (a dry run).

    A second file of a stored policy takes its place only with `replace`. `progress` hears how many
    files are done, and of how many.
    """
    found = [one for one in inputs(paths) if not isinstance(one, Skipped)]
    shelf = _Shelf(catalog, replace)
    for place, (item, outcome) in enumerate(_parsed(found)):
        progress(place, len(found))
        if isinstance(outcome, Parsed) and isinstance(item, Input):
            yield shelf.put(item, outcome)
        else:
            yield Ingested(item.name, "failed", error=str(outcome))
    progress(len(found), len(found))


def origin_of(item: Input) -> str:
    """Where a file lies, in full: its path, and inside a zip its name there."""
    return str(item.path.resolve()) + item.name.removeprefix(str(item.path))


def gone(catalog: Catalog, folders: Iterable[Path]) -> list[str]:
    """Ids of the policies whose file lay in one of the folders and is there no more."""
    roots = [str(folder.resolve()) + os.sep for folder in folders if folder.is_dir()]
    return [
        policy_id
        for policy_id, origin in sorted(catalog.origins().items())
        if origin.startswith(tuple(roots)) and not _is_there(Path(origin))
    ]


def _is_there(path: Path) -> bool:
    """A file, or the zip that holds it."""
    return path.exists() or any(up.suffix.lower() == ".zip" and up.is_file() for up in path.parents)


class _Shelf:
    """The catalog as one run of ingest sees it: which files it has, and what they hold."""

    def __init__(self, catalog: Catalog | None, replace: bool) -> None:
        self._catalog = catalog
        self._replace = replace
        self._stored = {policy.id: policy for policy in catalog.policies()} if catalog else {}
        self._origins = catalog.origins() if catalog else {}
        self._at = {origin: policy_id for policy_id, origin in self._origins.items() if origin}
        self._named: dict[str, set[str]] = {}
        for policy in self._stored.values():
            self._note(policy)

    def _note(self, policy: Policy) -> None:
        for name in names_of(policy):
            self._named.setdefault(name, set()).add(policy.id)

    def put(self, item: Input, parsed: Parsed) -> Ingested:
        origin = origin_of(item)
        policy_id = self._id(item, parsed, origin)
        parsed = replace(parsed, content=renamed(parsed.content, policy_id))
        before = self._stored.get(policy_id)
        twin = self._twin(parsed.policy, before, origin, item)
        moved = twin is not None and not _is_there(Path(self._origins.get(twin.id) or "/"))
        if twin and not self._replace and not moved:
            same = is_same_text(parsed.policy, twin, least=1.0)
            first = self._origins.get(twin.id, "") if self._catalog is None else ""
            return Ingested(
                item.name, "duplicate", parsed, _told_twice(item.name, twin, same, first)
            )
        if twin:
            parsed = replace(parsed, content=renamed(parsed.content, twin.id))
            before = twin
        return self._store(item, parsed, before, origin)

    def _store(self, item: Input, parsed: Parsed, before: Policy | None, origin: str) -> Ingested:
        policy = parsed.policy
        if before and self._is_stored(parsed.content, before):
            if self._catalog and self._origins.get(before.id) != origin:
                self._catalog.move(before.id, origin)
            self._origins[before.id] = origin
            return Ingested(item.name, "unchanged", parsed)
        if self._catalog:
            now = datetime.now(UTC).isoformat(timespec="seconds")
            policy = self._catalog.store(parsed.content, origin=origin, now=now)
        self._stored[policy.id] = policy
        self._origins[policy.id] = origin
        self._at[origin] = policy.id
        self._note(policy)
        return Ingested(item.name, "changed" if before else "new", parsed)

    def _is_stored(self, content: PolicyContent, before: Policy) -> bool:
        """Whether a file says what is stored; its card may, and its ledger be read otherwise now."""
        card = replace(content.policy, version=before.version, source=before.source)
        known = replace(content, policy=card)
        if known.policy != before:
            return False
        return self._catalog is None or self._catalog.content(before.id) == known

    def _id(self, item: Input, parsed: Parsed, origin: str) -> str:
        """The id that the file names, had before, or has by its name."""
        if parsed.names_itself:
            return fit_id(parsed.policy.id)
        known = self._at.get(origin)
        stem = fit_id(item.stem)
        taken = self._stored.get(stem)
        if known or taken is None or self._replace:
            return known or stem
        return stem if self._is_same(parsed.policy, taken, origin) else with_folder(stem, origin)

    def _is_same(self, policy: Policy, taken: Policy, origin: str) -> bool:
        """A file of the name of a stored one: a copy, another version, or another format of it."""
        beside = Path(self._origins.get(taken.id, "")).with_suffix("") == Path(origin).with_suffix(
            ""
        )
        return (
            taken.digest == policy.digest
            or is_same_policy(policy, taken)
            or taken.title == policy.title
            or (beside and is_same_text(policy, taken))
        )

    def _twin(
        self, policy: Policy, before: Policy | None, origin: str, item: Input
    ) -> Policy | None:
        """The stored policy that this file is a second file of, which is no newer version of it."""
        if before is None:
            alike = sorted({one for name in names_of(policy) for one in self._named.get(name, ())})
            found = (self._stored[one] for one in alike if one != policy.id)
            return next((one for one in found if is_same_policy(policy, one)), None)
        there = self._origins.get(before.id, "")
        moved = not there or there == origin or Path(there).name == item.file_name
        return None if moved or before.digest == policy.digest else before


def _told_twice(name: str, twin: Policy, same: bool, first: str) -> str:
    """What a person reads of a second file; `first` is the other one, in a dry run."""
    number = f"（{twin.doc_no}）" if twin.doc_no else ""
    other = f"本次的 {first}" if first else f"已收录的《{twin.title}》{number}（编号 {twin.id}）"
    if same:
        return f"{name}：内容与{other}相同，已跳过，不必处理"
    return (
        f"{name}：与{other}文号或标题相同，内容不全相同，没有收录；"
        "若这是新的一版，请加 --replace，原来的会留作旧版本"
    )


def _parsed(found: list[Input | Refused]) -> Iterator[tuple[Input | Refused, Parsed | str]]:
    """Each file with what it holds, or why it cannot be read, in order."""
    if len(found) <= FEW:
        yield from ((item, _try(item)) for item in found)
        return
    waiting: deque[tuple[Input | Refused, Future[Parsed | str]]] = deque()
    workers = os.cpu_count() or 1
    left = iter(found)
    pool = _pool(workers)
    try:
        while True:
            while len(waiting) < workers * 4 and (item := next(left, None)) is not None:
                waiting.append((item, pool.submit(_try, item)))
            if not waiting:
                return
            item, future = waiting.popleft()
            try:
                yield item, future.result()
            except BrokenProcessPool:  # one of those at work took its process down with it
                again = [item, *(other for other, _ in waiting)]
                waiting.clear()
                yield from ((one, _alone(one)) for one in again)
                pool = _pool(workers)
    finally:
        pool.shutdown(kill_workers=True)


def _try(item: Input | Refused) -> Parsed | str:
    if isinstance(item, Refused):
        return item.error
    try:
        return parse(item)
    except UnreadableFile as error:
        return str(error)
    except MemoryError:
        return f"{item.name}：内存不够，读不下这个文件，请拆分后再导入"
    except Exception as error:  # one file's trouble, whatever it is, is no other file's
        if os.environ.get("WENCE_DEBUG"):
            raise
        return (
            f"{item.name}：程序没能读懂这份文件（{type(error).__name__}，是我们的错误），已跳过，"
            "其余照常导入；设 WENCE_DEBUG=1 可看详情"
        )


def _alone(item: Input | Refused) -> Parsed | str:
    """Parse in a process of its own, which may die of the file."""
    with _pool(1) as pool:
        try:
            outcome: Parsed | str = pool.submit(_try, item).result()
            return outcome
        except BrokenProcessPool:
            return f"{item.name}：读取时程序崩溃，文件可能已损坏，请另存一份再导入"


def _pool(workers: int) -> ProcessPoolExecutor:
    """Processes that do not import the program's main module again, as those of Python do."""
    return ProcessPoolExecutor(workers, context=get_context("loky"), timeout=IDLE)

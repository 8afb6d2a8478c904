"""Files into the catalog: read, split, ledger, checks, store. A bad file stops only itself."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from dataclasses import replace as changed
from pathlib import Path

from domain import Assignment, Clause, Policy
from errors import UnknownPolicy, UnreadableFile
from ingest.catalog import Catalog
from ingest.checks import Issue, check
from ingest.document import Source, settle
from ingest.ledger import read_ledger
from ingest.metadata import read_metadata, split_front_matter
from ingest.outline import split_clauses
from ingest.reader import SUFFIXES, read_document

_ID = re.compile(r"[^\s/\\#?%&]{1,100}")


@dataclass(frozen=True, slots=True)
class ParsedPolicy:
    """A document as understood, not yet stored."""

    policy: Policy
    clauses: list[Clause]
    assignments: list[Assignment]
    issues: list[Issue]


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of one file: `state` is new, changed, unchanged or failed.

    A failed one has an `error` for a person and leaves what was stored as it was.
    """

    path: Path
    state: str
    parsed: ParsedPolicy | None = None
    error: str = ""


def parse_file(path: Path) -> ParsedPolicy:
    """Read one file as a policy. Raises `UnreadableFile`."""
    document = read_document(path)
    card = read_metadata(document.text, path)
    block, text = split_front_matter(document.text)
    policy_id = card.id or path.stem
    if not _ID.fullmatch(policy_id):
        raise UnreadableFile(
            f"{path}：“{policy_id}”不能作文件编号(不含空格和 / \\ # ? % &,100 字以内)，"
            "请改文件名，或在文件开头写 id"
        )
    policy = Policy(
        id=policy_id,
        title=card.title,
        text=text,
        digest=document.digest,
        doc_no=card.doc_no,
        issuer=card.issuer,
        issued=card.issued,
        year=card.year,
        region=card.region,
        source=card.source or path.name,
    )
    settled = settle(Source(policy.text))
    clauses = split_clauses(policy.id, settled)
    assignments = read_ledger(clauses, settled, policy.region)
    issues = check(policy.text, clauses, assignments)
    above = block.count("\n")
    placed = [changed(issue, line=issue.line + above) for issue in issues]
    return ParsedPolicy(policy, clauses, assignments, placed)


def ingest(
    paths: Iterable[Path], catalog: Catalog | None, *, replace: bool = False
) -> Iterator[Ingested]:
    """Each file's outcome as it comes; without a catalog nothing is stored (a dry run).

    A file whose id is taken by a document with another title is refused unless `replace` is set.
    """
    for path in find_files(paths):
        try:
            parsed = parse_file(path)
            state = _state(parsed.policy, catalog, replace, path)
        except UnreadableFile as error:
            yield Ingested(path, "failed", error=str(error))
            continue
        if catalog and state != "unchanged":
            catalog.store(parsed.policy, parsed.clauses, parsed.assignments)
        yield Ingested(path, state, parsed)


def find_files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files named, and those of a suffix that is read in the folders named, in order."""
    for path in paths:
        if path.is_dir():
            found = (p for p in path.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
            yield from sorted(found)
        else:
            yield path


def _state(policy: Policy, catalog: Catalog | None, replace: bool, path: Path) -> str:
    if catalog is None:
        return "new"
    try:
        stored = catalog.policy(policy.id)
    except UnknownPolicy:
        return "new"
    if stored == policy:
        return "unchanged"
    if stored.title != policy.title and not replace:
        raise UnreadableFile(
            f"{path}：编号“{policy.id}”已属于《{stored.title}》，没有覆盖；"
            "请改文件名，确要替换时加 --replace"
        )
    return "changed"

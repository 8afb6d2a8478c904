"""One file as a policy: read, settled, split, with its ledger, figures, card and issues.

Nothing here touches the catalog, so that files are parsed in processes of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from itertools import accumulate

from domain import Policy, PolicyContent
from errors import UnreadableFile
from ingest.archives import Input
from ingest.card.metadata import Metadata, parse_card, read_card, read_metadata
from ingest.checks import Issue, check
from ingest.document import Cut, Document, Residue, ResidueKind, Source, settle
from ingest.figures.figures import read_figures
from ingest.layout.contents import contents
from ingest.ledger.ledger import read_ledger
from ingest.outline.clauses import split_clauses
from ingest.reader import digest, read_source


@dataclass(frozen=True, slots=True)
class Parsed:
    """A file as understood, not yet stored.

    `names_itself` is set where the file names its own id. `residue` stands in no clause: laid back
    into the policy's text it gives the text that was read.
    """

    content: PolicyContent
    residue: tuple[Residue, ...]
    issues: tuple[Issue, ...]
    names_itself: bool = False

    @property
    def policy(self) -> Policy:
        """The card and the text."""
        return self.content.policy


def parse(item: Input) -> Parsed:
    """Read one file as a policy. Raises `UnreadableFile`."""
    data = item.load()
    source = read_source(data, item.name)
    beside = item.beside()
    card = read_card(beside, item.name) if beside is not None else {}
    parsed = understand(source, stem=item.stem, name=item.name, card=card)
    policy = replace(
        parsed.policy, digest=digest(data), source=parsed.policy.source or item.file_name
    )
    return replace(parsed, content=replace(parsed.content, policy=policy))


def understand(source: Source, *, stem: str, name: str, card: Mapping[str, object] = {}) -> Parsed:
    """What a source says; `card` is laid over what the file says of itself.

    Raises `UnreadableFile` where nothing but residue is in it, or a date of the card is none.
    """
    document = without_contents(source)
    if not document.text.strip():
        raise UnreadableFile(f"{name}：没有正文，只有页码、目录或导航")
    stated = any(cut.kind is ResidueKind.FRONT_MATTER for cut in source.cuts)
    front, page = (source.card, {}) if stated else ({}, source.card)
    given = parse_card({**front, **card}, name)
    metadata = read_metadata(document.text, given, page, stem)
    if document.tables and not document.text[: document.tables[0].start].strip():
        metadata = replace(metadata, title=str(given.get("title") or page.get("title") or stem))
    policy = _policy(metadata, document, stem)
    clauses = split_clauses(policy.id, document)
    assignments = read_ledger(clauses, document, policy.region)
    figures = [figure for clause in clauses for figure in read_figures(clause, policy.year)]
    return Parsed(
        PolicyContent(policy, tuple(clauses), tuple(assignments), tuple(figures)),
        document.residue,
        tuple(check(document, clauses, assignments)),
        names_itself=metadata.id is not None,
    )


def without_contents(source: Source) -> Document:
    """The document of a source; printed contents are residue, in formats whose reader looks for none."""
    return settle(replace(source, cuts=(*source.cuts, *_contents(source.text))))


def _contents(text: str) -> tuple[Cut, ...]:
    lines = text.splitlines(keepends=True)
    starts = [0, *accumulate(len(line) for line in lines)]
    return tuple(
        Cut(starts[at], starts[at + 1], ResidueKind.CONTENTS) for at in sorted(contents(lines))
    )


def _policy(card: Metadata, document: Document, stem: str) -> Policy:
    return Policy(
        id=card.id or stem,
        title=card.title,
        text=document.text,
        digest="",
        doc_no=card.doc_no,
        issuer="、".join(card.issuers) or None,
        issued=card.written or card.published,
        year=card.year,
        region=card.region,
        source=card.source,
        addressees=card.addressees,
        published=card.published,
        effective=card.effective,
        expires=card.expires,
        validity=card.validity,
        attachments=card.attachments,
        repeals=card.repeals,
    )

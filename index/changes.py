"""Changes to an index: a new segment for what comes, a mark for what goes, and now and then a join.

Segments are joined so that each is at least twice as large as the next, as in a log-structured
merge tree (O'Neil et al., 1996): of n entries that come in small steps, each is written about
log2(n) times.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np

from index.encoder import Encoder, Vectors
from index.entries import Entry, Where, own_words
from index.manifest import Manifest, Part, new_name, sealed, telling, write_manifest
from index.postings import Keys
from index.segment import (
    Averages,
    Mask,
    Segment,
    build_arrays,
    files_of,
    id_keys,
    joined_arrays,
    write_segment,
)
from index.tokens import Cutter, pairs

Progress = Callable[[int], None]

CONTEXT_WEIGHT = 0.4  # of what stands above a text, in its vector
BLOCK = 32_768  # entries that are inverted at a time
LARGEST = 262_144  # entries of a segment; larger ones are not made by joining
OWN_WORDS = 50_000  # words of its own that an index learns at most

_BATCH = 2_048  # texts that are encoded at a time
_SAMPLE = 2_000  # entries from which the length of a normal text is taken
_MOSTLY_DEAD = 0.5  # share of dead rows from which a segment is written anew without them


@dataclass(frozen=True)
class Live:
    """A segment as it counts: some of its rows may be dead."""

    segment: Segment
    dead: tuple[int, ...] = ()

    @property
    def size(self) -> int:
        """How many of its entries can be found."""
        return self.segment.size - len(self.dead)

    @cached_property
    def alive(self) -> Mask | None:
        """Which rows count; None for all."""
        if not self.dead:
            return None
        mask = np.ones(self.segment.size, bool)
        mask[list(self.dead)] = False
        return mask

    def passing(self, where: Where) -> Mask | None:
        """Which rows count and pass a filter; None for all."""
        if not where:
            return self.alive
        mask = self.segment.passing(where)
        return mask if self.alive is None else mask & self.alive


class Index(Protocol):
    """What a change starts from."""

    folder: Path
    manifest: Manifest
    live: tuple[Live, ...]
    encoder: Encoder
    cutter: Cutter


def applied(
    index: Index,
    add: Iterable[Entry],
    remove: Collection[str],
    policies: Mapping[str, str] | None,
    progress: Progress,
) -> tuple[Manifest, list[Live]]:
    """The manifest, written, and the segments after a change. See `LocalSearch.updated`.

    `index` is what the folder holds now, and nobody else writes to it: see `manifest.writing`.
    """
    manifest = index.manifest
    live = list(index.live)
    there = len(live)
    blocks = list[Live]()
    for block in _blocks(add, BLOCK):
        index.cutter.learn(_room(own_words(block), index.cutter))
        averages = _averages(block, index.cutter, manifest.averages)
        manifest = replace(manifest, averages=averages)
        keys = id_keys(entry.id for entry in block)
        known = _known([*live, *blocks], np.append(keys, id_keys(remove)), block)
        vectors = encoded(block, index.encoder, known)
        live, blocks = ([_without(part, keys) for part in parts] for parts in (live, blocks))
        normal = Averages(averages["words"], averages["pairs"])
        blocks.append(Live(Segment("", build_arrays(block, vectors, index.cutter, normal))))
        progress(len(block))
        if sum(each.size for each in blocks) >= LARGEST:
            live.append(_written(index.folder, _joined(blocks)))
            blocks = []
    if blocks:
        live.append(_joined(blocks))
    if remove:
        gone = id_keys(remove)
        live[:there] = [_without(part, gone) for part in live[:there]]
    tidy = _tidied([part for part in live if part.size])
    live = [_written(index.folder, part) for part in tidy]
    manifest = replace(
        manifest,
        policies=manifest.policies if policies is None else dict(policies),
        own_words=tuple(index.cutter.own),
        parts=tuple(_part(index, part) for part in live),
    )
    write_manifest(index.folder, manifest)
    return manifest, live


def encoded(entries: Sequence[Entry], encoder: Encoder, known: Mapping[bytes, Vectors]) -> Vectors:
    """A row of unit length an entry; those whose words are `known` are not encoded again."""
    rows = np.zeros((len(entries), encoder.dimensions), np.float32)
    digests = [entry.digest[:8] for entry in entries]
    fresh = [at for at, digest in enumerate(digests) if digest not in known]
    for at, digest in enumerate(digests):
        if digest in known:
            rows[at] = known[digest]
    contexts = list({entries[at].context: None for at in fresh})
    above = dict(zip(contexts, _encoded(contexts, encoder), strict=True))
    for start in range(0, len(fresh), _BATCH):
        part = fresh[start : start + _BATCH]
        texts = _encoded([entries[at].text for at in part], encoder)
        names = np.stack([above[entries[at].context] for at in part])
        mixed = texts + CONTEXT_WEIGHT * names
        norms = np.linalg.norm(mixed, axis=1, keepdims=True)
        rows[part] = mixed / np.maximum(norms, 1e-12)
    return rows


def _encoded(texts: Sequence[str], encoder: Encoder) -> Vectors:
    """A row a text; of one that says nothing, all zero."""
    rows = np.zeros((len(texts), encoder.dimensions), np.float32)
    said = [at for at, text in enumerate(texts) if text.strip()]
    for start in range(0, len(said), _BATCH):
        part = said[start : start + _BATCH]
        rows[part] = encoder.encode_passages([texts[at] for at in part])
    return rows


def _blocks(entries: Iterable[Entry], size: int) -> Iterator[list[Entry]]:
    """Lists of at most so many; of entries with one id in a list, the last counts."""
    rest = iter(entries)
    while block := {entry.id: entry for entry in islice(rest, size)}:
        yield list(block.values())


def _room(words: Iterable[str], cutter: Cutter) -> list[str]:
    """As many of the words as the cutter may still learn."""
    new = sorted(set(words) - cutter.own)
    return new[: max(0, OWN_WORDS - len(cutter.own))]


def _averages(
    entries: Sequence[Entry], cutter: Cutter, before: Mapping[str, float]
) -> Mapping[str, float]:
    """The averages with more texts counted in, until there are `_SAMPLE`.

    Characters are counted in all of them, terms a character in a sample that is spread over them.
    """
    counted = int(before.get("texts", 0))
    if counted >= _SAMPLE or not entries:
        return before
    texts = [f"{entry.context} {entry.text}" for entry in entries]
    sample = texts[:: max(1, len(texts) // _SAMPLE)]
    share = sum(map(len, texts)) / sum(map(len, sample))
    lengths = {
        "words": share * sum(len(cutter.words(text)) for text in sample),
        "pairs": share * sum(len(pairs(text)) for text in sample),
    }
    total = counted + len(texts)
    return {
        name: max((before.get(name, 0.0) * counted + length) / total, 1.0)
        for name, length in lengths.items()
    } | {"texts": total}


def _known(live: Sequence[Live], keys: Keys, block: Sequence[Entry]) -> dict[bytes, Vectors]:
    """Vectors of what has, or had, one of these ids and the words of an entry of the block.

    They stand under the first half of the entry's digest.
    """
    wanted = {entry.digest[:8] for entry in block}
    known = {}
    for segment in (part.segment for part in live):
        for row in segment.rows_of(keys):
            digest = bytes(segment.digests[row, :8])
            if digest in wanted:
                known[digest] = np.asarray(segment.halves[row], np.float32)
    return known


def _without(part: Live, keys: Keys) -> Live:
    """The segment, what has one of these ids being dead."""
    rows = part.segment.rows_of(keys).tolist()
    return Live(part.segment, tuple(sorted({*rows, *part.dead}))) if rows else part


def _tidied(live: Sequence[Live]) -> list[Live]:
    """Join the last segments while they are not half as large as the one before."""
    tidy = list[Live]()
    for part in live:
        if len(part.dead) > _MOSTLY_DEAD * part.segment.size:
            part = _joined([part])
        tidy.append(part)
        while len(tidy) > 1 and 2 * tidy[-1].size > tidy[-2].size <= LARGEST - tidy[-1].size:
            tidy[-2:] = [_joined(tidy[-2:])]
    return tidy


def _joined(parts: Sequence[Live]) -> Live:
    """One segment in memory over what is alive of several."""
    if len(parts) == 1 and not parts[0].dead:
        return parts[0]
    alive = [np.ones(p.segment.size, bool) if p.alive is None else p.alive for p in parts]
    return Live(Segment("", joined_arrays([part.segment for part in parts], alive)))


def _written(folder: Path, part: Live) -> Live:
    """The segment from its file; one that is in memory is written first."""
    if part.segment.name:
        return part
    with telling(folder):
        return Live(write_segment(folder, new_name(), part.segment.arrays), part.dead)


def _part(index: Index, live: Live) -> Part:
    """What the manifest says of a segment; digests of files that it knows are not made again."""
    name = live.segment.name
    known = {part.name: part.files for part in index.manifest.parts}
    files = known.get(name) or sealed(files_of(index.folder, name))
    return Part(name, live.segment.size, live.dead, files)

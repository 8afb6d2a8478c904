"""The index over a catalog, opened: what differs from the catalog is brought up to it first."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from errors import DamagedIndex, UnknownPolicy
from index.encoder import Encoder
from index.entries import Entry
from index.local import LocalSearch, held
from index.manifest import MANIFEST, Manifest, read_manifest, telling, writing
from index.segment import facet_field
from index.tokens import Cutter

Progress = Callable[[int, int], None]


def open_search(
    folder: Path,
    policies: Mapping[str, str],
    entries: Callable[[str], list[Entry]],
    encoder: Encoder,
    say: Callable[[str], None],
    progress: Progress = lambda done, of: None,
    opened: LocalSearch | None = None,
) -> LocalSearch:
    """The index in a folder, with what `policies` (id to fingerprint) hold now.

    `entries` gives those of one policy; only policies that differ from what the index was made of
    are asked for, and of them only the entries that differ are indexed. An index that is damaged,
    foreign or made with another encoder is made anew; `say` hears why, in a sentence for people,
    and `progress` how many policies of how many are done. `opened` is what the same folder gave
    before: its segments are used again. Raises `StoreError` where the folder cannot be written.
    """
    try:
        search = held(folder, encoder, say, opened)
    except DamagedIndex as error:
        say(f"{error}；正在从目录库重建索引")
        search = None
    if search and search.manifest.policies == dict(policies):
        return search
    with writing(folder):
        empty = LocalSearch(folder, Manifest(encoder.fingerprint), (), encoder, Cutter())
        return _brought_up((search or empty).latest(), policies, entries, progress)


def check(folder: Path, say: Callable[[str], None]) -> None:
    """Read every byte of the index; a damaged one is set aside, and made anew when it is opened.

    `say` hears what is damaged. Raises `StoreError` where the folder cannot be written.
    """
    try:
        read_manifest(folder, thorough=True)
    except DamagedIndex as error:
        say(f"{error}；正在从目录库重建索引")
        with writing(folder), telling(folder):
            (folder / MANIFEST).unlink(missing_ok=True)


def _brought_up(
    search: LocalSearch,
    policies: Mapping[str, str],
    entries: Callable[[str], list[Entry]],
    progress: Progress,
) -> LocalSearch:
    """The search with the policies that changed, came or went."""
    before = search.manifest.policies
    now_stored = dict(policies)
    changed = [policy for policy, digest in policies.items() if before.get(policy) != digest]
    gone: set[str] = set()
    for policy in before.keys() - policies.keys():
        gone.update(_indexed(search, policy))

    def fresh() -> Iterator[Entry]:
        for done, policy in enumerate(changed):
            progress(done, len(changed))
            there = _indexed(search, policy) if policy in before else {}
            try:
                now = entries(policy)
            except UnknownPolicy:  # taken out of the catalog in the meantime
                now = []
                del now_stored[policy]
            gone.update(there.keys() - {entry.id for entry in now})
            yield from (entry for entry in now if there.get(entry.id) != entry.digest)
        progress(len(changed), len(changed))

    return search.changed(fresh(), gone, now_stored, lambda done: None)


def _indexed(search: LocalSearch, policy: str) -> dict[str, bytes]:
    """Id and digest of each entry that the index holds of a policy."""
    found = {}
    for live in search.live:
        rows = live.segment.postings.holding(facet_field("policy"), policy)
        for row in rows if live.alive is None else rows[live.alive[rows]]:
            found[live.segment.id(int(row))] = bytes(live.segment.digests[row])
    return found

"""How common a word is in official documents: the table behind `index/rarity.py`."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from index.tokens import search_words

TABLE_ROWS = 20_000


def write_rarity(paragraphs: Iterable[str], path: Path, rows: int = TABLE_ROWS) -> None:
    """Write the commonest words with their inverse document frequency, ln(N / df), in nats.

    The first row is the figure of a word that occurs once: what a word outside the table is given.
    """
    total = 0
    frequency: Counter[str] = Counter()
    for paragraph in paragraphs:
        total += 1
        frequency.update(set(search_words(paragraph)))
    common = sorted(frequency.items(), key=lambda item: (-item[1], item[0]))[:rows]
    lines = [f"\t{math.log(total):.2f}"]
    lines += [f"{word}\t{math.log(total / count):.2f}" for word, count in common]
    path.write_text("\n".join(lines) + "\n", "utf-8")

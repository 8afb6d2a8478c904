"""The trained parameters: one vector per token, each word also sharing those of its parts.

Row w of the exported table is `own[w] + share / sqrt(n) * sum(own[p] for its n parts p)`: a rare
word begins near its characters and shorter words (as in fastText, Bojanowski et al. 2017,
arXiv:1607.04606). The sum is folded at export, so that it costs nothing at run time.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from index.training.pairs import PairBatch
from index.training.ragged import Ids, Ragged

LONGEST_PART = 4


@dataclass(frozen=True, slots=True)
class Mixture:
    """Which own vectors make up each token's row, and with which weights (one per id)."""

    parts: Ragged
    weights: NDArray[np.float32]

    def rows(self, own: torch.Tensor, tokens: Ids) -> tuple[torch.Tensor, torch.Tensor, Ids]:
        """Mix the rows of `tokens`; return them, the leaf they depend on, and the leaf's ids."""
        chosen = self.parts.take(tokens)
        weights = Ragged(np.arange(len(self.weights)), self.parts.starts).take(tokens).flat
        used, local = compacted(chosen.flat, len(own))
        leaf = own[torch.from_numpy(used)].requires_grad_()
        mixed = functional.embedding_bag(
            torch.from_numpy(local),
            leaf,
            torch.from_numpy(chosen.starts[:-1]),
            per_sample_weights=torch.from_numpy(self.weights[weights]),
            mode="sum",
        )
        return mixed, leaf, used

    def table(self, own: torch.Tensor) -> torch.Tensor:
        """Fold everything: (tokens, dimensions); row 0, the unknown token, is zero."""
        with torch.no_grad():
            table = self.rows(own, np.arange(len(self.parts)))[0].detach().clone()
        table[0] = 0.0
        return table


def build_mixture(words: Sequence[str], share: float) -> Mixture:
    """Give each word of `words` (index = token id) its shorter words and characters as parts."""
    ids = {word: index for index, word in enumerate(words)}
    rows: list[list[int]] = []
    weights: list[float] = []
    for index, word in enumerate(words):
        parts = sorted(ids[part] for part in parts_of(word) if part in ids) if index else []
        rows.append([index, *parts])
        weights += [1.0, *[share / max(1, len(parts)) ** 0.5] * len(parts)]
    return Mixture(Ragged.of(rows), np.asarray(weights, dtype=np.float32))


def parts_of(word: str) -> set[str]:
    """Return the proper substrings of a Han word, up to `LONGEST_PART` characters long."""
    if word.isascii():
        return set()
    ends = range(1, LONGEST_PART + 1)
    parts = {word[i : i + n] for n in ends for i in range(len(word) - n + 1)}
    return parts - {word}


def compacted(ids: Ids, size: int) -> tuple[Ids, Ids]:
    """Return the distinct ids (below `size`), ascending, and the place of each id among them."""
    present = np.zeros(size, dtype=bool)
    present[ids] = True
    distinct = np.flatnonzero(present)
    place = np.cumsum(present) - 1
    return distinct, place[ids]


def contrastive_loss(
    own: torch.Tensor, mixture: Mixture, batch: PairBatch, temperature: float
) -> tuple[torch.Tensor, torch.Tensor, Ids]:
    """In-batch softmax in both directions over cosines divided by `temperature`.

    Returns the mean loss in nats, the leaf whose gradient it fills, and the leaf's ids.
    """
    bags = batch.queries.joined(batch.passages)
    tokens, local = compacted(bags.flat, len(own))
    rows, leaf, used = mixture.rows(own, tokens)
    places, starts = torch.from_numpy(local), torch.from_numpy(bags.starts[:-1])
    vectors = functional.normalize(
        functional.embedding_bag(places, rows, starts, mode="mean"), dim=1
    )
    count = len(batch.queries)
    scores = vectors[:count] @ vectors[count:].T / temperature
    wanted = torch.arange(count)
    loss = (
        functional.cross_entropy(scores, wanted) + functional.cross_entropy(scores.T, wanted)
    ) / 2
    return loss, leaf, used

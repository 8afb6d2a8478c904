"""What the signs of a clause say together: how likely it is the one meant, in nats.

The weights are learnt: `data/ranking/README.md`.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from functools import cache
from math import exp

import numpy as np

from index.encoder import WordVectors
from qa.likeness import CENTRES, COLUMNS, Figures, likeness
from settings import ROOT

WEIGHTS = ROOT / "data" / "ranking" / "weights.json"
SIGNS = ("dense", "score", "coverage", "length", "numbered")  # of every clause found
NAMES = (*SIGNS, *(f"near {centre}" for centre in CENTRES), "faint")
PLAIN = ("score", "coverage", "length", "numbered")  # where the model has no vectors of words


def signs(
    question: str, texts: Sequence[str], plain: Figures, words: WordVectors | None
) -> Figures:
    """The signs of each text, (texts, `NAMES`): `plain` are its `SIGNS`."""
    near = likeness(question, texts, words) if words else np.zeros((len(texts), COLUMNS))
    return np.hstack([plain, near])


def ranks(found: Figures, *, with_words: bool) -> Figures:
    """How much the signs of each clause speak for it, in nats above those of another."""
    weights = _weights()
    if with_words:
        return np.asarray(found @ np.array([weights["ranks"][name] for name in NAMES]))
    columns = [NAMES.index(name) for name in PLAIN]
    return np.asarray(found[:, columns] @ np.array([weights["plain"][name] for name in PLAIN]))


def likely(dense: float, foreign: float) -> float:
    """How likely a clause that answers is among the first three, 0 to 1.

    By the best clause's cosine and by `foreign`; see `qa.composers.sense.foreign`.
    """
    weights = _weights()["answers"]
    nats = weights["dense"] * dense + weights["foreign"] * foreign + weights["bias"]
    return 1 / (1 + exp(-nats))


@cache
def _weights() -> dict[str, dict[str, float]]:
    return dict(json.loads(WEIGHTS.read_text("utf-8")))

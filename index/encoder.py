"""Texts to vectors: what every sentence model can do, whatever computes it."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol, runtime_checkable

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]


class Encoder(Protocol):
    """A sentence model. Vectors are rows of unit length; `fingerprint` changes with its weights."""

    @property
    def fingerprint(self) -> str:
        """What an index says of the model that made it."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of questions, one row each."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of clauses, one row each."""


@runtime_checkable
class WordVectors(Hashable, Protocol):
    """A sentence model that has a vector for each word, whatever text it stands in."""

    def cut(self, text: str) -> tuple[list[str], NDArray[np.int64]]:
        """The words of a text in their order, and the numbers of their vectors."""

    def vectors(self, numbers: NDArray[np.int64]) -> Vectors:
        """The vectors of words, one row each, of unit length; all zero for an unknown word."""

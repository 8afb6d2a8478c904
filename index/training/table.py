"""The numpy path: the same vectors as `SentenceTransformer`, without torch."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from index.training.export import EMBEDDING, WEIGHTS
from index.training.tokenizer import load_tokenizer, token_ids

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class StaticEncoder:
    """A tokenizer and a float32 table (tokens, dimensions)."""

    tokenizer: Tokenizer
    table: Vectors

    def encode(self, texts: Iterable[str]) -> Vectors:
        """Return one vector per text: the mean of its tokens' rows, of L2 norm 1.

        A text without tokens (blanks and punctuation) gets zeros.
        """
        dimensions = self.table.shape[1]
        rows = [
            self.table[ids].mean(axis=0) if ids else np.zeros(dimensions, dtype=np.float32)
            for ids in token_ids(self.tokenizer, texts)
        ]
        vectors = np.asarray(rows, dtype=np.float32).reshape(-1, dimensions)
        norms: Vectors = np.linalg.norm(vectors, axis=1, keepdims=True)
        vectors /= np.maximum(norms, 1e-12)
        return vectors


def load_encoder(folder: Path) -> StaticEncoder:
    """Load an encoder folder."""
    weights = load_file(folder / EMBEDDING / "model.safetensors")[WEIGHTS]
    tokenizer = load_tokenizer(folder / EMBEDDING / "tokenizer.json")
    return StaticEncoder(tokenizer, weights.astype(np.float32))

"""A static sentence model in numpy: the mean of its tokens' rows, normalised.

This is what `StaticEmbedding` and `Normalize` of sentence-transformers compute, without torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from errors import EncoderUnavailable
from index.encoder import Vectors
from index.tokens import normalise

if TYPE_CHECKING:
    from tokenizers import Encoding
    from tokenizers.normalizers import Normalizer

_STATIC = "StaticEmbedding"
_MODULES = "modules.json"
_NORMALISE = {"type": "Sequence", "normalizers": [{"type": "NFKC"}, {"type": "Lowercase"}]}

_BATCH = 512  # texts whose tokens are held at once
_FEW = 8  # texts that are cut faster one by one than handed to several threads


class StaticEncoder:
    """A folder that `SentenceTransformer(path)` would load as StaticEmbedding and Normalize."""

    def __init__(self, folder: Path) -> None:
        """Raises `EncoderUnavailable` where the folder lacks a file or holds another model."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer, normalizers

        try:
            static = folder / static_module(folder)
            self._tokens = Tokenizer.from_file(str(static / "tokenizer.json"))
            self._normalise = _is_normalise(self._tokens.normalizer)
            if self._normalise:
                self._tokens.normalizer = normalizers.Sequence([])
            self._rows = load_file(static / "model.safetensors")["embedding.weight"]
            self._digest = hashlib.sha256()
            for name in ("tokenizer.json", "model.safetensors"):
                self._digest.update((static / name).read_bytes())
        except Exception as error:  # the readers of both files raise their own kinds
            raise EncoderUnavailable(
                f"句向量模型 {folder} 读不出来({error})；请把 WENCE_ENCODER 设为 builtin 或一个完好的目录"
            ) from None

    @property
    def fingerprint(self) -> str:
        """The digest of the tokenizer and the table."""
        return f"static-{self._digest.hexdigest()[:16]}"

    @property
    def dimensions(self) -> int:
        """The length of a row of the table."""
        return int(self._rows.shape[1])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As passages: a static model has no prompts."""
        return self._encode(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Means of token rows, of unit length; a text without a known token is all zero."""
        return self._encode(texts)

    def cut(self, text: str) -> tuple[list[str], NDArray[np.int64]]:
        """See `WordVectors.cut`."""
        tokens = self._cut([text])[0]
        return list(tokens.tokens), np.asarray(tokens.ids, np.int64)

    def vectors(self, numbers: NDArray[np.int64]) -> Vectors:
        """See `WordVectors.vectors`."""
        rows = self._rows[numbers].astype(np.float32)
        norms = np.linalg.norm(rows, axis=1, keepdims=True)
        return np.asarray(rows / np.maximum(norms, 1e-12), np.float32)

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for start in range(0, len(texts), _BATCH):
            self._sum(self._cut(list(texts[start : start + _BATCH])), vectors[start:])
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)

    def _sum(self, cut: list[Encoding], vectors: Vectors) -> None:
        """The sums of the rows of each text's tokens; a row that comes often is widened once."""
        ids = [tokens.ids for tokens in cut]
        known, places = np.unique(list(chain.from_iterable(ids)), return_inverse=True)
        rows = self._rows[known.astype(np.int64)].astype(np.float32)
        end = 0
        for text, vector in zip(ids, vectors, strict=False):
            end += len(text)
            np.add.reduce(rows.take(places[end - len(text) : end], axis=0), axis=0, out=vector)

    def _cut(self, texts: list[str]) -> list[Encoding]:
        if self._normalise:
            texts = [normalise(text) for text in texts]
        if len(texts) <= _FEW:
            return [self._tokens.encode(text, add_special_tokens=False) for text in texts]
        return list(self._tokens.encode_batch_fast(texts, add_special_tokens=False))


def static_module(folder: Path) -> str:
    """The path of the StaticEmbedding module within a model folder; empty for any other name."""
    if not (folder / _MODULES).is_file():
        return ""
    try:
        modules = json.loads((folder / _MODULES).read_text("utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
        return str(modules[0]["path"]) if kinds == [_STATIC, "Normalize"] else ""
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise EncoderUnavailable(
            f"句向量模型 {folder} 的 {_MODULES} 读不通({error})；请把 WENCE_ENCODER 设为 builtin"
        ) from None


def _is_normalise(normalizer: Normalizer | None) -> bool:
    """Whether it does what `normalise` does, which takes half the time."""
    return normalizer is not None and json.loads(normalizer.__getstate__()) == _NORMALISE

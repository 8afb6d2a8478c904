"""Texts to vectors. A static model runs in numpy; any other goes through sentence-transformers.

A static model is the mean of its tokens' rows, normalised: what `StaticEmbedding` and `Normalize`
of sentence-transformers compute, without importing torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from errors import EncoderUnavailable
from settings import Settings

Vectors = NDArray[np.float32]

_STATIC = "StaticEmbedding"
_MODULES = "modules.json"


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


class StaticEncoder:
    """A folder that `SentenceTransformer(path)` would load as StaticEmbedding and Normalize."""

    def __init__(self, folder: Path) -> None:
        """Raises `EncoderUnavailable` where the folder lacks a file or holds another model."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            static = folder / _static_module(folder)
            self._tokens = Tokenizer.from_file(str(static / "tokenizer.json"))
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

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, tokens in enumerate(self._tokens.encode_batch(texts, add_special_tokens=False)):
            if tokens.ids:
                vectors[row] = self._rows[tokens.ids].astype(np.float32).mean(axis=0)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def open_encoder(settings: Settings) -> Encoder:
    """The model that the settings name. Raises `EncoderUnavailable` in one sentence."""
    folder = Path(settings.encoder_path)
    if (folder / _MODULES).is_file() and _static_module(folder):
        return StaticEncoder(folder)
    from index.transformer import TransformerEncoder

    return TransformerEncoder(
        settings.encoder_path,
        query_prompt=settings.encoder_query_prompt,
        passage_prompt=settings.encoder_passage_prompt,
    )


def _static_module(folder: Path) -> str:
    """The path of the StaticEmbedding module within a model folder; empty for other models."""
    try:
        modules = json.loads((folder / _MODULES).read_text("utf-8"))
        kinds = [str(module["type"]).rsplit(".", 1)[-1] for module in modules]
        return str(modules[0]["path"]) if kinds == [_STATIC, "Normalize"] else ""
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        raise EncoderUnavailable(
            f"句向量模型 {folder} 的 {_MODULES} 读不通({error})；请把 WENCE_ENCODER 设为 builtin"
        ) from None

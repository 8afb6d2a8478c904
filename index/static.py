"""A static sentence model in numpy: the mean of its tokens' rows, normalised.

This is what `StaticEmbedding` and `Normalize` of sentence-transformers compute, without torch.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from errors import EncoderUnavailable
from index.encoder import Vectors

_STATIC = "StaticEmbedding"
_MODULES = "modules.json"

_BATCH = 512  # texts whose tokens are held at once


class StaticEncoder:
    """A folder that `SentenceTransformer(path)` would load as StaticEmbedding and Normalize."""

    def __init__(self, folder: Path) -> None:
        """Raises `EncoderUnavailable` where the folder lacks a file or holds another model."""
        from safetensors.numpy import load_file
        from tokenizers import Tokenizer

        try:
            static = folder / static_module(folder)
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
        for start in range(0, len(texts), _BATCH):
            part = list(texts[start : start + _BATCH])
            cut = self._tokens.encode_batch_fast(part, add_special_tokens=False)
            for row, tokens in enumerate(cut, start):
                if ids := tokens.ids:
                    vectors[row] = self._rows[ids].astype(np.float32).mean(axis=0)
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


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

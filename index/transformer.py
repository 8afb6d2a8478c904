"""Any sentence-transformers model by name or folder: the one door to that library."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from socket import create_connection
from urllib.parse import urlsplit

import numpy as np
from huggingface_hub import constants
from sentence_transformers import SentenceTransformer

from errors import EncoderUnavailable
from index.encoder import Vectors

HUB_PATIENCE = 3.0  # seconds to wait for the hub


class TransformerEncoder:
    """A model with its prompts, put in front of questions and of clauses."""

    def __init__(self, name: str, *, query_prompt: str = "", passage_prompt: str = "") -> None:
        """Load a model by its name on a hub or its folder. Raises `EncoderUnavailable`."""
        try:
            self._model = _load(name)
        except Exception as error:  # the loader raises OSError, ValueError and its hub's own kinds
            reason = str(error).strip().splitlines()[0] if str(error).strip() else repr(error)
            raise EncoderUnavailable(
                f"句向量模型 {name} 载入失败({reason})；请检查 WENCE_ENCODER 的名称、目录和网络，"
                "或设为 builtin 使用内置模型"
            ) from None
        self._name = name
        self._prompts = (query_prompt, passage_prompt)

    @property
    def fingerprint(self) -> str:
        """The model's name or its folder's digest, with the digest of the prompts."""
        prompts = hashlib.sha256("\0".join(self._prompts).encode()).hexdigest()[:8]
        return f"{_identity(self._name)}-{prompts}"

    @property
    def dimensions(self) -> int:
        """The length of a sentence vector."""
        size = self._model.get_embedding_dimension()
        assert size is not None  # every model that ends in a pooling or dense module has one
        return int(size)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, the query prompt in front of each text."""
        return self._encode(texts, self._prompts[0])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, the passage prompt in front of each text."""
        return self._encode(texts, self._prompts[1])

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = self._model.encode(
            list(texts), prompt=prompt or None, normalize_embeddings=True, show_progress_bar=False
        )
        return np.asarray(vectors, np.float32)


def _load(name: str) -> SentenceTransformer:
    """A folder, or a model of the hub; one that is not on disk is looked for only where it answers."""
    if Path(name).is_dir():
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise FileNotFoundError("没有这个文件夹")
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=True)
    except Exception as absent:  # whatever the library raises for a model that is not on disk
        host = urlsplit(constants.ENDPOINT)
        try:
            create_connection((host.hostname, host.port or 443), HUB_PATIENCE).close()
        except OSError:
            raise ConnectionError("本机没有这个模型，也连不上模型仓库") from absent
    return SentenceTransformer(name, device="cpu")


def _identity(name: str) -> str:
    """A name stands for itself; a folder for the sizes and digests of its small files."""
    folder = Path(name)
    if not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)} {file.stat().st_size}".encode())
        digest.update(file.read_bytes()[:65536])
    return f"{folder.name}-{digest.hexdigest()[:16]}"

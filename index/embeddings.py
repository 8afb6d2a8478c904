"""Sentence models between Wence and LangChain, either way."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import numpy as np
from langchain_core.embeddings import Embeddings

from errors import EncoderUnavailable
from index.encoder import Encoder, Vectors
from index.models import open_encoder
from settings import Settings

PROBE = "国务院办公厅关于印发实施方案的通知"  # its vector tells one model from another

_FOREIGN = "langchain-"
_SAME = 0.999  # cosine of the probe's vectors, from which two runs are of one model


class WenceEmbeddings(Embeddings):
    """A sentence model of Wence, the built-in one by default, wherever LangChain wants one."""

    def __init__(self, encoder: Encoder | None = None) -> None:
        """Raises `EncoderUnavailable`."""
        self.encoder = encoder or open_encoder(Settings())

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """A vector of unit length each."""
        rows: list[list[float]] = self.encoder.encode_passages(texts).tolist()
        return rows

    def embed_query(self, text: str) -> list[float]:
        """A vector of unit length."""
        row: list[float] = self.encoder.encode_queries([text])[0].tolist()
        return row


class LangChainEncoder:
    """LangChain's `Embeddings` as an `Encoder`. A blank text is all zero and not handed over.

    LangChain does not say which model stands behind them: the vector of a `PROBE` does. `probe` is
    what it was before; within what differs from run to run, it stays and so does the fingerprint.
    Raises `EncoderUnavailable` where the embeddings cannot read or reach what they need; other
    errors of theirs come as they are.
    """

    def __init__(self, embeddings: Embeddings, probe: Sequence[float] = ()) -> None:
        self.embeddings = embeddings
        with self._explaining():
            now = _unit([embeddings.embed_query(PROBE)])[0]
        then = np.array(probe, np.float32)
        self.probe = then if now.shape == then.shape and now @ then > _SAME else now

    @property
    def fingerprint(self) -> str:
        """The kind of the embeddings and a digest of the probe's vector."""
        digest = hashlib.sha256(self.probe.tobytes()).hexdigest()[:16]
        return f"{_FOREIGN}{type(self.embeddings).__name__}-{digest}"

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return len(self.probe)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, as the embeddings make them for questions."""
        with self._explaining():
            rows = {text: self.embeddings.embed_query(text) for text in texts if text.strip()}
        return self._rows(texts, rows)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, as the embeddings make them for documents."""
        told = [text for text in texts if text.strip()]
        with self._explaining():
            made = self.embeddings.embed_documents(told) if told else []
        return self._rows(texts, dict(zip(told, made, strict=True)))

    def _rows(self, texts: Sequence[str], made: dict[str, list[float]]) -> Vectors:
        nothing = [0.0] * self.dimensions
        return _unit([made.get(text, nothing) for text in texts])

    @contextmanager
    def _explaining(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:  # what requests raises too; else it would look like one of files
            raise EncoderUnavailable(
                f"句向量模型 {type(self.embeddings).__name__} 没有给出向量({error})；"
                "请检查它的文件或服务，再试一次"
            ) from error


def encoder_of(embeddings: Embeddings, probe: Sequence[float] = ()) -> Encoder:
    """The encoder behind embeddings of Wence, or any others as one. See `LangChainEncoder`."""
    if isinstance(embeddings, WenceEmbeddings):
        return embeddings.encoder
    return LangChainEncoder(embeddings, probe)


def probe_of(encoder: Encoder) -> list[float]:
    """What `encoder_of` wants to know of an encoder the next time."""
    probe: list[float] = encoder.probe.tolist() if isinstance(encoder, LangChainEncoder) else []
    return probe


def is_foreign(fingerprint: str) -> bool:
    """Whether a fingerprint is of a model that came by LangChain: to run it may cost money."""
    return fingerprint.startswith(_FOREIGN)


def _unit(rows: Sequence[Sequence[float]]) -> Vectors:
    vectors = np.array(rows, np.float32)
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)

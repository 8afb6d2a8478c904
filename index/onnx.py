"""Sentence models in ONNX Runtime: the same vectors without torch, and its one door.

    onnx/{model}/model.onnx        from tokens to sentence vectors, all modules of the model in one
    onnx/{model}/tokenizer.json    cuts and pads texts

A model is exported when it is first asked for, beside its place, checked against the original, and
renamed. From then on it opens without sentence-transformers.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from importlib import import_module
from pathlib import Path

import numpy as np

from errors import EncoderUnavailable
from index.encoder import Vectors
from index.hub import fingerprint, identity, reason

NEAR_ENOUGH = 0.999  # the least cosine between a vector and the original one

_FORMAT = 1  # of the folder
_BATCH = 4  # texts of about one length that are computed at once: twice as fast as 32
_PARTS = {"input_ids": "ids", "attention_mask": "attention_mask", "token_type_ids": "type_ids"}
_PROMPT = "为这个句子生成表示以用于检索相关文章："
_CHECKS = (
    "支持企业申请AEO认证",
    " 我们做无人机出口,能享受什么政策? ",
    "eVTOL",
    "2024年11月1日，总面积约46平方公里。",
    "促进低空经济产业联动发展。" * 100,
)


class OnnxEncoder:
    """A sentence-transformers model with its prompts, run by ONNX Runtime."""

    def __init__(
        self,
        name: str,
        cache: Path,
        say: Callable[[str], None] = lambda message: None,
        *,
        query_prompt: str = "",
        passage_prompt: str = "",
    ) -> None:
        """Open a model by its name on a hub or its folder, from `cache` if it was exported before.

        `say` hears of an export. Raises `EncoderUnavailable`.
        """
        self._name = name
        self._prompts = (query_prompt, passage_prompt)
        self._graph = _opened(name, cache, say)

    @property
    def fingerprint(self) -> str:
        """That of the original, so that an index stays good whatever computes the vectors."""
        return fingerprint(self._name, *self._prompts)

    @property
    def dimensions(self) -> int:
        """The length of a sentence vector."""
        return self._graph.dimensions

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, the query prompt in front of each text."""
        return self._graph.encode([self._prompts[0] + text for text in texts])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of unit length, the passage prompt in front of each text."""
        return self._graph.encode([self._prompts[1] + text for text in texts])


class _Graph:
    """The two files of an exported model, open."""

    def __init__(self, folder: Path) -> None:
        from onnxruntime import InferenceSession
        from tokenizers import Tokenizer

        self._tokens = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._session = InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
        self._inputs = [(given.name, _PARTS[given.name]) for given in self._session.get_inputs()]
        self.dimensions = int(self._session.get_outputs()[0].shape[-1])

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Rows of unit length."""
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            cut = self._tokens.encode_batch([texts[at] for at in places])
            given = {
                name: np.array([getattr(tokens, part) for tokens in cut], np.int64)
                for name, part in self._inputs
            }
            vectors[places] = self._session.run(None, given)[0]
        norms = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(norms, 1e-12), np.float32)


def _opened(name: str, cache: Path, say: Callable[[str], None]) -> _Graph:
    _need("onnxruntime")
    folder = cache / _folder_name(name)
    if folder.is_dir():
        try:
            return _Graph(folder)
        except Exception as error:  # ONNX Runtime and tokenizers raise their own kinds
            say(f"{folder} 打不开({reason(error)})，重新转换")
            shutil.rmtree(folder, ignore_errors=True)
    say(f"正在把句向量模型 {name} 转成 ONNX，只需一次")
    return _exported(name, folder)


def _exported(name: str, folder: Path) -> _Graph:
    from index.transformer import TransformerEncoder

    _need("onnxscript")
    original = TransformerEncoder(name, query_prompt=_PROMPT)
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder.parent, ignore_cleanup_errors=True) as scratch:
            made = Path(scratch) / "made"
            made.mkdir()
            original.export(made)
            graph = _Graph(made)
            _check(graph, original.encode_queries, _PROMPT)
            _check(graph, original.encode_passages, "")
            with suppress(OSError):  # another process may have been first
                made.rename(folder)
        return _Graph(folder)
    except Exception as error:  # torch, ONNX Runtime and tokenizers raise their own kinds
        raise EncoderUnavailable(
            f"句向量模型 {name} 转不成 ONNX({reason(error)})；请把 WENCE_ENCODER_BACKEND 设为 torch"
        ) from None


def _need(library: str) -> None:
    try:
        import_module(library)
    except ImportError:
        raise EncoderUnavailable(
            f"ONNX 后端缺少 {library}；请运行 pip install -c requirements.lock -e '.[onnx]'，"
            "或把 WENCE_ENCODER_BACKEND 设为 torch"
        ) from None


def _check(graph: _Graph, original: Callable[[Sequence[str]], Vectors], prompt: str) -> None:
    """Raises `ValueError` where the vectors are not those of the original."""
    ours = graph.encode([prompt + text for text in _CHECKS])
    cosine = float(np.sum(ours * original(_CHECKS), axis=1).min())
    if not cosine >= NEAR_ENOUGH:
        raise ValueError(f"转换后的向量与原模型的余弦只有 {cosine:.4f}")


def _folder_name(name: str) -> str:
    stem = Path(name).name
    digest = hashlib.sha256(f"{_FORMAT} {identity(name)}".encode()).hexdigest()[:16]
    return f"{stem}-{digest}"

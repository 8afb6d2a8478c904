"""Any sentence-transformers model by name or folder: the one door to that library and to torch.

A sentence model turns a text into a vector, a cross-encoder scores a question with a text.
"""

from __future__ import annotations

import logging
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import cast

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import CrossEncoder, SentenceTransformer
from transformers.utils import logging as transformers_logging

from errors import EncoderUnavailable, RerankerUnavailable
from index.encoder import Vectors
from index.hub import fingerprint, opened, reason

PAIR_TOKENS = 512  # of question and clause together; longer pairs cost more than they tell

_BATCH = 4  # texts that a processor computes at once: twice as fast as 32
_SCORING = "ForSequenceClassification"  # ends the names of architectures with a head of their own
_EXAMPLES = ("支持企业申请认证", "我们做无人机出口，能享受什么政策？")  # of what is exported


class TransformerEncoder:
    """A model with its prompts, put in front of questions and of clauses."""

    def __init__(self, name: str, *, query_prompt: str = "", passage_prompt: str = "") -> None:
        """Load a model by its name on a hub or its folder. Raises `EncoderUnavailable`."""
        try:
            self._model = opened(name, partial(_sentence_model, name))
        except Exception as error:  # the loader raises OSError, ValueError and its hub's own kinds
            raise EncoderUnavailable(
                f"句向量模型 {name} 载入失败({reason(error)})；请检查 WENCE_ENCODER 的名称、目录和网络，"
                "或设为 builtin 使用内置模型"
            ) from None
        self._name = name
        self._prompts = (query_prompt, passage_prompt)

    @property
    def fingerprint(self) -> str:
        """The model's name or its folder's digest, with the digest of the prompts."""
        return fingerprint(self._name, *self._prompts)

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

    def export(self, folder: Path) -> None:
        """Write `model.onnx`, from tokens to sentence vectors, and `tokenizer.json` into a folder.

        The tokenizer pads and cuts as the model's own does. Raises what torch raises for a model
        that it cannot trace, and `ValueError` for one whose tokenizer has no such file.
        """
        tokenizer = self._model.tokenizer
        if not hasattr(tokenizer, "backend_tokenizer"):
            raise ValueError("它的分词器没有 tokenizer.json 形式")
        given = self._model.preprocess(list(_EXAMPLES))
        names = [name for name, values in given.items() if isinstance(values, torch.Tensor)]
        free = tuple({0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC} for _ in names)
        logging.getLogger("torch.onnx").setLevel(logging.ERROR)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _FromTokens(self._model, names).eval().float(),
                tuple(given[name] for name in names),
                folder / "model.onnx",
                input_names=names,
                output_names=["sentence_embedding"],
                dynamic_shapes=(free,),
                verbose=False,
            )
        cut = tokenizer.backend_tokenizer
        if (longest := self._model.max_seq_length or 0) and longest < 1 << 20:
            cut.enable_truncation(int(longest))
        cut.enable_padding(
            direction=tokenizer.padding_side,
            pad_id=tokenizer.pad_token_id,
            pad_type_id=tokenizer.pad_token_type_id,
            pad_token=tokenizer.pad_token,
        )
        cut.save(str(folder / "tokenizer.json"))

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = self._model.encode(
            list(texts),
            prompt=prompt or None,
            batch_size=_BATCH,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, np.float32)


class PairScorer:
    """A cross-encoder: it reads a question and a clause together."""

    def __init__(self, name: str) -> None:
        """Load a model by its name on a hub or its folder. Raises `RerankerUnavailable`."""
        try:
            self._model = opened(name, partial(_pair_model, name))
        except Exception as error:  # as above
            raise RerankerUnavailable(
                f"重排模型 {name} 载入失败({reason(error)})；请检查 WENCE_RERANKER 的名称、目录和网络，"
                "或不设它，就不重排"
            ) from None

    def scores(self, question: str, passages: Sequence[str]) -> NDArray[np.float32]:
        """How well each passage answers, on the model's own scale: for most 0 to 1."""
        pairs = [(question, passage) for passage in passages]
        size = _BATCH if self._model.device.type == "cpu" else 8 * _BATCH
        found = self._model.predict(pairs, batch_size=size, show_progress_bar=False)
        return np.asarray(found, np.float32)


class _FromTokens(torch.nn.Module):
    """All modules of a sentence model as one function of its token tensors."""

    def __init__(self, model: SentenceTransformer, names: Sequence[str]) -> None:
        super().__init__()
        self._model = model
        self._names = names

    def forward(self, *tokens: torch.Tensor) -> torch.Tensor:
        """Rows of token numbers, masks and the like to a row of numbers each."""
        given = dict(zip(self._names, tokens, strict=True))
        return cast(torch.Tensor, self._model(given)["sentence_embedding"])


def _sentence_model(name: str, on_disk: bool) -> SentenceTransformer:
    _keep_quiet()
    return SentenceTransformer(name, device="cpu", local_files_only=on_disk)


def _pair_model(name: str, on_disk: bool) -> CrossEncoder:
    """Raises `ValueError` for a model without a head that scores, which would be given a random one."""
    _keep_quiet()
    model: CrossEncoder = CrossEncoder(name, local_files_only=on_disk)
    [kind, *_] = getattr(model.config, "architectures", None) or [_SCORING]
    if model.num_labels != 1 or (len(model) == 1 and not kind.endswith(_SCORING)):
        raise ValueError("它不是给一对文字打一个分的模型")
    model.max_seq_length = min(model.max_seq_length or PAIR_TOKENS, PAIR_TOKENS)
    return model


def _keep_quiet() -> None:
    """No bars while weights are read, and no list of those that a model leaves unused."""
    logging.getLogger("sentence_transformers").setLevel(logging.ERROR)
    transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    transformers_logging.set_verbosity_error()  # type: ignore[no-untyped-call]

"""The models that the settings name, opened."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from index.encoder import Encoder
from index.reranker import Scorer
from index.static import StaticEncoder, static_module
from settings import Settings


def open_encoder(settings: Settings, say: Callable[[str], None] = lambda message: None) -> Encoder:
    """The sentence model that the settings name. Raises `EncoderUnavailable` in one sentence.

    `say` hears what takes long the first time.
    """
    folder = Path(settings.encoder_path)
    if static_module(folder):
        return StaticEncoder(folder)
    prompts = {
        "query_prompt": settings.encoder_query_prompt,
        "passage_prompt": settings.encoder_passage_prompt,
    }
    if settings.encoder_backend == "onnx":
        from index.onnx import OnnxEncoder

        return OnnxEncoder(settings.encoder_path, settings.onnx_dir, say, **prompts)
    from index.transformer import TransformerEncoder

    return TransformerEncoder(settings.encoder_path, **prompts)


def open_reranker(settings: Settings) -> Scorer:
    """The cross-encoder that the settings name. Raises `RerankerUnavailable` in one sentence."""
    from index.transformer import PairScorer

    return PairScorer(settings.reranker)

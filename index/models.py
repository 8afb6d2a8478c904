"""The sentence model that the settings name, opened."""

from __future__ import annotations

from pathlib import Path

from index.encoder import Encoder
from index.static import StaticEncoder, static_module
from settings import Settings


def open_encoder(settings: Settings) -> Encoder:
    """The model that the settings name. Raises `EncoderUnavailable` in one sentence."""
    folder = Path(settings.encoder_path)
    if static_module(folder):
        return StaticEncoder(folder)
    from index.transformer import TransformerEncoder

    return TransformerEncoder(
        settings.encoder_path,
        query_prompt=settings.encoder_query_prompt,
        passage_prompt=settings.encoder_passage_prompt,
    )

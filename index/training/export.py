"""The encoder folder, in the form that `SentenceTransformer(folder)` loads.

    modules.json                        the two modules, in order
    config_sentence_transformers.json   cosine similarity, no prompts
    0_StaticEmbedding/model.safetensors embedding.weight: (tokens, dimensions), float16
    0_StaticEmbedding/tokenizer.json    `tokenizers`: Unigram with its normalizer
    1_Normalize/config.json             L2 norm of the sentence vector

A text's vector is the mean of its tokens' rows, divided by its L2 norm; no tokens give zeros.
"""

import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer

WEIGHTS = "embedding.weight"
EMBEDDING, NORMALIZE = "0_StaticEmbedding", "1_Normalize"
MODULES = (
    (EMBEDDING, "sentence_transformers.models.StaticEmbedding"),
    (NORMALIZE, "sentence_transformers.models.Normalize"),
)


def write_encoder(out: Path, tokenizer: Tokenizer, table: torch.Tensor) -> None:
    """Write the folder beside `out` and put it in place; a model card in `out` is kept.

    Rows are scaled by one common factor, to a root mean square of 1, before float16.
    """
    part = out.with_name(f"{out.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    (part / EMBEDDING).mkdir(parents=True)
    (part / NORMALIZE).mkdir()
    scale = table.pow(2).mean().sqrt().clamp_min(1e-9)
    weights = (table / scale).to(torch.float16).contiguous()
    save_file({WEIGHTS: weights}, part / EMBEDDING / "model.safetensors")
    (part / EMBEDDING / "model.safetensors").chmod(0o644)
    tokenizer.save(str(part / EMBEDDING / "tokenizer.json"), pretty=False)
    write_json(part / NORMALIZE / "config.json", {"module_input_name": "sentence_embedding"})
    modules = [
        {"idx": index, "name": str(index), "path": path, "type": kind}
        for index, (path, kind) in enumerate(MODULES)
    ]
    write_json(part / "modules.json", modules)
    write_json(
        part / "config_sentence_transformers.json",
        {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"},
    )
    put_in_place(part, out)


def write_json(path: Path, value: object) -> None:
    """Write `value` as readable JSON."""
    path.write_text(json.dumps(value, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


def put_in_place(part: Path, out: Path) -> None:
    """Move `part` to `out`; what stood there goes only when the new folder is complete."""
    card, old = out / "README.md", out.with_name(f"{out.name}.old")
    if card.is_file():
        shutil.copy2(card, part / card.name)
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    part.rename(out)
    shutil.rmtree(old, ignore_errors=True)

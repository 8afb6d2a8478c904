"""Small random models that tests make: words are single characters, a folder is a few kilobytes."""

from collections.abc import Iterable
from pathlib import Path

SHAPE = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}


def sentence_model(folder: Path, words: Iterable[str], **pooling: object) -> Path:
    """A BERT of one layer with pooling and a dense layer: vectors of 12 numbers."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import Dense, Pooling, Transformer
    from transformers import BertModel

    bert = _bert(BertModel, folder / "bert", words)
    torch.manual_seed(1)
    modules = [Transformer(str(bert)), Pooling(16, **pooling), Dense(16, 12)]
    SentenceTransformer(modules=modules, device="cpu").save(str(folder / "model"))
    return folder / "model"


def pair_model(folder: Path, words: Iterable[str], labels: int = 1) -> Path:
    """A cross-encoder, with so many labels."""
    from transformers import BertForSequenceClassification

    return _bert(BertForSequenceClassification, folder, words, num_labels=labels)


def headless_model(folder: Path, words: Iterable[str]) -> Path:
    """A BERT that was never taught to score anything."""
    from transformers import BertModel

    return _bert(BertModel, folder, words)


def _bert(kind: type, folder: Path, words: Iterable[str], **more: int) -> Path:
    import torch
    from transformers import BertConfig, BertTokenizer

    characters = sorted(set("".join(words).lower()) - set(" \n"))
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=len(vocabulary), intermediate_size=32, max_position_embeddings=700,
        initializer_range=0.5, **SHAPE, **more,
    )  # fmt: skip
    kind(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=700).save_pretrained(folder)
    return folder

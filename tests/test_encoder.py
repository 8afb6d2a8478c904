"""Texts to vectors: the built-in model, a model in a folder, a model that is not there."""

from pathlib import Path

import numpy as np
import pytest

from domain import Clause
from errors import EncoderUnavailable
from index.local import open_search
from index.models import open_encoder
from index.static import StaticEncoder
from ingest.catalog import Catalog
from settings import BUILTIN_ENCODER, Settings, load_settings

SENTENCES = [
    "支持企业申请AEO认证",
    "我们做无人机出口,能享受什么政策?",
    "ＡＥＯ认证指导中心",
    "eVTOL 适航取证",
    "2024年11月1日,总面积约46平方公里",
    "促进低空经济产业联动发展。" * 60,
]


def encoder_settings(tmp_path: Path, encoder: Path | str, **more: str) -> Settings:
    environ = {"WENCE_DATA_DIR": str(tmp_path / "data"), "WENCE_ENCODER": str(encoder)}
    return load_settings(environ | more, tmp_path / "wence.toml")


def test_the_builtin_model_is_what_sentence_transformers_computes() -> None:
    from sentence_transformers import SentenceTransformer

    ours = StaticEncoder(BUILTIN_ENCODER).encode_passages(SENTENCES)
    model = SentenceTransformer(str(BUILTIN_ENCODER), device="cpu")
    theirs = model.encode(SENTENCES, normalize_embeddings=True, show_progress_bar=False)
    assert ours.shape == theirs.shape
    assert np.sum(ours * theirs, axis=1) == pytest.approx(1, abs=1e-3)


def test_the_builtin_model_gives_unit_rows(settings: Settings) -> None:
    encoder = open_encoder(settings)
    rows = encoder.encode_queries(SENTENCES)
    assert rows.dtype == np.float32
    assert rows.shape == (len(SENTENCES), encoder.dimensions)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoder.encode_passages(SENTENCES) == pytest.approx(rows)


def test_the_builtin_model_knows_what_is_near(settings: Settings) -> None:
    asked, near, far = open_encoder(settings).encode_queries(
        ["外国人才的签证和居留", "为外籍人才提供签证、居留便利", "推进铁路和道路工程建设"]
    )
    assert asked @ near > asked @ far + 0.1


def test_no_texts_and_empty_texts_have_rows(settings: Settings) -> None:
    encoder = open_encoder(settings)
    assert encoder.encode_queries([]).shape == (0, encoder.dimensions)
    assert np.all(np.isfinite(encoder.encode_queries(["", " "])))


def test_the_fingerprint_is_of_the_weights(tmp_path: Path) -> None:
    def fingerprint(tokenizer_ends: bytes) -> str:
        folder = tmp_path / tokenizer_ends.hex()
        for file in BUILTIN_ENCODER.rglob("*.*"):
            copy = folder / file.relative_to(BUILTIN_ENCODER)
            copy.parent.mkdir(parents=True, exist_ok=True)
            ends = tokenizer_ends if file.name == "tokenizer.json" else b""
            copy.write_bytes(file.read_bytes() + ends)
        return StaticEncoder(folder).fingerprint

    assert fingerprint(b"\n") == fingerprint(b"\n") != fingerprint(b"\n\n")


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
@pytest.mark.parametrize("content", [None, b"", b"{}"])
def test_a_damaged_static_model_is_refused(
    tmp_path: Path, name: str, content: bytes | None
) -> None:
    static = tmp_path / "m" / "0_StaticEmbedding"
    static.mkdir(parents=True)
    (tmp_path / "m" / "modules.json").write_bytes((BUILTIN_ENCODER / "modules.json").read_bytes())
    for file in (BUILTIN_ENCODER / "0_StaticEmbedding").iterdir():
        if file.name != name:
            (static / file.name).symlink_to(file)
        elif content is not None:
            (static / name).write_bytes(content)
    with pytest.raises(EncoderUnavailable, match=r"/m 读不出来.*WENCE_ENCODER"):
        open_encoder(encoder_settings(tmp_path, tmp_path / "m"))


def test_a_broken_list_of_modules_is_refused(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text('[{"type": 1}, 2]', "utf-8")
    with pytest.raises(EncoderUnavailable, match=r"modules\.json 读不通"):
        open_encoder(encoder_settings(tmp_path, tmp_path))


@pytest.mark.parametrize("name", ["no-such/model", "/no/such/folder"])
def test_a_model_that_cannot_be_loaded_is_named_in_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)  # HF_HUB_OFFLINE=1
    with pytest.raises(EncoderUnavailable) as caught:
        open_encoder(encoder_settings(tmp_path, name))
    [sentence] = str(caught.value).splitlines()
    assert sentence.startswith(f"句向量模型 {name} 载入失败")
    assert "builtin" in sentence


@pytest.fixture(scope="module")
def transformer(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A random BERT of one layer, whose words are single characters, as a model folder."""
    import torch
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.models import Pooling, Transformer
    from transformers import BertConfig, BertModel, BertTokenizer

    folder = tmp_path_factory.mktemp("bert")
    characters = sorted(set("".join(SENTENCES).lower()) - {" "})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *characters]
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", "utf-8")
    torch.manual_seed(0)
    size = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2}
    BertModel(BertConfig(vocab_size=len(vocabulary), intermediate_size=32, **size)).save_pretrained(
        folder
    )
    BertTokenizer(str(folder / "vocab.txt")).save_pretrained(folder)
    words = Transformer(str(folder))
    model = SentenceTransformer(modules=[words, Pooling(16)], device="cpu")
    model.save(str(folder / "model"))
    return folder / "model"


def test_a_transformer_folder_gives_unit_rows(tmp_path: Path, transformer: Path) -> None:
    encoder = open_encoder(encoder_settings(tmp_path, transformer))
    rows = encoder.encode_passages(SENTENCES)
    assert rows.shape == (len(SENTENCES), 16)
    assert encoder.dimensions == 16
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


def test_prompts_go_before_questions_and_clauses(tmp_path: Path, transformer: Path) -> None:
    plain = open_encoder(encoder_settings(tmp_path, transformer))
    prompted = open_encoder(
        encoder_settings(tmp_path, transformer, WENCE_ENCODER_QUERY_PROMPT="我们做")
    )
    text = SENTENCES[0]
    assert prompted.encode_queries([text]) == pytest.approx(plain.encode_queries(["我们做" + text]))
    assert prompted.encode_passages([text]) == pytest.approx(plain.encode_passages([text]))
    assert prompted.fingerprint != plain.fingerprint


def test_another_encoder_makes_the_index_anew_and_says_so(
    tmp_path: Path, transformer: Path, catalog: Catalog
) -> None:
    said: list[str] = []

    def clauses() -> list[Clause]:
        said.append("read")
        return catalog.clauses()

    def search(encoder: Path | str) -> list[str]:
        opened = open_search(
            tmp_path / "index", catalog.fingerprint(), clauses,
            open_encoder(encoder_settings(tmp_path, encoder)), said.append,
        )  # fmt: skip
        hits = opened.search("企业申请AEO认证", 3)
        return [hit.clause_id for hit in hits]

    assert "ftz-2024#3" in search("builtin")
    assert said == ["read"]
    search(transformer)
    assert said[1].startswith("索引由句向量模型 static-")
    assert "model-" in said[1]
    assert said[2:] == ["read"]
    search(transformer)
    assert len(said) == 3

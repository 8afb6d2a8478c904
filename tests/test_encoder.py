"""Texts to vectors: the built-in model, a model in a folder, a model that is not there."""

import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from small_models import sentence_model

from errors import EncoderUnavailable
from index.encoder import Encoder
from index.models import open_encoder
from index.static import StaticEncoder
from settings import BUILTIN_ENCODER, ROOT, Settings, load_settings
from workspace import Workspace

SENTENCES = [
    "支持企业申请AEO认证",
    "我们做无人机出口,能享受什么政策?",
    "ＡＥＯ认证指导中心",
    "eVTOL 适航取证",
    "2024年11月1日,总面积约46平方公里",
    "促进低空经济产业联动发展。" * 60,
]

ONNX = {"WENCE_ENCODER_BACKEND": "onnx"}
PROMPTS = {"WENCE_ENCODER_QUERY_PROMPT": "我们做", "WENCE_ENCODER_PASSAGE_PROMPT": "2024年"}


def encoder_settings(tmp_path: Path, encoder: Path | str, **more: str) -> Settings:
    environ = {"WENCE_DATA_DIR": str(tmp_path / "data"), "WENCE_ENCODER": str(encoder)}
    return load_settings(environ | more, tmp_path / "wence.toml")


def test_the_builtin_model_is_what_sentence_transformers_computes() -> None:
    from sentence_transformers import SentenceTransformer

    odd = ["①㈱㎡№Ⅷ ﬁ 豈𠮷 K İΣ ｶﾞ\u200b\u00a0條例", "第\n三\t条  A\u0301BC", "😀稳 就\u3000业"]
    texts = SENTENCES + odd
    ours = StaticEncoder(BUILTIN_ENCODER).encode_passages(texts)
    model = SentenceTransformer(str(BUILTIN_ENCODER), device="cpu")
    theirs = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    assert ours.shape == theirs.shape
    assert np.sum(ours * theirs, axis=1) == pytest.approx(1, abs=1e-3)


def test_the_builtin_model_gives_unit_rows(settings: Settings) -> None:
    encoder = open_encoder(settings)
    rows = encoder.encode_queries(SENTENCES)
    assert rows.dtype == np.float32
    assert rows.shape == (len(SENTENCES), encoder.dimensions)
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)
    assert encoder.encode_passages(SENTENCES) == pytest.approx(rows)


def test_many_texts_have_the_rows_of_each_alone() -> None:
    encoder = StaticEncoder(BUILTIN_ENCODER)
    texts = [f"第{at}条 {SENTENCES[at % 6][: at % 30]}" for at in range(1100)] + ["", "。"]
    rows = encoder.encode_passages(texts)
    assert not rows[-2:].any()
    for at in (0, 17, 511, 512, 1023, 1024, 1099):
        assert rows[at] == pytest.approx(encoder.encode_queries([texts[at]])[0], abs=1e-6)


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
    return sentence_model(tmp_path_factory.mktemp("bert"), SENTENCES)


def test_a_transformer_folder_gives_unit_rows(tmp_path: Path, transformer: Path) -> None:
    encoder = open_encoder(encoder_settings(tmp_path, transformer))
    rows = encoder.encode_passages(SENTENCES)
    assert rows.shape == (len(SENTENCES), 12)
    assert encoder.dimensions == 12
    assert rows.dtype == np.float32
    assert np.linalg.norm(rows, axis=1) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("broken", ["config.json", "model.safetensors", "modules.json"])
def test_a_broken_transformer_folder_is_refused(
    tmp_path: Path, transformer: Path, broken: str
) -> None:
    shutil.copytree(transformer, tmp_path / "m")
    (tmp_path / "m" / broken).write_bytes(b"{")
    with pytest.raises(EncoderUnavailable, match=r"/m .*(载入失败|读不通).*builtin"):
        open_encoder(encoder_settings(tmp_path, tmp_path / "m"))


def test_prompts_go_before_questions_and_clauses(tmp_path: Path, transformer: Path) -> None:
    plain = open_encoder(encoder_settings(tmp_path, transformer))
    prompted = open_encoder(encoder_settings(tmp_path, transformer, **PROMPTS))
    check_prompts(prompted, plain)
    assert prompted.fingerprint != plain.fingerprint


def check_prompts(prompted: Encoder, plain: Encoder) -> None:
    text = SENTENCES[0]
    [unlike] = plain.encode_queries([text])
    for [vector], put_before in (
        (prompted.encode_queries([text]), "我们做"),
        (prompted.encode_passages([text]), "2024年"),
    ):
        assert vector == pytest.approx(plain.encode_passages([put_before + text])[0], abs=1e-5)
        assert vector @ unlike < 0.999


def test_a_transformer_serves_several_threads(tmp_path: Path, transformer: Path) -> None:
    encoder = open_encoder(encoder_settings(tmp_path, transformer))
    rows = encoder.encode_passages(SENTENCES)
    with ThreadPoolExecutor(8) as pool:
        for found in pool.map(lambda _: encoder.encode_passages(SENTENCES), range(24)):
            assert found == pytest.approx(rows, abs=1e-6)


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory, transformer: Path) -> Path:
    """A data folder with the model in ONNX."""
    folder = tmp_path_factory.mktemp("onnx")
    said: list[str] = []
    open_encoder(encoder_settings(folder, transformer, **ONNX), said.append)
    assert said == [f"正在把句向量模型 {transformer} 转成 ONNX，只需一次"]
    return folder


def test_onnx_gives_the_vectors_of_torch(exported: Path, transformer: Path) -> None:
    said: list[str] = []
    ours = open_encoder(encoder_settings(exported, transformer, **ONNX), said.append)
    theirs = open_encoder(encoder_settings(exported, transformer))
    texts = [sentence[:end] for sentence in SENTENCES for end in range(1, 40)] + SENTENCES
    rows = ours.encode_passages(texts)
    assert rows.shape == (len(texts), ours.dimensions) == (len(texts), theirs.dimensions)
    assert np.sum(rows * theirs.encode_passages(texts), axis=1) == pytest.approx(1, abs=1e-3)
    assert ours.fingerprint == theirs.fingerprint
    assert ours.encode_queries([]).shape == (0, ours.dimensions)
    assert said == []


def test_onnx_takes_prompts(exported: Path, transformer: Path) -> None:
    check_prompts(
        open_encoder(encoder_settings(exported, transformer, **ONNX, **PROMPTS)),
        open_encoder(encoder_settings(exported, transformer)),
    )


def test_onnx_does_without_torch(exported: Path, transformer: Path) -> None:
    code = (
        "import sys; from settings import load_settings; from workspace import Workspace\n"
        "hits = Workspace(load_settings()).search().search('无人机出口', 3)\n"
        "assert len(hits) == 3\n"
        "print(*sorted({'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)))"
    )
    environ = {"WENCE_DATA_DIR": str(exported / "data"), "WENCE_ENCODER": str(transformer)}
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT, env=os.environ | environ | ONNX, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert done.stdout.split() == []


def test_a_damaged_export_is_made_again(tmp_path: Path, exported: Path, transformer: Path) -> None:
    shutil.copytree(exported / "data" / "onnx", tmp_path / "data" / "onnx")
    [file] = (tmp_path / "data" / "onnx").glob("*/model.onnx")
    file.write_bytes(b"no graph")
    said: list[str] = []
    encoder = open_encoder(encoder_settings(tmp_path, transformer, **ONNX), said.append)
    assert encoder.encode_queries(SENTENCES).shape == (len(SENTENCES), 12)
    assert said[0].startswith(f"{file.parent} 打不开")
    assert len(said) == 2


def test_a_model_that_onnx_would_compute_otherwise_is_refused(tmp_path: Path) -> None:
    """Its pooling leaves the prompt out, and the graph cannot know where the prompt ends."""
    made = sentence_model(tmp_path, SENTENCES, include_prompt=False)
    with pytest.raises(EncoderUnavailable, match=r"转不成 ONNX\(.*余弦.*WENCE_ENCODER_BACKEND"):
        open_encoder(encoder_settings(tmp_path, made, **ONNX))
    assert list((tmp_path / "data" / "onnx").iterdir()) == []


@pytest.mark.parametrize("library", ["onnxruntime", "onnxscript"])
def test_onnx_names_what_is_not_installed(
    tmp_path: Path, transformer: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(EncoderUnavailable, match=rf"缺少 {library}.*\[onnx\].*torch"):
        open_encoder(encoder_settings(tmp_path, transformer, **ONNX))


def test_the_builtin_model_needs_no_backend(tmp_path: Path) -> None:
    encoder = open_encoder(encoder_settings(tmp_path, "builtin", **ONNX))
    assert isinstance(encoder, StaticEncoder)


def test_another_encoder_makes_the_index_anew_and_says_so(
    tmp_path: Path, transformer: Path
) -> None:
    said: list[str] = []

    def search(encoder: Path | str) -> list[str]:
        del said[:]
        workspace = Workspace(encoder_settings(tmp_path, encoder), said.append)
        hits = workspace.search().search("企业申请AEO认证", 3)
        return [hit.clause_id for hit in hits]

    assert "ftz-2024#3" in search("builtin")
    search(transformer)
    [sentence] = said
    assert sentence.startswith("索引由句向量模型 static-")
    assert "model-" in sentence
    search(transformer)
    assert said == []

"""Floors: a file imports only from lower ones; each engine has one door."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from settings import ROOT

FLOORS = (
    ("domain", "errors", "numerals"),
    ("settings", "highlight"),
    ("ingest",),
    ("index",),
    ("qa",),
    ("workspace",),
    ("web", "eval"),
    ("terminal", "progress"),  # what the command prints
    ("cli",),
    ("bench",),  # measures everything
)
LEVEL = {name: level for level, names in enumerate(FLOORS) for name in names}
INGEST_FOR_ALL = ("ingest.catalog", "ingest.state", "ingest.units")
OPENS_INGEST = ("workspace", "terminal", "cli", "bench")  # may use all of it

TRAINING = "index/training"
DOORS = {
    "opencc": ("qa/typed/script.py",),
    "pypinyin": ("qa/typed/alike.py",),
    "rapidfuzz": ("qa/typed/slips.py",),
    "rjieba": ("index/tokens.py", TRAINING),
    "jieba": (TRAINING,),  # the tests compare its cuts with rjieba's
    "bm25s": ("bench",),
    "faiss": ("index/nearest.py",),
    "pymilvus": ("index/milvus_schema.py", "index/milvus_server.py"),
    "grpc": ("index/milvus_server.py",),
    "sentence_transformers": ("index/transformer.py", TRAINING, "bench"),
    "onnxruntime": ("index/onnx.py",),
    "torch": ("index/transformer.py", TRAINING),
    "transformers": ("index/transformer.py", TRAINING),
    "langchain_core": (
        "index/embeddings.py",
        "index/kept.py",
        "index/retriever.py",
        "index/vectorstore.py",
        "qa/model/chat_model.py",
        "bench",
    ),
    "langchain": ("qa/model/chat_model.py",),
    "langchain_openai": (),
    "gradio": ("web/chat.py",),
    "sqlalchemy": ("ingest/catalog.py", "ingest/schema.py"),
    "loky": ("ingest/pipeline.py",),
    "lxml": ("ingest/formats",),
    "xlrd": ("ingest/formats",),
    "pypdfium2": ("ingest/formats",),
    "rapidocr": ("ingest/formats",),
    "fastapi": ("web",),
    "typer": ("cli.py", TRAINING, "bench"),
    "rich": ("terminal.py", "progress.py", "cli.py", TRAINING, "bench"),
}
HEAVY = {
    "torch",
    "transformers",
    "sentence_transformers",
    "gradio",
    "langchain",
    "langchain_core",
    "fastapi",
    "jieba",
    "lxml",
    "loky",
    "xlrd",
    "PIL",
    "pypdfium2",
    "opencc",
    "pymilvus",
    "pypinyin",
    "rapidfuzz",
    "rapidocr",
}

FILES = sorted(
    path.relative_to(ROOT)
    for name in LEVEL
    for path in [ROOT / f"{name}.py", *(ROOT / name).rglob("*.py")]
    if path.is_file()
)


def imports(file: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file names, inside functions too, with its line.

    `from ingest import units` names `ingest.units`.
    """
    for node in ast.walk(ast.parse((ROOT / file).read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((name.name, node.lineno) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{file}:{node.lineno}: a relative import"
            assert node.module is not None
            for name in node.names:
                is_module = (ROOT / node.module.replace(".", "/") / f"{name.name}.py").is_file()
                yield (f"{node.module}.{name.name}" if is_module else node.module), node.lineno


def home(file: Path) -> str:
    return file.parts[0].removesuffix(".py")


def test_every_package_and_module_has_a_floor() -> None:
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")}
    modules = {path.stem for path in ROOT.glob("*.py")}
    assert packages | modules == set(LEVEL)
    assert {home(file) for file in FILES} == set(LEVEL)


@pytest.mark.parametrize("file", FILES, ids=str)
def test_a_file_imports_only_from_lower_floors(file: Path) -> None:
    own = home(file)
    for name, line in imports(file):
        other = name.partition(".")[0]
        if other in LEVEL and other != own:
            assert LEVEL[other] < LEVEL[own], f"{file}:{line} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=str)
def test_above_the_index_only_catalog_units_and_states_of_ingest_are_used(file: Path) -> None:
    if LEVEL[home(file)] < LEVEL["qa"] or home(file) in OPENS_INGEST:
        return
    for name, line in imports(file):
        if name.partition(".")[0] == "ingest":
            assert name in INGEST_FOR_ALL, f"{file}:{line} imports {name}"


@pytest.mark.parametrize("file", FILES, ids=str)
def test_an_engine_is_imported_only_at_its_door(file: Path) -> None:
    for name, line in imports(file):
        doors = DOORS.get(name.partition(".")[0])
        if doors is not None:
            assert any(file.is_relative_to(door) for door in doors), f"{file}:{line}: {name}"


def test_opening_a_workspace_imports_nothing_heavy() -> None:
    code = f"import sys, workspace; print(*sorted({HEAVY!r} & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []


def test_the_lowest_floor_needs_the_standard_library_only() -> None:
    for name in FLOORS[0]:
        for module, line in imports(Path(f"{name}.py")):
            top = module.partition(".")[0]
            assert top in sys.stdlib_module_names or top in FLOORS[0], f"{name}.py:{line}"

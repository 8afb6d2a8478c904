"""What the tests share: the bundled policies, opened once; sample input from docstrings; goldens."""

import hashlib
import inspect
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from domain import AnswerStatus, Question
from index.encoder import Vectors
from ingest.catalog import Catalog
from ingest.pipeline import ingest
from qa.engine import Engine
from settings import Settings, load_settings
from workspace import Workspace

GOLDEN = Path(__file__).parent / "golden"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite tests/golden")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes are named by their argument: those of a zip hold the time, and every worker makes its own."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings over an empty data folder, whatever the environment says."""
    return load_settings({"WENCE_DATA_DIR": str(tmp_path / "data")}, tmp_path / "wence.toml")


@pytest.fixture(scope="session")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The two bundled policies in a data folder of this test run. Read only: it is shared."""
    folder = tmp_path_factory.mktemp("data")
    return Workspace(load_settings({"WENCE_DATA_DIR": str(folder)}, folder / "wence.toml"))


@pytest.fixture(scope="session")
def engine(workspace: Workspace) -> Engine:
    """The question chain over the two bundled policies."""
    return workspace.engine()


@pytest.fixture(scope="session")
def catalog(workspace: Workspace) -> Catalog:
    """The catalog of the two bundled policies. Read only: it is shared."""
    return workspace.catalog


def engine_over(folder: Path, files: Mapping[str, str], *more: Path) -> Engine:
    """The question chain over texts, written into a folder by their names, and over `more` files."""
    texts = folder / "texts"
    texts.mkdir()
    for name, text in files.items():
        (texts / name).write_text(text, "utf-8")
    settings = load_settings({"WENCE_DATA_DIR": str(folder / "data")}, folder / "wence.toml")
    outcomes = list(ingest([*more, texts], Catalog(settings.catalog_url)))
    assert {outcome.state for outcome in outcomes} == {"new"}
    return Workspace(settings).engine()


def assert_told(engine: Engine, question: str, says: str, cites: str) -> None:
    """A question is answered in these words, among others, and with this clause."""
    answer = engine.answer(Question(question))
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert says in answer.text
    assert cites in {citation.clause_id for citation in answer.citations}


@pytest.fixture
def sample(request: pytest.FixtureRequest) -> str:
    """The docstring of the running test: its sample input, without the indent, with a line end."""
    return inspect.cleandoc(request.function.__doc__ or "") + "\n"


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[str, str], None]:
    """Compare a text with `tests/golden/{name}`, which `--update-golden` writes anew."""

    def compare(name: str, text: str) -> None:
        file = GOLDEN / name
        if request.config.getoption("--update-golden"):
            file.parent.mkdir(exist_ok=True)
            file.write_text(text, "utf-8")
        assert file.is_file(), f"{file} is not there; write it with --update-golden"
        assert text == file.read_text("utf-8"), f"{file} differs; see --update-golden"

    return compare


class SeededEncoder:
    """A small `Encoder`: a text is the mean of its characters' random vectors, the same each run."""

    def __init__(self, seed: int = 0, dimensions: int = 32) -> None:
        self._seed = seed
        self.dimensions = dimensions
        self.fingerprint = f"seeded-{seed}-{dimensions}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        rows = np.array([sum(map(self._row, text), start=self._row("")) for text in texts])
        return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

    def _row(self, char: str) -> np.ndarray:
        digest = hashlib.sha256(f"{self._seed} {char}".encode()).digest()
        return np.random.default_rng(list(digest)).standard_normal(self.dimensions)


@pytest.fixture
def encoder() -> SeededEncoder:
    """A small encoder that needs no file."""
    return SeededEncoder()

"""Settings: one frozen tree, loaded once from `wence.toml` and the environment.

Every key `x_y` is `WENCE_X_Y` in the environment, which wins over `x_y = …` in `wence.toml`;
an empty variable counts as unset.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, ValidationError, field_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
)

from errors import BadSettings, explain

ROOT = Path(__file__).resolve().parent
BUNDLED_POLICIES = ROOT / "data" / "policies"
BUILTIN_ENCODER = ROOT / "data" / "encoder"
PREFIX = "WENCE_"


class Settings(BaseSettings):
    """What a person may set, with its meaning and unit.

    `region` is where the asker is at home: a question that names no place, no document and no unit
    of elsewhere is answered from the documents of that region first, where they answer it.
    `units` is a table of departments of one's own, in the form of `data/departments.tsv`.
    `encoder` is `builtin`, a folder, or a model name for sentence-transformers; `encoder_backend`
    says what runs one that is not `builtin`. `reranker` is a folder or a name of a cross-encoder,
    empty for none. `database_url` is an SQLAlchemy address; empty means SQLite in `data_dir`.
    `search_url` is where Milvus answers, `milvus://[user:password@]host[:port][/database]`, or a
    folder for Milvus Lite; empty means index files in `data_dir`. `search_k` counts the clauses that
    a search brings to an answer. `chat_model` is what LangChain's `init_chat_model` takes,
    `openai:qwen3`, empty for none; its key is in the environment of its provider (`OPENAI_API_KEY`).
    `chat_base_url` is where it answers, empty for the provider's own address. An answer may take
    `chat_timeout` seconds and `chat_budget` tokens of it, question and answer together; a request
    that failed is sent `chat_retries` times more. `question_limit` counts characters,
    `conversation_limit` the conversations that are remembered, each for `conversation_days` after
    its last question.
    """

    model_config = SettingsConfigDict(frozen=True, extra="forbid", env_prefix=PREFIX)

    data_dir: Path = ROOT / ".wence"
    database_url: str = ""
    search_url: str = ""
    region: str = "闵行区"
    units: Path | None = None
    encoder: str = "builtin"
    encoder_backend: Literal["torch", "onnx"] = "torch"
    encoder_query_prompt: str = ""
    encoder_passage_prompt: str = ""
    reranker: str = ""
    search_k: int = Field(default=24, ge=1, le=200)
    chat_model: str = ""
    chat_base_url: str = ""
    chat_timeout: float = Field(default=30.0, gt=0, le=600)
    chat_budget: int = Field(default=8000, ge=500, le=1_000_000)
    chat_retries: int = Field(default=2, ge=0, le=10)
    question_limit: int = Field(default=2000, ge=10, le=20_000)
    conversation_limit: int = Field(default=10_000, ge=1)
    conversation_days: int = Field(default=30, ge=1, le=3650)
    host: str = "127.0.0.1"
    port: int = Field(default=8000, ge=0, le=65_535)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what `load_settings` hands over counts: the environment is its argument."""
        return (init_settings,)

    @field_validator("search_url")
    @classmethod
    def _milvus_or_folder(cls, url: str) -> str:
        try:
            parts = urlsplit(url)
            known = "://" not in url or bool(
                parts.scheme == "milvus" and parts.hostname and parts.port != 0
            )
        except ValueError:  # a port that is no number
            known = False
        if not known:
            raise PydanticCustomError("search_url", "应是 milvus://主机:端口，或一个文件夹")
        return url

    @property
    def catalog_url(self) -> str | Path:
        """The SQLAlchemy address of the catalog, or its SQLite file."""
        return self.database_url or self.data_dir / "catalog.sqlite"

    @property
    def index_dir(self) -> Path:
        """The folder that holds the index files."""
        return self.data_dir / "index"

    @property
    def onnx_dir(self) -> Path:
        """The folder that holds sentence models in ONNX."""
        return self.data_dir / "onnx"

    @property
    def encoder_path(self) -> str:
        """The folder or the name behind `encoder`."""
        return str(BUILTIN_ENCODER) if self.encoder == "builtin" else self.encoder


def load_settings(
    environ: Mapping[str, str] | None = None, file: Path = Path("wence.toml")
) -> Settings:
    """Read the settings file, if there is one, and lay the environment over it.

    Raises `BadSettings` with the key, the value and what would be accepted.
    """
    environ = os.environ if environ is None else environ
    values = _read_file(file)
    for name, value in environ.items():
        if (
            value
            and name.startswith(PREFIX)
            and name.removeprefix(PREFIX).lower() in Settings.model_fields
        ):
            values[name.removeprefix(PREFIX).lower()] = value
    try:
        return Settings(**values)
    except ValidationError as error:
        raise BadSettings(_explain(error)) from None


def _read_file(file: Path) -> dict[str, Any]:
    if not file.is_file():
        return {}
    try:
        return tomllib.loads(file.read_text("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BadSettings(f"设置文件 {file} 不是合法的 TOML：{error}") from None


def _explain(error: ValidationError) -> str:
    problem = error.errors()[0]
    key = ".".join(str(part) for part in problem["loc"])
    if problem["type"] == "extra_forbidden":
        return f"wence.toml 里没有 {key} 这个设置；可用的设置有 {'、'.join(Settings.model_fields)}"
    reason = explain(problem["type"], problem["msg"])
    if problem["type"] == "literal_error":
        reason = f"可选值是 {problem['ctx']['expected'].replace(' or ', '、')}"
    return f"设置 {key}({PREFIX}{key.upper()})不能是 {problem['input']!r}：{reason}"

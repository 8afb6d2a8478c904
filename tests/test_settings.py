"""Settings: the environment over the file; an error names its key."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from errors import BadSettings
from settings import BUILTIN_ENCODER, Settings, load_settings


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "wence.toml"


def test_without_a_file_the_defaults_hold(file: Path) -> None:
    settings = load_settings({}, file)
    assert settings == Settings()
    assert settings.encoder_path == str(BUILTIN_ENCODER)
    assert settings.catalog_url == settings.data_dir / "catalog.sqlite"


def test_the_environment_wins_over_the_file(file: Path) -> None:
    file.write_text('port = 9000\nhost = "0.0.0.0"\n', "utf-8")
    settings = load_settings({"WENCE_PORT": "9001"}, file)
    assert (settings.host, settings.port) == ("0.0.0.0", 9001)


def test_the_process_environment_counts(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WENCE_SEARCH_K", "7")
    assert load_settings(file=file).search_k == 7


def test_other_names_of_the_environment_are_left_alone(file: Path) -> None:
    assert load_settings({"PORT": "1", "WENCE_HOME": "x", "PATH": "y"}, file) == Settings()


def test_the_data_folder_holds_catalog_and_index(tmp_path: Path, file: Path) -> None:
    settings = load_settings({"WENCE_DATA_DIR": str(tmp_path)}, file)
    assert settings.index_dir == tmp_path / "index"
    assert settings.catalog_url == tmp_path / "catalog.sqlite"
    other = load_settings({"WENCE_DATABASE_URL": "postgresql://db/wence"}, file)
    assert other.catalog_url == "postgresql://db/wence"


def test_an_unknown_key_of_the_file_is_named_with_those_there_are(file: Path) -> None:
    file.write_text("prot = 9000\n", "utf-8")
    with pytest.raises(BadSettings, match=r"prot 这个设置.*port"):
        load_settings({}, file)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("WENCE_PORT", "many"),
        ("WENCE_PORT", "65536"),
        ("WENCE_SEARCH_K", "0"),
        ("WENCE_QUESTION_LIMIT", "5"),
        ("WENCE_CONVERSATION_LIMIT", "-1"),
    ],
)
def test_a_bad_value_is_named_with_its_key(file: Path, name: str, value: str) -> None:
    with pytest.raises(BadSettings) as caught:
        load_settings({name: value}, file)
    assert name in str(caught.value)
    assert repr(value) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("content", [b"port = ", b"\xff\xfe\x00"])
def test_a_broken_file_is_named(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(BadSettings, match=r"wence\.toml 不是合法的 TOML"):
        load_settings({}, file)


def test_settings_do_not_change() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1

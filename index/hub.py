"""A model by its folder, or by its name on a hub: where it is on disk, the network is left alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from socket import create_connection
from threading import Thread
from typing import TypeVar
from urllib.parse import urlsplit
from urllib.request import getproxies

HUB_PATIENCE = 3.0  # seconds to wait for the hub

Model = TypeVar("Model")


def opened(name: str, load: Callable[[bool], Model]) -> Model:
    """What `load` gives; it is told whether to keep to what is on disk.

    A folder is loaded from there, and so is a name that was fetched before. Another name is fetched
    where the hub answers within `HUB_PATIENCE`. Raises what `load` does, and `FileNotFoundError` or
    `ConnectionError` with a reason for people.
    """
    if Path(name).is_dir():
        return load(True)
    if name.startswith((".", "/", "~")) or name.count("/") > 1:
        raise FileNotFoundError("没有这个文件夹")
    try:
        return load(True)
    except Exception as absent:  # whatever the library raises for a model that is not on disk
        if not _hub_answers():
            raise ConnectionError("本机没有这个模型，也连不上模型仓库") from absent
    return load(False)


def reason(error: Exception) -> str:
    """The first line of what an error says."""
    said = str(error).strip()
    return said.splitlines()[0] if said else repr(error)


def fingerprint(name: str, *prompts: str) -> str:
    """What stands for a model and its prompts: the name or the folder's digest, and theirs."""
    digest = hashlib.sha256("\0".join(prompts).encode()).hexdigest()[:8]
    return f"{identity(name)}-{digest}"


def identity(name: str) -> str:
    """A name stands for itself; a folder for the sizes and the first 64 KiB of its files."""
    folder = Path(name)
    if not folder.is_dir():
        return name
    digest = hashlib.sha256()
    for file in sorted(path for path in folder.rglob("*") if path.is_file()):
        digest.update(f"{file.relative_to(folder)} {file.stat().st_size}".encode())
        with file.open("rb") as stream:
            digest.update(stream.read(65536))
    return f"{folder.name}-{digest.hexdigest()[:16]}"


def _hub_answers() -> bool:
    """Whether the hub, or the proxy before it, can be reached; its name may be slow to resolve."""
    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        return False
    hub = urlsplit(constants.ENDPOINT)
    way = getproxies().get(hub.scheme, constants.ENDPOINT)
    host = urlsplit(way if "//" in way else f"//{way}")
    port = host.port or (80 if hub.scheme == "http" else 443)
    answered = []

    def connect() -> None:
        with suppress(OSError):
            create_connection((host.hostname, port), HUB_PATIENCE).close()
            answered.append(True)

    attempt = Thread(target=connect, daemon=True)
    attempt.start()
    attempt.join(HUB_PATIENCE)
    return bool(answered)

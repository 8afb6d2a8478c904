"""The state of an unfinished run, one safetensors file that is replaced in one move."""

from dataclasses import dataclass
from pathlib import Path

from safetensors import safe_open
from safetensors.torch import save_file

from errors import UserError
from index.training.optimizer import LazyAdam

STATE = "state.safetensors"
STATE_TENSORS = ("own", "mean", "square", "updates")


class CheckpointError(UserError):
    """A checkpoint exists that belongs to other settings or another text."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """`step` batches have been learnt; `fingerprint` names the settings and the vocabulary."""

    step: int
    fingerprint: str
    optimizer: LazyAdam


def save_checkpoint(work: Path, checkpoint: Checkpoint) -> None:
    """Write the state below `work`, so that a broken write never replaces a good one."""
    adam = checkpoint.optimizer
    tensors = {name: getattr(adam, name) for name in STATE_TENSORS}
    metadata = {"step": str(checkpoint.step), "fingerprint": checkpoint.fingerprint}
    part = work / f"{STATE}.part"
    save_file(tensors, part, metadata)
    part.replace(work / STATE)


def load_checkpoint(work: Path, fingerprint: str) -> Checkpoint | None:
    """Return the saved state, or None if there is none.

    Raises `CheckpointError` when it was made with another `fingerprint`.
    """
    path = work / STATE
    if not path.is_file():
        return None
    with safe_open(path, "pt") as file:
        metadata = file.metadata()
        if metadata["fingerprint"] != fingerprint:
            raise CheckpointError(
                f"{path} was made with other settings or texts. "
                "Delete it, or name another folder with --work."
            )
        tensors = {name: file.get_tensor(name) for name in STATE_TENSORS}
    return Checkpoint(int(metadata["step"]), fingerprint, LazyAdam(**tensors))

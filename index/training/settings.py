"""Every number of a training run, in one place; the defaults made the bundled encoder."""

from dataclasses import asdict, dataclass, field

from index.training.pairs import PairRecipe


@dataclass(frozen=True, slots=True)
class TrainingSettings:
    """Sizes are counts, `rate` is Adam's step per vector element, the rest has no unit."""

    vocabulary: int = 40_000
    dimensions: int = 256
    steps: int = 4_500
    batch: int = 1_024
    rate: float = 0.02
    last_rate: float = 0.02  # as a share of `rate`
    temperature: float = 0.07
    part_share: float = 2.0
    first_scale: float = 0.25  # standard deviation of the first vectors
    seed: int = 20_240_917
    checkpoint_every: int = 500
    pairs: PairRecipe = field(default_factory=PairRecipe)

    def fingerprint(self) -> str:
        """Return a text that differs when a checkpoint of other settings cannot be continued."""
        values = asdict(self)
        values.pop("checkpoint_every")
        return repr(sorted(values.items()))

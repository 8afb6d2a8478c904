"""Adam for the rows that a batch touched, and no others (Kingma and Ba 2015, arXiv:1412.6980).

A rare row keeps its moments untouched while it is not seen, as in `torch.optim.SparseAdam`.
"""

from dataclasses import dataclass

import torch

from index.training.ragged import Ids

BETAS = (0.9, 0.98)
EPSILON = 1e-8


@dataclass(frozen=True, slots=True)
class LazyAdam:
    """The parameters (rows, dimensions), their two moments, and each row's number of updates."""

    own: torch.Tensor
    mean: torch.Tensor
    square: torch.Tensor
    updates: torch.Tensor

    @classmethod
    def start(cls, own: torch.Tensor) -> "LazyAdam":
        """Begin at `own` with empty moments."""
        zeros = torch.zeros_like(own)
        return cls(own, zeros, zeros.clone(), torch.zeros(len(own), 1))

    @torch.no_grad()
    def update(self, used: Ids, gradient: torch.Tensor, rate: float) -> None:
        """Move the rows `used` (ascending, distinct) against `gradient` with learning `rate`."""
        rows = torch.from_numpy(used)
        count = self.updates[rows] + 1
        mean = self.mean[rows].lerp_(gradient, 1 - BETAS[0])
        square = self.square[rows].mul_(BETAS[1]).addcmul_(gradient, gradient, value=1 - BETAS[1])
        self.updates[rows], self.mean[rows], self.square[rows] = count, mean, square
        spread = (square / (1 - BETAS[1] ** count)).sqrt_().add_(EPSILON)
        step = (mean / (1 - BETAS[0] ** count)).div_(spread)
        self.own.index_add_(0, rows, step, alpha=-rate)

"""Training, in PyTorch, of the net that reads what is drawn on a page."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from dropoutlab.explorables.hundred_networks.reader import (
    POOLED,
    ByteLinear,
    DigitReader,
    reading_data,
)
from dropoutlab.torch_training import fit

__all__ = ["Jitter", "train_net", "train_reader"]

N_HIDDEN, P = 200, 0.5


class Jitter(nn.Module):
    """While training, turns, stretches, slants and shifts every image a little.

    The digits of MNIST were written by other hands, and with another pen, than those that a
    reader draws with a mouse. Draws come from PyTorch's global generator.

    Examples
    --------
    >>> images = torch.rand(2, 784)
    >>> Jitter()(images).shape
    torch.Size([2, 784])
    >>> torch.equal(Jitter().eval()(images), images)
    True
    """

    TURN, STRETCH, SLANT, SHIFT = 0.26, 0.15, 0.25, 0.1  # radians; of the image's half side

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Return images of shape (n, 784)."""
        if not self.training:
            return images
        n = len(images)
        turn, wide, high, slant, right, down = (
            (2 * torch.rand(n) - 1) * most
            for most in (self.TURN, *2 * (self.STRETCH,), self.SLANT, *2 * (self.SHIFT,))
        )
        c, s = turn.cos(), turn.sin()
        # The turn times [[1 + wide, slant], [0, 1 + high]], and the shift.
        rows = [
            [c * (1 + wide), c * slant - s * (1 + high), right],
            [s * (1 + wide), s * slant + c * (1 + high), down],
        ]
        where = torch.stack([torch.stack(row, dim=1) for row in rows], dim=1)
        grid = F.affine_grid(where, [n, 1, 28, 28], align_corners=False)
        moved = F.grid_sample(images.view(n, 1, 28, 28), grid, align_corners=False)
        return moved.view(n, 784)


@cache
def train_net(seed: int = 0) -> nn.Sequential:
    """Train 784 → 14 × 14 → 200 → 10 with dropout on 3,500 digits, for a few seconds.

    Parameters
    ----------
    seed : int
        Of the initial weights, the jitter, the masks, and the order of the digits.

    Returns
    -------
    torch.nn.Sequential
        In evaluation mode. The same net for the same seed: do not train it further.
    """
    with torch.random.fork_rng(devices=[]), _one_thread():
        torch.manual_seed(seed)
        net = nn.Sequential(
            Jitter(),
            nn.Unflatten(1, (1, 28, 28)),
            nn.AvgPool2d(2),
            nn.Flatten(),
            nn.Linear(POOLED, N_HIDDEN),
            nn.ReLU(),
            nn.Dropout(P),
            nn.Linear(N_HIDDEN, 10),
        )
        optimizer = torch.optim.Adam(net.parameters(), lr=0.003)
        rng = np.random.default_rng(seed)
        fit(net, optimizer, reading_data().train, n_epochs=20, rng=rng)
    return net.eval()


@cache
def train_reader(seed: int = 0) -> DigitReader:
    """Train a net, round its weights to bytes, and measure what came of it on the test part.

    Parameters
    ----------
    seed : int
        As for `train_net`.

    Returns
    -------
    DigitReader

    Examples
    --------
    >>> reader = train_reader()
    >>> reader.n_test, reader.test_error < 0.06
    (1000, True)
    """
    weights = [parameter.detach().numpy() for parameter in train_net(seed).parameters()]
    hidden, output = ByteLinear.rounded(*weights[:2]), ByteLinear.rounded(*weights[2:])
    test = reading_data().test
    untested = DigitReader(hidden, output, P, test_error=0.0, n_test=len(test))
    return replace(untested, test_error=untested.error(test))


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep PyTorch to one thread: on a net this small, others only wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

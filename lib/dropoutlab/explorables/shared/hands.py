"""Training, in PyTorch, of nets that read what is drawn on a page by other hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

from dropoutlab.explorables.shared.digit_pad import reading_data
from dropoutlab.torch_training import fit

__all__ = ["Jitter", "trained"]


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


def trained(
    layers: Callable[[], Sequence[nn.Module]], *, lr: float, n_epochs: int, seed: int
) -> nn.Sequential:
    """Train a net on the digits of `reading_data`, turned and shifted anew in every batch.

    Parameters
    ----------
    layers : callable
        Makes the layers that follow 14 × 14 averaged pixels, shape ``(n, 1, 14, 14)``.
    lr : float
        Learning rate of Adam.
    n_epochs : int
    seed : int
        Of the initial weights, the jitter, the masks, and the order of the digits. PyTorch's
        global generator and its number of threads are left as they were.

    Returns
    -------
    torch.nn.Sequential
        In evaluation mode.
    """
    with torch.random.fork_rng(devices=[]), _one_thread():
        torch.manual_seed(seed)
        pixels = [Jitter(), nn.Unflatten(1, (1, 28, 28)), nn.AvgPool2d(2)]
        net = nn.Sequential(*pixels, *layers())
        optimizer = torch.optim.Adam(net.parameters(), lr=lr)
        rng = np.random.default_rng(seed)
        fit(net, optimizer, reading_data().train, n_epochs=n_epochs, rng=rng)
    return net.eval()


@contextmanager
def _one_thread() -> Iterator[None]:
    """Keep PyTorch to one thread: on a net this small, others only wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

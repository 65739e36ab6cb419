"""Training, in PyTorch, of nets that read what is drawn on a page by other hands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from torch import nn
from torch.nn import functional as F

__all__ = ["Jitter", "one_thread"]


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


@contextmanager
def one_thread() -> Iterator[None]:
    """Keep PyTorch to one thread: on a net this small, others only wait for one another."""
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)

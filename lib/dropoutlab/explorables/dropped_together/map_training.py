"""Training, in PyTorch, of the net whose maps a page shows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import torch
from torch import nn

from dropoutlab.explorables.dropped_together.kinds import KINDS
from dropoutlab.explorables.dropped_together.map_reader import MAPS, SHAPES, WINDOW, MapReader
from dropoutlab.explorables.shared.byte_layers import ByteLinear
from dropoutlab.explorables.shared.digit_pad import reading_data
from dropoutlab.explorables.shared.hands import Jitter, one_thread
from dropoutlab.torch_dropout import draw_kept
from dropoutlab.torch_training import fit

__all__ = ["AnyKind", "train_map_reader"]

MOST = 0.6  # the largest p that it practises
BLOCK = 3


class AnyKind(nn.Module):
    """In each batch another kind of dropout at another p, up to 0.6: none is favoured.

    Draws come from PyTorch's global generator.

    Examples
    --------
    >>> maps = torch.ones(2, 8, 4, 4)
    >>> AnyKind()(maps).shape
    torch.Size([2, 8, 4, 4])
    >>> torch.equal(AnyKind().eval()(maps), maps)
    True
    """

    def forward(self, maps: torch.Tensor) -> torch.Tensor:
        """Return maps of shape (n, maps, rows, columns)."""
        if not self.training:
            return maps
        n, k, rows, columns = maps.shape
        kind = KINDS[int(torch.randint(len(KINDS), ()))]
        p = MOST * float(torch.rand(()))
        return maps * draw_kept(kind, p, (n, k, rows, columns), BLOCK) / (1 - p)


@cache
def train_map_reader(seed: int = 0) -> MapReader:
    """Train eight maps on 3,500 digits for a few seconds, round the weights, and test them.

    Parameters
    ----------
    seed : int
        Of the initial weights, the jitter, the masks, and the order of the digits.

    Returns
    -------
    MapReader

    Examples
    --------
    >>> reader = train_map_reader()
    >>> reader.n_test, reader.test_error < 0.1
    (1000, True)
    """
    with torch.random.fork_rng(devices=[]), one_thread():
        torch.manual_seed(seed)
        windows, output = nn.Conv2d(1, MAPS, WINDOW), nn.Linear(SHAPES[1][1], 10)
        net = nn.Sequential(
            Jitter(),
            nn.Unflatten(1, (1, 28, 28)),
            nn.AvgPool2d(2),
            windows,
            nn.ReLU(),
            AnyKind(),
            nn.MaxPool2d(2),
            nn.Flatten(),
            output,
        )
        optimizer = torch.optim.Adam(net.parameters(), lr=0.005)
        fit(net, optimizer, reading_data().train, n_epochs=8, rng=np.random.default_rng(seed))
    test = reading_data().test
    untested = MapReader(
        _rounded(windows, SHAPES[0]),
        _rounded(output, SHAPES[1]),
        test_error=0.0,
        n_test=len(test),
    )
    return replace(untested, test_error=untested.error(test))


def _rounded(layer: nn.Conv2d | nn.Linear, shape: tuple[int, int]) -> ByteLinear:
    """Return a layer with a byte a weight, a row for each map or class."""
    assert layer.bias is not None
    weight = layer.weight.detach().numpy().reshape(shape)
    return ByteLinear.rounded(weight, layer.bias.detach().numpy())

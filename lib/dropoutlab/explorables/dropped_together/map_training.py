"""Training, in PyTorch, of the net whose maps a page shows."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import torch
from torch import nn

from dropoutlab.explorables.dropped_together.kinds import KINDS
from dropoutlab.explorables.dropped_together.map_reader import MAPS, SHAPES, WINDOW, MapReader
from dropoutlab.explorables.shared.byte_layers import ByteLinear
from dropoutlab.explorables.shared.digit_pad import reading_data
from dropoutlab.explorables.shared.hands import trained
from dropoutlab.torch_dropout import draw_kept

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

    def layers() -> list[nn.Module]:
        windows, output = nn.Conv2d(1, MAPS, WINDOW), nn.Linear(SHAPES[1][1], 10)
        return [windows, nn.ReLU(), AnyKind(), nn.MaxPool2d(2), nn.Flatten(), output]

    net = trained(layers, lr=0.005, n_epochs=8, seed=seed)
    weights = list(net.parameters())
    rounded = [
        ByteLinear.rounded(weight.detach().numpy().reshape(shape), bias.detach().numpy())
        for weight, bias, shape in zip(weights[::2], weights[1::2], SHAPES, strict=True)
    ]
    test = reading_data().test
    windows, output = rounded
    untested = MapReader(windows, output, test_error=0.0, n_test=len(test))
    return replace(untested, test_error=untested.error(test))

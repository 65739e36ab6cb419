"""Training, in PyTorch, of the net that reads what is drawn on a page."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from torch import nn

from dropoutlab.explorables.hundred_networks.reader import POOLED, DigitReader
from dropoutlab.explorables.shared.byte_layers import ByteLinear
from dropoutlab.explorables.shared.digit_pad import reading_data
from dropoutlab.explorables.shared.hands import trained

__all__ = ["train_net", "train_reader"]

N_HIDDEN, P = 200, 0.5


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

    def layers() -> list[nn.Module]:
        hidden = nn.Linear(POOLED, N_HIDDEN)
        return [nn.Flatten(), hidden, nn.ReLU(), nn.Dropout(P), nn.Linear(N_HIDDEN, 10)]

    return trained(layers, lr=0.003, n_epochs=20, seed=seed)


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

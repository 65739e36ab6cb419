"""The nets of "How sure?", trained by `dropoutlab.nn` as the browser trains them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab import nn
from dropoutlab.explorables.browser_random import BrowserRandom

__all__ = ["N_NETS", "N_PASSES", "N_STEPS", "WEIGHT_DECAY", "Setting", "lines", "train"]

N_NETS, N_PASSES = 5, 100
N_STEPS, LR, WEIGHT_DECAY = 1000, 0.02, 1e-4
MOST_NETS = 8  # seeds of nets for each seed of a setting: none is used twice
BIASES, PASSES = 2, 4  # streams of random numbers


@dataclass(frozen=True)
class Setting:
    """What the nets depend on: points, each ``(x, y)``, and traits of `HowSure`."""

    points: tuple[tuple[float, float], ...]
    p: float
    width: int
    seed: int

    @property
    def widths(self) -> list[int]:
        """Of the input, the hidden layers and the output."""
        return [1, self.width, self.width, 1]


@lru_cache(maxsize=8)
def train(setting: Setting, n_steps: int = N_STEPS) -> list[nn.Sequential]:
    """Train the net with dropout, and five without: the browser's weights, masks and steps."""
    rates = [setting.p] + [0.0] * N_NETS
    return [_train_one(setting, p, k, n_steps) for k, p in enumerate(rates)]


def lines(
    setting: Setting, x: ArrayLike, n_steps: int = N_STEPS
) -> dict[str, NDArray[np.float64]]:
    """Return what the nets say at `x`: 100 passes with dropout on, and five nets.

    Parameters
    ----------
    setting : Setting
    x : array_like, shape (m,)
    n_steps : int, optional
        Of training.

    Returns
    -------
    dict
        ``"dropout"``, shape (100, m): each pass has one mask for all x. ``"five nets"``, shape
        (5, m).
    """
    column = np.asarray(x, float)[:, np.newaxis]
    dropped, *others = train(setting, n_steps)
    rng = BrowserRandom(setting.seed, PASSES)
    passes = []
    for _ in range(N_PASSES):
        masks = [np.repeat(m, len(column), axis=0) for m in _masks(setting, setting.p, 1, rng)]
        passes.append(_forward(dropped, column, masks)[:, 0])
    return {
        "dropout": np.array(passes),
        "five nets": np.array([np.asarray(net.eval()(column))[:, 0] for net in others]),
    }


def _train_one(setting: Setting, p: float, k: int, n_steps: int) -> nn.Sequential:
    seed = MOST_NETS * setting.seed + k
    net, rng = _initial(setting, p, seed), BrowserRandom(seed, 1)
    x, y = np.array(setting.points).T[:, :, np.newaxis]
    criterion, parameters = nn.MeanSquaredError(), net.parameters()
    optimizer = nn.Adam(parameters, lr=LR)
    for step in range(n_steps):
        criterion(_forward(net, x, _masks(setting, p, len(x), rng)), y)
        net.backward(criterion.backward())
        for parameter in parameters:
            parameter.grad += WEIGHT_DECAY * parameter.data
        optimizer.lr = LR * min(1, 2 * (1 - step / N_STEPS))
        optimizer.step()
    return net


def _initial(setting: Setting, p: float, seed: int) -> nn.Sequential:
    """Return a net with the browser's weights (He's) and biases (of hidden units uniform)."""
    rng, biases = BrowserRandom(seed), BrowserRandom(seed, BIASES)
    unused = np.random.default_rng(0)
    layers: list[nn.Module] = []
    for n_in, n_out in itertools.pairwise(setting.widths):
        linear = nn.Linear(n_in, n_out, rng=unused, dtype=np.float64)
        normal = [rng.normal() for _ in range(n_in * n_out)]
        linear.weight.data[...] = math.sqrt(2 / n_in) * np.reshape(normal, (n_out, n_in))
        linear.bias.data[...] = [2 * biases.uniform() - 1 for _ in range(n_out)]
        layers += [linear, nn.ReLU(), *([nn.Dropout(p, rng=unused)] if p else [])]
    linear.bias.data[...] = 0
    return nn.Sequential(*layers[: layers.index(linear) + 1])


def _masks(setting: Setting, p: float, n: int, rng: BrowserRandom) -> list[NDArray[np.bool_]]:
    """Draw the browser's masks of the hidden layers for n examples; none at p = 0."""
    if p == 0:
        return []
    words = [[rng.word() for _ in range(n * setting.width)] for _ in range(2)]
    return [np.reshape(np.array(each) >= p * 2**32, (n, setting.width)) for each in words]


def _forward(
    net: nn.Sequential, x: NDArray[np.floating], masks: list[NDArray[np.bool_]]
) -> NDArray[np.floating]:
    net.train()
    remaining = iter(masks)
    for layer in net:
        x = layer(x, mask=next(remaining)) if isinstance(layer, nn.Dropout) else layer(x)
    return x

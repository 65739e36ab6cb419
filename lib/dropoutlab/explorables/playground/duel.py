"""The playground's two nets, trained in NumPy as the browser trains them."""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab import nn
from dropoutlab.explorables.browser_random import BrowserRandom

__all__ = ["Duel", "Points", "Settings", "duel"]

N_TEST = 300
LAST_EPOCH = 600
MOST_WORK = 12_000  # steps times hidden layers of a net, for a picture: about two seconds
MOMENTUM = 0.9
SPIRAL_TURNS = 1.5


@dataclass(frozen=True)
class Settings:
    """What a duel is about: the traits of `Playground`, which says what they mean."""

    shape: str
    noise: float
    wrong: float
    n_points: int
    width: int
    depth: int
    activation: str
    p: float
    p_input: float
    weight_decay: float
    lr: float
    batch_size: int
    seed: int


@dataclass(frozen=True, eq=False)
class Points:
    """Points in the plane, shape (n, 2), and their labels, 0 or 1."""

    x: NDArray[np.float64]
    y: NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Duel:
    """The nets "without" and "with" dropout after so many epochs, and their points."""

    training: Points
    test: Points
    nets: dict[str, nn.Sequential]
    n_epochs: int

    def logits(self, name: str, x: ArrayLike) -> NDArray[np.float64]:
        """Return the logits of class 1 that the net "without" or "with" dropout gives."""
        return np.asarray(self.nets[name].eval()(np.asarray(x, float)))[:, 0]

    def losses(self, name: str) -> tuple[float, float]:
        """Return the mean losses on training and test points, infinite if weights ran away."""
        parts = (self.training, self.test)
        z = [np.where(part.y == 1, -1, 1) * self.logits(name, part.x) for part in parts]
        with np.errstate(invalid="ignore"):
            training, test = (float(np.logaddexp(0, each).mean()) for each in z)
        return (training, test) if math.isfinite(training + test) else (math.inf, math.inf)


@lru_cache(maxsize=8)
def duel(settings: Settings, n_epochs: int | None = None) -> Duel:
    """Train both nets on the points, from the weights and in the order of the browser.

    Only the masks are NumPy's own, so the net without dropout is the browser's up to
    rounding, and the other one its like.

    Parameters
    ----------
    settings : Settings
    n_epochs : int, optional
        By default 600, as many as the browser takes, or fewer if that is too much work.
    """
    training, test = draw_points(settings)
    n_batches = math.ceil(settings.n_points / settings.batch_size)
    if n_epochs is None:
        n_epochs = max(1, min(LAST_EPOCH, MOST_WORK // (n_batches * settings.depth)))
    rng = BrowserRandom(settings.seed, 3)
    order = [rng.permutation(settings.n_points) for _ in range(n_epochs)]
    rates = {"without": (0.0, 0.0), "with": (settings.p_input, settings.p)}
    nets = {name: initial_net(settings, *pair) for name, pair in rates.items()}
    with np.errstate(all="ignore"):  # weights may run away: that is a result too
        for net in nets.values():
            train(net, training, order, settings)
    return Duel(training, test, nets, n_epochs)


def initial_net(settings: Settings, p_input: float, p: float) -> nn.Sequential:
    """Return the net with the browser's initial weights, and these rates of dropout."""
    rng, masks = BrowserRandom(settings.seed), np.random.default_rng(settings.seed)
    widths = [2, *[settings.width] * settings.depth, 1]
    activation = {"relu": nn.ReLU, "tanh": nn.Tanh}[settings.activation]
    layers: list[nn.Module] = []
    for i, (n_in, n_out) in enumerate(itertools.pairwise(widths)):
        linear = nn.Linear(n_in, n_out, rng=masks, dtype=np.float64)
        variance = 2 / n_in if settings.activation == "relu" else 2 / (n_in + n_out)
        normal = [rng.normal() for _ in range(n_in * n_out)]
        linear.weight.data[...] = math.sqrt(variance) * np.reshape(normal, (n_out, n_in))
        linear.bias.data[...] = 0
        layers += [activation()] if i else []
        layers += [nn.Dropout(p if i else p_input, rng=masks), linear]
    return nn.Sequential(*layers)


def train(
    net: nn.Sequential, points: Points, order: list[list[int]], settings: Settings
) -> None:
    """Take an epoch for each list of rows; the softmax over 0 and z is the logistic of z."""
    parameters = net.train().parameters()
    optimizer = nn.SGD(
        parameters, lr=settings.lr, momentum=MOMENTUM, weight_decay=settings.weight_decay
    )
    for epoch in order:
        for start in range(0, len(epoch), settings.batch_size):
            rows = epoch[start : start + settings.batch_size]
            z = net(points.x[rows])
            share = 1 / (1 + np.exp(-z))
            net.backward((share - points.y[rows, np.newaxis]) / len(rows))
            optimizer.step()


def draw_points(settings: Settings) -> tuple[Points, Points]:
    """Return the browser's training points, some labels wrong, and its test points."""
    training, test = (
        _points(settings, n, BrowserRandom(settings.seed, stream))
        for n, stream in ((settings.n_points, 0), (N_TEST, 1))
    )
    n_wrong = math.floor(settings.wrong * settings.n_points + 0.5)
    wrong = BrowserRandom(settings.seed, 2).permutation(settings.n_points)[:n_wrong]
    training.y[wrong] = 1 - training.y[wrong]
    return training, test


def _points(settings: Settings, n: int, rng: BrowserRandom) -> Points:
    labels = [int(place < n // 2) for place in rng.permutation(n)]
    x = []
    for label in labels:
        x1, x2 = _place(settings.shape, label, rng.uniform())
        x.append([x1 + settings.noise * rng.normal(), x2 + settings.noise * rng.normal()])
    return Points(np.array(x), np.array(labels))


def _place(shape: str, label: int, u: float) -> tuple[float, float]:
    """Return the point at u, from 0 to 1, along a class."""
    if shape == "gaussians":
        return (1.0 if label else -1.0), 0.0
    if shape == "moons":
        sign = -1 if label else 1
        return sign * (math.cos(math.pi * u) - 0.5), sign * (math.sin(math.pi * u) - 0.25)
    radius, angle = (0.5 if label else 1.0), 2 * math.pi * u
    if shape == "spirals":
        radius = (-1 if label else 1) * math.sqrt(u)
        angle = 2 * math.pi * SPIRAL_TURNS * math.sqrt(u)
    return radius * math.cos(angle), radius * math.sin(angle)

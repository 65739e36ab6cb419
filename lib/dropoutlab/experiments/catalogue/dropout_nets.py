"""Nets with as much dropout as is asked for, wherever it is asked for, and how they end."""

from collections.abc import Callable
from functools import partial

import numpy as np

from dropoutlab import nn, training
from dropoutlab.data import Dataset, Split
from dropoutlab.history import Evaluation

__all__ = ["GUESS", "MOMENTUM", "dropout_net", "measured_end", "train_and_measure"]

MOMENTUM = 0.9  # of the experiments that keep it as it is

GUESS = Evaluation(loss=float(np.log(10)), error=0.9)
"""What training that diverged counts as."""


def dropout_net(
    p: float,
    p_input: float,
    *,
    width: int,
    depth: int,
    rng: np.random.Generator,
    mask_rng: np.random.Generator,
) -> nn.Sequential:
    """Return a net with ``depth`` hidden layers of ReLU units, from 784 pixels to 10 classes.

    Parameters
    ----------
    p : float
        Probability of dropping a hidden unit, in ``[0, 1)``, the same in every layer.
    p_input : float
        Probability of dropping a pixel, in ``[0, 1)``.
    width : int
        Units of a hidden layer.
    depth : int
        Hidden layers, at least 1.
    rng : numpy.random.Generator
        Draws the weights; nothing else, so that they are the same whatever is dropped.
    mask_rng : numpy.random.Generator
        Draws the masks.

    Examples
    --------
    >>> rngs = np.random.default_rng(0).spawn(2)
    >>> net = dropout_net(0.5, 0.2, width=16, depth=1, rng=rngs[0], mask_rng=rngs[1])
    >>> [layer.p for layer in net.dropouts]
    [0.2, 0.5]
    """
    layers: list[nn.Module] = [nn.Dropout(p_input, rng=mask_rng)] if p_input else []
    in_features = 784
    for _ in range(depth):
        layers += [nn.Linear(in_features, width, rng=rng), nn.ReLU()]
        if p:
            layers.append(nn.Dropout(p, rng=mask_rng))
        in_features = width
    return nn.Sequential(*layers, nn.Linear(in_features, 10, rng=rng))


def train_and_measure(
    net: nn.Sequential,
    optimizer: nn.Optimizer,
    parts: Split,
    *,
    n_epochs: int,
    batch_size: int,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Train for so many epochs, and measure how the net ends.

    Parameters
    ----------
    net : Sequential
        Trained in place.
    optimizer : Optimizer
        With the parameters of ``net``.
    parts : Split
        With a validation part or without.
    n_epochs, batch_size : int
    rng : numpy.random.Generator
        Draws the order of the examples.

    Returns
    -------
    dict
        ``error`` and ``loss`` on ``train``, ``validation`` if there is one, and ``test``, as
        in ``test error``. Training that diverged counts as `GUESS`.
    """
    diverged = False
    try:
        training.fit(
            net,
            optimizer,
            parts.train,
            n_epochs=n_epochs,
            batch_size=batch_size,
            rng=rng,
            progress=False,
        )
    except training.Diverged:
        diverged = True
    return measured_end(parts, None if diverged else partial(training.evaluate, net))


def measured_end(
    parts: Split, evaluate: Callable[[Dataset], Evaluation] | None
) -> dict[str, float]:
    """Return how a net ends on each part that there is.

    Parameters
    ----------
    parts : Split
        With a validation part or without.
    evaluate : callable or None
        Evaluates the net on a set; None where training diverged, which counts as `GUESS`.

    Returns
    -------
    dict
        ``error`` and ``loss`` on each part, as in ``test error``.
    """
    named = {"train": parts.train, "validation": parts.validation, "test": parts.test}
    ends = {
        name: GUESS if evaluate is None else evaluate(part)
        for name, part in named.items()
        if part is not None
    }
    return {
        f"{name} {what}": getattr(end, what)
        for name, end in ends.items()
        for what in ("error", "loss")
    }

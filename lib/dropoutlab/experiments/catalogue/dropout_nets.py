"""Nets with as much dropout as is asked for, wherever it is asked for, and how they end."""

import numpy as np

from dropoutlab import nn, training
from dropoutlab.data import Split

__all__ = ["dropout_net", "train_and_measure"]

MOMENTUM = 0.9


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
    parts: Split,
    *,
    lr: float,
    n_steps: int,
    batch_size: int,
    rng: np.random.Generator,
) -> dict[str, float]:
    """Train for so many steps, in whole epochs, and measure how the net ends.

    Parameters
    ----------
    net : Sequential
        Trained in place, by SGD with momentum 0.9.
    parts : Split
        With a validation part.
    lr : float
        Learning rate.
    n_steps, batch_size : int
    rng : numpy.random.Generator
        Draws the order of the examples.

    Returns
    -------
    dict
        ``error`` and ``loss`` on ``train``, ``validation`` and ``test``, as in ``test error``.
        Training that diverged counts as a guess: an error of 0.9, a loss of log 10.
    """
    assert parts.validation is not None
    watched = {"train": parts.train, "validation": parts.validation, "test": parts.test}
    optimizer = nn.SGD(net.parameters(), lr=lr, momentum=MOMENTUM)
    measured: dict[str, float] = {}
    try:
        training.fit(
            net,
            optimizer,
            parts.train,
            n_epochs=n_steps * batch_size // len(parts.train),
            batch_size=batch_size,
            rng=rng,
            progress=False,
        )
    except training.Diverged:
        for name in watched:
            measured |= {f"{name} error": 0.9, f"{name} loss": float(np.log(10))}
        return measured
    for name, part in watched.items():
        end = training.evaluate(net, part)
        measured |= {f"{name} error": end.error, f"{name} loss": end.loss}
    return measured

"""``data-size-mnist``: with and without dropout, on 100 to 50,000 digits of all MNIST.

The sizes are those of Srivastava et al. (2014), figure 10, and so is what is dropped: half
of the hidden units, a fifth of the pixels. Both arms try the same four learning rates, of
which 10,000 validation digits choose (`Results.tuned`).
"""

from collections.abc import Sequence

import numpy as np

from dropoutlab import data, nn
from dropoutlab.experiments.catalogue.dropout_nets import (
    MOMENTUM,
    dropout_net,
    train_and_measure,
)
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.setting import Scalar

__all__ = ["data_size_mnist", "n_steps", "train_on_mnist"]

BATCH_SIZE, WIDTH, DEPTH = 100, 256, 2
LEAST_STEPS, LEAST_EPOCHS = 2000, 20
P_INPUT, P = 0.2, 0.5


def n_steps(n: int) -> int:
    """Return for how many steps a net is trained on ``n`` digits: at least 20 epochs.

    Examples
    --------
    >>> n_steps(100), n_steps(50_000)
    (2000, 10000)
    """
    return max(LEAST_STEPS, LEAST_EPOCHS * n // BATCH_SIZE)


def train_on_mnist(seed: int, dropout: bool, n: int, lr: float) -> dict[str, float]:
    """Train one net on ``n`` digits of MNIST's training file, and measure how it ends.

    Weights, order of examples and masks come from generators of their own.

    Parameters
    ----------
    seed : int
    dropout : bool
        Whether to drop half of the hidden units and a fifth of the pixels, or nothing.
    n : int
        Training digits, 100 to 50,000. The validation digits are 10,000 others; the test
        digits are the 10,000 of MNIST's test file.
    lr : float
        Learning rate.

    Returns
    -------
    dict
        As `train_and_measure` returns it.

    Raises
    ------
    DataUnavailable
        The files of MNIST are not to be had.
    """
    weight_rng, order_rng, mask_rng = np.random.default_rng(seed).spawn(3)
    p, p_input = (P, P_INPUT) if dropout else (0.0, 0.0)
    net = dropout_net(p, p_input, width=WIDTH, depth=DEPTH, rng=weight_rng, mask_rng=mask_rng)
    parts = data.mnist(n_train=n, n_validation=10_000, seed=seed)
    return train_and_measure(
        net,
        nn.SGD(net.parameters(), lr, momentum=MOMENTUM),
        parts,
        n_epochs=n_steps(n) * BATCH_SIZE // n,
        batch_size=BATCH_SIZE,
        rng=order_rng,
    )


GRID: dict[str, Sequence[Scalar]] = {
    "dropout": [False, True],
    "n": [100, 500, 1000, 5000, 10_000, 50_000],
    "lr": [0.01, 0.03, 0.1, 0.2],
}

data_size_mnist = Experiment(
    "data-size-mnist",
    train_on_mnist,
    grid=GRID,
    seeds=range(5),
    description="With and without dropout, on 100 to 50,000 digits of all MNIST",
)

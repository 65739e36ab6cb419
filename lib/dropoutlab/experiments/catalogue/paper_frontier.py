"""``paper-frontier``: from which width and length of training on dropout wins, on all of MNIST.

Nets of several widths are trained for several lengths, with dropout and without, on 50,000
right labels. Both arms try the same learning rates, of which 10,000 validation digits choose
(`Results.tuned`). The test digits are looked at once, when training has ended.
"""

import numpy as np

from dropoutlab import data
from dropoutlab.experiments.catalogue.dropout_nets import train_and_measure
from dropoutlab.experiments.catalogue.paper_arms import BATCH_SIZE, paper_net, paper_optimizer
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.setting import Scalar

__all__ = ["paper_frontier", "train_so_wide_and_long"]


def train_so_wide_and_long(
    seed: int, dropout: bool, width: int, n_epochs: int, lr: float
) -> dict[str, float]:
    """Train one net of a width for so many epochs: a run of ``paper-frontier``.

    Weights, order of examples and masks come from generators of their own.

    Parameters
    ----------
    seed : int
    dropout : bool
        Whether to drop half of the hidden units and a fifth of the pixels, or nothing.
    width : int
        Units of each of the two hidden layers.
    n_epochs : int
        Passes over 50,000 digits, at the end of which the learning rate has fallen to a
        hundredth.
    lr : float
        Learning rate of the first step.

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
    parts = data.mnist(n_train=50_000, n_validation=10_000, seed=seed)
    arm = "dropout" if dropout else "none"
    net = paper_net(arm, width=width, rng=weight_rng, mask_rng=mask_rng)
    n_steps = n_epochs * len(parts.train) // BATCH_SIZE
    return train_and_measure(
        net,
        paper_optimizer(net, arm, lr=lr, n_steps=n_steps),
        parts,
        n_epochs=n_epochs,
        batch_size=BATCH_SIZE,
        rng=order_rng,
    )


LENGTHS = {
    256: (5, 15, 45, 135),
    512: (5, 15, 45, 135),
    1024: (5, 15, 45, 135),
    2048: (5, 15, 45),
}
"""Epochs that are tried, by width."""

LEARNING_RATES = (0.02, 0.08)

GRID: list[dict[str, Scalar]] = [
    {"width": width, "n_epochs": n_epochs, "dropout": dropout, "lr": lr}
    for width, lengths in LENGTHS.items()
    for n_epochs in lengths
    for dropout in (False, True)
    for lr in LEARNING_RATES
]

paper_frontier = Experiment(
    "paper-frontier",
    train_so_wide_and_long,
    grid=GRID,
    seeds=range(5),
    description="All of MNIST: with and without dropout, by width and length of training",
)

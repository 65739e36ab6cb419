"""How much dropout, and where: the run that three grids share.

Every setting is tried at the same seven learning rates, of which the validation digits choose
(`Results.tuned`). The test digits are looked at once, when training has ended.
"""

import numpy as np

from dropoutlab import nn
from dropoutlab.experiments.catalogue.cures import spoilt_digits
from dropoutlab.experiments.catalogue.dropout_nets import (
    MOMENTUM,
    dropout_net,
    train_and_measure,
)
from dropoutlab.experiments.setting import Scalar

__all__ = ["LEARNING_RATES", "PLACES", "SEEDS", "WIDTH", "amounts", "train_amount"]

BATCH_SIZE, N_STEPS = 50, 1000  # the same for all, so that every net learns as long
LEARNING_RATES = (0.0005, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2)
SEEDS = range(5)

WIDTH = 128
PLACES = ((0.0, 0.0), (0.2, 0.0), (0.0, 0.5), (0.2, 0.5))  # p of pixels, p of hidden units


def train_amount(
    seed: int,
    p: float,
    p_input: float,
    width: int,
    depth: int,
    n: int,
    wrong: float,
    lr: float,
) -> dict[str, float]:
    """Train one net for 1,000 steps of 50 digits, and measure how it ends.

    Weights, order of examples, masks and wrong labels come from generators of their own:
    for one seed, nets of one shape start from the same weights and see the same batches.

    Parameters
    ----------
    seed : int
    p, p_input, width, depth
        As for `dropout_net`.
    n : int
        Training digits, 100 to 2,000.
    wrong : float
        Share of the training digits, and of the 1,000 validation digits, that get a wrong
        label. All 2,000 test digits have the right one.
    lr : float
        Learning rate.

    Returns
    -------
    dict
        As `train_and_measure` returns it.
    """
    weight_rng, order_rng, mask_rng, *_ = np.random.default_rng(seed).spawn(6)
    net = dropout_net(p, p_input, width=width, depth=depth, rng=weight_rng, mask_rng=mask_rng)
    parts = spoilt_digits(seed, wrong, n_train=n)
    return train_and_measure(
        net,
        nn.SGD(net.parameters(), lr, momentum=MOMENTUM),
        parts,
        n_epochs=N_STEPS * BATCH_SIZE // n,
        batch_size=BATCH_SIZE,
        rng=order_rng,
    )


def amounts(chosen: list[dict[str, Scalar]]) -> list[dict[str, Scalar]]:
    """Return settings of `train_amount`: what is chosen, at every learning rate.

    What is not chosen is as usual: no dropout, 128 units, two layers, 1,000 digits; all of
    it with right labels, and with three in ten wrong.

    Examples
    --------
    >>> len(amounts([{"p": 0.5}]))
    14
    """
    usual: dict[str, Scalar] = {"p": 0.0, "p_input": 0.0, "width": WIDTH, "depth": 2, "n": 1000}
    return [
        {**usual, **amount, "wrong": share, "lr": lr}
        for share in (0.0, 0.3)
        for amount in chosen
        for lr in LEARNING_RATES
    ]

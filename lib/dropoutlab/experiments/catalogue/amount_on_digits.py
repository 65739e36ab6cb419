"""How much dropout, and where: ``rate-and-width``, ``where-to-drop`` and ``data-size``.

Three grids of one function. Every setting is tried at the same seven learning rates, of which
the validation digits choose (`Results.tuned`). The test digits are looked at once, when
training has ended.
"""

import numpy as np

from dropoutlab.experiments.catalogue.cures_on_digits import spoilt_digits
from dropoutlab.experiments.catalogue.dropout_nets import dropout_net, train_and_measure
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.setting import Scalar

__all__ = [
    "KEPT_UNITS",
    "RATES",
    "data_size",
    "rate_and_width",
    "train_amount",
    "where_to_drop",
    "widened",
]

BATCH_SIZE, N_STEPS = 50, 1000  # the same for all, so that every net learns as long
LEARNING_RATES = (0.0005, 0.001, 0.003, 0.01, 0.03, 0.1, 0.2)
SEEDS = range(5)

RATES = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
WIDTH = 128
KEPT_UNITS = 64  # a layer, on average, where a net is widened as more of it is dropped
PLACES = ((0.0, 0.0), (0.2, 0.0), (0.0, 0.5), (0.2, 0.5))  # p of pixels, p of hidden units


def widened(p: float) -> int:
    """Return the width of which `KEPT_UNITS` units are kept on average.

    Examples
    --------
    >>> [widened(p) for p in (0.0, 0.5, 0.9)]
    [64, 128, 640]
    """
    return round(KEPT_UNITS / (1 - p))


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
        net, parts, lr=lr, n_steps=N_STEPS, batch_size=BATCH_SIZE, rng=order_rng
    )


def _settings(
    amounts: list[dict[str, Scalar]], wrong: tuple[float, ...]
) -> list[dict[str, Scalar]]:
    usual: dict[str, Scalar] = {"p": 0.0, "p_input": 0.0, "width": WIDTH, "depth": 2, "n": 1000}
    return [
        {**usual, **amount, "wrong": share, "lr": lr}
        for share in wrong
        for amount in amounts
        for lr in LEARNING_RATES
    ]


rate_and_width = Experiment(
    "rate-and-width",
    train_amount,
    grid=_settings(
        # At p = 0.5 the two series meet.
        [{"p": p, "width": width} for p in RATES for width in {WIDTH, widened(p)}],
        (0.0, 0.3),
    ),
    seeds=SEEDS,
    description="Rates from 0 to 0.9, at one width and at 64 kept units, on 1,000 digits",
)

where_to_drop = Experiment(
    "where-to-drop",
    train_amount,
    grid=_settings(
        [
            {"p": p, "p_input": p_input, "depth": depth}
            for depth in (1, 2, 4)
            for p_input, p in PLACES
        ],
        (0.0, 0.3),
    ),
    seeds=SEEDS,
    description="Pixels, hidden units or both, in nets of one, two and four hidden layers",
)

data_size = Experiment(
    "data-size",
    train_amount,
    grid=_settings(
        [
            {"p": p, "p_input": p_input, "n": n}
            for n in (100, 200, 500, 1000, 2000)
            for p_input, p in (PLACES[0], PLACES[-1])
        ],
        (0.0, 0.3),
    ),
    seeds=SEEDS,
    description="With and without dropout, on 100 to 2,000 digits",
)

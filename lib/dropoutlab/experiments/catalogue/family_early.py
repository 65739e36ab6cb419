"""``family-early``: dropout in the early or in the late part of training, in small nets.

After "Dropout Reduces Underfitting" (2023), where dropout that is switched off after a while
lets nets that underfit fit better. Every arm tries the same learning rates.
"""

from functools import partial

import numpy as np

from dropoutlab import data, nn, training
from dropoutlab.experiments.catalogue.dropout_nets import MOMENTUM, dropout_net, measured_end
from dropoutlab.experiments.experiment import Experiment

__all__ = ["family_early", "rate_at", "train_early"]

BATCH_SIZE, N_EPOCHS = 50, 25
WIDTHS = (16, 32)
LEARNING_RATES = (0.01, 0.03, 0.1)
ARMS = (("none", 0.0), *((when, p) for when in ("always", "early", "late") for p in (0.1, 0.5)))


def rate_at(when: str, p: float, epoch: int, n_epochs: int = N_EPOCHS) -> float:
    """Return the rate of dropping in an epoch.

    Parameters
    ----------
    when : {"none", "always", "early", "late"}
        "early": p falls to 0 in a line over the first third of training; "late": it is 0 in the
        first third, and p afterwards.
    p : float
    epoch : int
        From 0.

    Examples
    --------
    >>> [round(rate_at("early", 0.5, epoch, 9), 2) for epoch in range(5)]
    [0.5, 0.33, 0.17, 0.0, 0.0]
    >>> [rate_at("late", 0.5, epoch, 9) for epoch in (0, 2, 3, 8)]
    [0.0, 0.0, 0.5, 0.5]
    """
    third = n_epochs / 3
    if when == "early":
        return p * max(0.0, 1 - epoch / third)
    if when == "late":
        return p if epoch >= third else 0.0
    return p


def train_early(seed: int, when: str, p: float, width: int, lr: float) -> dict[str, float]:
    """Train one small net on 3,000 digits: the run of ``family-early``.

    Weights, order and masks come from generators of their own, so that for one seed every arm
    starts from the same weights and sees the same batches.

    Parameters
    ----------
    seed : int
    when, p
        As for `rate_at`; both hidden layers.
    width : int
        Units of each of the two hidden layers.
    lr : float

    Returns
    -------
    dict
        Of the end, ``error`` and ``loss`` on ``train``, ``validation`` and ``test``; where
        training diverged, those of a guess.
    """
    weight_rng, order_rng, mask_rng = np.random.default_rng(seed).spawn(3)
    parts = data.digits(n_train=3000, n_validation=1000, n_test=1000, seed=seed)
    net = dropout_net(0.5, 0.0, width=width, depth=2, rng=weight_rng, mask_rng=mask_rng)
    optimizer = nn.SGD(net.parameters(), lr=lr, momentum=MOMENTUM)
    diverged = False
    for epoch in range(N_EPOCHS):
        for layer in net.dropouts:
            assert isinstance(layer, nn.Dropout)
            layer.p = rate_at(when, p, epoch)
        try:
            training.fit(
                net,
                optimizer,
                parts.train,
                n_epochs=1,
                batch_size=BATCH_SIZE,
                rng=order_rng,
                progress=False,
            )
        except training.Diverged:
            diverged = True
            break
    return measured_end(parts, None if diverged else partial(training.evaluate, net))


family_early = Experiment(
    "family-early",
    train_early,
    grid=[
        {"when": when, "p": p, "width": width, "lr": lr}
        for when, p in ARMS
        for width in WIDTHS
        for lr in LEARNING_RATES
    ],
    seeds=range(8),
    description="Small nets: dropout in the early or in the late part of training",
)

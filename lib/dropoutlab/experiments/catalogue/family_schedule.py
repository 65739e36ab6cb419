"""``family-schedule``: dropout in the early or in the late half of the layers.

A referee's case, after "Dropout Universality" (2026): nets of six hidden layers, wrong labels
in training, and the same budget of dropout spent early, late or everywhere; beside it constant
rates that were simply tuned. Every arm tries the same learning rates.
"""

import numpy as np
from numpy.typing import NDArray

from dropoutlab import data, nn, training
from dropoutlab.experiments.catalogue.dropout_nets import GUESS, MOMENTUM
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.measurements import metrics
from dropoutlab.history import History

__all__ = ["family_schedule", "halves_net", "train_halves"]

BATCH_SIZE, N_EPOCHS = 50, 40
DEPTH, WIDTH = 6, 128
WRONG = 0.3
LEARNING_RATES = (0.003, 0.01, 0.03)
# p in the early and in the late half of the layers.
ARMS = ((0, 0), (0.1, 0.1), (0.2, 0), (0, 0.2), (0.2, 0.2), (0.3, 0.3), (0.4, 0.4))


def halves_net(
    early: float, late: float, *, rng: np.random.Generator, mask_rng: np.random.Generator
) -> nn.Sequential:
    """Return a net of six hidden layers of 128 ReLU units, with two rates of dropping.

    Parameters
    ----------
    early, late : float
        Probability of dropping a unit of the first three layers, and of the last three.
    rng : numpy.random.Generator
        Draws the weights; nothing else, so that they are the same in every arm.
    mask_rng : numpy.random.Generator
        Draws the masks.

    Examples
    --------
    >>> rngs = np.random.default_rng(0).spawn(2)
    >>> [d.p for d in halves_net(0.2, 0.0, rng=rngs[0], mask_rng=rngs[1]).dropouts]
    [0.2, 0.2, 0.2, 0.0, 0.0, 0.0]
    """
    layers: list[nn.Module] = []
    for depth in range(DEPTH):
        p = early if depth < DEPTH // 2 else late
        inputs = WIDTH if depth else 784
        layers += [nn.Linear(inputs, WIDTH, rng=rng), nn.ReLU(), nn.Dropout(p, rng=mask_rng)]
    return nn.Sequential(*layers, nn.Linear(WIDTH, 10, rng=rng))


def train_halves(
    seed: int, early: float, late: float, lr: float
) -> dict[str, NDArray[np.float64]]:
    """Train one net on 1,000 digits, 30 % of them mislabelled: the run of ``family-schedule``.

    Weights, order, masks and wrong labels come from generators of their own, so that for one
    seed every arm starts from the same weights and sees the same batches. Validation and test
    digits have the right labels.

    Returns
    -------
    dict
        By epoch, ``train``, ``validation`` and ``test`` with `` loss`` and `` error``; where
        training diverged, those of a guess.
    """
    weight_rng, order_rng, mask_rng, label_rng = np.random.default_rng(seed).spawn(4)
    parts = data.digits(n_train=1000, n_validation=1000, n_test=2000, seed=seed)
    train, _ = data.wrong_labels(parts.train, WRONG, rng=label_rng)
    assert parts.validation is not None
    watched = {"train": train, "validation": parts.validation, "test": parts.test}
    net = halves_net(early, late, rng=weight_rng, mask_rng=mask_rng)
    try:
        history = training.fit(
            net,
            nn.SGD(net.parameters(), lr=lr, momentum=MOMENTUM),
            train,
            n_epochs=N_EPOCHS,
            batch_size=BATCH_SIZE,
            rng=order_rng,
            monitor=watched,
            progress=False,
        )
    except training.Diverged:
        history = History(dict.fromkeys(watched, [GUESS] * (N_EPOCHS + 1)), n_epochs=N_EPOCHS)
    return metrics(history)


family_schedule = Experiment(
    "family-schedule",
    train_halves,
    grid=[
        {"early": float(early), "late": float(late), "lr": lr}
        for early, late in ARMS
        for lr in LEARNING_RATES
    ],
    seeds=range(10),
    description="Six layers, wrong labels: dropout in the early or the late half of them",
)

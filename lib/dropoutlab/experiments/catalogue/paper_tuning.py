"""``paper-tuning``: every arm of the papers' table, tuned on 10,000 validation digits.

Each arm has five attempts of 60 epochs on 50,000 digits. The recorded runs hold no test
error: nothing can be chosen by it. `paper-table` trains what was chosen here.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from dropoutlab import data, nn, training
from dropoutlab.data import Dataset
from dropoutlab.experiments.catalogue.dropout_nets import GUESS
from dropoutlab.experiments.catalogue.paper_arms import (
    ARMS,
    BATCH_SIZE,
    N_ATTEMPTS,
    paper_net,
    paper_optimizer,
    tried,
)
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.setting import Scalar
from dropoutlab.history import Evaluation

__all__ = ["N_EPOCHS", "paper_tuning", "train_by_epochs", "try_arm"]

N_EPOCHS = 60


def train_by_epochs(
    net: nn.Sequential,
    optimizer: nn.Optimizer,
    train: Dataset,
    watched: Dataset,
    *,
    n_epochs: int,
    rng: np.random.Generator,
) -> list[Evaluation]:
    """Train for so many epochs, and measure on a set before the first and after each.

    Parameters
    ----------
    net : Sequential
        Trained in place.
    optimizer : Optimizer
    train, watched : Dataset
        To train on, and to measure on.
    n_epochs : int
    rng : numpy.random.Generator
        Draws the order of the examples.

    Returns
    -------
    list of Evaluation
        ``n_epochs + 1`` of them. From where training diverged on, each counts as `GUESS`.
    """
    measured = [training.evaluate(net, watched)]
    try:
        for _ in range(n_epochs):
            training.fit(
                net,
                optimizer,
                train,
                n_epochs=1,
                batch_size=BATCH_SIZE,
                rng=rng,
                progress=False,
            )
            measured.append(training.evaluate(net, watched))
    except training.Diverged:
        measured += [GUESS] * (n_epochs + 1 - len(measured))
    return measured


def try_arm(seed: int, arm: str, attempt: int) -> dict[str, float | NDArray[np.float64]]:
    """Train one net of width 1,024 in one attempt of its arm: a run of ``paper-tuning``.

    Weights, order of examples and masks come from generators of their own, so that for one
    seed every arm starts from the same weights and sees the same batches.

    Parameters
    ----------
    seed : int
    arm : str
        One of `dropoutlab.experiments.catalogue.paper_arms.ARMS`.
    attempt : int
        From 0 to 4.

    Returns
    -------
    dict
        ``lr`` and ``strength``; by epoch ``validation error`` and ``validation loss``; of the
        end, ``train error`` and ``train loss``.

    Raises
    ------
    DataUnavailable
        The files of MNIST are not to be had.
    """
    weight_rng, order_rng, mask_rng = np.random.default_rng(seed).spawn(3)
    parts = data.mnist(n_train=50_000, n_validation=10_000, n_test=10, seed=seed)
    assert parts.validation is not None
    lr, strength = tried(arm, attempt)
    net = paper_net(arm, rng=weight_rng, mask_rng=mask_rng)
    n_steps = N_EPOCHS * len(parts.train) // BATCH_SIZE
    optimizer = paper_optimizer(net, arm, lr=lr, strength=strength, n_steps=n_steps)
    measured = train_by_epochs(
        net, optimizer, parts.train, parts.validation, n_epochs=N_EPOCHS, rng=order_rng
    )
    end = GUESS if measured[-1] is GUESS else training.evaluate(net, parts.train)
    return {
        "lr": lr,
        "strength": strength,
        "validation error": np.array([one.error for one in measured]),
        "validation loss": np.array([one.loss for one in measured]),
        "train error": end.error,
        "train loss": end.loss,
    }


GRID: dict[str, Sequence[Scalar]] = {"arm": list(ARMS), "attempt": range(N_ATTEMPTS)}

paper_tuning = Experiment(
    "paper-tuning",
    try_arm,
    grid=GRID,
    seeds=range(1),
    description="All of MNIST: every arm of the papers' table tuned, on validation digits",
)

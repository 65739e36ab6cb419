"""``paper-table``: the papers' table on all of MNIST, each arm as ``paper-tuning`` tuned it.

Trained on all 60,000 digits, tested on the 10,000 when training has ended, and never before.
Every run keeps the setting that it was made with, so that the recorded rows say which tuning
they belong to.
"""

from functools import cache

import numpy as np

from dropoutlab import data, nn
from dropoutlab.data import Dataset
from dropoutlab.experiments.catalogue.dropout_nets import train_and_measure
from dropoutlab.experiments.catalogue.paper_arms import (
    ARMS,
    BATCH_SIZE,
    paper_net,
    paper_optimizer,
)
from dropoutlab.experiments.catalogue.paper_tuning import N_EPOCHS
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.recorded import load_recorded
from dropoutlab.loop import in_mode

__all__ = ["PASSES", "monte_carlo_errors", "paper_table", "train_tuned_arm", "tuned_arm"]

PASSES = (1, 2, 5, 10, 20, 50, 100)


@cache
def tuned_arm(arm: str) -> tuple[float, float]:
    """Return learning rate and strength of an arm, as the recorded ``paper-tuning`` chose them.

    Raises
    ------
    FileNotFoundError
        It has not been recorded.
    """
    chosen = load_recorded("paper-tuning").tuned("attempt")
    lr, strength = (float(chosen.final(name, arm=arm)[0]) for name in ("lr", "strength"))
    return lr, strength


def train_tuned_arm(seed: int, arm: str) -> dict[str, float]:
    """Train one tuned net of width 1,024 on all digits and test it: a run of ``paper-table``.

    Parameters
    ----------
    seed : int
    arm : str
        One of `dropoutlab.experiments.catalogue.paper_arms.ARMS`.

    Returns
    -------
    dict
        ``lr`` and ``strength`` as they were tuned; of the end, ``train error``,
        ``train loss``, ``test error`` and ``test loss``; for the arms with dropout also
        ``test error, k passes``, by the mean prediction of k random masks.

    Raises
    ------
    DataUnavailable
        The files of MNIST are not to be had.
    FileNotFoundError
        ``paper-tuning`` has not been recorded.
    """
    weight_rng, order_rng, mask_rng = np.random.default_rng(seed).spawn(3)
    parts = data.mnist(n_train=60_000, seed=seed)
    lr, strength = tuned_arm(arm)
    net = paper_net(arm, rng=weight_rng, mask_rng=mask_rng)
    n_steps = N_EPOCHS * len(parts.train) // BATCH_SIZE
    optimizer = paper_optimizer(net, arm, lr=lr, strength=strength, n_steps=n_steps)
    measured = {"lr": lr, "strength": strength} | train_and_measure(
        net, optimizer, parts, n_epochs=N_EPOCHS, batch_size=BATCH_SIZE, rng=order_rng
    )
    if ARMS[arm].dropout:
        measured |= {
            f"test error, {n_passes} passes": error
            for n_passes, error in monte_carlo_errors(net, parts.test).items()
        }
    return measured


def monte_carlo_errors(net: nn.Sequential, dataset: Dataset) -> dict[int, float]:
    """Measure the error of the mean prediction of many masks, after each of `PASSES`.

    Parameters
    ----------
    net : Sequential
        With dropout, whose generators draw the masks.
    dataset : Dataset
        To be classified.

    Returns
    -------
    dict
        Number of passes to fraction misclassified.
    """
    errors: dict[int, float] = {}
    total = np.zeros((len(dataset), 10))
    with in_mode(net, training=True):
        for n_passes in range(1, max(PASSES) + 1):
            for start in range(0, len(dataset), 1000):
                rows = slice(start, start + 1000)
                total[rows] += nn.softmax(net(dataset.x[rows]))
            if n_passes in PASSES:
                errors[n_passes] = float(np.mean(total.argmax(axis=1) != dataset.y))
    return errors


paper_table = Experiment(
    "paper-table",
    train_tuned_arm,
    grid={"arm": list(ARMS)},
    seeds=range(100, 105),
    description="All of MNIST: the tuned arms of the papers' table, on test digits",
)

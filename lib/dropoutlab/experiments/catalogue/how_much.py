"""``how-much``: rates of dropping, by width, size of the training set, and wrong labels in it.

Every rate gets the same budget of tuning: four learning rates, of which the validation
digits choose (`Results.tuned`). The test digits are looked at once, when training has ended.
"""

import numpy as np
from numpy.typing import NDArray

from dropoutlab import data, nn, training
from dropoutlab.experiments.catalogue.rate import rate_net
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.measurements import metrics
from dropoutlab.history import Evaluation, History

__all__ = ["how_much", "train_so_much"]

BATCH_SIZE, MOMENTUM = 50, 0.9
N_STEPS, N_MEASUREMENTS = 1200, 15  # the same for every size, so that every net learns as long

GRID: dict[str, list[float]] = {
    "p": [0.0, 0.1, 0.3, 0.5, 0.7],
    "width": [32, 128, 256],
    "n": [200, 1000, 2000],
    "wrong": [0.0, 0.3],
    "lr": [0.003, 0.01, 0.03, 0.1],
}


def train_so_much(
    seed: int, p: float, width: int, n: int, wrong: float, lr: float
) -> dict[str, float | NDArray[np.float64]]:
    """Train one net for 1,200 steps: the run of the experiment ``how-much``.

    Weights, order of examples, masks and wrong labels come from generators of their own, so
    that for one seed every rate starts from the same weights and sees the same batches.

    Parameters
    ----------
    seed : int
    p : float
        Probability of dropping a hidden unit.
    width : int
        Units of each of the two hidden layers.
    n : int
        Training digits, 200 to 2,000.
    wrong : float
        Share of the training digits that get a wrong label. All others have the right one.
    lr : float
        Learning rate.

    Returns
    -------
    dict
        ``step``, and after so many steps ``train loss``, ``train error`` (on the labels as they
        are given), ``validation loss`` and ``validation error``; of the end, ``test loss`` and
        ``test error``.
    """
    weight_rng, order_rng, mask_rng, label_rng = np.random.default_rng(seed).spawn(4)
    parts = data.digits(n_train=n, n_validation=1000, n_test=2000, seed=seed)
    net = rate_net(p, width=width, rng=weight_rng, mask_rng=mask_rng)
    optimizer = nn.SGD(net.parameters(), lr=lr, momentum=MOMENTUM)
    assert parts.validation is not None
    train, _ = data.wrong_labels(parts.train, wrong, rng=label_rng)
    watched = {"train": train, "validation": parts.validation}
    measured = {name: [training.evaluate(net, part)] for name, part in watched.items()}
    steps = N_STEPS // N_MEASUREMENTS
    for _ in range(N_MEASUREMENTS):
        training.fit(
            net,
            optimizer,
            train,
            n_epochs=steps * BATCH_SIZE // n,
            batch_size=BATCH_SIZE,
            rng=order_rng,
            progress=False,
        )
        for name, part in watched.items():
            measured[name].append(training.evaluate(net, part))
    end: Evaluation = training.evaluate(net, parts.test)
    return {
        **metrics(History(measured, n_epochs=N_MEASUREMENTS)),
        "step": np.arange(0, N_STEPS + 1, steps, dtype=np.float64),
        "test loss": end.loss,
        "test error": end.error,
    }


how_much = Experiment(
    "how-much",
    train_so_much,
    grid=GRID,
    seeds=range(5),
    description="Error on digits by rate, width, number of digits, wrong labels, learning rate",
)

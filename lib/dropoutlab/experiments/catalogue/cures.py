"""``cures``: the tuning of every cure for overfitting, on right and on wrong labels.

The recorded runs hold no test error: nothing can be chosen by it. To see how the tuned cures
do on test digits, train them again, on other seeds::

    from dropoutlab.experiments import Experiment, run
    from dropoutlab.experiments.catalogue.cures import train_cure, tuned_cures

    contest = Experiment(
        "my-contest", train_cure, grid=tuned_cures(["plain", "L2"]), seeds=range(100, 106)
    )
    results = run(contest, workers=2)
    results.final("test error", cure="L2", wrong=0.3)
"""

from collections.abc import Sequence

import numpy as np

from dropoutlab import data, nn, training
from dropoutlab.data import Dataset, Split
from dropoutlab.experiments.catalogue.cured_nets import cured_net
from dropoutlab.experiments.catalogue.strengths import CURES, N_ATTEMPTS, tried
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.recorded import load_recorded
from dropoutlab.experiments.setting import Scalar, Setting

__all__ = [
    "cures",
    "fit_and_stop",
    "spoilt_digits",
    "train_cure",
    "try_cure",
    "tuned_cures",
]

N_TRAIN, BATCH_SIZE, N_STEPS = 1000, 50, 1000
WRONG = (0.0, 0.3)


def spoilt_digits(seed: int, wrong: float, *, n_train: int = N_TRAIN) -> Split:
    """Return digits to train on, 1,000 to validate on and 2,000 to test on.

    Parameters
    ----------
    seed : int
    wrong : float
        Share of the training digits, and of the validation digits, that get a wrong label: the
        same people labelled both. Test digits have the right ones.
    n_train : int, default 1000

    Examples
    --------
    >>> right, spoilt = spoilt_digits(0, 0.0), spoilt_digits(0, 0.3)
    >>> int(np.sum(right.train.y != spoilt.train.y))
    300
    >>> int(np.sum(right.validation.y != spoilt.validation.y))
    300
    >>> np.array_equal(right.test.y, spoilt.test.y)
    True
    """
    train_rng, validation_rng = np.random.default_rng(seed).spawn(6)[4:]
    parts = data.digits(n_train=n_train, n_validation=1000, n_test=2000, seed=seed)
    assert parts.validation is not None
    train, _ = data.wrong_labels(parts.train, wrong, rng=train_rng)
    validation, _ = data.wrong_labels(parts.validation, wrong, rng=validation_rng)
    return Split(train, validation, parts.test)


def train_cure(
    seed: int, cure: str, wrong: float, lr: float, strength: float = 0.0, second: float = 0.0
) -> dict[str, float]:
    """Train one net with one cure for 1,000 steps, and test it.

    Weights, order of examples, masks, shifts and wrong labels come from generators of their
    own: for one seed every cure starts from the same weights and sees the same batches. (A
    smaller net has weights of its own, and more data have batches of their own.)

    Parameters
    ----------
    seed : int
    cure : str
        One of `dropoutlab.experiments.catalogue.strengths.CURES`, which has its strengths.
    wrong : float
        Share of wrong labels among the training and the validation digits.
    lr : float
        Learning rate.
    strength, second : float, default 0
        What the cure is set to, as far as there is something to set.

    Returns
    -------
    dict
        ``error`` and ``loss`` on ``train``, ``validation`` and ``test``, as in ``test error``,
        with the labels as they were given; and the ``epoch`` that the weights are of: the last
        one, but for early stopping.

    Raises
    ------
    Diverged
        The learning rate was too large.
    """
    n_train = 2 * N_TRAIN if cure == "more data" else N_TRAIN
    parts = spoilt_digits(seed, wrong, n_train=n_train)
    assert parts.validation is not None
    net, optimizer, order_rng = cured_net(seed, cure, lr, strength, second)
    n_epochs = N_STEPS * BATCH_SIZE // n_train
    if cure == "early stopping":
        epoch = fit_and_stop(
            net, optimizer, parts.train, parts.validation, n_epochs=n_epochs, rng=order_rng
        )
    else:
        _fit(net, optimizer, parts.train, n_epochs, order_rng)
        epoch = n_epochs
    measured = {"epoch": float(epoch)}
    watched = {"train": parts.train, "validation": parts.validation, "test": parts.test}
    for name, part in watched.items():
        end = training.evaluate(net, part)
        measured |= {f"{name} error": end.error, f"{name} loss": end.loss}
    return measured


def fit_and_stop(
    net: nn.Sequential,
    optimizer: nn.Optimizer,
    train: Dataset,
    validation: Dataset,
    *,
    n_epochs: int,
    rng: np.random.Generator,
) -> int:
    """Train, and go back to the epoch with the lowest validation loss; return that epoch.

    Epochs count from 1. That is stopping early with all the patience there is: no epoch is
    missed because the loss rose for a while before it.
    """
    lowest, best_epoch, best = np.inf, 0, net.state_dict()
    for epoch in range(1, n_epochs + 1):
        _fit(net, optimizer, train, 1, rng)
        loss = training.evaluate(net, validation).loss
        if loss < lowest:
            lowest, best_epoch, best = loss, epoch, net.state_dict()
    net.load_state_dict(best)
    return best_epoch


def _fit(
    net: nn.Sequential,
    optimizer: nn.Optimizer,
    train: Dataset,
    n_epochs: int,
    rng: np.random.Generator,
) -> None:
    training.fit(
        net,
        optimizer,
        train,
        n_epochs=n_epochs,
        batch_size=BATCH_SIZE,
        rng=rng,
        progress=False,
    )


def try_cure(seed: int, cure: str, wrong: float, attempt: int) -> dict[str, float]:
    """Make one attempt at tuning a cure: the run of the experiment ``cures``.

    Parameters
    ----------
    seed, cure, wrong
        As for `train_cure`.
    attempt : int
        From 0 to 24; `dropoutlab.experiments.catalogue.strengths.tried` says what it tries.

    Returns
    -------
    dict
        ``lr``, ``strength`` and ``second``, and what `train_cure` measures, without the test
        digits. Training that diverged counts as a guess: an error of 0.9, a loss of log 10.
    """
    setting = tried(cure, attempt)
    try:
        measured = train_cure(seed, cure, wrong, **setting)
    except training.Diverged:
        measured = {"epoch": 0.0}
        for name in ("train", "validation"):
            measured |= {f"{name} error": 0.9, f"{name} loss": float(np.log(10))}
    kept = {name: value for name, value in measured.items() if not name.startswith("test")}
    return {**setting, **kept}


def tuned_cures(
    names: Sequence[str] = tuple(CURES), *, wrong: Sequence[float] = WRONG
) -> list[Setting]:
    """Return settings for `train_cure`: each cure as the recorded runs have tuned it.

    Parameters
    ----------
    names : sequence of str, default all of `dropoutlab.experiments.catalogue.strengths.CURES`
    wrong : sequence of float, default (0.0, 0.3)
        Shares of wrong labels; for each, the tuning was another.

    Returns
    -------
    list of dict
        ``cure``, ``wrong``, ``lr``, ``strength``, ``second``: those of the attempt with the
        lowest mean validation error.
    """
    chosen = load_recorded("cures").tuned("attempt")
    tuned: list[Setting] = []
    for share in wrong:
        for cure in names:
            setting: Setting = {"cure": cure, "wrong": share}
            for name in ("lr", "strength", "second"):
                setting[name] = float(chosen.final(name, cure=cure, wrong=share)[0])
            tuned.append(setting)
    return tuned


GRID: dict[str, Sequence[Scalar]] = {
    "cure": list(CURES),
    "wrong": WRONG,
    "attempt": range(N_ATTEMPTS),
}

cures = Experiment(
    "cures",
    try_cure,
    grid=GRID,
    seeds=range(3),
    description="Cures for overfitting, each tuned with as many attempts, on validation digits",
)

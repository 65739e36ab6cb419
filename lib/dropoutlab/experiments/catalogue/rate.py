"""``rate``: a net of one width on 1,000 digits, at several rates of dropping."""

import numpy as np

from dropoutlab import data, nn, training
from dropoutlab.data import Split
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.history import History

__all__ = ["rate", "rate_data", "rate_net", "train_at_rate"]

# Of all arms of `rate`: they differ in the rate of dropping alone.
BATCH_SIZE, N_EPOCHS, LR, MOMENTUM = 64, 20, 0.05, 0.9
WIDTHS = (784, 256, 256, 10)  # inputs, both hidden layers, classes


def rate_data(seed: int) -> Split:
    """Return 1,000 digits to train on and 2,000 to test, the same for every rate.

    Examples
    --------
    >>> parts = rate_data(seed=0)
    >>> len(parts.train), len(parts.test)
    (1000, 2000)
    """
    return data.digits(n_train=1000, n_test=2000, seed=seed)


def rate_net(
    p: float,
    *,
    width: int = WIDTHS[1],
    rng: np.random.Generator,
    mask_rng: np.random.Generator,
) -> nn.Sequential:
    """Return a net with two hidden layers of equal width, dropout after both.

    Parameters
    ----------
    p : float
        Probability of dropping a hidden unit, in ``[0, 1)``.
    width : int, default 256
        Units of a hidden layer.
    rng : numpy.random.Generator
        Draws the weights; nothing else, so that they are the same for every ``p``.
    mask_rng : numpy.random.Generator
        Draws the masks.

    Examples
    --------
    >>> net = rate_net(0.5, rng=np.random.default_rng(0), mask_rng=np.random.default_rng(1))
    >>> len(net)
    7
    """
    return nn.Sequential(
        nn.Linear(WIDTHS[0], width, rng=rng),
        nn.ReLU(),
        nn.Dropout(p, rng=mask_rng),
        nn.Linear(width, width, rng=rng),
        nn.ReLU(),
        nn.Dropout(p, rng=mask_rng),
        nn.Linear(width, WIDTHS[-1], rng=rng),
    )


def train_at_rate(seed: int, p: float) -> History:
    """Train the net at one rate: the run of the experiment ``rate``.

    Weights, order of examples and masks come from generators of their own, so that for
    one seed every rate starts from the same weights and sees the same batches.
    """
    weight_rng, order_rng, mask_rng = np.random.default_rng(seed).spawn(3)
    parts = rate_data(seed)
    net = rate_net(p, rng=weight_rng, mask_rng=mask_rng)
    return training.fit(
        net,
        nn.SGD(net.parameters(), lr=LR, momentum=MOMENTUM),
        parts.train,
        n_epochs=N_EPOCHS,
        batch_size=BATCH_SIZE,
        rng=order_rng,
        monitor={"train": parts.train, "test": parts.test},
    )


rate = Experiment(
    "rate",
    train_at_rate,
    grid={"p": [0.0, 0.1, 0.2, 0.3, 0.5, 0.7]},
    seeds=range(5),
    description="Error of a small net on 1,000 digits, by the rate of dropping",
)

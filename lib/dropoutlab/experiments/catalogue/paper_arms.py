"""The nets of ReLU units that are compared on all of MNIST, and what each may try.

After Srivastava et al. (2014), tables 2 and 9: half of the hidden units and a fifth of the
pixels are dropped, or nothing; with or without L2 or a bound on the length of every unit's
weights. The momentum rises to 0.95 and the learning rate falls to a hundredth, in straight
lines (the authors' appendix raises the one and lets the other decay; their shapes differ).
"""

from dataclasses import dataclass

import numpy as np

from dropoutlab import nn
from dropoutlab.experiments.catalogue.dropout_nets import dropout_net
from dropoutlab.nn.schedules import Schedule

__all__ = [
    "ARMS",
    "BATCH_SIZE",
    "N_ATTEMPTS",
    "Arm",
    "paper_net",
    "paper_optimizer",
    "paper_schedules",
    "tried",
]

BATCH_SIZE, WIDTH, DEPTH = 100, 1024, 2
P_INPUT, P = 0.2, 0.5
FIRST_MOMENTUM, MOMENTUM = 0.5, 0.95
RISING, LAST_RATE = 0.2, 0.01  # share of the steps in which momentum rises; of the first rate


@dataclass(frozen=True)
class Arm:
    """What is done against overfitting.

    Attributes
    ----------
    dropout : bool
        Whether half of the hidden units and a fifth of the pixels are dropped.
    penalty : str
        ``""``, ``"L2"`` or ``"max-norm"``: what the strength is a strength of.
    """

    dropout: bool
    penalty: str


ARMS: dict[str, Arm] = {
    "none": Arm(dropout=False, penalty=""),
    "L2": Arm(dropout=False, penalty="L2"),
    "max-norm": Arm(dropout=False, penalty="max-norm"),
    "dropout": Arm(dropout=True, penalty=""),
    "dropout + L2": Arm(dropout=True, penalty="L2"),
    "dropout + max-norm": Arm(dropout=True, penalty="max-norm"),
}

# Attempt i takes rate i and strength 2 i (modulo 5): no two share a value of either.
LEARNING_RATES = (0.01, 0.02, 0.04, 0.08, 0.16)
STRENGTHS = {
    "": (0.0, 0.0, 0.0, 0.0, 0.0),
    "L2": (3e-6, 1e-5, 3e-5, 1e-4, 3e-4),
    "max-norm": (1.0, 1.5, 2.0, 3.0, 4.0),
}
N_ATTEMPTS = len(LEARNING_RATES)


def tried(arm: str, attempt: int) -> tuple[float, float]:
    """Return learning rate and strength that an arm takes in one of its attempts.

    Parameters
    ----------
    arm : str
        One of `ARMS`.
    attempt : int
        From 0 to `N_ATTEMPTS` − 1.

    Examples
    --------
    >>> [tried("L2", attempt) for attempt in range(3)]
    [(0.01, 3e-06), (0.02, 3e-05), (0.04, 0.0003)]
    """
    strengths = STRENGTHS[ARMS[arm].penalty]
    return LEARNING_RATES[attempt], strengths[2 * attempt % N_ATTEMPTS]


def paper_net(
    arm: str,
    *,
    width: int = WIDTH,
    rng: np.random.Generator,
    mask_rng: np.random.Generator,
) -> nn.Sequential:
    """Return the net of an arm: 784 pixels, two hidden layers, 10 classes.

    Parameters
    ----------
    arm : str
        One of `ARMS`.
    width : int, default 1024
        Units of a hidden layer.
    rng : numpy.random.Generator
        Draws the weights; nothing else, so that they are the same for every arm.
    mask_rng : numpy.random.Generator
        Draws the masks.

    Examples
    --------
    >>> rngs = np.random.default_rng(0).spawn(2)
    >>> net = paper_net("dropout + L2", width=8, rng=rngs[0], mask_rng=rngs[1])
    >>> [layer.p for layer in net.dropouts]
    [0.2, 0.5, 0.5]
    """
    p, p_input = (P, P_INPUT) if ARMS[arm].dropout else (0.0, 0.0)
    return dropout_net(p, p_input, width=width, depth=DEPTH, rng=rng, mask_rng=mask_rng)


def paper_schedules(lr: float, n_steps: int) -> dict[str, Schedule]:
    """Return how the learning rate falls and the momentum rises.

    Parameters
    ----------
    lr : float
        Learning rate of the first step.
    n_steps : int
        After so many steps the learning rate is a hundredth of the first; after a fifth of
        them momentum is 0.95, from 0.5.

    Examples
    --------
    >>> rates = paper_schedules(0.1, n_steps=100)
    >>> rates["lr"](50), rates["momentum"](10)
    (0.0505, 0.725)
    """
    n_rising = max(1, round(RISING * n_steps))
    return {
        "lr": nn.linear_schedule(lr, LAST_RATE * lr, n_steps),
        "momentum": nn.linear_schedule(FIRST_MOMENTUM, MOMENTUM, n_rising),
    }


def paper_optimizer(
    net: nn.Sequential, arm: str, *, lr: float, strength: float = 0.0, n_steps: int
) -> nn.Optimizer:
    """Return the optimiser of an arm: momentum rises, the learning rate falls.

    Parameters
    ----------
    net : Sequential
        Whose parameters it changes.
    arm : str
        One of `ARMS`.
    lr : float
        Learning rate of the first step.
    strength : float, default 0
        λ of L2, or the bound c of max-norm; of no matter to the other arms.
    n_steps : int
        Of the whole training; see `paper_schedules`.

    Examples
    --------
    >>> rngs = np.random.default_rng(0).spawn(2)
    >>> net = paper_net("max-norm", width=8, rng=rngs[0], mask_rng=rngs[1])
    >>> paper_optimizer(net, "max-norm", lr=0.1, strength=2.0, n_steps=100)
    MaxNorm(Scheduled(SGD(lr=0.1, momentum=0.5, weight_decay=0.0, 6 parameters), lr and
    momentum by schedule), c=2.0)
    """
    penalty = ARMS[arm].penalty
    scheduled = nn.Scheduled(
        nn.SGD(
            net.parameters(),
            lr,
            momentum=FIRST_MOMENTUM,
            weight_decay=strength if penalty == "L2" else 0.0,
        ),
        **paper_schedules(lr, n_steps),
    )
    return nn.MaxNorm(scheduled, strength) if penalty == "max-norm" else scheduled

"""The cures for overfitting that are compared: which there are, and how strong each may be.

Every cure gets the same budget of tuning: `N_ATTEMPTS` attempts, at as many learning rates,
the same for all. A cure whose strength can be set tries another strength at each rate.
"""

from dataclasses import dataclass

import numpy as np

__all__ = ["CURES", "N_ATTEMPTS", "Strength", "learning_rates", "tried"]

N_ATTEMPTS = 25
LOWEST_RATE, HIGHEST_RATE = 0.0005, 0.2

# Attempt i takes rate i, strength 21 i and second strength 14 i (modulo 25): a lattice. No
# two attempts share a value of any of the three, and in each pair of them, rate and strength
# or strength and strength, the attempts lie well apart.
LATTICE = (21, 14)


@dataclass(frozen=True)
class Strength:
    """Something about a cure that can be set.

    Attributes
    ----------
    name : str
        With its symbol or unit, for the axis of a figure.
    low, high : float
        The smallest and the largest value that is tried.
    kind : str
        How the values between lie: ``"factor"`` (each the same multiple of the one before),
        ``"step"`` (each as much above the one before), or ``"whole"`` (whole numbers by
        factors; some come more than once).
    """

    name: str
    low: float
    high: float
    kind: str = "factor"

    def values(self) -> list[float]:
        """Return the `N_ATTEMPTS` values that are tried, from low to high.

        Examples
        --------
        >>> Strength("shift (pixels)", 1, 4, "whole").values()[:5]
        [1.0, 1.0, 1.0, 1.0, 1.0]
        """
        if self.kind == "step":
            values = np.linspace(self.low, self.high, N_ATTEMPTS)
        else:
            values = np.geomspace(self.low, self.high, N_ATTEMPTS)
        if self.kind == "whole":
            return [float(round(value)) for value in values]
        return [float(f"{value:.3g}") for value in values]


WIDTH = Strength("units a layer", 16, 112, "whole")
L2 = Strength("λ of L2", 3e-4, 0.05)
C = Strength("c", 0.4, 2.5)
RATE = Strength("p", 0.1, 0.7, "step")

CURES: dict[str, tuple[Strength, ...]] = {
    "plain": (),
    "more data": (),
    "smaller net": (WIDTH,),
    "L2": (L2,),
    "early stopping": (),
    "shifts": (Strength("largest shift (pixels)", 1, 4, "whole"),),
    "L1": (Strength("λ of L1", 2e-5, 2e-3),),
    "KL sparsity": (Strength("β", 3e-3, 0.3), Strength("target activity", 0.02, 0.2)),
    "max-norm": (C,),
    "dropout": (RATE,),
    "dropout + input": (RATE, Strength("p of the pixels", 0.05, 0.4, "step")),
    "dropout + L2": (RATE, L2),
    "dropout + max-norm": (RATE, C),
}
"""For each cure what can be set besides the learning rate, in order. "plain" is no cure."""


def learning_rates() -> list[float]:
    """Return the learning rates that every cure tries, from low to high.

    Examples
    --------
    >>> rates = learning_rates()
    >>> len(rates), rates[0], rates[-1]
    (25, 0.0005, 0.2)
    """
    return Strength("learning rate", LOWEST_RATE, HIGHEST_RATE).values()


def tried(cure: str, attempt: int) -> dict[str, float]:
    """Return what a cure is set to in one of its attempts.

    Parameters
    ----------
    cure : str
        One of `CURES`.
    attempt : int
        From 0 to `N_ATTEMPTS` − 1.

    Returns
    -------
    dict
        ``lr``, ``strength`` and ``second``, the last two 0 where there is nothing to set.

    Examples
    --------
    >>> tried("L2", 9)
    {'lr': 0.00473, 'strength': 0.00593, 'second': 0.0}
    """
    setting = {"lr": learning_rates()[attempt], "strength": 0.0, "second": 0.0}
    for name, strength, generator in zip(
        ("strength", "second"), CURES[cure], LATTICE, strict=False
    ):
        setting[name] = strength.values()[generator * attempt % N_ATTEMPTS]
    return setting

"""Initial weights, by the names of the schemes.

All have mean 0. They differ in the variance, which decides whether signals grow or fade
from layer to layer, and in the shape of the distribution, which hardly matters.
"""

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import describe

__all__ = ["SCHEMES", "initial_bias", "initial_weight"]

# For each name: the distribution, and its variance from the numbers of inputs and outputs.
SCHEMES: dict[str, tuple[str, Callable[[int, int], float]]] = {
    "he_normal": ("normal", lambda n_in, n_out: 2 / n_in),
    "he_uniform": ("uniform", lambda n_in, n_out: 2 / n_in),
    "glorot_normal": ("normal", lambda n_in, n_out: 2 / (n_in + n_out)),
    "glorot_uniform": ("uniform", lambda n_in, n_out: 2 / (n_in + n_out)),
    "lecun_normal": ("normal", lambda n_in, n_out: 1 / n_in),
    "lecun_uniform": ("uniform", lambda n_in, n_out: 1 / n_in),
    "torch": ("uniform", lambda n_in, n_out: 1 / (3 * n_in)),
    "zeros": ("constant", lambda n_in, n_out: 0),
}


def initial_weight(
    init: str, in_features: int, out_features: int, *, rng: np.random.Generator
) -> NDArray[np.float64]:
    r"""Draw the weights of a layer with n inputs and m outputs.

    ========== ====================== ================================================
    ``init``   variance               keeps constant, from layer to layer
    ========== ====================== ================================================
    he         2/n                    the activations under ReLU, which halves their
                                      mean square
    glorot     2/(n + m)              activations and gradients, as far as one number
                                      can, under functions like tanh (slope 1 at 0)
    lecun      1/n                    the activations under such functions
    torch      1/(3n)                 nothing: PyTorch's default for `Linear`,
                                      ``kaiming_uniform_(a=√5)``; biases alike
    zeros      0                      everything at 0: for models without hidden units
    ========== ====================== ================================================

    The first three come as ``_normal`` and ``_uniform``; uniform is on ±√(3 · variance).

    Parameters
    ----------
    init : str
        A name from `SCHEMES`, such as ``"he_normal"``.
    in_features, out_features : int
        n and m.
    rng : numpy.random.Generator
        Draws; for ``"zeros"`` it is left untouched.

    Returns
    -------
    ndarray of float64, shape (out_features, in_features)
        A new array.

    Raises
    ------
    ValueError
        ``init`` is not a known name; the message lists them.

    Notes
    -----
    Sources: He, Zhang, Ren & Sun, "Delving deep into rectifiers" (2015), equation 10;
    Glorot & Bengio, "Understanding the difficulty of training deep feedforward neural
    networks" (2010), equations 12 (the variance) and 16 (uniform); LeCun, Bottou, Orr &
    Müller, "Efficient BackProp" (1998), section 4.6.

    Examples
    --------
    >>> weight = initial_weight("glorot_uniform", 300, 300, rng=np.random.default_rng(0))
    >>> bool(abs(weight).max() < 0.1), bool(0.09 < abs(weight).max())
    (True, True)
    """
    if not isinstance(init, str) or init not in SCHEMES:
        raise ValueError(f"init must be one of {', '.join(SCHEMES)}, got {describe(init)}")
    distribution, variance = SCHEMES[init]
    scale, shape = math.sqrt(variance(in_features, out_features)), (out_features, in_features)
    if distribution == "normal":
        weight = rng.standard_normal(shape)
        weight *= scale
        return weight
    if distribution == "uniform":
        return rng.uniform(-math.sqrt(3) * scale, math.sqrt(3) * scale, shape)
    return np.zeros(shape)


def initial_bias(
    init: str, in_features: int, out_features: int, *, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return the biases of a layer: zeros, but under ``"torch"`` uniform on ±1/√n.

    Examples
    --------
    >>> initial_bias("he_normal", 4, 2, rng=np.random.default_rng(0))
    array([0., 0.])
    """
    if init == "torch":
        bound = 1 / math.sqrt(in_features)
        return rng.uniform(-bound, bound, out_features)
    return np.zeros(out_features)

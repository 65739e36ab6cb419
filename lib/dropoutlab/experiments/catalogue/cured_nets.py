"""A net of two hidden layers with one of the cures for overfitting, and its optimiser."""

import numpy as np

from dropoutlab import nn
from dropoutlab.experiments.catalogue.cure_layers import L1, KLSparsity, Shifts
from dropoutlab.experiments.catalogue.strengths import CURES

__all__ = ["cured_net"]

WIDTH, MOMENTUM = 128, 0.9  # of all cures; the width but for a smaller net


def cured_net(
    seed: int, cure: str, lr: float, strength: float = 0.0, second: float = 0.0
) -> tuple[nn.Sequential, nn.Optimizer, np.random.Generator]:
    """Return the net of a cure, its optimiser, and the generator for the order of examples.

    Parameters are those of `train_cure`.

    Raises
    ------
    ValueError
        There is no such cure.

    Examples
    --------
    >>> net, optimizer, order_rng = cured_net(0, "dropout + L2", 0.1, 0.5, 0.001)
    >>> optimizer
    SGD(lr=0.1, momentum=0.9, weight_decay=0.001, 6 parameters)
    """
    if cure not in CURES:
        raise ValueError(f"cure must be one of {', '.join(CURES)}; got {cure!r}")
    weight_rng, order_rng, mask_rng, shift_rng, *_ = np.random.default_rng(seed).spawn(6)
    width = int(strength) if cure == "smaller net" else WIDTH
    layers: list[nn.Module] = []
    if cure == "shifts":
        layers.append(Shifts(int(strength), rng=shift_rng))
    if cure == "dropout + input":
        layers.append(nn.Dropout(second, rng=mask_rng))
    for in_features in (784, width):
        layers += [nn.Linear(in_features, width, rng=weight_rng), nn.ReLU()]
        if cure.startswith("dropout"):
            layers.append(nn.Dropout(strength, rng=mask_rng))
        if cure == "KL sparsity":
            layers.append(KLSparsity(strength, target=second))
    net = nn.Sequential(*layers, nn.Linear(width, 10, rng=weight_rng))
    return net, _optimizer(net, cure, lr, strength, second), order_rng


def _optimizer(
    net: nn.Sequential, cure: str, lr: float, strength: float, second: float
) -> nn.Optimizer:
    if cure == "L1":
        return L1(net.parameters(), lr, momentum=MOMENTUM, strength=strength)
    weight_decay = {"L2": strength, "dropout + L2": second}.get(cure, 0.0)
    sgd = nn.SGD(net.parameters(), lr, momentum=MOMENTUM, weight_decay=weight_decay)
    c = {"max-norm": strength, "dropout + max-norm": second}.get(cure)
    return sgd if c is None else nn.MaxNorm(sgd, c)

"""``family-maps``: what is dropped together on the maps of a small convolutional net.

Single numbers, blocks, maps, or one place in all maps, at four rates; every arm gets the same
budget of tuning, three learning rates, of which the validation digits choose.
"""

from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dropoutlab import data
from dropoutlab.experiments.catalogue.dropout_nets import MOMENTUM, measured_end
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.loop import Diverged

if TYPE_CHECKING:
    import torch

__all__ = ["family_maps", "map_net", "train_maps"]

BATCH_SIZE, N_EPOCHS = 50, 30
MAPS = (12, 24)  # of both layers
BLOCK = 3
KINDS = ("numbers", "blocks", "maps", "places")
RATES = (0.1, 0.2, 0.35, 0.5)
LEARNING_RATES = (0.02, 0.05, 0.1)


def map_net(kind: str, p: float) -> "torch.nn.Sequential":
    """Return a net of two layers of maps for 28 × 28 pixels, with dropout behind both.

    Parameters
    ----------
    kind : str
        What has a coin of its own: see `torch_dropout.SharedDropout`.
    p : float
        Probability of dropping a number, in both layers.

    Examples
    --------
    >>> import torch
    >>> map_net("maps", 0.2)(torch.rand(3, 784)).shape
    torch.Size([3, 10])
    """
    from torch import nn

    from dropoutlab.torch_dropout import SharedDropout

    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.AvgPool2d(2),  # 14 × 14: a processor has to do
        nn.Conv2d(1, MAPS[0], 3, padding=1),
        nn.ReLU(),
        SharedDropout(p, kind, BLOCK),
        nn.MaxPool2d(2),
        nn.Conv2d(MAPS[0], MAPS[1], 3, padding=1),
        nn.ReLU(),
        SharedDropout(p, kind, BLOCK),
        nn.Flatten(),
        nn.Linear(MAPS[1] * 7 * 7, 10),
    )


def train_maps(seed: int, kind: str, p: float, lr: float) -> dict[str, float]:
    """Train one net on 1,000 digits for 600 steps: the run of ``family-maps``.

    Weights, order and digits of a seed are the same in every arm; PyTorch's global generator,
    seeded for the masks, is left as it was.

    Parameters
    ----------
    seed : int
    kind, p
        As for `map_net`; "none" with p = 0 drops nothing.
    lr : float
        Learning rate at the start; it falls to 0 along a cosine.

    Returns
    -------
    dict
        Of the end ``train error``, ``validation error``, ``test error`` and the losses.
    """
    import torch

    from dropoutlab import torch_training

    parts = data.digits(n_train=1000, n_validation=1000, n_test=2000, seed=seed)
    n_steps = N_EPOCHS * len(parts.train) // BATCH_SIZE
    diverged = False
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        net = map_net("numbers" if kind == "none" else kind, p)
        optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=MOMENTUM)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, n_steps)
        optimizer.register_step_post_hook(lambda *_: schedule.step())
        try:
            torch_training.fit(
                net,
                optimizer,
                parts.train,
                n_epochs=N_EPOCHS,
                batch_size=BATCH_SIZE,
                rng=np.random.default_rng(seed),
                progress=False,
            )
        except Diverged:
            diverged = True
    return measured_end(parts, None if diverged else partial(torch_training.evaluate, net))


family_maps = Experiment(
    "family-maps",
    train_maps,
    grid=[
        {"kind": kind, "p": p, "lr": lr}
        for kind, rates in [("none", (0.0,)), *((kind, RATES) for kind in KINDS)]
        for p in rates
        for lr in LEARNING_RATES
    ],
    seeds=range(5),
    description="A small convolutional net on 1,000 digits, by what is dropped together",
)

"""``paper-torch``: one line of the papers' table once more, in PyTorch.

The arms without anything and with dropout, as ``paper-table`` trains them: from the same
weights, on the same batches, at the rates that were tuned in NumPy. The masks are PyTorch's.
"""

from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np

from dropoutlab import data
from dropoutlab.experiments.catalogue.dropout_nets import measured_end
from dropoutlab.experiments.catalogue.paper_arms import (
    BATCH_SIZE,
    P_INPUT,
    WIDTH,
    P,
    paper_net,
    paper_schedules,
)
from dropoutlab.experiments.catalogue.paper_table import tuned_arm
from dropoutlab.experiments.catalogue.paper_tuning import N_EPOCHS
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.loop import Diverged
from dropoutlab.nn.schedules import Schedule

if TYPE_CHECKING:
    import torch

__all__ = ["follow", "paper_torch", "torch_net", "train_arm_in_torch"]


def torch_net(arm: str, *, width: int = WIDTH) -> "torch.nn.Sequential":
    """Return the net of an arm in PyTorch.

    Parameters
    ----------
    arm : {"none", "dropout"}
    width : int, default 1024
        Units of a hidden layer.

    Examples
    --------
    >>> torch_net("dropout", width=8)[0]
    Dropout(p=0.2, inplace=False)
    """
    from torch import nn

    p, p_input = {"none": (0.0, 0.0), "dropout": (P, P_INPUT)}[arm]
    return nn.Sequential(
        nn.Dropout(p_input),
        nn.Linear(784, width),
        nn.ReLU(),
        nn.Dropout(p),
        nn.Linear(width, width),
        nn.ReLU(),
        nn.Dropout(p),
        nn.Linear(width, 10),
    )


def follow(optimizer: "torch.optim.Optimizer", schedules: dict[str, Schedule]) -> None:
    """Have an optimiser of PyTorch set its rates before each step, as `Scheduled` does.

    Parameters
    ----------
    optimizer : torch.optim.Optimizer
        Changed in place.
    schedules : dict
        By the name of what they set, ``"lr"`` or ``"momentum"``.

    Examples
    --------
    >>> import torch
    >>> optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    >>> follow(optimizer, {"lr": lambda step: 0.5**step})
    >>> for _ in range(3):
    ...     optimizer.step()
    >>> optimizer.param_groups[0]["lr"]
    0.25
    """
    n_steps = 0

    def set_rates(optimizer: "torch.optim.Optimizer", *_: Any) -> None:
        nonlocal n_steps
        for group in optimizer.param_groups:
            group.update({name: schedule(n_steps) for name, schedule in schedules.items()})
        n_steps += 1

    optimizer.register_step_pre_hook(set_rates)


def train_arm_in_torch(seed: int, arm: str, device: str = "cpu") -> dict[str, float]:
    """Train one tuned net of width 1,024 in PyTorch and test it: a run of ``paper-torch``.

    Parameters
    ----------
    seed : int
        Also seeds PyTorch's global generator, which draws the masks.
    arm : {"none", "dropout"}
    device : str, default "cpu"
        Where PyTorch computes, such as ``"cuda"``.

    Returns
    -------
    dict
        ``lr`` as it was tuned; of the end, ``train error``, ``train loss``, ``test error`` and
        ``test loss``.

    Raises
    ------
    DataUnavailable
        The files of MNIST are not to be had.
    FileNotFoundError
        ``paper-tuning`` has not been recorded.
    """
    import torch

    from dropoutlab import torch_training

    weight_rng, order_rng, mask_rng = np.random.default_rng(seed).spawn(3)
    parts = data.mnist(n_train=60_000, seed=seed)
    lr, _ = tuned_arm(arm)
    net = torch_net(arm)
    torch_training.copy_weights(paper_net(arm, rng=weight_rng, mask_rng=mask_rng), net)
    net.to(device)
    torch.manual_seed(seed)
    optimizer = torch.optim.SGD(net.parameters(), lr=lr, momentum=0.5)
    follow(optimizer, paper_schedules(lr, N_EPOCHS * len(parts.train) // BATCH_SIZE))
    diverged = False
    try:
        torch_training.fit(
            net,
            optimizer,
            parts.train,
            n_epochs=N_EPOCHS,
            batch_size=BATCH_SIZE,
            rng=order_rng,
            progress=False,
        )
    except Diverged:
        diverged = True
    ends = measured_end(parts, None if diverged else partial(torch_training.evaluate, net))
    return {"lr": lr} | ends


paper_torch = Experiment(
    "paper-torch",
    train_arm_in_torch,
    grid={"arm": ["none", "dropout"]},
    seeds=range(100, 103),
    description="All of MNIST: one line of the papers' table once more, in PyTorch",
)

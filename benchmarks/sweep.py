"""A whole experiment: through `experiments` in two processes, and as a PyTorch loop.

Six rates with five seeds each: data, nets and training of the experiment ``rate``, with the
test error measured once, at the end. PyTorch trains one net after another, with as many
threads as it chooses, from the same initial weights on the same digits.
"""

import time
from typing import Any

import numpy as np
import torch
from side_by_side import enough_rounds

from dropoutlab import experiments, nn, stats, training
from dropoutlab.experiments.catalogue import rate
from dropoutlab.torch_training import copy_weights

Errors = dict[float, np.ndarray]


def train_ours(seed: int, p: float) -> dict[str, float]:
    """Train one of our nets, return its test error."""
    weight_rng, order_rng, mask_rng = np.random.default_rng(seed).spawn(3)
    parts = rate.rate_data(seed)
    net = rate.rate_net(p, rng=weight_rng, mask_rng=mask_rng)
    training.fit(
        net,
        nn.SGD(net.parameters(), lr=rate.LR, momentum=rate.MOMENTUM),
        parts.train,
        n_epochs=rate.N_EPOCHS,
        batch_size=rate.BATCH_SIZE,
        rng=order_rng,
    )
    return {"test error": training.evaluate(net, parts.test).error}


def ours(experiment: experiments.Experiment) -> Errors:
    """Return the test errors of every rate, over the seeds."""
    results = experiments.run(experiment, workers=2, store=False)
    return {s["p"]: results.final("test error", **s) for s in experiment.settings}


def pytorch(experiment: experiments.Experiment) -> Errors:
    """Return the same from a plain loop."""
    return {
        setting["p"]: np.array([train_theirs(seed, setting["p"]) for seed in experiment.seeds])
        for setting in experiment.settings
    }


def train_theirs(seed: int, p: float) -> float:
    """Train one net in PyTorch, return its test error."""
    parts = rate.rate_data(seed)
    x, y = (torch.tensor(array) for array in (parts.train.x, parts.train.y))
    n_in, first, second, n_out = rate.WIDTHS
    net = torch.nn.Sequential(
        torch.nn.Linear(n_in, first), torch.nn.ReLU(), torch.nn.Dropout(p),
        torch.nn.Linear(first, second), torch.nn.ReLU(), torch.nn.Dropout(p),
        torch.nn.Linear(second, n_out),
    )  # fmt: skip
    rng = np.random.default_rng(seed)
    copy_weights(rate.rate_net(p, rng=rng, mask_rng=rng), net)
    torch.manual_seed(seed)
    optimizer = torch.optim.SGD(net.parameters(), lr=rate.LR, momentum=rate.MOMENTUM)
    for _ in range(rate.N_EPOCHS):
        for rows in torch.randperm(len(x)).split(rate.BATCH_SIZE):
            loss = torch.nn.functional.cross_entropy(net(x[rows]), y[rows])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    net.eval()
    with torch.no_grad():
        predicted = net(torch.tensor(parts.test.x)).argmax(dim=1)
    return float((predicted != torch.tensor(parts.test.y)).double().mean())


def timed(run: Any, experiment: experiments.Experiment) -> tuple[float, Errors]:
    """Return how many seconds a way of doing it takes, and its errors."""
    start = time.perf_counter()
    errors = run(experiment)
    return time.perf_counter() - start, errors


def compare(seconds: float) -> dict[str, Any]:
    """Run both in turn, for about so long; compare their times in all, and their errors.

    Two threads that work on one step, PyTorch's here, need cores that lie close together. On
    a virtual machine that changes from one round to the next, and with it the times.
    """
    experiment = experiments.Experiment(
        "sweep", train_ours, grid=rate.rate.settings, seeds=rate.rate.seeds
    )
    rounds = [
        (timed(ours, experiment), timed(pytorch, experiment))
        for _ in enough_rounds(time.perf_counter() + seconds, fewest=1)
    ]
    ours_s, pytorch_s = ([taken for taken, _ in side] for side in zip(*rounds, strict=True))
    (_, mine), (_, theirs) = rounds[0]
    rows, agree = [], True
    for p in mine:
        a, b = stats.mean_interval(mine[p]), stats.mean_interval(theirs[p])
        agree = agree and a.low <= b.high and b.low <= a.high
        rows.append(
            {
                "p": str(p),
                "our error, %": a.scaled(100).text(decimals=2),
                "PyTorch's, %": b.scaled(100).text(decimals=2),
            }
        )
    return {
        "ratio": sum(ours_s) / sum(pytorch_s),
        "seconds": [
            {"round": str(i), "ours s": a, "PyTorch s": b}
            for i, (a, b) in enumerate(zip(ours_s, pytorch_s, strict=True), start=1)
        ],
        "PyTorch's threads": torch.get_num_threads(),
        "errors": rows,
        "errors_agree": agree,
    }

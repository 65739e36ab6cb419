"""Judges ``mean_loss`` and ``fit``: which rows, in which mode, down which gradient."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, one_number, require
from grading.judging.tasks.a4_fit_probe import PROBES
from grading.judging.tasks.a4_fit_runs import (
    N_CLASSES,
    N_FEATURES,
    buffers_of,
    gradient_of,
    kept,
    overfitting,
    some_data,
    validation_losses,
    watch,
)
from grading.judging.tasks.a4_tensors import losses, probe
from grading.running.calls import Name

__all__ = ["FIT"]


def rows(context: Context) -> None:
    """Each epoch visits each row once, in batches, and gives one validation loss."""
    for n, batch_size, n_epochs in [(15, 5, 3), (12, 4, 2), (9, 9, 1)]:
        run = watch(context, some_data(context, n, 8, 0.2), 0.05, n_epochs, batch_size)
        said = run.said["losses"]
        require(isinstance(said, list), "fit does not return a list")
        require(len(said) == n_epochs, "fit does not return one loss for every epoch")
        same = all(map(np.array_equal, run.said["data"], run.data))
        require(same, "train or validation was modified")


def steps(context: Context) -> None:
    """Each step goes down the gradient of its own batch, and of nothing else."""
    run = watch(context, some_data(context, 25, 8, 0.2), 0.3, 3, 5)
    for epoch in run.epochs:
        _down_the_gradient(run.data, epoch)


def _down_the_gradient(data: list[Any], epoch: list[tuple[Any, Any]]) -> None:
    for call, step in epoch:
        x, y = (values[call["rows"]] for values in data[:2])
        wanted = gradient_of(x[:, 1:].astype(float), y, *step["before"])
        close = [
            np.allclose(got, right, rtol=1e-3, atol=1e-4)
            for got, right in zip(step["grads"], wanted, strict=True)
        ]
        words = f"a step on {len(x)} rows is not down the gradient of their mean loss"
        require(all(close), words)


def dropout_on(context: Context) -> None:
    """In every step the whole net is in training mode."""
    run = watch(context, some_data(context, 12, 8, 0.2), 0.1, 4, 4)
    for number, epoch in enumerate(run.epochs, 1):
        for call, _ in epoch:
            require(
                call["mode"] == "train", f"in epoch {number} a step is not in training mode"
            )


def dropout_off(context: Context) -> None:
    """Validation is in evaluation mode, and its losses are those of the whole set."""
    x, y = some_data(context, 14, 3, 0.2)[:2]
    weight = context.rng.normal(size=(N_CLASSES, N_FEATURES)).astype(np.float32)
    bias = context.rng.normal(size=N_CLASSES).astype(np.float32)
    context.worker.probe(PROBES)
    for modes in ([True] * 5, [True, False, True, True, False], [False] * 5):
        arguments = [x, y, weight, bias, modes]
        said, log, after, is_float = probe(
            context, "loss_watched", Name("mean_loss"), *arguments
        )
        require(is_float is True, "mean_loss does not return a Python float")
        _not_training(log, "mean_loss calls the net")
        require(not any(after), "mean_loss does not put the net into evaluation mode")
        wanted = losses(x[:, 1:].astype(float) @ weight.T + bias, y)
        _close(said, wanted, "mean_loss")
    run = watch(context, some_data(context, 12, 17, 0.2), 0.3, 3, 4)
    log = [e for e in run.said["log"] if e["what"] == "call" and e["rows"].min() >= 1000]
    require(bool(log), "fit does not call the net on the validation data")
    _not_training(log, "the validation in fit calls the net")
    for said, wanted in zip(run.said["losses"], validation_losses(run), strict=True):
        _close(said, wanted, "a validation loss of fit")


def _not_training(log: list[Any], what: str) -> None:
    for entry in log:
        require(entry["mode"] == "eval", f"{what} with a part of it in training mode")
        require(not entry["recording"], f"{what} with gradients recorded")


def _close(said: Any, wanted: float, what: str) -> None:
    near = abs(one_number(said, what) - wanted) <= 1e-4 * max(1.0, abs(wanted))
    require(near, f"{what} is not the mean cross-entropy")


def best(context: Context) -> None:
    """The net ends with the state of its best epoch, in evaluation mode."""
    for batch_size in (12, 4):
        run = watch(context, overfitting(context, 12, 0.5), 0.5, 12, batch_size)
        found = np.array(validation_losses(run))
        lowest = np.flatnonzero(found <= found.min() + 1e-5)
        words = "the net does not end with the weights of its best epoch"
        require(bool(set(kept(run)) & set(lowest.tolist())), words)
        words = "the buffers at the end are not those of the best epoch"
        require(any(buffers_of(run, number) for number in lowest.tolist()), words)
        require(not any(run.said["modes"]), "the net does not end in evaluation mode")
    run = watch(context, some_data(context, 9, 8, 0.2), 0.0, 3, 9)
    require(buffers_of(run, 0), "of equal losses the earliest does not count")


def other_runs(context: Context) -> None:
    """Many epochs, huge losses, a best epoch at either end; lr and grad mode stay."""
    for n_epochs, lr, scale in [
        (40, 0.02, 1.0),
        (3, 0.0, 3e3),
        (3, 0.05, 300.0),
        (5, 0.05, 1.0),
        (1, 0.1, 1.0),
    ]:
        run = watch(context, some_data(context, 10, 6, 0.5), lr, n_epochs, 5, scale=scale)
        found = validation_losses(run)
        require(len(run.said["losses"]) == n_epochs, "fit does not return a loss an epoch")
        for said, wanted in zip(run.said["losses"], found, strict=True):
            _close(said, wanted, f"a validation loss near {wanted:.2g}")
        lowest = set(np.flatnonzero(np.array(found) <= min(found) + 1e-5 * scale).tolist())
        words = f"after {n_epochs} epochs the net does not have the weights of the best one"
        require(bool(set(kept(run)) & lowest), words)
        require(run.said["floats"] is True, "fit does not return Python floats")
        require(run.said["kept"] is True, "the optimiser's rate or requires_grad is changed")
        require(run.said["grad_mode"] is True, "afterwards no gradients are recorded any more")


def last_batch(context: Context) -> None:
    """The last batch may be smaller, and the only one smaller than asked for."""
    for n, batch_size, n_epochs in [(13, 5, 3), (9, 20, 2), (7, 6, 2)]:
        data = some_data(context, n, 8, 0.2)
        for epoch in watch(context, data, 0.2, n_epochs, batch_size).epochs:
            _down_the_gradient(data, epoch)


def order(context: Context) -> None:
    """The generator alone decides the order, and the global one stays as it is."""
    data, seed = some_data(context, 24, 8, 0.2), context.seed()
    runs = [watch(context, data, 0.05, 2, 6, s) for s in (seed, seed, seed + 1)]
    orders = [
        [np.concatenate([call["rows"] for call, _ in epoch]).tolist() for epoch in run.epochs]
        for run in runs
    ]
    require(orders[0] == orders[1], "the order is not decided by the generator alone")
    require(orders[0] != orders[2], "another generator makes the same order")
    require(orders[0][0] != orders[0][1], "two epochs have the same order")
    untouched = all(run.said["untouched"] for run in runs)
    require(untouched, "PyTorch's global generator is used")


FIT = Task(
    "fit",
    [
        Criterion(1, "each epoch visits each row once and gives a loss", rows),
        Criterion(0.5, "batches that are smaller than asked for", last_batch),
        Criterion(1.5, "each step goes down its own batch's gradient", steps),
        Criterion(1.5, "every step is in training mode", dropout_on),
        Criterion(1.5, "losses are right, and measured in evaluation mode", dropout_off),
        Criterion(1, "the net ends with the state of its best epoch", best),
        Criterion(0.5, "many epochs, large losses; the optimiser is as before", other_runs),
        Criterion(0.5, "the generator alone decides the order", order),
    ],
    needs=("mean_loss", "fit"),
)

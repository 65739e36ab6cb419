"""Judges ``mean_loss`` and ``fit``: which rows, in which mode, down which gradient."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.calls import Name
from grading.task import Context, Criterion, Task, one_number, require
from grading.tasks.a4_fit_probe import PROBES
from grading.tasks.a4_tensors import Floats, losses, probe, softmax

__all__ = ["FIT"]

N_FEATURES, N_CLASSES = 6, 3


@dataclass
class Run:
    """One watched run of ``fit``, and what belongs to it.

    Attributes
    ----------
    data : list of ndarray
        x, y and those of validation; the first column of x numbers the rows.
    said : dict
        What came back: losses, log, state, modes.
    epochs : list of list
        The steps of each epoch: pairs of a call with a backward pass, and a step.
    """

    data: list[Any]
    said: dict[str, Any]
    epochs: list[list[tuple[Any, Any]]]


def some_data(context: Context, n: int, n_new: int, noise: float) -> list[Any]:
    """Return x, y, x_new, y_new of a linear problem, a share of whose labels is random."""
    rng, data = context.rng, []
    directions = rng.normal(size=(N_FEATURES, N_CLASSES))
    for start, size in [(0, n), (1000, n_new)]:
        features = rng.normal(size=(size, N_FEATURES))
        y = (features @ directions).argmax(axis=1)
        y = np.where(rng.random(size) < noise, rng.integers(N_CLASSES, size=size), y)
        numbers = start + np.arange(size)
        data += [np.column_stack([numbers, features]).astype(np.float32), y.astype(np.int64)]
    return data


def watch(
    context: Context,
    data: list[Any],
    lr: float,
    n_epochs: int,
    batch_size: int,
    seed: int | None = None,
) -> Run:
    """Let the learner's ``fit`` train a net that writes down what happens to it."""
    context.worker.probe(PROBES)
    weight = context.rng.normal(size=(N_CLASSES, N_FEATURES)).astype(np.float32)
    bias = context.rng.normal(size=N_CLASSES).astype(np.float32)
    seed = context.seed() if seed is None else seed
    numbers = [lr, n_epochs, batch_size, seed, context.seed()]
    said = probe(context, "train_watched", Name("fit"), data, weight, bias, *numbers)
    return Run(data, said, _epochs(said["log"], len(data[0]), batch_size, n_epochs))


def _epochs(log: list[Any], n: int, batch_size: int, n_epochs: int) -> list[Any]:
    """Return the steps by epoch; raise `Wrong` unless each epoch visits each row once."""
    steps: list[tuple[Any, Any]] = []
    call: Any = None
    for entry in log:
        if entry["what"] == "step":
            require(call is not None, "the optimiser steps without a backward pass")
            steps.append((call, entry))
            call = None
        elif entry["backward"]:
            call = entry
    sizes = [min(batch_size, n - start) for start in range(0, n, batch_size)]
    found = [len(call["rows"]) for call, _ in steps]
    require(
        found == sizes * n_epochs,
        "the steps are not one for each batch of each epoch, in the sizes that are asked for",
    )
    epochs = [steps[i : i + len(sizes)] for i in range(0, len(steps), len(sizes))]
    for epoch in epochs:
        rows = np.concatenate([call["rows"] for call, _ in epoch])
        require(
            np.array_equal(np.sort(rows), np.arange(n)), "an epoch does not visit each row once"
        )
    return epochs


def rows(context: Context) -> None:
    """Each epoch visits each row once, in batches, and gives one validation loss."""
    for n, batch_size, n_epochs in [(13, 5, 3), (12, 4, 2), (9, 20, 1)]:
        run = watch(context, some_data(context, n, 8, 0.2), 0.05, n_epochs, batch_size)
        said = run.said["losses"]
        require(isinstance(said, list), "fit does not return a list")
        require(len(said) == n_epochs, "fit does not return one loss for every epoch")
        same = all(map(np.array_equal, run.said["data"], run.data))
        require(same, "train or validation was modified")


def gradient_of(x: Floats, y: NDArray[np.int64], weight: Floats, bias: Floats) -> list[Floats]:
    """Return the gradient of the mean cross-entropy with respect to weight and bias."""
    error = softmax(x @ weight.T + bias) - np.eye(N_CLASSES)[y]
    return [error.T @ x / len(x), error.mean(axis=0)]


def steps(context: Context) -> None:
    """Each step goes down the gradient of its own batch, and of nothing else."""
    run = watch(context, some_data(context, 23, 8, 0.2), 0.3, 3, 5)
    for epoch in run.epochs:
        for call, step in epoch:
            x, y = (values[call["rows"]] for values in run.data[:2])
            wanted = gradient_of(x[:, 1:].astype(float), y, *step["before"])
            close = [
                np.allclose(got, right, rtol=1e-3, atol=1e-4)
                for got, right in zip(step["grads"], wanted, strict=True)
            ]
            require(all(close), "a step is not down the gradient of its batch's mean loss")


def dropout_on(context: Context) -> None:
    """In every step the whole net is in training mode."""
    run = watch(context, some_data(context, 11, 8, 0.2), 0.1, 4, 4)
    for number, epoch in enumerate(run.epochs, 1):
        for call, _ in epoch:
            require(
                call["mode"] == "train", f"in epoch {number} a step is not in training mode"
            )


def _validation_losses(run: Run) -> list[float]:
    """Return the loss after each epoch, of the weights that the optimiser left."""
    x, y = run.data[2][:, 1:].astype(float), run.data[3]
    found = []
    for epoch in run.epochs:
        weight, bias = epoch[-1][1]["after"]
        found.append(losses(x @ weight.T + bias, y))
    return found


def dropout_off(context: Context) -> None:
    """Validation is in evaluation mode, and its losses are those of the whole set."""
    x, y = some_data(context, 14, 3, 0.2)[:2]
    weight = context.rng.normal(size=(N_CLASSES, N_FEATURES)).astype(np.float32)
    bias = context.rng.normal(size=N_CLASSES).astype(np.float32)
    context.worker.probe(PROBES)
    for modes in ([True] * 5, [True, False, True, True, False], [False] * 5):
        arguments = [x, y, weight, bias, modes]
        said, log, after = probe(context, "loss_watched", Name("mean_loss"), *arguments)
        _not_training(log, "mean_loss calls the net")
        require(not any(after), "mean_loss does not put the net into evaluation mode")
        wanted = losses(x[:, 1:].astype(float) @ weight.T + bias, y)
        _close(said, wanted, "mean_loss")
    run = watch(context, some_data(context, 11, 17, 0.2), 0.3, 3, 4)
    log = [e for e in run.said["log"] if e["what"] == "call" and e["rows"].min() >= 1000]
    require(bool(log), "fit does not call the net on the validation data")
    _not_training(log, "the validation in fit calls the net")
    for said, wanted in zip(run.said["losses"], _validation_losses(run), strict=True):
        _close(said, wanted, "a validation loss of fit")


def _not_training(log: list[Any], what: str) -> None:
    for entry in log:
        require(entry["mode"] == "eval", f"{what} with a part of it in training mode")
        require(not entry["recording"], f"{what} with gradients recorded")


def _close(said: Any, wanted: float, what: str) -> None:
    near = abs(one_number(said, what) - wanted) <= 1e-4 * max(1.0, abs(wanted))
    require(near, f"{what} is not the mean cross-entropy")


def overfitting(context: Context, n_epochs: int, lr: float) -> list[Any]:
    """Return data whose validation loss falls and rises, by whole-batch descent from zero."""
    while True:
        data = some_data(context, 12, 40, 0.4)
        x, y, x_new, y_new = data[0][:, 1:], data[1], data[2][:, 1:], data[3]
        weight, bias, found = np.zeros((N_CLASSES, N_FEATURES)), np.zeros(N_CLASSES), []
        for _ in range(n_epochs):
            for value, slope in zip(
                (weight, bias), gradient_of(x, y, weight, bias), strict=True
            ):
                value -= lr * slope
            found.append(losses(x_new @ weight.T + bias, y_new))
        lowest = int(np.argmin(found))
        if 0 < lowest < n_epochs - 2 and found[-1] > found[lowest] + 0.02:
            return data


def _kept(run: Run, tolerance: float = 1e-4) -> list[int]:
    """Return the epochs whose weights the net has at the end, as far as one can tell."""
    weight, bias = run.said["state"][:2]
    return [
        number
        for number, epoch in enumerate(run.epochs)
        if np.allclose(epoch[-1][1]["after"][0], weight, rtol=0, atol=tolerance)
        and np.allclose(epoch[-1][1]["after"][1], bias, rtol=0, atol=tolerance)
    ]


def _buffers_of(run: Run, number: int) -> bool:
    """Say whether the net's counter of calls is what it was between an epoch and the next."""
    counts, n_calls = [], 0
    for entry in run.said["log"]:
        if entry["what"] == "step":
            counts.append(n_calls)
        else:
            n_calls += bool(entry["counted"])
    n_steps = len(run.epochs[0])
    after = (number + 1) * n_steps
    least = counts[after - 1]
    most = counts[after] - 1 if after < len(counts) else n_calls
    return least <= float(run.said["state"][2][0]) <= max(least, most)


def best(context: Context) -> None:
    """The net ends with the state of its best epoch, in evaluation mode."""
    for batch_size in (12, 5):
        run = watch(context, overfitting(context, 12, 0.5), 0.5, 12, batch_size)
        found = np.array(_validation_losses(run))
        lowest = np.flatnonzero(found <= found.min() + 1e-5)
        words = "the net does not end with the weights of its best epoch"
        kept = set(_kept(run)) & set(lowest.tolist())
        require(bool(kept), words)
        words = "the buffers at the end are not those of the best epoch"
        require(any(_buffers_of(run, number) for number in lowest.tolist()), words)
        require(not any(run.said["modes"]), "the net does not end in evaluation mode")
    run = watch(context, some_data(context, 9, 8, 0.2), 0.0, 3, 9)
    require(_buffers_of(run, 0), "of equal losses the earliest does not count")


def order(context: Context) -> None:
    """The generator alone decides the order, and the global one stays as it is."""
    data, seed = some_data(context, 23, 8, 0.2), context.seed()
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
        Criterion(1.5, "each epoch visits each row once and gives a loss", rows),
        Criterion(1.5, "each step goes down its own batch's gradient", steps),
        Criterion(1.5, "every step is in training mode", dropout_on),
        Criterion(1.5, "losses are right, and measured in evaluation mode", dropout_off),
        Criterion(1.5, "the net ends with the state of its best epoch", best),
        Criterion(0.5, "the generator alone decides the order", order),
    ],
    needs=("mean_loss", "fit"),
)

"""Watched runs of a learner's ``fit``, and the data that they are given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, require
from grading.judging.tasks.a4_fit_probe import PROBES
from grading.judging.tasks.a4_tensors import Floats, losses, probe, softmax
from grading.running.calls import Name

__all__ = [
    "N_CLASSES", "N_FEATURES", "Run", "buffers_of", "gradient_of", "kept", "overfitting",
    "some_data", "validation_losses", "watch",
]  # fmt: skip

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
    scale: float = 1.0,
) -> Run:
    """Let the learner's ``fit`` train a net that writes down what happens to it."""
    context.worker.probe(PROBES)
    weight = (scale * context.rng.normal(size=(N_CLASSES, N_FEATURES))).astype(np.float32)
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
    wanted = sizes * n_epochs
    words = f"there are {len(found)} steps in {n_epochs} epochs, not {len(wanted)}: one a batch"
    require(len(found) == len(wanted), words)
    words = f"the first epoch's batches have {found[: len(sizes)]} rows, not {sizes}"
    require(found[: len(sizes)] == sizes, words)
    require(found == wanted, "a later epoch has batches of other sizes than the first")
    epochs = [steps[i : i + len(sizes)] for i in range(0, len(steps), len(sizes))]
    for epoch in epochs:
        rows = np.concatenate([call["rows"] for call, _ in epoch])
        require(
            np.array_equal(np.sort(rows), np.arange(n)), "an epoch does not visit each row once"
        )
    return epochs


def gradient_of(x: Floats, y: NDArray[np.int64], weight: Floats, bias: Floats) -> list[Floats]:
    """Return the gradient of the mean cross-entropy with respect to weight and bias."""
    error = softmax(x @ weight.T + bias) - np.eye(N_CLASSES)[y]
    return [error.T @ x / len(x), error.mean(axis=0)]


def validation_losses(run: Run) -> list[float]:
    """Return the loss after each epoch, of the weights that the optimiser left."""
    x, y = run.data[2][:, 1:].astype(float), run.data[3]
    found = []
    for epoch in run.epochs:
        weight, bias = epoch[-1][1]["after"]
        found.append(losses(x @ weight.T + bias, y))
    return found


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


def kept(run: Run, tolerance: float = 1e-4) -> list[int]:
    """Return the epochs whose weights the net has at the end, as far as one can tell."""
    weight, bias = run.said["state"][:2]
    return [
        number
        for number, epoch in enumerate(run.epochs)
        if np.allclose(epoch[-1][1]["after"][0], weight, rtol=0, atol=tolerance)
        and np.allclose(epoch[-1][1]["after"][1], bias, rtol=0, atol=tolerance)
    ]


def buffers_of(run: Run, number: int) -> bool:
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

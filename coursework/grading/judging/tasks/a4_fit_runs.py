"""Watched runs of a learner's ``fit``, and the data that they are given."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.task import Context, require
from grading.judging.tasks.a4_fit_probe import PROBES
from grading.judging.tasks.a4_tensors import Floats, losses, probe, softmax
from grading.running.calls import Name

__all__ = [
    "N_CLASSES", "N_FEATURES", "N_MODULES", "Run", "gradient_of", "kept", "lowest",
    "overfitting", "some_data", "validation_losses", "watch", "wrong_buffers", "zigzag",
]  # fmt: skip

N_FEATURES, N_CLASSES = 6, 3
N_MODULES = 6  # of the net that is trained


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
    shape: tuple[int, ...] | None = None,
    bare: bool = False,
    modes: Sequence[bool] = (True,) * N_MODULES,
) -> Run:
    """Let the learner's ``fit`` train a net that writes down what happens to it.

    Where ``bare``, the optimiser has the two methods of the task and nothing else; ``modes``
    says which modules are in training mode before.
    """
    rows = f"{len(data[0])} rows of shape {shape or (N_FEATURES + 1,)}"
    only = ", and an optimiser that has only zero_grad() and step()" if bare else ""
    context.at(f"with {rows}, batch_size = {batch_size} and n_epochs = {n_epochs}{only}")
    context.worker.probe(PROBES)
    weight = (scale * context.rng.normal(size=(N_CLASSES, N_FEATURES))).astype(np.float32)
    bias = context.rng.normal(size=N_CLASSES).astype(np.float32)
    seed = context.seed() if seed is None else seed
    numbers = [lr, n_epochs, batch_size, seed, context.seed(), shape, bare, list(modes)]
    said = probe(context, "train_watched", Name("fit"), data, weight, bias, *numbers)
    return Run(data, said, _epochs(said["log"], len(data[0]), batch_size, n_epochs))


def _epochs(log: list[Any], n: int, batch_size: int, n_epochs: int) -> list[Any]:
    """Return the steps by epoch; raise `Wrong` unless each epoch visits each row once."""
    steps: list[tuple[Any, Any]] = []
    call: Any = None
    for entry in log:
        if entry["what"] == "step":
            words = f"step {len(steps) + 1} of the optimiser comes without a backward pass"
            require(call is not None, f"{words} through the net, where each needs one")
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
    for number in range(1, n_epochs):
        later = found[number * len(sizes) : (number + 1) * len(sizes)]
        require(
            later == sizes, f"the batches of epoch {number + 1} have {later} rows, not {sizes}"
        )
    epochs = [steps[i : i + len(sizes)] for i in range(0, len(steps), len(sizes))]
    for number, epoch in enumerate(epochs, 1):
        rows = np.concatenate([call["rows"] for call, _ in epoch])
        once = np.intersect1d(rows, np.arange(n)).size
        words = (
            f"epoch {number} does not visit each row of train once: it visits {once}, not {n}"
        )
        require(once == n, words)
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


def zigzag(run: Run) -> bool:
    """Say whether the loss rises after its lowest, falls again, and stays above it."""
    found = np.array(validation_losses(run))
    best = int(found.argmin())
    later = found[best + 1 :]
    falls = later.size > 2 and bool(np.any(later[1:] < later[:-1] - 0.01))
    return falls and bool(later.min() > found[best] + 0.01)


def lowest(run: Run) -> list[int]:
    """Return the epochs with the lowest loss: more than one where float32 cannot tell."""
    found = np.array(validation_losses(run))
    near = 1e-6 * max(1.0, float(np.abs(found.min())))
    return [int(number) for number in np.flatnonzero(found <= found.min() + near)]


def kept(run: Run) -> list[int]:
    """Return the epochs whose weights the net has at the end."""
    state = run.said["state"][:2]
    return [
        number
        for number, epoch in enumerate(run.epochs)
        if all(map(np.array_equal, epoch[-1][1]["after"], state))
    ]


BUFFERS = ("a buffer", "a buffer of whole numbers", "the extra state")


def wrong_buffers(run: Run, number: int) -> list[str]:
    """Return which counters of calls are not what they were between an epoch and the next."""
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
    values = [np.ravel(value)[0] for value in run.said["state"][2:]]
    pairs = zip(BUFFERS, values, strict=True)
    return [name for name, value in pairs if not least <= value <= max(least, most)]

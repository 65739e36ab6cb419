"""Judges ``build_net`` and the class ``Reader`` by what goes through their linear layers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, require
from grading.judging.tasks.a2_forward import away_from_zero, some_p
from grading.judging.tasks.a4_tensors import LOOK, Floats, check_dropped, look, probe
from grading.running.calls import Opaque

__all__ = ["BUILD", "READER"]


def _make(context: Context, name: str, *args: Any) -> Any:
    made = context.call(name, *args, keep=True).object
    assert isinstance(made, Opaque)
    return made


def _shapes(n_inputs: int, width: int, depth: int, n_classes: int) -> list[tuple[int, int]]:
    sizes = [n_inputs, *[width] * depth, n_classes]
    return [(after, before) for before, after in pairwise(sizes)]


def some_width(context: Context, low: float, high: float) -> tuple[int, float, int]:
    """Return n, p and n / (1 − p) rounded, whose fraction lies between two limits."""
    while True:
        n = int(context.rng.integers(11, 25))
        p = some_p(context.rng, 0.25, 0.6)
        if low < n / (1 - p) % 1 < high:
            return n, p, round(n / (1 - p))


def check_evaluation(context: Context, net: Any, x: Floats, shapes: list[Any]) -> None:
    """Raise `Wrong` unless in evaluation mode each layer gets the last one's ReLU."""
    layers = look(context, net, x, "eval", shapes)
    before = x
    for given, result in layers:
        words = "in evaluation mode a linear layer does not get what it should"
        require(np.allclose(given, before, rtol=1e-5, atol=1e-6), words)
        before = np.maximum(result, 0)
    again = look(context, net, x, "", shapes)
    same = np.array_equal(again[-1][1], layers[-1][1])
    require(same, "in evaluation mode two calls differ")


def check_training(
    context: Context, net: Any, x: Floats, shapes: list[Any], ps: tuple[float, float]
) -> None:
    """Raise `Wrong` unless in the mode that is, inputs and hidden units are dropped."""
    calls = [look(context, net, x, "", shapes) for _ in range(2)]
    for layers in calls:
        check_dropped(context, layers[0][0], x, ps[0], "the inputs")
        for (_, result), (given, _) in pairwise(layers):
            check_dropped(context, given, np.maximum(result, 0), ps[1], "a hidden layer")
    if any(ps):
        differ = not np.array_equal(calls[0][-1][1], calls[1][-1][1])
        require(differ, "in training mode two calls are the same")


def architecture(context: Context) -> None:
    """Widths are n / (1 − p), rounded; without dropout the net computes what it should."""
    context.worker.probe(LOOK)
    for depth, limits in [(1, (0.1, 0.4)), (2, (0.6, 0.9)), (3, (0.1, 0.4))]:
        n, p, width = some_width(context, *limits)
        net = _make(context, "build_net", 13, n, depth, 4, some_p(context.rng, 0.1, 0.3), p)
        x = away_from_zero(context.rng, (9, 13), np.float32)
        check_evaluation(context, net, x, _shapes(13, width, depth, 4))


def dropout(context: Context) -> None:
    """Inputs and hidden units are dropped with their own p, and logits are not."""
    context.worker.probe(LOOK)
    for depth in (1, 3):
        n, p, width = some_width(context, 0.6, 0.9)
        p_input = some_p(context.rng, 0.1, 0.2)
        net = _make(context, "build_net", 13, n, depth, 4, p_input, p)
        x = away_from_zero(context.rng, (60, 13), np.float32)
        check_training(context, net, x, _shapes(13, width, depth, 4), (p_input, p))


def _modes(context: Context, net: Any, shapes: list[Any], ps: tuple[float, float]) -> None:
    x = away_from_zero(context.rng, (40, shapes[0][1]), np.float32)
    check_training(context, net, x, shapes, ps)
    check_evaluation(context, net, x, shapes)
    look(context, net, x, "train", shapes)
    check_training(context, net, x, shapes, ps)


def start(context: Context) -> None:
    """Weights and biases of a new net are as PyTorch initialises them, and can be trained."""
    context.worker.probe(LOOK)
    for depth in (1, 3):
        n, p, width = some_width(context, 0.1, 0.4)
        net = _make(context, "build_net", 13, n, depth, 4, 0.2, p)
        x = away_from_zero(context.rng, (9, 13), np.float32)
        look(context, net, x, "eval", _shapes(13, width, depth, 4), new=True)


def reader_start(context: Context) -> None:
    """Weights and biases of a new net are as PyTorch initialises them, and can be trained."""
    for _ in range(2):
        net, shapes = _reader(context, 0.3)
        x = away_from_zero(context.rng, (9, shapes[0][1]), np.float32)
        look(context, net, x, "eval", shapes, new=True)


def build_modes(context: Context) -> None:
    """A new net trains; eval() and train() switch."""
    context.worker.probe(LOOK)
    n, p, width = some_width(context, 0.1, 0.4)
    net = _make(context, "build_net", 12, n, 2, 3, 0.25, p)
    _modes(context, net, _shapes(12, width, 2, 3), (0.25, p))


def other_sizes(context: Context) -> None:
    """Nets of one unit, of four layers and of one class; p near 1."""
    context.worker.probe(LOOK)
    for n, depth, n_classes, p in [
        (1, 1, 2, 0.0),
        (7, 4, 1, 0.3),
        (5, 1, 9, 0.9),
        (3, 2, 3, 0.45),
    ]:
        net = _make(context, "build_net", 6, n, depth, n_classes, 0.1, p)
        shapes = _shapes(6, round(n / (1 - p)), depth, n_classes)
        x = away_from_zero(context.rng, (30, 6), np.float32)
        _modes_of(context, net, x, shapes, (0.1, p))


def _modes_of(
    context: Context, net: Any, x: Floats, shapes: list[Any], ps: tuple[float, float]
) -> None:
    check_evaluation(context, net, x, shapes)
    layers = look(context, net, x, "train", shapes)
    check_dropped(context, layers[0][0], x, ps[0], "the inputs")
    for (_, result), (given, _) in pairwise(layers):
        check_dropped(context, given, np.maximum(result, 0), ps[1], "a hidden layer")


def without(context: Context) -> None:
    """Each p can be 0."""
    context.worker.probe(LOOK)
    for p_input, p in [(0.0, 0.0), (0.25, 0.0), (0.0, 0.5)]:
        net = _make(context, "build_net", 9, 15, 2, 3, p_input, p)
        x = away_from_zero(context.rng, (40, 9), np.float32)
        shapes = _shapes(9, round(15 / (1 - p)), 2, 3)
        check_training(context, net, x, shapes, (p_input, p))


def _reader(context: Context, p: float) -> tuple[Any, list[tuple[int, int]]]:
    context.worker.probe(LOOK)
    n_inputs, n_hidden, n_classes = (
        int(n) for n in context.rng.integers((5, 30, 3), (9, 50, 6))
    )
    net = _make(context, "Reader", n_inputs, n_hidden, n_classes, p)
    return net, _shapes(n_inputs, n_hidden, 1, n_classes)


def reader_evaluation(context: Context) -> None:
    """In evaluation mode the net is its two layers with a ReLU between them."""
    for p in (0.0, some_p(context.rng, 0.2, 0.4)):
        net, shapes = _reader(context, p)
        x = away_from_zero(context.rng, (9, shapes[0][1]), np.float32)
        check_evaluation(context, net, x, shapes)


def reader_training(context: Context) -> None:
    """Hidden units are dropped with probability p, and logits are not."""
    for p in (0.0, some_p(context.rng, 0.1, 0.2), some_p(context.rng, 0.7, 0.8)):
        net, shapes = _reader(context, p)
        x = away_from_zero(context.rng, (50, shapes[0][1]), np.float32)
        look(context, net, x, "train", shapes)
        check_training(context, net, x, shapes, (0.0, p))


NAMES = """
def names_of(net):
    layers = [getattr(net, name, None) for name in ("hidden", "out")]
    found = [isinstance(layer, torch.nn.Linear) for layer in layers]
    shapes = [list(l.weight.shape) if f else [] for l, f in zip(layers, found)]
    return shapes, sorted(net.state_dict())
"""


def reader_names(context: Context) -> None:
    """The linear layers are called hidden and out."""
    net, shapes = _reader(context, 0.3)
    context.worker.probe(NAMES)
    found, state = probe(context, "names_of", net)
    require(found == [list(s) for s in shapes], "the linear layers are not hidden and out")
    wanted = ["hidden.bias", "hidden.weight", "out.bias", "out.weight"]
    require(state == wanted, f"the state of the net is {', '.join(state)}")


def reader_modes(context: Context) -> None:
    """A new net trains; eval() and train() switch."""
    p = some_p(context.rng, 0.3, 0.6)
    net, shapes = _reader(context, p)
    _modes(context, net, shapes, (0.0, p))


BUILD = Task(
    "build_net",
    [
        Criterion(2, "the widths, and what the net computes without dropout", architecture),
        Criterion(1, "inputs and hidden units are dropped, logits are not", dropout),
        Criterion(0.5, "how weights and biases of a new net start", start),
        Criterion(1, "a new net trains; eval() and train() switch", build_modes),
        Criterion(0.25, "each p can be 0", without),
        Criterion(0.25, "other sizes", other_sizes),
    ],
)

READER = Task(
    "reader",
    [
        Criterion(0.75, "evaluation: two layers and a ReLU", reader_evaluation),
        Criterion(0.25, "how weights and biases of a new net start", reader_start),
        Criterion(0.25, "the layers are hidden and out", reader_names),
        Criterion(1.25, "hidden units are dropped with p, logits are not", reader_training),
        Criterion(0.5, "a new net trains; eval() and train() switch", reader_modes),
    ],
    needs=("Reader",),
)

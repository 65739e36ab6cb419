"""Judges ``build_net`` and the class ``Reader`` by what goes through their linear layers."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np

from grading.harmless import one_line
from grading.judging.task import Context, Criterion, Task, alike, require
from grading.judging.tasks.a2_forward import away_from_zero, some_p
from grading.judging.tasks.a4_tensors import (
    LOOK,
    Floats,
    check_dropped,
    check_gradient,
    look,
    probe,
)
from grading.running.calls import Name, Opaque

__all__ = ["BUILD", "READER"]


def _make(context: Context, name: str, *args: Any) -> Any:
    shown = ", ".join(f"{v:.6g}" for v in args)
    context.at(f"with {name}({shown})")
    made = context.call(name, *args, keep=True).object
    assert isinstance(made, Opaque)
    return made


def _another(context: Context, name: str, *args: Any) -> None:
    """Make a net that is not asked anything: it must change nothing in the one before."""
    where = context.where
    _make(context, name, *args)
    context.at(f"{where}, after {name}{args} has made another net")


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
    for number, (given, result) in enumerate(layers):
        what = "the ReLU of what the linear layer before it computes" if number else "x"
        words = f"in evaluation mode linear layer {number + 1} does not get {what}: its input"
        alike(given, before, words, np.isclose(given, before, rtol=1e-5, atol=1e-6))
        before = np.maximum(result, 0)
    again = look(context, net, x, "", shapes)
    words = "in evaluation mode a second call gives other logits than the first: logits"
    alike(again[-1][1], layers[-1][1], words)


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
        require(
            differ,
            "in training mode two calls give the same logits, where other units are dropped",
        )


WITHIN = """
def within(net, x, mode):
    torch.nn.Sequential(torch.nn.Identity(), torch.nn.ModuleList([net])).train(mode)
    with torch.no_grad():
        return np.stack([array(net(torch.from_numpy(x))) for _ in range(2)])
"""
TWO = """
def two(make, args, seeds):
    nets = []
    for seed in seeds:
        if seed is not None:
            torch.manual_seed(seed)
        nets.append(make(*args))
    values = [[array(v).copy() for v in net.parameters()] for net in nets]
    moved = torch.initial_seed() != seeds[0]
    with torch.no_grad():
        for value in nets[0].parameters():
            value.add_(1.0)
    kept = all(np.array_equal(old, array(new))
               for old, new in zip(values[1], nets[1].parameters()))
    equal = any(np.array_equal(a, b) for a, b in zip(*values))
    return {"equal": equal, "kept": kept, "moved": moved}
"""


def two_nets(context: Context, name: str, *args: Any) -> None:
    """Raise `Wrong` unless each call makes a net of its own, with weights of its own."""
    context.worker.probe(LOOK + TWO)
    first, second = context.seed(), context.seed()
    for seeds in ([first, None], [first, second]):
        shown = ", ".join(f"{v:.6g}" for v in args)
        context.at(f"with two nets {name}({shown})")
        said = probe(context, "two", Name(name), args, seeds)
        words = "the two share parameters, where each has to have its own"
        require(said["kept"] is True, words)
        words = "the two have equal first weights in a layer, where each draws its own"
        require(said["equal"] is False, words)
        words = "torch.initial_seed(), of the global generator, is another than before"
        require(said["moved"] is (seeds[1] is not None), words)


def plain_width(context: Context) -> tuple[int, float, int]:
    """Return n, p and n / (1 − p), which is a whole number."""
    p, n, width = [(0.2, 12, 15), (0.25, 12, 16), (0.5, 9, 18), (0.6, 10, 25)][
        int(context.rng.integers(4))
    ]
    return n, p, width


def architecture(context: Context) -> None:
    """Widths are n / (1 − p); without dropout the net computes what it should."""
    context.worker.probe(LOOK)
    for depth in (1, 2, 3):
        n, p, width = plain_width(context)
        net = _make(context, "build_net", 13, n, depth, 4, some_p(context.rng, 0.1, 0.3), p)
        x = away_from_zero(context.rng, (9, 13), np.float32)
        check_evaluation(context, net, x, _shapes(13, width, depth, 4))


def rounding(context: Context) -> None:
    """Where n / (1 − p) is no whole number, it is rounded to the nearest."""
    context.worker.probe(LOOK)
    for depth, limits in [(1, (0.1, 0.4)), (2, (0.6, 0.9)), (3, (0.1, 0.4)), (1, (0.6, 0.9))]:
        n, p, width = some_width(context, *limits)
        net = _make(context, "build_net", 13, n, depth, 4, some_p(context.rng, 0.1, 0.3), p)
        x = away_from_zero(context.rng, (5, 13), np.float32)
        found = [w.shape for w, *_ in probe(context, "look", net, x, "eval")[1]]
        shapes = _shapes(13, width, depth, 4)
        words = f"the linear layers have the shapes {found}"
        require(found == shapes, f"{words}, not {shapes}")


def dropout(context: Context) -> None:
    """Inputs and hidden units are dropped with their own p, and logits are not."""
    context.worker.probe(LOOK)
    for depth in (1, 3):
        n, p, width = plain_width(context)
        p_input = some_p(context.rng, 0.1, 0.2)
        net = _make(context, "build_net", 13, n, depth, 4, p_input, p)
        x = away_from_zero(context.rng, (150, 13), np.float32)
        _another(context, "build_net", 13, n, depth, 4, 0.9, 0.05)
        check_training(context, net, x, _shapes(13, width, depth, 4), (p_input, p))
        w = away_from_zero(context.rng, (20, 4), np.float32)
        check_gradient(context, net, x[:20], w)


def _modes(context: Context, net: Any, shapes: list[Any], ps: tuple[float, float]) -> None:
    """Raise `Wrong` unless a new net drops, eval() ends that and train() brings it back."""
    x = away_from_zero(context.rng, (40, shapes[0][1]), np.float32)
    for mode in ("", "eval", "train", "eval", "eval", "train"):
        for recording in (True, False):
            probe(context, "record", recording)
            calls = [look(context, net, x, mode, shapes)[-1][1] for _ in range(2)]
            same = np.array_equal(*calls)
            after = f"after {mode}()" if mode else "when it is new"
            after += "" if recording else ", under torch.no_grad(),"
            said = f"{after} two calls {'agree' if same else 'differ'}, as in the other mode"
            require(same == (mode == "eval"), said)
    probe(context, "record", True)
    context.worker.probe(LOOK + WITHIN)
    for inner in (False, True):
        agree = np.array_equal(*probe(context, "within", net, x, inner))
        said = f"after train({inner}) of a net around it two calls "
        require(agree != inner, f"{said}{'agree' if agree else 'differ'}, as in the other mode")
    assert max(ps) > 0, "nothing can be dropped"


def start(context: Context) -> None:
    """Weights and biases, and nothing else, start as in PyTorch; each net has its own."""
    context.worker.probe(LOOK)
    for depth in (1, 3):
        n, p, width = plain_width(context)
        net = _make(context, "build_net", 13, n, depth, 4, 0.2, p)
        x = away_from_zero(context.rng, (9, 13), np.float32)
        for mode in ("train", "eval"):
            look(context, net, x, mode, _shapes(13, width, depth, 4), new=True)
    two_nets(context, "build_net", 5, 8, 2, 3, 0.25, 0.5)
    sizes = {"n_inputs": 5, "n": 8, "depth": 2, "n_classes": 3}
    context.by_name("build_net", **sizes, p_input=0.25, p_hidden=0.5)


def reader_start(context: Context) -> None:
    """Weights and biases, and nothing else, start as in PyTorch; each net has its own."""
    for _ in range(2):
        net, shapes = _reader(context, 0.3)
        x = away_from_zero(context.rng, (9, shapes[0][1]), np.float32)
        for mode in ("train", "eval"):
            look(context, net, x, mode, shapes, new=True)
    two_nets(context, "Reader", 5, 8, 3, 0.5)


def build_modes(context: Context) -> None:
    """A new net trains; eval() and train() switch."""
    context.worker.probe(LOOK)
    for ps in [(0.25, 0.6), (0.25, 0.0), (0.0, 0.5)]:
        width = {0.6: 25, 0.0: 10, 0.5: 20}[ps[1]]
        net = _make(context, "build_net", 12, 10, 2, 3, *ps)
        _modes(context, net, _shapes(12, width, 2, 3), ps)


def other_sizes(context: Context) -> None:
    """Nets of one unit, of four layers and of one class; p near 1; one example."""
    context.worker.probe(LOOK)
    for n_inputs, n, depth, n_classes, p, n_examples in [
        (6, 1, 1, 2, 0.0, 30),
        (6, 7, 4, 1, 0.3, 30),
        (1, 5, 1, 9, 0.9, 30),
        (6, 3, 2, 3, 0.45, 1),
        (2, 20, 6, 2, 0.2, 2),
        (2, 8, int(context.rng.integers(8, 13)), 2, 0.5, 20),
        (3, int(context.rng.integers(200, 400)), 1, 3, 0.4, 5),
    ]:
        net = _make(context, "build_net", n_inputs, n, depth, n_classes, 0.1, p)
        shapes = _shapes(n_inputs, round(n / (1 - p)), depth, n_classes)
        x = away_from_zero(context.rng, (n_examples, n_inputs), np.float32)
        check_evaluation(context, net, x, shapes)
        layers = look(context, net, x, "train", shapes)
        check_dropped(context, layers[0][0], x, 0.1, "the inputs")
        for (_, result), (given, _) in pairwise(layers):
            check_dropped(context, given, np.maximum(result, 0), p, "a hidden layer")


def without(context: Context) -> None:
    """Each p can be 0."""
    context.worker.probe(LOOK)
    for p_input, p in [(0.0, 0.0), (0.25, 0.0), (0.0, 0.5), (0, 0)]:
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


def reader_form(context: Context) -> None:
    """A net with two linear layers returns a logit for each class."""
    net, shapes = _reader(context, 0.3)
    x = away_from_zero(context.rng, (9, shapes[0][1]), np.float32)
    out, seen, *_ = probe(context, "look", net, x, "eval")
    found = [weight.shape for weight, *_ in seen]
    require(found == shapes, f"the linear layers have the shapes {found}, not {shapes}")
    wanted = (9, shapes[1][0])
    require(out.shape == wanted, f"the logits have shape {out.shape}, not {wanted}")


def reader_evaluation(context: Context) -> None:
    """In evaluation mode the net is its two layers with a ReLU between them."""
    for low, high in [(0.2, 0.4), (0.6, 0.8)]:
        net, shapes = _reader(context, some_p(context.rng, low, high))
        x = away_from_zero(context.rng, (9, shapes[0][1]), np.float32)
        check_evaluation(context, net, x, shapes)


def reader_training(context: Context) -> None:
    """Hidden units are dropped with probability p, and logits are not."""
    for low, high in [(0.1, 0.2), (0.35, 0.45), (0.7, 0.8)]:
        p = some_p(context.rng, low, high)
        net, shapes = _reader(context, p)
        x = away_from_zero(context.rng, (120, shapes[0][1]), np.float32)
        _another(context, "Reader", *shapes[0][::-1], shapes[1][0], 0.95)
        look(context, net, x, "train", shapes)
        check_training(context, net, x, shapes, (0.0, p))
        w = away_from_zero(context.rng, (20, shapes[1][0]), np.float32)
        check_gradient(context, net, x[:20], w)


def reader_without(context: Context) -> None:
    """The rate can be 0, and the net small."""
    context.worker.probe(LOOK)
    for sizes, p in [((4, 30, 3), 0.0), ((4, 9, 3), 0), ((1, 1, 1), 0.3), ((3, 200, 12), 0.95),
                     ((40, int(context.rng.integers(500, 900)), 4), 0.6)]:  # fmt: skip
        net = _make(context, "Reader", *sizes, p)
        shapes = _shapes(sizes[0], sizes[1], 1, sizes[2])
        for n in (1, 30):
            x = away_from_zero(context.rng, (n, sizes[0]), np.float32)
            check_evaluation(context, net, x, shapes)
            layers = look(context, net, x, "train", shapes)
            full = np.maximum(layers[0][1], 0)
            check_dropped(context, layers[1][0], full, p, "the hidden layer")
    for p in (0.3, 0.6):  # of one unit no fixed number can be dropped
        net = _make(context, "Reader", 3, 1, 2, p)
        x = away_from_zero(context.rng, (1500, 3), np.float32)
        layers = look(context, net, x, "train", _shapes(3, 1, 1, 2))
        full = np.maximum(layers[0][1], 0)
        check_dropped(context, layers[1][0], full, p, "the hidden layer of one unit")


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
    right = [list(s) for s in shapes]
    words = f"net.hidden.weight and net.out.weight have the shapes {found}, not {right}"
    require(found == right, words)
    wanted = ["hidden.bias", "hidden.weight", "out.bias", "out.weight"]
    words = f"state_dict() has {one_line(', '.join(state), 200)}, not {', '.join(wanted)}"
    require(state == wanted, words)


def reader_modes(context: Context) -> None:
    """A new net trains; eval() and train() switch."""
    p = some_p(context.rng, 0.3, 0.6)
    net, shapes = _reader(context, p)
    _modes(context, net, shapes, (0.0, p))


BUILD = Task(
    "build_net",
    [
        Criterion(1, "the widths, and what the net computes without dropout", architecture),
        Criterion(0.75, "widths that have to be rounded", rounding),
        Criterion(1, "inputs and hidden units are dropped, logits are not", dropout),
        Criterion(0.75, "the parameters of a new net; x stays", start),
        Criterion(0.75, "a new net trains; eval() and train() switch", build_modes),
        Criterion(0.25, "each p can be 0", without),
        Criterion(0.5, "other sizes, one example", other_sizes),
    ],
)

READER = Task(
    "reader",
    [
        Criterion(0, "two linear layers, a logit for each class", reader_form),
        Criterion(0.75, "evaluation: two layers and a ReLU", reader_evaluation),
        Criterion(1, "hidden units are dropped with p, logits are not", reader_training),
        Criterion(0.25, "the parameters of a new net; x stays", reader_start),
        Criterion(0.25, "the layers are hidden and out", reader_names),
        Criterion(0.25, "p of 0, other sizes, one example", reader_without),
        Criterion(0.5, "a new net trains; eval() and train() switch", reader_modes),
    ],
    needs=("Reader",),
)

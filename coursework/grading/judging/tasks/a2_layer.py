"""Judges the class ``Dropout``: state, modes, and what it does with bad arguments."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.chance import fault_across_calls, fault_in_one_call
from grading.judging.tails import alarm
from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    alike,
    array_like,
    must_raise,
    numbers_of,
    require,
)
from grading.judging.tasks.a2_backward import agree
from grading.judging.tasks.a2_forward import away_from_zero, dropped_of, some_p
from grading.judging.words import shape_of
from grading.running.calls import Call, Name, Opaque, Rng

__all__ = ["LAYER"]

Floats = NDArray[np.floating]


class Layer:
    """The learner's layer, in the worker."""

    def __init__(self, context: Context, p: float, rng: Any) -> None:
        self.context, self.worker = context, context.worker
        context.at(f"with Dropout({p:.6g}, rng)")
        self.asked = context.where
        made = self.worker.call(Call(Name("Dropout"), [p, rng], keep=True)).object
        assert isinstance(made, Opaque)
        self.object = made

    def __call__(self, x: Floats, **options: Any) -> Floats:
        """Go forward and return the checked output."""
        self.context.at(f"{self.asked} and x of {shape_of(x)}")
        return array_like(self._method("forward", x, options), x, "the output")

    def backward(self, grad_out: Floats, **options: Any) -> Floats:
        """Go backward and return the checked gradient."""
        self.context.at(f"{self.asked} and grad_out of {shape_of(grad_out)}")
        return array_like(self._method("backward", grad_out, options), grad_out, "the gradient")

    def switch(self, mode: str) -> None:
        """Call ``train()`` or ``eval()``."""
        self.worker.call(Call(self.object, path=[mode], keep=True))

    def set_p(self, p: float) -> None:
        """Assign to ``layer.p``."""
        self.worker.call(Call(self.object, ["p", p], path=["__setattr__"]))
        self.asked = f"with layer.p set to {p:.6g}"

    def there(self, name: str, value: Any) -> Any:
        """Call a method on what lies in the worker; return the result as it lies there."""
        return self.worker.call(Call(self.object, [value], path=[name], keep=True)).object

    def many(self, x: Floats, times: int) -> Floats:
        """Go forward so many times; return the first row of each output."""
        self.context.at(f"{self.asked}, {times} passes and x of {shape_of(x)}")
        options: dict[str, Any] = {"times": times, "parts": (True, False)}
        rows = self.worker.call(Call(self.object, [x], path=["forward"], **options)).parts[0]
        return numbers_of(rows, "the first rows of the outputs")

    def _method(self, name: str, value: Floats, options: dict[str, Any]) -> Any:
        return self.worker.call(
            Call(self.object, [np.asarray(value)], path=[name], **options)
        ).value


def _train_step(context: Context, layer: Layer, p: float) -> NDArray[np.bool_]:
    x, grad_out = away_from_zero(context.rng, (9, 12)), away_from_zero(context.rng, (9, 12))
    out = layer(x)
    dropped = dropped_of(out, x, p)
    words = f"in training mode {dropped.sum()} of {dropped.size} elements are dropped"
    require(0 < dropped.sum() < dropped.size, f"{words}, not a part of them")
    agree(layer.backward(grad_out), grad_out, out != 0, p)
    return dropped


def training(context: Context) -> None:
    """A new layer trains: forward drops, backward replays; each call draws anew."""
    for low, high in [(0.15, 0.3), (0.55, 0.7)]:
        p, seed = some_p(context.rng, low, high), context.seed()
        layer, twin = Layer(context, p, Rng(seed)), Layer(context, p, Rng(seed))
        masks = [_train_step(context, layer, p) for _ in range(3)]
        again = [_train_step(context, twin, p) for _ in range(3)]
        for first, second in itertools.pairwise(masks):
            _other_mask(first, second, "two calls drop the same elements")
        other = _train_step(context, Layer(context, p, Rng(context.seed())), p)
        _other_mask(
            masks[0], other, "with generators of two seeds the same elements are dropped"
        )
        moved = int(np.sum(np.array(masks) != np.array(again)))
        words = "with two generators of one seed, two layers drop other elements"
        require(moved == 0, f"{words}: {moved} of {3 * other.size} differ, not 0")


def _other_mask(first: Any, second: Any, words: str) -> None:
    """Raise `Wrong` where two masks are the same."""
    said = f"{words}: all {first.size} elements share their fate, not a part as by chance"
    require(not np.array_equal(first, second), said)


def _unchanged(layer: Layer, x: Floats, what: str) -> None:
    """Raise `Wrong` unless the output is x."""
    alike(layer(x), x, f"{what}, the output is not x: output")


def _identity(layer: Layer, grad_out: Floats, what: str) -> None:
    """Raise `Wrong` unless the gradient is that of the identity."""
    alike(layer.backward(grad_out), grad_out, f"{what}, backward is not the identity: gradient")


def modes(context: Context) -> None:
    """``eval()`` and ``train()`` switch, back and forth."""
    p = some_p(context.rng, 0.3, 0.6)
    layer, x = Layer(context, p, Rng(context.seed())), away_from_zero(context.rng, (8, 9))
    for _ in range(2):
        _train_step(context, layer, p)
        layer.switch("eval")
        layer.switch("eval")
        _unchanged(layer, x, "after eval()")
        _identity(layer, -x, "after an evaluation pass")
        layer.switch("train")
        layer.switch("train")
    fresh = Layer(context, p, Rng(context.seed()))
    fresh.switch("train")
    _train_step(context, fresh, p)
    fresh.switch("eval")
    _unchanged(fresh, x, "after train(), forward, backward and eval()")


SWITCHES = [[], ["train"], ["eval"], ["eval", "train"], ["train", "eval"], ["train", "train"]]


def _switched(layer: Layer, x: Floats, out: Floats, p: float, after: list[str]) -> None:
    """Raise `Wrong` unless backward goes through a pass whose output is ``out``, twice."""
    for mode in after:
        layer.switch(mode)
    before = "an evaluation pass" if np.array_equal(out, x) else "a training pass"
    called = ", then ".join(f"{mode}()" for mode in after) or "nothing else"
    for grad_out in (-x, 2 * x):
        if np.array_equal(out, x):
            _identity(layer, grad_out, f"after {before} and {called}")
            continue
        grad_x = layer.backward(grad_out)
        try:
            agree(grad_x, grad_out, out != 0, p)
        except Wrong as reason:
            raise Wrong(f"after {before} and {called}, {reason}") from None


def replay(context: Context) -> None:
    """Backward belongs to the last forward pass, whatever the mode is by then."""
    p = some_p(context.rng, 0.3, 0.6)
    layer = Layer(context, p, Rng(context.seed()))
    for before in ("train", "eval"):
        for after in SWITCHES:
            x = away_from_zero(context.rng, (8, 9))
            layer.switch("train")
            layer(-x)
            layer.switch("eval")
            layer(-x)
            layer.switch(before)
            _switched(layer, x, layer(x), p, after)
    layer.switch("train")
    layer(x)
    small = away_from_zero(context.rng, (4,))
    out = layer(small)
    for grad_out in (small, -small):
        agree(layer.backward(grad_out), grad_out, out != 0, p)


def rates(context: Context) -> None:
    """Bad p is refused, with ValueError; a new p counts from the next forward pass on."""
    for p in (1.0, 1, 1.5, 2, -0.1, -1, -1e-12, float("nan"), float("inf"), -float("inf"),
              -5e-324, -1e-200, float(np.nextafter(1, 2)), 1e300):  # fmt: skip
        make = _maker(context, p)
        must_raise(make, "ValueError", "it")
    x = away_from_zero(context.rng, (8, 9))
    for p in (5e-324, 1e-200, 1e-12, 1 - 1e-12, float(np.nextafter(1, 0))):
        Layer(context, p, Rng(context.seed()))
    for p in (0, 0.0):
        layer = Layer(context, p, Rng(context.seed()))
        _unchanged(layer, x, "in training mode with p = 0")
    for p in (some_p(context.rng, 0.2, 0.3), some_p(context.rng, 0.6, 0.7)):
        layer.set_p(p)
        _train_step(context, layer, p)
    for before, after in [(p, 0.1), (0.3, 0.0), (0.0, 0.5), (0.5, 0.9)]:
        layer.set_p(before)
        out = layer(x)
        layer.set_p(after)
        agree(layer.backward(-x), -x, out != 0, before)
    layer.switch("eval")
    layer.set_p(0.6)
    _unchanged(layer, x, "where p is set in evaluation mode")
    layer.switch("train")
    _train_step(context, layer, 0.6)


def _alternate(x: Floats, p: float, one: Layer, other: Layer) -> None:
    """Raise `Wrong` where passes of two layers with one generator disturb one another."""
    masks: list[Any] = []
    kept: dict[Layer, Any] = {}
    for turn, layer in enumerate((one, other, other, one, other, one)):
        masks.append(layer(x) == 0)
        kept[layer] = ~masks[-1]
        if turn:
            back = one if turn % 2 else other
            agree(back.backward(x), x, kept[back], p)
    words = "of six passes of two layers with one generator, two have the same mask"
    for pair in itertools.combinations(masks, 2):
        _other_mask(*pair, words)


def _maker(context: Context, p: float) -> Any:
    return lambda: Layer(context, p, Rng(context.seed()))


def draws(context: Context) -> None:
    """Every element of every pass has a draw of its own, of two layers on one array, too."""
    rng, shared = context.rng, context.generator()
    p = some_p(rng, 0.25, 0.45)
    one, other = Layer(context, p, shared), Layer(context, p, shared)
    x = away_from_zero(rng, (150, 200))
    x_there = context.keep(x)
    masks = []
    for layer in (one, one, other, one):
        context.at(f"{layer.asked} and x of {shape_of(x)}")
        out = array_like(context.as_it_is(layer.there("forward", x_there)), x, "the output")
        masks.append(dropped_of(out, x, p))
        fault = fault_in_one_call(masks[-1], p)
        require(fault is None, str(fault))
    for first, second in itertools.combinations(masks, 2):
        seen = alarm((first & second).sum(), first.size, p**2, unit="cases", comparisons=6)
        words = "passes do not draw independent masks: an element is dropped in both of two in"
        require(not seen, f"{words} {seen}")
    for shape, dtype in [((2, 24), "f8"), ((1, 9), "f4"), ((2, 3, 5), "f8")]:
        x = away_from_zero(rng, shape, dtype)
        fault = fault_across_calls(Layer(context, p, shared).many(x, 256) == 0, p)
        require(fault is None, str(fault))


def apart(context: Context) -> None:
    """Two layers do not meet, even with one generator."""
    shared, x = context.generator(), away_from_zero(context.rng, (8, 9))
    first, second = Layer(context, 0.25, shared), Layer(context, 0.625, shared)
    out, other = first(x), second(x)
    dropped_of(out, x, 0.25)
    dropped_of(other, x, 0.625)
    _other_mask(out == 0, other == 0, "two layers with one generator drop the same elements")
    agree(first.backward(-x), -x, out != 0, 0.25)
    agree(second.backward(-x), -x, other != 0, 0.625)
    first.switch("eval")
    out = second(x)
    words = f"after eval() of another layer, none of {out.size} elements is dropped"
    words = f"{words}, where about 5 in 8 are expected"
    require(bool(np.any(out == 0)), words)
    dropped_of(out, x, 0.625)
    second.switch("eval")
    first.switch("train")
    _unchanged(second, x, "after eval() of this layer and train() of another")
    second.switch("train")
    first.set_p(0.5)
    second.set_p(0.75)
    dropped_of(first(x), x, 0.5)
    dropped_of(second(x), x, 0.75)
    _alternate(x, 0.5, Layer(context, 0.5, shared), Layer(context, 0.5, shared))
    third, fourth = Layer(context, 0.5, shared), Layer(context, 0.5, shared)
    words = "two layers with one generator drop the same elements"
    _other_mask(third(x) == 0, fourth(x) == 0, words)
    third.switch("eval")
    words = "after eval() of another layer of the same p and rng, nothing is dropped, where "
    require(bool(np.any(fourth(x) == 0)), f"{words}about half of {x.size} elements is expected")


def any_use(context: Context) -> None:
    """Evaluation first, shapes that change, p that changes to 0 and back."""
    p = some_p(context.rng, 0.3, 0.6)
    layer = Layer(context, p, Rng(context.seed()))
    layer.switch("eval")
    for shape in [(5,), (2, 3, 4)]:
        x = away_from_zero(context.rng, shape)
        _unchanged(layer, x, "in evaluation mode")
        _identity(layer, -x, "after an evaluation pass")
    layer.switch("train")
    for now in (p, 0.0, 0.75, p):
        layer.set_p(now)
        for shape in [(40, 3), (6, 5, 4)]:
            x = away_from_zero(context.rng, shape)
            out = layer(x)
            dropped_of(out, x, now)
            agree(layer.backward(-x), -x, out != 0, now)
            agree(layer.backward(2 * x), 2 * x, out != 0, now)
    fresh = Layer(context, 0.1, Rng(context.seed()))
    fresh.set_p(0.7)
    _train_step(context, fresh, 0.7)


def zeros_in_x(context: Context) -> None:
    """Kept elements get their gradient where x is 0, or negative."""
    p, seed = some_p(context.rng, 0.3, 0.6), context.seed()
    x, grad_out = (
        np.abs(away_from_zero(context.rng, (9, 12))),
        away_from_zero(context.rng, (9, 12)),
    )
    kept = Layer(context, p, Rng(seed))(x) != 0
    some = context.rng.integers(-1, 2, x.shape).astype(float)
    for signs in (-np.ones(x.shape), some, 0 * x, 1 / x):
        layer = Layer(context, p, Rng(seed))
        out = layer(x * signs)
        if np.array_equal(out != 0, kept & (signs != 0)):  # else `training` says so
            try:
                agree(layer.backward(grad_out), grad_out, kept, p)
            except Wrong as reason:
                raise Wrong(f"where x is 0 or negative, {reason}") from None


def arrays(context: Context) -> None:
    """Any shape, layout and dtype, in both modes; the caller's arrays stay."""
    p = some_p(context.rng, 0.3, 0.6)
    layer = Layer(context, p, Rng(context.seed()))
    for dtype in (np.float32, np.float64):
        for shape in [(0, 3), (6, 7), (0, 3), (), (2, 3, 4)]:
            x = away_from_zero(context.rng, shape, dtype)
            layer.switch("train")
            out = layer(x)
            dropped_of(out, x, p)
            agree(layer.backward(-x), -x, out != 0, p)
            layer.switch("eval")
            _unchanged(layer, x, "in evaluation mode")
            _identity(layer, -x, "after an evaluation pass")
    layer.switch("train")
    for shape in [(6, 7), (0, 3)]:  # the mask of the first is not that of the second
        x = away_from_zero(context.rng, shape)
        layer(x)
    layer.backward(-x)
    layer.switch("eval")
    odd = np.array([np.inf, np.nan, -np.inf, 1e30, 0.0])
    for values in (odd, odd.astype(np.float32)):
        _unchanged(layer, values, "in evaluation mode, where x has infinite and missing values")
        words = "after an evaluation pass, where grad_out has infinite and missing values"
        _identity(layer, -values, words)
    for mode in ("train", "eval"):
        layer.switch(mode)
        for kind in ("F", "strided"):
            x = away_from_zero(context.rng, (4, 5, 6))
            out = layer(x, layouts=[(0, kind)], readonly=[0])
            kept, factor = (out != 0, p) if mode == "train" else (np.full(x.shape, True), 0.0)
            agree(layer.backward(-x, layouts=[(0, kind)], readonly=[0]), -x, kept, factor)
        for shape in [(), (20,), (7, 8)]:
            for kind in ("f8", "f4"):
                _stay(context, layer, mode, away_from_zero(context.rng, shape, kind))
    _by_names(context)


def _stay(context: Context, layer: Layer, mode: str, x: Floats) -> None:
    """Raise `Wrong` where a pass changes its argument, or what an earlier one returned."""
    context.at(f"after {mode}(), with x of {shape_of(x)}")
    for name, was in [("forward", x), ("backward", np.asarray(-x))]:
        argument = "x" if name == "forward" else "grad_out"
        there = context.keep(was)
        first = layer.there(name, there)
        before = context.as_it_is(first)
        words = f"{argument} is modified by forward or backward: {argument}"
        alike(np.asarray(context.as_it_is(there)), was, words)
        layer.there(name, context.keep(np.asarray(3 * was)))
        layer.there(name, context.keep(np.asarray(3 * was)))
        words = f"a later call of {name} changed what an earlier one had returned: it"
        alike(np.asarray(context.as_it_is(first)), np.asarray(before), words)


def _by_names(context: Context) -> None:
    """Raise unless the arguments have the names of the task."""
    context.at("called by the names of the task, Dropout(p=…, rng=…)")
    named: dict[str, Any] = {"p": 0.4, "rng": Rng(context.seed())}
    layer = context.worker.call(Call(Name("Dropout"), kwargs=named, keep=True)).object
    x = away_from_zero(context.rng, (3, 4))
    for name, argument in [("forward", "x"), ("backward", "grad_out")]:
        context.at(f"called by the names of the task, {name}({argument}=…)")
        context.worker.call(Call(layer, path=[name], kwargs={argument: x}, keep=True))


LAYER = Task(
    "dropout_layer",
    [
        Criterion(2, "a new layer trains: forward drops, backward replays", training),
        Criterion(1.5, "eval() and train() switch", modes),
        Criterion(1.5, "backward belongs to the last forward pass", replay),
        Criterion(1, "bad p is refused, a new p counts", rates),
        Criterion(0.5, "each element has a draw of its own, in each pass", draws),
        Criterion(0.5, "two layers do not meet", apart),
        Criterion(0.25, "evaluation first, other shapes, p and back", any_use),
        Criterion(0.25, "right where x is 0, or negative", zeros_in_x),
        Criterion(0.5, "any shape, layout and dtype; arrays stay", arrays),
    ],
    given=("dropout_forward", "dropout_backward"),
    needs=("Dropout",),
)

"""Judges ``dropout_backward(grad_out, cache) -> grad_x``, on the learner's own caches.

The mask is read off the learner's own output, and so is the factor, where it is another one
than 1/(1 − p): what is right for the learner's own forward pass is right here. Where forward
itself fails, or is wrong so that nothing can be told, a case says nothing. Only where forward
never gives anything to go back through is the task lost with it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from grading.judging.probes import remember, set_back
from grading.judging.task import (
    Context,
    Criterion,
    Task,
    Wrong,
    alike,
    array_like,
    numbers_of,
    require,
)
from grading.judging.tasks.a2_forward import (
    SHOW_OUT,
    asked,
    away_from_zero,
    dropped_of,
    power,
    same_mask,
    sizes,
    some_p,
    tolerance,
)
from grading.running.calls import Call, Probe, Reply, Rng
from grading.running.remote import LearnerError, is_array

__all__ = ["BACKWARD", "agree"]

Floats = NDArray[np.floating]
TRAINING, EVALUATION = True, False


def positive(x: Floats) -> Floats:
    """Return the absolute values, as an array even where it has no dimensions."""
    return np.asarray(np.abs(x))


class SaysNothing(Exception):
    """The learner's forward pass is wrong here, so the backward pass cannot be judged."""


@dataclass
class Pass:
    """A forward pass of the learner's: what went in, what came out, and the cache there."""

    context: Context
    x: Floats
    p: float
    reply: Reply
    seed: int | None = None
    options: dict[str, Any] = field(default_factory=dict)

    @property
    def out(self) -> Floats:
        """The output."""
        return np.asarray(self.reply.parts[0])

    @property
    def cache(self) -> Any:
        """The cache, which stays in the worker."""
        return self.reply.kept[1]

    def blamed(self) -> bool:
        """Whether the output is wrong by itself, so that the mask cannot be read off it."""
        try:
            dropped = dropped_of(self.out, self.x, self.p)
        except Wrong:
            return True
        if self.seed is None:
            return False
        straight = run(self.context, positive(self.x), self.p, self.seed, **self.options)
        return not np.array_equal(dropped, straight.out == 0)


def run(
    context: Context, x: Floats, p: Any, rng: Any, *, training: bool = TRAINING, **options: Any
) -> Pass:
    """Call the learner's forward pass with a generator, or with the seed of a new one.

    The option ``there`` is x as it lies in the worker already.
    """
    seed = rng if isinstance(rng, int) else None
    source = rng if seed is None else Rng(seed)
    if training == EVALUATION:
        options["kwargs"] = {"training": False}
    there = options.pop("there", x)
    try:
        reply = context.call("dropout_forward", there, p, source, parts=SHOW_OUT, **options)
    except LearnerError as error:
        raise SaysNothing(f"dropout_forward failed, so there is no cache: {error}") from error
    context.at(asked(x, p, **options))
    out = reply.parts[0]
    if not is_array(out) or out.shape != x.shape or out.dtype.kind != "f":
        raise SaysNothing("dropout_forward returns no array of the shape of x")
    return Pass(context, x, p, reply, seed, options)


def told(cases: Iterable[Callable[[], None]]) -> str:
    """Go through some cases; raise `Wrong` where one is wrong.

    Where none says anything, since forward is wrong in all of them, that has cost points in
    task 1. Return the reason then, else nothing.
    """
    nothing, some = "", False
    for case in cases:
        try:
            case()
            some = True
        except SaysNothing as reason:
            nothing = nothing or str(reason)
    return "" if some else nothing


def backward(context: Context, grad_out: Floats, cache: Any, **options: Any) -> Floats:
    """Return the result of the learner's backward pass, of any float dtype."""
    reply = context.call("dropout_backward", grad_out, cache, **options)
    grad_x = numbers_of(reply.value, "grad_x")
    words = f"grad_x has shape {grad_x.shape} where {grad_out.shape}, that of x, is expected"
    require(grad_x.shape == grad_out.shape, words)
    return grad_x


def agree(
    grad_x: Floats, grad_out: Floats, kept: Any, p: float, *, exact: bool = False
) -> None:
    """Raise `Wrong` unless ``grad_x`` is the gradient through the mask."""
    words = "dropped elements get a gradient: grad_x"
    wanted = np.where(kept, grad_out.astype(float) / (1 - p), 0.0)
    alike(grad_x, wanted, words, kept | (grad_x == 0))
    limit = tolerance(grad_out.dtype, p, exact=exact)
    close = np.isclose(grad_x, wanted, rtol=limit, atol=0)
    words = (
        f"the gradient of kept elements is not {'exactly ' if exact else ''}grad_out / (1 − p)"
    )
    alike(grad_x, wanted, f"{words}: grad_x", ~kept | close)


def fits(there: Pass, grad_x: Floats, grad_out: Floats, *, exact: bool = False) -> None:
    """Raise unless ``grad_x`` goes back through a forward pass, be its factor right or not."""
    kept = there.out != 0
    try:
        agree(grad_x, grad_out, kept, there.p, exact=exact)
    except Wrong:
        with np.errstate(all="ignore"):
            own = grad_out.astype(float)[kept] * there.out[kept] / there.x[kept]
        limit = tolerance(there.out.dtype, there.p, exact=exact)
        close = np.isclose(grad_x[kept], own, rtol=limit, atol=0)
        if np.all(close) and np.all(grad_x[~kept] == 0):
            return
        if there.blamed():
            words = "dropout_forward is wrong here, and what goes back through it"
            raise SaysNothing(f"{words} cannot be told: see task 1") from None
        raise


def _goes_back(
    context: Context, x: Floats, p: float, grad_out: Floats, *, exact: bool = False
) -> None:
    there = run(context, x, p, context.seed())
    fits(there, backward(context, grad_out, there.cache), grad_out, exact=exact)


def gradient(context: Context) -> None:
    """The forward mask is replayed and rescaled, on gradients that forward never saw."""
    rng, cases = context.rng, []
    for low, high in [(0.03, 0.08), (0.2, 0.3), (0.57, 0.67), (0.85, 0.93)]:
        for shape in [(12, 15), (80, 2), (5, 30), (300, 300)][: 4 if low < 0.1 else 3]:
            p, x = some_p(rng, low, high), away_from_zero(rng, shape)
            x = positive(x) if shape[0] == 12 and low > 0.1 else x
            cases.append(partial(_goes_back, context, x, p, away_from_zero(rng, shape)))
    nothing = told(cases)
    if nothing:  # perhaps forward is right for vectors alone
        x = positive(away_from_zero(rng, (80,)))
        nothing = told([partial(_goes_back, context, x, p, away_from_zero(rng, (80,)))])
    require(not nothing, nothing)


def exactness(context: Context) -> None:
    """The factor is exact up to rounding, for p and gradients of any size."""
    rng, cases = context.rng, []
    for p in (0.0, power(rng, -12, -5), some_p(rng, 0.1, 0.3), 0.5, 1 - power(rng, -3, -1)):
        for factor, dtype in sizes(rng):
            x = positive(away_from_zero(rng, (9, 20), dtype))
            grad_out = (factor * away_from_zero(rng, x.shape)).astype(dtype)
            cases.append(partial(_goes_back, context, x, p, grad_out, exact=True))
    told(cases)


def callers_arrays(context: Context) -> None:
    """After both passes, in both modes, x, out and grad_out are what they were."""
    told(
        partial(_arrays_stay, context, mode, shape, dtype)
        for mode in (TRAINING, EVALUATION)
        for shape in [(), (1,), (20,), (6, 7), (2, 3, 4)]
        for dtype in ("f8", "f4")
    )


def _arrays_stay(context: Context, training: bool, shape: tuple[int, ...], dtype: str) -> None:
    x, grad_out = (positive(away_from_zero(context.rng, shape, dtype)) for _ in range(2))
    x_there, grad_there = context.keep(x), context.keep(grad_out)
    p = float(context.rng.choice([0, 0.1, 0.4, 0.9]))
    there = run(context, x, p, context.generator(), training=training, there=x_there)
    # What forward itself does to x has cost points there.
    x = np.asarray(context.worker.call(Call(Probe("same"), [x_there])).value)
    for _ in range(2):
        context.call("dropout_backward", grad_there, there.cache, keep=True)
    now = [
        context.worker.call(Call(Probe("same"), [value])).value
        for value in (x_there, grad_there, there.reply.kept[0])
    ]
    words = "two backward passes through one cache do not leave {0} as it was: {0}"
    arrays = ("x", x), ("grad_out", grad_out), ("out", there.out)
    for after, (name, before) in zip(now, arrays, strict=True):
        alike(np.asarray(after), before, words.format(name))


def generator_stays(context: Context) -> None:
    """Backward neither draws nor rewinds: the next forward pass is as if it had not been."""
    told(partial(_moves_nothing, context, kind) for kind in ("PCG64", "MT19937"))


def _moves_nothing(context: Context, kind: str) -> None:
    shared, x = context.generator(kind), positive(away_from_zero(context.rng, (9, 8)))
    first = run(context, x, 0.4, shared)
    others = [
        run(context, x, 0.0, shared),
        run(context, -x, 0.9, shared),
        run(context, x[:1], 0.4, shared, training=EVALUATION),
    ]
    state = remember(context, shared)
    second = run(context, x, 0.4, shared)
    set_back(context, shared, state)
    again = run(context, x, 0.4, shared)
    if not np.array_equal(second.out, again.out):
        raise SaysNothing("dropout_forward does not follow the generator: see task 1")
    set_back(context, shared, state)
    for there in (first, *others, second):
        backward(context, there.x, there.cache)
    after = run(context, x, 0.4, shared)
    words = "backward moves the generator: after it the next forward pass has another mask"
    same_mask(second.out, after.out, words)


def zeros_in_x(context: Context) -> None:
    """A kept element gets its gradient even where x is 0, or negative."""
    told(
        [
            partial(_zeros, context, shape, dtype)
            for shape in [(12, 12), (6, 10), (50,)]
            for dtype in ("f8", "f4")
        ]
    )


def _zeros(context: Context, shape: tuple[int, ...], dtype: str) -> None:
    p, seed = some_p(context.rng, 0.35, 0.45), context.seed()
    x, grad_out = (
        positive(away_from_zero(context.rng, shape, dtype)),
        away_from_zero(context.rng, shape, dtype),
    )
    seen = run(context, x, p, seed)
    signs = context.rng.integers(-1, 2, shape).astype(dtype)
    for now in (x * np.abs(signs), x * signs, -x, 0 * x, 0 * x + 1, np.round(signs * 0.4) * x):
        there = run(context, now, p, seed)
        if np.any((there.out != 0) != ((seen.out != 0) & (now != 0))):
            raise SaysNothing("dropout_forward drops by the values of x: see task 1")
        fits(seen, backward(context, grad_out, there.cache), grad_out)


def caches(context: Context) -> None:
    """A cache works after other forward calls, and more than once."""
    told(partial(case, context) for case in (_later, _side_by_side, _same_array))


def _later(context: Context) -> None:
    rng, shared = context.rng, context.generator()
    x, p = positive(away_from_zero(rng, (7, 11))), some_p(rng, 0.3, 0.6)
    there = run(context, x, p, shared)
    others: list[tuple[float, tuple[int, ...]]] = [(0.1, (7, 11)), (0.8, (7, 11)), (0.5, (3,))]
    for other_p, shape in [*others, (0.5, (2, 2, 2))]:
        _by_the_way(context, away_from_zero(rng, shape), other_p, shared)
    _by_the_way(context, x, p, shared, times=1100)
    _by_the_way(context, x, p, shared, kwargs={"training": False})
    grads = [away_from_zero(rng, x.shape) for _ in range(3)]
    first = context.call("dropout_backward", grads[0], there.cache, keep=True)
    _fits_later(there, numbers_of(first.value, "grad_x"), grads[0])
    for grad_out in grads[1:]:
        grad_x = backward(context, grad_out, there.cache, readonly=[0])
        _fits_later(there, grad_x, grad_out)
    later = context.worker.call(Call(Probe("same"), [first.object])).value
    words = "a later call of backward changed the gradient of an earlier one: grad_x"
    alike(np.asarray(later), np.asarray(first.value), words)
    many: dict[str, Any] = {"times": 150, "parts": SHOW_OUT}
    rows = context.call("dropout_backward", grads[0], there.cache, **many).parts[0]
    words = "in one of 150 calls through one cache there comes another grad_x: grad_x[0]"
    for row in np.asarray(rows):
        alike(row, np.asarray(first.value)[0], words)


def _by_the_way(context: Context, x: Floats, *arguments: Any, **options: Any) -> None:
    """Call forward for what it may do to other caches; what fails has cost points in task 1."""
    with contextlib.suppress(LearnerError):
        context.call("dropout_forward", x, *arguments, parts=SHOW_OUT, **options)


def _fits_later(there: Pass, grad_x: Floats, grad_out: Floats) -> None:
    words = "when the cache is used later, or again"
    said = f"{words}, grad_x has shape {grad_x.shape} where {grad_out.shape} is expected"
    require(grad_x.shape == grad_out.shape, said)
    try:
        fits(there, grad_x, grad_out)
    except Wrong as reason:
        raise Wrong(f"{words}, {reason}") from None


def _side_by_side(context: Context) -> None:
    """Caches of both modes live side by side, and going back through one leaves the others."""
    rng, shared, runs = context.rng, context.generator(), []
    for p, training in [(0.25, True), (0.5, False), (0.75, True), (0.0, True), (0.75, False)]:
        x = positive(away_from_zero(rng, (6, 9), "f4" if rng.random() < 0.5 else "f8"))
        runs.append(run(context, x, p, shared, training=training))
        if not training and not np.array_equal(runs[-1].out, x):
            raise SaysNothing("dropout_forward is wrong in evaluation: see task 1")
    gradients = []
    for there in [*runs, *(runs[int(i)] for i in rng.permutation(len(runs)))]:
        grad_out = away_from_zero(rng, there.x.shape, there.x.dtype)
        context.at(f"{asked(there.x, there.p)}, beside other passes")
        reply = context.call("dropout_backward", grad_out, there.cache, keep=True)
        gradients.append(reply)
        evaluated = np.array_equal(there.out, there.x)
        seen = replace(there, p=0.0) if evaluated else there
        _fits_later(seen, numbers_of(reply.value, "grad_x"), grad_out)
    words = "a later call of backward changed the gradient of an earlier one: grad_x"
    for reply in gradients:
        later = context.worker.call(Call(Probe("same"), [reply.object])).value
        alike(np.asarray(later), np.asarray(reply.value), words)


def _same_array(context: Context) -> None:
    """Two forward passes on the very same array, with the same p, have caches of their own."""
    x, shared = positive(away_from_zero(context.rng, (8, 9))), context.generator()
    x_there = context.keep(x)
    runs = [run(context, x, 0.4, shared, there=x_there, echo=[0]) for _ in range(2)]
    if not all(np.array_equal(there.reply.echo[0], x) for there in runs):
        raise SaysNothing("dropout_forward changes x: see task 1")
    for there in runs:
        _fits_later(there, backward(context, -x, there.cache), -x)


def evaluation(context: Context) -> None:
    """After an evaluation pass the gradient comes back, whatever its values are."""
    rng, cases = context.rng, []
    odd = np.array([[np.inf, -np.inf, np.nan, 1e300], [5e-324, 0.0, -1.0, 2.0]])
    for p in (0.25, 0.5, some_p(rng, 0.6, 0.9)):
        with np.errstate(over="ignore"):
            single = odd.astype("f4")
        for grad_out in (away_from_zero(rng, (3, 4)), away_from_zero(rng, (9,)), odd, single):
            cases.append(partial(_passes_on, context, grad_out, p))
    told(cases)


def _by_name(context: Context) -> None:
    x = positive(away_from_zero(context.rng, (3, 4)))
    there = run(context, x, 0.4, context.seed())
    context.by_name("dropout_backward", grad_out=x, cache=there.cache)


def _passes_on(context: Context, grad_out: Floats, p: float, *, strict: bool = False) -> None:
    x = away_from_zero(context.rng, grad_out.shape, grad_out.dtype)
    there = run(context, x, p, context.seed(), training=EVALUATION)
    if not np.array_equal(there.out, x):
        raise SaysNothing("dropout_forward is wrong in evaluation: see task 1")
    grad_x = backward(context, grad_out, there.cache)
    words = "after an evaluation pass grad_x has not the values of grad_out: grad_x"
    alike(grad_x, grad_out, words)
    if strict:
        array_like(grad_x, grad_out, "grad_x, after an evaluation pass,")


def arrays(context: Context) -> None:
    """Any shape, layout and float dtype, in both modes."""
    rng, cases = context.rng, []
    for dtype in (np.float64, np.float32):
        for shape in [(), (1,), (0,), (3, 0), (80,), (3, 4), (3, 4, 5), (2, 2, 3, 3)]:
            grad_out = away_from_zero(rng, shape, dtype)
            cases.append(partial(_typed, context, grad_out))
            cases.append(partial(_passes_on, context, grad_out, 0.4, strict=True))
    for shape in [(), (1,), (2,), (1, 1), (1, 3)]:  # where all is kept, or all is dropped
        for p in (0.1, 0.5, 0.5, 0.9, 0.9):
            cases.append(partial(_typed, context, away_from_zero(rng, shape), p))
    for shape in [(12, 10), (4, 5, 6)]:
        for kind in ("F", "strided", "reversed"):
            for of_x, of_grad in [("", kind), (kind, ""), (kind, kind)]:
                cases.append(partial(_laid_out, context, shape, of_x, of_grad))
    cases.append(partial(_by_name, context))
    told(cases)


def _typed(context: Context, grad_out: Floats, p: float = 0.375) -> None:
    x = positive(away_from_zero(context.rng, grad_out.shape, grad_out.dtype))
    there = run(context, x, p, context.seed())
    grad_x = context.call("dropout_backward", grad_out, there.cache).value
    fits(there, array_like(grad_x, grad_out, "grad_x"), grad_out)


def _laid_out(context: Context, shape: tuple[int, ...], of_x: str, of_grad: str) -> None:
    x = positive(away_from_zero(context.rng, shape))
    grad_out = away_from_zero(context.rng, shape)
    layout: dict[str, Any] = {"layouts": [(0, of_x)]} if of_x else {}
    there = run(context, x, 0.4, context.seed(), **layout)
    layout = {"layouts": [(0, of_grad)]} if of_grad else {}
    grad_x = backward(context, grad_out, there.cache, readonly=[0], **layout)
    try:
        fits(there, grad_x, grad_out)
    except Wrong as reason:
        words = "where x or grad_out is transposed, or a part of a larger array"
        raise Wrong(f"{words}, {reason}") from None


BACKWARD = Task(
    "dropout_backward",
    [
        Criterion(0.75, "the mask of the forward pass, and its factor", gradient),
        Criterion(0.5, "exact up to rounding", exactness),
        Criterion(0.5, "right where x is 0, or negative", zeros_in_x),
        Criterion(0.5, "a cache works later, and twice", caches),
        Criterion(0.5, "after evaluation the gradient comes back", evaluation),
        Criterion(0.5, "neither pass writes into what it was given", callers_arrays),
        Criterion(0.25, "the generator stays where it is", generator_stays),
        Criterion(0.5, "any shape, layout and dtype", arrays),
    ],
    through=("dropout_forward",),
)

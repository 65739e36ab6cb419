"""Judges ``monte_carlo`` and ``exact_means``: averages over some masks, and over all.

The masks are agreed on, number by number, or all of them are summed over: nothing that is
compared here depends on chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task
from grading.judging.tasks.a2_forward import some_p
from grading.judging.tasks.a3_nets import (
    Floats,
    Net,
    all_masks,
    hidden,
    log_q,
    logits,
    near,
    net_of,
    probabilities,
    untouched,
)
from grading.running.calls import Rng

__all__ = ["EXACT", "MONTE_CARLO"]

RATES = [(0.05, 0.15), (0.25, 0.4), (0.6, 0.7), (0.8, 0.9)]
BOTH = (True, True)


def passes(net: Net, x: Floats, p: float, k: int, rng: np.random.Generator) -> Floats:
    """Return the mean of the probabilities of k passes, drawn as the task says."""
    h = hidden(net, x)
    q = [np.exp(log_q(logits(net, h * (rng.random(h.shape) >= p) / (1 - p)))) for _ in range(k)]
    return np.asarray(np.mean(q, axis=0))


def _some_case(rng: np.random.Generator) -> tuple[Net, Floats]:
    d, n_hidden, n_classes, n = (int(i) for i in rng.integers([2, 5, 2, 2], [7, 30, 6, 9]))
    return net_of(rng, d, n_hidden, n_classes), rng.normal(size=(n, d))


def _asked(
    context: Context, net: Net, x: Floats, *rest: Any, **options: Any
) -> tuple[Floats, Floats]:
    reply = context.call("monte_carlo", net, x, *rest, parts=BOTH, **options)
    shape = (len(x), len(net[3]))
    whole, mean = reply.parts
    return probabilities(whole, shape, "whole"), probabilities(mean, shape, "mean")


def mc_form(context: Context) -> None:
    """Two arrays of the right shape come back."""
    net, x = _some_case(context.rng)
    _asked(context, net, x, 0.3, 2, Rng(context.seed()))


def mc_whole(context: Context) -> None:
    """The first of the pair is the net in evaluation mode, at every p."""
    for low, high in RATES:
        net, x = _some_case(context.rng)
        whole, _ = _asked(context, net, x, some_p(context.rng, low, high), 3, Rng(1))
        near(whole, np.exp(log_q(logits(net, hidden(net, x)))), "whole is not the whole net")


def mc_mean(context: Context) -> None:
    """The second is the mean of the probabilities of k passes with the agreed masks."""
    for low, high in RATES:
        for k in (1, 2, 9):
            net, x = _some_case(context.rng)
            p, seed = some_p(context.rng, low, high), context.seed()
            _, mean = _asked(context, net, x, p, k, Rng(seed))
            wanted = passes(net, x, p, k, np.random.default_rng(seed))
            words = "mean is not that of the passes with the agreed masks"
            near(mean, wanted, f"{words}, at k = {k} and p = {p:.2f}")


def mc_stream(context: Context) -> None:
    """As much is drawn from the generator as was agreed, and nothing else changes."""
    net, x = _some_case(context.rng)
    untouched(context, "monte_carlo", net, x, 0.4, 3, Rng(context.seed()), data=2)
    words = "a second call on the same generator does not go on where the first one ended"
    for kind, first_p in [("PCG64", 0.4), ("MT19937", 0.0)]:
        seed = context.seed()
        ours = np.random.Generator(getattr(np.random, kind)(seed))
        shared = context.keep(Rng(seed, kind))
        for p, k in [(first_p, 2), (0.3, 3)]:
            net, x = _some_case(context.rng)
            _, mean = _asked(context, net, x, p, k, shared)
            first = "mean is not that of the passes with the agreed masks"
            near(mean, passes(net, x, p, k, ours), first if k == 2 else words)


MONTE_CARLO = Task(
    "monte_carlo",
    [
        Criterion(0, "two arrays of shape (n, C)", mc_form),
        Criterion(2, "the whole net", mc_whole),
        Criterion(4, "the mean of k passes", mc_mean),
        Criterion(1, "draws what was agreed; nothing is modified", mc_stream),
    ],
)


def both_means(net: Net, x: Floats, p: Floats, place: str) -> tuple[Floats, Floats]:
    """Return the arithmetic and the normalised geometric mean over all masks."""
    factors, chance = all_masks(p)
    if place == "inputs":
        h = hidden(net, x * factors[:, None])
    else:
        h = hidden(net, x) * factors[:, None]
    logs = log_q(logits(net, h))
    geometric = np.exp(log_q(np.tensordot(chance, logs, axes=1)))
    return np.tensordot(chance, np.exp(logs), axes=1), geometric


def _small_case(rng: np.random.Generator, place: str, count: int) -> tuple[Net, Floats, Floats]:
    other, n_classes, n = (int(i) for i in rng.integers([3, 2, 1], [7, 5, 5]))
    d, n_hidden = (count, other) if place == "inputs" else (other, count)
    p = rng.uniform(0.05, 0.9, count)
    if count > 2:
        p[rng.integers(count)] = 0.0
    return net_of(rng, d, n_hidden, n_classes), rng.normal(size=(n, d)), p


def _means(context: Context, net: Net, x: Floats, p: Floats, place: str) -> list[Floats]:
    return context.call("exact_means", net, x, p, place, parts=BOTH).parts


def exact_form(context: Context) -> None:
    """Two arrays of the right shape come back."""
    for place in ("inputs", "hidden"):
        net, x, p = _small_case(context.rng, place, 4)
        for value, name in zip(
            _means(context, net, x, p, place), ("arithmetic", "geometric"), strict=True
        ):
            probabilities(value, (len(x), len(net[3])), name)


def _exact(place: str, part: int) -> Any:
    name = ("arithmetic", "geometric")[part]

    def check(context: Context) -> None:
        for count in (1, 2, 4, 6, 8):
            net, x, p = _small_case(context.rng, place, count)
            value = _means(context, net, x, p, place)[part]
            q = probabilities(value, (len(x), len(net[3])), name)
            units = "inputs" if place == "inputs" else "hidden units"
            words = f"{name} is not the {name} mean over all masks of the {units}"
            near(q, both_means(net, x, p, place)[part], words)

    return check


def sure(context: Context) -> None:
    """The geometric mean is right where every class is impossible to some thinned net."""
    untouched(context, "exact_means", *_small_case(context.rng, "hidden", 5), "hidden", data=3)
    untouched(context, "exact_means", *_small_case(context.rng, "inputs", 5), "inputs", data=3)
    for _ in range(3):
        net, x, p = _small_case(context.rng, "hidden", 6)
        x, p = x[:1], np.maximum(p, 0.2)
        net = (net[0], np.abs(net[1]) + 2.0, *net[2:])  # all units are on
        weight = net[2] * 3e5
        wanted = context.rng.normal(size=len(net[3]))
        net = (net[0], net[1], weight, wanted - weight @ hidden(net, x)[0])
        x = np.vstack([x, context.rng.normal(size=(2, x.shape[1]))])  # surer still
        geometric = _means(context, net, x, p, "hidden")[1]
        q = probabilities(geometric, (3, len(wanted)), "where nets are very sure, geometric")
        near(
            q, both_means(net, x, p, "hidden")[1], "geometric is wrong where nets are very sure"
        )


def any_case(context: Context) -> None:
    """Nothing ever dropped, all p alike, p near 1; one example and many, two classes."""
    rng = context.rng
    for place, count, n in [("hidden", 3, 1), ("inputs", 5, 40), ("hidden", 7, 12)]:
        for p in (np.zeros(count), np.full(count, 0.5), rng.uniform(0.9, 0.995, count)):
            net, _, _ = _small_case(rng, place, count)
            x = 3 * rng.normal(size=(n, net[0].shape[1]))
            for value, wanted, name in zip(
                _means(context, net, x, p, place),
                both_means(net, x, p, place),
                ("arithmetic", "geometric"),
                strict=True,
            ):
                q = probabilities(value, wanted.shape, name)
                words = f"{name} is wrong at p = {p.min():.2f} to {p.max():.2f}, {n} examples"
                near(q, wanted, f"{words}, dropout on {place}")


EXACT = Task(
    "exact_means",
    [
        Criterion(0, "two arrays of shape (n, C)", exact_form),
        Criterion(2, "the arithmetic mean, hidden units", _exact("hidden", 0)),
        Criterion(2, "the geometric mean, hidden units", _exact("hidden", 1)),
        Criterion(1, "the arithmetic mean, inputs", _exact("inputs", 0)),
        Criterion(1, "the geometric mean, inputs", _exact("inputs", 1)),
        Criterion(0.5, "p of 0, alike, near 1; one example and many", any_case),
        Criterion(0.5, "very sure nets; nothing is modified", sure),
    ],
)

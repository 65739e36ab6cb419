"""Judges ``monte_carlo`` and ``exact_means``: averages over some masks, and over all.

The masks are agreed on, number by number, or all of them are summed over: nothing that is
compared here depends on chance.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, alike, require
from grading.judging.tasks.a2_forward import some_p
from grading.judging.tasks.a3_nets import (
    EXACT,
    Floats,
    Net,
    all_masks,
    any_examples,
    any_net,
    floats,
    hidden,
    intact,
    log_q,
    logits,
    near,
    net_of,
    nudged_net,
    untouched,
)
from grading.judging.wide import Reused, some_size
from grading.running.calls import Call, Probe, Rng

__all__ = ["MEANS", "MONTE_CARLO"]

RATES = [(0.05, 0.15), (0.25, 0.4), (0.6, 0.7), (0.8, 0.9)]
BOTH = (True, True)
NAMES = ("whole", "mean")


def passes(net: Net, x: Floats, p: float, k: int, rng: np.random.Generator) -> Floats:
    """Return the mean of the probabilities of k passes, drawn as the task says."""
    h = hidden(net, x)
    q = [np.exp(log_q(logits(net, h * (rng.random(h.shape) >= p) / (1 - p)))) for _ in range(k)]
    return np.asarray(np.mean(q, axis=0))


def whole_net(net: Net, x: Floats) -> Floats:
    """Return the probabilities of the net without dropout."""
    return np.exp(log_q(logits(net, hidden(net, x))))


def _some_case(rng: np.random.Generator) -> tuple[Net, Floats]:
    d, n_hidden, n_classes, n = (int(i) for i in rng.integers([2, 5, 2, 2], [7, 30, 6, 9]))
    return net_of(rng, d, n_hidden, n_classes), rng.normal(size=(n, d))


def _given(context: Context, net: Net, x: Floats, rest: str) -> None:
    """Say which sizes a function is given."""
    n_hidden, d = net[0].shape
    sizes = f"n = {len(x)}, d = {d}, H = {n_hidden}, C = {len(net[3])}"
    context.at(f"with {sizes}, {rest}")


def _asked(
    context: Context, net: Net, x: Floats, *rest: Any, strict: bool = False
) -> tuple[Floats, Floats]:
    _given(context, net, x, f"p = {rest[0]:.6g} and k = {rest[1]}")
    whole, mean = context.call("monte_carlo", net, x, *rest, parts=BOTH).parts
    shape = (len(x), len(net[3]))
    return (
        floats(whole, shape, "whole", strict=strict),
        floats(mean, shape, "mean", strict=strict),
    )


def mc_form(context: Context) -> None:
    """Two arrays of the right shape come back."""
    net, x = _some_case(context.rng)
    _asked(context, net, x, 0.3, 2, Rng(context.seed()))


def mc_whole(context: Context) -> None:
    """The first of the pair is the net in evaluation mode, at every p."""
    for low, high in RATES:
        net, x = _some_case(context.rng)
        p = some_p(context.rng, low, high)
        whole, _ = _asked(context, net, x, p, 3, Rng(1))
        near(whole, whole_net(net, x), "whole is not the whole net")


def mc_mean(context: Context) -> None:
    """The second is the mean of the probabilities of k passes with the agreed masks."""
    for low, high in RATES:
        for k in (1, 2, 9):
            net, x = _some_case(context.rng)
            p, seed = some_p(context.rng, low, high), context.seed()
            _, mean = _asked(context, net, x, p, k, Rng(seed))
            wanted = passes(net, x, p, k, np.random.default_rng(seed))
            near(mean, wanted, "mean is not that of the passes with the agreed masks")


def mc_draws(context: Context) -> None:
    """As much is drawn from the generator as was agreed, whatever p is; it goes on."""
    context.worker.probe("def coming(rng):\n    return rng.random(4)")
    for kind, p in [("PCG64", 0.4), ("MT19937", 0.0), ("PCG64", 0.0)]:
        seed, k = context.seed(), int(context.rng.integers(2, 6))
        net, x = _some_case(context.rng)
        ours = np.random.Generator(getattr(np.random, kind)(seed))
        shared = context.keep(Rng(seed, kind))
        _, first = _asked(context, net, x, p, k, shared)
        _, second = _asked(context, net, x, p, k, shared)
        ours.random((2, k, len(x), len(net[1])))
        there = context.worker.call(Call(Probe("coming"), [shared])).value
        coming = ours.random(4)
        words = f"after two calls rng does not stand {2 * k * len(x) * len(net[1])} numbers on"
        words = f"{words}, which are 2 · k · n · H: its next number"
        alike(np.asarray(there), coming, words)
        words = (
            "after a second call with the same rng both means are the same, to the last digit"
        )
        require(p == 0 or not np.array_equal(first, second), words)


def _mc_one(context: Context, net: Net, x: Floats, p: float, k: int, kind: str) -> None:
    """Raise `Wrong` unless both are right, nothing is modified and rng has gone on."""
    seed = context.seed()
    ours, theirs = np.random.Generator(getattr(np.random, kind)(seed)), Rng(seed, kind)
    rng = context.keep(theirs)
    _given(context, net, x, f"p = {p:.9g} and k = {k}")
    reply = context.call("monte_carlo", net, x, p, k, rng, parts=BOTH, echo=[0, 1], fresh=True)
    shape = (len(x), len(net[3]))
    whole, mean = (floats(v, shape, n) for v, n in zip(reply.parts, NAMES, strict=True))
    near(whole, whole_net(net, x), "whole is wrong", EXACT)
    near(mean, passes(net, x, p, k, ours), "mean is wrong", EXACT)
    intact((net, x), reply.echo, ("net", "x"))
    there = context.worker.call(Call(Probe("coming"), [rng])).value
    words = f"afterwards rng does not stand {k * len(x) * len(net[1])} numbers on, which are "
    alike(np.asarray(there), ours.random(4), f"{words}k · n · H: its next number")


def mc_any(context: Context) -> None:
    """Any sizes, nets and rates, any generator; nets and examples with one number changed."""
    rng = context.rng
    context.worker.probe("def coming(rng):\n    return rng.random(4)")
    kinds = ("PCG64", "MT19937", "SFC64", "Philox")
    for number in range(32):
        d, n_classes, n = some_size(rng, 1, 40), some_size(rng, 2, 20), some_size(rng, 1, 70)
        n_hidden = some_size(rng, 1, 90) if number % 8 else int(rng.integers(60, 140))
        net, x = any_net(rng, d, n_hidden, n_classes), any_examples(rng, n, d)
        p = float(rng.choice([0.0, rng.random(), 10.0 ** rng.uniform(-9, -1), 0.5]))
        p = p if rng.random() < 0.9 else 1 - 10.0 ** rng.uniform(-4, -1)
        _mc_one(context, net, x, p, some_size(rng, 1, 30), kinds[number % 4])
    net, x = any_net(rng, 6, 50, 4), any_examples(rng, 40, 6)
    _mc_one(context, net, x, some_p(rng, 0.2, 0.7), 60, "PCG64")
    for reused in (context, Reused(context)):
        net, x = _some_case(rng)
        net[1][:] += 1.0
        cases = [(net, x), *(nudged_net(rng, net, x, place) for place in range(5))]
        for each in [*cases, (net, x[::-1].copy()), (net, x), (net, x)]:
            _mc_one(reused, *each, 0.4, 2, "PCG64")


def mc_limits(context: Context) -> None:
    """A number drawn that equals p, p of 0 and near 1, many passes."""
    rng = context.rng
    for k in (1, 4):
        net, x = _some_case(rng)
        seed, h = context.seed(), hidden(net, x)
        u = np.random.default_rng(seed).random((k, *h.shape))
        p = float(rng.choice(u[-1][(h > 0.1) & (u[-1] > 0.05) & (u[-1] < 0.9)]))
        _, mean = _asked(context, net, x, p, k, Rng(seed))
        wanted = passes(net, x, p, k, np.random.default_rng(seed))
        near(mean, wanted, f"where a number u that is drawn equals p = {p!r}, mean is wrong")
    for p, k in [(0, 2), (0.0, 1), (0.004, 20), (0.97, 8), (0.5, 75)]:
        net, x = _some_case(rng)
        seed = context.seed()
        whole, mean = _asked(context, net, x, p, k, Rng(seed))
        near(whole, whole_net(net, x), "whole is wrong")
        wanted = passes(net, x, p, k, np.random.default_rng(seed))
        near(mean, wanted, "mean is wrong")
    mc_any(context)


def mc_sizes(context: Context) -> None:
    """One example and many, one unit, large logits; float64, exact up to rounding."""
    rng = context.rng
    for d, n_hidden, n_classes, n, scale in [
        (4, 9, 3, 1, 1.0),
        (1, 1, 2, 1, 1.0),
        (3, 1, 5, 7, 1.0),
        (5, 60, 11, 130, 1.0),
        (4, 8, 3, 6, 2000.0),
    ]:
        w1, b1, w2, b2 = net_of(rng, d, n_hidden, n_classes)
        net, x = (w1, b1, scale * w2, scale * b2), rng.normal(size=(n, d))
        x[n // 2 :] /= scale  # with a large scale, some rows remain with usual logits
        p, seed = some_p(rng, 0.2, 0.6), context.seed()
        whole, mean = _asked(context, net, x, p, 3, Rng(seed), strict=True)
        words = f"where logits are near {scale:g}"
        near(whole, whole_net(net, x), f"{words}, whole is not exact", EXACT)
        wanted = passes(net, x, p, 3, np.random.default_rng(seed))
        near(mean, wanted, f"{words}, mean is not exact", EXACT)


def mc_untouched(context: Context) -> None:
    """Nothing is modified."""
    for p, n in [(0.4, 5), (0.0, 3), (0.7, 1)]:
        net, x = _some_case(context.rng)
        _given(context, net, x[:n], f"p = {p} and k = 3")
        arguments = (net, x[:n], p, 3, Rng(context.seed()))
        untouched(context, "monte_carlo", *arguments, data=("net", "x"))
    context.by_name("monte_carlo", net=net, x=x, p=0.4, k=2, rng=Rng(1))


MONTE_CARLO = Task(
    "monte_carlo",
    [
        Criterion(0, "two arrays of shape (n, C)", mc_form),
        Criterion(1.5, "the whole net", mc_whole),
        Criterion(3.5, "the mean of k passes", mc_mean),
        Criterion(0.5, "rng goes on by what was agreed", mc_draws),
        Criterion(0.5, "u equal to p, p of 0 and near 1, many passes", mc_limits),
        Criterion(0.5, "one example and many, large logits, exact", mc_sizes),
        Criterion(0.5, "nothing is modified", mc_untouched),
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


def _small_case(
    rng: np.random.Generator, place: str, count: int, n: int = 0
) -> tuple[Net, Floats, Floats]:
    """Return a net with so many places for dropout, and another number of all other things."""
    other = int(rng.choice([size for size in range(3, 8) if size != count]))
    n_classes, n_some = (int(i) for i in rng.integers([2, 2], [5, 6]))
    d, n_hidden = (count, other) if place == "inputs" else (other, count)
    p = rng.uniform(0.05, 0.9, count)
    return net_of(rng, d, n_hidden, n_classes), rng.normal(size=(n or n_some, d)), p


def _rates(p: Floats, place: str) -> str:
    return f"p from {p.min():.3g} to {p.max():.3g} and place = {place!r}"


def _means(
    context: Context, net: Net, x: Floats, p: Floats, place: str, *, strict: bool = False
) -> list[Floats]:
    _given(context, net, x, _rates(p, place))
    parts = context.call("exact_means", net, x, p, place, parts=BOTH).parts
    shape, names = (len(x), len(net[3])), ("arithmetic", "geometric")
    return [
        floats(part, shape, what, strict=strict)
        for part, what in zip(parts, names, strict=True)
    ]


def _compare(
    context: Context, case: tuple[Net, Floats, Floats], place: str, words: str
) -> None:
    """Raise `Wrong` unless both means are right."""
    pairs = zip(_means(context, *case, place), both_means(*case, place), strict=True)
    for name, (value, wanted) in zip(("arithmetic", "geometric"), pairs, strict=True):
        near(value, wanted, f"{words}{name} is wrong")


def exact_form(context: Context) -> None:
    """Two arrays of the right shape come back."""
    for place in ("inputs", "hidden"):
        _means(context, *_small_case(context.rng, place, 4), place)


def _exact(place: str, part: int) -> Any:
    name = ("arithmetic", "geometric")[part]

    def check(context: Context) -> None:
        for count in (2, 4, 6, 8):
            net, x, p = _small_case(context.rng, place, count)
            value = _means(context, net, x, p, place)[part]
            units = "inputs" if place == "inputs" else "hidden units"
            words = f"{name} is not the {name} mean over all masks of the {count} {units}"
            near(value, both_means(net, x, p, place)[part], words)

    return check


def any_p(context: Context) -> None:
    """Nothing ever dropped, some never dropped, all p alike, p near 0 and near 1."""
    rng = context.rng
    for place, count in [("hidden", 3), ("inputs", 5), ("hidden", 7), ("inputs", 2)]:
        zeros = rng.uniform(0.1, 0.9, count)
        zeros[rng.permutation(count)[: (count + 1) // 2]] = 0.0
        for what, p in [
            ("no p above 0", np.zeros(count)),
            ("some p of 0", zeros),
            ("all p alike", np.full(count, 0.5)),
            ("p near 0", 10.0 ** rng.uniform(-6, -2, count)),
            ("p near 1", rng.uniform(0.9, 0.999, count)),
        ]:
            (w1, b1, w2, b2), x, _ = _small_case(rng, place, count)
            net = (w1, b1, w2 * (1 - p.max()), b2)  # never very sure
            _compare(context, (net, x, p), place, f"{what}: ")


def _means_one(context: Context, net: Net, x: Floats, p: Floats, place: str) -> None:
    """Raise `Wrong` unless both means are right and nothing is modified."""
    _given(context, net, x, _rates(p, place))
    options: dict[str, Any] = {"parts": BOTH, "echo": [0, 1, 2], "fresh": True}
    reply = context.call("exact_means", net, x, p, place, **options)
    wanted = both_means(net, x, p, place)
    for name, value, right in zip(
        ("arithmetic", "geometric"), reply.parts, wanted, strict=True
    ):
        value = floats(value, (len(x), len(net[3])), name)
        near(value, right, f"{name} is wrong", 1e-7)
    intact((net, x, p), reply.echo, ("net", "x", "p"))


def means_any(context: Context) -> None:
    """Any sizes, nets and rates; nets and examples with one number changed."""
    rng = context.rng
    for number in range(32):
        place, count = ("inputs", "hidden")[number % 2], int(rng.integers(1, 9))
        other, n_classes = some_size(rng, 1, 40), some_size(rng, 2, 12)
        d, n_hidden = (count, other) if place == "inputs" else (other, count)
        net, x = (
            any_net(rng, d, n_hidden, n_classes),
            any_examples(rng, some_size(rng, 1, 40), d),
        )
        p = rng.uniform(0, 0.9, count)
        kind = int(rng.integers(5))
        if kind == 1:
            p[rng.random(count) < 0.5] = 0.0
        elif kind == 2:
            p[:] = rng.choice([0.5, 0.3, p[0]])
        elif kind == 3:
            p[rng.random(count) < 0.5] = p[0]
        elif kind == 4:
            p = np.sort(p)[:: rng.choice([-1, 1])].copy()
        _means_one(context, net, x, p, place)
    for reused in (context, Reused(context)):
        net, x, p = _small_case(rng, "hidden", 5)
        net[1][:] += 1.0
        cases = [(net, x, p), *((*nudged_net(rng, net, x, i), p) for i in range(5))]
        for q in (p[::-1].copy(), np.r_[p[:-1], p[-1] / 2], p):
            cases.append((net, x, q))
        for each in [*cases, (net, x, p)]:
            _means_one(reused, *each, "hidden")


def rare(context: Context) -> None:
    """Masks that hardly ever come, to which the geometric mean owes as much as to others."""
    rng = context.rng
    for place, count in [("hidden", 1), ("inputs", 1), ("hidden", 4), ("inputs", 3)]:
        for kind in ("kept", "dropped"):
            net, x, _ = _small_case(rng, place, count, 2)
            net = (np.abs(net[0]), np.abs(net[1]), *net[2:])
            x = np.abs(x)
            p = rng.uniform(0.2, 0.7, count)
            seldom = 10.0 ** rng.uniform(-10, -5)
            p[rng.integers(count)] = 1 - seldom if kind == "kept" else seldom
            if kind == "dropped" and place == "inputs":
                continue
            if kind == "dropped":
                x = x[:1]
                weight = net[2] / seldom / 4
                net = (net[0], net[1], weight, net[3] - weight @ hidden(net, x)[0])
            words = f"where a unit is {kind} once in {1 / seldom:.2g} times, "
            _compare(context, (net, x, p), place, words)


def any_size(context: Context) -> None:
    """One example and many, one place for dropout, as many inputs as hidden units."""
    rng = context.rng
    for d, n_hidden, n_classes, n in [
        (5, 5, 3, 4),
        (1, 1, 2, 3),
        (3, 3, 2, 1),
        (4, 7, 3, 1),
        (8, 8, 3, 2),
        (2, 6, 4, 70),
    ]:
        for place, count in [("inputs", d), ("hidden", n_hidden)]:
            net, x = net_of(rng, d, n_hidden, n_classes), rng.normal(size=(n, d))
            _compare(context, (net, x, rng.uniform(0.1, 0.8, count)), place, "")
    means_any(context)


def at_the_end_of_doubles(context: Context) -> None:
    """Two thinned nets: classes that tie for sure, and one that is all but impossible."""
    far, lead = context.rng.uniform(720, 900), context.rng.uniform(741, 745)
    for kept, dropped in [
        ((far, far, 0.0), (0.0, 0.0, far)),
        ((lead, 0.0), (0.0, lead - context.rng.uniform(2, 5))),
        ((0.0, lead), (lead - context.rng.uniform(2, 5), 0.0)),
    ]:
        last = (np.subtract(kept, dropped)[:, None] / 2, np.array(dropped))
        net = (np.ones((1, 1)), np.zeros(1), *last)
        for place in ("inputs", "hidden"):
            case = net, np.ones((1, 1)), np.array([0.5])
            _compare(context, case, place, "where a thinned net is all but certain, ")


def sure(context: Context) -> None:
    """The geometric mean is right where every class is impossible to some thinned net."""
    at_the_end_of_doubles(context)
    for zeros in (0, 0, 2):
        net, x, p = _small_case(context.rng, "hidden", 6)
        x, p = x[:1], np.maximum(p, 0.2)
        p[:zeros] = 0.0
        net = (net[0], np.abs(net[1]) + 2.0, *net[2:])  # all units are on
        weight = net[2] * 3e5
        wanted = context.rng.normal(size=len(net[3]))
        net = (net[0], net[1], weight, wanted - weight @ hidden(net, x)[0])
        x = np.vstack([x, context.rng.normal(size=(2, x.shape[1]))])  # surer still
        _compare(context, (net, x, p), "hidden", "where thinned nets are very sure, ")
    net, x, p = _small_case(context.rng, "inputs", 5)
    large = (net[0], net[1], 1e4 * net[2], net[3])
    _compare(context, (large, x, p), "inputs", "where thinned nets are very sure, ")
    rare(context)


def exact(context: Context) -> None:
    """Both means are float64 and exact up to rounding."""
    for place, count in [("hidden", 5), ("inputs", 4), ("hidden", 8), ("inputs", 6)]:
        net, x, p = _small_case(context.rng, place, count, 6)
        p[:2] *= count < 6  # the last ones have a p of 0, too
        pairs = zip(
            _means(context, net, x, p, place, strict=True),
            both_means(net, x, p, place),
            strict=True,
        )
        for name, (value, wanted) in zip(("arithmetic", "geometric"), pairs, strict=True):
            near(value, wanted, f"{name} is not exact", EXACT)


def means_untouched(context: Context) -> None:
    """Nothing is modified."""
    for place in ("hidden", "inputs"):
        for n in (1, 4):
            net, x, p = _small_case(context.rng, place, 5, n)
            p[0] = 0.0
            _given(context, net, x, _rates(p, place))
            untouched(context, "exact_means", net, x, p, place, data=("net", "x", "p"))
    context.by_name("exact_means", net=net, x=x, p=p, place=place)


MEANS = Task(
    "exact_means",
    [
        Criterion(0, "two arrays of shape (n, C)", exact_form),
        Criterion(1.5, "the arithmetic mean, hidden units", _exact("hidden", 0)),
        Criterion(1.5, "the geometric mean, hidden units", _exact("hidden", 1)),
        Criterion(0.75, "the arithmetic mean, inputs", _exact("inputs", 0)),
        Criterion(0.75, "the geometric mean, inputs", _exact("inputs", 1)),
        Criterion(0.5, "p of 0, alike, near 0 and near 1", any_p),
        Criterion(0.5, "one example and many; as many inputs as hidden units", any_size),
        Criterion(0.5, "very sure nets", sure),
        Criterion(0.5, "exact up to rounding", exact),
        Criterion(0.5, "nothing is modified", means_untouched),
    ],
)

"""The judge's own mathematics of A3, against trying everything; the numbers of a class."""

import itertools

import numpy as np

from grading.judging.tasks.a3_ablation import counts
from grading.judging.tasks.a3_crowd import both_means
from grading.judging.tasks.a3_nets import all_masks, hidden, logits, net_of
from grading.judging.tasks.a3_ridge import expected_loss, solved


def test_the_runs_to_be_compared_differ_between_classes_and_lack_partners(assignments):
    space = {}
    for _, source in assignments["A3"].setup:
        exec(source, space)

    classes = [space["make_damage"](seed) for seed in range(20)]

    assert len({str(runs) for runs in classes}) == 20
    for runs in classes:
        seeds = [set(arm) for arm in runs.values()]
        assert len(set.intersection(*seeds)) >= 6
        assert list(runs["plain"]) != list(runs["dropout"])


def test_the_judge_counts_the_fewest_units_as_trying_all_does():
    rng = np.random.default_rng(0)
    net, x = net_of(rng, 3, 6, 4), rng.normal(size=(60, 3))
    read = logits(net, hidden(net, x)).argmax(axis=1)
    y = np.where(np.arange(60) < 45, read, rng.integers(4, size=60))

    numbers, clear = counts(net, x, y)

    kept = np.array(list(itertools.product([0, 1], repeat=6)))
    for row, right, number in zip(hidden(net, x), y, numbers, strict=True):
        z = logits(net, row * kept)
        wrong = np.delete(z, right, axis=1).max(axis=1) >= z[:, right]
        assert number == min((6 - kept.sum(axis=1))[wrong], default=7)
    assert np.all(clear)
    assert {0, 1, 2, 7} <= set(numbers.tolist())


def test_the_judges_loss_is_the_mean_over_all_masks_and_its_weights_the_lowest():
    rng = np.random.default_rng(1)
    x, y, p = rng.normal(size=(9, 5)) + 1, rng.normal(size=9), rng.uniform(0.1, 0.8, 5)
    factors, chance = all_masks(p)
    w = solved((x, y, p))

    losses = [np.sum((y - x * factor @ w) ** 2) for factor in factors]

    assert np.isclose(chance.sum(), 1)
    assert np.isclose(chance @ losses, expected_loss((x, y, p), w))
    for step in 1e-3 * np.vstack([np.eye(5), -np.eye(5)]):
        assert expected_loss((x, y, p), w + step) > expected_loss((x, y, p), w)


def test_the_whole_net_is_the_geometric_mean_behind_the_relu_and_not_before():
    rng = np.random.default_rng(2)
    net, x = net_of(rng, 4, 5, 3), rng.normal(size=(2, 4))
    z = logits(net, hidden(net, x))
    whole = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    apart = {
        place: np.abs(both_means(net, x, rng.uniform(0.2, 0.7, size), place)[1] - whole).max()
        for place, size in [("hidden", 5), ("inputs", 4)]
    }

    assert apart["hidden"] < 1e-12
    assert apart["inputs"] > 1e-3

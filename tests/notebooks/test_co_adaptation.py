"""The measures that chapter 9 defines do what its claims need of them."""

import itertools

import numpy as np
import pytest
from chapter import defined

from dropoutlab import data, nn
from dropoutlab.experiments.catalogue import how_much as catalogue
from dropoutlab.training import evaluate, fit

MEASURES = ["carriers", "damaged", "random_share", "strongest_gone", "pushes", "cut_smallest"]


@pytest.fixture(scope="module")
def shown():
    """The chapter's functions, each from the cell that defines it, run by themselves."""
    known = {"nn": nn, "np": np, "data": data, "fit": fit}
    return defined("09_co_adaptation", *MEASURES, "make_net", "trained", **known)


@pytest.fixture
def net(shown):
    rng = np.random.default_rng(0)
    return shown["make_net"](0.0, rng, rng).eval()


@pytest.fixture
def x():
    return np.random.default_rng(1).random((3, 784), dtype=np.float32)


@pytest.mark.parametrize("p", [0.0, 0.5])
def test_training_is_that_of_the_recorded_runs(shown, monkeypatch, p):
    monkeypatch.setattr(catalogue, "N_STEPS", 60)  # three epochs
    monkeypatch.setattr(catalogue, "N_MEASUREMENTS", 3)

    net, parts = shown["trained"](5, p, lr=0.03, n_epochs=3)
    recorded = catalogue.train_so_much(5, p, width=128, n=1000, wrong=0.0, lr=0.03)

    end = evaluate(net, parts.test)
    assert end.error == recorded["test error"] < 0.5
    assert end.loss == recorded["test loss"]


@pytest.mark.parametrize(
    ("push", "expected"),
    [
        ([2.0, 2, 2, 2], 4),
        ([0.0, 8, 0, 0], 1),
        ([3.0, 3, 3, 3, 3, -3], 144 / 54),
        ([1.0, -1], 0),
    ],
)
def test_carriers_count_equal_pushes_in_one_direction(shown, push, expected):
    assert shown["carriers"](np.array(push)) == pytest.approx(expected)


def test_carriers_are_counted_for_each_example(shown):
    push = np.array([[1.0, 1], [1, 0]])

    np.testing.assert_allclose(shown["carriers"](push), [2, 1])


@pytest.mark.parametrize("share", [0.3, 0.5])
def test_carriers_foretell_the_spread_of_the_sum(shown, share):
    push = np.array([4.0, -1, 2, 0.5])
    keep = np.array(list(itertools.product([0, 1], repeat=4)))
    weight = np.prod(np.where(keep, 1 - share, share), axis=1)
    sums = (keep * push / (1 - share)).sum(axis=1)

    mean = weight @ sums
    variance = weight @ (sums - mean) ** 2

    expected = shown["carriers"](push) * (1 - share) / share
    assert mean**2 / variance == pytest.approx(expected)


def test_keeping_all_units_leaves_the_net_as_it_is(shown, net, x):
    h = net[1](net[0](x))

    np.testing.assert_array_equal(shown["damaged"](net, h, np.ones((2, 128))), net(x))


def test_damage_is_what_dropout_with_that_mask_does(shown, net, x):
    keep = np.random.default_rng(2).random((2, 128)) >= 0.25
    h = net[1](net[0](x))
    for layer in (net[2], net[5]):
        layer.p = 0.25

    masks = [np.broadcast_to(row, (3, 128)) for row in keep]
    expected = net.train()(x, masks=masks)

    np.testing.assert_allclose(shown["damaged"](net, h, keep / 0.75), expected, rtol=1e-4)


@pytest.mark.parametrize("share", [0.0, 0.25, 0.5])
def test_exactly_the_share_goes_and_the_rest_is_rescaled(shown, share):
    keep = shown["random_share"](share, np.random.default_rng(3))

    assert np.sum(keep == 0, axis=1).tolist() == [128 * share] * 2
    assert set(keep[keep > 0]) == {1 / (1 - share)}
    if share:
        assert not np.array_equal(keep[0], keep[1])


def test_strongest_units_go_first(shown, net, x):
    net[3].weight.data[:, 7] *= 1000
    net[6].weight.data[:, 9] *= 1000
    net[0].bias.data[7] = net[3].bias.data[9] = 100  # both units are on

    keep = shown["strongest_gone"](net, net[1](net[0](x)), 1 / 128)

    assert np.argwhere(keep == 0).tolist() == [[0, 7], [1, 9]]
    assert set(keep.ravel()) == {0, 1}


def test_pushes_add_up_to_the_lead_but_for_the_bias(shown, net, x):
    h2 = net[4](net[3](net[1](net[0](x))))
    net[6].bias.data[:] = 0
    logits, y = net[6](h2), np.array([0, 4, 9])
    rivals = np.where(np.eye(10, dtype=bool)[y], -np.inf, logits).max(axis=1)

    push = shown["pushes"](net, h2, y)

    assert push.shape == (3, 128)
    np.testing.assert_allclose(push.sum(axis=1), logits[range(3), y] - rivals, atol=1e-5)


def test_the_smallest_weights_are_cut(shown):
    weights = np.array([[0.1, -4.0], [3.0, -0.2]], dtype=np.float32)

    cut = shown["cut_smallest"](weights, 0.5)

    np.testing.assert_array_equal(
        cut, np.array([[0, -4], [3, 0]], dtype=np.float32), strict=True
    )

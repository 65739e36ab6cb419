"""What chapter 4 measures with is right: masks, thinned nets, moments, the unscaled layer.

The functions are run as the chapter's reader sees them, on cases small enough to know.
"""

import numpy as np
import pytest
from chapter import defined

from dropoutlab import gradcheck, nn
from dropoutlab.explorables import ThinnedNetwork


def shown(*names, **namespace):
    return defined("04_the_idea", *names, np=np, nn=nn, **namespace)


@pytest.mark.parametrize("name", ["with_mask", "cut_out"])
def test_a_thinned_net_gives_what_the_explorable_gives(name):
    small = ThinnedNetwork(rescale=False)
    matrices = dict(zip(["W1", "W2", "W3"], map(np.array, small.weights), strict=True))
    thinned = shown("inputs", name, small=small, **matrices)[name]
    masks = np.random.default_rng(0).random((100, 8)) >= 0.5

    outputs = [thinned(mask[:4], mask[4:]) for mask in masks]

    bits = np.hstack([np.ones((100, 3), bool), masks])
    np.testing.assert_allclose(outputs, small.outputs(bits), atol=1e-12)


@pytest.mark.parametrize(
    ("factor", "expected"),
    [(1, (1.5, 0.75, 3)), (4 / 3, (2, 4 / 3, 16 / 3)), (np.sqrt(4 / 3), (np.sqrt(3), 1, 4))],
)
def test_moments_of_two_cases(factor, expected):
    moments = shown("moments")["moments"]

    np.testing.assert_allclose(moments(2, 0.25, factor), expected)


def test_different_masks_are_counted():
    count = shown("different_masks")["different_masks"]

    assert count(3, seed=0, n_masks=500) == 8
    assert count(40, seed=0, n_masks=500) == 500
    assert count(40, seed=0, n_masks=1) == 1


def test_relative_noise_follows_the_formula():
    noise = shown("relative_noise")["relative_noise"]

    # The s.d. of 2,000 draws is off by 1/sqrt(4000) = 1.6 %; allowed are four times that.
    for p, n_inputs in [(0.2, 25), (0.5, 100)]:
        expected = np.sqrt(p / (1 - p) / n_inputs)
        assert noise(n_inputs, p, seed=0) == pytest.approx(expected, rel=0.064)


def test_unscaled_masks_drop_and_do_not_rescale():
    unscaled_mask = shown("UnscaledMask")["UnscaledMask"]
    layer = unscaled_mask(0.3, np.random.default_rng(0))
    x = np.random.default_rng(1).uniform(0.5, 1.5, (200, 50))

    y = layer(x)

    np.testing.assert_array_equal(y, np.where(layer.mask, x, 0))
    assert abs(np.mean(y == 0) - 0.3) < 0.03
    assert len(np.unique(layer.mask, axis=0)) == 200
    layer.at_test = 0.7
    np.testing.assert_array_equal(layer.eval()(x), 0.7 * x)


def test_unscaled_masks_pass_the_gradient_through_the_survivors():
    unscaled_mask = shown("UnscaledMask")["UnscaledMask"]
    layer = unscaled_mask(0.3, np.random.default_rng(0))
    mask = np.arange(40).reshape(4, 10) % 3 > 0

    gradcheck.check_gradients(layer, np.random.default_rng(1).normal(size=(4, 10)), masks=mask)


def test_logits_of_a_net_without_hidden_units_off_are_at_no_distance():
    names = ["passed_on", "at_test_time", "against_training"]
    known = {"AT_TEST": np.array([0.5, 1.0])}
    measured = shown("UnscaledMask", "make_net", *names, **known)
    rngs = np.random.default_rng(0).spawn(2)
    net = measured["make_net"](2, 0.0, *rngs)
    x = np.random.default_rng(1).random((30, 784), dtype=np.float32)

    growth, distance = measured["against_training"](net, x)

    np.testing.assert_allclose(growth, [1, 1, 1], rtol=1e-5)
    assert distance[1] == pytest.approx(0, abs=1e-5)
    assert distance[0] == pytest.approx(0.75, rel=1e-5)  # no biases yet: half of a half

"""The dropout layer that chapter 5 shows in full is the one in the library.

On injected masks both must agree in every bit; on masks of their own, in distribution.
"""

import math

import numpy as np
import pytest
from chapter import defined

from dropoutlab import nn

P = [0.0, 0.1, 0.25, 0.5, 0.62, 0.9]


@pytest.fixture(scope="module")
def shown():
    return defined("05_forward_and_backward", "Dropout", nn=nn)["Dropout"]


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("p", P)
def test_equal_masks_give_equal_bits_forward_and_backward(shown, p, dtype):
    rng = np.random.default_rng(0)
    x, grad_output = rng.standard_normal((2, 40, 30)).astype(dtype)
    mask = rng.random(x.shape) >= p
    ours, library = shown(p, rng=rng), nn.Dropout(p, rng=rng)

    np.testing.assert_array_equal(ours(x, mask=mask), library(x, mask=mask), strict=True)
    np.testing.assert_array_equal(
        ours.backward(grad_output), library.backward(grad_output), strict=True
    )


@pytest.mark.parametrize("p", P)
def test_own_masks_drop_equally_often(shown, p):
    n = 200_000
    ones = np.ones((n // 100, 100))

    shares = [
        np.mean(make(p, rng=np.random.default_rng(seed))(ones) == 0)
        for seed, make in enumerate([shown, nn.Dropout])
    ]

    # Six standard deviations of a difference: a false alarm once in 500 million runs.
    assert abs(shares[0] - shares[1]) <= 6 * math.sqrt(2 * p * (1 - p) / n)


def test_own_masks_differ_between_examples_units_and_calls(shown):
    layer = shown(0.5, rng=np.random.default_rng(0))
    ones = np.ones((64, 64))

    first = layer(ones)
    second = layer(ones)

    assert not np.array_equal(first, second)
    assert len(np.unique(first, axis=0)) == 64
    assert len(np.unique(first, axis=1).T) == 64


def test_evaluation_does_nothing(shown):
    x = np.random.default_rng(0).standard_normal((5, 4))
    layer, library = (
        shown(0.3, rng=np.random.default_rng(1)),
        nn.Dropout(0.3, rng=np.random.default_rng(1)),
    )
    layer.eval(), library.eval()

    for each in (layer, library):
        np.testing.assert_array_equal(each(x), x)
        np.testing.assert_array_equal(each.backward(x), x)

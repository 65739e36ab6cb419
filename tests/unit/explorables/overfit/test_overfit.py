"""The state of "Overfit it yourself", and the picture that stands in for it."""

import numpy as np
import pytest
import traitlets

from dropoutlab.explorables import Overfit


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("degree", value) for value in (-1, 16, 2.5)),
        *(("noise", value) for value in (-0.1, 1.1, float("nan"))),
        *(("n_points", value) for value in (1, 41)),
        ("points", [[0, 0]]),
        ("points", [[0, 0], [0, float("nan")]]),
        ("points", [[0, 0], [1.5, 0]]),
        ("points", [[0, 0], [0]]),
        ("points", [[0, 0], "ab"]),
        ("points", [[0, 0]] * 41),
        *(("seed", value) for value in (-1, 2**32, 0.5)),
    ],
)
def test_bad_values_are_refused_by_name(name, value):
    widget = Overfit()
    before = widget.state()

    with pytest.raises(traitlets.TraitError, match=name):
        setattr(widget, name, value)

    assert widget.state() == before


def test_the_points_are_a_sine_with_noise():
    x, y = Overfit(n_points=10, noise=0).training_points()

    assert len(x) == 10
    np.testing.assert_allclose(y, np.sin(np.pi * x))


def test_the_noise_scales_the_same_draws():
    x, small = Overfit(noise=0.1).training_points()
    _, large = Overfit(noise=0.4).training_points()

    np.testing.assert_allclose(large - np.sin(np.pi * x), 4 * (small - np.sin(np.pi * x)))


def test_points_that_were_moved_replace_the_drawn_ones():
    x, y = Overfit(points=[[0, 1], [0.5, -1]]).training_points()

    assert x.tolist() == [0, 0.5]
    assert y.tolist() == [1, -1]


def test_the_picture_follows_the_state():
    assert Overfit(degree=3).picture() != Overfit(degree=12).picture()
    assert "degree 3" in Overfit(degree=3).picture()


def test_the_picture_says_what_was_measured():
    assert "misses 16 noisy points by 0.08" in Overfit(degree=12).picture()
    flat = Overfit(degree=1, points=[[-1, 0], [1, 0]]).picture()
    assert "misses 2 noisy points by 0.00 and the sine behind them by 0.71" in flat


def test_fewer_points_than_coefficients_are_fitted_without_a_warning():
    assert "misses 2 noisy points by 0.00" in Overfit(points=[[0, 1], [0.5, -1]]).picture()

"""Two classes in the plane: their shapes without noise, their noise, their balance."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropoutlab import data

TOYS = [data.moons, data.circles, data.spirals, data.gaussians]


def rng(seed=0):
    return np.random.default_rng(seed)


@pytest.mark.parametrize("make", TOYS)
@given(n=st.integers(2, 200), noise=st.floats(0, 3), seed=st.integers(0, 2**32))
def test_classes_are_balanced_and_seeds_decide(make, n, noise, seed):
    toy, twin = (make(n, noise=noise, rng=rng(seed)) for _ in range(2))
    assert toy.x.shape == (n, 2)
    assert toy.x.dtype == np.float32
    assert toy.y.dtype == np.int64
    np.testing.assert_array_equal(np.bincount(toy.y), [n - n // 2, n // 2])
    np.testing.assert_array_equal(toy.x, twin.x)
    np.testing.assert_array_equal(toy.y, twin.y)


@pytest.mark.parametrize("make", TOYS)
def test_noise_is_added_to_the_same_places_in_both_coordinates(make):
    # |z| < 6 for the mean and the variance of 2 × 20,000 residuals: 8e-9.
    exact, noisy, double = (
        make(20_000, noise=noise, rng=rng(3), dtype=np.float64) for noise in (0, 0.2, 0.4)
    )
    residual = noisy.x - exact.x
    np.testing.assert_allclose(double.x - exact.x, 2 * residual)
    assert np.abs(residual.mean(axis=0)).max() < 6 * 0.2 / math.sqrt(20_000)
    assert np.abs(residual.var(axis=0) / 0.04 - 1).max() < 6 * math.sqrt(2 / 20_000)
    assert abs(np.corrcoef(residual.T)[0, 1]) < 6 / math.sqrt(20_000)


@pytest.mark.parametrize("make", TOYS)
def test_examples_come_in_random_order(make):
    y = make(1000, noise=0.1, rng=rng()).y
    assert 150 < y[:500].sum() < 350


def test_moons_without_noise_lie_on_two_half_circles():
    moons = data.moons(501, noise=0, rng=rng(), dtype=np.float64)
    upper, lower = moons.x[moons.y == 0], moons.x[moons.y == 1]
    assert (len(upper), len(lower)) == (251, 250)
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5


def test_circles_without_noise_go_all_round_and_have_radius_1_and_a_half():
    circles = data.circles(4000, noise=0, rng=rng(), dtype=np.float64)
    np.testing.assert_allclose(
        np.linalg.norm(circles.x, axis=1), np.where(circles.y == 1, 0.5, 1)
    )
    for label in (0, 1):
        x = circles.x[circles.y == label]
        eighths = np.bincount((np.arctan2(*x.T) // (np.pi / 4)).astype(int) + 4, minlength=8)
        assert np.abs(eighths - 250).max() < 6 * math.sqrt(250)


@pytest.mark.parametrize("turns", [0.5, 1.5, 3])
def test_spirals_without_noise_wind_as_often_as_asked_and_are_each_others_mirror(turns):
    spirals = data.spirals(4000, noise=0, rng=rng(), turns=turns, dtype=np.float64)
    arm = np.where(spirals.y[:, None] == 1, -spirals.x, spirals.x)
    radius = np.linalg.norm(arm, axis=1)
    angle = 2 * np.pi * turns * radius
    np.testing.assert_allclose(
        arm, radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1), atol=1e-12
    )
    assert radius.max() <= 1
    # Evenly along the arm: a quarter of the examples on the inner half of the radius.
    assert abs(np.mean(radius < 0.5) - 0.25) < 6 * math.sqrt(0.25 * 0.75 / 4000)


def test_gaussians_have_the_error_that_the_formula_says():
    # 100,000 examples, |z| < 6: 2e-9 for each pair.
    for distance, noise in ((2, 1), (3, 1), (1, 0.25)):
        clouds = data.gaussians(100_000, noise=noise, rng=rng(), distance=distance)
        error = np.mean((clouds.x[:, 0] > 0) != clouds.y)
        lowest = 0.5 * math.erfc(distance / (2 * noise) / math.sqrt(2))
        assert abs(error - lowest) < 6 * math.sqrt(lowest * (1 - lowest) / 100_000)
        means = [clouds.x[clouds.y == label].mean(axis=0) for label in (0, 1)]
        np.testing.assert_allclose(
            means, [[-distance / 2, 0], [distance / 2, 0]], atol=6 * noise / math.sqrt(50_000)
        )


@pytest.mark.parametrize("make", TOYS)
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"n": 1}, ValueError, "n must be an integer of at least 2, got 1"),
        ({"noise": -1}, ValueError, "noise must be a standard deviation, .* got -1"),
        ({"noise": math.inf}, ValueError, "noise must be a standard deviation, .* got inf"),
        ({"noise": math.nan}, ValueError, "noise must be a standard deviation, .* got nan"),
        ({"noise": "some"}, TypeError, "noise must be a standard deviation, .* got 'some'"),
        ({"rng": 3}, TypeError, r"rng must be a numpy\.random\.Generator, got 3"),
        ({"dtype": int}, TypeError, "dtype must be float32 or float64, got int64"),
    ],
)
def test_bad_arguments(make, change, error, message):
    with pytest.raises(error, match=message):
        make(**({"n": 10, "noise": 0.1, "rng": rng()} | change))


@pytest.mark.parametrize("turns", [0, -1, math.nan, math.inf])
def test_bad_turns(turns):
    with pytest.raises(ValueError, match=f"turns must be positive and finite, got {turns}"):
        data.spirals(10, noise=0, rng=rng(), turns=turns)


@pytest.mark.parametrize("distance", [-1, math.nan, math.inf])
def test_bad_distances(distance):
    with pytest.raises(ValueError, match=f"distance must be finite .* 0, got {distance}"):
        data.gaussians(10, noise=0, rng=rng(), distance=distance)

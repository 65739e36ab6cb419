"""Two classes in the plane."""

import numpy as np

from dropoutlab import data


def rng(seed=0):
    return np.random.default_rng(seed)


def test_moons_without_noise_lie_on_two_half_circles():
    moons = data.moons(501, noise=0, rng=rng(), dtype=np.float64)
    upper, lower = moons.x[moons.y == 0], moons.x[moons.y == 1]
    assert (len(upper), len(lower)) == (251, 250)
    np.testing.assert_allclose(np.linalg.norm(upper, axis=1), 1)
    np.testing.assert_allclose(np.linalg.norm(lower - [1, 0.5], axis=1), 1)
    assert upper[:, 1].min() >= 0
    assert lower[:, 1].max() <= 0.5
    assert 50 < moons.y[:251].sum() < 200  # shuffled
    assert data.moons(4, noise=0.1, rng=rng()).x.dtype == np.float32

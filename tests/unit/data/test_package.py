"""What holds for all data together."""

import numpy as np

from dropoutlab import data


def rng(seed=0):
    return np.random.default_rng(seed)


def test_no_global_random_state_is_touched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not change
    parts = data.digits(n_train=100, n_test=100, seed=0)
    data.wrong_labels(parts.train, 0.5, rng=rng())
    data.diabetes(n_train=100, n_test=100, seed=0)
    data.moons(10, noise=1, rng=rng())
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002

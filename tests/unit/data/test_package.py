"""What holds for all data together."""

import subprocess
import sys

import numpy as np
import pytest

from dropoutlab import data


@pytest.fixture
def global_state_stays():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not change
    yield
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


@pytest.mark.usefixtures("global_state_stays")
def test_no_global_random_state_is_touched():
    rng = np.random.default_rng(0)
    parts = data.digits(n_train=100, n_test=100, seed=0)
    data.wrong_labels(parts.train, 0.5, rng=rng)
    data.diabetes(n_train=100, n_test=100, seed=0)
    data.names(n_train=10, n_test=10, seed=0)
    for make in (data.moons, data.circles, data.spirals, data.gaussians, data.noisy_curve):
        make(10, noise=1, rng=rng)


@pytest.mark.usefixtures("global_state_stays", "real_data")
def test_no_global_random_state_is_touched_by_the_optional_sets():
    data.mnist(n_train=10, n_test=10, seed=0)
    data.ratings(n_train=5000, n_test=10, seed=0)


def test_importing_data_imports_none_of_the_packages_that_it_reads():
    heavy = [
        "mlxtend",
        "names",
        "pandas",
        "platformdirs",
        "pooch",
        "requests",
        "scipy",
        "sklearn",
        "torch",
    ]
    script = f"""
import sys
import dropoutlab.data
print(*[name for name in {heavy} if name in sys.modules])
"""
    imported = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    assert imported.stdout.split() == []

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


TWO = data.Dataset([[0.0], [1.0]], [0, 1])
RNG = np.random.default_rng(0)
SIZES = {"n_train": 2, "n_test": 2, "seed": 0}
BAD = {
    "no indices": (lambda: TWO.subset([]), "indices must be a list .* got \\[\\]"),
    "a mask of nothing": (lambda: TWO.subset([False, False]), "indices must be a list"),
    "one index": (lambda: TWO.subset(1), "indices must be a list .* got 1"),
    "a table of indices": (lambda: TWO.subset([[0, 1]]), "indices must be a list"),
    "ragged indices": (
        lambda: TWO.subset([[0], [0, 1]]),
        "indices must be an array, .* differ",
    ),
    "words for indices": (lambda: TWO.subset(["a"]), "indices must be integers or booleans"),
    "an index too far": (lambda: TWO.subset([2]), "indices must fit 2 examples: index 2 is"),
    "a short mask": (lambda: TWO.subset([True]), "indices must fit 2 examples: boolean index"),
    "ragged targets": (lambda: data.Dataset([[1.0]], [[1], [2, 3]]), "y must be .* differ"),
    "words for a size": (lambda: data.split_rows("9", **SIZES), "n must be an integer .* '9'"),
    "too few labels": (
        lambda: data.split_rows(9, labels=np.zeros(3, int), **SIZES),
        r"labels must be 9 integers, got an int64 array of shape \(3,\)",
    ),
    "float labels": (
        lambda: data.split_rows(9, labels=np.zeros(9), **SIZES),
        "labels must be 9 integers, got a float64",
    ),
    "labels of no set": (
        lambda: data.random_labels(None, rng=RNG),
        "dataset must be a Dataset",
    ),
    "a split of no set": (
        lambda: data.split([1], stratify=False, **SIZES),
        r"dataset must be a Dataset, got \[1\]",
    ),
    "a set for a split": (lambda: data.standardised(TWO), "parts must be a Split"),
    "no names": (lambda: data.contexts(None, 3), "names must be a sequence of names, got None"),
    "a list for a kind": (lambda: data.names(kind=["male"], **SIZES), "kind must be one of"),
    "a number for a curve": (
        lambda: data.noisy_curve(5, noise=0, rng=RNG, function=3),
        "function must be one of x, got 3",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_what_nothing_can_be_made_of_is_refused_by_the_name_of_its_argument(case):
    make, message = BAD[case]
    with pytest.raises((TypeError, ValueError), match=f"^{message}"):
        make()

"""A set of examples: what it copies, protects and refuses."""

import copy
import pickle

import numpy as np
import pytest

from dropoutlab.data import Dataset


def labelled(n=1000, k=10):
    return Dataset(np.arange(float(n))[:, None], np.arange(n) % k)


def test_a_dataset_copies_its_arrays_and_protects_the_copies():
    x, y = np.ones((3, 2)), np.array([0, 1, 2])
    dataset = Dataset(x, y)
    x[...], y[...] = 7, 7
    np.testing.assert_array_equal(dataset.x, 1)
    np.testing.assert_array_equal(dataset.y, [0, 1, 2])
    for array in (dataset.x, dataset.y):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 5
    with pytest.raises(AttributeError):
        dataset.x = x


@pytest.mark.parametrize(
    "duplicate",
    [lambda d: pickle.loads(pickle.dumps(d)), copy.deepcopy],
    ids=["pickle", "copy"],
)
def test_a_copy_of_a_dataset_is_equal_and_protected_too(duplicate):
    dataset = labelled(5)
    twin = duplicate(dataset)
    np.testing.assert_array_equal(twin.x, dataset.x)
    np.testing.assert_array_equal(twin.y, dataset.y)
    assert not twin.x.flags.writeable


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_subset_keeps_order_dtype_and_pairs(dtype):
    dataset = Dataset(np.arange(10, dtype=dtype)[:, None], np.arange(10))
    for indices in ([7, 2, 2], np.array([7, 2, 2])):
        part = dataset.subset(indices)
        np.testing.assert_array_equal(part.x[:, 0], [7, 2, 2])
        np.testing.assert_array_equal(part.y, [7, 2, 2])
        assert part.x.dtype == dtype
    assert len(dataset.subset(dataset.y > 6)) == 3


@pytest.mark.parametrize(
    ("x", "y", "error", "message"),
    [
        (np.ones((2, 2), int), [0, 1], TypeError, "x must be an array of floats .* an int64"),
        (np.ones(2), [0, 1], ValueError, r"x must have shape \(n, d\).* got shape \(2,\)"),
        (np.ones((0, 2)), [], ValueError, r"x must .* at least one row.* got shape \(0, 2\)"),
        (
            np.ones((2, 2)),
            [0],
            ValueError,
            r"y must have shape \(n,\) = \(2,\).* got shape \(1,\)",
        ),
        (np.ones((2, 2)), ["a", "b"], TypeError, "y must be integer labels or float targets"),
        (np.ones((2, 2)), [True, False], TypeError, "y must be integer labels .* got a bool"),
        ([[1.0, np.nan]], [0], ValueError, r"x must be finite, got nan at index \(0, 1\)"),
        ([[1.0]], [np.inf], ValueError, r"y must be finite, got inf at index \(0,\)"),
    ],
)
def test_bad_datasets(x, y, error, message):
    with pytest.raises(error, match=message):
        Dataset(x, y)

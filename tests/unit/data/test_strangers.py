"""Strangers are what they are called, of the digits' size, and leave the digits alone."""

import numpy as np
import pytest

from dropoutlab import data
from dropoutlab.data import STRANGERS, strangers

TEST = data.digits(n_train=10, n_test=200, seed=0).test


def make(kind, n=30, seed=0, digits=TEST):
    return strangers(kind, n, digits, rng=np.random.default_rng(seed))


@pytest.mark.parametrize("kind", STRANGERS)
def test_each_kind_has_the_size_range_and_dtype_of_digits_and_comes_back(kind):
    before = TEST.x.copy()
    made = make(kind)

    assert made.shape == (30, 784)
    assert made.dtype == np.float32
    assert made.min() >= 0
    assert made.max() <= 1
    assert np.array_equal(made, make(kind))
    assert not np.array_equal(made, make(kind, seed=1))
    made[:] = 0
    assert np.array_equal(TEST.x, before)


def rows(x):
    return {row.tobytes() for row in np.ascontiguousarray(x)}


def test_inverted_turned_and_shuffled_undo_to_digits():
    known = rows(TEST.x)

    assert rows((1 - make("inverted")).round(4)) <= rows(TEST.x.round(4))
    back = np.rot90(make("turned").reshape(-1, 28, 28), k=-1, axes=(1, 2))
    assert rows(back.reshape(-1, 784)) <= known
    shuffled = make("shuffled", n=1)[0]
    assert any(np.array_equal(np.sort(shuffled), np.sort(x)) for x in TEST.x)
    assert shuffled.tobytes() not in known


def test_two_in_one_covers_two_digits_of_different_classes():
    [both] = make("two in one", n=1)

    under = [
        y for x, y in zip(TEST.x, TEST.y, strict=True) if np.all(x <= both) and x.sum() > 20
    ]
    assert len(set(under)) >= 2


def test_photographs_differ_from_digits_in_light():
    photographs = make("photographs", n=200)

    assert len(rows(photographs)) > 190
    assert np.mean(photographs == 0) < 0.1 < np.mean(TEST.x == 0)


def test_one_class_alone_has_no_two_in_one():
    ones = data.Dataset(TEST.x[TEST.y == 1], TEST.y[TEST.y == 1])

    with pytest.raises(ValueError, match="two classes"):
        make("two in one", digits=ones)


@pytest.mark.parametrize(
    ("kind", "digits", "error", "words"),
    [
        ("letters", TEST, ValueError, "photographs, inverted"),
        ("inverted", TEST.x, TypeError, "Dataset of 784 pixels"),
        ("inverted", data.moons(20, noise=0.1, rng=np.random.default_rng(0)), TypeError, "784"),
    ],
)
def test_other_input_is_refused(kind, digits, error, words):
    with pytest.raises(error, match=words):
        make(kind, digits=digits)

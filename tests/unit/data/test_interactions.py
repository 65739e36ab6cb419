"""Ratings as arrays: what is copied, protected and refused."""

import copy
import pickle

import numpy as np
import pytest

from dropoutlab.data import Ratings


def triples(part):
    return list(zip(part.user.tolist(), part.item.tolist(), part.rating.tolist(), strict=True))


def test_ratings_are_copied_and_protected():
    user, item, rating = np.array([0, 1]), np.array([5, 5]), np.array([1.0, 2.0])
    some = Ratings(user, item, rating)
    user[...], item[...], rating[...] = 9, 9, 9
    assert triples(some) == [(0, 5, 1.0), (1, 5, 2.0)]
    for array in (some.user, some.item, some.rating):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 3
    with pytest.raises(AttributeError):
        some.user = user
    assert len(some) == 2


@pytest.mark.parametrize(
    "duplicate",
    [lambda some: pickle.loads(pickle.dumps(some)), copy.deepcopy],
    ids=["pickle", "copy"],
)
def test_a_copy_of_ratings_is_equal_and_protected_too(duplicate):
    some = Ratings([0, 1], [5, 6], [1.0, 2.0])
    twin = duplicate(some)
    assert triples(twin) == triples(some)
    assert not twin.user.flags.writeable


@pytest.mark.parametrize(
    ("user", "item", "rating", "error", "message"),
    [
        ([0.0], [0], [1.0], TypeError, "user must be integers from 0, got a float64 array"),
        ([0], [True], [1.0], TypeError, "item must be integers from 0, got a bool array"),
        ([0], [-1], [1.0], ValueError, "item must be integers from 0, got -1"),
        ([0, 1], [0], [1.0], ValueError, r"user must have shape \(1,\), .* got shape \(2,\)"),
        ([0], [0], [1], TypeError, "rating must be an array of floats"),
        ([0], [0], [np.nan], ValueError, "rating must be finite, got nan at index 0"),
        ([], [], np.zeros(0), ValueError, r"rating must have shape .* got shape \(0,\)"),
        ([[0]], [[0]], [[1.0]], ValueError, r"rating must have shape .* got shape \(1, 1\)"),
    ],
)
def test_bad_ratings(user, item, rating, error, message):
    with pytest.raises(error, match=message):
        Ratings(user, item, rating)

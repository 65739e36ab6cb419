"""Divisions: sizes, disjointness, stratification, seeds, what may pass between parts."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropoutlab import data
from dropoutlab.data import Dataset


def rng(seed=0):
    return np.random.default_rng(seed)


def labelled(n=1000, k=10):
    return Dataset(np.arange(float(n))[:, None], np.arange(n) % k)


def rows(dataset):
    """Every example as one bytes object, to be counted and compared."""
    return [x.tobytes() for x in dataset.x]


@given(
    n_train=st.integers(1, 400),
    n_validation=st.integers(0, 300),
    n_test=st.integers(1, 300),
    seed=st.integers(0, 2**32),
    stratify=st.booleans(),
)
def test_parts_are_disjoint_of_the_sizes_asked_and_stratified(
    n_train, n_validation, n_test, seed, stratify
):
    whole = labelled()
    parts = data.split(
        whole,
        n_train=n_train,
        n_validation=n_validation,
        n_test=n_test,
        seed=seed,
        stratify=stratify,
    )
    together = [
        part for part in (parts.train, parts.validation, parts.test) if part is not None
    ]
    assert [len(part) for part in together] == [n for n in (n_train, n_validation, n_test) if n]
    assert (parts.validation is None) == (n_validation == 0)
    drawn = np.concatenate([part.x[:, 0] for part in together])
    assert len(np.unique(drawn)) == len(drawn)
    for part in together:
        np.testing.assert_array_equal(part.y, part.x[:, 0] % 10)
        if stratify:
            assert np.ptp(np.bincount(part.y, minlength=10)) <= 1


@given(
    sizes=st.lists(st.integers(2, 300), min_size=2, max_size=6),
    fractions=st.tuples(st.floats(0.1, 0.4), st.floats(0.1, 0.4)),
    seed=st.integers(0, 2**32),
)
def test_classes_of_unequal_size_keep_their_proportions_in_every_part(sizes, fractions, seed):
    y = np.repeat(np.arange(len(sizes)), sizes)
    n_train, n_test = (max(1, int(fraction * len(y))) for fraction in fractions)
    train, _, test = data.split_rows(
        len(y), n_train=n_train, n_test=n_test, seed=seed, labels=y
    )
    for part in (train, test):
        counts = np.bincount(y[part], minlength=len(sizes))
        expected = len(part) * np.array(sizes) / len(y)
        assert np.abs(counts - expected).max() <= 2


def test_stratified_parts_use_up_everything_if_asked():
    y = np.repeat([0, 1, 2], [7, 50, 13])
    parts = data.split_rows(70, n_train=40, n_validation=10, n_test=20, seed=0, labels=y)
    assert sorted(np.concatenate(parts)) == list(range(70))


def test_the_test_part_stays_and_training_parts_nest_when_sizes_change():
    def draw(n_train, n_validation=100):
        return data.split(
            labelled(),
            n_train=n_train,
            n_validation=n_validation,
            n_test=200,
            seed=3,
            stratify=True,
        )

    small, large = draw(50), draw(500)
    np.testing.assert_array_equal(small.test.x, large.test.x)
    np.testing.assert_array_equal(small.validation.x, large.validation.x)
    np.testing.assert_array_equal(draw(50, 0).test.x, small.test.x)
    assert set(rows(small.train)) < set(rows(large.train))


def test_seeds_fix_the_split_and_different_seeds_differ():
    def draw(seed):
        return data.split(labelled(), n_train=500, n_test=200, seed=seed, stratify=True)

    np.testing.assert_array_equal(draw(1).train.x, draw(1).train.x)
    assert set(rows(draw(1).train)) != set(rows(draw(2).train))


def test_parts_come_in_random_order():
    # Sorted or interleaved labels would repeat with a period; 500 random ones repeat the
    # label ten places before in about 50 cases, 50 ± 40 with false alarms of 2e-9.
    y = data.split(labelled(), n_train=500, n_test=100, seed=0, stratify=True).train.y
    assert abs(np.count_nonzero(y[10:] == y[:-10]) - 49) < 40
    assert abs(np.count_nonzero(y[1:] == y[:-1]) - 50) < 40


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"n_train": 900}, ValueError, r"at most 1,000, .*, got 900 \+ 100 \+ 200 = 1,200"),
        ({"n_train": 0}, ValueError, "n_train must be an integer of at least 1, got 0"),
        ({"n_test": 0}, ValueError, "n_test must be an integer of at least 1, got 0"),
        ({"n_validation": -1}, ValueError, "n_validation must .* at least 0, got -1"),
        ({"n_train": 10.0}, TypeError, "n_train must be an integer .* got 10.0"),
        ({"seed": None}, TypeError, "seed must be an integer of at least 0, got None"),
        ({"seed": -1}, ValueError, "seed must be an integer of at least 0, got -1"),
    ],
)
def test_sizes_and_seeds_that_cannot_be(change, error, message):
    arguments = {"n_train": 100, "n_validation": 100, "n_test": 200, "seed": 0}
    with pytest.raises(error, match=message):
        data.split(labelled(), stratify=True, **(arguments | change))


def test_float_targets_cannot_be_stratified():
    with pytest.raises(TypeError, match="stratify must be False for float targets"):
        data.split(
            data.noisy_curve(9, noise=0, rng=rng()), n_train=3, n_test=3, seed=0, stratify=True
        )


def test_standardising_learns_from_the_training_part_alone():
    whole = Dataset(rng().normal(5, 3, size=(300, 4)), np.zeros(300, int))
    parts = data.split(whole, n_train=100, n_validation=50, n_test=100, seed=0, stratify=False)
    scaled = data.standardised(parts)
    np.testing.assert_allclose(scaled.train.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(scaled.train.x.std(axis=0), 1, rtol=1e-12)
    mean, deviation = parts.train.x.mean(axis=0), parts.train.x.std(axis=0)
    np.testing.assert_allclose(scaled.test.x, (parts.test.x - mean) / deviation)
    np.testing.assert_allclose(scaled.validation.x, (parts.validation.x - mean) / deviation)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_constant_feature_is_only_shifted(dtype):
    train = Dataset(np.full((7, 1), 0.1, dtype), np.zeros(7, int))
    scaled = data.standardised(data.Split(train, None, Dataset(np.array([[2.1]], dtype), [0])))
    np.testing.assert_allclose(scaled.train.x, 0, atol=1e-7)
    np.testing.assert_allclose(scaled.test.x, 2, rtol=1e-6)
    assert scaled.test.x.dtype == dtype

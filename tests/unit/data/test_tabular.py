"""The tables of scikit-learn."""

import numpy as np
import pytest

from dropoutlab import data


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

"""How sure, and rightly so: against formulae by hand, scipy, and what must not change."""

import math

import numpy as np
import pytest
from scipy import stats as scipy_stats
from scipy.special import softmax

from dropoutlab import uncertainty

RNG = np.random.default_rng(0)
Q = softmax(2 * RNG.normal(size=(7, 40, 5)), axis=-1)  # seven passes of 40 examples
Y = RNG.integers(5, size=40)


def test_entropy_is_scipys_and_a_certain_class_has_none():
    np.testing.assert_allclose(
        uncertainty.entropy(Q), scipy_stats.entropy(Q, axis=-1), rtol=1e-12
    )
    assert uncertainty.entropy([0.0, 1.0, 0.0]) == 0


def test_entropy_of_the_mean_is_mean_entropy_and_disagreement():
    whole = uncertainty.entropy(Q.mean(axis=0))

    np.testing.assert_allclose(
        uncertainty.disagreement(Q), whole - uncertainty.entropy(Q).mean(axis=0), atol=1e-12
    )
    divergence = np.mean([scipy_stats.entropy(q, Q.mean(axis=0), axis=-1) for q in Q], axis=0)
    np.testing.assert_allclose(uncertainty.disagreement(Q), divergence, rtol=1e-9)


def test_passes_that_agree_have_no_disagreement_and_never_a_negative_one():
    same = np.repeat(Q[:1], 9, axis=0)

    assert np.all(uncertainty.disagreement(same) >= 0)
    np.testing.assert_allclose(uncertainty.disagreement(same), 0, atol=1e-12)


@pytest.mark.parametrize("temperature", [0.3, 1.0, 4.0])
def test_tempered_is_the_softmax_of_divided_logits(temperature):
    logits = RNG.normal(size=(6, 4)) * 5

    by_hand = softmax(logits / temperature, axis=-1)
    ours = uncertainty.tempered(softmax(logits, axis=-1), temperature)

    np.testing.assert_allclose(ours, by_hand, rtol=1e-9)


def test_tempered_keeps_the_order_and_certainties_stay_numbers():
    assert np.array_equal(uncertainty.tempered(Q, 3.0).argsort(-1), Q.argsort(-1))
    assert np.all(np.isfinite(uncertainty.tempered([[1.0, 0.0]], 0.01)))


@pytest.mark.parametrize("by", [0.5, 2.5])
def test_a_temperature_that_was_put_on_is_found(by):
    q = np.tile(softmax(RNG.normal(size=(900, 3)), axis=-1), (30, 1))
    y = np.array([RNG.choice(3, p=chances) for chances in q])
    honest = uncertainty.fit_temperature(q, y)

    distorted = uncertainty.fit_temperature(uncertainty.tempered(q, 1 / by), y)

    assert honest == pytest.approx(1, abs=0.05)
    assert distorted == pytest.approx(by * honest, rel=1e-3)


def test_the_fitted_temperature_is_the_lowest_of_a_grid():
    def loss(temperature):
        return -np.log(uncertainty.tempered(Q[0], temperature)[np.arange(40), Y]).mean()

    fitted = uncertainty.fit_temperature(Q[0], Y)

    assert loss(fitted) <= min(loss(t) for t in np.geomspace(0.02, 50, 500)) + 1e-9


def test_bins_hold_what_lies_in_them_and_ends_belong_below():
    q = np.array([[0.5, 0.5], [0.6, 0.4], [0.61, 0.39], [1.0, 0.0]])

    bins = uncertainty.reliability(q, [1, 0, 0, 0])

    assert bins.n.tolist() == [0, 0, 0, 0, 1, 1, 1, 0, 0, 1]
    assert bins.n_right.tolist() == [0, 0, 0, 0, 0, 1, 1, 0, 0, 1]
    np.testing.assert_allclose(bins.sure[[4, 5, 6, 9]], [0.5, 0.6, 0.61, 1])
    assert bins.sure[0] == 0


def test_calibration_error_is_the_weighted_mean_of_gaps():
    sure, right = Q[0].max(axis=1), Q[0].argmax(axis=1) == Y
    gaps = 0.0
    for low in np.arange(0, 1, 0.25):
        inside = (sure > low) & (sure <= low + 0.25)
        if inside.any():
            gaps += inside.mean() * abs(right[inside].mean() - sure[inside].mean())

    assert uncertainty.calibration_error(Q[0], Y, n_bins=4) == pytest.approx(gaps)


def test_who_is_as_often_right_as_sure_has_no_calibration_error():
    q = np.array([[0.75, 0.25]] * 8)

    assert uncertainty.calibration_error(q, [0] * 6 + [1] * 2) == pytest.approx(0)
    assert uncertainty.calibration_error(q, [0] * 8) == pytest.approx(0.25)


LOGITS = [[2.0, -1.0]]


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: uncertainty.entropy(LOGITS), "softmax"),
        (lambda: uncertainty.entropy([[0.7, 0.7]]), "add up to 1"),
        (lambda: uncertainty.entropy([[math.nan, 1.0]]), "not negative"),
        (lambda: uncertainty.entropy(np.empty((0, 3))), "shape"),
        (lambda: uncertainty.disagreement([0.5, 0.5]), "axis of passes"),
        (lambda: uncertainty.tempered([0.5, 0.5], 0.0), "temperature must be positive"),
        (lambda: uncertainty.tempered([0.5, 0.5], math.nan), "temperature must be positive"),
        (lambda: uncertainty.reliability([[0.5, 0.5]], [2]), "from 0 to 1"),
        (lambda: uncertainty.reliability([[0.5, 0.5]], [0, 1]), "each row of q, 1"),
        (lambda: uncertainty.fit_temperature(Q, Y), "shape"),
        (lambda: uncertainty.reliability([[0.5, 0.5]], [0], n_bins=0), "n_bins"),
    ],
)
def test_what_is_no_probability_is_refused(call, words):
    with pytest.raises(ValueError, match=words):
        call()


def test_labels_that_are_no_classes_are_refused():
    with pytest.raises(TypeError, match="integer labels"):
        uncertainty.calibration_error([[0.5, 0.5]], [0.0])

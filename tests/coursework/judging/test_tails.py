"""The limits of random results are exact, and what is not random does not pass."""

import numpy as np
import pytest
from scipy import stats

from grading.judging.chance import fault_across_calls, fault_in_one_call
from grading.judging.tails import BUDGET, alarm, pmf, within


def test_the_limit_is_the_exact_tail_over_the_number_of_comparisons():
    n, p = 400, 0.3
    for comparisons in (1, 1000):
        tails = 2 * stats.binom.sf(np.arange(n), n, p)  # of one more than each count
        first = int(np.argmax(tails * comparisons < BUDGET)) + 1
        assert alarm(first, n, p, comparisons=comparisons)
        assert not alarm(first - 1, n, p, comparisons=comparisons)


def test_one_comparison_is_at_least_six_standard_deviations_wide():
    n, p = 10**6, 0.5
    sd = np.sqrt(n * p * (1 - p))

    assert not alarm(int(n * p + 6 * sd), n, p)
    assert alarm(int(n * p + 6.3 * sd), n, p)
    assert alarm(int(n * p - 6.3 * sd), n, p)


@pytest.mark.parametrize(("n", "p"), [(60, 0.02), (400, 0.3), (5000, 0.5), (30, 0.999)])
@pytest.mark.parametrize("comparisons", [1, 50])
def test_the_range_that_a_learner_reads_is_where_no_alarm_is_raised(n, p, comparisons):
    low, high = within(n, p, comparisons)

    silent = [not alarm(count, n, p, comparisons=comparisons) for count in range(n + 1)]
    assert silent.index(True) == low
    assert n - silent[::-1].index(True) == high
    assert all(silent[low : high + 1])


def test_the_count_that_raises_the_alarm_is_named_with_its_range():
    low, high = within(400, 0.3, 2)

    assert (
        alarm([120, 220], 400, 0.3)
        == f"220 of 400, where chance stays between {low} and {high}"
    )
    assert alarm([0, 1], 10, 0.0) == "1 of 10, where chance stays at 0"


def test_impossible_counts_are_noticed_and_nothing_is_no_alarm():
    assert alarm(1, 10, 0.0)
    assert not alarm(0, 10, 0.0)
    assert alarm([0, 5], 10, [0.5, 1.0])
    assert not alarm([], 10, 0.5)
    assert np.allclose(pmf(5, 0.3), stats.binom.pmf(range(6), 5, 0.3))


def test_a_submission_stays_below_one_false_alarm_in_a_million(monkeypatch, grade):
    calls = []

    def counted(*arguments, **options):
        calls.append(1)
        return alarm(*arguments, **options)

    monkeypatch.setattr("grading.judging.chance.alarm", counted)
    monkeypatch.setattr("grading.judging.tasks.a2_forward.alarm", counted)

    assert grade("A2", {}).points == 38
    assert 100 < len(calls) < 1e-6 / BUDGET


@pytest.mark.parametrize("p", [0.05, 0.25, 0.62, 0.9])
def test_independent_masks_pass(p):
    for seed in range(30):
        rng = np.random.default_rng(seed)
        assert fault_across_calls(rng.random((256, 5, 6)) < p, p) is None
        assert fault_in_one_call(rng.random((200, 300)) < p, p) is None


def broken(kind, rng, p):
    masks = rng.random((256, 6, 8)) < p
    if kind == "rate":
        masks = rng.random(masks.shape) < 1.15 * p
    elif kind == "position":
        masks[:, 3, 4] = False
    elif kind == "pair":
        masks[:, 0, 1] = masks[:, 5, 7]
    elif kind == "row":
        masks[:, 2] = masks[:, 2, :1]
    elif kind == "calls":
        masks[1::2] = masks[::2]
    elif kind == "count":
        masks = np.argsort(rng.random((256, 48)), axis=1).reshape(256, 6, 8) < round(48 * p)
    return masks


@pytest.mark.parametrize("kind", ["rate", "position", "pair", "row", "calls", "count"])
def test_dependent_masks_do_not_pass(kind):
    p = 0.25

    assert fault_across_calls(broken("none", np.random.default_rng(1), p), p) is None
    assert fault_across_calls(broken(kind, np.random.default_rng(1), p), p) is not None


def test_a_tiled_matrix_does_not_pass():
    tile = np.random.default_rng(2).random(1024) < 0.3

    assert "independently" in fault_in_one_call(np.resize(tile, (200, 300)), 0.3)

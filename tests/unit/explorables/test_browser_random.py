"""The browser's random numbers; tests/js compares what is made of them."""

import pytest

from dropoutlab.explorables.browser_random import BrowserRandom


def test_seed_and_stream_decide():
    draws = {
        tuple(BrowserRandom(*of).word() for _ in range(3))
        for of in [(0,), (0, 0), (1,), (0, 1), (2**32,)]
    }

    assert len(draws) == 4


def test_normal_numbers_have_mean_0_and_variance_1():
    rng = BrowserRandom(0)
    numbers = [rng.normal() for _ in range(20_000)]

    assert sum(numbers) / 20_000 == pytest.approx(0, abs=0.03)
    assert sum(n * n for n in numbers) / 20_000 == pytest.approx(1, abs=0.04)


def test_a_permutation_holds_every_number_once():
    first, second = (BrowserRandom(seed).permutation(50) for seed in (0, 1))

    assert sorted(first) == sorted(second) == list(range(50))
    assert first != second != sorted(second)

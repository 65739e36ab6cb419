"""Ratings: those of the files, in parts that share none, and nobody unknown in the test."""

import csv
import gzip
import importlib
import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dropoutlab import data

module = importlib.import_module("dropoutlab.data.ratings")  # the name itself is the function


def triples(part):
    return list(zip(part.user.tolist(), part.item.tolist(), part.rating.tolist(), strict=True))


@pytest.fixture(scope="module")
def truth(real_folder):
    """The rows of both files, read without the library."""

    def read(name):
        content = (
            real_folder / f"movietweetings/movietweetings_10core_{name}.csv.gz"
        ).read_bytes()
        return list(csv.reader(io.StringIO(gzip.decompress(content).decode())))[1:]

    return [tuple(map(int, row)) for row in read("ratings")], read("movies")


def test_together_the_parts_are_the_ratings_of_the_file(real_data, truth):
    parts = data.ratings(n_train=30_000, n_validation=4613, n_test=10_000, seed=0)
    assert [len(part) for part in (parts.train, parts.validation, parts.test)] == [
        30_000,
        4613,
        10_000,
    ]
    together = triples(parts.train) + triples(parts.validation) + triples(parts.test)
    assert sorted(together) == sorted(truth[0])
    for part in (parts.train, parts.validation, parts.test):
        assert part.rating.dtype == np.float32
        assert part.user.dtype == part.item.dtype == np.int64


def test_what_the_documentation_says_of_the_set_is_so(real_data, truth):
    rows = np.array(truth[0])
    assert len(rows) == 44_613
    assert len({(user, item) for user, item, _ in truth[0]}) == 44_613
    users, items = np.bincount(rows[:, 0]), np.bincount(rows[:, 1])
    assert (len(users), len(items)) == (2059, 1099)
    assert users.min() == items.min() == 10
    assert (rows[:, 2].min(), rows[:, 2].max()) == (0, 10)
    assert round(44_613 / 2059 / 1099, 2) == 0.02
    user, item, _ = rows.T
    kept = [
        len(module._one_of_each(user, item, np.random.default_rng(seed))[0])
        for seed in range(5)
    ]
    assert 2600 < min(kept) <= max(kept) < 2700


def test_titles_tell_the_films_apart(real_data, truth):
    parts = data.ratings(n_train=5000, n_test=100, seed=0)
    assert len(set(parts.titles)) == len(parts.titles) == 1099
    assert parts.n_users == 2059
    assert parts.titles[:2] == ("All Quiet on the Western Front (1930)", "Modern Times (1936)")
    for number, _, title, year, _ in truth[1]:
        assert parts.titles[int(number)] == f"{title} ({year})"


@given(
    sizes=st.tuples(st.integers(2800, 6000), st.integers(0, 3000), st.integers(1, 3000)),
    seed=st.integers(0, 2**32),
)
@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_everybody_is_in_the_training_part_and_parts_stay_and_nest(real_data, sizes, seed):
    n_train, n_validation, n_test = sizes

    def draw(**changed):
        asked = {"n_train": n_train, "n_validation": n_validation, "n_test": n_test}
        return data.ratings(**(asked | changed), seed=seed)

    parts = draw()
    assert len(np.unique(parts.train.user)) == 2059
    assert len(np.unique(parts.train.item)) == 1099
    assert (parts.validation is None) == (n_validation == 0)
    validation = triples(parts.validation) if n_validation else []
    together = triples(parts.train) + validation + triples(parts.test)
    assert len(set(together)) == len(together) == sum(sizes)
    assert triples(draw().train) == triples(parts.train)
    larger = draw(n_train=n_train + 500)
    assert set(triples(parts.train)) < set(triples(larger.train))
    assert triples(larger.test) == triples(parts.test)
    assert triples(draw(n_validation=17).test) == triples(parts.test)


def test_ratings_come_in_random_order_and_seeds_decide_which(real_data):
    first, second = (data.ratings(n_train=9000, n_test=1000, seed=seed) for seed in (0, 1))
    assert set(triples(first.test)) != set(triples(second.test))
    # In the files users come in order, and those that are kept would come first.
    for part in (first.train, first.test):
        halves = np.array_split(part.user, 2)
        assert abs(halves[0].mean() - halves[1].mean()) < 6 * 600 * 2 / np.sqrt(len(part))
    kept = triples(data.ratings(n_train=2800, n_test=1000, seed=0).train)
    where = [i for i, row in enumerate(triples(first.train)) if row in set(kept)]
    assert 4000 < np.mean(where) < 5000


def test_the_test_part_is_like_the_whole(real_data, truth):
    # Means of 10 × 8,000 ratings with a deviation of 1.75; 0.02 is about three errors.
    means = [
        data.ratings(n_train=30_000, n_test=8000, seed=seed).test.rating.mean()
        for seed in range(10)
    ]
    whole = np.mean([rating for *_, rating in truth[0]])
    assert abs(np.mean(means) - whole) < 0.02


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"n_train": 44_613},
            ValueError,
            r"at most 44,613, .* got 44,613 \+ 0 \+ 100 = 44,713",
        ),
        (
            {"n_train": 2000},
            ValueError,
            r"n_train must be at least 2,6\d\d with this seed, so that every user and every "
            r"film is in the training part, got 2,000",
        ),
        ({"n_train": 0}, ValueError, "n_train must be an integer of at least 1, got 0"),
        ({"n_validation": 1.5}, TypeError, "n_validation must be an integer .* got 1.5"),
        ({"n_test": 0}, ValueError, "n_test must be an integer of at least 1, got 0"),
        ({"seed": -1}, ValueError, "seed must be an integer of at least 0, got -1"),
        ({"dtype": int}, TypeError, "dtype must be float32 or float64, got int64"),
    ],
)
def test_bad_arguments(real_data, change, error, message):
    with pytest.raises(error, match=message):
        data.ratings(**({"n_train": 5000, "n_test": 100, "seed": 0} | change))


def test_without_their_files_ratings_say_what_to_do(monkeypatch):
    module._table.cache_clear()
    monkeypatch.delenv("DROPOUTLAB_DATA_URL")
    with pytest.raises(data.DataUnavailable, match="has no public address"):
        data.ratings(n_train=5000, n_test=100, seed=0)

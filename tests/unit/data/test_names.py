"""Names: real ones, each once, in parts that share none."""

import importlib
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropoutlab import data

module = importlib.import_module("dropoutlab.data.names")  # the name itself is the function


def listed(file):
    text = resources.files("names").joinpath(file).read_text()
    return [line.split()[0] for line in text.splitlines()]


@given(
    kind=st.sampled_from(["surnames", "female", "male"]),
    sizes=st.tuples(st.integers(1, 500), st.integers(0, 200), st.integers(1, 500)),
    seed=st.integers(0, 2**32),
)
def test_parts_have_the_sizes_asked_and_share_no_name(kind, sizes, seed):
    n_train, n_validation, n_test = sizes

    def draw(**changed):
        asked = {"n_train": n_train, "n_validation": n_validation, "n_test": n_test}
        return data.names(**(asked | changed), seed=seed, kind=kind)

    parts = draw()
    assert (parts.validation is None) == (n_validation == 0)
    together = parts.train + (parts.validation or ()) + parts.test
    assert len(set(together)) == len(together) == sum(sizes)
    assert draw() == parts
    assert draw(n_train=n_train + 10).test == parts.test
    assert set(parts.train) < set(draw(n_train=n_train + 10).train)


@pytest.mark.parametrize(
    ("kind", "file", "n", "commonest"),
    [
        ("surnames", "dist.all.last", 88_549, "smith johnson williams jones brown"),
        ("female", "dist.female.first", 4275, "mary patricia linda barbara elizabeth"),
        ("male", "dist.male.first", 1219, "james john robert michael william"),
    ],
)
def test_the_names_are_those_of_the_census_without_the_ones_it_cut(kind, file, n, commonest):
    parts = data.names(n_train=n - 1, n_test=1, seed=0, kind=kind)
    together = parts.train + parts.test
    assert set(together) == {name.lower() for name in listed(file) if len(name) < 13}
    assert len(together) == n
    assert all(name.isascii() and name.isalpha() and name.islower() for name in together)
    few = data.names(n_train=4, n_test=1, seed=0, kind=kind, commonest=5)
    assert set(few.train + few.test) == set(commonest.split())


def test_what_the_documentation_says_of_the_lists_is_so():
    surnames = listed("dist.all.last")
    assert max(map(len, surnames)) == 13
    assert sum(len(name) == 13 for name in surnames) == 250
    assert "CHRISTOPHERSO" in surnames
    assert len(set(listed("dist.female.first")) & set(listed("dist.male.first"))) == 331


def test_names_come_in_random_order_and_seeds_decide_which():
    first, second = (data.names(n_train=100, n_test=100, seed=seed) for seed in (0, 1))
    assert set(first.train) != set(second.train)
    assert set(first.test) != set(second.test)
    assert list(first.train) != sorted(first.train)
    few = data.names(n_train=1000, n_test=1, seed=0, commonest=1001)
    by_rank = module._pool("surnames")[:1001]
    ranks = [by_rank.index(name) for name in few.train]
    # The mean rank of 500 in random order is 500 ± 13 · 6.
    assert abs(sum(ranks[:500]) / 500 - 500) < 80


def test_a_name_that_is_listed_twice_is_there_once(monkeypatch, tmp_path):
    (tmp_path / "dist.male.first").write_text("BO 1 1 1\nAL 1 2 2\nbo 1 3 3\nAL 1 4 4\n")
    monkeypatch.setattr(module.resources, "files", lambda package: tmp_path)
    assert module._pool.__wrapped__("male") == ("bo", "al")


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        (
            {"kind": "dogs"},
            ValueError,
            "kind must be one of surnames, female, male, got 'dogs'",
        ),
        (
            {"kind": "male", "n_train": 1219},
            ValueError,
            r"at most 1,219, .* got 1,219 \+ 0 \+ 1",
        ),
        ({"commonest": 10}, ValueError, r"at most 10, the number of examples .* = 11"),
        ({"commonest": 0}, ValueError, "commonest must be an integer of at least 1, got 0"),
        ({"commonest": 9.5}, TypeError, "commonest must be an integer of at least 1, got 9.5"),
        (
            {"commonest": 88_550},
            ValueError,
            "commonest must be at most 88,549, the number of surnames .* got 88,550",
        ),
        ({"n_train": 0}, ValueError, "n_train must be an integer of at least 1, got 0"),
        ({"seed": None}, TypeError, "seed must be an integer of at least 0, got None"),
    ],
)
def test_bad_arguments(change, error, message):
    with pytest.raises(error, match=message):
        data.names(**({"n_train": 10, "n_test": 1, "seed": 0} | change))

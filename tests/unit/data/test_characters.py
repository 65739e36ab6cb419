"""Characters before and after: every one of them, and nothing across two names."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dropoutlab import data

WORDS = st.text(alphabet="abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=15)


def one_by_one(names, length):
    """The same, letter by letter."""
    examples = []
    for name in names:
        text = "." * length + name + "."
        for i in range(length, len(text)):
            examples.append((text[i - length : i], text[i]))
    return examples


@given(names=st.lists(WORDS, min_size=1, max_size=12), length=st.integers(1, 10))
def test_contexts_are_those_of_a_loop_over_letters(names, length):
    codes, labels = data.contexts(names, length)
    assert codes.shape == (len(labels), length)
    assert codes.dtype == labels.dtype == np.int64
    found = [
        ("".join(data.SYMBOLS[code] for code in before), data.SYMBOLS[after])
        for before, after in zip(codes, labels, strict=True)
    ]
    assert found == one_by_one(names, length)


def test_there_are_27_symbols_and_the_stop_is_zero():
    assert data.SYMBOLS == ".abcdefghijklmnopqrstuvwxyz"
    codes, labels = data.contexts(("az",), 2)
    np.testing.assert_array_equal(codes, [[0, 0], [0, 1], [1, 26]])
    np.testing.assert_array_equal(labels, [1, 26, 0])


def test_the_arrays_are_the_callers():
    codes, labels = data.contexts(["ann", "bob"], 3)
    before = labels.copy()
    codes[...] = 5
    np.testing.assert_array_equal(labels, before)


@pytest.mark.parametrize(
    ("names", "length", "error", "message"),
    [
        ("anna", 3, TypeError, "names must be a sequence of names, got 'anna'"),
        ([], 3, ValueError, "names must hold at least one name, got none"),
        (["anna", ""], 3, ValueError, "letters a to z, got '' at index 1"),
        (["Anna"], 3, ValueError, "letters a to z, got 'Anna' at index 0"),
        (["an.na"], 3, ValueError, r"letters a to z, got 'an\.na' at index 0"),
        (["zoë"], 3, ValueError, "letters a to z, got 'zoë' at index 0"),
        ([3], 3, ValueError, "letters a to z, got 3 at index 0"),
        (["anna"], 0, ValueError, "length must be an integer of at least 1, got 0"),
        (["anna"], 2.0, TypeError, "length must be an integer of at least 1, got 2.0"),
    ],
)
def test_bad_arguments(names, length, error, message):
    with pytest.raises(error, match=message):
        data.contexts(names, length)

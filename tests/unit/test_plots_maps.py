"""Feature maps are drawn as ink, and what is dropped as crosses."""

import numpy as np
import pytest

from dropoutlab.plots import maps, new_axes
from dropoutlab.plots.maps import DOTS, GAP


@pytest.fixture
def ax():
    return new_axes()[1]


def test_maps_stand_in_rows_with_gaps_and_the_largest_is_the_darkest(ax):
    values = np.zeros((3, 2, 2))
    values[2, 1, 0] = 4.0
    values[0, 0, 0] = 1.0

    maps(ax, values, columns=2)

    ink = ax.images[0].get_array()[..., 3]
    step = (2 + GAP) * DOTS
    assert ink.shape == (step + 2 * DOTS, step + 2 * DOTS)
    assert (ink[:DOTS, :DOTS] == 64).all()
    assert (ink[step + DOTS : step + 2 * DOTS, :DOTS] == 255).all()
    assert np.count_nonzero(ink) == 2 * DOTS**2


def test_a_dropped_number_is_a_cross_and_no_ink(ax):
    mask = np.ones((1, 2, 2), dtype=bool)
    mask[0, 0, 1] = False

    maps(ax, np.ones((1, 2, 2)), mask)

    ink, crosses = (image.get_array()[..., 3] for image in ax.images)
    cell = crosses[:DOTS, DOTS:]
    assert not ink[:DOTS, DOTS:].any()
    assert cell[DOTS // 2, DOTS // 2] == cell[1, 1] == cell[1, -2] == 1
    assert not cell[0].any()
    assert np.count_nonzero(crosses) == np.count_nonzero(cell) == 5


@pytest.mark.parametrize(
    ("values", "mask", "words"),
    [
        (np.ones((2, 2)), None, "values must be maps"),
        (-np.ones((1, 2, 2)), None, "values must be maps"),
        (np.full((1, 2, 2), np.nan), None, "values must be maps"),
        (np.ones((1, 2, 2)), np.ones((1, 2, 2)), "mask must be boolean"),
        (np.ones((1, 2, 2)), np.ones((2, 2), dtype=bool), "mask must be boolean"),
    ],
)
def test_what_is_no_map_or_no_mask_is_refused(ax, values, mask, words):
    with pytest.raises(ValueError, match=words):
        maps(ax, values, mask)

"""Ink is turned, scaled and centred as MNIST's digits were."""

import numpy as np
import pytest

from dropoutlab.data import digits
from dropoutlab.explorables.shared.ink import normalised, rasterised, turned, turned_strokes

CROSS = [[[60, 140], [220, 140]], [[140, 60], [140, 220]]]


def test_digits_of_mnist_are_left_as_they_are():
    images = digits(n_train=500, n_test=1, seed=1).train.x.reshape(-1, 28, 28)

    for image in images:
        np.testing.assert_allclose(normalised(image), image, atol=1e-12)


@pytest.mark.parametrize(("shift", "scale"), [((0, 0), 2), ((3, 40), 1), ((7, 0), 5)])
def test_where_a_digit_is_and_how_large_changes_nothing(shift, scale):
    image = digits(n_train=10, n_test=1, seed=0).train.x[0].reshape(28, 28)
    large = np.pad(image.repeat(scale, axis=0).repeat(scale, axis=1), [shift, shift[::-1]])

    np.testing.assert_allclose(normalised(large), image, atol=1e-12)


def test_the_longer_side_becomes_20_pixels_and_the_mass_the_middle():
    ink = np.zeros((100, 60))
    ink[10:90, 20:40] = 1
    ink[70:90, 20:60] = 1

    image = normalised(ink)

    rows, columns = np.flatnonzero(image.any(axis=1)), np.flatnonzero(image.any(axis=0))
    assert (len(rows), len(columns)) == (20, 10)
    assert image.sum() == pytest.approx(ink.sum() / 16)
    centres = [image.sum(axis=1 - axis) @ np.arange(28) / image.sum() for axis in (0, 1)]
    assert np.abs(np.subtract(centres, 14)).max() <= 0.5


@pytest.mark.parametrize("ink", [np.zeros((0, 0)), np.zeros((5, 9))])
def test_without_ink_the_image_is_blank(ink):
    assert normalised(ink).shape == (28, 28)
    assert not normalised(ink).any()


def test_strokes_have_the_width_of_the_pen():
    ink = rasterised([[[0, 0], [0, 200]]])

    assert ink[len(ink) // 2].sum() == pytest.approx(10)  # cells of 2 units: 20 in all
    assert ink.sum() == pytest.approx((200 * 20 + np.pi * 100) / 4, rel=0.01)


def test_crossing_strokes_are_no_darker():
    assert rasterised(CROSS).max() == 1
    both = rasterised(CROSS).sum()
    each = sum(rasterised([stroke]).sum() for stroke in CROSS)
    assert both == pytest.approx(each - 100, rel=0.01)  # they share 10 × 10 cells


def test_no_strokes_leave_no_ink():
    assert rasterised([]).shape == (0, 0)


def test_a_quarter_turn_is_clockwise():
    image = np.zeros((28, 28))
    image[4:24, 4] = 1  # on the left: after a quarter turn on top
    image[4, 4:9] = 1

    ink = turned(image, 90)

    rows, columns = np.nonzero(ink > 0.5)
    size = len(ink)
    assert rows.min() - (size - 112) / 2 == pytest.approx(16, abs=1)
    assert np.ptp(columns) == pytest.approx(80, abs=2)
    assert np.ptp(rows[columns > columns.max() - 2]) > np.ptp(rows[columns < columns.min() + 2])


def test_turning_keeps_the_ink_and_loses_no_corner():
    image = np.ones((28, 28))

    for degrees in (1, 45, -130, 180):
        assert turned(image, degrees).sum() / 16 == pytest.approx(784, rel=1e-3)


def test_no_turn_changes_nothing_and_copies():
    image = np.eye(28)

    same = turned(image, 0)
    same[0, 0] = 0

    np.testing.assert_array_equal(image, np.eye(28))


def test_strokes_turn_as_images_do():
    (stroke,) = turned_strokes([[[140, 40], [240, 140]]], 90)
    np.testing.assert_allclose(stroke, [[240, 140], [140, 240]], atol=1e-12)

    square = [[[80, 60], [80, 220]], [[80, 60], [160, 60]]]
    drawn = normalised(rasterised(turned_strokes(square, 90)))
    image = np.zeros((140, 140))
    ink = rasterised(square)
    image[24 : 24 + ink.shape[0], 34 : 34 + ink.shape[1]] = ink
    np.testing.assert_allclose(normalised(turned(image, 90)), drawn, atol=0.12)

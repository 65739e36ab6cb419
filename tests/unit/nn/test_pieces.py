"""Updates in pieces: the same numbers as at once, whatever the arrays are like."""

import numpy as np
import pytest

from dropoutlab.nn.pieces import PIECE, pieces

SHAPES = [(), (0,), (0, 3), (1,), (3, 5), (PIECE,), (PIECE + 1,), (300, 200), (9, 40, 130)]
ORDERS = {
    "row by row": lambda array: np.array(array, order="C"),
    "column by column": lambda array: np.array(array, order="F"),
    "every other entry": lambda array: np.repeat(np.array(array)[..., None], 2, axis=-1)[
        ..., 0
    ],
}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("of_read", ORDERS)
@pytest.mark.parametrize("of_changed", ORDERS)
@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_an_update_in_pieces_is_the_update_at_once(shape, of_changed, of_read, dtype):
    w, v, g = np.random.default_rng(0).standard_normal((3, *shape)).astype(dtype)
    changed_w, changed_v = (ORDERS[of_changed](array) for array in (w, v))
    read = ORDERS[of_read](g)

    for a, b, c in pieces(changed_w, changed_v, read=read):
        assert a.shape == b.shape == c.shape
        assert a.size <= PIECE
        b *= 0.9
        b += c
        a -= 0.1 * b

    np.testing.assert_array_equal(changed_v, 0.9 * v + g, strict=True)
    np.testing.assert_array_equal(changed_w, w - 0.1 * (0.9 * v + g), strict=True)
    np.testing.assert_array_equal(read, g)

"""A digit to ask a net about: drawn by the reader, or one of the page's real ones."""

from __future__ import annotations

import base64
from typing import Any, ClassVar

import numpy as np
import traitlets
from numpy.typing import NDArray

from dropoutlab.data import Dataset, Split
from dropoutlab.data import digits as real_digits
from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.shared.ink import normalised, rasterised, turned, turned_strokes
from dropoutlab.explorables.traits import Bounded

__all__ = ["DigitPad", "checked_strokes", "reading_data"]

N_OF_EACH = 3  # real digits of each kind that the page carries
MAX_POINTS = 3000
FAR = 400  # units from the middle of the canvas: no pen gets there


def reading_data() -> Split:
    """Return the digits that nets learn to read, those to choose on, and those to test on.

    Examples
    --------
    >>> parts = reading_data()
    >>> len(parts.train), len(parts.validation), len(parts.test)
    (3500, 500, 1000)
    """
    return real_digits(n_train=3500, n_validation=500, n_test=1000, seed=0)


class DigitPad(Explorable):
    """A digit, drawn or real, and a net that reads it.

    A subclass says of which kind its net is, and trains one by default.

    Parameters
    ----------
    reader : optional
        The net, or its state.

    Attributes
    ----------
    digit : int
        Which of the real digits is shown; −1 for the drawing.
    rotation : float
        Degrees clockwise that either is turned by, −180 to 180.
    strokes : list of strokes
        The drawing: each stroke a list of points [x, y] on a canvas of 280 × 280.
    reader : dict
        The state of the net that reads.
    digits : dict
        The real digits: base64 of bytes as ``images``, ``labels``, and which is ``clear``:
        by default the 3 that is nearest to the mean of its kind.
    """

    kind_of_reader: ClassVar[Any]  # has `state` and `from_state`

    digit = traitlets.Int(min=-1).tag(sync=True)
    rotation = Bounded(0, -180, 180).tag(sync=True)
    strokes: traitlets.List[Any] = traitlets.List(default_value=[]).tag(sync=True)
    digits: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    reader: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __init__(self, reader: Any = None, **state: Any) -> None:
        if reader is not None:
            is_net = isinstance(reader, self.kind_of_reader)
            state["reader"] = reader.state() if is_net else reader
        super().__init__(**state)

    @traitlets.validate("reader")
    def _whole_reader(self, proposal: dict[str, Any]) -> dict[str, Any]:
        try:
            self.kind_of_reader.from_state(proposal["value"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"reader: {error}") from None
        return dict(proposal["value"])

    @traitlets.default("digits")
    def _unseen_digits(self) -> dict[str, Any]:
        unseen = reading_data().validation
        assert unseen is not None
        typical = {digit: _most_typical(unseen, digit) for digit in range(10)}
        others = [
            [i for i in np.flatnonzero(unseen.y == digit) if i != first][: N_OF_EACH - 1]
            for digit, first in typical.items()
        ]
        chosen = sorted([*typical.values(), *(int(i) for some in others for i in some)])
        images = np.rint(255 * unseen.x[chosen]).astype(np.uint8)
        return {
            "images": base64.b64encode(images.tobytes()).decode("ascii"),
            "labels": unseen.y[chosen].tolist(),
            "clear": chosen.index(typical[3]),
        }

    @traitlets.default("digit")
    def _clear_digit(self) -> int:
        return int(self.digits["clear"])

    @traitlets.validate("strokes")
    def _drawing(self, proposal: dict[str, Any]) -> list[list[list[float]]]:
        return checked_strokes("strokes", proposal["value"])

    @traitlets.validate("digit")
    def _known_digit(self, proposal: dict[str, Any]) -> int:
        digit, n = int(proposal["value"]), len(self.digits["labels"])
        if digit >= n:
            raise traitlets.TraitError(f"digit must be from -1 to {n - 1}, got {digit}")
        return digit

    @traitlets.validate("digits")
    def _whole_digits(self, proposal: dict[str, Any]) -> dict[str, Any]:
        digits = proposal["value"]
        try:
            n = len(digits["labels"])
            right = len(base64.b64decode(digits["images"], validate=True)) == 784 * n
            right = right and 0 <= digits["clear"] < n
        except (KeyError, TypeError, ValueError):
            right = False
        if not right:
            raise traitlets.TraitError(
                "digits must hold images (base64 of 784 bytes each), their labels, and clear, "
                "one of their indices"
            )
        return dict(digits)

    def image(self) -> NDArray[np.float64]:
        """Return the 28 × 28 pixels that a net is asked about; blank without ink."""
        if self.digit < 0:
            return normalised(rasterised(turned_strokes(self.strokes, self.rotation)))
        return self.turned_digit(self.digit, self.rotation)

    def turned_digit(self, index: int, degrees: float) -> NDArray[np.float64]:
        """Return one of the real digits, turned clockwise, as 28 × 28 pixels."""
        pixels = np.frombuffer(
            base64.b64decode(self.digits["images"]), np.uint8, 784, 784 * index
        )
        return normalised(turned(pixels.reshape(28, 28) / 255, degrees))


def checked_strokes(name: str, strokes: Any) -> list[list[list[float]]]:
    """Return a drawing as lists of points, after checking it.

    Raises
    ------
    traitlets.TraitError
        It holds something else than points on the canvas, or too many.
    """
    n_points = 0
    for stroke in strokes:
        if not isinstance(stroke, list | tuple) or len(stroke) == 0:
            raise traitlets.TraitError(f"{name} must hold lists of points, got {stroke!r}")
        for point in stroke:
            n_points += 1
            if not _is_point(point):
                raise traitlets.TraitError(
                    f"{name} must hold points [x, y] on the canvas, got {point!r}"
                )
    if n_points > MAX_POINTS:
        raise traitlets.TraitError(
            f"{name} must hold at most {MAX_POINTS} points, got {n_points}"
        )
    return [[list(point) for point in stroke] for stroke in strokes]


def _most_typical(dataset: Dataset, digit: int) -> int:
    """Return where the image of a digit is that lies nearest to the mean of its kind."""
    own = np.flatnonzero(dataset.y == digit)
    away = np.square(dataset.x[own] - dataset.x[own].mean(axis=0)).sum(axis=1)
    return int(own[away.argmin()])


def _is_point(point: Any) -> bool:
    try:
        x, y = map(float, point)
    except (TypeError, ValueError):
        return False
    return abs(x - 140) <= FAR and abs(y - 140) <= FAR

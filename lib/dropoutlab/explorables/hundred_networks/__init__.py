"""Ask a hundred networks: a digit, and the votes of the thinned networks inside one net."""

from __future__ import annotations

import base64
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from dropoutlab.data import Dataset
from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.hundred_networks.ink import (
    normalised,
    rasterised,
    turned,
    turned_strokes,
)
from dropoutlab.explorables.hundred_networks.reader import (
    DigitReader,
    Verdict,
    crowd,
    reading_data,
)
from dropoutlab.explorables.hundred_networks.votes_picture import votes_picture
from dropoutlab.explorables.traits import Bounded

__all__ = ["HundredNetworks"]

N_OF_EACH = 3  # real digits of each kind that the page carries
MAX_POINTS = 3000
FAR = 400  # units from the middle of the canvas: no pen gets there


class HundredNetworks(Explorable):
    """A digit, drawn or real, and how a hundred thinned networks vote on it.

    Parameters
    ----------
    reader : DigitReader, optional
        The net that is thinned. By default that of ``reader_training.train_reader``, which
        needs PyTorch and takes some seconds. Another one must have learnt from
        ``reading_data().train`` alone: the real digits that the page offers are of its
        validation part.

    Attributes
    ----------
    digit : int
        Which of the real digits is shown; −1 for the drawing.
    rotation : float
        Degrees clockwise that either is turned by, −180 to 180.
    strokes : list of strokes
        The drawing: each stroke a list of points [x, y] on a canvas of 280 × 280.
    scribble : list of strokes
        The drawing that is offered as nonsense.
    seed : int
        Decides which units each network keeps, from 0.
    digits : dict
        The real digits: base64 of bytes as ``images``, ``labels``, and which is ``clear``:
        by default the 3 that is nearest to the mean of its kind.

    Raises
    ------
    traitlets.TraitError
        A value is out of its range, or NaN, or does not fit the others.

    Examples
    --------
    >>> widget = HundredNetworks(rotation=90)
    >>> int(widget.ask(widget.image()).votes.sum())
    100
    """

    folder = "hundred_networks"
    title = "Ask a hundred networks"
    caption = (
        "A hundred thinned networks vote on a clear 3, on the same 3 turned by 90 degrees, and "
        "on a scribble. Where they part, the entropy of their votes is high; where they agree, "
        "they can still be wrong."
    )
    heights = (1540, 1380, 965)

    digit = traitlets.Int(min=-1).tag(sync=True)
    rotation = Bounded(0, -180, 180).tag(sync=True)
    strokes: traitlets.List[Any] = traitlets.List(default_value=[]).tag(sync=True)
    scribble: traitlets.List[Any] = traitlets.List().tag(sync=True)
    seed = traitlets.Int(0, min=0, max=2**32 - 1).tag(sync=True)
    reader: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)
    digits: traitlets.Dict[str, Any] = traitlets.Dict().tag(sync=True)

    def __init__(self, reader: DigitReader | None = None, **state: Any) -> None:
        if reader is not None:
            state["reader"] = reader.state() if isinstance(reader, DigitReader) else reader
        super().__init__(**state)

    @traitlets.default("reader")
    def _trained(self) -> dict[str, Any]:
        # Brings PyTorch.
        from dropoutlab.explorables.hundred_networks.reader_training import train_reader

        return train_reader().state()

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

    @traitlets.default("scribble")
    def _tangle(self) -> list[list[list[int]]]:
        t = np.linspace(0, 2 * np.pi, 150)
        x = 140 + 70 * np.sin(3 * t) + 30 * np.cos(7 * t)
        y = 140 + 70 * np.cos(2 * t) + 30 * np.sin(5 * t)
        return [np.rint(np.column_stack([x, y])).astype(int).tolist()]

    @traitlets.validate("strokes", "scribble")
    def _strokes(self, proposal: dict[str, Any]) -> list[list[list[float]]]:
        name, strokes = proposal["trait"].name, proposal["value"]
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

    @traitlets.validate("digit")
    def _known_digit(self, proposal: dict[str, Any]) -> int:
        digit, n = int(proposal["value"]), len(self.digits["labels"])
        if digit >= n:
            raise traitlets.TraitError(f"digit must be from -1 to {n - 1}, got {digit}")
        return digit

    @traitlets.validate("reader")
    def _whole_reader(self, proposal: dict[str, Any]) -> dict[str, Any]:
        try:
            DigitReader.from_state(proposal["value"])
        except (TypeError, ValueError) as error:
            raise traitlets.TraitError(f"reader: {error}") from None
        return dict(proposal["value"])

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

    @property
    def net(self) -> DigitReader:
        """The net that is thinned."""
        return DigitReader.from_state(self.reader)

    def image(self) -> NDArray[np.float64]:
        """Return the 28 × 28 pixels that the networks are asked about; blank without ink."""
        if self.digit < 0:
            return normalised(rasterised(turned_strokes(self.strokes, self.rotation)))
        return self._turned_digit(self.digit, self.rotation)

    def ask(self, image: NDArray[np.floating]) -> Verdict:
        """Let the hundred networks vote on an image of 28 × 28 pixels."""
        return self.net.ask(image, self.masks())

    def masks(self) -> NDArray[np.bool_]:
        """Return which units each network keeps, shape ``(100, n_hidden)``."""
        return crowd(self.seed, self.net)

    def presets(self) -> dict[str, NDArray[np.float64]]:
        """Return the three images to compare, by name."""
        clear = self.digits["clear"]
        label = self.digits["labels"][clear]
        return {
            f"a clear {label}": self._turned_digit(clear, 0),
            f"the same {label}, turned by 90°": self._turned_digit(clear, 90),
            "a scribble": normalised(rasterised(self.scribble)),
        }

    def picture(self) -> str:
        """Draw the three images, and the votes on each."""
        verdicts = {name: self.ask(image) for name, image in self.presets().items()}
        net = self.net
        words = [_in_words(name, verdict) for name, verdict in verdicts.items()]
        alt = (
            f"{'; '.join(words).capitalize()}. The whole net misreads "
            f"{round(net.test_error * net.n_test)} of {net.n_test} digits that it never saw."
        )
        return votes_picture(
            list(self.presets().values()), [v.votes for v in verdicts.values()], alt=alt
        )

    def _turned_digit(self, index: int, degrees: float) -> NDArray[np.float64]:
        pixels = np.frombuffer(
            base64.b64decode(self.digits["images"]), np.uint8, 784, 784 * index
        )
        return normalised(turned(pixels.reshape(28, 28) / 255, degrees))


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


def _in_words(name: str, verdict: Verdict) -> str:
    first = int(verdict.votes.argmax())
    return (
        f"{name}: {verdict.votes[first]} of {verdict.votes.sum()} votes for {first}, "
        f"entropy {verdict.vote_entropy:.2f} bits"
    )

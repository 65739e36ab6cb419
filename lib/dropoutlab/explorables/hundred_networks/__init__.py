"""Ask a hundred networks: a digit, and the votes of the thinned networks inside one net."""

from __future__ import annotations

from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from dropoutlab.explorables.hundred_networks.reader import DigitReader, Verdict, crowd
from dropoutlab.explorables.hundred_networks.votes_picture import votes_picture
from dropoutlab.explorables.shared.digit_pad import DigitPad, checked_strokes
from dropoutlab.explorables.shared.ink import normalised, rasterised

__all__ = ["HundredNetworks"]


class HundredNetworks(DigitPad):
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
    digit, rotation, strokes, digits
        As for any `DigitPad`: what is shown, drawn or real.
    scribble : list of strokes
        The drawing that is offered as nonsense.
    seed : int
        Decides which units each network keeps, from 0.

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

    kind_of_reader = DigitReader
    folder = "hundred_networks"
    title = "Ask a hundred networks"
    caption = (
        "A hundred thinned networks vote on a clear 3, on the same 3 turned by 90 degrees, and "
        "on a scribble. Where they part, the entropy of their votes is high; where they agree, "
        "they can still be wrong."
    )
    heights = (1540, 1380, 965)

    scribble: traitlets.List[Any] = traitlets.List().tag(sync=True)
    seed = traitlets.Int(0, min=0, max=2**32 - 1).tag(sync=True)

    @traitlets.default("reader")
    def _trained(self) -> dict[str, Any]:
        # Brings PyTorch.
        from dropoutlab.explorables.hundred_networks.reader_training import train_reader

        return train_reader().state()

    @traitlets.default("scribble")
    def _tangle(self) -> list[list[list[int]]]:
        t = np.linspace(0, 2 * np.pi, 150)
        x = 140 + 70 * np.sin(3 * t) + 30 * np.cos(7 * t)
        y = 140 + 70 * np.cos(2 * t) + 30 * np.sin(5 * t)
        return [np.rint(np.column_stack([x, y])).astype(int).tolist()]

    @traitlets.validate("scribble")
    def _nonsense(self, proposal: dict[str, Any]) -> list[list[list[float]]]:
        return checked_strokes("scribble", proposal["value"])

    @property
    def net(self) -> DigitReader:
        """The net that is thinned."""
        return DigitReader.from_state(self.reader)

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
            f"a clear {label}": self.turned_digit(clear, 0),
            f"the same {label}, turned by 90°": self.turned_digit(clear, 90),
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


def _in_words(name: str, verdict: Verdict) -> str:
    first = int(verdict.votes.argmax())
    return (
        f"{name}: {verdict.votes[first]} of {verdict.votes.sum()} votes for {first}, "
        f"entropy {verdict.vote_entropy:.2f} bits"
    )

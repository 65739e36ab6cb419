"""What a training run looked like, epoch by epoch."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve", "Evaluation", "History"]


@dataclass(frozen=True)
class Evaluation:
    """How good a classifier is on a set.

    Attributes
    ----------
    loss : float
        Mean cross-entropy, in nats.
    error : float
        Fraction misclassified, in ``[0, 1]``.
    """

    loss: float
    error: float


@dataclass(frozen=True, eq=False)
class Curve:
    """How good a classifier was on a set, after every epoch.

    Attributes
    ----------
    loss : ndarray of float64, shape (n_epochs + 1,)
        Mean cross-entropy, in nats; first before training.
    error : ndarray of float64, shape (n_epochs + 1,)
        Fraction misclassified, in ``[0, 1]``.
    """

    loss: NDArray[np.float64]
    error: NDArray[np.float64]


class History:
    """The course of a training run on every monitored set.

    ``history["test"].error`` is an array over ``history.epoch``, whose first entry, 0, is
    the untrained net.

    Parameters
    ----------
    evaluations : mapping of str to sequence of Evaluation
        For each set, by name, one evaluation an epoch, epoch 0 included.
    n_epochs : int
        Number of epochs trained.

    Attributes
    ----------
    epoch : ndarray of int, shape (n_epochs + 1,)
        0, 1, …, n_epochs.
    names : list of str
        The monitored sets; also what iterating gives.

    Raises
    ------
    KeyError
        On ``history[name]`` for a set that was not monitored; the message lists those
        that were.

    Examples
    --------
    >>> history = History({"train": [Evaluation(2.3, 0.9), Evaluation(0.5, 0.1)]}, n_epochs=1)
    >>> history
    History(1 epoch; train: loss 2.3 → 0.5, error 90.0 % → 10.0 %)
    >>> history["train"].error
    array([0.9, 0.1])
    >>> history.to_rows()[1]
    {'epoch': 1, 'set': 'train', 'loss': 0.5, 'error': 0.1}
    """

    def __init__(
        self, evaluations: Mapping[str, Sequence[Evaluation]], *, n_epochs: int
    ) -> None:
        self.epoch: NDArray[np.int64] = np.arange(n_epochs + 1)
        self._curves = {
            name: Curve(
                loss=np.array([evaluation.loss for evaluation in of_set]),
                error=np.array([evaluation.error for evaluation in of_set]),
            )
            for name, of_set in evaluations.items()
        }

    @property
    def names(self) -> list[str]:
        """The monitored sets, in the order in which they were given."""
        return list(self._curves)

    def __getitem__(self, name: str) -> Curve:
        if name not in self._curves:
            known = ", ".join(map(repr, self._curves)) or "none"
            raise KeyError(f"{name!r} was not monitored; monitored sets: {known}")
        return self._curves[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._curves)

    def to_rows(self) -> list[dict[str, int | float | str]]:
        """Return one dict for each set and epoch: epoch, set, loss, error."""
        return [
            {"epoch": epoch, "set": name, "loss": loss, "error": error}
            for name, curve in self._curves.items()
            for epoch, loss, error in zip(
                self.epoch.tolist(), curve.loss.tolist(), curve.error.tolist(), strict=True
            )
        ]

    def __repr__(self) -> str:
        n_epochs = len(self.epoch) - 1
        parts = [f"{n_epochs} epoch" + ("" if n_epochs == 1 else "s")]
        for name, curve in self._curves.items():
            parts.append(
                f"{name}: loss {curve.loss[0]:.3g} → {curve.loss[-1]:.3g}, "
                f"error {100 * curve.error[0]:.1f} % → {100 * curve.error[-1]:.1f} %"
            )
        return f"History({'; '.join(parts)})"

"""A small net that reads digits, light enough to travel with a page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.data import Dataset
from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.explorables.shared.byte_layers import ByteLinear, pack_layers, unpack_layers

__all__ = ["POOLED", "DigitReader", "Verdict", "crowd"]

POOLED = 196  # inputs: the means of 2 × 2 of 28 × 28 pixels
N_CLASSES = 10
N_NETWORKS = 100


@dataclass(frozen=True, eq=False)
class Verdict:
    """What a crowd of thinned networks, and the whole one, say of one image.

    Attributes
    ----------
    votes : ndarray of int, shape (10,)
        How many networks find each digit the likeliest.
    mean, whole : ndarray, shape (10,)
        The probabilities: of the crowd on average, and of the whole net.
    vote_entropy, entropy : float
        Of the shares of the votes, and of ``mean``; in bits, from 0 to log₂ 10.
    disagreement : float
        What ``entropy`` exceeds the networks' own entropies by, on average, in bits: the
        mutual information between the prediction and the mask.
    """

    votes: NDArray[np.intp]
    mean: NDArray[np.float64]
    whole: NDArray[np.float64]
    vote_entropy: float
    entropy: float
    disagreement: float


@dataclass(frozen=True, eq=False)
class DigitReader:
    """A net of one hidden layer with dropout, its weights rounded to bytes.

    It takes 28 × 28 pixels, averages them two by two, and gives 10 logits. Kept units count
    1/(1−p) times as much, in a thinned network; in the whole net nothing is scaled.

    Attributes
    ----------
    hidden, output : ByteLinear
        Of 196 inputs, and of 10 outputs.
    p : float
        Probability of dropping a hidden unit, as in training.
    test_error : float
        Fraction of ``n_test`` digits that this net, as it is here, misreads; it never saw
        them before.
    n_test : int
    """

    hidden: ByteLinear
    output: ByteLinear
    p: float
    test_error: float
    n_test: int

    @property
    def n_hidden(self) -> int:
        """Number of units that can be dropped."""
        return len(self.hidden.bias)

    def logits(self, images: ArrayLike, mask: ArrayLike | None = None) -> NDArray[np.float64]:
        """Return the logits of images, by the whole net or by thinned ones.

        Parameters
        ----------
        images : array_like, shape (n, 784)
        mask : array_like of bool, shape (n_networks, n_hidden), or None
            True = kept.

        Returns
        -------
        ndarray, shape (n, 10), or (n_networks, n, 10) with a mask
        """
        pixels = np.asarray(images, dtype=np.float64).reshape(-1, 14, 2, 14, 2)
        active = np.maximum(self.hidden(pixels.mean(axis=(2, 4)).reshape(-1, POOLED)), 0)
        if mask is None:
            return self.output(active)
        return self.output(active * np.asarray(mask)[:, None, :] / (1 - self.p))

    def error(self, dataset: Dataset) -> float:
        """Return the fraction of a set that the whole net misreads."""
        return float(np.mean(self.logits(dataset.x).argmax(axis=1) != dataset.y))

    def ask(self, image: ArrayLike, mask: ArrayLike) -> Verdict:
        """Let the thinned networks of the rows of `mask` vote on one image."""
        logits = self.logits(np.reshape(image, (1, -1)), mask)[:, 0]
        each = _softmax(logits)
        votes = np.bincount(logits.argmax(axis=1), minlength=N_CLASSES)
        mean = each.mean(axis=0)
        entropy = _bits(mean)
        return Verdict(
            votes=votes,
            mean=mean,
            whole=_softmax(self.logits(np.reshape(image, (1, -1))))[0],
            vote_entropy=_bits(votes / len(logits)),
            entropy=entropy,
            disagreement=max(0.0, entropy - float(np.mean([_bits(q) for q in each]))),
        )

    def state(self) -> dict[str, Any]:
        """Return the net as JSON can hold it."""
        return {
            "n_hidden": self.n_hidden,
            "p": self.p,
            "test_error": self.test_error,
            "n_test": self.n_test,
            "weights": pack_layers(self.hidden, self.output),
        }

    @classmethod
    def from_state(cls, state: dict[str, Any]) -> DigitReader:
        """Return the net that `state` describes.

        Raises
        ------
        ValueError
            Something is missing, out of range, or not of the right length.
        """
        wanted = {"n_hidden", "p", "test_error", "n_test", "weights"}
        if set(state) != wanted:
            raise ValueError(f"a reader has {sorted(wanted)}, got {sorted(state)}")
        n_hidden, n_test = state["n_hidden"], state["n_test"]
        if not (type(n_hidden) is int and n_hidden > 0 and type(n_test) is int and n_test > 0):
            raise ValueError(
                f"n_hidden and n_test must be positive integers, got {n_hidden!r}, {n_test!r}"
            )
        if not (0 <= state["p"] < 1 and 0 <= state["test_error"] <= 1):
            raise ValueError(
                "p must be in [0, 1) and test_error in [0, 1], got "
                f"{state['p']!r}, {state['test_error']!r}"
            )
        shapes = [(n_hidden, POOLED), (N_CLASSES, n_hidden)]
        hidden, output = unpack_layers(state["weights"], shapes)
        return cls(hidden, output, state["p"], state["test_error"], n_test)


def crowd(seed: int, net: DigitReader) -> NDArray[np.bool_]:
    """Return the masks of a hundred thinned networks, those of the browser; True = kept."""
    rng = BrowserRandom(seed)
    words = [rng.word() for _ in range(N_NETWORKS * net.n_hidden)]
    return np.reshape(words, (N_NETWORKS, -1)) >= net.p * 2**32


def _softmax(logits: NDArray[np.float64]) -> NDArray[np.float64]:
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: NDArray[np.float64] = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _bits(shares: NDArray[np.float64]) -> float:
    """Return the entropy of a distribution, in bits."""
    return float(sum(-q * math.log2(q) for q in shares.tolist() if q > 0))

"""The thinned network: chapter 4's masks, drawn one by one on a net that fits on the page."""

from __future__ import annotations

import copy
import itertools
from typing import Any

import numpy as np
import traitlets
from numpy.typing import NDArray

from dropoutlab import nn
from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.thinned_network.thinned_picture import net_picture, number
from dropoutlab.explorables.traits import Bounded

__all__ = ["ThinnedNetwork"]

LAYERS = (3, 4, 4, 1)
SIZES = LAYERS[:-1]  # what can be dropped: the inputs and both hidden layers
N_UNITS = sum(SIZES)
MOST_DRAWS = 10_000
# Weights for a picture: every unit of the first hidden layer is active, one of the second is
# silent until others are dropped, and the mean over masks is not the whole net.
WEIGHTS = [
    [[-0.8, 0.9, -0.7], [0.2, 0.2, -0.5], [1.1, -0.8, -0.9], [1.0, 0.3, -0.6]],
    [
        [0.4, 0.7, 1.0, -0.2],
        [-0.6, 0.6, -0.4, -0.1],
        [0.7, 0.3, -0.2, 0.9],
        [0.8, -0.5, 0.4, 0.4],
    ],
    [[0.2, 0.2, 0.5, 0.5]],
]


class ThinnedNetwork(Explorable):
    r"""A net of 3-4-4-1 units, the thinned nets inside it, and the average of their outputs.

    Without biases, ReLU in both hidden layers: with masks :math:`m_0, m_1, m_2` the output is
    :math:`y = W_3\,\tilde h_2`, where :math:`\tilde h_l = c_l\, m_l \odot h_l`,
    :math:`h_l = \max(0, W_l \tilde h_{l-1})`, :math:`h_0` is the input, and :math:`c_l` is
    1/(1 − p) with rescaling, else 1. ``p`` is the probability of dropping.

    Attributes
    ----------
    p_hidden, p_input : float
        Probabilities of dropping a hidden unit and an input, 0 to 0.9.
    rescale : bool
        Whether survivors are multiplied by 1/(1 − p).
    seed : int
        Of the masks, from 0. Mask k takes the same random numbers whatever the probabilities.
    n_drawn : int
        How many masks were drawn so far, 0 to 10,000; the last one is shown. With 0 the full
        net is: nothing dropped, nothing rescaled.
    mask : list of bool
        Which units a mask set by hand keeps, inputs first, then layer by layer; empty while
        the drawn one is shown. It does not count as drawn.
    weights : list of three matrices
        Shapes (4, 3), (4, 4), (1, 4).
    inputs : list of three floats

    Raises
    ------
    traitlets.TraitError
        A value is out of its range, NaN or of another shape.

    Examples
    --------
    >>> widget = ThinnedNetwork(p_hidden=0.5)
    >>> round(widget.full_output(), 3)
    1.87
    >>> round(widget.exact_mean(), 3)
    1.975
    """

    folder = "thinned_network"
    title = "The thinned network"
    caption = (
        "Each mask leaves a smaller net between the same inputs and output. With survivors "
        "rescaled by 1/(1 − p), the average output of the thinned nets comes close to the full "
        "net's, though not exactly to it; without, it falls far short."
    )
    heights = (1000, 1045, 510)

    p_hidden = Bounded(0.5, 0, 0.9).tag(sync=True)
    p_input = Bounded(0, 0, 0.9).tag(sync=True)
    rescale = traitlets.Bool(True).tag(sync=True)
    seed = traitlets.Int(1, min=0, max=2**32 - 1).tag(sync=True)
    n_drawn = traitlets.Int(1, min=0, max=MOST_DRAWS).tag(sync=True)
    mask: traitlets.List[Any] = traitlets.List(default_value=[]).tag(sync=True)
    weights: traitlets.List[Any] = traitlets.List().tag(sync=True)
    inputs: traitlets.List[Any] = traitlets.List([1.0, 0.5, -1.0]).tag(sync=True)

    @traitlets.default("weights")
    def _of_the_picture(self) -> list[Any]:
        return copy.deepcopy(WEIGHTS)

    @traitlets.validate("mask")
    def _a_mask(self, proposal: dict[str, Any]) -> list[bool]:
        mask = proposal["value"]
        if len(mask) not in (0, N_UNITS) or any(kept not in (0, 1) for kept in mask):
            raise traitlets.TraitError(
                f"mask must hold {N_UNITS} times True or False, or nothing, got {mask!r}"
            )
        return [bool(kept) for kept in mask]

    @traitlets.validate("weights")
    def _matrices(self, proposal: dict[str, Any]) -> list[Any]:
        shapes = [(b, a) for a, b in itertools.pairwise(LAYERS)]
        if len(proposal["value"]) != len(shapes):
            raise traitlets.TraitError(f"weights must hold {len(shapes)} matrices")
        pairs = zip(proposal["value"], shapes, strict=True)
        return [_finite("weights", matrix, shape).tolist() for matrix, shape in pairs]

    @traitlets.validate("inputs")
    def _numbers(self, proposal: dict[str, Any]) -> Any:
        return _finite("inputs", proposal["value"], (LAYERS[0],)).tolist()

    def net(self) -> nn.Sequential:
        """Return the net in training mode; called without ``masks=`` it draws its own.

        Without rescaling its dropout layers have p = 0, so that a given mask only drops.
        """
        rng = np.random.default_rng(self.seed)  # one for all: equal masks would be correlated
        layers: list[nn.Module] = []
        for matrix, p in zip(self.weights, self._rates(), strict=True):
            n_out, n_in = np.shape(matrix)
            linear = nn.Linear(n_in, n_out, rng=rng, dtype=np.float64)
            linear.weight.data[...] = matrix
            layers += [nn.Dropout(p if self.rescale else 0, rng=rng), linear, nn.ReLU()]
        return nn.Sequential(*layers[:-1])

    def outputs(self, masks: NDArray[np.bool_]) -> NDArray[np.floating]:
        """Return the outputs, shape ``(n,)``, under masks of shape ``(n, 11)``, True = kept."""
        return self._passed(masks)[-1][:, 0]

    def full_output(self) -> float:
        """Return the output of the net without dropout."""
        return float(self.net().eval()(np.array([self.inputs]))[0, 0])

    def exact_mean(self) -> float:
        """Return the mean output over all 2¹¹ masks, each with its probability."""
        masks = np.array(list(itertools.product([False, True], repeat=N_UNITS)))
        p = np.repeat(self._rates(), SIZES)
        probabilities = np.where(masks, 1 - p, p).prod(axis=1)
        return float(probabilities @ self.outputs(masks))

    def drawn_masks(self) -> NDArray[np.bool_]:
        """Return the masks that were drawn, in order, shape ``(n_drawn, 11)``."""
        rng = BrowserRandom(self.seed)
        words = np.array([rng.word() for _ in range(self.n_drawn * N_UNITS)])
        uniform = words.reshape(-1, N_UNITS) / 2**32
        return np.asarray(uniform >= np.repeat(self._rates(), SIZES))

    def picture(self) -> str:
        """Draw the net with its mask, and the number that each unit passes on."""
        is_full = not self.mask and self.n_drawn == 0
        if is_full:
            shown = np.ones(N_UNITS, bool)
        else:
            shown = np.array(self.mask) if self.mask else self.drawn_masks()[-1]
        values = self._passed(shown[np.newaxis], training=not is_full)
        factors = [1 / (1 - p) if self.rescale and not is_full else 1.0 for p in self._rates()]
        output = number(values[-1][0, 0])
        n_dropped = int((~shown).sum())
        alt = (
            f"A net of 3, 4, 4 and 1 units with {n_dropped} of the first 11 crossed out. They "
            f"pass on 0, their connections are gone, and this thinned net gives {output} where "
            f"the whole net gives {number(self.full_output())}."
        )
        if is_full:
            alt = f"A net of 3, 4, 4 and 1 units, all connected. It gives {output}."
        return net_picture(
            [passed[0] for passed in values], shown.tolist(), self.weights, factors, alt=alt
        )

    def _rates(self) -> tuple[float, ...]:
        return (self.p_input, self.p_hidden, self.p_hidden)

    def _passed(
        self, masks: NDArray[np.bool_], training: bool = True
    ) -> list[NDArray[np.floating]]:
        """Return what the units of each layer pass on, batch first, the output last."""
        net = self.net().train() if training else self.net().eval()
        parts = iter(np.split(masks, np.cumsum(SIZES)[:-1], axis=1))
        x = np.tile(self.inputs, (len(masks), 1))
        passed = []
        for layer in net:
            if isinstance(layer, nn.Dropout):
                x = layer(x, mask=next(parts)) if training else layer(x)
                passed.append(x)
            else:
                x = layer(x)
        return [*passed, x]


def _finite(name: str, value: Any, shape: tuple[int, ...]) -> NDArray[np.floating]:
    """Return an array of this shape without NaN and infinities."""
    try:
        array = np.array(value, dtype=float)
    except (TypeError, ValueError):
        array = np.array(np.nan)
    if array.shape != shape or not np.isfinite(array).all():
        raise traitlets.TraitError(
            f"{name} must hold finite numbers of shape {shape}, got {value!r}"
        )
    return array

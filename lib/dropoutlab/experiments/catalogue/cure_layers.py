"""Cures that the library's layers and optimisers do not have: shifts, KL sparsity, L1.

Each is written so that `training.fit` takes it as it is: two as layers, one as an optimiser.
"""

from collections.abc import Iterable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab import nn
from dropoutlab.checks import float_array, generator, positive_integer

__all__ = ["L1", "KLSparsity", "Shifts"]

SIDE = 28  # of an image of a digit


class Shifts(nn.Module):
    """Move every image to a random place: augmentation, as the first layer of a net.

    In training mode each image moves by its own whole number of pixels, right and down, drawn
    from −``largest`` to ``largest``; what leaves the frame is lost, and background comes in. In
    evaluation mode nothing moves.

    Parameters
    ----------
    largest : int
        The largest shift, in pixels, at least 1.
    rng : numpy.random.Generator
        Draws the shifts.

    Examples
    --------
    >>> shifts = Shifts(1, rng=np.random.default_rng(2))
    >>> dot = np.zeros((1, 784), dtype=np.float32)
    >>> dot[0, 14 * 28 + 14] = 1
    >>> divmod(int(shifts(dot).argmax()), 28)
    (15, 13)
    >>> divmod(int(shifts.eval()(dot).argmax()), 28)
    (14, 14)
    """

    def __init__(self, largest: int, *, rng: np.random.Generator) -> None:
        self.largest = positive_integer("largest", largest)
        self.rng = generator(rng)

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return the images, shape ``(n, 784)``, moved while in training mode."""
        x = float_array("x", x)
        if not self.training:
            return x
        n, largest = len(x), self.largest
        framed = np.zeros((n, SIDE + 2 * largest, SIDE + 2 * largest), dtype=x.dtype)
        framed[:, largest:-largest, largest:-largest] = x.reshape(n, SIDE, SIDE)
        # To move right by s is to look from s pixels further left.
        corners = largest - self.rng.integers(-largest, largest + 1, size=(2, n))
        moved = np.empty((n, SIDE, SIDE), dtype=x.dtype)
        for image, larger, row, column in zip(moved, framed, *corners.tolist(), strict=True):
            image[...] = larger[row : row + SIDE, column : column + SIDE]
        return moved.reshape(n, -1)


class KLSparsity(nn.Module):
    r"""Ask every unit of a layer to be active only so much: a penalty, as a layer.

    Passes h on as it comes. Going backward in training mode, it adds the gradient of

    .. math::

        \beta \sum_j \rho \log \frac{\rho}{\hat\rho_j}
        + (1 - \rho) \log \frac{1 - \rho}{1 - \hat\rho_j},
        \qquad \hat\rho_j = \frac 1 n \sum_i \tanh h_{ij}

    to the gradient of the loss. The penalty wants activities between 0 and 1. Sigmoid units
    have them; those of ReLU have no upper bound, and tanh gives them one.

    Parameters
    ----------
    beta : float
        β, the strength.
    target : float
        ρ, in (0, 1).

    Examples
    --------
    >>> layer = KLSparsity(0.1, target=0.4)
    >>> h = np.arctanh([[0.5, 0.9], [0.5, 0.7]])
    >>> np.array_equal(layer(h), h)
    True
    >>> layer.backward(np.zeros((2, 2))).round(3)
    array([[0.015, 0.024],
           [0.015, 0.064]])
    """

    def __init__(self, beta: float, *, target: float) -> None:
        self.beta, self.target = beta, target
        self._activity: NDArray[np.floating] | None = None

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return ``x`` itself."""
        x = float_array("x", x)
        self._activity = np.tanh(x)
        return x

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient of loss and penalty for the input."""
        activity, grad_output = self._passes(self._activity, grad_output)
        if not self.training:
            return grad_output
        # A unit that is never active has a gradient without bound here; ReLU stops it.
        mean = np.clip(activity.mean(axis=0), 1e-3, 1 - 1e-3)
        slope = (1 - self.target) / (1 - mean) - self.target / mean
        penalty = self.beta / len(activity) * slope * (1 - activity**2)
        return np.asarray(grad_output + penalty)


class L1(nn.SGD):
    r"""Gradient descent on a loss with :math:`\lambda \sum \lvert w \rvert` added.

    Adds λ sign(w) to the gradient of every weight; biases are left alone.

    Parameters
    ----------
    parameters : iterable of Parameter
        What to update.
    lr, momentum : float
        As for `nn.SGD`.
    strength : float
        λ.

    Examples
    --------
    >>> weight = nn.Parameter([[3.0, -4.0, 0.0]])
    >>> L1([weight], lr=0.1, momentum=0.9, strength=0.5).step()  # with a gradient of zero
    >>> weight.data
    array([[ 2.95, -3.95,  0.  ]])
    """

    def __init__(
        self, parameters: Iterable[nn.Parameter], lr: float, *, momentum: float, strength: float
    ) -> None:
        super().__init__(parameters, lr, momentum=momentum)
        self.strength = strength

    def step(self) -> None:
        """Add the gradient of the penalty, and make a step."""
        for parameter in self.parameters:
            if parameter.data.ndim >= 2:
                parameter.grad = parameter.grad + self.strength * np.sign(parameter.data)
        super().step()

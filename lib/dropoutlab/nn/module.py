"""What every layer and every net has in common: parameters, a mode, two passes.

The vocabulary is PyTorch's, so that Part III of the course needs no new words. The
machinery is not: there is no autograd here, each layer writes its own backward pass.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import float_array, same_dtype, same_shape
from dropoutlab.nn.state import checked_state

__all__ = ["Module", "Parameter"]


class Parameter:
    """An array that training changes, beside the gradient of the loss with respect to it.

    Parameters
    ----------
    data : array_like of float
        The initial values; they are copied.

    Attributes
    ----------
    data : ndarray
        The values. The optimiser updates them in place.
    grad : ndarray
        Same shape and dtype as ``data``. Zero until the first backward pass; each
        backward pass then *sets* it, to a new array while ``workspace`` is None.
    workspace : ndarray or None
        Memory of the shape of ``data`` that `training.fit` lends while it runs, None
        otherwise. A backward pass that writes the gradient into `room` writes it there, over
        the last one. A layer that knows nothing of this is right, too, only slower.

    Raises
    ------
    TypeError
        ``data`` is not floating-point.

    Examples
    --------
    >>> Parameter([1.0, 2.0])
    Parameter(shape=(2,), dtype=float64)
    """

    __slots__ = ("data", "grad", "workspace")

    def __init__(self, data: ArrayLike) -> None:
        self.data: NDArray[np.floating] = np.array(float_array("data", data))
        self.grad: NDArray[np.floating] = np.zeros_like(self.data)
        self.workspace: NDArray[np.floating] | None = None

    def room(self) -> NDArray[np.floating]:
        """Return where to write a gradient: the memory lent, or else a new array like ``data``.

        Both lie in memory in the order of ``data``. What a matrix product rounds to hangs on
        the order of what it is written to, so that lending changes no bit of a gradient.
        """
        return np.empty_like(self.data) if self.workspace is None else self.workspace

    def __repr__(self) -> str:
        return f"Parameter(shape={self.data.shape}, dtype={self.data.dtype})"


class Module:
    """The base of every layer and net.

    A subclass writes ``forward(x)``, which remembers what the backward pass will need,
    and ``backward(grad_output)``, which returns the gradient of the loss with respect to
    the layer's input and *sets* ``.grad`` of the layer's own parameters. Because
    gradients are set and never accumulated, nothing has to be zeroed between two steps.
    Attributes that are a `Parameter` or a `Module` are found automatically, others, such as
    lists of modules, are not (`Sequential` says which are its layers). There is no
    ``__init__`` that a subclass would have to call.

    Attributes
    ----------
    training : bool
        True (the initial mode) in training, False in evaluation. Set it with `train` and
        `eval`, which reach the modules inside as well.

    Examples
    --------
    A layer with one weight a feature; it leaves out the checks of bad input.

    >>> class Scale(Module):
    ...     def __init__(self, factors):
    ...         self.factors = Parameter(factors)
    ...
    ...     def forward(self, x):
    ...         self.x = x
    ...         return x * self.factors.data
    ...
    ...     def backward(self, grad_output):
    ...         self.factors.grad = np.sum(grad_output * self.x, axis=0)
    ...         return grad_output * self.factors.data
    >>> layer = Scale([3.0, 5.0])
    >>> layer(np.array([[1.0, 2.0], [0.0, 1.0]]))
    array([[ 3., 10.],
           [ 0.,  5.]])
    >>> layer.backward(np.ones((2, 2)))
    array([[3., 5.],
           [3., 5.]])
    >>> {name: parameter.grad for name, parameter in layer.named_parameters()}
    {'factors': array([1., 3.])}
    """

    training: bool = True

    def __call__(self, x: ArrayLike, **options: Any) -> NDArray[np.floating]:
        """Run the forward pass: ``module(x, mask=m)`` is ``module.forward(x, mask=m)``."""
        return self.forward(x, **options)

    def forward(self, x: ArrayLike) -> NDArray[np.floating]:
        """Return the output for the batch ``x``; written by each subclass."""
        raise NotImplementedError(f"{type(self).__name__} does not define forward(x)")

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Return the gradient for the input, and set that of the parameters.

        Parameters
        ----------
        grad_output : array_like of float
            Gradient of the loss with respect to the output of the last forward pass, of
            that output's shape and dtype.

        Returns
        -------
        ndarray
            Gradient of the loss with respect to the last input, of that input's shape and
            dtype; a new array.

        Raises
        ------
        RuntimeError
            There was no forward pass yet.
        ValueError, TypeError
            ``grad_output`` has another shape, or another dtype, than the last output.
        """
        raise NotImplementedError(
            f"{type(self).__name__} does not define backward(grad_output)"
        )

    def backward_parameters(self, grad_output: ArrayLike) -> None:
        """Set the gradients of the parameters alone, and spare the work for the input's.

        That is all a training step needs of a net, whose input is the data. Where a layer
        does not say how, this is `backward`. Arguments and errors are the same.
        """
        self.backward(grad_output)

    def named_children(self) -> Iterator[tuple[str, "Module"]]:
        """Yield the modules directly inside, each with its name."""
        for name, value in vars(self).items():
            if isinstance(value, Module):
                yield name, value

    def modules(self) -> Iterator["Module"]:
        """Yield this module, then its children in order, each with those inside it."""
        yield self
        for _, child in self.named_children():
            yield from child.modules()

    def named_parameters(self) -> Iterator[tuple[str, Parameter]]:
        """Yield all parameters with names as in PyTorch, for example ``"0.weight"``."""
        for name, value in vars(self).items():
            if isinstance(value, Parameter):
                yield name, value
        for child_name, child in self.named_children():
            for name, parameter in child.named_parameters():
                yield f"{child_name}.{name}", parameter

    def parameters(self) -> list[Parameter]:
        """Return all parameters, those of the modules inside included."""
        return [parameter for _, parameter in self.named_parameters()]

    def train(self) -> Self:
        """Switch to training mode, where dropout drops; return the module itself."""
        for module in self.modules():
            module.training = True
        return self

    def eval(self) -> Self:
        """Switch to evaluation mode, where dropout does nothing; return the module itself."""
        for module in self.modules():
            module.training = False
        return self

    def state_dict(self) -> dict[str, NDArray[np.floating]]:
        """Return copies of all parameters, under the names of `named_parameters`."""
        return {name: parameter.data.copy() for name, parameter in self.named_parameters()}

    def load_state_dict(self, state: Mapping[str, ArrayLike]) -> None:
        """Give every parameter the values that ``state`` has under its name, bit for bit.

        Parameters
        ----------
        state : mapping of str to array_like of float
            From `state_dict`, `nn.load` or PyTorch, with exactly the names, shapes and dtypes
            of this module. Values are copied and not judged: a NaN comes back as NaN.

        Raises
        ------
        ValueError
            Something does not fit; the message lists all of it. The module is unchanged.
        """
        parameters = dict(self.named_parameters())
        expected = {name: parameter.data for name, parameter in parameters.items()}
        for name, values in checked_state(state, expected).items():
            parameters[name].data[...] = values

    def _passes(
        self,
        remembered: NDArray[np.floating] | None,
        grad_output: ArrayLike,
        width: int | None = None,
    ) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
        """Return what the forward pass left and what the backward pass is given, if they fit.

        The output had the shape and dtype of what is ``remembered``, except for its
        ``width`` where that is given.
        """
        if remembered is None:
            name = type(self).__name__
            raise RuntimeError(
                f"{name}.backward was called before any forward pass: call layer(x) first, "
                "then layer.backward(grad_output)"
            )
        grad_output = float_array("grad_output", grad_output)
        shape = remembered.shape if width is None else (*remembered.shape[:-1], width)
        same_shape("grad_output", grad_output, shape, of="the output")
        same_dtype("grad_output", grad_output, remembered.dtype, of="the output")
        return remembered, grad_output

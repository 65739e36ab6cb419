"""Layers in a row: the forward pass goes through them, the backward pass comes back."""

import inspect
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import float_array, instance
from dropoutlab.nn.module import Module

__all__ = ["Sequential"]


class Sequential(Module):
    """A net whose layers follow one another; its backward pass is the chain rule.

    ``net[i]``, ``len(net)`` and iteration give the layers.

    Parameters
    ----------
    *layers : Module
        At least one. A layer whose ``forward`` takes ``mask=`` counts as a dropout layer,
        whoever wrote it; `gradcheck` finds the mask that it drew in its attribute ``mask``.

    Raises
    ------
    TypeError
        A layer is not a `Module`.
    ValueError
        There is no layer, or one layer object stands in two places (it could remember only
        one of its two inputs); or, when called, the number of ``masks`` is wrong.

    Examples
    --------
    >>> from dropoutlab import nn
    >>> rng = np.random.default_rng(0)
    >>> net = Sequential(nn.Linear(4, 3, rng=rng), nn.ReLU(), nn.Dropout(0.5, rng=rng))
    >>> net
    Sequential(Linear(4, 3), ReLU(), Dropout(p=0.5))
    >>> net(np.ones((2, 4), dtype=np.float32)).shape
    (2, 3)
    >>> net.backward(np.ones((2, 3), dtype=np.float32)).shape
    (2, 4)
    >>> [name for name, _ in net.named_parameters()]
    ['0.weight', '0.bias']
    """

    def __init__(self, *layers: Module) -> None:
        if not layers:
            raise ValueError("layers must be at least one Module, got none")
        for layer in layers:
            instance("layers", layer, Module, "instances of nn.Module")
        self.layers = tuple(layers)
        everything = list(self.modules())
        if len({id(module) for module in everything}) < len(everything):
            raise ValueError(
                f"layers must all be different objects, got one of them twice in {self}"
            )

    @property
    def dropouts(self) -> list[Module]:
        """The dropout layers, those of nested nets included, in the order of the passes."""
        return _dropouts(self)

    def named_children(self) -> Iterator[tuple[str, Module]]:
        """Yield the layers with their positions, ``"0"``, ``"1"`` and so on, as names."""
        for position, layer in enumerate(self.layers):
            yield str(position), layer

    def forward(
        self, x: ArrayLike, masks: Sequence[NDArray[Any]] | None = None
    ) -> NDArray[np.floating]:
        """Return the output of the last layer.

        Parameters
        ----------
        x : array_like of float, shape (n, in_features)
            A batch.
        masks : sequence of ndarray, optional
            One for each dropout layer, in order, used in place of drawn ones.

        Returns
        -------
        ndarray
            A new array.
        """
        output = float_array("x", x)
        if masks is None:
            for layer in self.layers:
                output = layer(output)
            return output
        remaining = iter(self._one_per_dropout(masks))
        for layer in self.layers:
            taken = [next(remaining) for _ in _dropouts(layer)]
            if not taken:
                output = layer(output)
            elif _takes_mask(layer):
                output = layer(output, mask=taken[0])
            else:
                output = layer(output, masks=taken)
        return output

    def backward(self, grad_output: ArrayLike) -> NDArray[np.floating]:
        """Pass the gradient back through all layers; return that of the input."""
        grad = float_array("grad_output", grad_output)
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        return grad

    def backward_parameters(self, grad_output: ArrayLike) -> None:
        """Pass the gradient back only as far as the first layer that has parameters."""
        first = next((i for i, layer in enumerate(self.layers) if layer.parameters()), None)
        if first is None:
            return
        for layer in reversed(self.layers[first + 1 :]):
            grad_output = layer.backward(grad_output)
        self.layers[first].backward_parameters(grad_output)

    def _one_per_dropout(self, masks: Sequence[NDArray[Any]]) -> list[NDArray[Any]]:
        masks, n_dropouts = list(masks), len(self.dropouts)
        if len(masks) != n_dropouts:
            raise ValueError(
                f"masks must hold one mask for each dropout layer, {n_dropouts} in this net, "
                f"got {len(masks)}"
            )
        return masks

    def __getitem__(self, position: int) -> Module:
        return self.layers[position]

    def __iter__(self) -> Iterator[Module]:
        return iter(self.layers)

    def __len__(self) -> int:
        return len(self.layers)

    def __repr__(self) -> str:
        return f"Sequential({', '.join(map(repr, self.layers))})"


def _takes_mask(module: Module) -> bool:
    return "mask" in inspect.signature(module.forward).parameters


def _dropouts(module: Module) -> list[Module]:
    """Return the dropout layers in a module, or the module itself if it is one."""
    if _takes_mask(module):
        return [module]
    return [layer for _, child in module.named_children() for layer in _dropouts(child)]

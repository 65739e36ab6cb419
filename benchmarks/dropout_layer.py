"""The dropout layer alone, forwards and backwards: ours and PyTorch's."""

import numpy as np
import torch

from dropoutlab import nn

SHAPE = (256, 4096)


def arrays() -> tuple[np.ndarray, np.ndarray]:
    """Return an input and a gradient."""
    rng = np.random.default_rng(0)
    return rng.standard_normal((2, *SHAPE), dtype=np.float32)


def ours(p: float):
    """Return a call of `nn.Dropout` and of its backward pass."""
    x, grad_output = arrays()
    layer = nn.Dropout(p, rng=np.random.default_rng(0))

    def call() -> None:
        layer(x)
        layer.backward(grad_output)

    return call


def pytorch(p: float):
    """Return a call of `torch.nn.Dropout` and of its backward pass."""
    x, grad_output = map(torch.from_numpy, arrays())
    x.requires_grad_()
    layer = torch.nn.Dropout(p)

    def call() -> None:
        x.grad = None
        layer(x).backward(grad_output)

    return call

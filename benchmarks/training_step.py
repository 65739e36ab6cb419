"""One training step of a classifier: ours, PyTorch's, and its matrix products alone."""

import itertools
from collections.abc import Callable

import numpy as np
import torch

from dropoutlab import nn

# So small that the net stays as it is: every call does the same work. A net that has learned
# its one batch by heart would have gradients too small for normal floats, which are slow.
LR = 1e-6

Step = Callable[[], object]
OPTIMISERS = {
    "SGD": {},
    "SGD(fused=True)": {"fused": True},
    "SGD(foreach=True)": {"foreach": True},
}


def batch(batch_size: int) -> tuple[np.ndarray, np.ndarray]:
    """Return inputs like the pixels of digits, and labels."""
    rng = np.random.default_rng(0)
    return rng.random((batch_size, 784), dtype=np.float32), rng.integers(0, 10, batch_size)


def ours(width: int, batch_size: int, p: float, momentum: float) -> Step:
    """Return the step of `training.fit`; without dropout layers where p is 0."""
    rng = np.random.default_rng(0)
    x, labels = batch(batch_size)
    layers = []
    for n_in in (784, width):
        layers += [nn.Linear(n_in, width, rng=rng), nn.ReLU()]
        layers += [nn.Dropout(p, rng=rng)] if p else []
    net = nn.Sequential(*layers, nn.Linear(width, 10, rng=rng))
    criterion = nn.SoftmaxCrossEntropy()
    optimizer = nn.SGD(net.parameters(), lr=LR, momentum=momentum)
    for parameter in net.parameters():  # what `nn.workspace` does for as long as a loop runs
        parameter.workspace = np.empty_like(parameter.data)

    def step() -> float:
        loss = criterion(net(x), labels)
        net.backward_parameters(criterion.backward())
        optimizer.step()
        return loss

    return step


def pytorch(width: int, batch_size: int, p: float, momentum: float, **options: bool) -> Step:
    """Return PyTorch's step in eager mode, with the given options of its SGD."""
    x, labels = map(torch.from_numpy, batch(batch_size))
    layers = []
    for n_in in (784, width):
        layers += [torch.nn.Linear(n_in, width), torch.nn.ReLU()]
        layers += [torch.nn.Dropout(p)] if p else []
    net = torch.nn.Sequential(*layers, torch.nn.Linear(width, 10))
    optimizer = torch.optim.SGD(net.parameters(), lr=LR, momentum=momentum, **options)

    def step() -> float:
        loss = torch.nn.functional.cross_entropy(net(x), labels)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        return loss.item()

    return step


def matrix_products(width: int, batch_size: int) -> Step:
    """Return the step's eight matrix products, into arrays made beforehand, and no more."""
    rng = np.random.default_rng(0)
    widths = [784, width, width, 10]
    weights = [
        rng.standard_normal((n_out, n_in), dtype=np.float32)
        for n_in, n_out in itertools.pairwise(widths)
    ]
    inputs = [rng.random((batch_size, n), dtype=np.float32) for n in widths]
    outputs = [np.empty_like(x) for x in inputs]
    gradients = [np.empty_like(weight) for weight in weights]

    def step() -> None:
        for i, weight in enumerate(weights):
            np.matmul(inputs[i], weight.T, out=outputs[i + 1])
        for i in reversed(range(len(weights))):
            np.matmul(inputs[i + 1].T, inputs[i], out=gradients[i])
            if i > 0:
                np.matmul(inputs[i + 1], weights[i], out=outputs[i])

    return step

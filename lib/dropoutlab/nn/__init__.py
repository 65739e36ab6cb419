"""Neural networks in NumPy: the layers, the loss and the optimiser of the course.

One idea a file, and nothing hidden: a net is a `Sequential` of layers, each layer has
a forward pass (calling it) and a ``backward`` pass, and the chain rule is the loop in
`Sequential.backward`. Arrays are ``(n, d)``, batch first. Randomness is always an
explicit `numpy.random.Generator`.

Examples
--------
>>> import numpy as np
>>> from dropoutlab import nn
>>> rng = np.random.default_rng(0)
>>> net = nn.Sequential(
...     nn.Linear(4, 8, rng=rng), nn.ReLU(), nn.Dropout(0.5, rng=rng), nn.Linear(8, 3, rng=rng)
... )
>>> criterion = nn.SoftmaxCrossEntropy()
>>> optimizer = nn.SGD(net.parameters(), lr=0.1)
>>> x = rng.standard_normal((64, 4), dtype=np.float32)
>>> labels = x[:, :3].argmax(axis=1)
>>> for _ in range(100):
...     loss = criterion(net(x), labels)
...     grad_input = net.backward(criterion.backward())
...     optimizer.step()
>>> criterion(net.eval()(x), labels) < 0.5
True
"""

from dropoutlab.nn.activations import ReLU
from dropoutlab.nn.dropout import Dropout
from dropoutlab.nn.linear import Linear
from dropoutlab.nn.losses import SoftmaxCrossEntropy, softmax
from dropoutlab.nn.module import Module, Parameter
from dropoutlab.nn.optim import SGD
from dropoutlab.nn.sequential import Sequential

__all__ = [
    "SGD",
    "Dropout",
    "Linear",
    "Module",
    "Parameter",
    "ReLU",
    "Sequential",
    "SoftmaxCrossEntropy",
    "softmax",
]

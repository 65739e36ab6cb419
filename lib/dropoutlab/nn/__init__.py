"""Neural networks in NumPy: the layers, the losses and the optimisers of the course.

One idea a file, and nothing hidden: a net is a `Sequential` of layers, each layer has
a forward pass (calling it) and a ``backward`` pass, and the chain rule is the loop in
`Sequential.backward`. Arrays are ``(n, d)``, batch first. Randomness is always an
explicit `numpy.random.Generator`.

The files, in the order in which to read them:

==================== ====================================================================
``module``           what all layers and nets have in common: parameters, a mode, two passes
``linear``           y = x Wᵀ + b, and its three gradients
``activations``      ReLU, sigmoid, tanh
``dropout``          the layer that the course is about
``masks``            how its masks are drawn
``sequential``       layers in a row, and the chain rule
``losses``           softmax and cross-entropy; the mean squared error
``optim``            the optimisers' common base; gradient descent with momentum
``adam``             a step length for every weight of its own
``schedules``        rates that change while a net is trained
``max_norm``         a bound on the length of every unit's weights
``gaussian_dropout`` noise instead of zeros
``dropconnect``      weights dropped instead of units
``initialisation``   what weights start from
``state``            whether saved parameters fit a net
``storage``          parameters in a file
``workspace``        memory that a training loop lends, for speed
``pieces``           whole arrays updated a piece at a time, for speed
==================== ====================================================================

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

from dropoutlab.nn.activations import ReLU, Sigmoid, Tanh
from dropoutlab.nn.adam import Adam
from dropoutlab.nn.dropconnect import DropConnect
from dropoutlab.nn.dropout import Dropout
from dropoutlab.nn.gaussian_dropout import GaussianDropout
from dropoutlab.nn.linear import Linear
from dropoutlab.nn.losses import MeanSquaredError, SoftmaxCrossEntropy, softmax
from dropoutlab.nn.max_norm import MaxNorm
from dropoutlab.nn.module import Module, Parameter
from dropoutlab.nn.optim import SGD, Optimizer
from dropoutlab.nn.schedules import Scheduled, linear_schedule
from dropoutlab.nn.sequential import Sequential
from dropoutlab.nn.storage import load, save

__all__ = [
    "SGD",
    "Adam",
    "DropConnect",
    "Dropout",
    "GaussianDropout",
    "Linear",
    "MaxNorm",
    "MeanSquaredError",
    "Module",
    "Optimizer",
    "Parameter",
    "ReLU",
    "Scheduled",
    "Sequential",
    "Sigmoid",
    "SoftmaxCrossEntropy",
    "Tanh",
    "linear_schedule",
    "load",
    "save",
    "softmax",
]

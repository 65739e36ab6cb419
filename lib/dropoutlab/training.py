"""Training a NumPy net to classify.

`dropoutlab.torch_training` has `fit` and `evaluate` for PyTorch; what both share is in
`dropoutlab.loop`.
"""

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from dropoutlab.checks import instance
from dropoutlab.data import Dataset
from dropoutlab.history import Curve, Evaluation, History
from dropoutlab.loop import Diverged, batches, in_mode, measure, require_own, train_epochs
from dropoutlab.nn import Module, Optimizer, SoftmaxCrossEntropy
from dropoutlab.nn.workspace import workspace

__all__ = ["Curve", "Diverged", "Evaluation", "History", "batches", "evaluate", "fit"]

NET = "a net of dropoutlab.nn (PyTorch's are for dropoutlab.torch_training)"


def fit(
    net: Module,
    optimizer: Optimizer,
    train: Dataset,
    *,
    n_epochs: int,
    batch_size: int = 64,
    rng: np.random.Generator,
    monitor: Mapping[str, Dataset] | None = None,
    progress: bool | None = None,
) -> History:
    """Train a net to classify, by stochastic gradient descent on the cross-entropy.

    Training goes on from the present weights, so calling `fit` again continues (with a new
    history). Steps are made in training mode, evaluations in evaluation mode; whatever ends
    the training, the net is left in the mode in which it came.

    Parameters
    ----------
    net : Module
        From inputs ``(n, d)`` to logits ``(n, k)``. Trained in place.
    optimizer : Optimizer
        `SGD`, `Adam`, or `MaxNorm` around one of them, made with the parameters of ``net``,
        or with some of them: the others then stay as they are.
    train : Dataset
        With labels from 0 to k − 1, and ``x`` of the dtype of the net.
    n_epochs : int
        Number of passes over ``train``, at least 0.
    batch_size : int, default 64
        Examples a step, at least 1. The last batch of an epoch may be smaller.
    rng : numpy.random.Generator
        Draws the order of the examples, anew for every epoch. Dropout draws from its own.
    monitor : mapping of str to Dataset, optional
        Sets to evaluate before training and after every epoch, for example
        ``{"train": train, "test": test}``. Takes time, and does not change the training.
    progress : bool, optional
        Whether to draw a progress bar on stderr. Left out, a bar appears only in a
        terminal and only after two seconds, never in an executed notebook;
        ``$DROPOUTLAB_PROGRESS``, 0 or 1, overrides that.

    Returns
    -------
    History
        ``history.epoch``, and ``history[name].loss`` and ``.error`` for each monitored set.

    Raises
    ------
    Diverged
        The loss of a step or of a monitored set became NaN or infinite: the weights are of
        no use any more. It is a `FloatingPointError`.
    TypeError, ValueError
        An argument is of the wrong type or out of range, or ``optimizer`` holds a parameter
        that is not in ``net``.

    Notes
    -----
    Afterwards, ``grad`` of every parameter is the gradient in the last step, as after steps
    written out by hand.

    Examples
    --------
    >>> from dropoutlab import data, nn
    >>> rng = np.random.default_rng(0)
    >>> train = data.moons(200, noise=0.1, rng=rng)
    >>> net = nn.Sequential(nn.Linear(2, 32, rng=rng), nn.ReLU(), nn.Linear(32, 2, rng=rng))
    >>> optimizer = nn.SGD(net.parameters(), lr=0.1, momentum=0.9)
    >>> history = fit(net, optimizer, train, n_epochs=50, rng=rng, monitor={"train": train})
    >>> bool(history["train"].error[-1] < 0.05)
    True
    """
    instance("net", net, Module, NET)
    expected = "an optimiser of dropoutlab.nn, such as nn.SGD(net.parameters(), lr=0.1)"
    instance("optimizer", optimizer, Optimizer, expected)
    require_own(net, optimizer.parameters)
    criterion = SoftmaxCrossEntropy()

    def step(x: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
        loss = criterion(net(x), labels)
        net.backward_parameters(criterion.backward())
        optimizer.step()
        return loss

    # Every step writes its gradients over those of the last.
    with workspace(optimizer.parameters):
        return train_epochs(
            net,
            step,
            lambda dataset: evaluate(net, dataset),
            train,
            n_epochs=n_epochs,
            batch_size=batch_size,
            rng=rng,
            monitor=monitor,
            progress=progress,
            lr=lambda: optimizer.lr,
        )


def evaluate(net: Module, dataset: Dataset) -> Evaluation:
    """Measure a net on a set, in evaluation mode; the net's mode is restored.

    Parameters
    ----------
    net : Module
        From inputs ``(n, d)`` to logits ``(n, k)``.
    dataset : Dataset
        With labels from 0 to k − 1, and ``x`` of the dtype of the net.

    Returns
    -------
    Evaluation
        ``loss``, the mean cross-entropy in nats, and ``error``, the fraction misclassified.

    Examples
    --------
    >>> from dropoutlab import data, nn
    >>> rng = np.random.default_rng(0)
    >>> net = nn.Linear(784, 10, rng=rng)
    >>> evaluate(net, data.digits(n_train=10, n_test=500, seed=0).test).error > 0.5
    True
    """
    instance("net", net, Module, NET)
    with in_mode(net, training=False):
        return measure(net, dataset)

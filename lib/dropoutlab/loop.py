"""The loop that training shares in both libraries: batches, steps, epochs, evaluations."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from dropoutlab.checks import generator, instance, positive_integer
from dropoutlab.data import Dataset
from dropoutlab.history import Evaluation, History
from dropoutlab.nn import SoftmaxCrossEntropy
from dropoutlab.progress import progress_bar

__all__ = ["Diverged", "batches", "in_mode", "measure", "require_own", "train_epochs"]


class Diverged(FloatingPointError):
    """The loss became NaN or infinite: most often, the learning rate is too large.

    The message names the epoch, the set or the step, and the learning rate. The net's
    weights are useless now; make a new one.
    """


def batches(
    train: Dataset, batch_size: int, rng: np.random.Generator
) -> Iterator[tuple[NDArray[np.floating], NDArray[Any]]]:
    """Yield the examples of one epoch in random order, a batch at a time.

    Parameters
    ----------
    train : Dataset
        What to go through, once.
    batch_size : int
        Examples a batch; the last may hold fewer.
    rng : numpy.random.Generator
        Draws the order, in one call for the whole epoch.

    Yields
    ------
    x : ndarray of float, shape (batch_size, d)
        Inputs, a new array.
    y : ndarray, shape (batch_size,)
        Their labels, a new array.

    Examples
    --------
    >>> train = Dataset(np.arange(5.0)[:, None], np.arange(5))
    >>> [len(y) for x, y in batches(train, 2, np.random.default_rng(0))]
    [2, 2, 1]
    """
    order = rng.permutation(len(train))
    for start in range(0, len(train), batch_size):
        rows = order[start : start + batch_size]
        yield train.x[rows], train.y[rows]


def train_epochs(
    net: Any,
    step: Callable[[NDArray[np.floating], NDArray[Any]], float],
    evaluate: Callable[[Dataset], Evaluation],
    train: Dataset,
    *,
    n_epochs: int,
    batch_size: int,
    rng: np.random.Generator,
    monitor: Mapping[str, Dataset] | None,
    progress: bool | None,
    lr: Callable[[], float],
) -> History:
    """Run the loop that both libraries share; see `fit` for the other parameters.

    NumPy's matrix products get one thread each. On matrices of this size a second gains
    little, and where something else wants the processor, threads that wait for one another
    cost a factor of ten. To use more cores, train several seeds at once.

    Parameters
    ----------
    net : Module or torch.nn.Module
        Put into training mode for the steps.
    step : callable
        Takes a batch ``(x, labels)``, updates the net, and returns the loss before that.
    evaluate : callable
        Takes a set and returns its `Evaluation`.
    lr : callable
        Returns the present learning rate, for the message of `Diverged`.
    """
    n_epochs = positive_integer("n_epochs", n_epochs, minimum=0)
    batch_size = positive_integer("batch_size", batch_size)
    generator(rng)
    _require_dataset("train", train)
    sets = _checked(monitor)
    evaluations: dict[str, list[Evaluation]] = {name: [] for name in sets}

    def evaluate_all(epoch: int) -> None:
        for name, dataset in sets.items():
            evaluations[name].append(evaluate(dataset))
            _require_finite(evaluations[name][-1].loss, f"on {name!r} after epoch {epoch}", lr)

    with (
        threadpool_limits(1, user_api="blas"),
        np.errstate(over="ignore", invalid="ignore"),  # shows in the loss, and is reported
        progress_bar(
            progress, n_epochs * math.ceil(len(train) / batch_size), unit="steps"
        ) as bar,
    ):
        evaluate_all(epoch=0)
        for epoch in range(1, n_epochs + 1):
            with in_mode(net, training=True):
                for i, (x, labels) in enumerate(batches(train, batch_size, rng), start=1):
                    loss = step(x, labels)
                    _require_finite(loss, f"in epoch {epoch}, step {i}", lr)
                    bar.update()
            evaluate_all(epoch)
    return History(evaluations, n_epochs=n_epochs)


def measure(
    predict: Callable[[NDArray[np.floating]], NDArray[np.floating]], dataset: Dataset
) -> Evaluation:
    """Compute loss and error of a function from inputs to logits, a thousand rows at a time.

    Examples
    --------
    >>> sure = Dataset([[0.0, 50.0], [50.0, 0.0]], [1, 1])
    >>> measure(lambda x: x, sure)
    Evaluation(loss=25.0, error=0.5)
    """
    _require_dataset("dataset", dataset)
    criterion = SoftmaxCrossEntropy()
    n, total_loss, n_wrong = len(dataset), 0.0, 0
    for start in range(0, n, 1000):
        x, labels = dataset.x[start : start + 1000], dataset.y[start : start + 1000]
        logits = predict(x)
        total_loss += criterion(logits, labels) * len(x)
        n_wrong += int(np.count_nonzero(logits.argmax(axis=1) != labels))
    return Evaluation(loss=total_loss / n, error=n_wrong / n)


def require_own(net: Any, parameters: Iterable[Any]) -> None:
    """Refuse an optimiser, by its parameters, that would train something else than the net.

    It may hold a part of the net's parameters: the others then stay as they are.

    Examples
    --------
    >>> from dropoutlab import nn
    >>> net, other = (nn.Linear(2, 1, rng=np.random.default_rng(0)) for _ in range(2))
    >>> require_own(net, other.parameters())
    Traceback (most recent call last):
    ValueError: optimizer must hold parameters of net alone, but 2 of its 2 are not in net; a
    net that is made anew needs a new optimizer, made with net.parameters()
    """
    own = {id(parameter) for parameter in net.parameters()}
    is_foreign = [id(parameter) not in own for parameter in parameters]
    if any(is_foreign):
        raise ValueError(
            f"optimizer must hold parameters of net alone, but {sum(is_foreign)} of its "
            f"{len(is_foreign)} are not in net; a net that is made anew needs a new optimizer, "
            "made with net.parameters()"
        )


@contextmanager
def in_mode(net: Any, *, training: bool) -> Iterator[None]:
    """Put a net, of either library, into a mode, and every module back afterwards.

    Examples
    --------
    >>> from dropoutlab import nn
    >>> layer = nn.Dropout(0.5, rng=np.random.default_rng(0))
    >>> with in_mode(layer, training=False):
    ...     print(layer.training)
    False
    >>> layer.training
    True
    """
    before = [(module, module.training) for module in net.modules()]
    if training:
        net.train()
    else:
        net.eval()
    try:
        yield
    finally:
        for module, was_training in before:
            module.training = was_training


def _require_dataset(name: str, dataset: Any) -> None:
    instance(name, dataset, Dataset, "a dropoutlab.data.Dataset")


def _checked(monitor: Mapping[str, Dataset] | None) -> dict[str, Dataset]:
    if monitor is None:
        return {}
    expected = "a mapping of names to datasets, such as {'test': test}"
    instance("monitor", monitor, Mapping, expected)
    for name, dataset in monitor.items():
        _require_dataset(f"monitor[{name!r}]", dataset)
    return dict(monitor)


def _require_finite(loss: float, where: str, lr: Callable[[], float]) -> None:
    if not math.isfinite(loss):
        raise Diverged(
            f"the loss became {loss} {where}, with learning rate {lr():g}; a smaller one "
            "usually helps"
        )

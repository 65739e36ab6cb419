"""Training a PyTorch net to classify, exactly as `dropoutlab.training` does in NumPy.

The same arguments, the same `History`, and batches drawn by the same NumPy generator in
the same way: from equal weights, both see equal batches.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from dropoutlab import nn
from dropoutlab.checks import instance
from dropoutlab.data import Dataset
from dropoutlab.history import Evaluation, History
from dropoutlab.loop import in_mode, measure, require_own, train_epochs

__all__ = ["copy_weights", "evaluate", "fit"]

NET = "a torch.nn.Module (nets of dropoutlab.nn are for dropoutlab.training)"


def fit(
    net: torch.nn.Module,
    optimizer: torch.optim.Optimizer,
    train: Dataset,
    *,
    n_epochs: int,
    batch_size: int = 64,
    rng: np.random.Generator,
    monitor: Mapping[str, Dataset] | None = None,
    progress: bool | None = None,
) -> History:
    """Train a net to classify, by minimising the cross-entropy.

    As `dropoutlab.training.fit`, which describes arguments, result and errors; ``net`` and
    ``optimizer`` are PyTorch's. Batches go to the device of the net's first parameter.

    ``rng`` draws the order of the examples only. What the net itself draws, `nn.Dropout`
    for one, comes from PyTorch's global generator: seed it with `torch.manual_seed`.

    Examples
    --------
    >>> from dropoutlab import data
    >>> rng = np.random.default_rng(0)
    >>> train = data.moons(200, noise=0.1, rng=rng)
    >>> net = torch.nn.Sequential(
    ...     torch.nn.Linear(2, 32), torch.nn.ReLU(), torch.nn.Linear(32, 2)
    ... )
    >>> optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
    >>> history = fit(net, optimizer, train, n_epochs=50, rng=rng, monitor={"train": train})
    >>> bool(history["train"].error[-1] < 0.05)
    True
    """
    instance("net", net, torch.nn.Module, NET)
    expected = "an optimiser of PyTorch, such as torch.optim.SGD(net.parameters(), lr=0.1)"
    instance("optimizer", optimizer, torch.optim.Optimizer, expected)
    require_own(net, [own for group in optimizer.param_groups for own in group["params"]])

    def step(x: NDArray[np.floating], labels: NDArray[np.integer]) -> float:
        logits, targets = net(_tensor(x, net)), _tensor(labels, net).long()
        loss = torch.nn.functional.cross_entropy(logits, targets)
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        return loss.item()

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
        lr=lambda: optimizer.param_groups[0]["lr"],
    )


def evaluate(net: torch.nn.Module, dataset: Dataset) -> Evaluation:
    """Measure a net on a set, in evaluation mode; the net's mode is restored.

    As `dropoutlab.training.evaluate`: the loss is the mean cross-entropy in nats, the error
    the fraction misclassified. No gradients are recorded.

    Examples
    --------
    >>> from dropoutlab import data
    >>> test = data.digits(n_train=10, n_test=500, seed=0).test
    >>> evaluate(torch.nn.Linear(784, 10), test).error > 0.5
    True
    """
    instance("net", net, torch.nn.Module, NET)

    def predict(x: NDArray[np.floating]) -> NDArray[np.floating]:
        logits: NDArray[np.floating] = net(_tensor(x, net)).cpu().numpy()
        return logits

    with in_mode(net, training=False), torch.no_grad():
        return measure(predict, dataset)


def copy_weights(
    source: nn.Module | torch.nn.Module, target: nn.Module | torch.nn.Module
) -> None:
    """Give one net the weights of another, in either direction between the libraries.

    Parameters are paired in order, which fits nets with the same layers: both libraries
    keep weights as ``(out_features, in_features)``.

    Parameters
    ----------
    source, target : Module or torch.nn.Module
        ``target`` is changed in place, and keeps its dtype and device.

    Raises
    ------
    TypeError
        One of them is not a net.
    ValueError
        The numbers of parameters, or the shapes of a pair, differ. ``target`` is unchanged.

    Examples
    --------
    >>> numpy_layer = nn.Linear(3, 2, rng=np.random.default_rng(0))
    >>> torch_layer = torch.nn.Linear(3, 2)
    >>> copy_weights(numpy_layer, torch_layer)
    >>> x = np.ones((1, 3), dtype=np.float32)
    >>> np.allclose(numpy_layer(x), torch_layer(torch.tensor(x)).detach())
    True
    """
    for name, net in (("source", source), ("target", target)):
        expected = "a net of dropoutlab.nn or a torch.nn.Module"
        instance(name, net, (nn.Module, torch.nn.Module), expected)
    values = _weights(source)
    places: list[Any] = list(target.parameters())
    wanted = [value.shape for value in values]
    shapes = [tuple(place.data.shape) for place in places]
    if shapes != wanted:
        raise ValueError(
            f"target must have parameters of the shapes of source, {wanted}, got {shapes}"
        )
    for place, value in zip(places, values, strict=True):
        if isinstance(place, nn.Parameter):
            place.data[...] = value
        else:
            with torch.no_grad():
                place.copy_(torch.tensor(value))


def _weights(net: nn.Module | torch.nn.Module) -> list[NDArray[np.floating]]:
    if isinstance(net, torch.nn.Module):
        return [parameter.detach().cpu().numpy() for parameter in net.parameters()]
    return [parameter.data for parameter in net.parameters()]


def _tensor(array: NDArray[Any], net: torch.nn.Module) -> torch.Tensor:
    """Copy an array to where the net is."""
    place = next((parameter.device for parameter in net.parameters()), None)
    return torch.tensor(array, device=place)

"""What the browser's networks are checked against: the same nets, by `dropoutlab`."""

import itertools
from typing import Any

import numpy as np

from dropoutlab import data, nn
from dropoutlab.explorables import ThinnedNetwork


def thinned_network() -> list[dict[str, Any]]:
    """Thinned nets under given masks, their exact mean over all masks, and masks of a seed."""
    bits = 1 << np.arange(11)
    given = np.random.default_rng(0).random((40, 11)) >= 0.4
    given[:2] = [[False], [True]]
    other = [
        (np.arange(n * m).reshape(n, m) % 7 - 2.5) / 4 for n, m in ((4, 3), (4, 4), (1, 4))
    ]
    cases = []
    for traits in [
        {},
        {"p_hidden": 0.3, "p_input": 0.2, "seed": 7},
        {"p_hidden": 0.9, "p_input": 0.9, "seed": 2**32 - 1},
        {"p_hidden": 0.5, "p_input": 0.2, "rescale": False},
        {"p_hidden": 0, "p_input": 0.55, "inputs": [-2, 0.25, 3], "seed": 0},
        {"p_hidden": 0.35, "weights": [matrix.tolist() for matrix in other]},
    ]:
        widget = ThinnedNetwork(n_drawn=60, **traits)
        cases.append(
            {
                "state": widget.state(),
                "masks": (given @ bits).tolist(),
                "outputs": widget.outputs(given).tolist(),
                "full": widget.full_output(),
                "mean": widget.exact_mean(),
                "drawn": (widget.drawn_masks() @ bits).tolist(),
            }
        )
    return cases


def trained_networks() -> list[dict[str, Any]]:
    """Fifty steps of small nets with one logit: masks and batches, losses and weights."""
    return [
        trained_network(**{"activation": activation, "p": p, "p_input": p_input, **options})
        for activation, p, p_input, options in [
            ("tanh", 0.0, 0.0, {}),
            ("tanh", 0.5, 0.0, {}),
            ("tanh", 0.3, 0.2, {"momentum": 0.9, "lr": 0.1}),
            ("tanh", 0.0, 0.0, {"weight_decay": 0.05}),
            ("relu", 0.0, 0.0, {"momentum": 0.9, "lr": 0.1}),
            ("relu", 0.3, 0.0, {"batch_size": 7}),
            ("relu", 0.5, 0.2, {"weight_decay": 0.05, "momentum": 0.5}),
        ]
    ]


def trained_network(
    activation: str,
    p: float,
    p_input: float,
    lr: float = 0.3,
    momentum: float = 0.0,
    weight_decay: float = 0.0,
    batch_size: int = 6,
) -> dict[str, Any]:
    """Train 2-6-5-1 on two moons in float64, and write down all that it was given."""
    rng = np.random.default_rng(0)
    widths, rates = [2, 6, 5, 1], [p_input, p, p]
    moons = data.moons(24, noise=0.1, rng=rng, dtype=np.float64)
    x, labels = moons.x.round(3), moons.y
    linears = [
        nn.Linear(n_in, n_out, rng=rng, dtype=np.float64)
        for n_in, n_out in itertools.pairwise(widths)
    ]
    for linear in linears:
        linear.weight.data[...] = linear.weight.data.round(3)
        linear.bias.data[...] = rng.uniform(-0.5, 0.5, linear.out_features).round(3)
    initial = parameters_of(linears)
    dropouts = [nn.Dropout(rate, rng=rng) for rate in rates]
    kind = {"tanh": nn.Tanh, "relu": nn.ReLU}[activation]
    activations = [kind() for _ in linears[1:]]
    net = nn.Sequential(
        *(dropouts[0], linears[0], activations[0]),
        *(dropouts[1], linears[1], activations[1]),
        *(dropouts[2], linears[2]),
    )
    optimizer = nn.SGD(net.parameters(), lr=lr, momentum=momentum, weight_decay=weight_decay)
    criterion = nn.SoftmaxCrossEntropy()
    batches, masks, losses = [], [], []
    for _ in range(50):
        rows = rng.choice(len(x), batch_size, replace=False)
        drawn = [
            rng.random((batch_size, n)) >= rate for n, rate in zip(widths, rates, strict=False)
        ]
        z = x[rows]
        for layer in net:
            z = layer(z, mask=drawn[dropouts.index(layer)]) if layer in dropouts else layer(z)
        # Softmax over the logits 0 and z is the logistic function of z.
        losses.append(criterion(np.column_stack([np.zeros(batch_size), z]), labels[rows]))
        net.backward(criterion.backward()[:, 1:])
        optimizer.step()
        batches.append(rows.tolist())
        masks.append(["".join(str(int(kept)) for kept in mask.flat) for mask in drawn])
    net.eval()
    return {
        "widths": widths,
        "activation": activation,
        "options": {
            **{"lr": lr, "momentum": momentum, "weightDecay": weight_decay},
            **{"p": p, "pInput": p_input},
        },
        "x": x.ravel().tolist(),
        "labels": labels.tolist(),
        "initial": initial,
        "batches": batches,
        "masks": masks,
        "losses": losses,
        "final": parameters_of(linears),
        "probabilities": (1 / (1 + np.exp(-net(x)[:, 0]))).tolist(),
    }


def parameters_of(linears: list[nn.Linear]) -> list[float]:
    """Return weights and biases, layer by layer, in the order of the browser's net."""
    arrays = [a.data.ravel() for layer in linears for a in (layer.weight, layer.bias)]
    return np.concatenate(arrays).tolist()

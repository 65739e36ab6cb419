"""What the browser modules are checked against: written by NumPy and `dropoutlab`.

``python tests/js/golden.py`` writes ``golden/*.json`` again; ``test_golden.py`` checks that
they are what this file would write, and ``*.test.js`` that the modules agree with them.
"""

import base64
import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import traitlets

from dropoutlab import data, nn
from dropoutlab.explorables import Playground, ThinnedNetwork
from dropoutlab.explorables.digit_input import normalised, rasterised, turned, turned_strokes
from dropoutlab.explorables.digit_reader import POOLED, ByteLinear, DigitReader

FOLDER = Path(__file__).parent / "golden"


def polynomial_fits() -> list[dict[str, Any]]:
    """Fits of least squares in Legendre polynomials: many points, few, coinciding ones."""
    rng = np.random.default_rng(0)
    cases = []
    for n_points, degree in [(2, 0), (5, 3), (16, 15), (40, 15), (8, 15), (3, 15)]:
        x = rng.uniform(-1, 1, n_points).round(3)
        cases.append((x, degree))
    cases.append((np.repeat([-0.5, 0.1, 0.7], 4), 5))
    fits = []
    for x, degree in cases:
        y = (np.sin(np.pi * x) + 0.3 * rng.standard_normal(len(x))).round(3)
        design = np.polynomial.legendre.legvander(x, degree)
        coefficients = np.linalg.lstsq(design, y, rcond=1e-10)[0]
        fits.append(
            {
                "points": np.column_stack([x, y]).tolist(),
                "degree": degree,
                "coefficients": coefficients.tolist(),
                "at": (at := np.linspace(-1, 1, 9)).tolist(),
                "values": np.polynomial.legendre.legval(at, coefficients).tolist(),
            }
        )
    return fits


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


def planar_shapes() -> dict[str, Any]:
    """Points of each shape without noise, and their labels."""
    shapes = {}
    for draw in (data.moons, data.circles, data.spirals, data.gaussians):
        drawn = draw(60, noise=0, rng=np.random.default_rng(0), dtype=np.float64)
        shapes[draw.__name__] = {"x": drawn.x.round(6).tolist(), "labels": drawn.y.tolist()}
    return shapes


def digit_inputs() -> dict[str, Any]:
    """What becomes of strokes and of images: turned, scaled, centred."""
    hook = [[60, 40], [200, 55.5], [140, 240]]
    drawings = [
        ([], 0),
        ([[[30, 250]]], 0),
        ([[[20, 20], [20, 260]]], 0),
        ([hook, [[100, 140], [180, 130]]], 0),
        ([hook], -33),
        ([[[0, 0], [280, 280]], [[0, 280], [280, 0]]], 180),
        ([[[100, 130], [120, 130], [120, 130], [110, 145]]], 77),
    ]
    rng = np.random.default_rng(0)
    images = np.zeros((3, 28, 28))
    images[0, 4:24, 10:17] = rng.integers(1, 256, (20, 7)) / 255
    images[1, 3:9, 2:26] = rng.integers(1, 256, (6, 24)) / 255
    images[2, 13, 20] = 1
    turns = [(0, 0), (0, -41), (1, 90), (1, 180), (2, -135)]
    return {
        "drawings": [
            {
                "strokes": strokes,
                "rotation": rotation,
                "image": rounded(normalised(rasterised(turned_strokes(strokes, rotation)))),
            }
            for strokes, rotation in drawings
        ],
        "images": [
            {
                "bytes": np.rint(255 * images[i]).astype(int).ravel().tolist(),
                "rotation": rotation,
                "image": rounded(normalised(turned(images[i], rotation))),
            }
            for i, rotation in turns
        ],
    }


def hundred_votes() -> dict[str, Any]:
    """Votes of thinned networks of a small net, whose units fill no whole number of bytes."""
    rng = np.random.default_rng(0)
    layers = (
        ByteLinear.rounded(rng.normal(0, scale, (rows, columns)), rng.normal(size=rows))
        for rows, columns, scale in ((11, POOLED, 0.3), (10, 11, 1))
    )
    reader = DigitReader(*layers, p=0.3, test_error=0.5, n_test=10)
    masks = rng.random((100, reader.n_hidden)) >= reader.p
    images = [rng.random(784).round(2) * (rng.random(784) < q) for q in (0.1, 0.3, 0.5)]
    return {
        "reader": reader.state(),
        "masks": base64.b64encode(np.packbits(masks)).decode("ascii"),
        "first_mask": masks[0].astype(int).tolist(),
        "cases": [
            {
                "image": image.tolist(),
                **{name: np.asarray(v).tolist() for name, v in vars(verdict).items()},
            }
            for image in images
            for verdict in [reader.ask(image, masks)]
        ],
    }


def rounded(image: np.ndarray) -> list[float]:
    """Return pixels in one list, short enough to store."""
    return image.ravel().round(9).tolist()


def playground_defaults() -> dict[str, Any]:
    """What the playground begins with."""
    return Playground().state()


def playground_traits() -> dict[str, Any]:
    """What each of its traits allows: a range, or a list of values."""
    traits = Playground().traits()
    return {
        name: list(trait.values)
        if isinstance(trait := traits[name], traitlets.Enum)
        else {"min": trait.min, "max": trait.max}
        for name in playground_defaults()
    }


GOLDEN: dict[str, Callable[[], Any]] = {
    "digit_inputs": digit_inputs,
    "hundred_votes": hundred_votes,
    "planar_shapes": planar_shapes,
    "playground_defaults": playground_defaults,
    "playground_traits": playground_traits,
    "polynomial_fits": polynomial_fits,
    "thinned_network": thinned_network,
    "trained_networks": trained_networks,
}


def main() -> None:
    """Write every file."""
    FOLDER.mkdir(exist_ok=True)
    for name, compute in GOLDEN.items():
        text = json.dumps(compute(), allow_nan=False)
        (FOLDER / f"{name}.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

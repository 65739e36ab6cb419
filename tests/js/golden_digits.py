"""What the browser's reader of digits is checked against: drawings, images and votes."""

from typing import Any

import numpy as np

from dropoutlab.explorables.hundred_networks.reader import POOLED, DigitReader, crowd
from dropoutlab.explorables.shared.byte_layers import ByteLinear
from dropoutlab.explorables.shared.ink import normalised, rasterised, turned, turned_strokes


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
    """Votes of a hundred thinned networks of a small net."""
    rng = np.random.default_rng(0)
    layers = (
        ByteLinear.rounded(rng.normal(0, scale, (rows, columns)), rng.normal(size=rows))
        for rows, columns, scale in ((11, POOLED, 0.3), (10, 11, 1))
    )
    reader = DigitReader(*layers, p=0.3, test_error=0.5, n_test=10)
    masks = crowd(7, reader)
    images = [rng.random(784).round(2) * (rng.random(784) < q) for q in (0.1, 0.3, 0.5)]
    return {
        "reader": reader.state(),
        "seed": 7,
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

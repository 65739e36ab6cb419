"""What the browser's maps are checked against: masks of each kind, and what comes of them."""

from typing import Any

import numpy as np

from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.explorables.dropped_together.kinds import KINDS, draw_together
from dropoutlab.explorables.dropped_together.map_reader import (
    SHAPE,
    SHAPES,
    MapReader,
    known_to_neighbours,
)
from dropoutlab.explorables.shared.byte_layers import ByteLinear


def dropped_maps() -> dict[str, Any]:
    """Masks of each kind, and maps of an untrained net that go through them."""
    rng = np.random.default_rng(0)
    layers = (
        ByteLinear.rounded(rng.normal(0, 0.4, shape), rng.normal(0, 0.3, shape[0]))
        for shape in SHAPES
    )
    reader = MapReader(*layers, test_error=0.5, n_test=10)
    image = rng.random(784).round(2) * (rng.random(784) < 0.4)
    maps = reader.maps(image)[0]
    cases = []
    for kind in KINDS:
        for p, block in ((0.3, 3), (0.75, 5)):
            random = BrowserRandom(5)
            masks = np.array([draw_together(random, kind, p, block, SHAPE) for _ in range(3)])
            thinned = maps * masks / (1 - p)
            cases.append(
                {
                    "kind": kind,
                    "p": p,
                    "block": block,
                    "masks": ["".join("01"[int(one)] for one in mask.flat) for mask in masks],
                    "known": known_to_neighbours(np.broadcast_to(maps, masks.shape), masks),
                    "pooled": reader.pooled(thinned[0]).ravel().round(9).tolist(),
                    "reads": reader.logits(thinned).argmax(axis=1).tolist(),
                }
            )
    return {
        "reader": reader.state(),
        "image": image.tolist(),
        "maps": maps.ravel().round(9).tolist(),
        "cases": cases,
    }

"""The shift and the early stopping that chapter 3 shows are those of its contest."""

from pathlib import Path

import nbformat
import numpy as np
import pytest

from dropoutlab.experiments.catalogue.cure_layers import Shifts
from dropoutlab.experiments.catalogue.cured_nets import cured_net
from dropoutlab.experiments.catalogue.cures import fit_and_stop, spoilt_digits
from dropoutlab.training import evaluate, fit

CHAPTER = Path(__file__).parents[2] / "chapters" / "03_the_usual_cures.ipynb"


@pytest.fixture(scope="module")
def shown():
    """The functions as the chapter's reader sees them, run by themselves."""
    cells = nbformat.read(CHAPTER, as_version=4).cells
    starts = ("def shifted(", "def stop_early(")
    sources = [cell.source for cell in cells if cell.source.startswith(starts)]
    assert len(sources) == len(starts)
    namespace = {"np": np, "fit": fit, "evaluate": evaluate}
    for source in sources:
        exec(source, namespace)
    return namespace


@pytest.mark.parametrize("largest", [1, 4])
def test_the_shift_moves_as_the_layer_of_the_contest_does(shown, largest):
    images = np.random.default_rng(0).random((60, 784), dtype=np.float32) + 1
    by_layer = Shifts(largest, rng=np.random.default_rng(1))(images)

    moves = range(-largest, largest + 1)
    for image, moved in zip(images, by_layer, strict=True):
        candidates = [shown["shifted"](image, down, right) for down in moves for right in moves]
        assert sum(np.array_equal(moved, candidate) for candidate in candidates) == 1


def test_a_shift_goes_down_and_right(shown):
    dot = np.zeros(784)
    dot[10 * 28 + 12] = 1
    assert divmod(int(shown["shifted"](dot, 2, -3).argmax()), 28) == (12, 9)
    assert shown["shifted"](dot, 0, 4).sum() == 1
    edge = np.zeros(784)
    edge[-1] = 1
    assert shown["shifted"](edge, 1, 0).sum() == 0


def test_stopping_early_is_that_of_the_contest(shown):
    parts = spoilt_digits(0, wrong=0.3)
    net, optimizer, rng = cured_net(0, "early stopping", 0.05)
    epoch = shown["stop_early"](net, optimizer, parts, n_epochs=6, rng=rng)
    again, optimizer, rng = cured_net(0, "early stopping", 0.05)
    expected = fit_and_stop(
        again, optimizer, parts.train, parts.validation, n_epochs=6, rng=rng
    )

    assert epoch == expected < 6
    for name, weights in again.state_dict().items():
        np.testing.assert_array_equal(net.state_dict()[name], weights)

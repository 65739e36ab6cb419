"""The state of "What is dropped together?", what it weighs, and the picture that stands in."""

import gzip
import re

import numpy as np
import pytest
import traitlets

from dropoutlab.explorables import DroppedTogether
from dropoutlab.explorables.browser_random import BrowserRandom
from dropoutlab.explorables.dropped_together.kinds import KINDS, draw_together
from dropoutlab.explorables.dropped_together.map_reader import (
    SHAPE,
    SHAPES,
    MapReader,
    known_to_neighbours,
)
from dropoutlab.explorables.dropped_together.map_training import AnyKind, train_map_reader
from dropoutlab.explorables.shared.byte_layers import ByteLinear
from dropoutlab.explorables.shared.digit_pad import reading_data

KILOBYTE = 1000


@pytest.fixture(scope="module")
def reader():
    """A small net that was never trained."""
    rng = np.random.default_rng(0)
    layers = (
        ByteLinear.rounded(rng.normal(0, 0.4, shape), rng.normal(0, 0.3, shape[0]))
        for shape in SHAPES
    )
    return MapReader(*layers, test_error=0.9, n_test=10)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("kind", value) for value in ("channels", None, 0)),
        *(("p", value) for value in (-0.1, 0.95, float("nan"))),
        *(("block", value) for value in (1, 4, None)),
        *(("seed", value) for value in (-1, 2**32, 0.5)),
        *(("reader", value) for value in ({}, {"weights": ""})),
    ],
)
def test_bad_values_are_refused_by_name(reader, name, value):
    widget = DroppedTogether(reader)
    before = widget.state()

    with pytest.raises(traitlets.TraitError, match=name):
        setattr(widget, name, value)

    assert widget.state() == before


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(("p", "block"), [(0.3, 3), (0.7, 7)])
def test_each_number_is_dropped_with_probability_p_whatever_the_kind(kind, p, block):
    rng = BrowserRandom(1)

    masks = np.array([draw_together(rng, kind, p, block, (2, 5, 5)) for _ in range(2000)])

    # Of 2,000 draws five standard errors, for 50 places.
    assert np.abs(1 - masks.mean(axis=0) - p).max() < 5 * np.sqrt(p * (1 - p) / 2000)


def test_numbers_that_share_a_coin_fall_together():
    rng = BrowserRandom(2)
    masks = {
        kind: np.array([draw_together(rng, kind, 0.5, 3, (3, 6, 6)) for _ in range(400)])
        for kind in KINDS
    }

    def together(kind, one, other):
        return np.mean(masks[kind][(slice(None), *one)] == masks[kind][(slice(None), *other)])

    neighbours, same_map = ((0, 2, 2), (0, 2, 3)), ((0, 0, 0), (0, 5, 5))
    other_map = (0, 2, 2), (1, 2, 2)
    alone = pytest.approx(0.5, abs=0.13)
    assert together("numbers", *neighbours) == alone
    assert 0.65 < together("blocks", *neighbours) < 1
    assert together("blocks", *same_map) == alone
    assert together("maps", *neighbours) == together("maps", *same_map) == 1
    assert together("maps", *other_map) == alone
    assert together("places", *other_map) == 1
    assert together("places", *neighbours) == alone


def test_neighbours_know_what_they_should():
    ramp = np.tile(np.arange(6.0), (1, 6, 1))
    mask = np.ones(ramp.shape, dtype=bool)
    mask[0, 2, 3] = mask[0, 4, 1] = False

    # Left and right make up for one another: the guess is exact.
    assert known_to_neighbours(ramp, mask) == pytest.approx(1)
    assert known_to_neighbours(ramp, np.zeros_like(mask)) == 0
    assert np.isnan(known_to_neighbours(ramp, np.ones_like(mask)))
    noise = np.random.default_rng(0).normal(size=(1, 60, 60)) ** 2
    assert known_to_neighbours(noise, np.random.default_rng(1).random((1, 60, 60)) < 0.5) < 0.05


def test_maps_are_those_of_pytorch(reader):
    torch = pytest.importorskip("torch")
    images = np.random.default_rng(0).random((5, 784))
    windows, output = torch.nn.Conv2d(1, 8, 3).double(), torch.nn.Linear(288, 10).double()
    for layer, mine in ((windows, reader.windows), (output, reader.output)):
        weight = mine.weight * mine.scale[:, None].astype(float)
        layer.weight.data = torch.tensor(weight.reshape(layer.weight.shape))
        layer.bias.data = torch.tensor(mine.bias.astype(float))
    pooled = torch.nn.functional.avg_pool2d(torch.tensor(images).view(-1, 1, 28, 28), 2)

    maps = torch.relu(windows(pooled))
    logits = output(torch.nn.functional.max_pool2d(maps, 2).flatten(1))

    np.testing.assert_allclose(reader.maps(images), maps.detach().numpy(), atol=1e-12)
    np.testing.assert_allclose(
        reader.logits(reader.maps(images)), logits.detach().numpy(), atol=1e-10
    )


def test_a_reader_survives_its_state(reader):
    again = MapReader.from_state(reader.state())
    image = np.random.default_rng(0).random(784)

    np.testing.assert_array_equal(
        again.logits(again.maps(image)), reader.logits(reader.maps(image))
    )


def test_in_training_each_kind_has_the_mean_of_what_it_leaves():
    torch = pytest.importorskip("torch")
    torch.manual_seed(0)
    layer, maps = AnyKind(), torch.ones(64, 8, 12, 12)

    means = [layer(maps).mean().item() for _ in range(200)]

    assert np.mean(means) == pytest.approx(1, abs=0.03)


def test_the_net_reads_digits_that_it_never_saw():
    reader = train_map_reader()
    test = reading_data().test

    assert reader.error(test) == reader.test_error < 0.08


def test_all_that_the_page_loads_is_light():
    html = DroppedTogether().html()
    state = re.search(r'class="dl-state">(.*?)</script>', html, flags=re.S)[1]

    sizes = {
        "state": len(gzip.compress(state.encode())),
        "all": len(gzip.compress(html.encode())),
    }

    print(sizes)
    assert sizes["all"] <= 60 * KILOBYTE


def test_the_picture_says_what_each_kind_leaves(reader):
    widget = DroppedTogether(reader)

    name = re.match(r'<svg [^>]*aria-label="([^"]+)"', widget.picture())[1]

    for kind in KINDS:
        draws = widget.ask(kind)
        assert draws.reads.sum() == 100
        assert f"{draws.reads.max()} of 100 draws read as {draws.reads.argmax()}" in name
    assert "misreads 9 of 10 digits" in name
    assert draws.masks.shape == (100, *SHAPE)

"""The state of "Ask a hundred networks", what it weighs, and the picture that stands in."""

import base64
import gzip
import re

import numpy as np
import pytest
import traitlets

from dropoutlab.explorables import HundredNetworks
from dropoutlab.explorables.hundred_networks.reader import POOLED, DigitReader
from dropoutlab.explorables.shared.byte_layers import ByteLinear
from dropoutlab.explorables.shared.digit_pad import reading_data

KILOBYTE = 1000


@pytest.fixture(scope="module")
def reader():
    """A small net that was never trained."""
    rng = np.random.default_rng(0)
    return DigitReader(
        ByteLinear.rounded(rng.normal(0, 0.3, (9, POOLED)), np.zeros(9)),
        ByteLinear.rounded(rng.normal(0, 1, (10, 9)), np.zeros(10)),
        p=0.25,
        test_error=0.9,
        n_test=10,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("digit", value) for value in (-2, 30, 1.5, None)),
        *(("rotation", value) for value in (-181, 180.5, float("nan"))),
        ("strokes", [[]]),
        ("strokes", [5]),
        ("strokes", [[[0, 0], [0]]]),
        ("strokes", [[[0, float("nan")]]]),
        ("strokes", [[[0, 1000]]]),
        ("strokes", [[["a", "b"]]]),
        ("strokes", [[[1, 1]] * 3001]),
        ("scribble", [[[1, 1]] * 2000] * 2),
        *(("seed", value) for value in (-1, 2**32, 0.5)),
        ("reader", {}),
        ("reader", {"weights": ""}),
        ("digits", {}),
        ("digits", {"images": "AAAA", "labels": [1], "clear": 0}),
    ],
)
def test_bad_values_are_refused_by_name(reader, name, value):
    widget = HundredNetworks(reader)
    before = widget.state()

    with pytest.raises(traitlets.TraitError, match=name):
        setattr(widget, name, value)

    assert widget.state() == before


def test_a_clear_digit_must_be_among_the_digits(reader):
    widget = HundredNetworks(reader)

    with pytest.raises(traitlets.TraitError, match="digits"):
        widget.digits = widget.digits | {"clear": 30}


def test_masks_keep_units_as_often_as_the_net_did_in_training(reader):
    masks = HundredNetworks(reader).masks()

    assert masks.shape == (100, 9)
    assert masks.mean() == pytest.approx(0.75, abs=0.05)


def test_the_real_digits_are_of_the_validation_part(reader):
    digits = HundredNetworks(reader).digits
    unseen = reading_data().validation

    images = np.frombuffer(base64.b64decode(digits["images"]), np.uint8).reshape(-1, 784)

    assert np.bincount(digits["labels"]).tolist() == [3] * 10
    assert len(np.unique(images, axis=0)) == 30
    known = {x.tobytes(): y for x, y in zip(np.rint(255 * unseen.x), unseen.y, strict=True)}
    for image, label in zip(images, digits["labels"], strict=True):
        assert known[image.astype(np.float32).tobytes()] == label
    assert digits["labels"][digits["clear"]] == 3


def test_the_image_is_that_of_the_digit_or_of_the_drawing(reader):
    widget = HundredNetworks(reader)
    presets = list(widget.presets().values())

    np.testing.assert_array_equal(widget.image(), presets[0])
    widget.rotation = 90
    np.testing.assert_array_equal(widget.image(), presets[1])
    widget.digit, widget.rotation = -1, 0
    assert not widget.image().any()
    widget.strokes = widget.scribble
    np.testing.assert_array_equal(widget.image(), presets[2])


def test_a_seed_stands_for_a_crowd(reader):
    widget = HundredNetworks(reader)
    first = widget.ask(widget.image())

    widget.seed = 1
    second = widget.ask(widget.image())
    widget.seed = 0

    assert first.votes.sum() == second.votes.sum() == 100
    assert not np.allclose(first.mean, second.mean)
    assert np.array_equal(widget.ask(widget.image()).mean, first.mean)


def test_all_that_the_page_loads_is_light():
    widget = HundredNetworks()
    html = widget.html()
    state = re.search(r'class="dl-state">(.*?)</script>', html, flags=re.S)[1]

    sizes = {
        "weights": len(gzip.compress(widget.reader["weights"].encode())),
        "state": len(gzip.compress(state.encode())),
        "all": len(gzip.compress(html.encode())),
    }

    print(sizes)
    assert max(sizes.values()) <= 100 * KILOBYTE


def test_nonsense_leaves_the_mean_prediction_less_sure_than_a_clear_digit():
    widget = HundredNetworks()

    clear, *nonsense = (widget.ask(image) for image in widget.presets().values())

    assert clear.votes[3] >= 95
    for verdict in nonsense:
        assert verdict.entropy > 2 * clear.entropy


def test_the_picture_says_who_wins(reader):
    widget = HundredNetworks(reader)
    picture = widget.picture()

    name = re.match(r'<svg [^>]*aria-label="([^"]+)"', picture)[1]
    for image in widget.presets().values():
        votes = widget.ask(image).votes
        assert f"{votes.max()} of 100 votes for {votes.argmax()}" in name
    assert "misreads 9 of 10 digits that it never saw" in name

"""The state of "The thinned network", its numbers, and the picture that stands in for it."""

import itertools
import re

import numpy as np
import pytest
import traitlets

from dropoutlab import nn
from dropoutlab.explorables import ThinnedNetwork

ALL = np.array(list(itertools.product([False, True], repeat=11)))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("p_hidden", value) for value in (-0.1, 0.91, 1, float("nan"), "a half")),
        *(("p_input", value) for value in (-0.1, 0.91, float("nan"))),
        *(("rescale", value) for value in ("yes", 0.5)),
        *(("seed", value) for value in (-1, 2**32, 0.5)),
        *(("n_drawn", value) for value in (-1, 10_001, 2.5)),
        *(("mask", value) for value in ([True] * 10, [True] * 12, [2] * 11, ["a"] * 11)),
        ("mask", [float("nan")] * 11),
        ("weights", [[[1.0] * 3] * 4, [[1.0] * 4] * 4]),
        ("weights", [[[1.0] * 4] * 4, [[1.0] * 4] * 4, [[1.0] * 4]]),
        ("weights", [[[1.0] * 3] * 4, [[1.0] * 4] * 4, [[1.0, 1.0, 1.0, float("inf")]]]),
        ("inputs", [1.0, 2.0]),
        ("inputs", [1.0, 2.0, float("nan")]),
        ("inputs", [1.0, 2.0, "three"]),
    ],
)
def test_bad_values_are_refused_by_name(name, value):
    widget = ThinnedNetwork()
    before = widget.state()

    with pytest.raises(traitlets.TraitError, match=name):
        setattr(widget, name, value)

    assert widget.state() == before


def test_a_mask_may_be_written_in_zeros_and_ones():
    widget = ThinnedNetwork(mask=[0, 1] * 5 + [np.True_])

    assert widget.mask == [False, True] * 5 + [True]
    assert all(type(kept) is bool for kept in widget.mask)


@pytest.mark.parametrize(
    ("rescale", "factors"), [(True, (1 / 0.8, 1 / 0.7, 1 / 0.7)), (False, (1, 1, 1))]
)
def test_a_thinned_net_computes_what_the_formula_says(rescale, factors):
    widget = ThinnedNetwork(p_input=0.2, p_hidden=0.3, rescale=rescale)
    w1, w2, w3 = map(np.array, widget.weights)

    outputs = widget.outputs(ALL)

    for mask, output in zip(ALL[::37], outputs[::37], strict=True):
        h = factors[0] * mask[:3] * widget.inputs
        h = factors[1] * mask[3:7] * np.maximum(w1 @ h, 0)
        h = factors[2] * mask[7:] * np.maximum(w2 @ h, 0)
        assert output == pytest.approx((w3 @ h)[0], abs=1e-12)


@pytest.mark.parametrize("rescale", [True, False])
def test_with_p_0_the_mean_is_the_full_net(rescale):
    widget = ThinnedNetwork(p_hidden=0, rescale=rescale)

    assert widget.exact_mean() == pytest.approx(widget.full_output(), abs=1e-12)


def test_dropping_inputs_of_a_linear_net_leaves_the_mean_alone_only_with_rescaling():
    # Positive weights and inputs: no ReLU cuts anything off.
    positive = [np.full((4, 3), 0.5), np.full((4, 4), 0.25), np.full((1, 4), 0.5)]
    traits = {
        "weights": [matrix.tolist() for matrix in positive],
        "inputs": [1.0, 2.0, 3.0],
        "p_input": 0.2,
        "p_hidden": 0.5,
    }

    full = ThinnedNetwork(**traits).full_output()

    assert full == pytest.approx(6.0)
    assert ThinnedNetwork(**traits).exact_mean() == pytest.approx(full)
    plain = ThinnedNetwork(**traits, rescale=False).exact_mean()
    assert plain == pytest.approx(full * 0.8 * 0.5 * 0.5)


def test_the_mean_is_what_dropout_layers_give_on_average():
    widget = ThinnedNetwork(p_hidden=0.5, p_input=0.2)
    net = widget.net()

    outputs = net(np.tile(widget.inputs, (200_000, 1)))

    margin = 4 * outputs.std() / np.sqrt(len(outputs))
    assert outputs.mean() == pytest.approx(widget.exact_mean(), abs=margin)


def test_the_default_net_shows_that_the_mean_is_not_quite_the_full_net():
    widget = ThinnedNetwork()

    ratio = widget.exact_mean() / widget.full_output()

    assert 1.03 < ratio < 1.1
    assert ThinnedNetwork(rescale=False).exact_mean() < widget.full_output() / 2


def test_masks_are_drawn_with_their_probabilities():
    masks = ThinnedNetwork(p_hidden=0.3, p_input=0.6, n_drawn=10_000).drawn_masks()

    assert masks.shape == (10_000, 11)
    np.testing.assert_allclose(masks[:, :3].mean(axis=0), 0.4, atol=0.02)
    np.testing.assert_allclose(masks[:, 3:].mean(axis=0), 0.7, atol=0.02)


def test_a_mask_keeps_its_place_in_the_sequence():
    few, many = (ThinnedNetwork(n_drawn=n).drawn_masks() for n in (5, 50))
    strict = ThinnedNetwork(n_drawn=50, p_hidden=0.8).drawn_masks()

    np.testing.assert_array_equal(few, many[:5])
    assert (strict <= many).all()
    assert (ThinnedNetwork(n_drawn=50, seed=2).drawn_masks() != many).any()


def test_the_net_is_made_of_the_course_s_layers():
    net = ThinnedNetwork(p_input=0.2).net()

    assert [type(layer) for layer in net] == [
        *(nn.Dropout, nn.Linear, nn.ReLU) * 2,
        *(nn.Dropout, nn.Linear),
    ]
    assert [layer.p for layer in net.dropouts] == [0.2, 0.5, 0.5]


def numbers(picture):
    return re.findall(r"<text [^>]*>(−?[\d.]+k?)</text>", picture)


def test_the_picture_shows_what_each_unit_passes_on():
    widget = ThinnedNetwork(n_drawn=0)

    assert numbers(widget.picture())[:3] == ["1", "0.5", "−1"]
    assert numbers(widget.picture())[-1] == "1.87"
    assert "all connected" in widget.picture()


def test_the_picture_crosses_out_what_is_dropped():
    mask = [True, True, True, False, True, True, False, True, True, True, True]
    widget = ThinnedNetwork(mask=mask)

    picture = widget.picture()

    assert numbers(picture)[3] == numbers(picture)[6] == "0"
    assert picture.count('stroke-dasharray="3 4"') == 2
    assert "2 of the first 11 crossed out" in picture
    assert f"gives {widget.outputs(np.array([mask]))[0]:.2f}" in picture


def test_the_picture_has_the_connections_that_are_left():
    def connections(**traits):
        return ThinnedNetwork(**traits).picture().count("<path stroke-width") + (
            ThinnedNetwork(**traits).picture().count('<path stroke-dasharray="4 3"')
        )

    assert connections(n_drawn=0) == 3 * 4 + 4 * 4 + 4
    crosses = 3
    alive = [True] * 3 + [False] * 3 + [True] * 5
    assert connections(mask=alive) == 3 * 1 + 1 * 4 + 4 + crosses


def test_the_picture_follows_the_drawn_mask_and_the_factors():
    assert ThinnedNetwork(n_drawn=1).picture() != ThinnedNetwork(n_drawn=2).picture()
    assert "× 2<" in ThinnedNetwork().picture()
    assert "× 1.25<" in ThinnedNetwork(p_hidden=0.2).picture()
    assert "× 2<" not in ThinnedNetwork(rescale=False).picture()

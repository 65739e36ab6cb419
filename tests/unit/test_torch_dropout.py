"""What falls together falls together, everything equally often, and the mean stays."""

import numpy as np
import pytest
import torch

from dropoutlab.torch_dropout import KINDS, SharedDropout, draw_kept

# The coins of each kind for 4,000 examples of 3 maps of 6 × 6; of a batch there is one.
SHAPE = (4000, 3, 6, 6)


@pytest.fixture(autouse=True)
def seeded():
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(0)
        yield


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "batch"])
@pytest.mark.parametrize(("p", "block"), [(0.3, 3), (0.7, 5)])
def test_each_number_is_dropped_with_probability_p_at_every_place(kind, p, block):
    kept = draw_kept(kind, p, SHAPE, block).expand(SHAPE).double().mean(dim=0)

    assert (1 - kept - p).abs().max() < 5 * np.sqrt(p * (1 - p) / SHAPE[0])


def test_a_coin_for_the_batch_drops_all_of_it_or_nothing():
    shares = [draw_kept("batch", 0.4, SHAPE).expand(SHAPE).double().mean() for _ in range(500)]

    assert set(map(float, shares)) == {0.0, 1.0}
    assert np.mean(shares) == pytest.approx(0.6, abs=0.11)


@pytest.mark.parametrize(
    ("kind", "neighbour", "other_map", "other_example"),
    [
        ("numbers", 0.5, 0.5, 0.5),
        ("maps", 1, 0.5, 0.5),
        ("places", 0.5, 1, 0.5),
        ("examples", 1, 1, 0.5),
        ("batch", 1, 1, 1),
    ],
)
def test_what_shares_a_coin_falls_together(kind, neighbour, other_map, other_example):
    kept = draw_kept(kind, 0.5, SHAPE).expand(SHAPE)
    one = kept[:, 0, 2, 2]

    def together(other):
        return (one == other).double().mean().item()

    alike = [
        together(kept[:, 0, 2, 3]),
        together(kept[:, 1, 2, 2]),
        together(kept.roll(1, 0)[:, 0, 2, 2]),
    ]
    assert alike == pytest.approx([neighbour, other_map, other_example], abs=0.04)


def test_blocks_are_whole_squares():
    kept = draw_kept("blocks", 0.1, (500, 1, 9, 9), block=3)[:, 0]
    gone = ~kept

    # Inside the map each dropped number lies in a square of 3 × 3 that is dropped as a whole.
    whole = torch.nn.functional.max_pool2d(kept.float()[:, None], 3, stride=1) == 0
    covered = torch.nn.functional.max_pool2d(
        torch.nn.functional.pad(whole.float(), (2, 2, 2, 2)), 3, stride=1
    )
    inner = slice(2, 7)
    assert torch.equal(gone[:, inner, inner], (covered > 0)[:, 0][:, inner, inner])
    assert gone[:, inner, inner].any()


@pytest.mark.parametrize("kind", KINDS)
def test_the_mean_stays_and_evaluation_changes_nothing(kind):
    layer, x = SharedDropout(0.25, kind), torch.rand(20, 3, 6, 6) + 1

    means = torch.stack([(layer(x) / x).mean() for _ in range(800)])

    assert means.mean().item() == pytest.approx(1, abs=0.08)
    assert torch.equal(layer.eval()(x), x)


def test_survivors_are_scaled_and_gradients_go_where_they_went():
    layer, x = SharedDropout(0.5, "maps"), torch.rand(4, 8, 3, 3, requires_grad=True)

    y = layer(x)
    y.sum().backward()

    assert torch.equal(y, torch.where(y != 0, 2 * x, 0))
    assert torch.equal(x.grad, torch.where(y != 0, 2.0, 0.0))


def test_whole_maps_are_those_of_pytorch():
    x = torch.ones(2000, 4, 3, 3)

    ours, theirs = SharedDropout(0.3, "maps")(x), torch.nn.Dropout2d(0.3)(x)

    assert set(ours.unique().tolist()) == set(theirs.unique().tolist())
    assert (ours == 0).double().mean() == pytest.approx((theirs == 0).double().mean(), abs=0.03)


@pytest.mark.parametrize("p", [-0.1, 1.0, float("nan")])
def test_rates_out_of_range_are_refused(p):
    with pytest.raises(ValueError, match=r"p must be a probability of dropping in \[0, 1\)"):
        SharedDropout(p)


def test_kinds_that_there_are_not_are_refused():
    with pytest.raises(ValueError, match=r"kind must be one of numbers, blocks, .*'channels'"):
        SharedDropout(0.5, "channels")
    with pytest.raises(ValueError, match="'channels'"):
        draw_kept("channels", 0.5, (1, 1, 2, 2))

"""The family is compared fairly: equal starts, equal budgets, and dropout where it is said."""

import numpy as np
import pytest
import torch

from dropoutlab.experiments.catalogue import family_early, family_maps, family_schedule
from dropoutlab.experiments.catalogue.family_early import rate_at, train_early
from dropoutlab.experiments.catalogue.family_maps import map_net, train_maps
from dropoutlab.experiments.catalogue.family_schedule import halves_net, train_halves
from dropoutlab.torch_dropout import SharedDropout

EVERY = (family_maps.family_maps, family_early.family_early, family_schedule.family_schedule)


@pytest.mark.parametrize("experiment", EVERY, ids=lambda each: each.name)
def test_every_setting_is_tried_at_the_same_learning_rates(experiment):
    tried = {}
    for setting in experiment.settings:
        rest = tuple(value for name, value in setting.items() if name != "lr")
        tried.setdefault(rest, []).append(setting["lr"])
    assert len({tuple(rates) for rates in tried.values()}) == 1


def test_the_early_and_the_late_half_have_one_budget_and_both_have_constant_rivals():
    arms = {(s["early"], s["late"]) for s in family_schedule.family_schedule.settings}

    assert {(0.1, 0.1), (0.2, 0.0), (0.0, 0.2), (0.0, 0.0)} <= arms
    assert sum(early == late for early, late in arms) >= 4


def test_halves_start_alike_and_drop_where_they_say():
    nets = []
    for early, late in [(0.0, 0.0), (0.2, 0.0), (0.0, 0.3)]:
        rng, mask_rng = np.random.default_rng(0).spawn(2)
        nets.append(halves_net(early, late, rng=rng, mask_rng=mask_rng))
        assert [d.p for d in nets[-1].dropouts] == [early] * 3 + [late] * 3
    for one in nets[1:]:
        for a, b in zip(nets[0].parameters(), one.parameters(), strict=True):
            np.testing.assert_array_equal(a.data, b.data)


def test_for_a_seed_all_arms_see_the_same_wrong_labels_and_start_from_the_same_errors(
    monkeypatch,
):
    monkeypatch.setattr(family_schedule, "N_EPOCHS", 1)
    plain, dropped = train_halves(3, 0.0, 0.0, 0.01), train_halves(3, 0.4, 0.0, 0.01)

    for name in ("train", "validation", "test"):
        assert plain[f"{name} error"].shape == (2,)
        assert plain[f"{name} loss"][0] == dropped[f"{name} loss"][0]
    assert plain["train loss"][1] != dropped["train loss"][1]


def test_early_dropout_ends_after_a_third_and_late_dropout_begins_there():
    early = [rate_at("early", 0.6, epoch, 30) for epoch in range(30)]
    late = [rate_at("late", 0.6, epoch, 30) for epoch in range(30)]

    assert early[0] == 0.6
    assert early[:10] == sorted(early[:10], reverse=True)
    assert early[10:] == [0.0] * 20
    assert late == [0.0] * 10 + [0.6] * 20


def test_without_dropout_the_schedule_makes_no_difference(monkeypatch):
    monkeypatch.setattr(family_early, "N_EPOCHS", 2)

    assert train_early(0, "early", 0.0, 16, 0.03) == train_early(0, "none", 0.0, 16, 0.03)
    assert train_early(0, "early", 0.5, 16, 0.03) != train_early(0, "none", 0.0, 16, 0.03)


def test_maps_are_dropped_behind_both_layers_in_the_way_that_is_named():
    layers = [layer for layer in map_net("blocks", 0.35) if isinstance(layer, SharedDropout)]

    assert [(layer.kind, layer.p) for layer in layers] == [("blocks", 0.35)] * 2


def test_a_run_leaves_the_global_generator_alone_and_comes_out_again(monkeypatch):
    monkeypatch.setattr(family_maps, "N_EPOCHS", 1)
    torch.manual_seed(5)
    before = torch.get_rng_state()

    first = train_maps(0, "maps", 0.2, 0.05)
    torch.rand(3)
    again = train_maps(0, "maps", 0.2, 0.05)

    assert first == again
    torch.manual_seed(5)
    assert torch.equal(torch.get_rng_state(), before)
    assert set(first) == {
        f"{a} {b}" for a in ("train", "validation", "test") for b in ("error", "loss")
    }

"""The state of the playground, and the picture that stands in for it."""

import re

import numpy as np
import pytest
import traitlets

from dropoutlab.explorables import Playground
from dropoutlab.explorables.playground.duel import Settings, duel


def names(**traits):
    """Return what the two panels say of themselves."""
    return re.findall(r'role="img" aria-label="([^"]+)"', Playground(**traits).picture())


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("p", value) for value in (-0.1, 0.95, float("nan"))),
        ("shape", "cube"),
        ("n_points", 9),
        ("width", 65),
        ("depth", 0),
        ("lr", 0),
        ("seed", -1),
    ],
)
def test_bad_values_are_refused_by_name(name, value):
    with pytest.raises(traitlets.TraitError, match=name):
        Playground(**{name: value})


def test_the_picture_shows_the_default_after_600_epochs_with_its_losses():
    ended = duel(Settings(**Playground().state()))
    losses = {name: ended.losses(name) for name in ("without", "with")}

    for text, (name, (training, test)) in zip(names(), losses.items(), strict=True):
        assert f"the net {name} dropout" in text
        assert "after 600 epochs" in text
        assert f"training loss is {training:.2f}, its test loss {test:.2f}." in text
        assert f"{name} dropout: test loss {test:.2f}" in Playground().picture()
    assert losses["without"][0] < losses["with"][0]
    assert losses["without"][1] > losses["with"][1] + 0.3


def test_the_picture_follows_the_state():
    few = {"n_points": 20, "width": 4, "depth": 1}

    first, second = (names(**few, shape=shape) for shape in ("circles", "spirals"))

    assert first != second


def test_a_costly_setting_is_trained_for_fewer_epochs_and_that_is_said():
    without, _ = names(n_points=300, batch_size=5, depth=4, width=2)

    assert "after 50 epochs" in without


def test_weights_that_ran_away_are_said_and_drawn_without_a_surface():
    texts = names(lr=0.3, batch_size=1, depth=4, width=64)

    assert texts[0].startswith("The weights of the net without dropout ran away")


def test_without_dropout_in_it_both_nets_are_the_same_net():
    settings = Settings(**Playground(p=0, n_points=20, seed=5).state())

    ended = duel(settings, 3)

    assert ended.losses("with") == ended.losses("without")


def test_dropout_of_inputs_and_of_hidden_units_each_make_a_difference():
    without, inputs, hidden = (
        duel(Settings(**Playground(n_points=20, p=p, p_input=p_input).state()), 3)
        for p, p_input in ((0, 0), (0, 0.3), (0.3, 0))
    )

    losses = [each.losses("with")[0] for each in (without, inputs, hidden)]
    assert len(set(np.round(losses, 9))) == 3

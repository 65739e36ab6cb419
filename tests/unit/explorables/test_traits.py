"""Values outside what a trait allows are refused, and rounding does not count."""

import numpy as np
import pytest
import traitlets

from dropoutlab.explorables.traits import Bounded, OneOf


class Knob(traitlets.HasTraits):
    level = Bounded(0.5, 0, 1)
    rate = OneOf([0.0, 0.1, 0.3, "none"], 0.1)


@pytest.mark.parametrize("value", [0, 1, 0.25, np.float32(0.25)])
def test_a_number_within_the_bounds_is_kept(value):
    knob = Knob()
    knob.level = value
    assert knob.level == value
    assert type(knob.level) is float


@pytest.mark.parametrize("value", [-0.01, 1.01, float("nan"), float("inf"), "a half", None])
def test_any_other_value_is_refused_and_changes_nothing(value):
    knob = Knob()

    with pytest.raises(traitlets.TraitError, match="level"):
        knob.level = value

    assert knob.level == 0.5


@pytest.mark.parametrize(
    ("value", "kept"), [(0.1 + 0.2, 0.3), (0, 0.0), ("none", "none"), (np.float64(0.1), 0.1)]
)
def test_a_value_that_differs_by_rounding_is_the_one_that_there_is(value, kept):
    knob = Knob()
    knob.rate = value
    assert knob.rate == kept


@pytest.mark.parametrize("value", [0.2, 1e-12, float("nan"), "all", None])
def test_a_value_that_is_none_of_the_others_is_refused(value):
    with pytest.raises(traitlets.TraitError, match=r"rate must be one of \[0\.0, 0\.1, 0\.3"):
        Knob().rate = value

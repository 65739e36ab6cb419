"""Everybody is asked the same, judged by what is true, and tuned on validation digits alone."""

import numpy as np
import pytest

from dropoutlab import data, uncertainty
from dropoutlab.experiments import load_recorded
from dropoutlab.experiments.catalogue import doubt as catalogue
from dropoutlab.experiments.catalogue.doubt import ARMS, WAYS, train_doubt


@pytest.fixture(scope="module")
def measured():
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(catalogue, "N_EPOCHS", 2)
        patch.setattr(catalogue, "N_PASSES", 4)
        patch.setattr(catalogue, "N_STRANGERS", 50)
        return train_doubt(0, **ARMS[1])


@pytest.mark.parametrize("arm", ARMS, ids=lambda arm: f"{arm['wrong']}")
def test_learning_rates_are_those_that_validation_chose(arm):
    tuned = load_recorded("how-much").tuned("lr")
    for p, lr in ((arm["p"], arm["lr_dropout"]), (0.0, arm["lr_plain"])):
        assert tuned.chosen(p=p, width=128, n=1000, wrong=arm["wrong"])["lr"] == lr


@pytest.mark.parametrize("way", WAYS)
def test_a_temperature_changes_no_error_and_bins_hold_every_digit(measured, way):
    assert measured[f"{way} tempered error"] == measured[f"{way} error"]
    for name in (way, f"{way} tempered"):
        assert measured[f"{name} bin n"].sum() == 2000
        share = measured[f"{name} bin n_right"].sum() / 2000
        assert share == pytest.approx(1 - measured[f"{name} error"])
        gaps = (
            measured[f"{name} bin n_right"]
            - measured[f"{name} bin n"] * measured[f"{name} bin sure"]
        )
        assert np.abs(gaps).sum() / 2000 == pytest.approx(measured[f"{name} calibration error"])


@pytest.mark.parametrize("kind", data.STRANGERS)
def test_each_kind_of_stranger_is_told_by_each_way(measured, kind):
    areas = {key: value for key, value in measured.items() if f" {kind} " in key}

    assert len(areas) == 5  # one pass has nobody to disagree with
    assert all(0 <= area <= 1 for area in areas.values())


def test_judged_counts_as_one_would():
    q = np.eye(10)[[0, 1, 2, 3]] * 0.9 + 0.01

    judged = catalogue.judged(q, np.array([0, 1, 2, 4]))

    assert judged["error"] == 0.25
    assert judged["loss"] == pytest.approx(-(3 * np.log(0.91) + np.log(0.01)) / 4)
    assert judged["sure"] == pytest.approx(0.91)
    assert judged["calibration error"] == pytest.approx(
        uncertainty.calibration_error(q, [0, 1, 2, 4])
    )


def test_the_experiment_has_ten_seeds_for_right_and_for_wrong_labels():
    assert [arm["wrong"] for arm in catalogue.doubt.settings] == [0.0, 0.3]
    assert len(catalogue.doubt.seeds) == 10

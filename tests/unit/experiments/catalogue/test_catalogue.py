"""Every experiment has a file, and a folder of results, of its name."""

from importlib import import_module

import pytest

from dropoutlab.experiments import fingerprint
from dropoutlab.experiments.catalogue import CATALOGUE
from dropoutlab.experiments.library import checkout


@pytest.mark.parametrize("name", CATALOGUE)
def test_an_experiment_is_found_by_its_name_and_has_a_line_of_description(name):
    found = name.replace("-", "_")
    module = import_module(f"dropoutlab.experiments.catalogue.{found}")
    experiment = getattr(module, found)
    assert experiment is CATALOGUE[name]
    assert experiment.name == name
    assert experiment.description.strip()
    assert "\n" not in experiment.description
    assert len(fingerprint(experiment.function)) == 16


def test_every_recording_is_of_an_experiment_in_the_catalogue():
    assert {folder.name for folder in (checkout() / "results").iterdir()} <= set(CATALOGUE)

"""Conditions follow what the rows of a function depend on, and say what differs."""

import textwrap

import numpy as np
import pytest

from dropoutlab import nn, quiz
from dropoutlab.experiments import conditions as module
from dropoutlab.experiments import library
from dropoutlab.experiments.conditions import conditions, differences, here, key, loosely


def train(seed, p):
    return {"p": nn.Dropout(p, rng=np.random.default_rng(seed)).p}


def test_the_library_counts_as_far_as_the_function_reaches():
    found = conditions(train)
    assert {"function", "python", "numpy", "scipy", "dropoutlab.nn.dropout"} <= set(found)
    assert not {"torch", "tqdm", "dropoutlab.quiz", "dropoutlab.plots"} & set(found)
    assert "dropoutlab.quiz" in conditions(lambda seed, p: quiz)


def test_what_is_imported_in_the_function_counts_too():
    def late(seed, p):
        import torch

        from dropoutlab.torch_training import fit

        return {"p": float(fit is torch)}

    found = conditions(late)
    assert "dropoutlab.torch_training" in found
    assert found["torch"].startswith("2.")


def test_what_the_users_own_module_imports_counts_too(tmp_path, monkeypatch):
    (tmp_path / "own_net.py").write_text("from dropoutlab.nn import Dropout\nimport os")
    monkeypatch.syspath_prepend(tmp_path)
    source = "def run(seed):\n  import own_net\n  return own_net"
    exec(textwrap.dedent(source), names := {"__name__": "__main__"})
    assert "dropoutlab.nn.dropout" in conditions(names["run"])


@pytest.mark.parametrize("edited", ["dropoutlab.nn.dropout", "dropoutlab.checks"])
def test_an_edit_that_can_be_reached_changes_the_key_and_no_other(monkeypatch, edited):
    before = key(conditions(train))
    other = library.LOADED | {"dropoutlab.quiz": b"x = 1"}
    comment = {edited: library.LOADED[edited] + b"\n# a comment"}
    monkeypatch.setattr(library, "LOADED", other | comment)
    monkeypatch.setattr(module, "LOADED", other | comment)
    assert key(conditions(train)) == before
    code = {edited: library.LOADED[edited] + b"\nx = 1"}
    monkeypatch.setattr(library, "LOADED", other | code)
    monkeypatch.setattr(module, "LOADED", other | code)
    assert key(conditions(train)) != before


def test_another_package_changes_the_key(monkeypatch):
    before = key(conditions(train))
    monkeypatch.setattr(module, "_installed", {"numpy": "3.0"}.get)
    assert key(conditions(train)) != before


def test_what_cannot_be_compared_depends_on_all_that_is_imported():
    lock = __import__("threading").Lock()
    found = loosely(lambda seed, p: lock)
    assert "function" not in found
    assert {"dropoutlab.nn.dropout", "dropoutlab.quiz"} <= set(found)


def test_here_is_what_this_process_has():
    found = conditions(train)
    del found["function"]
    assert here(found) == found
    assert here(["no-such-package", "dropoutlab.none"]) == {
        "no-such-package": "none",
        "dropoutlab.none": "none",
    }


def test_differences_name_both_versions_and_one_module():
    wanted = {"python": "3.11", "numpy": "2.4", "dropoutlab.a": "12", "dropoutlab.b": "34"}
    assert differences(wanted, wanted) == []
    assert differences(wanted, wanted | {"numpy": "2.3", "dropoutlab.b": "56"}) == [
        "numpy 2.3 there, 2.4 here",
        "another dropoutlab: dropoutlab.b is 56 there, 34 here",
    ]
    assert differences(wanted, {"python": "3.11", "numpy": "2.4"}, there="on node7") == [
        "another dropoutlab: dropoutlab.a (and 1 other modules) is none on node7, 12 here"
    ]
    # Another Python writes every module differently.
    assert differences(wanted, {}) == [
        "python none there, 3.11 here",
        "numpy none there, 2.4 here",
    ]

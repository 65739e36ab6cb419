"""Which modules the state of the library stands for."""

import json
import sys
import types

import numpy as np

import dropoutlab
from dropoutlab import nn
from dropoutlab.experiments.modules import (
    installed_name,
    is_installed,
    module_named,
    user_modules,
)


def test_python_packages_and_this_library_are_installed():
    for module in (sys, json, np, np.linalg, dropoutlab, nn):
        assert is_installed(module), module


def test_scripts_notebooks_and_files_of_the_user_are_not(tmp_path, monkeypatch):
    (tmp_path / "own_folder").mkdir()
    (tmp_path / "own_folder" / "inner.py").write_text("")
    (tmp_path / "own_file.py").write_text("")
    monkeypatch.syspath_prepend(tmp_path)
    import own_file
    import own_folder.inner

    assert not is_installed(sys.modules["__main__"])
    for module in (own_file, own_folder, own_folder.inner, types.ModuleType("made_up")):
        assert not is_installed(module), module


def test_a_name_is_given_only_to_what_a_module_really_has_under_it():
    def local():
        return 0

    class Impostor:
        pass

    Impostor.__module__, Impostor.__qualname__ = "json", "dumps"
    assert installed_name(nn.Linear.forward) == "dropoutlab.nn.linear.Linear.forward"
    assert installed_name(local) is None
    assert installed_name(Impostor) is None
    assert installed_name(3) is None


def test_a_module_can_be_described_before_it_is_imported(tmp_path, monkeypatch):
    (tmp_path / "not_yet.py").write_text("raise RuntimeError")
    monkeypatch.syspath_prepend(tmp_path)
    assert module_named("not_yet").__file__ == str(tmp_path / "not_yet.py")
    assert "not_yet" not in sys.modules
    assert module_named("no_such_module") is None
    assert module_named("no_such.module") is None
    assert module_named("json") is json


def test_modules_that_import_each_other_are_gone_through_once():
    first, second = types.ModuleType("first"), types.ModuleType("second")
    first.other, second.other, second.json = second, first, json
    assert {module.__name__ for module in user_modules(first)} == {"first", "second"}
    assert list(user_modules(json)) == []

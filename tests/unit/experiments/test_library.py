"""A module counts if a run can reach it, by what it says."""

import os

import pytest

from dropoutlab.experiments import library
from dropoutlab.experiments.library import LOADED, changed, checkout, digest, imported, reached


@pytest.mark.parametrize(
    ("source", "names"),
    [
        (b"import a.b as c, d", {"a.b", "d"}),
        (b"from a import (\n  b,\n  c as d,\n)", {"a.b", "a.c"}),
        (b"def f():\n  if f:\n    from a.b import c", {"a.b.c"}),
        (b"def f(:", set()),
    ],
)
def test_imports_are_found_wherever_they_stand(source, names):
    assert imported(source) == names


@pytest.mark.parametrize(
    "same",
    [
        b'"""Another."""\nclass A:\n  x = 1\n  def f(self):\n    return 2',
        b'class A:\n  """B."""\n  x = 1  # one\n\n  def f(self):\n    "C"\n    return 2',
    ],
)
def test_comments_docstrings_and_blank_lines_do_not_count(same):
    original = b'"""One."""\nclass A:\n  x = 1\n  def f(self):\n    return 2'
    assert digest(same) == digest(original)
    assert digest(same.replace(b"2", b"3")) != digest(original)
    assert digest(None) == "none"


def test_what_a_net_needs_is_reached_and_what_draws_it_is_not():
    modules, packages = reached(["dropoutlab.nn", "dropoutlab.training.fit"])
    assert {"dropoutlab.nn.dropout", "dropoutlab.loop", "dropoutlab.history"} <= modules
    for apart in ("plots", "explorables", "quiz", "claims", "experiments"):
        assert not any(name.startswith(f"dropoutlab.{apart}") for name in modules)
    assert "torch" not in packages
    assert "torch" in reached(["dropoutlab.torch_training"])[1]


def test_a_module_inside_a_package_does_not_reach_its_neighbours():
    assert "dropoutlab.experiments.runner" not in reached(["dropoutlab.experiments.setting"])[0]


@pytest.fixture
def package(tmp_path, monkeypatch):
    """A library of two modules, one of which imports the other."""
    folder = tmp_path / "dropoutlab"
    folder.mkdir()
    (folder / "__init__.py").write_text("")
    (folder / "loop.py").write_text("from dropoutlab import step")
    (folder / "step.py").write_text("size = 1")
    monkeypatch.setattr(library, "PACKAGE", folder)
    monkeypatch.setattr(library, "LOADED", library._sources())
    return folder


def test_an_edit_after_the_import_is_noticed_whatever_the_clock_says(package):
    modules = reached(["dropoutlab.loop"])[0]
    assert modules == {"dropoutlab.loop", "dropoutlab.step"}
    os.utime(package / "step.py", (2**32, 2**32))  # a file from the future
    assert changed(modules) is None
    (package / "step.py").write_text("size = 2")
    os.utime(package / "step.py", (1, 1))
    assert changed(modules) == "dropoutlab.step"
    (package / "step.py").unlink()
    assert changed(modules) == "dropoutlab.step"


def test_an_edit_of_something_else_is_none(package):
    (package / "step.py").write_text("size = 1  # a comment")
    (package / "plots.py").write_text("x = 1")
    (package / "quiz.css").write_text("* {}")
    assert changed(["dropoutlab.loop", "dropoutlab.step"]) is None


def test_installed_alone_the_library_has_no_checkout(tmp_path, monkeypatch):
    monkeypatch.setattr(library, "PACKAGE", tmp_path / "site-packages" / "dropoutlab")
    assert checkout() is None
    monkeypatch.setattr(library, "PACKAGE", tmp_path / "lib" / "dropoutlab")
    for marker in ("pyproject.toml", "_config.yml"):
        (tmp_path / marker).write_text("")
    assert checkout() == tmp_path


def test_modules_have_their_full_names():
    assert {"dropoutlab", "dropoutlab.nn", "dropoutlab.nn.dropout"} <= set(LOADED)

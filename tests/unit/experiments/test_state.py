"""The state's name follows everything that results depend on."""

import os
import time
from types import SimpleNamespace

import pytest

from dropoutlab.experiments import state
from dropoutlab.experiments.state import input_files, library_changed, library_key, state_key

INPUTS = ["lib", "pins.txt"]


@pytest.fixture
def root(tmp_path):
    root = tmp_path / "root"
    (root / "lib" / "part").mkdir(parents=True)
    (root / "lib" / "part" / "a.py").write_text("a = 1")
    (root / "lib" / "b.py").write_text("b = 1")
    (root / "pins.txt").write_text("numpy==1")
    return root


def test_every_change_in_the_inputs_gives_another_name(root, monkeypatch):
    seen = {state_key(root, INPUTS)}

    def changed(*path, text):
        root.joinpath(*path).write_text(text)
        seen.add(state_key(root, INPUTS))

    changed("lib", "part", "a.py", text="a = 2")
    changed("pins.txt", text="numpy==2")
    changed("lib", "new.py", text="")
    for old, new in (("b.py", "c.py"), ("part", "other")):
        (root / "lib" / old).rename(root / "lib" / new)
        seen.add(state_key(root, INPUTS))
    monkeypatch.setattr(state, "_installed_version", {"torch": "3"}.get)
    seen.add(state_key(root, INPUTS))
    version = SimpleNamespace(major=3, minor=99)
    monkeypatch.setattr(state, "sys", SimpleNamespace(version_info=version))
    seen.add(state_key(root, INPUTS))
    assert len(seen) == 8


def test_other_files_dates_and_generated_files_do_not_count(root):
    before = state_key(root, INPUTS)
    os.utime(root / "lib" / "b.py", (1, 1))
    (root / "results").mkdir()
    (root / "results" / "rows.csv").write_text("1")
    for generated in ("lib/__pycache__/b.pyc", "lib/x.egg-info/RECORD"):
        (root / generated).parent.mkdir()
        (root / generated).write_text("1")
    assert state_key(root, INPUTS) == before


def test_moving_the_whole_folder_does_not_count(root, tmp_path):
    before = state_key(root, INPUTS)
    assert state_key(root.rename(tmp_path / "elsewhere"), INPUTS) == before


def test_missing_inputs_count_as_empty(root):
    assert state_key(root, [*INPUTS, "none"]) == state_key(root, INPUTS)
    assert list(input_files(root, ["none"])) == []


def test_optional_data_counts_by_name_size_and_date(root, tmp_path, monkeypatch):
    folder = tmp_path / "data"
    folder.mkdir()
    monkeypatch.delenv("DROPOUTLAB_DATA", raising=False)
    seen = {state_key(root, INPUTS)}
    monkeypatch.setenv("DROPOUTLAB_DATA", str(folder))
    assert state_key(root, INPUTS) in seen  # there is nothing in it
    file = folder / "digits.gz"
    for text, date in (("1", 1), ("12", 1), ("12", 2)):
        file.write_text(text)
        os.utime(file, (date, date))
        seen.add(state_key(root, INPUTS))
    assert len(seen) == 4


def test_in_a_checkout_the_library_and_the_pins_count_but_not_recorded_results(
    tmp_path, monkeypatch
):
    package = tmp_path / "lib" / "dropoutlab"
    (package / "nn").mkdir(parents=True)
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "_config.yml").write_text("")
    monkeypatch.setattr(state, "PACKAGE", package)
    assert state.checkout() == tmp_path
    seen = [library_key()]
    for path in ("lib/dropoutlab/nn/a.py", "requirements.txt", "constraints.txt"):
        (tmp_path / path).write_text("x")
        seen.append(library_key())
    (tmp_path / "results").mkdir()
    (tmp_path / "results" / "rows.csv").write_text("x")
    (tmp_path / "README.md").write_text("x")
    assert library_key() == seen[-1]
    assert len(set(seen)) == 4


def test_installed_alone_the_package_counts_and_not_its_neighbours(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "dropoutlab"
    package.mkdir(parents=True)
    monkeypatch.setattr(state, "PACKAGE", package)
    assert state.checkout() is None
    before = library_key()
    (package.parent / "other.py").write_text("x")
    assert library_key() == before
    (package / "loop.py").write_text("x")
    assert library_key() != before


def test_an_edit_after_the_import_is_noticed(tmp_path, monkeypatch):
    package = tmp_path / "dropoutlab"
    package.mkdir()
    file = package / "loop.py"
    file.write_text("x")
    monkeypatch.setattr(state, "PACKAGE", package)
    monkeypatch.setattr(state, "IMPORTED", time.time())
    os.utime(file, (state.IMPORTED - 1,) * 2)
    assert library_changed() is None
    os.utime(file, (state.IMPORTED + 1,) * 2)
    assert library_changed() == file

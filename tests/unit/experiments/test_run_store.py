"""The store gives back what it was given, and removes nothing."""

import os
import shutil
import subprocess
import sys
import warnings

import pytest

from dropoutlab.experiments import Experiment, StoreError, run_store
from dropoutlab.experiments.conditions import conditions, key
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.measurements import Measurement
from dropoutlab.experiments.run_store import (
    NoStore,
    Store,
    default_folders,
    open_store,
    stores_in,
)


def measure(seed, p):
    return {"error": p}


EXPERIMENT = Experiment("rate", measure, grid={"p": [0.5]}, seeds=[0])
RUN = FinishedRun({"p": 0.5}, 0, {"error": Measurement((0.5,), None)}, seconds=1.0)


# Runs


def test_a_run_comes_back_and_no_other(tmp_path):
    store = Store(tmp_path, {})
    assert store.read({"p": 0.5}, 0) is None
    store.write(RUN)
    assert store.read({"p": 0.5}, 0) == RUN
    assert store.read({"p": 0.5}, 1) is None
    assert store.read({"p": 0.4}, 0) is None


def test_a_run_is_one_small_file(tmp_path):
    store = Store(tmp_path, {})
    store.write(RUN)
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size < 500


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b"", lambda b: bytes(len(b))])
def test_a_damaged_file_is_not_trusted_and_can_be_replaced(tmp_path, damage):
    store = Store(tmp_path, {})
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert store.read({"p": 0.5}, 0) is None
    store.write(RUN)
    assert store.read({"p": 0.5}, 0) == RUN


def test_a_sound_file_under_the_name_of_another_run_is_not_trusted(tmp_path):
    store = Store(tmp_path, {})
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    store.write(FinishedRun({"p": 0.5}, 1, RUN.measured, 1.0))
    (other,) = set(tmp_path.iterdir()) - {file}
    other.write_bytes(file.read_bytes())
    assert store.read({"p": 0.5}, 1) is None


def test_the_values_come_in_the_order_in_which_the_grid_names_them(tmp_path):
    store = Store(tmp_path, {})
    store.write(FinishedRun({"p": 0.5, "n": 3}, 0, RUN.measured, 1.0))
    assert list(store.read({"n": 3, "p": 0.5}, 0).setting) == ["n", "p"]


def test_a_run_that_cannot_be_read_is_an_error_and_not_a_missing_run(tmp_path):
    store = Store(tmp_path, {})
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    file.unlink()
    file.mkdir()  # stands for whatever the system refuses to read
    with pytest.raises(StoreError, match=f"cannot read {tmp_path}"):
        store.read({"p": 0.5}, 0)


def test_a_store_that_was_removed_meanwhile_is_made_again(tmp_path):
    store = Store(tmp_path / "a" / "b", {})
    store.prepare()
    shutil.rmtree(tmp_path / "a")
    store.write(RUN)
    assert store.read({"p": 0.5}, 0) == RUN


def test_a_damaged_manifest_counts_as_none(tmp_path):
    store = Store(tmp_path, {})
    assert store.read_manifest() is None
    store.write_manifest({"seeds": [1], "description": "größer"})
    assert store.read_manifest() == {"seeds": [1], "description": "größer"}
    for text in ("", "{", "[]"):
        (tmp_path / "manifest.json").write_text(text)
        assert store.read_manifest() is None


def test_no_store_keeps_nothing():
    store = open_store(EXPERIMENT, False)
    assert isinstance(store, NoStore)
    store.prepare()
    store.write(RUN)
    store.write_manifest({})
    assert store.read({"p": 0.5}, 0) is None
    assert store.read_manifest() is None


def test_the_runs_of_a_folder_are_its_sound_ones(tmp_path):
    store = Store(tmp_path, {})
    store.write(RUN)
    store.write_manifest({"seeds": [1]})
    (tmp_path / "half.json").write_text("{")
    assert list(store.runs()) == [RUN]


# Its place


def test_a_place_is_named_by_experiment_and_conditions_and_says_what_these_are(tmp_path):
    opened, found = open_store(EXPERIMENT, tmp_path), conditions(measure)
    assert opened.folder == tmp_path / "rate" / key(found)
    assert open_store(EXPERIMENT, str(tmp_path)).folder == opened.folder
    assert not opened.folder.exists()
    opened.prepare()
    (again,) = stores_in(tmp_path)
    assert (again.experiment, again.conditions) == ("rate", found)
    assert list(stores_in(tmp_path, "other")) == []


def test_a_relative_folder_is_that_of_the_moment_of_opening(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert open_store(EXPERIMENT, "here").folder.is_relative_to(tmp_path / "here")


def test_a_tilde_is_the_folder_of_the_user(tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    assert open_store(EXPERIMENT, "~/runs").folder.is_relative_to(tmp_path / "runs")
    monkeypatch.setenv("DROPOUTLAB_STORE", "~/mine")
    assert default_folders() == (tmp_path / "mine", None)


def test_an_edited_library_is_not_confused_with_the_imported_one(tmp_path, monkeypatch):
    monkeypatch.setattr(run_store, "changed", lambda modules: "dropoutlab.loop")
    with pytest.raises(RuntimeError, match=r"loop changed after .* Restart .* store=False"):
        open_store(EXPERIMENT, tmp_path)
    open_store(EXPERIMENT, False)


# The default


@pytest.fixture
def default(tmp_path, monkeypatch):
    """Nothing is set: the default store lies in a checkout, or in the user's cache."""
    monkeypatch.delenv("DROPOUTLAB_STORE")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(run_store, "checkout", lambda: tmp_path)
    run_store._say_once.cache_clear()
    return tmp_path / "_build" / "experiments"


def test_the_default_is_the_environments_the_checkouts_or_the_users(
    default, tmp_path, monkeypatch
):
    assert default_folders() == (default, None)
    monkeypatch.setattr(run_store, "checkout", lambda: None)
    folder, behind = default_folders()
    assert (folder.name, "dropoutlab" in folder.parts, behind) == ("experiments", True, None)
    monkeypatch.setenv("DROPOUTLAB_STORE", str(tmp_path / "mine"))
    assert default_folders() == (tmp_path / "mine", None)


def test_a_checkout_that_cannot_be_written_to_is_read_and_the_users_cache_written(
    default, monkeypatch
):
    shared = open_store(EXPERIMENT, None)
    shared.prepare()
    shared.write(RUN)
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.warns(UserWarning, match="cannot be written to, so finished runs are kept in "):
        store = open_store(EXPERIMENT, None)
    assert not store.folder.is_relative_to(default)
    assert store.read({"p": 0.5}, 0) == RUN
    store.prepare()
    store.write(RUN)
    assert len(list(shared.folder.iterdir())) == len(list(store.folder.iterdir())) == 2


def test_it_is_said_once(default, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.warns(UserWarning, match="DROPOUTLAB_STORE names another folder"):
        default_folders()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert default_folders()[1] == default


def test_runs_of_other_conditions_stay_however_old(default):
    older = default / "rate" / ("1" * 16)
    older.mkdir(parents=True)
    (older / "run.json").write_text("{}")
    os.utime(older, (1, 1))
    open_store(EXPERIMENT, None).prepare()
    assert (older / "run.json").exists()


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder nobody can write")
def test_a_folder_that_nobody_can_write_to_is_an_error():
    with pytest.raises(StoreError, match="cannot write to /proc/self/store/rate/"):
        open_store(EXPERIMENT, "/proc/self/store").prepare()


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are POSIX's")
def test_a_write_that_the_system_really_breaks_off_counts_as_none(tmp_path):
    code = (
        "import resource; from dropoutlab.experiments import StoreError\n"
        "from dropoutlab.experiments.run_store import Store\n"
        "from dropoutlab.experiments.finished import FinishedRun, Measurement\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "long = FinishedRun({'p': 0.5}, 0, {'error': Measurement((0.1,) * 3000, None)}, 1.0)\n"
        "try: Store(__import__('pathlib').Path('.'), {}).write(long)\n"
        "except StoreError as error: print(error)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert "File too large" in done.stdout
    assert len(os.listdir(tmp_path)) == 1
    assert Store(tmp_path, {}).read({"p": 0.5}, 0) is None

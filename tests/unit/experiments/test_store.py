"""The store gives back what it was given, and what it removes is its own."""

import os
import time

import pytest

from dropoutlab.experiments import Experiment, StoreError, fingerprint
from dropoutlab.experiments import store as store_module
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.measurements import Measurement
from dropoutlab.experiments.store import NoStore, Store, default_folder, open_store

STATE, OLDER = "0" * 16, "1" * 16


def measure(seed, p):
    return {"error": p}


EXPERIMENT = Experiment("rate", measure, grid={"p": [0.5]}, seeds=[0])
RUN = FinishedRun({"p": 0.5}, 0, {"error": Measurement((0.5,), None)}, seconds=1.0)


# Runs


def test_a_run_comes_back_and_no_other(tmp_path):
    store = Store(tmp_path)
    assert store.read({"p": 0.5}, 0) is None
    store.write(RUN)
    assert store.read({"p": 0.5}, 0) == RUN
    assert store.read({"p": 0.5}, 1) is None
    assert store.read({"p": 0.4}, 0) is None


def test_a_run_is_one_small_file(tmp_path):
    store = Store(tmp_path)
    store.write(RUN)
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    assert file.stat().st_size < 300


@pytest.mark.parametrize("damage", [lambda b: b[:-9], lambda b: b"", lambda b: bytes(len(b))])
def test_a_damaged_file_is_not_trusted_and_can_be_replaced(tmp_path, damage):
    store = Store(tmp_path)
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    file.write_bytes(damage(file.read_bytes()))
    assert store.read({"p": 0.5}, 0) is None
    store.write(RUN)
    assert store.read({"p": 0.5}, 0) == RUN


def test_a_sound_file_under_the_name_of_another_run_is_not_trusted(tmp_path):
    store = Store(tmp_path)
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    store.write(FinishedRun({"p": 0.5}, 1, RUN.measured, 1.0))
    (other,) = set(tmp_path.iterdir()) - {file}
    other.write_bytes(file.read_bytes())
    assert store.read({"p": 0.5}, 1) is None


def test_the_values_come_in_the_order_in_which_the_grid_names_them(tmp_path):
    store = Store(tmp_path)
    store.write(FinishedRun({"p": 0.5, "n": 3}, 0, RUN.measured, 1.0))
    assert list(store.read({"n": 3, "p": 0.5}, 0).setting) == ["n", "p"]


def test_a_run_that_cannot_be_read_is_an_error_and_not_a_missing_run(tmp_path):
    store = Store(tmp_path)
    store.write(RUN)
    (file,) = tmp_path.iterdir()
    file.unlink()
    file.mkdir()  # stands for whatever the system refuses to read
    with pytest.raises(StoreError, match=f"cannot read {tmp_path}"):
        store.read({"p": 0.5}, 0)


def test_a_store_that_was_removed_meanwhile_is_made_again(tmp_path):
    store = Store(tmp_path / "a" / "b")
    store.prepare()
    (tmp_path / "a" / "b").rmdir()
    store.write(RUN)
    assert store.read({"p": 0.5}, 0) == RUN


def test_a_damaged_manifest_counts_as_none(tmp_path):
    store = Store(tmp_path)
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


# Its place


def test_a_place_is_named_by_state_experiment_and_function(tmp_path):
    opened = open_store(EXPERIMENT, tmp_path)
    assert opened.folder == tmp_path / STATE / f"rate-{fingerprint(measure)}"
    assert (opened.library, opened.fingerprint) == (STATE, fingerprint(measure))
    assert open_store(EXPERIMENT, str(tmp_path)).folder == opened.folder
    assert not (tmp_path / STATE).exists()


def test_a_relative_folder_is_that_of_the_moment_of_opening(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert open_store(EXPERIMENT, "here").folder.is_relative_to(tmp_path / "here")


def test_the_default_is_the_environments_the_checkouts_or_the_users(tmp_path, monkeypatch):
    monkeypatch.setenv("DROPOUTLAB_STORE", str(tmp_path / "mine"))
    assert default_folder() == (tmp_path / "mine", False)
    monkeypatch.delenv("DROPOUTLAB_STORE")
    monkeypatch.setattr(store_module, "checkout", lambda: tmp_path)
    assert default_folder() == (tmp_path / "_build" / "experiments", True)
    monkeypatch.setattr(store_module, "checkout", lambda: None)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    folder, ours = default_folder()
    assert (folder.name, "dropoutlab" in folder.parts, ours) == ("experiments", True, True)


def test_an_edited_library_is_not_confused_with_the_imported_one(tmp_path, monkeypatch):
    monkeypatch.setattr(store_module, "library_changed", lambda: tmp_path / "loop.py")
    with pytest.raises(RuntimeError, match=r"loop\.py changed after .* Restart .* store=False"):
        open_store(EXPERIMENT, tmp_path)
    open_store(EXPERIMENT, False)


# Older states


def with_older_state(folder, *, age, inner_age=None):
    """Make the folder of an older state, touched ``age`` seconds ago."""
    inner = folder / OLDER / "rate-abc"
    inner.mkdir(parents=True)
    (inner / "run.json").write_text("{}")
    now = time.time()
    os.utime(inner, (now - (inner_age or age),) * 2)
    os.utime(folder / OLDER, (now - age,) * 2)


@pytest.fixture
def ours(tmp_path, monkeypatch):
    monkeypatch.delenv("DROPOUTLAB_STORE")
    monkeypatch.setattr(store_module, "checkout", lambda: tmp_path)
    return tmp_path / "_build" / "experiments"


def test_older_states_go_when_nothing_was_written_there_for_a_day(ours):
    with_older_state(ours, age=90_000)
    (ours / STATE).mkdir()
    os.utime(ours / STATE, (1, 1))
    (ours / "notes").mkdir()
    os.utime(ours / "notes", (1, 1))
    open_store(EXPERIMENT, None)
    assert sorted(os.listdir(ours)) == [STATE, "notes"]


@pytest.mark.parametrize("ages", [(80_000, 90_000), (90_000, 80_000)])
def test_a_state_in_use_within_a_day_stays(ours, ages):
    with_older_state(ours, age=ages[0], inner_age=ages[1])
    open_store(EXPERIMENT, None)
    assert os.listdir(ours) == [OLDER]


def test_nothing_is_removed_from_a_folder_of_the_users(tmp_path, store):
    for folder in (tmp_path / "given", store):
        with_older_state(folder, age=10**6)
    open_store(EXPERIMENT, tmp_path / "given")
    open_store(EXPERIMENT, None)  # $DROPOUTLAB_STORE
    assert os.listdir(tmp_path / "given") == os.listdir(store) == [OLDER]


def test_a_store_that_is_not_there_yet_is_no_obstacle(ours):
    open_store(EXPERIMENT, None)
    assert not ours.exists()

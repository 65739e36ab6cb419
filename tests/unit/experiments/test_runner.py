"""Running an experiment: the same rows every way, every finished run kept."""

import errno
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from dropoutlab.experiments import (
    Experiment,
    NoFingerprint,
    RunsFailed,
    RunsInterrupted,
    RunsStopped,
    StoreError,
    run,
    run_store,
    runner,
)
from dropoutlab.experiments.conditions import conditions
from dropoutlab.experiments.engine import outcomes

CALLS = []  # of runs in this process


def measure(seed, p):
    CALLS.append((p, seed))  # what a list holds when the fingerprint is taken is part of it
    rng = np.random.default_rng(seed)
    return {"error": rng.random(4) * p, "norm": rng.random()}


@pytest.fixture(autouse=True)
def calls():
    CALLS.clear()
    yield CALLS
    CALLS.clear()


@pytest.fixture(autouse=True)
def _same_fingerprint(monkeypatch):
    monkeypatch.setattr(
        run_store, "conditions", lambda function: {"function": function.__name__}
    )


def declared(function=measure, *, p=(0.1, 0.2, 0.3), seeds=range(3)):
    return Experiment("rate", function, grid={"p": p}, seeds=seeds)


def stored(store):
    return sorted(f for f in store.glob("*/*/*.json") if f.name != "manifest.json")


# What is kept


def test_a_second_call_computes_nothing_and_has_the_same_rows(calls):
    first = run(declared())
    again = run(declared())
    assert len(calls) == 9
    assert again.to_csv() == first.to_csv()
    assert (first.n_computed, first.n_read) == (9, 0)
    assert (again.n_computed, again.n_read) == (0, 9)


def test_more_seeds_and_settings_reuse_what_is_there(calls):
    run(declared(p=[0.2], seeds=[1]))
    results = run(declared())
    assert calls.count((0.2, 1)) == 1
    assert (results.n_computed, results.n_read) == (8, 1)
    assert results.to_csv() == run(declared(), store=False).to_csv()


def test_without_a_store_everything_is_computed_and_nothing_written(calls, store):
    for _ in range(2):
        assert run(declared(), store=False).n_computed == 9
    assert len(calls) == 18
    assert not store.exists()


def test_runs_are_kept_one_by_one_as_they_finish(store):
    seen = []

    def counting(seed, p):
        seen.append(len(stored(store)))
        return {"a": 1}

    run(declared(counting))
    assert seen == list(range(9))


def test_a_changed_function_starts_anew(monkeypatch):
    monkeypatch.setattr(run_store, "conditions", conditions)
    offset = 1

    def shifted(seed, p):
        return {"a": p + offset}

    assert run(declared(shifted), store="here").n_computed == 9
    assert run(declared(shifted), store="here").n_read == 9
    offset = 2
    results = run(declared(shifted), store="here")
    assert results.n_computed == 9
    assert results.final("a", p=0.1).tolist() == [2.1] * 3


@pytest.fixture(autouse=True)
def _here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_a_damaged_run_is_computed_again(calls, store):
    expected = run(declared()).to_csv()
    files = stored(store)
    files[0].write_bytes(files[0].read_bytes()[:50])
    files[1].write_bytes(b"")
    files[2].write_bytes(bytes(500))
    results = run(declared())
    assert (results.n_computed, results.n_read) == (3, 6)
    assert results.to_csv() == expected
    assert run(declared()).n_read == 9


def test_the_manifest_of_a_complete_call_is_kept_with_the_runs(store):
    run(declared(p=[0.1]))
    results = run(declared())
    run(declared(p=[0.1]))  # computes nothing, and changes nothing
    (folder,) = store.glob("*/*")
    assert run_store.Store(folder).read_manifest() == results.manifest


# Shards


def test_shards_share_the_runs_out_and_the_last_has_them_all(calls, store):
    first = run(declared(), shard=(1, 2))
    assert (len(first), first.n_computed, first.partial) == (5, 5, True)
    assert list(store.rglob("manifest.json")) == []
    second = run(declared(), shard=(2, 2))
    assert (len(second), second.n_computed, second.partial) == (9, 4, False)
    assert sorted(calls) == sorted((p, seed) for p in (0.1, 0.2, 0.3) for seed in range(3))
    assert second.to_csv() == run(declared(), store=False).to_csv()


def test_what_is_stored_can_be_had_without_running_anything(calls):
    run(declared(), shard=(2, 3))
    calls.clear()
    results = runner.stored(declared())
    assert (len(results), results.n_computed, results.partial, calls) == (3, 0, True, [])
    assert results.manifest["partial"]
    with pytest.raises(StoreError, match="no runs of rate are stored in "):
        runner.stored(declared(p=[0.9]))


def test_stored_results_of_a_complete_call_have_its_manifest():
    complete = run(declared())
    assert runner.stored(declared()).manifest == complete.manifest
    assert runner.stored(declared(seeds=[0])).manifest["seeds"] == [0]


# The same rows


def test_rows_do_not_depend_on_the_order_in_which_runs_finish(monkeypatch):
    expected = run(declared(), store=False).to_csv()

    def backwards(function, conditions, runs, workers):
        yield from outcomes(function, conditions, runs[::-1], workers)

    monkeypatch.setattr(runner, "outcomes", backwards)
    assert run(declared(), store=False).to_csv() == expected


def test_the_order_of_settings_is_the_grids_and_of_seeds_and_metrics_increasing():
    table = run(declared(p=[0.3, 0.1], seeds=[5, 2]), store=False).table
    norms = table[table.metric == "norm"]
    assert norms.p.tolist() == [0.3, 0.3, 0.1, 0.1]
    assert norms.seed.tolist() == [2, 5, 2, 5]
    assert table.metric.tolist() == (["error"] * 4 + ["norm"]) * 4
    assert table.epoch[:5].fillna(-1).tolist() == [0, 1, 2, 3, -1]


def test_rows_read_from_the_store_are_exact():
    exact = run(declared(), store=False).to_csv()
    run(declared())
    assert run(declared()).to_csv() == exact


# Failures


def failing(seed, p):
    CALLS.append((p, seed))
    if p == 0.2 and seed != 1:
        raise ValueError(f"no luck with {seed}")
    return {"a": seed + p}


def test_failing_runs_are_listed_and_the_others_complete(calls, store):
    with pytest.raises(RunsFailed) as caught:
        run(declared(failing))
    error = caught.value
    assert str(error) == (
        "2 of 9 runs of 'rate' failed; the others are complete:\n"
        "  p=0.2, seed 0: ValueError: no luck with 0\n"
        "  p=0.2, seed 2: ValueError: no luck with 2"
    )
    assert [(f.setting, f.seed) for f in error.failures] == [({"p": 0.2}, 0), ({"p": 0.2}, 2)]
    assert "in failing" in error.__notes__[0]
    assert len(calls) == 9
    assert len(stored(store)) == len(error.results) == 7
    assert error.results.final("a", p=0.3).tolist() == [0.3, 1.3, 2.3]


def test_only_what_failed_is_tried_again(calls, monkeypatch):
    with pytest.raises(RunsFailed):
        run(declared(failing))
    calls.clear()
    with pytest.raises(RunsFailed):
        run(declared(failing))
    assert calls == [(0.2, 0), (0.2, 2)]


def test_what_cannot_be_kept_is_a_failure_that_names_its_setting():
    def spoilt(seed, p):
        return {"loss": np.nan if p == 0.3 else p}

    with pytest.raises(RunsFailed, match=r"p=0\.3, seed 0: ValueError: 'loss' must be finite"):
        run(declared(spoilt, seeds=[0]))


# Stopped


def test_an_interruption_says_how_much_is_kept_and_the_same_call_goes_on(calls, store):
    state = {"interrupt": True}

    def interrupted(seed, p):
        CALLS.append((p, seed))
        if len(CALLS) == 5 and state["interrupt"]:
            raise KeyboardInterrupt
        return {"a": seed + p}

    with pytest.raises(
        RunsInterrupted, match=r"interrupted; 4 of 9 runs are kept in .*goes on"
    ):
        run(declared(interrupted))
    assert len(stored(store)) == 4
    state["interrupt"] = False
    results = run(declared(interrupted))
    assert (results.n_computed, results.n_read) == (5, 4)


def test_an_interruption_without_a_store_says_that_nothing_is_kept():
    def interrupted(seed, p):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt, match="nothing was kept, as store=False asked"):
        run(declared(interrupted), store=False)


def test_lost_workers_say_how_much_is_kept(monkeypatch, store):
    def lost(function, conditions, runs, workers):
        yield from outcomes(function, conditions, runs[:4], workers)
        raise OSError("worker gone.\nA long story.")

    monkeypatch.setattr(runner, "outcomes", lost)
    message = r"the workers stopped \(OSError: worker gone\); 4 of 9 runs are kept in "
    with pytest.raises(RunsStopped, match=message):
        run(declared())
    assert len(stored(store)) == 4


# Full disks, unusable folders


def test_an_unusable_store_is_an_error_before_any_run(calls, tmp_path):
    (tmp_path / "file").write_text("mine")
    for unusable in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match=f"cannot write to {unusable}"):
            run(declared(), store=unusable)
    assert calls == []


def full(*_, **__):
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_full_disk_is_an_error_before_any_run(calls, monkeypatch, store):
    monkeypatch.setattr("pathlib.Path.write_text", full)
    with pytest.raises(StoreError, match=r"cannot write to .*: No space left on device"):
        run(declared())
    assert calls == []
    assert stored(store) == []


def test_a_store_with_everything_in_it_need_not_be_writable(monkeypatch):
    run(declared())
    monkeypatch.setattr("pathlib.Path.mkdir", full)
    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    assert run(declared()).n_read == 9


def test_a_disk_that_fills_up_keeps_what_was_stored(calls, monkeypatch, store):
    real, written = Path.write_bytes, []

    def write_bytes(path, content):
        if len(written) == 4:
            real(path, content[:50])  # what there was room for
            full()
        written.append(path)
        return real(path, content)

    monkeypatch.setattr("pathlib.Path.write_bytes", write_bytes)
    message = "No space left on device; 4 of 9 runs are kept in .*, and the same call goes on"
    with pytest.raises(StoreError, match=message):
        run(declared())
    monkeypatch.setattr("pathlib.Path.write_bytes", real)
    calls.clear()
    results = run(declared())
    assert (len(calls), results.n_read) == (5, 4)
    assert results.to_csv() == run(declared(), store=False).to_csv()


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are POSIX's")
def test_a_write_that_the_system_really_breaks_off_keeps_what_was_stored(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "import resource\n"
        "from dropoutlab.experiments import Experiment, StoreError, run, run_store\n"
        "run_store.changed = lambda modules: None\n"
        "def measure(seed, n): return {'a': [0.123456789] * n}\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (9000, 9000))\n"
        "try:\n"
        "    run(Experiment('e', measure, grid={'n': [5, 9, 5000, 7]}, seeds=[0]), store='s')\n"
        "except StoreError as error: print(error)\n"
        "print(run(Experiment('e', measure, grid={'n': [5, 9]}, seeds=[0]), store='s'))\n"
    )
    printed = subprocess.run(
        [sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    assert "File too large; 2 of 4 runs are kept in" in printed[0]
    assert printed[1] == "Results(e: 2 settings × 1 seeds; 0 computed, 2 read)"


# Arguments


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"experiment": measure}, TypeError, "experiment must be an Experiment, got <function"),
        ({"workers": 0}, ValueError, "workers must be an integer of at least 1, got 0"),
        ({"workers": 1.5}, TypeError, r"workers must be an integer .* got 1\.5"),
        (
            {"shard": (3, 2)},
            ValueError,
            r"shard must be .* from 1 to n, got \(3, 2",
        ),
        ({"shard": (0, 2)}, ValueError, "shard: each must be an integer of at least 1, got 0"),
    ],
)
def test_bad_arguments_name_themselves_before_any_run(calls, arguments, error, message):
    chosen = {"experiment": declared()} | arguments
    with pytest.raises(error, match=message):
        run(chosen.pop("experiment"), **chosen)
    assert calls == []


def test_a_function_that_cannot_be_compared_needs_store_false(monkeypatch, tmp_path):
    monkeypatch.setattr(run_store, "conditions", conditions)
    with open(tmp_path / "log", "w") as log:

        def logging(seed, p):
            log.write("x")
            return {"a": 1}

        with pytest.raises(NoFingerprint, match=r"logging → log is .*store=False"):
            run(declared(logging), store=tmp_path / "s")
        assert run(declared(logging), store=False).n_computed == 9


# Progress


class Bar:
    """Records what it is told."""

    def __init__(self, progress, total, *, unit, initial):
        self.told = [progress, total, unit, initial]
        Bar.last = self

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return None

    def update(self):
        self.told.append("one more")


def test_the_bar_counts_runs_beginning_with_those_that_were_stored(monkeypatch):
    run(declared(seeds=[0]))
    monkeypatch.setattr(runner, "progress_bar", Bar)
    run(declared(), progress=True)
    assert Bar.last.told == [True, 9, "runs", 3] + ["one more"] * 6


def test_importing_experiments_loads_none_of_the_large_packages():
    code = (
        "import sys, dropoutlab.experiments;"
        "print({'torch', 'pandas', 'matplotlib', 'joblib', 'scipy', 'sklearn', 'dask'}"
        " & set(sys.modules))"
    )
    printed = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == "set()"

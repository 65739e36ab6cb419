"""Killed at any moment, the next call goes on and comes to the same table."""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

SCRIPT = """
import sys, time
import numpy as np
from dropoutlab.experiments import Experiment, run, run_store

# Somebody may edit the library meanwhile, which would rightly begin anew.
run_store.changed = lambda modules: None

def measure(seed, p):
    time.sleep(0.03)
    return {"error": np.random.default_rng(seed).random(5) * p}

experiment = Experiment("killed", measure, grid={"p": [0.1, 0.2, 0.3]}, seeds=range(24))
folder, csv, workers = sys.argv[1:]
print("go", flush=True)
sys.stdin.readline()
results = run(experiment, store=folder, workers=int(workers))
results.to_csv(csv)
print(results.n_computed, results.n_read)
"""
RUNS = 72


@pytest.fixture
def start(tmp_path):
    """Start the script on a store; it waits for a line before it begins."""
    (tmp_path / "script.py").write_text(SCRIPT)
    processes = []

    def started(store, *, csv="rows.csv", workers=1):
        process = subprocess.Popen(
            [sys.executable, "script.py", store, csv, str(workers)],
            cwd=tmp_path,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )
        processes.append(process)
        assert process.stdout.readline() == "go\n"
        return process

    yield started
    for process in processes:
        # Its own workers outlive it, waiting for minutes: they are of the same session.
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if os.name == "posix" else process.kill()
        process.communicate()


def begin(process):
    process.stdin.write("\n")
    process.stdin.flush()


def finish(process):
    """Let the process run to its end; return how many runs it computed and read."""
    output, _ = process.communicate("\n")
    assert process.returncode == 0
    return tuple(map(int, output.split()))


def stored(folder):
    return [file for file in folder.glob("*/*/*.json") if file.name != "manifest.json"]


@pytest.mark.parametrize("kills", [5, pytest.param(20, marks=pytest.mark.full)])
def test_killed_again_and_again_it_goes_on_to_the_same_table(start, tmp_path, kills):
    assert finish(start("whole", csv="whole.csv")) == (RUNS, 0)
    moments, n_before = random.Random(0), 0
    for kill in range(kills):
        # Some before it has stored a run, some after one or two, wherever it is then.
        process = start("killed", workers=2 if kill == kills - 1 else 1)
        begin(process)
        goal = n_before + moments.randrange(3)
        while len(stored(tmp_path / "killed")) < goal and process.poll() is None:
            time.sleep(0.005)
        process.kill()
        process.wait()
        assert process.returncode != 0
        n_now = len(stored(tmp_path / "killed"))
        assert n_now >= n_before
        n_before = n_now
    assert 0 < n_before < RUNS
    assert finish(start("killed")) == (RUNS - n_before, n_before)
    assert (tmp_path / "rows.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_two_processes_at_once_do_each_other_no_harm(start, tmp_path):
    first, second = start("shared", csv="first.csv"), start("shared", csv="second.csv")
    begin(first)
    begin(second)
    for process in (first, second):
        process.communicate()
        assert process.returncode == 0
    assert (tmp_path / "first.csv").read_bytes() == (tmp_path / "second.csv").read_bytes()
    assert len(stored(tmp_path / "shared")) == RUNS
    assert list((tmp_path / "shared").rglob("*.tmp")) == []

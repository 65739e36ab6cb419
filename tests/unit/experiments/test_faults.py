"""Whatever happens to the machines of a cluster, the same call comes to the same rows."""

import os
import shutil
import socket
import threading
import warnings

import joblib
import numpy as np
import pytest
from dask_processes import cluster, wait_until

from dropoutlab import data, nn
from dropoutlab.experiments import Experiment, RunsStopped, WorkerRefused, run
from dropoutlab.experiments.library import PACKAGE

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="no SIGKILL")


def measure(seed, p, folder):
    """Say where this runs, and wait at p = 0.5 until ``folder`` has a file named go."""
    import os
    import time
    from pathlib import Path

    Path(folder, f"{p} {seed}").write_text(str(os.getpid()))
    while p == 0.5 and not Path(folder, "go").exists():
        time.sleep(0.01)
    return {"error": seed + nn.Dropout(p, rng=np.random.default_rng(seed)).p}


def needs_data(seed, p, folder):
    """Stand for a run on the optional data, which is not in the cache."""
    import os

    if "DROPOUTLAB_DATA" not in os.environ:
        data.ratings(n_train=36_000, n_test=8_000, seed=seed)
    return {"error": seed + p}


@pytest.fixture(scope="module")
def machines(tmp_path_factory):
    with cluster(tmp_path_factory.mktemp("cluster")) as started:
        yield started


@pytest.fixture
def experiment(tmp_path):
    return Experiment(
        "faults", measure, grid={"p": [0.25, 0.5], "folder": [str(tmp_path)]}, seeds=range(4)
    )


def on(machines, experiment):
    """Run an experiment on the workers that there are."""
    with warnings.catch_warnings():
        # Dask says that versions differ, and goes on.
        warnings.simplefilter("ignore", distributed.versions.VersionMismatchWarning)
        client = distributed.Client(machines.address, set_as_default=False)
        client.wait_for_workers(1, timeout=30)
    with client, joblib.parallel_config("dask", client=client):
        return run(experiment)


def rows_of_one_process(experiment, tmp_path):
    (tmp_path / "go").touch()
    return run(experiment, workers=1, store=False).to_csv()


class Call(threading.Thread):
    """A call that goes on while something is done to the machines."""

    def __init__(self, machines, experiment):
        super().__init__(daemon=True)
        self.outcome, self.made = None, (machines, experiment)
        self.start()

    def run(self):
        try:
            self.outcome = on(*self.made)
        except Exception as error:
            self.outcome = error

    def end(self):
        self.join(60)
        return self.outcome


def test_one_worker_works_and_not_the_caller_and_another_takes_over_when_it_is_killed(
    machines, experiment, tmp_path
):
    def workers():
        return {int(file.read_text() or 0) for file in tmp_path.glob("0.* *")}

    with machines.worker() as first:
        call = Call(machines, experiment)
        wait_until((tmp_path / "0.5 0").exists)
        assert workers() == {first.pid}
    with machines.worker() as second:
        wait_until(lambda: second.pid in workers())
        (tmp_path / "go").touch()
        results = call.end()
    assert results.n_computed == 8
    assert results.to_csv() == rows_of_one_process(experiment, tmp_path)


def edited_library(tmp_path):
    copy = tmp_path / "other"
    shutil.copytree(PACKAGE, copy / "dropoutlab", ignore=shutil.ignore_patterns("*.pyc"))
    with (copy / "dropoutlab" / "nn" / "dropout.py").open("a") as file:
        file.write("\nEDITED = True\n")
    return copy


def older_numpy(tmp_path):
    copy = tmp_path / "pins"
    (copy / "numpy-1.0.dist-info").mkdir(parents=True)
    (copy / "numpy-1.0.dist-info" / "METADATA").write_text("Name: numpy\nVersion: 1.0\n")
    return copy


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        (
            edited_library,
            r"another dropoutlab: dropoutlab\.nn\.dropout is \w+ there, \w+ here",
        ),
        (older_numpy, r"numpy 1\.0 there, 2\.\S+ here"),
    ],
)
def test_a_worker_with_another_library_or_package_is_refused_until_it_is_right(
    machines, experiment, tmp_path, made, reason, store
):
    (tmp_path / "go").touch()
    with machines.worker(PYTHONPATH=str(made(tmp_path))) as wrong:
        name = rf"{socket.gethostname()} \(process {wrong.pid}\)"
        with pytest.raises(
            WorkerRefused, match=rf"{name} computes something else: {reason}"
        ) as e:
            on(machines, experiment)
    assert "; 0 of 8 runs are kept in " in str(e.value)
    with machines.worker():
        results = on(machines, experiment)
    assert results.to_csv() == rows_of_one_process(experiment, tmp_path)


def test_a_worker_without_the_data_is_refused_until_it_has_them(
    machines, tmp_path, monkeypatch
):
    monkeypatch.delenv("DROPOUTLAB_DATA", raising=False)
    monkeypatch.delenv("DROPOUTLAB_DATA_URL", raising=False)
    monkeypatch.setenv("DROPOUTLAB_CACHE", str(tmp_path / "empty"))
    experiment = Experiment(
        "data", needs_data, grid={"p": [0.5], "folder": ["."]}, seeds=range(4)
    )
    with (
        machines.worker() as without,
        pytest.raises(WorkerRefused, match=rf"process {without.pid}.*movietweetings.*0 of 4"),
    ):
        on(machines, experiment)
    with machines.worker(DROPOUTLAB_DATA=str(tmp_path)):
        assert on(machines, experiment).final("error").tolist() == [0.5, 1.5, 2.5, 3.5]


def test_a_scheduler_that_is_killed_and_restarted_loses_only_what_was_under_way(
    experiment, tmp_path, store
):
    with cluster(tmp_path) as machines:
        with machines.worker():
            call = Call(machines, experiment)
            wait_until(lambda: len(list(store.glob("*/*/*.json"))) == 4)
            machines.kill(machines.started[0])
            stopped = call.end()
        assert isinstance(stopped, RunsStopped)
        assert "; 4 of 8 runs are kept in " in str(stopped)
        (tmp_path / "go").touch()
        machines.scheduler()
        with machines.worker():
            results = on(machines, experiment)
    assert (results.n_computed, results.n_read) == (4, 4)
    assert results.to_csv() == rows_of_one_process(experiment, tmp_path)

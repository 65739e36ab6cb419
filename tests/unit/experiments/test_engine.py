"""Runs come to the same rows in this process, in others, in threads and on a cluster."""

import os
import signal
import subprocess
import sys
import threading
import time

import joblib
import numpy as np
import pytest
from dask_processes import free_port
from threadpoolctl import threadpool_info, threadpool_limits

from dropoutlab import data, nn, training
from dropoutlab.experiments import Experiment, RunsFailed, RunsStopped, engine, run
from dropoutlab.experiments.on_dask import on_dask

OFFSET = 0.25  # a global name, which has to travel with the function


class Shift:
    """A class of this file, which the workers cannot import."""

    def __call__(self, x):
        return x + OFFSET


def measure(seed, p):
    rng = np.random.default_rng(seed)
    products = rng.standard_normal((300, 300)) @ rng.standard_normal((300, 300))
    return {"sum": products.sum() * p, "shifted": [Shift()(p), seed]}


def train(seed, p):
    rng = np.random.default_rng(seed)
    moons = data.moons(100, noise=0.1, rng=rng)
    net = nn.Sequential(
        nn.Linear(2, 8, rng=rng), nn.ReLU(), nn.Dropout(p, rng=rng), nn.Linear(8, 2, rng=rng)
    )
    optimizer = nn.SGD(net.parameters(), lr=0.1)
    return training.fit(net, optimizer, moons, n_epochs=2, rng=rng, monitor={"train": moons})


def whereabouts(seed, p):
    pools = {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}
    return {"pid": os.getpid(), "thread": threading.get_native_id(), "blas threads": max(pools)}


def declared(function, *, seeds=range(3)):
    return Experiment("engine", function, grid={"p": [0.0, 0.25, 0.5]}, seeds=seeds)


@pytest.fixture(autouse=True)
def _own_number_of_threads(monkeypatch):
    monkeypatch.delenv("OPENBLAS_NUM_THREADS", raising=False)


@pytest.mark.parametrize("function", [measure, train])
def test_rows_are_the_same_in_one_process_two_and_threads(function):
    expected = run(declared(function), workers=1, store=False).to_csv()
    assert run(declared(function), store=False).to_csv() == expected
    assert run(declared(function), workers=2, store=False).to_csv() == expected
    with joblib.parallel_config("threading", n_jobs=2):
        assert run(declared(function), store=False).to_csv() == expected


def test_one_worker_is_this_process_even_where_joblib_is_set_up_for_more():
    with joblib.parallel_config("loky", n_jobs=2):
        here = run(declared(whereabouts), workers=1, store=False).table
    assert set(here.value[here.metric == "pid"]) == {os.getpid()}


def test_two_workers_are_two_other_processes_with_one_blas_thread_each():
    table = run(declared(whereabouts, seeds=range(10)), workers=2, store=False).table
    pids = set(table.value[table.metric == "pid"])
    assert len(pids) <= 2
    assert os.getpid() not in pids
    assert set(table.value[table.metric == "blas threads"]) == {1.0}


def test_what_joblib_is_set_up_for_is_used():
    with (
        threadpool_limits(2, user_api="blas"),  # which only this thread can lower
        joblib.parallel_config("threading", n_jobs=2),
    ):
        table = run(declared(whereabouts), store=False).table
    assert set(table.value[table.metric == "pid"]) == {os.getpid()}
    assert threading.get_native_id() not in set(table.value[table.metric == "thread"])
    assert set(table.value[table.metric == "blas threads"]) == {1.0}


def test_workers_hand_in_every_run_before_the_next(tmp_path):
    folder = str(tmp_path)

    def waits(seed, p):
        before = vars(sys).setdefault(folder, [])  # what this process did in this test
        deadline = time.monotonic() + 5
        while (n_stored := len(list(tmp_path.glob("*/*/*.json")))) < len(before):
            if time.monotonic() > deadline:
                break
            time.sleep(0.01)
        before.append(seed)
        return {"missing": max(len(before) - 1 - n_stored, 0)}

    results = run(declared(waits, seeds=range(6)), workers=2, store=tmp_path)
    assert results.table.value.max() == 0


def test_a_failure_in_a_worker_comes_with_its_traceback_and_the_others_are_complete():
    def fails(seed, p):
        if seed == 1 and p == 0.5:
            raise ZeroDivisionError("by nothing")
        return {"a": p}

    with pytest.raises(RunsFailed, match="1 of 9 runs of 'engine' failed") as caught:
        run(declared(fails), workers=2)
    assert str(caught.value.failures[0]) == "p=0.5, seed 1: ZeroDivisionError: by nothing"
    assert "in fails" in caught.value.failures[0].traceback
    assert len(caught.value.results) == 8


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL")
def test_a_worker_that_dies_loses_only_what_was_under_way(tmp_path):
    def dies(seed, p):
        if seed == 2 and p == 0.5 and os.environ.get("DIE"):
            deadline = time.monotonic() + 20
            while len(list(tmp_path.glob("*/*/*.json"))) < 7 and time.monotonic() < deadline:
                time.sleep(0.01)
            os.kill(os.getpid(), signal.SIGKILL)
        return {"a": p + seed}

    os.environ["DIE"] = "1"  # workers that are started now inherit it
    joblib.externals.loky.get_reusable_executor().shutdown(wait=True)
    try:
        with pytest.raises(RunsStopped, match=r"the workers stopped \(TerminatedWorkerError"):
            run(declared(dies), workers=2, store=tmp_path)
    finally:
        del os.environ["DIE"]
    results = run(declared(dies), workers=1, store=tmp_path)
    assert results.n_read >= 7
    assert results.to_csv() == run(declared(dies), workers=1, store=False).to_csv()


def test_a_worker_that_grows_is_replaced_and_no_run_is_lost_nor_a_warning_given():
    def grows(seed, p):
        sys.grown = [*getattr(sys, "grown", []), np.ones(50_000_000)]  # 400 MB, kept
        time.sleep(1.1)  # loky looks at its workers once a second
        return {"a": p + seed}

    results = run(declared(grows, seeds=range(2)), workers=2, store=False)

    assert results.final("a", p=0.5).tolist() == [0.5, 1.5]


def test_a_store_that_fails_stops_the_workers_without_a_warning(monkeypatch):
    def full(path, content):
        raise OSError(28, "No space left on device")

    def slow(seed, p):
        return {"a": np.ones(100_000).sum()}

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    with pytest.raises(OSError, match="No space left on device; 0 of 90 runs are kept"):
        run(declared(slow, seeds=range(30)), workers=2)


def test_a_function_that_cannot_travel_is_refused_before_any_run():
    lock = threading.Lock()

    def locked(seed, p):
        with lock:
            return {"a": p}

    with pytest.raises(TypeError, match=r"function must be one that can be sent .*workers=1"):
        run(declared(locked), workers=2, store=False)
    assert run(declared(locked), store=False).n_computed == 9


@pytest.mark.parametrize("main", [True, False], ids=["__main__", "imported"])
def test_functions_of_a_script_reach_the_workers(tmp_path, main):
    (tmp_path / "script.py").write_text(
        "import os\n"
        "from dropoutlab.experiments import Experiment, run\n"
        "class Twice:\n"
        "    def __call__(self, x): return FACTOR * x\n"
        "FACTOR = 2\n"
        "def measure(seed, p): return {'a': Twice()(p), 'pid': os.getpid()}\n"
        "e = Experiment('e', measure, grid={'p': [1, 2]}, seeds=[0, 1])\n"
        "def both():\n"
        "    results = run(e, workers=2, store=False)\n"
        "    table = results.table\n"
        "    assert os.getpid() not in set(table.value[table.metric == 'pid'])\n"
        "    print(results.final('a', p=2))\n"
        "if __name__ == '__main__': both()\n"
    )
    arguments = ["script.py"] if main else ["-c", "import script; script.both()"]
    done = subprocess.run(
        [sys.executable, *arguments], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.stdout.strip(), done.stderr) == ("[4. 4.]", "")


# A cluster


def test_a_backend_with_room_for_one_is_told_of_two_while_runs_are_sent():
    class OnePlace:
        def effective_n_jobs(self, n_jobs):
            return 1

    backend = OnePlace()
    with engine._never_here(backend):
        assert backend.effective_n_jobs(-1) == 2  # with one, joblib would compute here
    assert backend.effective_n_jobs(-1) == 1


def test_an_address_without_a_scheduler_is_said_in_a_sentence():
    pytest.importorskip("distributed")  # which has settings of its own
    import dask

    address = f"tcp://127.0.0.1:{free_port()}"
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "100ms"}),
        pytest.raises(RuntimeError, match=f"no Dask scheduler answers at {address}: "),
        on_dask(address),
    ):
        pass


@pytest.fixture(scope="module")
def client():
    distributed = pytest.importorskip("distributed")
    cluster = distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=":0"
    )
    with cluster, distributed.Client(cluster) as client:
        yield client


def meeting(seed, p, folder):
    """Wait until the other worker is here: proof that both work at the same time."""
    from pathlib import Path
    from time import monotonic, sleep

    Path(folder, f"{os.getpid()}").touch()
    deadline = monotonic() + 20
    while len(os.listdir(folder)) < 2 and monotonic() < deadline:
        sleep(0.01)
    return {"here": len(os.listdir(folder)), **whereabouts(seed, p)}


def test_both_workers_of_a_dask_cluster_work(client, tmp_path):
    folder = tmp_path / "meeting"
    folder.mkdir()
    experiment = Experiment(
        "meeting", meeting, grid={"p": [0.5], "folder": [str(folder)]}, seeds=range(8)
    )
    with joblib.parallel_config("dask"):
        table = run(experiment).table
    workers = {info["pid"] for info in client.run(lambda: {"pid": os.getpid()}).values()}
    assert set(table.value[table.metric == "pid"]) == workers
    assert len(workers - {os.getpid()}) == 2
    assert set(table.value[table.metric == "here"]) == {2.0}
    assert set(table.value[table.metric == "blas threads"]) == {1.0}


@pytest.mark.parametrize("function", [measure, train])
def test_rows_from_a_dask_cluster_are_those_of_one_process(client, function):
    with joblib.parallel_config("dask"):
        distributed = run(declared(function))
    assert distributed.n_computed == 9
    assert distributed.to_csv() == run(declared(function), workers=1, store=False).to_csv()


def test_a_failure_on_a_dask_cluster_leaves_the_others_complete(client):
    def fails(seed, p):
        if seed == 1:
            raise ValueError("not here")
        return {"a": p}

    with joblib.parallel_config("dask"), pytest.raises(RunsFailed) as caught:
        run(declared(fails))
    assert len(caught.value.failures) == 3
    assert len(caught.value.results) == 6

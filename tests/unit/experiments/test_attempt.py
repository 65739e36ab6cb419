"""A run comes back as what it measured or as how it failed, and alters nothing around it."""

import os
import pickle
import re
import subprocess
import sys
import threading

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from dropoutlab.data import DataUnavailable
from dropoutlab.experiments import attempt as module
from dropoutlab.experiments.attempt import Refused, alone, attempt, attempt_sent, packed
from dropoutlab.experiments.conditions import conditions
from dropoutlab.experiments.failures import FailedRun
from dropoutlab.experiments.measurements import Measurement


def threads():
    return {pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"}


def test_a_run_comes_back_with_its_measurements_and_duration():
    run = attempt(lambda seed, p: {"a": [seed, p]}, {"p": 0.5}, 3)
    assert (run.setting, run.seed) == ({"p": 0.5}, 3)
    assert run.measured == {"a": Measurement((3.0, 0.5), (0, 1))}
    assert 0 <= run.seconds < 1


@pytest.mark.parametrize(
    ("error", "written"),
    [
        (ZeroDivisionError("by zero"), "ZeroDivisionError: by zero"),
        (KeyError("p"), "KeyError: 'p'"),
        (SystemExit(3), "SystemExit: 3"),
    ],
)
def test_an_exception_comes_back_as_a_failure_that_can_be_sent(error, written):
    def fails(seed):
        raise error

    failed = attempt(fails, {}, 3)
    assert (failed.seed, failed.error) == (3, written)
    assert "in fails" in failed.traceback
    assert pickle.loads(pickle.dumps(failed)) == failed


def test_what_cannot_be_kept_is_a_failure_of_the_run():
    failed = attempt(lambda seed, p: {"a": np.nan}, {"p": 0.5}, 3)
    assert isinstance(failed, FailedRun)
    assert str(failed) == "p=0.5, seed 3: ValueError: 'a' must be finite, got nan"


def test_an_interruption_is_not_a_failure_of_the_run():
    def interrupted(seed):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        attempt(interrupted, {}, 0)


def divmod_of(seed, p):
    return {"a": divmod(seed, p)}


def lacks_data(seed, p):
    raise DataUnavailable("mnist/train.gz has another SHA-256: ab, not cd")


def test_a_run_says_on_which_machine_it_was():
    machine = attempt(divmod_of, {"p": 2}, 7).machine
    assert machine["versions"]["numpy"] == np.__version__
    assert machine["processors"] >= 1


def sent(function, **changes):
    wanted = conditions(function) | changes
    return attempt_sent(packed(pickle.dumps(function), wanted), {"p": 2}, 7)


def test_a_function_may_be_sent_with_what_it_depends_on():
    assert sent(divmod_of).measured["a"].values == (3.0, 1.0)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"numpy": "1.0"}, f"numpy {np.__version__} there, 1.0 here"),
        ({"torch": "none"}, "torch .* there, none here"),
        (
            {"dropoutlab.loop": "abc"},
            "another dropoutlab: .*loop is .* there, abc here",
        ),
    ],
)
def test_where_it_would_mean_something_else_the_run_is_refused(changes, reason):
    refused = sent(divmod_of, **changes)
    assert isinstance(refused, Refused)
    assert re.fullmatch(reason, refused.reason)
    assert refused.worker.endswith(f"(process {os.getpid()})")


def test_a_worker_whose_library_was_edited_refuses(monkeypatch):
    monkeypatch.setattr(module, "changed", lambda modules: "dropoutlab.loop")
    module._unpacked.cache_clear()
    refused = sent(divmod_of)
    assert refused.reason == "dropoutlab.loop changed there after the worker had imported it"
    module._unpacked.cache_clear()


def test_a_worker_without_the_data_refuses_and_the_caller_fails():
    assert sent(lacks_data).reason == "mnist/train.gz has another SHA-256: ab, not cd"
    assert isinstance(attempt(lacks_data, {"p": 2}, 7), FailedRun)


def test_matrix_products_of_a_run_have_one_thread_and_others_what_they_had():
    with threadpool_limits(2, user_api="blas"):
        before, within = threads(), []
        attempt(lambda seed: within.append(threads()), {}, 0)
        assert within == [{1}]
        assert threads() == before == {2}


def test_torch_has_one_thread_in_a_run_and_afterwards_what_it_had():
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        run = attempt(lambda seed: {"threads": torch.get_num_threads()}, {}, 0)
        assert run.measured["threads"].values == (1.0,)
        assert torch.get_num_threads() == 2
    finally:
        torch.set_num_threads(before)


def test_torch_has_one_thread_in_runs_in_threads():
    torch = pytest.importorskip("torch")
    before, within = torch.get_num_threads(), []
    torch.set_num_threads(2)
    try:
        with alone():
            note = lambda seed: within.append(torch.get_num_threads())  # noqa: E731
            run = threading.Thread(target=attempt, args=(note, {}, 0))
            run.start()
            run.join(10)
            assert within == [1]
        run = threading.Thread(target=lambda: within.append(torch.get_num_threads()))
        run.start()
        run.join(10)
        assert within == [1, 2]
    finally:
        torch.set_num_threads(before)


def test_torch_imported_within_a_run_finds_one_thread_too():
    pytest.importorskip("torch")
    code = (
        "from dropoutlab.experiments.attempt import attempt\n"
        "def run(seed):\n"
        "    import torch\n"
        "    return {'threads': torch.get_num_threads()}\n"
        "print(attempt(run, {}, 0).measured['threads'].values)"
    )
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    printed = subprocess.run(
        [sys.executable, "-c", code],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == "(1.0,)"


def test_the_environment_is_as_before_after_a_run_that_failed(monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "7")
    monkeypatch.delenv("DROPOUTLAB_PROGRESS", raising=False)
    within = {}

    def fails(seed):
        within.update(os.environ)
        raise ValueError

    attempt(fails, {}, 0)
    assert (within["OMP_NUM_THREADS"], within["DROPOUTLAB_PROGRESS"]) == ("1", "0")
    assert os.environ["OMP_NUM_THREADS"] == "7"
    assert "DROPOUTLAB_PROGRESS" not in os.environ


def test_runs_in_threads_have_one_thread_each_while_any_other_is_under_way():
    first_is_in, first_may_go = threading.Event(), threading.Event()
    before, within = threads(), []

    def first(seed):
        first_is_in.set()
        first_may_go.wait(10)

    def second(seed):
        first_may_go.set()
        runs[0].join(10)
        within.append(threads())

    runs = [threading.Thread(target=attempt, args=(f, {}, 0)) for f in (first, second)]
    runs[0].start()
    first_is_in.wait(10)
    runs[1].start()
    runs[1].join(10)
    assert within == [{1}]
    assert threads() == before
    assert "DROPOUTLAB_PROGRESS" not in os.environ


def test_the_thread_that_starts_runs_in_threads_can_limit_them_all():
    within = []
    with threadpool_limits(2, user_api="blas"):
        with alone():
            note = lambda seed: within.append(threads())  # noqa: E731
            run = threading.Thread(target=attempt, args=(note, {}, 0))
            run.start()
            run.join(10)
        assert threads() == {2}
    assert within == [{1}]

"""The manifest says who computed what, with which versions, when and how."""

import json
import socket
import subprocess
import sys
from dataclasses import replace
from datetime import datetime
from importlib.metadata import version
from types import SimpleNamespace

import pytest

from dropoutlab.experiments import Experiment, run
from dropoutlab.experiments.conditions import conditions
from dropoutlab.experiments.manifest import command
from dropoutlab.experiments.run_store import open_store


def measure(seed, p):
    return {"error": p}


EXPERIMENT = Experiment(
    "rate", measure, grid={"p": [0.0, 0.5]}, seeds=[1, 4], description="größer"
)


def test_it_names_experiment_settings_versions_machine_and_code():
    manifest = run(EXPERIMENT).manifest
    assert manifest["experiment"] == "rate"
    assert manifest["settings"] == [{"p": 0.0}, {"p": 0.5}]
    assert manifest["seeds"] == [1, 4]
    assert manifest["conditions"] == conditions(measure)
    assert manifest["partial"] is False
    assert manifest["versions"]["python"] == "{}.{}.{}".format(*sys.version_info)
    for package in ("dropoutlab", "numpy", "scipy", "joblib"):
        assert manifest["versions"][package] == version(package)
    assert manifest["machine"]["processors"] >= 1


def test_it_counts_what_was_computed_and_what_was_read():
    run(Experiment("rate", measure, grid={"p": [0.5]}, seeds=[1]))
    results = run(EXPERIMENT)
    assert results.manifest["runs"].items() >= {"total": 4, "computed": 3, "read": 1}.items()
    assert (results.n_computed, results.n_read) == (3, 1)


def test_it_has_the_times_of_the_call_in_utc_and_the_sum_of_the_runs():
    manifest = run(EXPERIMENT).manifest
    started, finished = (datetime.fromisoformat(manifest[k]) for k in ("started", "finished"))
    assert started.utcoffset().total_seconds() == 0
    assert 0 <= (finished - started).total_seconds() <= 2
    assert 0 < manifest["seconds"] < 60
    assert 0 <= manifest["runs"]["seconds"] <= manifest["seconds"]


def test_it_lists_every_machine_that_computed_with_its_versions_and_runs():
    run(EXPERIMENT)
    opened = open_store(EXPERIMENT, None)
    (first, *_) = opened.runs()
    there = {"host": "a", "platform": "Plan9", "processors": 1, "versions": {"numpy": "2.0"}}
    opened.write(replace(first, machine=there))
    machines = run(EXPERIMENT).manifest["machines"]
    assert [(m["runs"], m["versions"]["numpy"]) for m in machines if m["host"] == "a"] == [
        (1, "2.0")
    ]
    assert [m["runs"] for m in machines if m["host"] == socket.gethostname()] == [3]


def test_it_is_json_that_people_can_read(tmp_path):
    written = (run(EXPERIMENT).record(tmp_path) / "manifest.json").read_bytes()
    assert json.loads(written)["description"] == "größer"
    assert b"gr\xc3\xb6\xc3\x9fer" in written
    assert written.count(b"\n") > 20


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["-c", "{code}", "a b"], "python -c 'a b'"),
        (["{file}", "--n", "3"], "python script.py --n 3"),
        (["-m", "script", "x"], "python -m script x"),
    ],
)
def test_the_command_is_what_one_would_type(tmp_path, arguments, expected):
    code = "from dropoutlab.experiments.manifest import command; print(command())"
    (tmp_path / "script.py").write_text(code)
    filled = [a.format(code=code, file=tmp_path / "script.py") for a in arguments]
    printed = subprocess.run(
        [sys.executable, *filled], cwd=tmp_path, capture_output=True, text=True, check=True
    ).stdout
    assert printed.strip() == expected


def test_a_notebook_is_called_a_notebook(monkeypatch):
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: object()))
    assert command() == "notebook"
    monkeypatch.setitem(sys.modules, "IPython", SimpleNamespace(get_ipython=lambda: None))
    assert command() != "notebook"

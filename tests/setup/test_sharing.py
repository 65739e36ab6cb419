"""Tests are shared out between processes, and those that share something stay together."""

import shutil
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import pytest

CONFTEST = Path(__file__).parents[1] / "conftest.py"
MODULE = """
import os, pytest

@pytest.fixture(params=["a.html", "b.html"], scope="module")
def first_visit(request):
    return request.param

@pytest.mark.parametrize("name", ["loop", "bomb", "flood", "spin"])
def test_file(name):
    note("file {name}")

@pytest.mark.parametrize("n", range(4))
def test_page(first_visit, n):
    note("page " + first_visit)

@pytest.mark.xdist_group("marked")
@pytest.mark.parametrize("n", range(2))
def test_group(n):
    note("marked")

def note(what):
    with open("notes", "a") as notes:
        notes.write(os.environ["PYTEST_XDIST_WORKER"] + " {name} " + what + "\\n")
"""


@pytest.mark.full
def test_a_file_a_page_and_a_marked_group_stay_in_one_process(tmp_path):
    shutil.copy(CONFTEST, tmp_path)
    for name in "one", "two", "three":
        text = MODULE.replace("{name}", name)
        (tmp_path / f"test_{name}.py").write_text(text)

    command = [sys.executable, "-m", "pytest", "-n", "2", "--dist=loadgroup", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout
    workers = defaultdict(set)
    for line in (tmp_path / "notes").read_text().splitlines():
        worker, name, what = line.split(" ", 2)
        workers["marked" if what == "marked" else f"{name} {what}"].add(worker)
    assert len(workers) == 3 * 3 + 1
    assert {len(one) for one in workers.values()} == {1}
    assert len(set.union(*workers.values())) == 2


@pytest.mark.full
def test_both_processes_collect_the_same_names_where_bytes_hold_the_clock(tmp_path):
    shutil.copy(CONFTEST, tmp_path)
    (tmp_path / "test_bytes.py").write_text(
        "import os, pytest\n"
        '@pytest.mark.parametrize("content", [os.urandom(4), os.urandom(4)])\n'
        "def test_bytes(content):\n    pass\n"
    )

    command = [sys.executable, "-m", "pytest", "-n", "2", "-q"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)

    assert done.returncode == 0, done.stdout

"""Every command of the page "A sweep on many machines" does what the page says.

Scheduler, workers and jobs are processes of their own. ``ssh``, ``sbatch`` and ``scancel``
are stand-ins that start and end them on this machine; everything else is the real thing.
The experiment is shortened, in a copy of the library: one epoch, two seeds.
"""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest
from dask_processes import free_port

from dropoutlab.experiments import load_recorded
from dropoutlab.experiments.library import checkout

pytest.importorskip("dask_jobqueue")
pytestmark = pytest.mark.skipif(os.name != "posix", reason="the page is for POSIX shells")

STAND_INS = {
    "ssh": 'shift; exec sh -c "$*"',
    "sbatch": """
wait=; if [ "$1" = --wait ]; then wait=1; shift; fi
script=$(mktemp); cp "$1" "$script"
for i in $(seq "$(sed -n 's/^#SBATCH --array=1-//p' "$1" | grep . || echo 1)"); do
  SLURM_ARRAY_TASK_ID=$i setsid bash "$script" > "$script.$i.log" 2>&1 &
done
echo "Submitted batch job $!"
if [ -n "$wait" ]; then wait; fi""",
    "scancel": 'kill -- "-$1"',
}


@pytest.fixture
def reader(tmp_path, monkeypatch):
    """The checkout of somebody who reads the page, with commands on the path."""
    (tmp_path / "bin").mkdir()
    for name, text in STAND_INS.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/bash\n{text}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    there = tmp_path / "checkout"
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(checkout() / "lib", there / "lib", ignore=ignored)
    for marker in ("pyproject.toml", "_config.yml"):
        (there / marker).touch()
    rate = there / "lib" / "dropoutlab" / "experiments" / "catalogue" / "rate.py"
    text = rate.read_text()
    shortened = text.replace(
        "N_EPOCHS, LR, MOMENTUM = 64, 20", "N_EPOCHS, LR, MOMENTUM = 64, 1"
    )
    shortened = shortened.replace("seeds=range(5)", "seeds=range(2)")
    assert len(shortened) == len(text) - 1
    rate.write_text(shortened)
    path = (tmp_path / "bin", Path(sys.executable).parent, os.environ["PATH"])
    monkeypatch.setenv("PATH", os.pathsep.join(map(str, path)))
    monkeypatch.setenv("PYTHONPATH", str(there / "lib"))
    monkeypatch.delenv("DROPOUTLAB_STORE")
    return there


def blocks():
    """Return the page's code: its language, the name it is saved under, itself."""
    page = (checkout() / "chapters" / "sweeps.md").read_text(encoding="utf-8")
    found = []
    for match in re.finditer(r"^```(\w+)\n(.*?)^```$", page, re.DOTALL | re.MULTILINE):
        before = page[: match.start()].rstrip().rpartition("\n")[2]
        name = re.search(r"Save this as `([\w.]+)`", before)
        found.append((match[1], name and name[1], match[2]))
    return found


@pytest.mark.full
def test_every_command_of_the_page_does_what_it_says(reader):
    port, said, shells = str(free_port()), [], []
    try:
        for i, (language, name, code) in enumerate(blocks()):
            code = code.replace("8786", port).replace("//head:", "//127.0.0.1:")
            if language != "sh":
                (reader / name).write_text(code)
                continue
            with (reader / f"{i}.out").open("w+") as output:
                shell = subprocess.Popen(
                    ["bash", "-e", "-c", code],
                    cwd=reader,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    start_new_session=True,
                )
                shells.append(shell)
                assert shell.wait(120) == 0, (code, (reader / f"{i}.out").read_text())
                said.append((reader / f"{i}.out").read_text())
    finally:
        for shell in shells:
            with suppress(ProcessLookupError):
                os.killpg(shell.pid, signal.SIGKILL)
    text = "\n".join(said)
    assert text.count("12 runs computed, 0 read from the store") == 2  # here, and over ssh
    assert "12 runs of rate were removed from" in text
    assert "Results(rate: 6 settings × 2 seeds; 12 computed, 0 read)" in text  # Slurm
    assert (
        re.findall(r"shard-\d: (\d) runs of rate copied, 0 were there$", text, re.M)
        == ["4"] * 3
    )
    assert "Recorded as partial, 6 of 12 runs, in" in text
    assert "results/rate: 6 runs of rate copied, 0 were there" in text
    assert "6 runs computed, 6 read from the store" in text
    manifest = json.loads((reader / "results" / "rate" / "manifest.json").read_text())
    assert (manifest["partial"], sum(m["runs"] for m in manifest["machines"])) == (False, 12)
    assert len(load_recorded(reader / "results" / "rate")) == 12

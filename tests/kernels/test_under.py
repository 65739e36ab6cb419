"""A command is run under other kernels than this processor's own, and its failure counts."""

import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = Path(__file__).with_name("under.py")
SAYS = f"""
import runpy
print("seen", runpy.run_path({str(SCRIPT)!r})["chosen"]({{}}))
"""


@pytest.mark.full
@pytest.mark.parametrize(("also", "status"), [("", 0), ("raise SystemExit(3)", 1)])
def test_a_command_sees_the_kernels_that_are_named(also, status):
    command = [sys.executable, SCRIPT, "--first", sys.executable, "-c", SAYS + also]
    result = subprocess.run(command, capture_output=True, text=True)
    if "Run under other kernels: 0" in result.stdout:
        pytest.skip("this processor has no other kernels")
    lines = result.stdout.splitlines()
    (seen,) = (i for i, line in enumerate(lines) if line.startswith("seen"))
    own, told, found = (lines[i].partition("{")[2] for i in (0, seen - 1, seen))
    assert found == told != own
    assert result.returncode == status

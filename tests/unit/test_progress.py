"""The bar is there where somebody watches, and nowhere else."""

import io
import itertools
import sys

import pytest

from dropoutlab.progress import progress_bar


class Terminal(io.StringIO):
    def isatty(self):
        return True


@pytest.mark.parametrize(
    ("progress", "environment", "terminal", "drawn"),
    [
        (None, None, False, False),
        (None, None, True, True),
        (None, "0", True, False),
        (None, "1", False, True),
        (False, "1", True, False),
        (True, "0", False, True),
    ],
)
def test_a_bar_is_drawn_on_long_work_in_a_terminal_or_where_it_is_asked_for(
    progress, environment, terminal, drawn, monkeypatch
):
    monkeypatch.delenv("DROPOUTLAB_PROGRESS", raising=False)
    if environment is not None:
        monkeypatch.setenv("DROPOUTLAB_PROGRESS", environment)
    monkeypatch.setattr(sys, "stderr", Terminal() if terminal else io.StringIO())
    # A clock that moves on by one second whenever it is looked at.
    monkeypatch.setattr("tqdm.std.time", itertools.count(1000).__next__)
    with progress_bar(progress, 10, unit="steps") as bar:
        for _ in range(10):
            bar.update()
    assert ("10/10" in sys.stderr.getvalue()) == drawn

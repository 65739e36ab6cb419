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


def test_in_the_log_of_a_batch_job_a_line_a_minute_says_how_far_it_is(monkeypatch, capsys):
    clock = iter([0.0, 30.0, 61.0, 90.0, 122.0])
    monkeypatch.setattr("dropoutlab.progress.time.monotonic", lambda: next(clock))
    monkeypatch.delenv("DROPOUTLAB_PROGRESS", raising=False)
    with progress_bar("lines", 12, unit="runs", initial=2) as bar:
        for _ in range(4):
            bar.update()
    assert capsys.readouterr().err.splitlines() == [
        "4 of 12 runs, about 4 min left",
        "6 of 12 runs, about 3 min left",
    ]

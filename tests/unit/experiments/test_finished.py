"""A stored run comes back exactly, or not at all."""

import json

import pytest

from dropoutlab.experiments.finished import FinishedRun, identity
from dropoutlab.experiments.measurements import Measurement

RUN = FinishedRun(
    {"p": 0.1 + 0.2, "n": 3, "act": "ReLU é", "bias": True, "decay": None},
    7,
    {"a": Measurement((1 / 3, 1e-300, -0.0), (0, 1, 2)), "b": Measurement((2.0,), None)},
    seconds=0.25,
)


def test_a_run_comes_back_with_every_bit_and_type():
    back = FinishedRun.from_bytes(RUN.to_bytes())
    assert back == RUN
    assert str(back.measured["a"].values[2]) == "-0.0"
    assert [type(v) for v in back.setting.values()] == [float, int, str, bool, type(None)]


def test_every_truncation_is_noticed():
    stored = RUN.to_bytes()
    assert all(FinishedRun.from_bytes(stored[:n]) is None for n in range(len(stored)))


def test_every_changed_digit_is_noticed():
    stored = RUN.to_bytes()
    for i, byte in enumerate(stored):
        if chr(byte).isdigit():
            changed = stored[:i] + b"%d" % ((byte - 47) % 10) + stored[i + 1 :]
            # A last digit beyond what a float can hold changes nothing.
            assert FinishedRun.from_bytes(changed) in (None, RUN), changed


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b'{"run": 3, "sha256": "x"}',
        b"\xff\xfe",
        bytes(200),
        b"<html>502 Bad Gateway</html>",
    ],
)
def test_anything_else_is_no_run(stored):
    assert FinishedRun.from_bytes(stored) is None


def test_a_sound_file_of_another_format_is_no_run(monkeypatch):
    monkeypatch.setattr("dropoutlab.experiments.finished.FORMAT", 3)
    stored = RUN.to_bytes()
    monkeypatch.undo()
    assert json.loads(stored)["run"]["format"] == 3
    assert FinishedRun.from_bytes(stored) is None


def test_runs_have_names_of_their_own_whatever_the_order_of_the_setting():
    different = [
        identity({"p": 0.5, "n": 1}, 0),
        identity({"p": 0.5, "n": 1}, 1),
        identity({"p": 0.5, "n": 1.0}, 0),
        identity({"p": 0.5, "n": "1"}, 0),
        identity({"p": 0.5, "n": True}, 0),
        identity({"p": 0.5}, 0),
    ]
    assert len(set(different)) == len(different)
    assert identity({"n": 1, "p": 0.5}, 0) == different[0]

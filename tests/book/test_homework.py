"""The lines of the teaching guide that look through the saved readings of a class."""

import csv
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

GUIDE = Path(__file__).parents[2] / "chapters" / "teaching.md"
AT = "2026-03-01T10:00:00.000Z"


def reading(stages=(), right=(), sections=(), chapter="6 Does it work?"):
    """Return a file as the page saves it."""
    entry = {
        "page": "chapters/06_does_it_work",
        "chapter": chapter,
        "predictions": [{"name": f"p{i}", "stage": s, "at": AT} for i, s in enumerate(stages)],
        "answers": [{"name": f"q{i}", "right": r, "at": AT} for i, r in enumerate(right)],
        "sections": [{"name": s, "at": AT} for s in sections],
    }
    return json.dumps({"file": "dropout-lab-reading", "version": 1, "chapters": [entry]})


@pytest.fixture
def rows(tmp_path):
    """Return a function that runs the lines over files, and gives what they print."""
    code = re.search(r"## Reading as homework.*?```python\n(.*?)```", GUIDE.read_text(), re.S)
    (tmp_path / "handed-in").mkdir()

    def look(**files):
        for name, text in files.items():
            (tmp_path / "handed-in" / f"{name}.json").write_bytes(text)
        done = subprocess.run(
            [sys.executable, "-I", "-c", code[1]], cwd=tmp_path, capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return list(csv.reader(done.stdout.splitlines()))

    return look


def test_each_learner_and_chapter_is_a_row(rows):
    ada = reading(["compared", "shown", "open", "compared"], [True, False], ["a", "b", "c"])

    head, *body = rows(ada=ada.encode(), bob=reading(chapter="7 A crowd").encode())

    assert head == ["learner", "chapter", "compared", "shown", "answered", "right", "read"]
    assert body == [
        ["ada", "6 Does it work?", "2", "1", "2", "1", "3"],
        ["bob", "7 A crowd", "0", "0", "0", "0", "0"],
    ]


@pytest.mark.parametrize(
    "text",
    [
        *(b"", b"Dear teacher", b"[]", b"3", b"null", b"\xff\xfe", b'{"chapters": 3}'),
        *(b'{"chapters": [3]}', b'{"chapters": [{"chapter": 3}]}', b"[" * 100_000),
        b'{"chapters": [{"chapter": "6", "predictions": [1], "answers": [], "sections": []}]}',
    ],
)
def test_another_file_is_named_and_stops_nothing(rows, text):
    body = rows(ada=text, bob=reading().encode())[1:]

    assert [row[:2] for row in body] == [
        ["ada", "no file of this course"],
        ["bob", "6 Does it work?"],
    ]


def test_no_spreadsheet_computes_what_a_file_says(rows):
    assert rows(ada=reading(chapter="=1+1").encode())[1][1] == "1+1"

"""Hostile and broken submissions: one run grades them all, beside honest ones.

Each attack stands in the cell of the forward pass. It must not gain a point there, nor take
one from anybody else. `make test` hands in some of them, `make test-coursework` all.
"""

import contextlib
import csv
import json
import os
import socket
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from grading.batch import Batch, grade
from grading.reports.grades import reason
from grading.running import sandbox
from support import ENVIRONMENT, hand_in, handed_in, make_class

pytestmark = [pytest.mark.timeout(400), pytest.mark.usefixtures("sandbox")]

MARK = f"hostile-{uuid.uuid4()}"  # in the environment of every process of theirs
IDENTITY = "def dropout_forward(x, p, rng, training=True):\n    return x, None\n"
# Those that `make test` hands in, beside the broken files.
EVERYDAY = {
    *("infinite loop", "os._exit", "memory bomb", "fork bomb", "patches the worker"),
    *("an error with markup", "looks around"),
}
# What a cell does when it runs, and afterwards calls itself a forward pass.
AT_ONCE = {
    "infinite loop": "while True:\n    pass",
    "loop that swallows interrupts": (
        "while True:\n    try:\n        while True:\n            pass\n"
        "    except BaseException:\n        pass"
    ),
    "sys.exit": "import sys\nsys.exit(0)",
    "os._exit": "import os\nos._exit(0)",
    "kills itself": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "kills everything it can": "import os, signal\nos.kill(-1, signal.SIGKILL)",
    "kills its parent": "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)",
    "memory bomb": "hog = []\nwhile True:\n    hog.append(bytearray(50_000_000))",
    "fork bomb": "import os\nwhile True:\n    os.fork()",
    "prints 50 MB": "print('x' * 50_000_000)",
    "writes 50 MB to the pipes": "import os\nfor fd in range(3, 30):\n    try:\n        os.write(fd, b'x' * 50_000_000)\n    except OSError:\n        pass",
    "closes its pipes": "import os\nos.closerange(3, 200)",
    "garbage to the judge": "import os\nfor fd in range(3, 30):\n    try:\n        os.write(fd, b'\\xff' * 64)\n    except OSError:\n        pass",
    "stops its process": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
    "deep recursion": "import sys\nsys.setrecursionlimit(10**9)\ndef f():\n    f()\nf()",
    "deep syntax": "x = " + "(" * 5000 + ")" * 5000,
    "null bytes": "x = '\0'",
    "patches numpy": (
        "import numpy as np\nnp.array_equal = lambda *a, **k: True\n"
        "np.isclose = np.allclose = lambda *a, **k: True\nnp.asarray = lambda *a, **k: 1"
    ),
    "patches numpy.testing and assert": (
        "import numpy.testing as t, builtins\nt.assert_allclose = lambda *a, **k: None\n"
        "builtins.AssertionError = type('E', (Exception,), {})\nbuiltins.abs = lambda x: 0"
    ),
    "patches showtraceback": "get_ipython().showtraceback = lambda *a, **k: None",
    "patches the worker": (
        "import sys\nw = sys.modules['__main__']\n"
        "w.answer = lambda *a: {'parts': [{'array': 0}, None], 'kept': [0, 1], 'echo': []}"
    ),
    "patches the wire": (
        "import wire\nwire.Packer.pack = lambda self, value, depth=0: {'array': 10**9}"
    ),
    "answers with nested lists": (
        "import wire\ndef pack(self, value, depth=0):\n    out = 1\n"
        "    for _ in range(900):\n        out = {'list': [out]}\n    return out\n"
        "wire.Packer.pack = pack"
    ),
    "names the judge's functions": (
        "def alarm(*a, **k):\n    return False\ndef fault_across_calls(*a):\n    return None\n"
        "def global_state():\n    return 'x'"
    ),
    "traces every line": "import sys\nsys.settrace(lambda *a: None)",
    "a thread that never ends": (
        "import threading\ndef spin():\n    while True:\n        pass\n"
        "for _ in range(4):\n    threading.Thread(target=spin).start()"
    ),
    "a daemon": (
        "import os\nif os.fork() == 0:\n    os.setsid()\n    while True:\n        pass"
    ),
}
# What the forward pass does when it is called.
WHEN_CALLED = {
    "exits when called": "    import sys\n    sys.exit(0)",
    "os._exit when called": "    import os\n    os._exit(0)",
    "loops when called": "    while True:\n        pass",
    "a lying array": (
        "    class Liar(np.ndarray):\n        def __eq__(self, other):\n            return True\n"
        "        def __array__(self, *a, **k):\n            return np.zeros(3)\n"
        "    return np.asarray(x).view(Liar), None"
    ),
    "returns itself": "    return dropout_forward, dropout_forward",
    "returns a huge array": "    return np.zeros((9000, 9000)), None",
    "returns a huge shape": "    return np.broadcast_to(x.ravel()[:1], (10**6, 10**6)), None",
    "returns NaN": "    return x * np.nan, None",
    "returns objects": "    return np.array([object()] * 3), None",
    "returns zeros": "    return np.zeros_like(x), None",
    "an error that cannot be printed": (
        "    class Bad(Exception):\n        def __str__(self):\n            raise self\n    raise Bad"
    ),
    "an error with markup": "    raise ValueError('<script>alert(1)</script>' + chr(0xD800) + chr(7))",
}
LOOKS_AROUND = """
import os
FOUND = []
for folder, _, names in os.walk("/"):
    if folder.startswith(("/proc", "/sys", "/usr", "/lib")):
        continue
    FOUND += [os.path.join(folder, n) for n in names if n.lower().startswith("a2") or "grading" in folder
              or "gradebook" in n or n.endswith(".ipynb") or "dropoutlab" in n]
FOUND += [name for name in ("dropoutlab", "grading", "nbgrader") if __import__("importlib").util.find_spec(name)]
try:
    import socket
    socket.create_connection(("127.0.0.1", PORT), 2)
    FOUND.append("a server of this machine")
except OSError:
    pass
if os.getuid() == 0:
    FOUND.append("root")
for place in ("/", "/worker", "/packages", "/usr", "/etc", "/dev/shm"):
    try:
        open(place + "/mark", "w").close()
        FOUND.append("wrote in " + place)
    except OSError:
        pass
def dropout_forward(x, p, rng, training=True):
    raise ValueError("found: " + " ".join(FOUND) + ".")
"""


def broken_files(good, released):
    """Return file contents by name, and a word that the reason must have."""
    text = json.dumps(good)
    bom, other = b"\xef\xbb\xbf", text.replace("I tested", "Ich prüfte")
    cells = good["cells"]
    duplicated = {**good, "cells": [c for c in cells for _ in range(2)]}
    reordered = {**good, "cells": cells[::-1]}
    retyped = {**good, "cells": [c | {"cell_type": "raw"} for c in cells]}
    bare = {**good, "cells": [c | {"metadata": {}} for c in cells]}
    edited = json.loads(text)
    for cell in edited["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade"):
            cell["metadata"]["nbgrader"] |= {"points": 1000, "schema_version": 99}
            cell["source"] = "True" if cell["cell_type"] == "code" else cell["source"]
            cell["metadata"]["tags"] = ["skip-execution"]
    three = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {},
        "worksheets": [{"cells": [{**c, "input": c["source"]} for c in cells]}],
    }
    kernel = {**good, "metadata": {"kernelspec": {"name": "julia", "display_name": "J"}}}
    unmarked = [c for c in cells if "nbgrader" not in c["metadata"]]
    return {
        "empty": (b"", 0, "empty"),
        "blank": (b" \n", 0, "empty"),
        "not JSON": (b"{'cells': []", 0, "JSON"),
        "a list": (b"[1, 2]", 0, "not a notebook"),
        "deep JSON": (b"[" * 100_000, 0, "JSON"),
        "no cells": (b'{"nbformat": 4}', 0, "no cells"),
        "odd cells": (b'{"nbformat": 4, "cells": [1, null, {"source": 5}]}', 0, "missing"),
        "cut off": (text.encode()[:2000], 0, "JSON"),
        "random bytes": (bytes(range(256)) * 40, 0, "JSON"),
        "byte-order mark": (bom + text.encode(), 38, "byte-order mark"),
        "UTF-16": (text.encode("utf-16"), 38, "utf-16"),
        "Latin-1": (json.dumps(json.loads(other), ensure_ascii=False).encode("latin-1", "replace"), 38, "latin-1"),
        "lone surrogate": (text.replace("I tested", "\\ud800").encode(), 38, "passed"),
        "format 3": (json.dumps(three).encode(), 38, "format 3"),
        "another kernel": (json.dumps(kernel).encode(), 38, "passed"),
        "duplicated cells": (json.dumps(duplicated).encode(), 38, "passed"),
        "reordered cells": (json.dumps(reordered).encode(), 38, "passed"),
        "retyped cells": (json.dumps(retyped).encode(), 38, "passed"),
        "no metadata": (json.dumps(bare).encode(), 38, "passed"),
        "edited tests": (json.dumps(edited).encode(), 38, "passed"),
        "deleted cells": (json.dumps({**good, "cells": unmarked}).encode(), 0, "missing"),
        "huge": (b" " * (21 << 20), 0, "larger"),
    }  # fmt: skip


def attacks(*names):
    """Return attacks as parameters, those of every day marked."""
    everyday = pytest.mark.everyday
    return [pytest.param(name, marks=[everyday] if name in EVERYDAY else []) for name in names]


@pytest.fixture(scope="module")
def attackers(request):
    """The attacks that the tests of this run ask about."""
    items = [item for item in request.session.items if item.path == request.path]
    return {item.callspec.params["name"] for item in items if hasattr(item, "callspec")}


@pytest.fixture(scope="module")
def outcome(tmp_path_factory, a2, attackers):
    folder = tmp_path_factory.mktemp("hostile")
    course, released = make_class(
        folder / "class", "[limits]\ncpu_seconds = 5\nseconds = 15\ntotal_seconds = 60\n"
    )
    words = {"evidence": "I tested.", "spread": "The variance."}
    good = handed_in(released, a2.references | words)
    files = broken_files(good, released)
    for name, (data, _, _) in files.items():
        hand_in(folder / "in" / name, data)
    server = socket.create_server(("127.0.0.1", 0))
    looks_around = LOOKS_AROUND.replace("PORT", str(server.getsockname()[1]))
    for name, code in (AT_ONCE | {"looks around": looks_around}).items():
        if name not in attackers:
            continue
        cell = code if name == "looks around" else f"{code}\n{IDENTITY}"
        hand_in(
            folder / "in" / name, handed_in(released, a2.references | {"dropout_forward": cell})
        )
    for name, code in WHEN_CALLED.items():
        if name not in attackers:
            continue
        cell = f"def dropout_forward(x, p, rng, training=True):\n{code}\n"
        hand_in(
            folder / "in" / name, handed_in(released, a2.references | {"dropout_forward": cell})
        )
    for name in ("a honest", 'Zoë O\'Brien "Zo" [x]*', "zz honest"):
        hand_in(folder / "in" / name, good)
    (folder / "in" / "link").mkdir()
    (folder / "in" / "link" / "A2.ipynb").symlink_to(course.root / "source/A2/A2.ipynb")
    (folder / "in" / "nothing").mkdir()
    hand_in(folder / "in" / "wrong name", good, "a2 final.ipynb")
    hand_in(folder / "in" / "not a notebook", b"%PDF", "A2.pdf")
    with server, pytest.MonkeyPatch.context() as patch:
        surroundings = sandbox._environment() | {"MARK": MARK}
        patch.setattr(sandbox, "_environment", lambda: surroundings)
        report = grade(Batch(course, "A2", folder / "in"), say=lambda line: None)
    return {row.record.name: row for row in report.rows}, report, files


def reasons(row):
    return reason(row.record)


@pytest.mark.everyday
def test_every_submission_has_one_grade_and_a_reason(outcome, attackers):
    rows, report, files = outcome

    lines = report.grades.read_text(encoding="utf-8").splitlines()

    n_attacks = len(attackers & {*AT_ONCE, *WHEN_CALLED, "looks around"})
    assert len(rows) == n_attacks + len(files) + 7
    assert len(lines) == len(rows) + 1
    for row in rows.values():
        assert reasons(row)
        assert "judging failed" not in reasons(row)


@pytest.mark.parametrize("name", attacks(*AT_ONCE, *WHEN_CALLED, "looks around"))
def test_an_attack_gains_nothing_and_costs_nobody_else(outcome, name):
    row = outcome[0][name]
    tasks = row.record.verdict.tasks

    assert tasks["dropout_forward"].points == 0
    assert tasks["dropout_forward"].failed
    if name == "a thread that never ends":  # its time runs out wherever it happens to be
        return
    for cell in ("exact_moments", "dropout_layer", "gradient_error"):
        assert tasks[cell].points in (0, tasks[cell].max_points)


@pytest.mark.parametrize(
    "name",
    attacks(
        *WHEN_CALLED, "sys.exit", "os._exit", "kills itself", "infinite loop", "memory bomb"
    ),
)
def test_an_attack_in_one_cell_does_not_cost_the_tasks_after_it(outcome, name):
    tasks = outcome[0][name].record.verdict.tasks

    for cell in ("exact_moments", "dropout_layer", "gradient_error", "diagnosis"):
        assert tasks[cell].points == tasks[cell].max_points, tasks[cell].failed


@pytest.mark.everyday
@pytest.mark.parametrize(
    "name", ["a honest", 'Zoë O\'Brien "Zo" [x]*', "zz honest", "wrong name"]
)
def test_honest_learners_beside_them_get_their_points(outcome, name):
    row = outcome[0][name]

    assert row.record.verdict.points == 38
    assert row.scores.points["evidence"] is None


@pytest.mark.everyday
def test_broken_files_are_graded_or_said_to_be_unreadable(outcome):
    rows, _, files = outcome

    for name, (_, points, word) in files.items():
        assert rows[name].record.verdict.points == points, (name, reasons(rows[name]))
        assert word in reasons(rows[name]), (name, reasons(rows[name]))


@pytest.mark.everyday
def test_links_and_missing_files_are_named_and_not_followed(outcome):
    rows = outcome[0]

    assert rows["link"].scores.total == 0
    assert "link" in reasons(rows["link"])
    assert "no notebook" in reasons(rows["nothing"])
    assert "A2.pdf" in reasons(rows["not a notebook"])
    assert "a2 final.ipynb" in reasons(rows["wrong name"])


@pytest.mark.everyday
def test_a_worker_finds_no_tests_no_course_no_network_and_no_place_to_write(outcome):
    assert "found: ." in reasons(outcome[0]["looks around"])


@pytest.mark.everyday
def test_feedback_is_small_escaped_and_without_hidden_tests(outcome):
    rows, report, _ = outcome

    for row in rows.values():
        page = (report.feedback / f"{row.record.student}.html").read_text(encoding="utf-8")
        assert len(page) < 100_000
        assert "<script" not in page
        for secret in ("away_from_zero", "fault_in_one_call", "BEGIN SOLUTION"):
            assert secret not in page


@pytest.mark.everyday
def test_nothing_of_theirs_is_left_running(outcome):
    left = []
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):  # gone, or another user's
            if MARK.encode() in (entry / "environ").read_bytes():
                left.append((entry / "cmdline").read_bytes())
    assert not left


@pytest.mark.everyday
def test_the_summary_names_what_is_worth_a_look(outcome):
    page = outcome[1].summary.read_text(encoding="utf-8")

    assert "the answers use" in page
    assert "ended the worker" in page


def test_without_a_sandbox_limits_still_hold_and_points_are_the_same(tmp_path, a2):
    course, released = make_class(tmp_path / "class", "[limits]\ncpu_seconds = 5\n")
    hand_in(tmp_path / "in" / "honest", handed_in(released, a2.references))
    for name in ("infinite loop", "os._exit", "memory bomb", "prints 50 MB"):
        answers = a2.references | {"dropout_forward": f"{AT_ONCE[name]}\n{IDENTITY}"}
        hand_in(tmp_path / "in" / name, handed_in(released, answers))
    words = [sys.executable, "-m", "grading", "grade", tmp_path / "in", "--without-sandbox"]
    words += ["--class-folder", course.root]
    if os.getuid() == 0:  # as an instructor would, under an ordinary account
        account = ["--dev-bind", "/", "/", "--unshare-user", "--uid", "1000", "--gid", "1000"]
        words = ["bwrap", *account, "--", *words]

    done = subprocess.run(
        words, env=ENVIRONMENT, check=True, capture_output=True, text=True, timeout=200
    )

    assert "Without bubblewrap the code of learners can read" in done.stderr
    with (course.reports("A2") / "grades.csv").open(encoding="utf-8", newline="") as file:
        rows = {row["name"]: row for row in csv.DictReader(file)}
    assert rows.pop("honest")["so far"] == "38"
    for name, row in rows.items():
        assert row["dropout_forward"] == "0", name
        assert float(row["gradient_error"]) > 0, name

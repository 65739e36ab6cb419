"""What learners are given: complete, of their class, and without an answer in it."""

import copy
import subprocess
import zipfile

import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from grading.class_folder import open_class
from grading.judging.assignment import load
from grading.judging.tasks.a2_diagnosis import BUGS, LETTERS, culprits
from grading.release import Leak, check_release, pack
from support import CLASS_SEED, handed_in, make_class

pytestmark = pytest.mark.timeout(120)


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    return make_class(tmp_path_factory.mktemp("release") / "class")


def executed(notebook, **options):
    client = NotebookClient(
        nbformat.from_dict(notebook), timeout=60, kernel_name="python3", **options
    )
    return client.execute()


def test_a_new_class_has_secrets_of_its_own_that_git_ignores(tmp_path):
    subprocess.run(["git", "init", "-q", tmp_path], check=True)

    first, second = open_class(tmp_path / "first"), open_class(tmp_path / "second")

    assert first.secret != second.secret
    assert open_class(tmp_path / "first") == first
    status = ["git", "-C", tmp_path, "status", "--porcelain"]
    assert subprocess.run(status, capture_output=True, check=True).stdout == b""


def test_the_zip_holds_the_student_version(released, tmp_path):
    course, notebook = released

    with zipfile.ZipFile(pack(course, "A2", tmp_path)) as archive:
        assert archive.namelist() == ["A2/A2.ipynb"]
        text = archive.read("A2/A2.ipynb").decode()

    assert nbformat.reads(text, as_version=4) == notebook
    assert f"CLASS_SEED = {CLASS_SEED}" in text
    assert "raise NotImplementedError" in text
    assert "BEGIN" not in text


def test_a_solution_that_slips_through_is_noticed(released, a2):
    for name in ("dropout_forward", "gradient_error", "evidence"):
        leaky = copy.deepcopy(released[1])
        cell = next(c for c in leaky.cells if c.id == name)
        cell.source = a2.references[name]
        with pytest.raises(Leak, match=name):
            check_release(a2, leaky)
    leaky = copy.deepcopy(released[1])
    leaky.cells[
        -1
    ].source += "\nmask = rng.random(x.shape) >= p\n    scale = x.dtype.type(1 / (1 - p))"
    with pytest.raises(Leak, match="a line of the solution of dropout_forward"):
        check_release(a2, leaky)


def test_the_reference_passes_every_visible_check(released, a2):
    notebook = executed(handed_in(released[1], a2.references))

    printed = [
        o["text"]
        for c in notebook.cells
        for o in c.get("outputs", [])
        if o.output_type == "stream"
    ]
    assert len(printed) == len(a2.tasks.tasks)


def test_each_visible_check_fails_on_what_was_handed_out(released, a2):
    notebook = executed(handed_in(released[1], {}), allow_errors=True)

    for cell in notebook.cells:
        if cell.id.startswith("test_"):
            assert cell.outputs[-1].output_type == "error", cell.id


def test_the_visible_checks_refuse_an_error(released, a2):
    answers = a2.references | {
        "dropout_forward": a2.stubs["dropout_forward"].replace(
            "raise NotImplementedError()", "return x, None"
        )
    }

    with pytest.raises(CellExecutionError, match="a share p"):
        executed(handed_in(released[1], answers))


def test_every_suspect_has_the_bug_that_the_judge_thinks_it_has(a2):
    space = {}
    for _, source in a2.setup:
        exec(source, space)
    names = culprits(CLASS_SEED)

    assert {
        letter: BUGS[space["suspects"][letter](0.2, None).bug] for letter in LETTERS
    } == names


def test_classes_have_different_numbers():
    seeds = range(40)

    assert len({tuple(culprits(seed).values()) for seed in seeds}) > 35
    assert "CLASS_SEED = 7\n" in load("A2", 7).setup[0][1] + "\n"

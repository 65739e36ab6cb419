"""A class is graded in one go: from what people have, through kills, with points by hand."""

import csv
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from crowd.a2_forward_wrong import WRONG
from crowd.a2_right import RIGHT
from grading.__main__ import main
from grading.batch import Batch, grade
from grading.class_folder import alone, open_class
from grading.handin.collect import collect, which
from grading.handin.roster import Roster, read_late, read_roster
from grading.nbgrader_tools import open_gradebook
from support import ENVIRONMENT, FULL, hand_in, handed_in, make_class

pytestmark = [pytest.mark.timeout(3600 if FULL else 300), pytest.mark.usefixtures("sandbox")]
WORDS = {"evidence": "I tested.", "spread": "The variance."}


@pytest.fixture
def course(tmp_path):
    return make_class(tmp_path / "class")


@pytest.fixture
def good(course, a2):
    return handed_in(course[1], a2.references | WORDS)


@pytest.fixture
def half(course, a2):
    stubs = {name: a2.stubs[name] for name in ("dropout_layer", "gradient_error", "diagnosis")}
    return handed_in(course[1], a2.references | WORDS | stubs)


def run(course, source):
    return grade(Batch(course[0], "A2", source), say=lambda line: None)


def rows_of(report):
    with report.grades.open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


@pytest.mark.everyday
def test_three_learners_as_an_instructor_would_see_them(course, good, half, tmp_path):
    for name, notebook in {"ada": good, "ben": half, "cleo": b"{"}.items():
        hand_in(tmp_path / "in" / name, notebook)

    report = run(course, tmp_path / "in")

    rows = rows_of(report)
    assert [rows[name]["so far"] for name in ("ada", "ben", "cleo")] == ["38", "15", "0"]
    assert rows["ada"]["status"] == "to grade by hand"
    assert "dropout_layer: not answered" in rows["ben"]["reason"]
    assert "no valid JSON" in rows["cleo"]["reason"]
    assert "38 of 46 points" in (report.feedback / "ada.html").read_text(encoding="utf-8")
    summary = report.summary.read_text(encoding="utf-8")
    assert "gradient_error" in summary
    assert "cleo" in summary
    assert "gradient_error, diagnosis is that of our solution" in summary


@pytest.mark.everyday
def test_moodle_canvas_and_nbgrader_downloads_are_understood(course, good, half, tmp_path):
    (course[0].root / "roster.csv").write_text(
        "folder,id,name\n77,m-ada,Ada\nbyronada_12,c-ada,Ada B\nben,ben,=Ben\nzoe,zoe,Zoë\n",
        encoding="utf-8",
    )
    moodle = tmp_path / "moodle"
    hand_in(moodle / "Ada B_77_assignsubmission_file", good)
    with zipfile.ZipFile(tmp_path / "moodle.zip", "w") as archive:
        for path in moodle.rglob("*.ipynb"):
            archive.write(path, path.relative_to(moodle))
        archive.writestr("../../escaped/A2.ipynb", json.dumps(half))
    hand_in(tmp_path / "canvas", half, "byronada_LATE_12_345_A2-1.ipynb")
    hand_in(tmp_path / "canvas", good, "byronada_12_346_A2-2.ipynb")
    hand_in(tmp_path / "tree" / "submitted" / "ben" / "A2", good)

    moodle_rows = rows_of(run(course, tmp_path / "moodle.zip"))
    canvas_rows = rows_of(run(course, tmp_path / "canvas"))
    tree_rows = rows_of(run(course, tmp_path / "tree"))

    assert moodle_rows["m-ada"]["so far"] == "38"
    assert not (tmp_path.parent / "escaped").exists()
    assert [p.name for p in course[0].root.glob("unpacked/A2/*/escaped/*")] == ["A2.ipynb"]
    assert canvas_rows["c-ada"]["so far"] == "38"
    assert "A2-2.ipynb counts" in canvas_rows["c-ada"]["reason"]
    assert tree_rows["ben"]["so far"] == "38"
    assert tree_rows["ben"]["name"] == "'=Ben"
    assert tree_rows["zoe"]["reason"].startswith("nothing was handed in")


def test_a_folder_around_the_learners_is_looked_into(course, good, tmp_path):
    for name in ("ada", "ben"):
        hand_in(tmp_path / "in" / "A2 download" / name, good)
    hand_in(tmp_path / "one" / "ada" / "A2", good)

    assert set(rows_of(run(course, tmp_path / "in"))) == {"ada", "ben"}
    assert collect(tmp_path / "one", "A2", Roster(), tmp_path)[0].student == "ada"


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (["ada/A1.ipynb", "ben/a1-2.ipynb", "cleo/A2.pdf"], "A1"),
        (["ada_LATE_12_345_A3-1.ipynb"], "A3"),
        (["submitted/ada/A2/anything.ipynb", "source/A1/A1.ipynb"], "A2"),
    ],
)
def test_names_say_which_assignment_it_is(tmp_path, files, said):
    for name in files:
        hand_in((tmp_path / "in" / name).parent, b"", Path(name).name)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for name in files:
            if not name.startswith("source"):
                archive.writestr(name, "")

    assert which(tmp_path / "in", ["A1", "A2", "A3"]) == said
    assert which(tmp_path / "in.zip", ["A1", "A2", "A3"]) == said


def test_where_names_do_not_say_it_one_has_to(tmp_path):
    hand_in(tmp_path / "ada", b"", "A1.ipynb")
    hand_in(tmp_path / "ben", b"", "A2.ipynb")
    hand_in(tmp_path / "other" / "ada", b"", "BA20.ipynb")

    with pytest.raises(ValueError, match=r"several assignments, A1 \(1\), A2 \(1\)"):
        which(tmp_path, ["A1", "A2"])
    with pytest.raises(ValueError, match=r"no notebook named after one of A1, A2\."):
        which(tmp_path / "other", ["A1", "A2"])
    with pytest.raises(ValueError, match="no folder and no zip"):
        which(tmp_path / "nowhere", ["A1", "A2"])
    with pytest.raises(ValueError, match=r"A1\.ipynb is not a zip file"):
        which(tmp_path / "ada" / "A1.ipynb", ["A1", "A2"])


def test_who_is_not_there_again_keeps_the_grade(course, good, half, tmp_path, monkeypatch):
    hand_in(tmp_path / "first" / "ada", good)
    hand_in(tmp_path / "first" / "cleo", b"{")
    hand_in(tmp_path / "second" / "ben", half)
    roster = "folder,id\nada,ada\nben,ben\ncleo,cleo\ndora,dora\n"
    run(course, tmp_path / "first")
    (course[0].root / "roster.csv").write_text(roster, encoding="utf-8")

    second = rows_of(run(course, tmp_path / "second"))
    shutil.rmtree(tmp_path / "first")
    monkeypatch.setattr("grading.judging.records.code_digest", lambda private: "mended tests")
    mended = rows_of(run(course, tmp_path / "second"))

    for rows in (second, mended):
        assert [rows[n]["so far"] for n in ("ada", "ben", "cleo", "dora")] == [
            "38",
            "15",
            "0",
            "0",
        ]
        assert "the one that was graded before counts" in rows["ada"]["reason"]
        assert "no valid JSON" in rows["cleo"]["reason"]
        assert rows["dora"]["reason"] == "nothing was handed in"


def test_who_handed_in_another_kind_of_file_is_not_absent_later(course, good, tmp_path):
    (tmp_path / "first" / "hana").mkdir(parents=True)
    (tmp_path / "first" / "hana" / "A2.html").write_text("<p>exported</p>")
    hand_in(tmp_path / "first" / "ada", good)
    hand_in(tmp_path / "second" / "ben", good)
    run(course, tmp_path / "first")

    report = run(course, tmp_path / "second")

    row = rows_of(report)["hana"]
    assert row["status"] == "no readable submission"
    assert row["reason"].startswith("no notebook was handed in, but A2.html")
    assert "nothing was handed in" not in row["reason"]
    page = (report.feedback / "hana.html").read_text(encoding="utf-8")
    assert "Hand in the notebook itself" in page
    assert "hana" in report.summary.read_text(encoding="utf-8")


def test_another_kind_of_file_after_a_graded_one_is_worth_a_look(course, good, tmp_path):
    hand_in(tmp_path / "first" / "ivan", good)
    (tmp_path / "second" / "ivan").mkdir(parents=True)
    (tmp_path / "second" / "ivan" / "A2.html").write_text("<p>exported</p>")
    hand_in(tmp_path / "second" / "ben", good)
    run(course, tmp_path / "first")

    report = run(course, tmp_path / "second")

    row = rows_of(report)["ivan"]
    assert row["so far"] == "38"
    assert row["reason"].endswith(
        "the file of this time is not graded, but the one before: no notebook was handed in, "
        "but A2.html"
    )
    assert "not among the submissions" not in row["reason"]
    summary = report.summary.read_text(encoding="utf-8")
    assert "the file of this time is not graded" in summary[summary.index("Worth a look") :]


def test_final_points_and_pages_go_back_under_the_names_of_the_lms(
    course, good, tmp_path, capsys
):
    for name in ("Ada L_77_assignsubmission_file", "Ben B_78_assignsubmission_file"):
        hand_in(tmp_path / "in" / name, good)
    (tmp_path / "sheet.csv").write_text(
        "Identifier,Full name,Grade,Maximum grade\n"
        "Participant 77,Ada L,-,46.00\nParticipant 78,Ben B,-,46.00\n",
        encoding="utf-8",
    )
    words = ["grade", str(tmp_path / "in"), "--class-folder", str(course[0].root)]
    assert main(words) == 0
    ada, _ = sorted(rows_of(run(course, tmp_path / "in")))
    with open_gradebook(course[0].database) as gradebook:
        for cell in ("evidence", "spread"):
            grade = gradebook.find_grade(cell, "A2", "A2", ada)
            grade.manual_score, grade.needs_manual_grade = 4.0, False
        gradebook.db.commit()

    assert main([*words, "--lms", str(tmp_path / "sheet.csv")]) == 0

    folder = course[0].reports("A2")
    assert (folder / "lms.csv").read_text(encoding="utf-8").splitlines()[1:] == [
        "Participant 77,Ada L,46,46.00",
        "Participant 78,Ben B,-,46.00",
    ]
    with zipfile.ZipFile(folder / "feedback.zip") as archive:
        assert archive.namelist() == ["Ada L_77_assignsubmission_file/A2.html"]
        assert b"46 of 46 points" in archive.read(archive.namelist()[0])
    said = capsys.readouterr().out
    assert "1 of 2 lines filled in; 1 of 2 learners without final points" in said
    assert main([*words, "--lms", str(folder / "grades.csv")]) == 1
    assert "neither Moodle's grading worksheet" in capsys.readouterr().err


def test_a_gradebook_that_is_gone_is_made_anew_and_its_loss_is_said(course, good, tmp_path):
    hand_in(tmp_path / "in" / "ada", good)
    first = rows_of(run(course, tmp_path / "in"))
    course[0].gradebook.unlink()
    said = []

    report = grade(Batch(course[0], "A2", tmp_path / "in"), say=said.append)

    assert rows_of(report) == first
    assert said[-1].startswith("LOOK AT THIS: gradebook.db was gone, and with it all points")
    assert "gradebook.db was gone" in report.summary.read_text(encoding="utf-8")
    run(course, tmp_path / "in")
    assert "gradebook.db was gone" not in report.summary.read_text(encoding="utf-8")


def test_who_comes_onto_the_roster_later_is_listed_once(course, good, tmp_path):
    hand_in(tmp_path / "in" / "Ada L", good)
    run(course, tmp_path / "in")
    (course[0].root / "roster.csv").write_text("folder,id\nAda L,u1\n", encoding="utf-8")

    assert list(rows_of(run(course, tmp_path / "in"))) == ["u1"]


def test_regrading_keeps_the_points_that_a_person_gave(course, good, half, tmp_path):
    hand_in(tmp_path / "in" / "ada", good)
    run(course, tmp_path / "in")
    with open_gradebook(course[0].database) as gradebook:
        grade = gradebook.find_grade("evidence", "A2", "A2", "ada")
        grade.manual_score, grade.needs_manual_grade = 3.0, False
        grade = gradebook.find_grade("spread", "A2", "A2", "ada")
        grade.manual_score, grade.needs_manual_grade, grade.extra_credit = 4.0, False, 0.5
        comment = gradebook.find_comment("spread", "A2", "A2", "ada")
        comment.manual_comment = "Well put, but p < 1."
        gradebook.db.commit()

    again = rows_of(run(course, tmp_path / "in"))["ada"]
    hand_in(tmp_path / "in" / "ada", half)
    report = run(course, tmp_path / "in")
    resubmitted = rows_of(report)["ada"]

    assert (again["points"], again["evidence"], again["status"]) == ("45.5", "3", "graded")
    shown = [resubmitted[column] for column in ("points", "so far", "evidence")]
    assert shown == ["", "22.5", "3"]
    assert resubmitted["status"] == "to look at again by hand"
    page = (report.feedback / "ada.html").read_text(encoding="utf-8")
    assert "Comment: Well put, but p &lt; 1." in page
    with open_gradebook(course[0].database) as gradebook:
        assert gradebook.find_grade("evidence", "A2", "A2", "ada").needs_manual_grade


def test_a_mended_test_changes_only_what_it_judges(course, good, tmp_path, monkeypatch):
    hand_in(tmp_path / "in" / "ada", good)
    private = tmp_path / "private"
    (private / "tasks").mkdir(parents=True)
    run(course, tmp_path / "in")
    settings = course[0].root / "class.toml"
    settings.write_text(f"private = {str(private)!r}\n" + settings.read_text(encoding="utf-8"))
    (private / "tasks" / "a2.py").write_text(
        "from dataclasses import replace\nfrom grading.judging.task import Criterion, Wrong\n"
        "from grading.judging.tasks.a2 import TASKS as OURS\n"
        "def strict(context):\n    raise Wrong('by the private test')\n"
        "first, *rest = OURS.tasks\n"
        "first = replace(first, criteria=[*first.criteria, Criterion(6, 'more', strict)])\n"
        "TASKS = replace(OURS, tasks=[first, *rest])\n",
        encoding="utf-8",
    )
    row = rows_of(run((open_class(course[0].root), course[1]), tmp_path / "in"))["ada"]

    assert (row["dropout_forward"], row["dropout_backward"]) == ("3", "4")
    assert "by the private test" in row["reason"]


def test_late_work_loses_what_the_rule_says(course, good, tmp_path):
    for name in ("ada", "ben"):
        hand_in(tmp_path / "in" / name, good)
    (course[0].root / "late.csv").write_text("id,assignment,days\nada,A2,2\nben,A1,5\n")

    rows = rows_of(run(course, tmp_path / "in"))

    assert (rows["ada"]["so far"], rows["ada"]["late penalty"]) == ("30.4", "7.6")
    assert rows["ben"]["so far"] == "38"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id,days\nada,2\n", r"late.csv has no column assignment; its first line is 'id,days'"),
        ("id;assignment;days\nada;A2;1,5\n", r"late.csv, line 2: days must be a number"),
        ("id,assignment,days\nada,A2\n", r"late.csv, line 2: days must be a number .* got ''"),
    ],
)
def test_a_list_of_late_work_that_cannot_be_understood_stops_the_run(tmp_path, text, message):
    (tmp_path / "late.csv").write_text(text, encoding="utf-8-sig")

    with pytest.raises(ValueError, match=message):
        read_late(tmp_path / "late.csv", "A2")


def test_lists_may_have_semicolons_and_small_letters(tmp_path):
    (tmp_path / "late.csv").write_text("id;assignment;days\nada;a2;1.5\nada;A1;7\n")
    (tmp_path / "roster.csv").write_text("folder;id\nAda L;u1\n", encoding="utf-8-sig")

    assert read_late(tmp_path / "late.csv", "A2") == {"ada": 1.5}
    assert read_roster(tmp_path / "roster.csv").find(["Ada L"]).id == "u1"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        (
            "roster.csv",
            "folder;id\nJosé;u1\n".encode("cp1252"),
            r"roster.csv, line 2: .* UTF-8",
        ),
        ("roster.csv", b"folder,id\nAnna,u1\nAnna,u2\n", r"roster.csv, lines 2 and 3: 'Anna'"),
        ("roster.csv", b"folder,id\nAnna,u*\n", r"roster.csv, line 2: the id 'u\*'"),
        ("late.csv", b"id,assignment,days\na,A2,3\n\na,a2,1\n", r"late.csv, lines 2 and 4: a"),
    ],
)
def test_a_slip_in_a_list_stops_the_run_and_names_the_line(tmp_path, name, data, message):
    (tmp_path / name).write_bytes(data)

    with pytest.raises(ValueError, match=message):
        read_late(tmp_path / name, "A2") if name == "late.csv" else read_roster(tmp_path / name)


def test_a_roster_without_a_column_is_refused(tmp_path):
    (tmp_path / "roster.csv").write_text("folder,name\nAda L,Ada\n", encoding="utf-8")

    with pytest.raises(ValueError, match=r"roster.csv has no column id; its first line"):
        read_roster(tmp_path / "roster.csv")


def test_late_days_of_nobody_are_said(course, good, tmp_path):
    hand_in(tmp_path / "in" / "ada", good)
    (course[0].root / "late.csv").write_text("id,assignment,days\nadda,A2,2\n")
    said = []

    grade(Batch(course[0], "A2", tmp_path / "in"), say=said.append)

    assert "LOOK AT THIS: late.csv: there is no adda in this class" in said


def test_a_zero_of_the_tests_is_open_until_a_person_has_looked(course, good, tmp_path, a2):
    hand_in(tmp_path / "in" / "ada", handed_in(course[1], WORDS))
    hand_in(tmp_path / "in" / "cleo", b"{")

    report = run(course, tmp_path / "in")
    open_rows, summary = rows_of(report), report.summary.read_text(encoding="utf-8")
    with open_gradebook(course[0].database) as gradebook:
        for name in ("ada", "cleo"):
            grade = gradebook.find_grade("test_dropout_forward", "A2", "A2", name)
            assert grade.needs_manual_grade
            grade.manual_score, grade.needs_manual_grade = 0.0, False
        for name in WORDS:
            grade = gradebook.find_grade(name, "A2", "A2", "ada")
            grade.manual_score, grade.needs_manual_grade = 1.0, False
        gradebook.db.commit()
    looked_at = rows_of(run(course, tmp_path / "in"))

    assert [open_rows[n]["status"] for n in ("ada", "cleo")] == [
        "to grade by hand",
        "no readable submission",
    ]
    assert "0 by the tests: not answered: the cell is as it was handed out" in summary
    assert "0 by the tests: the file is not a notebook" in summary
    assert [looked_at[n]["status"] for n in ("ada", "cleo")] == ["graded", "graded"]


def test_an_answered_copy_counts_before_the_untouched_original(course, good, tmp_path):
    hand_in(tmp_path / "in" / "ada", good)
    hand_in(tmp_path / "in" / "ada", handed_in(course[1], {}), "A2(1).ipynb")
    hand_in(tmp_path / "in" / "ben", b"{", "A2-3.ipynb")
    hand_in(tmp_path / "in" / "ben", good, "A2.ipynb")

    rows = rows_of(run(course, tmp_path / "in"))

    assert [rows[name]["so far"] for name in ("ada", "ben")] == ["38", "38"]
    assert (
        "A2.ipynb counts, for of A2(1).ipynb: nothing is answered in it"
        in rows["ada"]["reason"]
    )
    assert (
        "A2.ipynb counts, for of A2-3.ipynb: the file is not a notebook"
        in rows["ben"]["reason"]
    )


def test_a_name_of_before_with_another_number_is_not_taken_for_the_same(course, good, tmp_path):
    (course[0].root / "roster.csv").write_text("folder,id\nAnna S,u1\n", encoding="utf-8")
    hand_in(tmp_path / "one" / "Anna S_77_assignsubmission_file_", good)
    hand_in(tmp_path / "two" / "Anna S_81_assignsubmission_file_", good)
    run(course, tmp_path / "one")

    with pytest.raises(ValueError, match="'Anna S_81' has the name of 'Anna S_77'"):
        run(course, tmp_path / "two")


def test_strangers_beside_absentees_are_said_loudly(course, good, tmp_path):
    (course[0].root / "roster.csv").write_text("folder,id\nAda,u1\n", encoding="utf-8")
    hand_in(tmp_path / "in" / "Ada L", good)
    said = []

    report = grade(Batch(course[0], "A2", tmp_path / "in"), say=said.append)

    assert any(
        line.startswith("LOOK AT THIS: one learner is not on the roster") for line in said
    )
    assert "Look at this first:" in report.summary.read_text(encoding="utf-8")


@pytest.mark.everyday
def test_a_second_run_waits_until_the_first_has_ended(course, good, tmp_path):
    hand_in(tmp_path / "in" / "ada", good)

    with alone(course[0].root, print):
        words = command(course[0].root, tmp_path / "in")
        second = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        first_lines = [second.stdout.readline() for _ in range(2)]
        assert second.poll() is None
    rest, _ = second.communicate(timeout=120)

    assert "this one waits" in first_lines[1]
    assert second.returncode == 0
    assert "38 points" in rest


@pytest.mark.parametrize("name", ["course [2026]", "why?", "a*b", "50%", "new#", "{x}"])
def test_a_path_that_nbgrader_cannot_take_is_refused_before_anything_is_written(tmp_path, name):
    with pytest.raises(ValueError, match="Choose a path without"):
        open_class(tmp_path / name)

    assert list(tmp_path.iterdir()) == []


def test_quotes_and_spaces_in_paths_work(good, tmp_path):
    course = make_class(tmp_path / "O'Neil's \"class\" (ä)")
    hand_in(tmp_path / "[in] it's" / "ada", good)

    assert rows_of(run(course, tmp_path / "[in] it's"))["ada"]["so far"] == "38"


def test_make_passes_quotes_in_a_path_on():
    words = ["make", "-n", "grade", "SUBMISSIONS=/O'Neil/x.zip", "CLASS=it's"]
    root = Path(__file__).parents[2]
    recipe = subprocess.run(words, cwd=root, check=True, capture_output=True, text=True).stdout

    subprocess.run(["sh", "-n"], input=recipe, check=True, text=True)
    assert '"$SUBMISSIONS"' in recipe


def test_a_class_that_is_not_there_is_not_made_by_grading(good, tmp_path):
    hand_in(tmp_path / "in" / "ada", good)

    done = subprocess.run(
        command(tmp_path / "clas", tmp_path / "in"),
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
    )

    assert done.returncode == 1
    assert "There is no class in" in done.stderr
    assert not (tmp_path / "clas").exists()


def test_a_notebook_of_another_class_is_noticed(course, good, tmp_path):
    text = json.dumps(good).replace("CLASS_SEED = 3141", "CLASS_SEED = 99")
    hand_in(tmp_path / "in" / "ada", text.encode())
    hand_in(tmp_path / "in" / "ben", good)

    rows = rows_of(run(course, tmp_path / "in"))

    assert "the notebook has the seed 99, this class 3141" in rows["ada"]["reason"]
    assert "seed" not in rows["ben"]["reason"]


def test_a_file_that_cannot_be_read_does_not_replace_one_that_could(course, good, tmp_path):
    hand_in(tmp_path / "in" / "ada", good)
    run(course, tmp_path / "in")
    hand_in(tmp_path / "in" / "ada", b"{")

    row = rows_of(run(course, tmp_path / "in"))["ada"]

    assert row["so far"] == "38"
    assert "the file of this time is not graded, but the one before" in row["reason"]


def test_a_written_answer_that_was_emptied_says_so(course, a2, tmp_path):
    emptied = handed_in(course[1], a2.references | WORDS | {"evidence": ""})
    hand_in(tmp_path / "in" / "leo", emptied)

    page = (run(course, tmp_path / "in").feedback / "leo.html").read_text(encoding="utf-8")

    assert "Not answered: the cell is empty, or no longer there." in page


def test_feedback_has_the_headings_of_the_notebook_and_every_criterion(
    course, half, tmp_path, a2
):
    notebook = json.loads(json.dumps(half))
    for cell in notebook["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == "exact_moments":
            cell["source"] = "def exact_moments(x, w, p):\n    return 0.0\n"
    hand_in(tmp_path / "in" / "ada", notebook)
    report = run(course, tmp_path / "in")

    page = (report.feedback / "ada.html").read_text(encoding="utf-8")

    assert "<h2>1 · The forward pass: 6 of 6 points</h2>" in page
    assert "<h2>7 · Your evidence: to be graded</h2>" in page
    assert re.search(
        r"<td>not tested</td><td>[^<]*variance[^<]* \(since what stands above failed\)</td>"
        r"<td>0 of \d",
        page,
    )
    assert page.count("Not answered: the cell is as it was handed out.") == 3
    assert set(a2.titles) == set(a2.points)


def test_written_answers_that_are_the_same_are_listed(course, good, tmp_path):
    text = "I gave ones to every layer, at p = 0.2, and counted the zeros of each row."
    notebook = json.loads(json.dumps(good).replace(WORDS["evidence"], text))
    for name in ("ada", "ben"):
        hand_in(tmp_path / "in" / name, notebook)

    summary = run(course, tmp_path / "in").summary.read_text(encoding="utf-8")

    assert "a written answer is the same as that of ben" in summary


def test_what_was_judged_is_not_judged_again(course, good, tmp_path, monkeypatch):
    hand_in(tmp_path / "in" / "ada", good)
    before = rows_of(run(course, tmp_path / "in"))
    monkeypatch.setattr("grading.batch.judge", lambda *a: pytest.fail("judged again"))

    assert rows_of(run(course, tmp_path / "in")) == before


def test_an_error_of_the_judge_costs_one_grade_and_not_the_run(
    course, good, tmp_path, monkeypatch
):
    for name in ("ada", "ben"):
        hand_in(tmp_path / "in" / name, good)
    from grading import batch

    real, calls = batch.judge, []

    def fails_once(*arguments):
        calls.append(1)
        if len(calls) == 1:
            raise ZeroDivisionError
        return real(*arguments)

    monkeypatch.setattr(batch, "judge", fails_once)
    rows = rows_of(run(course, tmp_path / "in"))

    assert sorted(row["so far"] for row in rows.values()) == ["0", "38"]
    assert any("grade this one by hand" in row["reason"] for row in rows.values())


def command(course, source):
    return [
        sys.executable,
        "-m",
        "grading",
        "grade",
        str(source),
        "--class-folder",
        str(course),
    ]


def as_downloaded(notebook, number):
    """Return files as they come back from a learner's machine: the notebook, and its oddities."""
    text = json.dumps(notebook)
    cells = notebook["cells"]
    bare = {**notebook, "cells": [cell | {"metadata": {}} for cell in cells]}
    split = [c | {"source": line} for c in cells for line in halves(c)]
    forms = [
        {"A2.ipynb": text},
        {"A2 (1).ipynb": text, "A2.ipynb": "{}"},
        {"A2.ipynb.txt": text},
        {"A2.ipynb": "\ufeff" + text},
        {"A2-Kopie.ipynb": json.dumps(bare)},
        {"A2.ipynb": json.dumps({**notebook, "cells": split})},
        {"A2.ipynb": text, "plot.png": "PNG"},
        {"A2.html": "<p>exported</p>"},
        {"A2.ipynb": text[: len(text) // 2]},
    ]
    return forms[number % len(forms)]


def halves(cell):
    """Return a cell's source in two at the first empty line between definitions, if any."""
    parts = re.split(r"\n\n\n(?=def )", cell["source"], maxsplit=1)
    return parts if cell["cell_type"] == "code" else [cell["source"]]


def of_moodle(number, name):
    return f"José {number}_{5000 + number}_assignsubmission_file_/{name}"


def of_canvas(number, name):
    return f"jose{number}_{'LATE_' * (number % 5 == 0)}{700 + number}_{9000 + number}_{name}"


PLATFORMS = {
    "moodle": (
        of_moodle,
        "Identifier,Full name,Grade,Maximum grade\n",
        lambda n: f"Participant {5000 + n},José {n},-,46.00\n",
    ),
    "canvas": (
        of_canvas,
        "Student,ID,SIS Login ID,Section,A2 (31)\n    Points Possible,,,,46.00\n",
        lambda n: f'"{n}, José",{700 + n},j{n},All,\n',
    ),
}


@pytest.mark.crowd
@pytest.mark.parametrize("platform", PLATFORMS)
def test_a_class_through_kills_ends_with_the_grades_of_a_calm_run(
    course, a2, tmp_path, platform
):
    named, header, line = PLATFORMS[platform]
    pool = list(RIGHT.values()) + [{w.cell: w.source} for w in WRONG]
    count, kills = (300, 5) if FULL else (9, 3)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        for number in range(count):
            answers = a2.references | pool[(7 * number) % len(pool)] | WORDS
            files = as_downloaded(handed_in(course[1], answers), number)
            for name, text in files.items():
                archive.writestr(named(number, name), text)
    table = header + "".join(line(n) for n in range(count))
    (tmp_path / "table.csv").write_text(table, encoding="utf-8")
    calm, _ = make_class(tmp_path / "calm")
    chance = random.Random(5)

    for _ in range(kills):
        words = command(course[0].root, tmp_path / "in.zip")
        process = subprocess.Popen(words, env=ENVIRONMENT, stdout=subprocess.PIPE, text=True)
        for _ in range(chance.randint(1, count // kills + 1)):
            process.stdout.readline()
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
    for folder in (course[0].root, calm.root):
        subprocess.run(
            command(folder, tmp_path / "in.zip"),
            env=ENVIRONMENT,
            check=True,
            capture_output=True,
        )

    # Who draws from dice without a seed is told another count each time.
    killed, whole = (
        re.sub(r"\d+ of (?=\d)", "", (folder / "reports/A2/grades.csv").read_text("utf-8"))
        for folder in (course[0].root, calm.root)
    )
    assert killed == whole
    assert len(killed.splitlines()) == count + 1
    with open_gradebook(course[0].database) as gradebook:
        for submission in (found := gradebook.assignment_submissions("A2")):
            for grade in submission.notebooks[0].grades:
                if grade.name in ("evidence", "spread"):
                    grade.manual_score, grade.needs_manual_grade = 4.0, False
        gradebook.db.commit()
        assert len(found) == count
    words = command(course[0].root, tmp_path / "in.zip")
    done = subprocess.run(
        [*words, "--lms", tmp_path / "table.csv"],
        env=ENVIRONMENT,
        check=True,
        capture_output=True,
        text=True,
    )
    with (course[0].reports("A2") / "grades.csv").open(encoding="utf-8", newline="") as file:
        final = [row for row in csv.DictReader(file) if row["status"] == "graded"]
    assert len(final) >= 7 * count // 9 - 1
    assert f"{len(final)} of {count} lines filled in; {count - len(final)} of" in done.stdout
    with zipfile.ZipFile(course[0].reports("A2") / "feedback.zip") as archive:
        names = {named(n, "A2.html") for n in range(count)}
        assert len(names & set(archive.namelist())) == len(final)


def test_nbgraders_own_feedback_and_export_go_on_from_there(course, good, half, tmp_path):
    for name, notebook in {"ada": good, "ben": half}.items():
        hand_in(tmp_path / "in" / name, notebook)
    run(course, tmp_path / "in")
    scripts = Path(sys.executable).parent
    surroundings = os.environ | {"PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}

    for words in (["generate_feedback", "A2"], ["export"]):
        subprocess.run(
            [scripts / "nbgrader", *words], cwd=course[0].root, env=surroundings, check=True,
            capture_output=True,
        )  # fmt: skip

    page = (course[0].root / "feedback/ada/A2/A2.html").read_text(encoding="utf-8")
    assert "holds: one independent draw an element" in page
    assert "BEGIN" not in page
    with (course[0].root / "grades.csv").open(encoding="utf-8", newline="") as file:
        exported = {row["student_id"]: float(row["score"]) for row in csv.DictReader(file)}
    assert exported == {"ada": 38.0, "ben": 15.0}

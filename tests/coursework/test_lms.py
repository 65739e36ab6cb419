"""The tables of grades that Moodle and Canvas export come back with the points, and only these."""

import csv
import io

import pytest

from grading.reports.lms import Final, read_lms

MOODLE = """\
Identifier,"Full name","Email address",Status,Grade,"Maximum grade","Grade can be changed",\
"Last modified (submission)","Last modified (grade)","Feedback comments"
"Participant 77","Ada Lovelace",ada@x.org,"Submitted for grading - ",,46.00,Yes,"Monday, 2 November 2026, 9:00 AM",-,
"Participant 78","José ""Pepe"" Pérez",pepe@x.org,"Submitted for grading - ",12.00,46.00,Yes,-,-,"see me, please"
"Participant 79","Emmy Noether",emmy@x.org,"No submission - ",,46.00,Yes,-,-,
"""
CANVAS = """\
Student,ID,SIS User ID,SIS Login ID,Section,A1 overfitting (900),A2 (901),Assignments Current Score,Final Score
,,,,,,Manual Posting,,
    Points Possible,,,,,40.00,46.00,(read only),(read only)
"Lovelace, Ada",4711,s1,ada,Tutorial 1,12.00,,55,55
"Noether, Emmy",4712,s2,emmy,"Tutorial 1, Tutorial 2",13.00,EX,66,66
"Student, Test",4799,,9f3a,Tutorial 1,,,,
"""


def table(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "exported.csv"
    path.write_bytes(text.encode(encoding))
    return read_lms(path, "A2", 46)


def lines(text):
    return list(csv.DictReader(io.StringIO(text)))


def final(student="ada", name="Ada Lovelace", called="", number="", points=23.0):
    return Final(student, name, called or name, number, points / 46)


def test_moodle_takes_back_its_own_lines_with_only_the_grade_changed(tmp_path):
    done = table(tmp_path, MOODLE).fill([final(number="77"), final("e", "Emmy Noether")])

    before, after = lines(MOODLE), lines(done.text)
    assert [row["Grade"] for row in after] == ["23", "12.00", "23"]
    assert [row | {"Grade": ""} for row in after] == [row | {"Grade": ""} for row in before]
    assert (done.filled, done.lost, done.kept) == (["ada", "e"], [], 1)


def test_canvas_gets_the_one_column_and_keeps_the_lines_before_the_learners(tmp_path):
    done = table(tmp_path, CANVAS).fill([final("u1", "x", number="4711")])

    header, posting, possible, *learners = csv.reader(io.StringIO(done.text))
    assert header == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "A2 (901)"]
    assert posting[-1] == "Manual Posting"
    assert possible == ["    Points Possible", "", "", "", "", "46.00"]
    assert [row[-1] for row in learners] == ["23", "EX", ""]
    assert learners[0][0] == "Lovelace, Ada"


@pytest.mark.parametrize("student", ["4712", "s2", "EMMY", "somebody"])
def test_who_is_excused_stays_so_however_the_line_is_found(tmp_path, student):
    done = table(tmp_path, CANVAS).fill([final(student, "Emmy Noether")])

    assert lines(done.text)[3]["A2 (901)"] == "EX"
    assert (done.filled, done.lost) == ([], [])


@pytest.mark.parametrize(
    "given",
    [
        dict(student="4711", name="x"),
        dict(student="s1", name="x"),
        dict(student="Ada", name="x"),
        dict(student="x", name="lovelace  ADA"),
        dict(student="x", name="x", called="lovelaceada", number="4711"),
    ],
)
def test_a_line_of_canvas_is_found_by_number_id_login_and_name(tmp_path, given):
    done = table(tmp_path, CANVAS).fill([final(**given)])

    assert lines(done.text)[2]["A2 (901)"] == "23"


def test_the_worksheet_of_another_assignment_gives_nobody_anothers_points(tmp_path):
    done = table(tmp_path, MOODLE).fill([final("z", "Zoë", number="77")])

    assert lines(done.text) == lines(MOODLE)
    assert done.lost == ["z"]


def test_two_of_one_name_or_two_for_one_line_are_left_to_a_person(tmp_path):
    twins = MOODLE + MOODLE.splitlines()[1].replace("77", "80").replace("ada@", "ada2@") + "\n"
    by_name = table(tmp_path, twins).fill([final("q")])
    both = table(tmp_path, MOODLE).fill([final("q", number="77"), final("ada@x.org")])

    assert (by_name.filled, by_name.lost) == ([], ["q"])
    assert (both.filled, both.lost) == ([], ["q", "ada@x.org"])
    assert lines(both.text) == lines(MOODLE)


def test_blind_marking_has_no_names_and_needs_none(tmp_path):
    blind = "Identifier,Status,Grade,Maximum grade\nParticipant 77,Submitted,-,46.00\n"

    done = table(tmp_path, blind).fill([final("p", "Participant_77", number="77")])

    assert lines(done.text)[0]["Grade"] == "23"


def test_points_are_scaled_to_those_of_the_lms_and_it_is_said(tmp_path):
    moodle = table(tmp_path, MOODLE.replace("46.00", "100.00"))

    assert lines(moodle.fill([final(number="77")]).text)[0]["Grade"] == "50"
    assert moodle.scales(46) == {100.0}
    assert table(tmp_path, MOODLE).scales(46) == set()


def test_separators_marks_and_decimal_commas_of_other_countries(tmp_path):
    text = CANVAS.replace("Lovelace, Ada", "Lovelace Ada").replace(",", ";")
    text = text.replace(".00", ",00").replace("\n", "\r\n")

    done = table(tmp_path, text, "utf-8-sig").fill([final("ada", points=22.5)])

    assert done.text.splitlines()[3] == "Lovelace Ada;4711;s1;ada;Tutorial 1;22,5"
    assert done.text.count("\r\n") == done.text.count("\n") == 6


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("", "first line is ''"),
        ("id,name,points\n1,2,3\n", "'id,name,points'"),
        ("ID,Vollständiger Name,Bewertung\nTeilnehmer/in77,x,\n", "English"),
        (CANVAS.replace("A2 (901)", "Dropout (901)"), "no column for A2"),
        (CANVAS.replace("A1 overfitting", "A2 again"), "several columns for A2"),
    ],
)
def test_what_is_no_table_of_grades_is_refused_with_its_reason(tmp_path, text, word):
    with pytest.raises(ValueError, match=r"exported\.csv") as error:
        table(tmp_path, text)
    assert word in str(error.value)

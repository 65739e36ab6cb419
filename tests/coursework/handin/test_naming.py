"""Names as Moodle, Canvas, browsers and JupyterLab make them."""

import pytest

from grading.handin.naming import is_notebook, normal, owned, rank


@pytest.mark.parametrize(
    ("name", "key", "file", "attachment"),
    [
        # Moodle, in folders and without; the underscore at the end depends on the version
        ("Ada Lovelace_77_assignsubmission_file", "Ada Lovelace_77", "", 0),
        ("Ada Lovelace_77_assignsubmission_file_", "Ada Lovelace_77", "", 0),
        ("Ada Lovelace_77_assignsubmission_onlinetext_", "Ada Lovelace_77", "", 0),
        ("Ada Lovelace_77_assignsubmission_file_A2.ipynb", "Ada Lovelace_77", "A2.ipynb", 0),
        ("Ada_77_assignsubmission_onlinetext_onlinetext.html", "Ada_77", "onlinetext.html", 0),
        ("Ada_7_assignsubmission_file_my_A2_1.ipynb", "Ada_7", "my_A2_1.ipynb", 0),
        ("Participant_1234_assignsubmission_file_", "Participant_1234", "", 0),
        ("Group A-Ada Lovelace_77_assignsubmission_file_", "Group A-Ada Lovelace_77", "", 0),
        ("Anne-Marie 2_9_assignsubmission_file_", "Anne-Marie 2_9", "", 0),
        # Canvas: late or not, several attachments, resubmissions, groups
        ("lovelaceada_4711_1010_A2.ipynb", "lovelaceada_4711", "A2.ipynb", 1010),
        ("lovelaceada_LATE_4711_1010_A2-1.ipynb", "lovelaceada_4711", "A2-1.ipynb", 1010),
        (
            "lovelaceada_4711_1010_my_notes_2.ipynb",
            "lovelaceada_4711",
            "my_notes_2.ipynb",
            1010,
        ),
        ("project_group1_88_501_A2.ipynb", "project_group1_88", "A2.ipynb", 501),
        ("lab_2_88_501_A2.ipynb", "lab_2_88", "A2.ipynb", 501),
        ("lovelaceada_4711_1010_1_A2.ipynb", "lovelaceada_4711", "1_A2.ipynb", 1010),
        ("lab_2_LATE_88_501_A2.ipynb", "lab_2_88", "A2.ipynb", 501),
        ("müllerjörg_12_34_A2.ipynb", "müllerjörg_12", "A2.ipynb", 34),
        ("李明_12_34_A2.ipynb", "李明_12", "A2.ipynb", 34),
        # Canvas: what was typed in, or a link
        ("curiemarie_4714_text.html", "curiemarie_4714", "text.html", 0),
        ("curiemarie_LATE_4714_link.html", "curiemarie_4714", "link.html", 0),
        # Canvas, anonymous
        ("anon_aB3x9_501_A2.ipynb", "anon_aB3x9", "A2.ipynb", 501),
        ("LATE_anon_aB3x9_640_A2-1.ipynb", "anon_aB3x9", "A2-1.ipynb", 640),
        ("anon_12345_501_A2.ipynb", "anon_12345", "A2.ipynb", 501),
        ("LATE_anon_aB3x9_text.html", "anon_aB3x9", "text.html", 0),
    ],
)
def test_a_platforms_name_says_whose_it_is(name, key, file, attachment):
    found = owned(name)

    assert (found.key, found.file, found.attachment) == (key, file, attachment)


@pytest.mark.parametrize("name", ["ada", "A2.ipynb", "Ada Lovelace", "u1001", "A2_2 (3).ipynb"])
def test_other_names_say_nothing(name):
    assert owned(name) is None


def test_where_a_name_can_be_read_in_two_ways_the_roster_decides():
    name = "x_88_501_1_2_A2.ipynb"

    assert owned(name, frozenset({normal("x_88")})).file == "1_2_A2.ipynb"
    assert (
        owned(name, frozenset({normal("x_88_501_1")})).who == "x"
    )  # Canvas writes no such name


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jos\u00e9", "Jose\u0301"),
        ("Sean O'Brien", "Sean OBrien"),
        ("Ada  Lovelace ", "ada lovelace"),
        ("Ada_Lovelace", "Ada Lovelace"),
        ("Wei: Li?", "wei li?"),
    ],
)
def test_what_platforms_and_zips_do_to_names_makes_no_difference(one, other):
    assert normal(one) == normal(other)


@pytest.mark.parametrize(
    "name",
    [
        "A2.ipynb", "A2.IPYNB", "A2.ipynb.json", "A2.ipynb.txt", "A2(1).ipynb", "A2.ipynb (1)",
        "A2.json", "A2.txt", "lovelaceada_4711_1010_A2.ipynb.txt", "A2.ipynb.ipynb", "A2.ipynb(2).txt",
    ],
)  # fmt: skip
def test_what_browsers_add_leaves_a_notebook_a_notebook(name):
    assert is_notebook(name)


@pytest.mark.parametrize("name", ["A2.zip", "A2.pdf", "notes.txt", "A2.html", "A2.py", "ipynb"])
def test_other_files_are_no_notebooks(name):
    assert not is_notebook(name)


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ("A2.ipynb", "scratch.ipynb"),
        ("A2.ipynb", "scratch (9).ipynb"),
        ("A2.ipynb", "A1.ipynb"),
        ("x_1_10_A2.ipynb", "x_1_9_A2.ipynb"),
        ("x_1_9_A2-1.ipynb", "x_1_10_A2.ipynb"),
        ("x_1_1010_A2.ipynb", "x_1_1011_scratch.ipynb"),
        ("A2-2.ipynb", "A2.ipynb"),
        ("A2(1).ipynb", "A2.ipynb"),
        ("A2 (10).ipynb", "A2 (9).ipynb"),
        ("A2_v2.ipynb", "A2.ipynb"),
        ("A2-Copy1.ipynb", "A2.ipynb"),
        ("my A2.ipynb", "other.ipynb"),
        ("other.ipynb", "A3.ipynb"),
        ("A2.ipynb", "A2.ipynb.txt"),
        ("a2 final.ipynb", "notes.ipynb"),
    ],
)
def test_of_several_notebooks_the_right_and_latest_one_ranks_highest(better, worse):
    assert rank(better, "A2") > rank(worse, "A2")

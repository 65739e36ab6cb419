"""Layouts as instructors have them: every learner is found, once, and nobody else."""

import zipfile

import pytest

from grading.handin.collect import collect
from grading.handin.confusions import confusions
from grading.handin.roster import Entry, Roster

MOODLE = "{}_{}_assignsubmission_file_"
ADA, BEN = MOODLE.format("Ada L", 77), MOODLE.format("Ben K", 78)


def roster_of(*pairs):
    return Roster(tuple(Entry(folder, id_, id_, n) for n, (folder, id_) in enumerate(pairs, 2)))


def lay_out(folder, names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)
    return folder


def zipped(path, names):
    with zipfile.ZipFile(path, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return path


@pytest.mark.parametrize(
    ("files", "wanted"),
    [
        # Moodle: folders, no folders, text beside files
        ([f"{ADA}/A2.ipynb", f"{BEN}/A2.ipynb"], {"Ada L": "A2.ipynb", "Ben K": "A2.ipynb"}),
        ([f"{ADA}A2.ipynb", f"{BEN}A2.ipynb"], {"Ada L": "A2.ipynb", "Ben K": "A2.ipynb"}),
        ([f"{ADA}/A2.ipynb", "Ada L_77_assignsubmission_onlinetext_/onlinetext.html"], {"Ada L": "A2.ipynb"}),
        ([f"{ADA}/sub/folder/A2.ipynb"], {"Ada L": "A2.ipynb"}),
        (["Ada L_77_assignsubmission_onlinetext_/onlinetext.html", f"{BEN}/A2.ipynb"], {"Ada L": None, "Ben K": "A2.ipynb"}),
        # Canvas: one download of everything there is
        (
            ["adal_1_9_A2.ipynb", "adal_1_10_notes.ipynb", "benk_LATE_2_11_A2-1.ipynb", "team_a_3_12_A2.ipynb",
             "zip_4_13_A2.zip", "text_5_text.html", "link_6_link.html", "pdf_7_14_A2.ipynb.txt"],
            {"adal": "A2.ipynb", "benk": "A2-1.ipynb", "team_a": "A2.ipynb", "zip": None, "text": None,
             "link": None, "pdf": "A2.ipynb.txt"},
        ),
        # nbgrader, plain folders, plain files
        (["submitted/ada/A2/A2.ipynb", "submitted/ben/A2/A2.ipynb", "source/A2/A2.ipynb"], {"ada": "A2.ipynb", "ben": "A2.ipynb"}),
        (["ada/A2.ipynb", "ben/A2.ipynb"], {"ada": "A2.ipynb", "ben": "A2.ipynb"}),
        (["ada/A2/A2.ipynb"], {"ada": "A2.ipynb"}),
        (["ada.ipynb", "ben.l.ipynb", "grades.csv"], {"ada": "ada.ipynb", "ben.l": "ben.l.ipynb"}),
        # wrappers, of one learner too
        ([f"CS101-A2-1234/{ADA}/A2.ipynb"], {"Ada L": "A2.ipynb"}),
        (["submissions/adal_1_9_A2.ipynb"], {"adal": "A2.ipynb"}),
        (["a/b/ada/A2.ipynb", "a/b/ben/A2.ipynb"], {"ada": "A2.ipynb", "ben": "A2.ipynb"}),
        (["A2 download/ada/A2.ipynb"], {"ada": "A2.ipynb"}),
        # what systems leave
        (["__MACOSX/ada/._A2.ipynb", "ada/A2.ipynb", ".DS_Store", "ada/.ipynb_checkpoints/A2-checkpoint.ipynb"], {"ada": "A2.ipynb"}),
        (["ada/A2.ipynb", "ada/__MACOSX/._A2.ipynb", "desktop.ini", "Thumbs.db"], {"ada": "A2.ipynb"}),
    ],
)  # fmt: skip
def test_every_learner_is_found_as_a_folder_and_as_a_zip(tmp_path, files, wanted):
    folder = lay_out(tmp_path / "in", files)
    packed = zipped(tmp_path / "in.zip", files)

    for source in (folder, packed):
        handed = collect(source, "A2", Roster(), tmp_path / "unpacked")
        names = {h.name: h.paths[0].name if h.paths else None for h in handed}
        assert {n: v and wanted[n] for n, v in names.items()} == wanted
        for learner in handed:
            if learner.paths:
                assert learner.paths[0].name.endswith(wanted[learner.name])
            else:
                assert "no notebook was handed in, but" in learner.notes[-1]


def test_unicode_and_lost_characters_lead_to_the_same_line_of_the_roster(tmp_path):
    roster = roster_of(("Jos\u00e9 P\u00e9rez", "u1"), ("Sean O'Brien", "u2"))
    names = [MOODLE.format("Jose\u0301 Pe\u0301rez", 7), MOODLE.format("Sean OBrien", 8)]
    folder = lay_out(tmp_path / "in", [f"{name}/A2.ipynb" for name in names])

    handed = collect(folder, "A2", roster, tmp_path)

    assert [(h.student, len(h.paths)) for h in handed] == [("u1", 1), ("u2", 1)]


def test_a_zip_of_finder_that_does_not_say_utf8_has_the_right_names(tmp_path):
    path = tmp_path / "finder.zip"
    with zipfile.ZipFile(path, "w") as archive:
        info = zipfile.ZipInfo("x" * len("Zoë/A2.ipynb".encode()))
        archive.writestr(info, "{}")
    path.write_bytes(path.read_bytes().replace(b"x" * 13, "Zoë/A2.ipynb".encode()))

    assert [h.name for h in collect(path, "A2", Roster(), tmp_path / "u")] == ["Zoë"]


def test_a_member_that_cannot_be_unpacked_costs_nobody_else(tmp_path):
    long = "Домашнє завдання " * 20
    path = zipped(
        tmp_path / "in.zip", [f"{ADA}/A2.ipynb", f"{BEN}/{long}.ipynb", f"{ADA}/A2.ipynb/x"]
    )
    data = bytearray(path.read_bytes())

    handed = collect(path, "A2", Roster(), tmp_path / "u")

    assert [(h.name, len(h.paths)) for h in handed] == [("Ada L", 1), ("Ben K", 1)]
    assert any("could not be unpacked" in note for note in handed[0].notes)
    assert data == path.read_bytes()


def test_windows_separators_in_a_zip_are_folders(tmp_path):
    path = zipped(tmp_path / "in.zip", ["ada\\A2.ipynb", "ben\\A2.ipynb"])

    assert [h.name for h in collect(path, "A2", Roster(), tmp_path / "u")] == ["ada", "ben"]


def test_a_name_that_two_learners_have_is_refused_with_what_to_add(tmp_path):
    names = [MOODLE.format("Anna S", number) for number in (77, 81)]
    folder = lay_out(tmp_path / "in", [f"{name}/A2.ipynb" for name in names])

    with pytest.raises(ValueError, match=r"with the number \(77 and 81\) as its folder"):
        collect(folder, "A2", roster_of(("Anna S", "u1")), tmp_path)
    told = collect(folder, "A2", roster_of(("77", "u1"), ("Anna S_81", "u2")), tmp_path)
    assert [h.student for h in told] == ["u1", "u2"]


def test_strangers_and_absentees_together_are_said_with_who_could_be_whom(tmp_path):
    folder = lay_out(tmp_path / "in", [f"{MOODLE.format('Lovelace Ada', 7)}/A2.ipynb"])
    roster = roster_of(("Ada Lovelace", "Ada Lovelace"), ("Ben", "Ben"))

    [words] = confusions(collect(folder, "A2", roster, tmp_path), set(), roster)

    assert "Lovelace Ada could be Ada Lovelace" in words
    assert "nearly always the same people" in words


def test_absentees_alone_and_strangers_alone_are_nothing_special(tmp_path):
    folder = lay_out(tmp_path / "in", ["ada/A2.ipynb"])
    for roster in (roster_of(("ada", "ada"), ("ben", "ben")), Roster()):
        assert confusions(collect(folder, "A2", roster, tmp_path), set(), roster) == []

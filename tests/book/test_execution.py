"""Chapters run again when something they depend on changed, and only then."""

import pytest

from dropoutlab_book.execution import execution_key

EXECUTED = "Executed notebook in"


def executed(process):
    assert process.returncode == 0, process.stdout + process.stderr
    return EXECUTED in process.stdout + process.stderr


def test_second_build_executes_nothing(book):
    assert executed(book.build())
    assert not executed(book.build())


def test_edited_prose_reaches_the_page_without_execution(book):
    book.build()
    book.write_chapter(text="Better prose.")

    assert not executed(book.build())
    assert "Better prose." in book.page()


def test_touched_library_file_executes_the_chapters_again(book):
    book.build()
    (book.folder / "lib" / "library.py").write_text("answer = 43\n")

    assert executed(book.build())


@pytest.mark.full
def test_changed_pins_execute_the_chapters_again(book):
    book.build()
    (book.folder / "constraints.txt").write_text("numpy==0\n")

    assert executed(book.build())


@pytest.mark.full
def test_a_new_recording_executes_the_chapters_again(book):
    book.build()
    (book.folder / "results" / "rate").mkdir(parents=True)
    (book.folder / "results" / "rate" / "manifest.json").write_text("{}")

    assert executed(book.build())


@pytest.mark.full
def test_optional_data_executes_the_chapters_again(book, tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    book.build()
    (data / "more.bin").write_bytes(b"1")

    assert executed(book.build(DROPOUTLAB_DATA=str(data)))


def test_every_other_content_or_name_is_another_state_and_nothing_else_is(tmp_path):
    (tmp_path / "lib" / "part").mkdir(parents=True)
    (tmp_path / "lib" / "part" / "a.py").write_text("a = 1")
    first = execution_key(tmp_path)

    (tmp_path / "README.md").write_text("Not for the chapters.")
    (tmp_path / "lib" / "__pycache__").mkdir()
    (tmp_path / "lib" / "__pycache__" / "a.pyc").write_text("generated")
    assert execution_key(tmp_path) == first
    assert execution_key(tmp_path.rename(tmp_path.with_name("moved"))) == first

    (tmp_path.with_name("moved") / "lib" / "part").rename(
        tmp_path.with_name("moved") / "lib" / "b"
    )
    assert execution_key(tmp_path.with_name("moved")) != first


@pytest.mark.full
def test_caches_of_older_states_are_removed(book):
    book.build()
    (book.folder / "lib" / "library.py").write_text("answer = 44\n")
    book.build()

    assert len(list((book.folder / "_build" / ".jupyter_cache").iterdir())) == 1


def test_progress_names_the_chapter_and_its_time_and_nothing_else(book):
    output = book.build()

    said = output.stdout + output.stderr
    assert "chapters/01_page.ipynb: Executed notebook in" in said
    assert "without encryption" not in said  # what a kernel warns of

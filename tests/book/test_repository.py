"""Launch and source links point at the repository that a book is built from."""

import subprocess

import pytest

from dropoutlab_book.repository import (
    binder_url,
    branch,
    public_url,
    repository_url,
    source_url,
)

LAB = "https://github.com/ada/dropout-lab"


@pytest.mark.parametrize(
    ("remote", "expected"),
    [
        ("https://github.com/ada/dropout-lab", LAB),
        ("https://github.com/ada/dropout-lab.git", LAB),
        ("https://github.com/ada/dropout-lab/", LAB),
        ("git@github.com:ada/dropout-lab.git", LAB),
        ("github.com:ada/dropout-lab.git", LAB),
        ("ssh://git@github.com/ada/dropout-lab.git", LAB),
        ("ssh://git@github.com:22/ada/dropout-lab.git", LAB),
        ("git://github.com/ada/dropout-lab.git", LAB),
        ("https://ada:secret@github.com/ada/dropout-lab.git", LAB),
        ("https://token@github.com/ada/dropout-lab", LAB),
        ("http://github.com/ada/dropout-lab\n", LAB),
        ("git@gitlab.com:group/sub/lab.git", "https://gitlab.com/group/sub/lab"),
        ("https://git.example.org:8443/ada/lab.git", "https://git.example.org/ada/lab"),
    ],
)
def test_remote_becomes_a_public_address(remote, expected):
    assert public_url(remote) == expected


@pytest.mark.parametrize(
    "remote",
    [
        "",
        "  ",
        "/srv/lab.git",
        "../lab",
        "~/lab",
        "file:///srv/lab.git",
        r"C:\lab",
        "https://github.com/",
    ],
)
def test_local_path_is_no_address(remote):
    assert public_url(remote) is None


def git(folder, *arguments):
    subprocess.run(["git", "-C", str(folder), *arguments], check=True, capture_output=True)


@pytest.fixture
def clone(tmp_path):
    git(tmp_path, "init", "--initial-branch=course")
    return tmp_path


def test_named_address_wins_over_origin(clone):
    git(clone, "remote", "add", "origin", "git@github.com:eve/fork.git")

    assert repository_url(clone, f"{LAB}.git") == LAB


def test_origin_counts_where_none_is_named(clone):
    git(clone, "remote", "add", "origin", "git@github.com:ada/dropout-lab.git")

    assert repository_url(clone, "") == LAB


def test_without_origin_there_is_no_repository(clone):
    assert repository_url(clone, "") is None


def test_book_inside_another_repository_does_not_borrow_its_address(clone):
    git(clone, "remote", "add", "origin", LAB)
    book = clone / "book"
    book.mkdir()

    assert repository_url(book, "") is None


def test_readers_launch_the_current_branch_where_the_remote_names_none(clone):
    assert branch(clone) == "course"


@pytest.mark.parametrize(
    ("repository", "launch", "source"),
    [
        (LAB, "gh/ada/dropout-lab/main", f"{LAB}/blob/main/chapters/01_page.ipynb"),
        (
            "https://gitlab.com/group/sub/lab",
            "gl/group%2Fsub%2Flab/main",
            "https://gitlab.com/group/sub/lab/-/blob/main/chapters/01_page.ipynb",
        ),
        (
            "https://git.example.org/ada/lab",
            "git/https%3A%2F%2Fgit.example.org%2Fada%2Flab/main",
            "https://git.example.org/ada/lab",
        ),
    ],
)
def test_each_host_gets_its_own_form_of_links(repository, launch, source):
    page = "chapters/01_page.ipynb"

    assert binder_url(repository, "main", page) == (
        f"https://mybinder.org/v2/{launch}?urlpath=lab/tree/{page}"
    )
    assert source_url(repository, "main", page) == source


def test_branch_with_a_slash_is_quoted_for_binder():
    assert "/dropout-lab/fix%2Fmasks?" in binder_url(LAB, "fix/masks", "a.ipynb")


def test_built_page_has_links_only_with_a_repository(book):
    with_one = book.build(COURSE_REPOSITORY_URL="git@github.com:ada/dropout-lab.git")
    linked, landing = book.page(), book.page("intro")
    without = book.build(COURSE_REPOSITORY_URL="")
    plain = book.page()

    assert with_one.returncode == without.returncode == 0, with_one.stdout + with_one.stderr
    launch = "https://mybinder.org/v2/gh/ada/dropout-lab/main?urlpath=lab/tree/chapters/01_page.ipynb"
    assert f'href="{launch}"' in linked
    assert f'href="{LAB}/blob/main/chapters/01_page.ipynb"' in linked
    assert "mybinder" not in landing
    assert "mybinder" not in plain
    assert "github.com" not in plain

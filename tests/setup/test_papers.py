"""What the README and its companions say is so: files, commands, chapters, code, licences."""

import re
import tomllib
from pathlib import Path

import nbformat
import numpy as np
import pytest
import yaml

ROOT = Path(__file__).parents[2]
PAPERS = ["README.md", "CONTRIBUTING.md"]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def read(name):
    return (ROOT / name).read_text(encoding="utf-8")


def without_code(text):
    return re.sub(r"^```.*?^```|`[^`\n]*`", "", text, flags=re.DOTALL | re.MULTILINE)


@pytest.mark.parametrize("name", PAPERS)
def test_every_file_that_is_linked_exists(name):
    links = re.findall(r"\]\(([^)\s]+)\)", without_code(read(name)))
    files = [link for link in links if not link.startswith("https://")]

    assert files
    assert [link for link in files if not (ROOT / link).exists()] == []


@pytest.mark.parametrize("name", PAPERS)
def test_every_command_of_make_that_is_mentioned_exists(name):
    mentioned = set(
        re.findall(r"(?:^|`|[a-z\d] )make ([a-z-]+)(?=`|$|  )", read(name), re.MULTILINE)
    )
    targets = set(re.findall(r"^([a-z-]+):.*## ", MAKEFILE, re.MULTILINE))

    assert {"book", "test", "lab"} <= mentioned
    assert mentioned <= targets


def test_the_readme_names_the_chapters_of_the_course_and_no_others():
    toc = yaml.safe_load(read("_toc.yml"))
    in_course = []
    for part in toc["parts"]:
        for page in part["chapters"]:
            path = ROOT / f"{page['file']}.ipynb"
            if path.exists():
                title = nbformat.read(path, as_version=4).cells[0].source.splitlines()[0]
                in_course.append((part["caption"], title.removeprefix("# "), page["file"]))

    rows = re.findall(r"^\| (.+) \| (.*\]\(chapters/.*) \|$", read("README.md"), re.MULTILINE)
    in_readme = [
        (part, title, file)
        for part, cell in rows
        for title, file in re.findall(r"\[(.+?)\]\((.+?)\.ipynb\)", cell)
    ]

    assert in_readme == in_course


def test_the_readme_has_a_picture_with_words_that_is_quick_to_load():
    ((words, path),) = re.findall(r"!\[(.*?)\]\((\S+?)\)", read("README.md"))

    assert len(words) > 40
    assert (ROOT / path).stat().st_size < 200_000


def test_the_readme_names_the_versions_that_we_pin():
    (torch,) = re.findall(r"^torch==(\S+)$", read("requirements.txt"), re.MULTILINE)

    assert f"We pin `torch=={torch}`. The CPU build is called {torch}+cpu" in read("README.md")
    assert PROJECT["requires-python"] == ">=3.11,<3.14"
    assert "You need Python 3.11, 3.12 or 3.13" in read("README.md")


def test_the_examples_of_contributing_run(monkeypatch, tmp_path):
    monkeypatch.setenv("DROPOUTLAB_STORE", str(tmp_path))
    code = re.findall(
        r"^```python\n(.*?)^```", read("CONTRIBUTING.md"), re.DOTALL | re.MULTILINE
    )
    names = {
        "errors_with_dropout": [2.1, 2.3, 2.2, 2.0],
        "errors_without": [3.6, 3.7, 3.8, 3.5],
        "rng": np.random.default_rng(0),
        "np": np,
        "coins": np.random.default_rng(0).random((8, 20)),
        "train": lambda seed, p: {"test error": seed - p},
        "by_rate": {0.0: [9.1, 9.4, 8.8], 0.5: [8.0, 8.3, 7.9]},
        "rates": [0.0, 0.5],
        "errors": [[9.1, 8.0], [9.4, 8.3], [8.8, 7.9]],
    }

    assert len(code) == 7
    for block in code:
        exec(compile(block, "CONTRIBUTING.md", "exec"), names)

    assert names["change"].estimate == -0.5
    assert "srivastava2014" in read("references.bib")


def test_the_citation_is_of_this_version_and_licence():
    citation = yaml.safe_load(read("CITATION.cff"))

    assert citation["cff-version"] == "1.2.0"
    assert {"title", "message", "authors"} <= set(citation)
    assert citation["version"] == PROJECT["version"]
    assert citation["license"] == PROJECT["license"] == "BSD-3-Clause"
    assert read("LICENSE").startswith("BSD 3-Clause License")


def test_the_licence_of_the_text_is_whole():
    text = read("LICENSE-CONTENT")

    assert "Attribution 4.0 International\n\n====" in text
    assert [f"Section {n} -- " in text for n in range(1, 9)] == [True] * 8
    assert text.endswith("Creative Commons may be contacted at creativecommons.org.\n")


@pytest.mark.parametrize("name", [*PAPERS, "CITATION.cff", "LICENSE-CONTENT"])
def test_no_address_is_made_up(name):
    addresses = re.findall(r"https?://[^\s)`>\]]+", read(name))
    known = (
        "https://download.pytorch.org/whl/cpu",
        "https://colab.research.google.com",
        "https://mybinder.org",
        "https://github.com/your-name/your-fork",
    )

    assert set(addresses) <= set(known)

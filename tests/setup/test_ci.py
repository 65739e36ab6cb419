"""What continuous integration runs: `.ci/run`, and the workflow that calls it.

Stand-ins for make, apt-get and the like write down how they are called.
"""

import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parents[2]
WORKFLOW, WEEKLY = (
    yaml.safe_load((ROOT / f".github/workflows/{name}.yml").read_text(encoding="utf-8"))
    for name in ("ci", "weekly")
)
JOBS = WORKFLOW["jobs"]
TOOLS = ["bash", "env", "dirname", "cat", "sh"]


class Machine:
    """A PATH with only what it is given, and a record of what was called on it."""

    def __init__(self, folder):
        self.bin = folder / "bin"
        self.log = folder / "calls.log"
        self.bin.mkdir()
        self.log.touch()
        for tool in TOOLS:
            (self.bin / tool).symlink_to(shutil.which(tool))
        self.has("bwrap")
        self.has("make", does='if read -r line; then echo "make was given $line"; fi')

    def has(self, name, does=""):
        path = self.bin / name
        path.write_text(f'#!/bin/sh\necho "{name} $*; CI=$CI; $PWD" >> "{self.log}"\n{does}\n')
        path.chmod(0o755)
        return path

    def is_user(self, number):
        (self.bin / "id").write_text(f"#!/bin/sh\necho {number}\n")
        (self.bin / "id").chmod(0o755)

    def git_says(self, status):
        (self.bin / "git").write_text(f"#!/bin/sh\nexit {status}\n")
        (self.bin / "git").chmod(0o755)

    def run(self, *targets, cwd, **environment):
        return subprocess.run(
            [ROOT / ".ci/run", *targets],
            cwd=cwd,
            env={"PATH": str(self.bin)} | environment,
            input="input that nobody should read\n",
            capture_output=True,
            text=True,
        )

    @property
    def calls(self):
        return self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path):
    machine = Machine(tmp_path)
    machine.is_user(0)
    machine.git_says(0)
    return machine


MAKE_TEST = f"make test; CI=true; {ROOT}"
UPDATE = "apt-get update -qq"
INSTALL = "apt-get install -qq -y --no-install-recommends"
BROWSER = f"{INSTALL} chromium chromium-headless-shell fonts-liberation"


@pytest.mark.parametrize("browser", ["chromium", "chromium-browser", "google-chrome"])
def test_with_a_browser_it_only_runs_make_test_from_the_root_without_input(
    machine, tmp_path, browser
):
    machine.has(browser)
    machine.has("apt-get")

    done = machine.run(cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert machine.calls == [MAKE_TEST]
    assert "make was given" not in done.stdout


def test_the_browser_may_be_named(machine, tmp_path):
    browser = machine.has("my-browser")

    done = machine.run(cwd=tmp_path, CHROMIUM=str(browser))

    assert done.returncode == 0, done.stderr
    assert machine.calls == [MAKE_TEST]


def test_root_installs_a_missing_browser(machine, tmp_path):
    machine.has("apt-get")

    done = machine.run(cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [call.split(";")[0] for call in machine.calls] == [UPDATE, BROWSER, "make test"]


def test_where_apt_has_no_headless_shell_the_whole_browser_is_installed(machine, tmp_path):
    machine.has("apt-get", does='case "$*" in *shell*) exit 100; esac')

    done = machine.run(cwd=tmp_path)

    whole = BROWSER.replace(" chromium-headless-shell", "")
    assert done.returncode == 0, done.stderr
    calls = [call.split(";")[0] for call in machine.calls]
    assert calls == [UPDATE, BROWSER, whole, "make test"]


def test_what_only_computes_installs_nothing(machine, tmp_path):
    machine.has("apt-get")
    result = machine.run("test-numbers", cwd=tmp_path)
    assert result.returncode == 0, result.stderr
    assert [call.split(";")[0] for call in machine.calls] == ["make test-numbers"]


def test_another_user_installs_it_through_sudo_without_being_asked(machine, tmp_path):
    machine.is_user(1000)
    machine.has("apt-get")
    machine.has("sudo", does='shift; exec "$@"')

    done = machine.run(cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [call.split(";")[0] for call in machine.calls] == [
        f"sudo -n {UPDATE}",
        UPDATE,
        f"sudo -n env DEBIAN_FRONTEND=noninteractive {BROWSER}",
        BROWSER,
        "make test",
    ]


@pytest.mark.parametrize(
    ("user", "commands", "sentence"),
    [
        (0, {}, "There is no Chromium here, nor apt-get to install it."),
        (1000, {"apt-get": ""}, "There is no Chromium here, and only root can install it."),
        (0, {"apt-get": "exit 100"}, "Chromium could not be installed"),
        (1000, {"apt-get": "", "sudo": "exit 1"}, "Chromium could not be installed"),
    ],
)
def test_what_stands_in_the_way_gets_a_sentence_and_no_test_runs(
    machine, tmp_path, user, commands, sentence
):
    machine.is_user(user)
    for name, does in commands.items():
        machine.has(name, does)

    done = machine.run(cwd=tmp_path)

    assert done.returncode != 0
    assert sentence in done.stderr
    assert "CHROMIUM=/path/to/chromium .ci/run" in done.stderr
    assert MAKE_TEST not in machine.calls


def test_a_missing_bubblewrap_is_installed_too(machine, tmp_path):
    machine.has("chromium")
    machine.has("apt-get")
    (machine.bin / "bwrap").unlink()

    done = machine.run(cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    calls = [call.split(";")[0] for call in machine.calls]
    assert calls == [UPDATE, f"{INSTALL} bubblewrap", "make test"]


def test_without_bubblewrap_no_test_runs(machine, tmp_path):
    machine.has("chromium")
    (machine.bin / "bwrap").unlink()

    done = machine.run(cwd=tmp_path)

    assert done.returncode != 0
    assert "There is no bubblewrap here" in done.stderr
    assert MAKE_TEST not in machine.calls


def test_it_fails_when_the_tests_fail(machine, tmp_path):
    machine.has("chromium")
    machine.has("make", does="exit 3")

    assert machine.run(cwd=tmp_path).returncode == 3


def test_another_target_of_make_may_be_named(machine, tmp_path):
    machine.has("chromium")

    machine.run("test-full", cwd=tmp_path)

    assert [call.split(";")[0] for call in machine.calls] == ["make test-full"]


@pytest.mark.parametrize(
    ("git", "then"),
    [(0, []), (1, ["make test-coursework"]), (128, ["make test-coursework"])],
)
def test_the_crowds_are_graded_where_something_of_theirs_changed_or_git_cannot_tell(
    machine, tmp_path, git, then
):
    machine.has("chromium")
    machine.git_says(git)

    done = machine.run(cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert [call.split(" COURSE")[0].split(";")[0] for call in machine.calls] == [
        "make test",
        *then,
    ]


def test_the_script_can_be_run():
    assert os.access(ROOT / ".ci/run", os.X_OK)
    assert b"\r" not in (ROOT / ".ci/run").read_bytes()


# --- the workflow --------------------------------------------------------------------------


def test_the_workflow_calls_the_script_and_no_test_of_its_own():
    commands = [step["run"] for step in JOBS["test"]["steps"] if "run" in step]

    assert commands == [".ci/run ${{ matrix.target }}"]
    (other,) = JOBS["test"]["strategy"]["matrix"]["include"]
    assert other["runner"].endswith("-arm")
    assert f"\n{other['target']}:" in (ROOT / "Makefile").read_text(encoding="utf-8")


def test_the_weekly_workflow_runs_the_full_tests_and_may_write_nothing():
    commands = [step["run"] for step in WEEKLY["jobs"]["test-full"]["steps"] if "run" in step]

    assert commands == [".ci/run test-full"]
    assert "schedule" in WEEKLY[True]  # YAML reads the key `on` as true
    assert WEEKLY["permissions"] == {"contents": "read"}


def test_the_workflow_tests_the_oldest_and_the_newest_python_that_we_support():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    oldest, above = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", project["requires-python"]).groups()

    pythons = JOBS["test"]["strategy"]["matrix"]["python"]

    assert pythons == [f"3.{oldest}", f"3.{int(above) - 1}"]


def test_the_workflow_publishes_only_main_and_only_what_passed():
    publish = JOBS["publish"]
    upload = next(s for s in JOBS["test"]["steps"] if "upload-pages" in s.get("uses", ""))

    assert publish["needs"] == "test"
    assert "matrix.runner == 'ubuntu-latest'" in upload["if"]
    for condition in (publish["if"], upload["if"]):
        assert "github.ref == 'refs/heads/main'" in condition
        assert "github.event_name != 'pull_request'" in condition
    assert upload["with"]["path"] == "_build/html"


def test_the_workflow_may_write_nothing_but_the_published_pages():
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in JOBS["test"]
    assert JOBS["publish"]["permissions"] == {"pages": "write", "id-token": "write"}


@pytest.mark.parametrize("job", [JOBS["test"], WEEKLY["jobs"]["test-full"]])
def test_the_workflows_do_not_download_cuda(job):
    index = job["env"]["PIP_EXTRA_INDEX_URL"]

    assert index == "https://download.pytorch.org/whl/cpu"
    assert f"--extra-index-url {index}" in (ROOT / "binder/requirements.txt").read_text()

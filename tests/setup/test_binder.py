"""Every step by which Binder would build its image can work with our files.

repo2docker writes the Dockerfile without Docker; the steps that concern us are read from it,
and what they run is run here as far as it goes without installing anything.
"""

import json
import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"
CPU_INDEX = "https://download.pytorch.org/whl/cpu"


def lines(path):
    """The lines of a requirements file, without comments."""
    text = re.sub(r"(^|\s)#.*", "", path.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture(scope="module")
def build():
    """What repo2docker says, and the instructions of the Dockerfile in it, one a line."""
    command = [sys.executable, "-m", "repo2docker", "--no-build", "--debug"]
    user = ["--user-id=1000", "--user-name=reader"]
    done = subprocess.run([*command, *user, "."], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    text = (done.stdout + done.stderr).replace("\\\n", "")
    return text, re.findall(r"^(?:FROM|COPY|USER|RUN|ENV|WORKDIR|CMD)\b.*", text, re.MULTILINE)


def position(instructions, wanted):
    found = [n for n, line in enumerate(instructions) if line.startswith(wanted)]
    assert found, f"no step {wanted!r} in the Dockerfile"
    return found[0]


# --- the Dockerfile ------------------------------------------------------------------------


def test_binder_takes_the_python_we_name(build):
    text, instructions = build
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]

    assert (BINDER / "runtime.txt").read_text() == "python-3.11\n"
    assert "Building conda environment for python=3.11" in text
    assert Requirement(f"x{project['requires-python']}").specifier.contains("3.11")
    assert any("environment-2epy-2d3-2e11-2d" in line for line in instructions)


def test_what_the_dockerfile_copies_from_us_exists(build):
    _, instructions = build
    copied = [re.search(r"\ssrc/(\S*)", line) for line in instructions if "COPY" in line]

    paths = [ROOT / match[1] for match in copied if match]

    assert ROOT in paths
    assert [path for path in paths if not path.exists()] == []


def test_our_steps_run_in_the_root_as_the_reader_after_everything_is_copied(build):
    _, instructions = build
    folder = position(instructions, "WORKDIR ${REPO_DIR}")
    everything = position(instructions, "COPY --chown=1000:1000 src/ ${REPO_DIR}/")
    install = position(instructions, "RUN ${KERNEL_PYTHON_PREFIX}/bin/pip install")

    ours = [line for line in instructions if re.match(r"(RUN|ENV) .*binder/", line)]

    pip = "${KERNEL_PYTHON_PREFIX}/bin/pip"
    assert ours == [
        f'RUN {pip} install --no-cache-dir -r "binder/requirements.txt"',
        "RUN chmod +x binder/postBuild",
        "RUN ./binder/postBuild",
        'RUN chmod +x "${REPO_DIR}/binder/start"',
        'ENV R2D_ENTRYPOINT="${REPO_DIR}/binder/start"',
    ]
    assert folder < everything < install < position(instructions, "RUN ./binder/postBuild")
    assert [line for line in instructions[folder:] if line.startswith("WORKDIR")] == [
        "WORKDIR ${REPO_DIR}"
    ]
    users = [line for line in instructions[:install] if line.startswith("USER")]
    assert users[-1] == "USER ${NB_USER}"


# --- what is installed ---------------------------------------------------------------------


def resolve(path, cwd):
    """Follow a requirements file as pip does.

    Files are named relative to the file that names them, packages relative to ``cwd``.
    """
    requirements, constraints, options = [], [], []
    for line in lines(path):
        match line.split():
            case ["-r", name]:
                inner = resolve(path.parent / name, cwd)
                requirements += inner[0]
                constraints += inner[1]
                options += inner[2]
            case ["-c", name]:
                constraints += map(Requirement, lines(path.parent / name))
            case ["-e", name]:
                project = tomllib.loads((cwd / name / "pyproject.toml").read_text("utf-8"))
                requirements.append(Requirement(project["project"]["name"]))
            case [option, value] if option.startswith("--"):
                options.append((option, value))
            case _:
                requirements.append(Requirement(line))
    return requirements, constraints, options


def test_binder_installs_what_everyone_installs_with_pytorch_from_the_cpu_index():
    requirements, constraints, options = resolve(BINDER / "requirements.txt", cwd=ROOT)
    pins = {requirement.name: str(requirement.specifier) for requirement in requirements}

    assert options == [("--extra-index-url", CPU_INDEX)]
    assert pins["torch"] == "==2.13.0"
    assert {"dropoutlab", "numpy", "jupyterlab", "jupyterlab-myst", "notebook"} <= set(pins)
    assert "==2.13.0" in [str(c.specifier) for c in constraints if c.name == "torch"]


def test_the_only_address_that_packages_are_fetched_from_is_pytorchs():
    for path in [*ROOT.glob("*requirements*.txt"), *BINDER.iterdir(), ROOT / "constraints.txt"]:
        addresses = set(re.findall(r"https?://\S+", path.read_text(encoding="utf-8")))
        assert addresses <= {CPU_INDEX}, path


def wheel(folder, version):
    """Write a wheel named torch that holds nothing."""
    folder.mkdir(parents=True)
    info = f"torch-{version}.dist-info"
    with zipfile.ZipFile(folder / f"torch-{version}-py3-none-any.whl", "w") as archive:
        archive.writestr(
            f"{info}/METADATA", f"Metadata-Version: 2.1\nName: torch\nVersion: {version}\n"
        )
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\n")
        archive.writestr(f"{info}/RECORD", "")


@pytest.mark.parametrize("first", ["common", "cpu"])
def test_pip_prefers_the_wheel_without_cuda_wherever_it_looks_first(tmp_path, first):
    """`torch==2.13.0` admits 2.13.0+cpu, which sorts above 2.13.0."""
    wheel(tmp_path / "common/torch", "2.13.0")
    wheel(tmp_path / "cpu/torch", "2.13.0+cpu")
    for index in ("common", "cpu"):
        found = next((tmp_path / index / "torch").iterdir()).name
        page = f'<a href="{found.replace("+", "%2B")}">{found}</a>'
        (tmp_path / index / "torch/index.html").write_text(page)
    indexes = [(tmp_path / name).as_uri() for name in sorted(("common", "cpu"))]
    if first == "cpu":
        indexes.reverse()

    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"]
    places = ["--dest", tmp_path / "got", "--constraint", ROOT / "constraints.txt"]
    settings = {"PIP_CONFIG_FILE": os.devnull, "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    settings |= {"PIP_INDEX_URL": indexes[0], "PIP_EXTRA_INDEX_URL": indexes[1]}
    ambient = {name: value for name, value in os.environ.items() if "PIP_" not in name}
    subprocess.run([*command, *places, "torch==2.13.0"], env=ambient | settings, check=True)

    assert [path.name for path in (tmp_path / "got").iterdir()] == [
        "torch-2.13.0+cpu-py3-none-any.whl"
    ]


# --- our scripts ---------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["postBuild", "start"])
def test_the_scripts_can_be_run_in_a_container(name):
    content = (BINDER / name).read_bytes()

    assert content.startswith(b"#!/usr/bin/env bash\n")
    assert os.access(BINDER / name, os.X_OK)
    subprocess.run(["bash", "-n", BINDER / name], check=True)


@pytest.mark.parametrize("path", sorted(BINDER.iterdir()), ids=lambda path: path.name)
def test_the_files_end_their_lines_as_linux_does(path):
    assert b"\r" not in path.read_bytes()


@pytest.fixture
def home(tmp_path):
    """A home in which postBuild has run, with stand-ins for what would change `.venv`."""
    commands = tmp_path / "bin"
    commands.mkdir()
    for name in ("jupyter", "python"):
        (commands / name).write_text(f'#!/bin/sh\necho "{name} $*" >> "{tmp_path}/calls.log"\n')
        (commands / name).chmod(0o755)
    for name in ("chapters", "coursework/source"):
        (tmp_path / "repository" / name).mkdir(parents=True)
    environment = os.environ | {
        "HOME": str(tmp_path),
        "REPO_DIR": str(tmp_path / "repository"),  # where repo2docker puts a copy of ours
        "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
    }
    subprocess.run(["./binder/postBuild"], cwd=ROOT, env=environment, check=True)
    return tmp_path


def test_jupyterlab_opens_the_chapters(home):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("JUPYTER")}

    shown = subprocess.run(
        [sys.executable, "-m", "jupyterlab", "--show-config-json"],
        env=environment | {"HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )

    assert json.loads(shown.stdout)["LabApp"]["default_url"] == "/lab/tree/chapters"
    assert (ROOT / "chapters").is_dir()
    notebook = json.loads((home / ".jupyter/jupyter_notebook_config.json").read_text())
    assert notebook["JupyterNotebookApp"]["default_url"] == "/lab/tree/chapters"


def test_the_image_holds_no_solutions_of_assignments(home):
    assert [path.name for path in (home / "repository").iterdir()] == ["chapters"]
    assert (ROOT / "coursework" / "source").is_dir()


def test_post_build_disables_an_extension_that_jupyterlab_has(home):
    (call,) = [c for c in (home / "calls.log").read_text().splitlines() if "jupyter " in c]

    extension = re.fullmatch(r"jupyter labextension disable (\S+)", call)[1]

    static = Path(sys.prefix) / "share/jupyter/lab/static"
    assert any(extension.encode() in path.read_bytes() for path in static.glob("*.js"))


@pytest.mark.parametrize(
    ("limit", "threads"),
    [(None, "1"), ("", "1"), ("0.5", "1"), (".5", "1"), ("1.5", "1"), ("2", "2"), ("4.0", "4")],
)
def test_start_takes_as_many_threads_as_the_container_may_use(limit, threads):
    environment = {k: v for k, v in os.environ.items() if not k.endswith("_NUM_THREADS")}
    environment.pop("CPU_LIMIT", None)
    if limit is not None:
        environment["CPU_LIMIT"] = limit
    show = "import os; print([v for k, v in os.environ.items() if k.endswith('_NUM_THREADS')])"

    done = subprocess.run(
        [BINDER / "start", sys.executable, "-c", show],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
    )

    assert done.stdout.strip() == str([threads] * 3)


def test_start_becomes_the_command_it_is_given():
    done = subprocess.run(
        [BINDER / "start", "sh", "-c", 'echo "$1"; exit 7', "sh", "two words"],
        capture_output=True,
        text=True,
    )

    assert (done.returncode, done.stdout) == (7, "two words\n")

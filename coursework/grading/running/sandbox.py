"""Starts the process that runs a learner's code, with as little around it as the system allows.

With bubblewrap, a worker sees Python, the packages that the assignment names, an empty
scratch folder and its own processes; no network, no home, no course. Without it, only the
limits below and, for root, an unprivileged user stand between the learner's code and the
machine: its files can be read and its network reached. That has to be asked for by name.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from grading.running.packages import importable

__all__ = ["Limits", "SandboxMissing", "check", "kill", "start", "stop_group"]

INSIDE = Path(__file__).parent / "inside"
PYTHON = str(getattr(sys, "_base_executable", sys.executable))  # not the link in .venv
FIRST_USER, USERS = 61_000, 4_000
UNPROTECTED = (
    "Without bubblewrap the code of learners can read every file that its user can read, reach "
    "the network, and leave processes behind. Memory, time and file sizes are still limited."
)


class SandboxMissing(RuntimeError):
    """Learners' code cannot be run safely here; the message says what to do."""


@dataclass(frozen=True)
class Limits:
    """What one worker may use.

    Attributes
    ----------
    cpu_seconds : int
        Computing time of one worker. This is what ends an endless loop: it does not depend on
        how busy the machine is.
    seconds : float
        Wall clock for one criterion of a task, and for loading one cell: ends what sleeps.
    total_seconds : float
        Wall clock for a whole submission.
    memory_mb, processes, file_mb : int
        Of one worker. Memory is what it may map beside the packages that it may import.
    """

    cpu_seconds: int = 20
    seconds: float = 60.0
    total_seconds: float = 300.0
    memory_mb: int = 2048
    processes: int = 64
    file_mb: int = 16

    def of_process(self) -> dict[str, int]:
        """Return the limits by their names in Python's `resource` module."""
        return {
            "RLIMIT_CPU": self.cpu_seconds,
            "RLIMIT_AS": self.memory_mb << 20,
            "RLIMIT_FSIZE": self.file_mb << 20,
            "RLIMIT_NPROC": self.processes + (_running() if os.getuid() else 0),
            "RLIMIT_NOFILE": 256,
            "RLIMIT_CORE": 0,
        }


@cache
def check(sandboxed: bool) -> None:
    """Raise `SandboxMissing` where workers cannot be confined as was asked."""
    if os.name != "posix":
        raise SandboxMissing("Grading needs Linux or macOS; on Windows use WSL.")
    if not sandboxed:
        if os.getuid() == 0 and not _world_readable(Path(PYTHON)):
            raise SandboxMissing(
                "As root, workers run as another user, who cannot reach "
                f"{PYTHON}. Grade as an ordinary user, or install bubblewrap."
            )
        return
    if shutil.which("bwrap") is None:
        raise SandboxMissing(
            "bubblewrap is not installed (Debian, Ubuntu: apt install bubblewrap). "
            f"{UNPROTECTED} To grade all the same, say so: --without-sandbox"
        )
    trial = [*_bubblewrap((), 0), PYTHON, "-I", "-S", "-c", "pass"]
    done = subprocess.run(trial, capture_output=True, text=True, errors="replace")
    if done.returncode:
        raise SandboxMissing(
            f"bubblewrap does not work here: {done.stderr.strip()[-300:]} "
            f"{UNPROTECTED} To grade all the same, say so: --without-sandbox"
        )


def unprivileged_user(slot: int) -> int:
    """Return the user of a slot, for root to become: another one in every grading process.

    The system counts processes by user, and lets a user kill its own. Two classes that are
    graded at the same time must not get into each other's way.
    """
    return FIRST_USER + (16 * os.getpid() + slot) % USERS


def start(
    packages: tuple[str, ...], slot: int, sandboxed: bool
) -> tuple[subprocess.Popen[bytes], int | None]:
    """Start a worker; return its process and the user that it shall become.

    Parameters
    ----------
    packages : tuple of str
        Distributions that it may import.
    slot : int
        Tells workers that run at the same time apart: each has a user of its own.
    sandboxed : bool
        Whether bubblewrap confines it.
    """
    check(sandboxed)
    user = unprivileged_user(slot) if os.getuid() == 0 else None
    library = "/packages" if sandboxed else str(_links(packages))
    here = "/worker" if sandboxed else str(INSIDE)
    code = f"import sys; sys.path[:0] = [{here!r}, {library!r}]; import runpy; "
    code += f"runpy.run_path({here + '/serve.py'!r}, run_name='__main__')"
    python = [PYTHON, "-I", "-S", "-B", "-c", code]
    command = [*_bubblewrap(packages, slot), *python] if sandboxed else python
    process = subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd="/",
        env=_environment(),
        start_new_session=True,
    )
    return process, user


def kill(process: subprocess.Popen[bytes]) -> None:
    """End a worker and all that it started, and close its pipes."""
    stop_group(process.pid)
    process.wait()
    for stream in (process.stdin, process.stdout, process.stderr):
        if stream is not None:
            # What was not yet written to a pipe that nobody reads is lost, and may be.
            with contextlib.suppress(OSError):
                stream.close()


def stop_group(number: int) -> None:
    """Kill a process group, where there is one."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(number, signal.SIGKILL)


def _environment() -> dict[str, str]:
    single = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    return {"HOME": "/tmp", "LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"} | dict.fromkeys(
        single, "1"
    )


def _bubblewrap(packages: tuple[str, ...], slot: int) -> list[str]:
    command = ["bwrap", "--die-with-parent", "--new-session", "--unshare-pid", "--unshare-net"]
    command += ["--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"]
    if os.getuid() == 0:  # the worker changes to its user when it is set up
        command += ["--cap-drop", "ALL", "--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        command += ["--unshare-user", "--uid", str(FIRST_USER + slot), "--gid", str(FIRST_USER)]
    for folder in ("/usr", "/lib", "/lib64", "/bin", "/etc/ld.so.cache"):
        if os.path.islink(folder):
            command += ["--symlink", os.readlink(folder), folder]
        elif os.path.exists(folder):
            command += ["--ro-bind", folder, folder]
    base = Path(sys.base_prefix)
    folders = ["/worker", "/packages"]
    outside = not base.is_relative_to("/usr")
    if outside:
        folders += [str(parent) for parent in reversed(base.parents)][1:]
    for folder in folders:  # else only root could pass through
        command += ["--perms", "0755", "--dir", folder]
    command += ["--ro-bind", str(base), str(base)] if outside else []
    for folder in _site_folders(base):
        command += ["--tmpfs", folder]
    command += ["--proc", "/proc", "--dev", "/dev"]
    command += ["--size", str(64 << 20)] if _has_size() else []
    command += ["--perms", "1777", "--tmpfs", "/tmp", "--chdir", "/tmp"]
    for path in INSIDE.glob("[!_]*.py"):
        command += ["--ro-bind", str(path), f"/worker/{path.name}"]
    for name, path in importable(packages).items():
        command += ["--ro-bind", str(path), f"/packages/{name}"]
    return [*command, "--remount-ro", "/", "--"]


@cache
def _has_size() -> bool:
    done = subprocess.run(["bwrap", "--help"], capture_output=True, text=True)
    return "--size" in done.stdout + done.stderr


def _site_folders(base: Path) -> list[str]:
    version = sysconfig.get_python_version()
    folders = [base / "lib" / f"python{version}" / "site-packages"]
    folders += [base / "lib/python3/dist-packages", base / f"lib/python{version}/dist-packages"]
    return [str(folder) for folder in folders if folder.is_dir()]


@cache
def _links(packages: tuple[str, ...]) -> Path:
    folder = Path(tempfile.mkdtemp(prefix="worker-packages-"))
    folder.chmod(0o755)
    for name, path in importable(packages).items():
        (folder / name).symlink_to(path)
    return folder


def _running() -> int:
    """Return how many threads the user runs: they count for the limit, and must fit in it."""
    count = 0
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if folder.stat().st_uid == os.getuid():
                count += len(list(folder.glob("task/*")))
    return count or 4096


def _world_readable(path: Path) -> bool:
    return all(parent.stat().st_mode & 0o001 for parent in path.resolve().parents)

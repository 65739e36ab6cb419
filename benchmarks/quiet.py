"""Whether anything else computes on this machine: then the times below say little."""

import time

import psutil


def others(seconds: float = 2.0) -> list[str]:
    """Return the programs that use more than a twentieth of a core, with the share of it."""
    programs = [
        p for p in psutil.process_iter(["name", "pid"]) if p.pid != psutil.Process().pid
    ]
    for program in programs:
        _share(program)  # counts from here
    time.sleep(seconds)
    shares = sorted(((_share(p), p.info["name"], p.pid) for p in programs), reverse=True)
    return [f"{name} ({pid}), {share:.0%}" for share, name, pid in shares if share > 0.05]


def _share(program: psutil.Process) -> float:
    try:
        return program.cpu_percent() / 100
    except psutil.Error:  # it has ended, or is another user's
        return 0.0


def warn(busy: list[str], when: str) -> None:
    """Say what else computes, if anything does."""
    if busy:
        shown = "; ".join(busy[:5]) + ("; ..." if len(busy) > 5 else "")
        print(
            f"WARNING: this machine is not quiet {when}: {shown}. Times mean little.\n",
            flush=True,
        )

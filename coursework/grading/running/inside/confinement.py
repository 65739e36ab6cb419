"""What a worker gives up before it runs a learner's code, and what it pretends to have."""

from __future__ import annotations

import builtins
import os
import resource
from typing import Any

__all__ = ["confine", "stand_ins"]


def confine(limits: dict[str, int], user: int | None) -> None:
    """Give up what the learner's code must not have: resources first, then the user.

    The limit of memory is for what is added to the packages, which are in place already.
    """
    for name, value in limits.items():
        number = getattr(resource, name, None)
        if number is not None:
            value += _address_space() if name == "RLIMIT_AS" else 0
            ceiling = resource.getrlimit(number)[1]
            value = value if ceiling == resource.RLIM_INFINITY else min(value, ceiling)
            # At the lower of two limits of time comes the signal that says so.
            more = 1 if name == "RLIMIT_CPU" and value < ceiling else 0
            resource.setrlimit(number, (value, value + more))
    if user is not None:
        os.setgroups([])
        os.setgid(user)
        os.setuid(user)


def _address_space() -> int:
    """Return how many bytes this process maps; 0 where there is no ``/proc`` to tell."""
    try:
        with open("/proc/self/statm", encoding="ascii") as pages:
            return int(pages.read().split()[0]) * os.sysconf("SC_PAGE_SIZE")
    except OSError:
        return 0


def stand_ins() -> None:
    """Define what a notebook has and a script has not."""

    class Shell:
        """Knows every method of IPython's shell, and does nothing."""

        def getoutput(self, *args: Any, **kwargs: Any) -> list[str]:
            return []

        def __getattr__(self, name: str) -> Any:
            return lambda *args, **kwargs: None

    for name, value in {"display": print, "get_ipython": Shell, "input": None}.items():
        setattr(builtins, name, value)

"""One answer to one task, right or wrong in one way."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Attempt:
    """An answer that is handed in beside right answers to all other tasks.

    `also` lists other tasks in which the contract makes the error visible.
    """

    name: str
    cell: str
    source: str
    also: tuple[str, ...] = ()


def attempts(cell, text):
    """Read attempts from a text in which each is headed by ``# --- name [also: cell, …]``."""
    found = []
    for part in text.split("\n# --- ")[1:]:
        head, _, source = part.partition("\n")
        name, _, also = head.partition(" also: ")
        tasks = tuple(task.strip() for task in also.split(",")) if also else ()
        found.append(Attempt(name.strip(), cell, source.strip("\n") + "\n", tasks))
    return found

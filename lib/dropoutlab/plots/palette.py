"""One look for each arm of an experiment, the same in the whole course.

Four colours, chosen by computation (the tests repeat it): each has a contrast of
at least 3 : 1 with a white page and with a dark one, and any two stay apart for
readers with protanopia and deuteranopia. No arm is told by colour alone: each
has a line style and a marker of its own too. Black is ink: it becomes the text
colour of the page (see :mod:`dropoutlab.plots.figure`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

__all__ = ["ARMS", "BLUE", "BROWN", "INK", "ORANGE", "TEAL", "Arm", "arm_style"]

BLUE, ORANGE, TEAL, BROWN = "#1b6cd0", "#d97b06", "#189ca8", "#9c543c"
INK = "#000000"

SOLID, DASHED, DOTTED = "-", (0, (5, 2)), (0, (1.2, 1.6))
DASH_DOT, LONG = (0, (6, 1.8, 1.2, 1.8)), (0, (9, 2.5))


@dataclass(frozen=True)
class Arm:
    """How one arm is drawn.

    Parameters
    ----------
    color : str
        ``#rrggbb``.
    linestyle : str or tuple
        As Matplotlib takes it.
    marker : str
        As Matplotlib takes it.

    Examples
    --------
    >>> ARMS["dropout"].marker
    'o'
    """

    color: str
    linestyle: str | tuple[int, tuple[float, ...]]
    marker: str


#: The look of each arm of an experiment: an `Arm` for ``"dropout"``, ``"test"`` and so on.
ARMS = {
    "no dropout": Arm(ORANGE, DASHED, "s"),
    "dropout": Arm(BLUE, SOLID, "o"),
    "training": Arm(TEAL, DASH_DOT, "^"),
    "validation": Arm(BROWN, LONG, "v"),
    "test": Arm(BLUE, SOLID, "D"),
    "NumPy": Arm(BLUE, SOLID, "o"),
    "PyTorch": Arm(ORANGE, DOTTED, "x"),
    "truth": Arm(INK, DOTTED, "*"),
    # For comparisons of no fixed meaning, in this order.
    "first": Arm(BLUE, SOLID, "o"),
    "second": Arm(ORANGE, DASHED, "s"),
    "third": Arm(TEAL, DASH_DOT, "^"),
    "fourth": Arm(BROWN, DOTTED, "D"),
}


def arm_style(arm: str) -> dict[str, Any]:
    """Return colour, line style and marker of `arm`, as keywords for ``ax.plot``.

    Parameters
    ----------
    arm : str
        A key of :data:`ARMS`.

    Returns
    -------
    dict

    Raises
    ------
    ValueError
        If no arm has that name; the message lists the names.

    Examples
    --------
    >>> arm_style("dropout")
    {'color': '#1b6cd0', 'linestyle': '-', 'marker': 'o'}
    """
    if arm not in ARMS:
        raise ValueError(f"arm must be one of {', '.join(ARMS)}; got {arm!r}")
    return vars(ARMS[arm]).copy()

"""Tables of results: a ``<table>`` on a page, aligned text everywhere else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from numbers import Integral, Real

from dropoutlab.output import prose, text_field
from dropoutlab.stats import Interval
from dropoutlab.stats.interval import MINUS, number

__all__ = ["Table", "table"]

Cell = str | float | Interval | None


class Table:
    """Rows of text under their headings: made by :func:`table`.

    Parameters
    ----------
    columns : sequence of str
        The headings. The first column names the rows.
    rows : sequence of sequence of str
        As long as `columns`, each.
    caption : str

    Examples
    --------
    >>> Table(["p", "kept"], [["0.5", "64"]], "Of 128 units")
    Of 128 units
    p    kept
    0.5    64
    """

    def __init__(
        self, columns: Sequence[str], rows: Sequence[Sequence[str]], caption: str
    ) -> None:
        self.columns, self.rows, self.caption = tuple(columns), tuple(map(tuple, rows)), caption
        self._numeric = [
            i > 0 and _numeric(cells) for i, cells in enumerate(zip(*self.rows, strict=True))
        ]

    def __str__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(map(len, cells)) for cells in zip(*lines, strict=True)]
        aligned = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(line, widths, self._numeric, strict=True)
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.caption, *aligned])

    def __repr__(self) -> str:
        return str(self)

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> dict[str, str]:
        # A header without text heads nothing.
        tags = ['th scope="col"' if heading else "td" for heading in self.columns]
        head = self._row(self.columns, *tags)
        cells = ['th scope="row"', *["td"] * (len(self.columns) - 1)]
        lines = [
            f'<table class="dl-table"><caption>{prose(self.caption)}</caption>',
            f"<thead>{head}</thead><tbody>",
            *(self._row(row, *cells) for row in self.rows),
            "</tbody></table>",
        ]
        return {"text/plain": str(self), "text/html": "\n".join(lines)}

    def _row(self, cells: Sequence[str], *tags: str) -> str:
        # JupyterLab, which strips style sheets from what it does not trust, lets these pass.
        sides = ["right" if right else "left" for right in self._numeric]
        made = [
            f'<{tag} style="text-align:{side}">{escape(cell)}</{tag[:2]}>'
            for cell, tag, side in zip(cells, tags, sides, strict=True)
        ]
        return f"<tr>{''.join(made)}</tr>"


def table(
    rows: Iterable[Sequence[Cell]],
    columns: Sequence[str],
    *,
    caption: str,
    decimals: int | None = None,
) -> Table:
    """Return rows as a table to look at: the last expression of a cell.

    Parameters
    ----------
    rows : iterable of sequence
        A cell is text, which stays as it is, a number, an
        :class:`~dropoutlab.stats.Interval`, which is written without what it rests on, or
        ``None``, which leaves it empty.
    columns : sequence of str
        The headings, with units; that of the first column, which names the rows, may be
        empty. A column of numbers is aligned at the right.
    caption : str
        What the table lists, and what its intervals rest on, in plain text; what stands
        between backticks is set as code.
    decimals : int or None
        Of floats and intervals. By default floats have up to six significant digits, and
        intervals as many as give the half-width two.

    Returns
    -------
    Table

    Raises
    ------
    TypeError
        If a cell is none of these.
    ValueError
        If there is no row, a row is not as long as `columns`, or `caption` is empty.

    Examples
    --------
    >>> change = Interval(-1.49, -1.71, -1.27, n=8)
    >>> table(
    ...     [["plain", 8.25, None], ["dropout", 6.76, change]],
    ...     ["net", "error (%)", "change"],
    ...     caption="Test error, 8 seeds, 95 %",
    ...     decimals=1,
    ... )
    Test error, 8 seeds, 95 %
    net      error (%)      change
    plain          8.2
    dropout        6.8  −1.5 ± 0.2
    """
    written = [[_text(cell, decimals) for cell in row] for row in rows]
    if not written:
        raise ValueError("rows must hold at least one row")
    for row in written:
        if len(row) != len(columns):
            raise ValueError(f"each row must have {len(columns)} cells as columns, got {row}")
    return Table(columns, written, text_field(caption, "caption"))


def _text(cell: Cell, decimals: int | None) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Interval):
        return cell.short(decimals=decimals)
    if isinstance(cell, Integral):
        return f"{cell:,}".replace("-", MINUS)
    if isinstance(cell, Real):
        value = float(cell)
        return f"{value:g}".replace("-", MINUS) if decimals is None else number(value, decimals)
    raise TypeError(f"a cell must be text, a number, an Interval or None, got {cell!r}")


def _numeric(cells: Sequence[str]) -> bool:
    return all(not cell or cell.lstrip(f"+{MINUS}±<>")[:1].isdigit() for cell in cells)

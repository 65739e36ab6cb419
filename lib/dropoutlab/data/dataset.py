"""A set of examples: inputs and targets that belong together."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import describe, float_array

__all__ = ["Dataset"]


@dataclass(frozen=True, eq=False, repr=False)
class Dataset:
    """Inputs and targets, one row an example, that nobody can change by accident.

    Parameters
    ----------
    x : array_like of float, shape (n, d)
        Inputs, finite, n and d of at least 1. Copied; the copy is read-only.
    y : array_like of int or float, shape (n,)
        Class labels (integers) or regression targets (finite floats). Copied; the
        copy is read-only.

    Raises
    ------
    TypeError
        ``x`` is not floating-point, or ``y`` is neither integer nor floating-point.
    ValueError
        A shape is wrong, the set is empty, or a value is NaN or infinite.

    Examples
    --------
    >>> data = Dataset([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]], [0, 1, 1])
    >>> data
    Dataset(3 examples, 2 features, float64; targets int64)
    >>> len(data), data.subset([0, 2]).y
    (3, array([0, 1]))
    """

    x: NDArray[np.floating]
    y: NDArray[Any]

    def __post_init__(self) -> None:
        x, y = np.array(float_array("x", self.x)), np.array(_array("y", self.y))
        if x.ndim != 2 or 0 in x.shape:
            raise ValueError(
                "x must have shape (n, d) with at least one row and one column, got shape "
                f"{x.shape}"
            )
        if y.dtype.kind not in "iuf":
            raise TypeError(f"y must be integer labels or float targets, got {describe(y)}")
        if y.shape != (len(x),):
            raise ValueError(
                f"y must have shape (n,) = ({len(x)},), one for each row of x, got shape "
                f"{y.shape}"
            )
        for name, array in (("x", x), ("y", y)):
            if not np.isfinite(array).all():
                where = np.argwhere(~np.isfinite(array))[0]
                raise ValueError(
                    f"{name} must be finite, got {array[tuple(where)]} at index "
                    f"{tuple(map(int, where))}"
                )
            array.flags.writeable = False
            object.__setattr__(self, name, array)

    def __len__(self) -> int:
        return len(self.x)

    def subset(self, indices: ArrayLike) -> "Dataset":
        """Return the examples at ``indices`` (or where a boolean mask is True), copied.

        Raises
        ------
        TypeError
            ``indices`` are neither integers nor booleans.
        ValueError
            They are no list, choose nothing, or reach beyond the examples there are.
        """
        rows = _array("indices", indices)
        if rows.dtype.kind not in "iub" and rows.size:
            raise TypeError(f"indices must be integers or booleans, got {describe(rows)}")
        try:
            rows = np.arange(len(self))[rows if rows.size else rows.astype(int)]
        except IndexError as error:
            raise ValueError(f"indices must fit {len(self)} examples: {error}") from None
        if rows.ndim != 1 or not rows.size:
            raise ValueError(
                f"indices must be a list that chooses an example, got {describe(indices)}"
            )
        return Dataset(self.x[rows], self.y[rows])

    def __reduce__(self) -> tuple[Any, ...]:
        # Unpickled arrays would be writable; going through __init__ protects them again.
        return Dataset, (self.x, self.y)

    def __repr__(self) -> str:
        n, d = self.x.shape
        return f"Dataset({n} examples, {d} features, {self.x.dtype}; targets {self.y.dtype})"


def _array(name: str, value: ArrayLike) -> NDArray[Any]:
    try:
        return np.asarray(value)
    except ValueError:  # NumPy refuses ragged nested lists
        raise TypeError(
            f"{name} must be an array, got {describe(value)}, whose rows differ in length"
        ) from None

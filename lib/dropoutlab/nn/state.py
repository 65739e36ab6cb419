"""Whether saved parameters fit a net: the same names, shapes and dtypes, or none of it."""

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from dropoutlab.checks import describe

__all__ = ["checked_state"]


def checked_state(
    state: Mapping[str, ArrayLike], expected: Mapping[str, NDArray[np.floating]]
) -> dict[str, NDArray[np.floating]]:
    """Return the values of ``state`` as arrays, if they fit those that are ``expected``.

    Raises
    ------
    TypeError
        ``state`` is not a mapping.
    ValueError
        Something does not fit; the message lists all of it.

    Examples
    --------
    >>> checked_state({"0.weight": np.ones((2, 3))}, {"weight": np.ones((2, 3))})
    Traceback (most recent call last):
    ValueError: state must hold the parameters of the net, but
        'weight' is missing
        '0.weight' is not in the net
    """
    if not isinstance(state, Mapping):
        raise TypeError(
            f"state must be a mapping of names to arrays, got {describe(state)}; for a file, "
            "pass nn.load(path)"
        )
    misfits = [f"{name!r} is missing" for name in expected if name not in state]
    misfits += [f"{name!r} is not in the net" for name in state if name not in expected]
    arrays = {}
    for name in expected:
        if name in state:
            try:
                arrays[name] = np.asarray(state[name])
            except (TypeError, ValueError, RuntimeError) as error:  # PyTorch: needs detach()
                misfits.append(f"{name!r} is not an array: {error}")
            else:
                misfits += _differences(name, arrays[name], expected[name])
    if misfits:
        raise ValueError(
            "\n    ".join(["state must hold the parameters of the net, but", *misfits])
        )
    return arrays


def _differences(
    name: str, array: NDArray[Any], expected: NDArray[np.floating]
) -> Iterator[str]:
    if array.shape != expected.shape:
        yield f"{name!r} must have shape {expected.shape}, got {array.shape}"
    # The order of the bytes in memory is no difference: it is adapted without loss.
    if array.dtype.newbyteorder("=") != expected.dtype:
        yield f"{name!r} must have dtype {expected.dtype}, got {array.dtype}"

"""What the judge and the worker say to each other: JSON headers and raw bytes of arrays.

A message is two lengths, a JSON header and the bytes of all arrays it speaks of. Both sides
read it with this module, and neither ever unpickles anything. What JSON cannot say is tagged:
``{"array": 0}`` is the first array, ``{"object": 7}`` something that stays in the worker.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Callable
from typing import IO, Any

import numpy as np

__all__ = ["Malformed", "Packer", "Unpacker", "read_message", "write_message"]

LENGTHS = struct.Struct(">II")
HEADER_LIMIT = 4 << 20
BODY_LIMIT = 64 << 20
DTYPES = {"<f2", "<f4", "<f8", "<i1", "<i2", "<i4", "<i8", "<u1", "<u2", "<u4", "<u8", "|b1"}
DTYPES |= {"|i1", "|u1"}


class Malformed(ValueError):
    """What came is no message, or a larger one than is allowed."""


class Packer:
    """Turns values into tagged JSON, and collects the bytes of arrays beside it.

    Parameters
    ----------
    keep : callable, optional
        Called with what cannot be sent, returns the number under which it is kept.
    """

    def __init__(self, keep: Callable[[Any], int] | None = None) -> None:
        self.keep = keep
        self.arrays: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.size = 0

    def pack(self, value: Any, depth: int = 0) -> Any:
        """Return ``value`` as tagged JSON; containers to a depth of six."""
        # What is a number, a text or a list by its class's ancestors is one: subclasses, such
        # as np.str_, StrEnum, OrderedDict and named tuples, go as what they are made of.
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, str):
            return str.__str__(value) if len(value) <= 100_000 else self._kept(value)
        if isinstance(value, (np.ndarray, np.generic)):
            return self._array(value)
        if isinstance(value, int):
            number = int.__index__(value)
            return number if abs(number) < 1 << 63 else self._kept(value)
        if isinstance(value, float):
            plain = float.__float__(value)
            return plain if math.isfinite(plain) else {"float": str(plain)}
        return self._container(value, depth)

    def _container(self, value: Any, depth: int) -> Any:
        if depth >= 6 or not isinstance(value, (list, tuple, dict)) or len(value) > 10_000:
            return self._kept(value)
        if isinstance(value, dict):
            pairs = dict.items(value)
            return {
                "dict": [[self.pack(k, depth + 1), self.pack(v, depth + 1)] for k, v in pairs]
            }
        kind = "list" if isinstance(value, list) else "tuple"
        return {kind: [self.pack(item, depth + 1) for item in value]}

    def _array(self, value: Any) -> Any:
        data = np.asarray(value)
        dtype = data.dtype.newbyteorder("<").str
        if dtype not in DTYPES:
            return self._kept(value)
        self.size += data.nbytes
        if self.size > BODY_LIMIT:
            raise Malformed("the values are larger than can be sent")
        kind = "scalar" if isinstance(value, np.generic) else type(value).__name__
        self.arrays.append({"dtype": dtype, "shape": list(data.shape), "kind": kind})
        self.bodies.append(data.astype(dtype, order="C", copy=False).tobytes())
        return {"array": len(self.arrays) - 1}

    def _kept(self, value: Any) -> Any:
        if self.keep is None:
            raise TypeError(f"cannot send {type(value).__name__}")
        return {"object": self.keep(value), "type": type(value).__name__[:80]}


class Unpacker:
    """Turns tagged JSON and bytes back into values.

    Parameters
    ----------
    arrays : list of dict
        The dtype, shape and kind of each array.
    body : bytes
        The bytes of all arrays, one after another.
    kept : callable
        Called with the tag of an object, returns what stands for it.
    scalars : bool
        Give NumPy's scalars back as such, and not as arrays without dimensions.
    """

    def __init__(
        self,
        arrays: Any,
        body: bytes,
        kept: Callable[[dict[str, Any]], Any],
        *,
        scalars: bool = False,
    ) -> None:
        self.kept = kept
        self.arrays: list[Any] = []
        start = 0
        if not isinstance(arrays, list):
            raise Malformed("no list of arrays")
        for meta in arrays:
            array = _read_array(meta, body, start)
            start += array.nbytes
            is_scalar = scalars and meta["kind"] == "scalar"
            self.arrays.append(array[()] if is_scalar else array)
        if start != len(body):
            raise Malformed("bytes that belong to no array")

    def unpack(self, value: Any) -> Any:
        """Return the value that ``value``, tagged JSON, stands for."""
        if not isinstance(value, dict):
            if isinstance(value, list):
                raise Malformed("a list without its tag")
            return value
        if "array" in value:
            return self.arrays[value["array"]]
        if "list" in value:
            return [self.unpack(item) for item in value["list"]]
        if "tuple" in value:
            return tuple(self.unpack(item) for item in value["tuple"])
        if "dict" in value:
            return {self.unpack(key): self.unpack(item) for key, item in value["dict"]}
        if "float" in value:
            return float(value["float"])
        return self.kept(value)


def _read_array(meta: Any, body: bytes, start: int) -> np.ndarray[Any, Any]:
    dtype, shape = meta["dtype"], meta["shape"]
    if dtype not in DTYPES or not isinstance(shape, list) or len(shape) > 32:
        raise Malformed("an array of an unknown kind")
    if not all(type(n) is int and 0 <= n <= BODY_LIMIT for n in shape):
        raise Malformed("an array of an impossible shape")
    count = math.prod(shape)
    size = count * np.dtype(dtype).itemsize
    if start + size > len(body):
        raise Malformed("an array that is longer than what came")
    flat = np.frombuffer(body, dtype=dtype, count=count, offset=start)
    return flat.reshape(shape).copy()


def write_message(stream: IO[bytes], header: Any, bodies: list[bytes]) -> None:
    """Write one message and flush."""
    text = json.dumps(header, allow_nan=False).encode()
    body = b"".join(bodies)
    stream.write(LENGTHS.pack(len(text), len(body)) + text + body)
    stream.flush()


def read_message(read: Callable[[int], bytes]) -> tuple[Any, bytes]:
    """Return the header and the body of the next message.

    Parameters
    ----------
    read : callable
        ``read(n)`` returns exactly n bytes, or raises.

    Raises
    ------
    Malformed
        The message is no JSON, or too large.
    """
    header_size, body_size = LENGTHS.unpack(read(LENGTHS.size))
    if header_size > HEADER_LIMIT or body_size > BODY_LIMIT:
        raise Malformed("a message larger than is allowed")
    text, body = read(header_size), read(body_size)
    try:
        return json.loads(text), body
    except (ValueError, RecursionError) as error:
        raise Malformed("a header that is no JSON") from error

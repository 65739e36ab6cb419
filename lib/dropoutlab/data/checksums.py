"""The optional large files: what each must be, byte for byte."""

import hashlib
from dataclasses import dataclass

__all__ = ["FILES", "DataUnavailable", "Known"]


class DataUnavailable(OSError):
    """An optional file is not to be had; the message says why and what to do about it."""


@dataclass(frozen=True)
class Known:
    """What is known of a file before it is read.

    Parameters
    ----------
    size : int
        In bytes.
    sha256 : str
        Of its content, in 64 hexadecimal digits.
    """

    size: int
    sha256: str

    def fault(self, content: bytes) -> str | None:
        """Say what is wrong with the content of a file, as the end of a sentence.

        Returns
        -------
        str or None
            None where the content is as it must be.

        Examples
        --------
        >>> known = Known(3, hashlib.sha256(b"abc").hexdigest())
        >>> known.fault(b"abc"), known.fault(b"ab")
        (None, 'is cut short: 2 bytes instead of 3')
        >>> known.fault(b"<html>Please log in.</html>")
        "looks like a web page and not like data: it begins with '<html>Please log in.</html>'"
        """
        found = hashlib.sha256(content).hexdigest()
        if found == self.sha256:
            return None
        start = content[:40].decode("utf-8", errors="replace").lstrip("\ufeff \t\r\n")
        if start.startswith("<"):
            return f"looks like a web page and not like data: it begins with {start!r}"
        if len(content) < self.size:
            return f"is cut short: {len(content):,} bytes instead of {self.size:,}"
        return f"has other content than it must: its sha256 is {found}, not {self.sha256}"


FILES = {
    "mnist/train-images-idx3-ubyte.gz": Known(
        9_912_422, "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609"
    ),
    "mnist/train-labels-idx1-ubyte.gz": Known(
        28_881, "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c"
    ),
    "mnist/t10k-images-idx3-ubyte.gz": Known(
        1_648_877, "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6"
    ),
    "mnist/t10k-labels-idx1-ubyte.gz": Known(
        4_542, "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6"
    ),
    "movietweetings/movietweetings_10core_movies.csv.gz": Known(
        21_434, "dca9b1d71c93a2090ca2c303942cc42fe3fd3e9b15246bed8c85eeb68eefcac5"
    ),
    "movietweetings/movietweetings_10core_ratings.csv.gz": Known(
        143_147, "5dd846cb86256e5bd347b9a5c79ef9d3163ffdad52e01f19ecab811e51eef316"
    ),
}

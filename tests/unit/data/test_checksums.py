"""The checksums are those of the files, and no damage escapes them."""

import hashlib

from hypothesis import given
from hypothesis import strategies as st

from dropoutlab.data.checksums import FILES, Known


def test_checksums_and_sizes_are_those_of_the_files(real_folder):
    lines = (real_folder / "SHA256SUMS").read_text().splitlines()
    listed = {name: checksum for checksum, name in map(str.split, lines)}
    assert {name: known.sha256 for name, known in FILES.items()} == listed
    for name, known in FILES.items():
        content = (real_folder / name).read_bytes()
        assert len(content) == known.size
        assert known.fault(content) is None


@given(content=st.binary(min_size=1, max_size=200), data=st.data())
def test_every_flipped_bit_and_every_cut_is_found(content, data):
    known = Known(len(content), hashlib.sha256(content).hexdigest())
    assert known.fault(content) is None
    flipped = bytearray(content)
    flipped[data.draw(st.integers(0, len(content) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert known.fault(bytes(flipped))
    cut = content[: data.draw(st.integers(0, len(content) - 1))]
    assert "cut short" in known.fault(cut) or "web page" in known.fault(cut)
    assert known.fault(content + b"\0")


def test_a_web_page_is_told_from_data_whatever_precedes_it():
    known = Known(1000, "0" * 64)
    for start in (b"<html>", b"\r\n\t <!doctype html>", "\ufeff<?xml version".encode()):
        assert "looks like a web page" in known.fault(start + bytes(2000))
    assert "cut short" in known.fault(b"\x1f\x8b<")
    assert "other content" in known.fault(b"\xff\xfe" * 1000)

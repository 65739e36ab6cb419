"""Files are there whole or not at all."""

import errno
import os

import pytest

from dropoutlab.atomic import write_atomically


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a" / "b" / "rows.csv"
    write_atomically(path, b"1")
    write_atomically(path, b"2")
    assert path.read_bytes() == b"2"
    assert os.listdir(path.parent) == ["rows.csv"]


@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "full"), KeyboardInterrupt()])
@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_what_breaks_off_leaves_the_old_file_and_nothing_half_written(
    tmp_path, monkeypatch, step, error
):
    def fail(*_):
        raise error

    path = tmp_path / "rows.csv"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, step, fail)
    with pytest.raises(type(error)):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["rows.csv"]

"""Files are there whole or not at all; what goes wrong is said in a sentence."""

import errno
import os
import subprocess
import sys
import time

import pytest

from dropoutlab.experiments import files
from dropoutlab.experiments.files import (
    StoreError,
    remove_leftovers,
    require_writable,
    write_atomically,
)


def failing(number):
    def fail(*_):
        raise OSError(number, os.strerror(number))

    return fail


def test_a_file_is_written_with_its_folders_and_nothing_beside_it(tmp_path):
    path = tmp_path / "a" / "b" / "rows.csv"
    write_atomically(path, b"1")
    write_atomically(path, b"2")
    assert path.read_bytes() == b"2"
    assert os.listdir(path.parent) == ["rows.csv"]


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_full_disk_leaves_the_old_file_and_nothing_half_written(tmp_path, monkeypatch, step):
    path = tmp_path / "rows.csv"
    write_atomically(path, b"old")
    monkeypatch.setattr(os, step, failing(errno.ENOSPC))
    with pytest.raises(StoreError, match=r"cannot write .*rows\.csv: No space left on device"):
        write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["rows.csv"]


@pytest.mark.skipif(sys.platform == "win32", reason="limits on files are POSIX's")
def test_a_write_that_the_system_really_breaks_off_leaves_nothing(tmp_path):
    code = (
        "import resource, sys; from pathlib import Path;"
        "from dropoutlab.experiments.files import StoreError, write_atomically;"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (5000, 5000))\n"
        "try: write_atomically(Path(sys.argv[1]), bytes(9000))\n"
        "except StoreError as error: print(error)"
    )
    printed = subprocess.run(
        [sys.executable, "-c", code, tmp_path / "big"],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert printed.strip() == f"cannot write {tmp_path / 'big'}: File too large"
    assert os.listdir(tmp_path) == []


def test_an_interrupted_write_leaves_nothing(tmp_path, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupt)
    with pytest.raises(KeyboardInterrupt):
        write_atomically(tmp_path / "rows.csv", b"1")
    assert os.listdir(tmp_path) == []


def test_a_file_system_that_cannot_sync_folders_is_no_obstacle(tmp_path, monkeypatch):
    real = os.fsync

    def sync(descriptor):
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(descriptor)

    monkeypatch.setattr(os, "fsync", sync)
    write_atomically(tmp_path / "rows.csv", b"1")
    assert (tmp_path / "rows.csv").read_bytes() == b"1"


def test_a_writable_folder_is_made_and_left_empty(tmp_path):
    require_writable(tmp_path / "new" / "store")
    assert os.listdir(tmp_path / "new" / "store") == []


def test_a_file_where_a_folder_should_be_is_an_error(tmp_path):
    (tmp_path / "file").write_text("mine")
    for folder in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(StoreError, match=rf"cannot write {folder}.*: (File ex|Not a dir)"):
            require_writable(folder)
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.skipif(not os.path.isdir("/proc/self"), reason="needs a folder nobody can write")
def test_a_folder_that_nobody_can_write_to_is_an_error():
    with pytest.raises(StoreError, match=r"cannot write /proc/self/store/.probe: "):
        require_writable(files.Path("/proc/self/store"))


@pytest.mark.parametrize(("free", "refused"), [(9_999_999, True), (10_000_000, False)])
def test_a_nearly_full_disk_is_an_error_before_work_starts(
    tmp_path, monkeypatch, free, refused
):
    monkeypatch.setattr("shutil.disk_usage", lambda _: type("Usage", (), {"free": free}))
    if not refused:
        return require_writable(tmp_path)
    with pytest.raises(StoreError, match=r"only 10.0 MB are free on its disk, and at least 10"):
        require_writable(tmp_path)


def test_only_temporary_files_of_an_hour_ago_are_leftovers(tmp_path):
    old, new, kept = tmp_path / ".a.json.1-ab.tmp", tmp_path / ".b.tmp", tmp_path / "c.tmp"
    for file in (old, new, kept):
        file.write_text("half")
    for file in (old, kept):
        os.utime(file, (time.time() - 4000,) * 2)
    remove_leftovers(tmp_path)
    assert sorted(os.listdir(tmp_path)) == [".b.tmp", "c.tmp"]

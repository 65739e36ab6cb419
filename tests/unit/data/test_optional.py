"""The order in which an optional file is looked for, and what is said when it is not found."""

import errno
import itertools
import logging
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import platformdirs
import pooch
import pytest

from dropoutlab.data import DataUnavailable, optional
from dropoutlab.data.optional import CHECKSUMS, read

SCRIPT = """
import sys
from dropoutlab.data import optional
optional.CHECKSUMS[sys.argv[1]] = sys.argv[2]
optional.read(sys.argv[1])
"""


@pytest.fixture
def own(monkeypatch, tmp_path):
    """The folder that $DROPOUTLAB_DATA names."""
    monkeypatch.setenv("DROPOUTLAB_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def in_folder(path):
    return sorted(p.name for p in path.parent.iterdir())


def in_another_process(name):
    command = [sys.executable, "-c", SCRIPT, name, CHECKSUMS[name]]
    return subprocess.Popen(command, stderr=subprocess.PIPE, text=True)


# --- where it is looked for ----------------------------------------------------------------


def test_the_own_folder_comes_first_and_the_cache_before_the_network(
    name, content, server, own, cache
):
    put(own, name, content)
    assert read(name) == content
    assert not cache.exists()
    (own / name).unlink()
    (own / "mnist").rmdir()
    assert read(name) == content
    assert read(name) == content  # from the cache, with nothing beside it
    assert in_folder(cache / name) == ["small.gz"]
    ((path, headers),) = server.received
    assert path == "/mnist/small.gz"
    assert headers["Accept-Encoding"] == "identity"


@pytest.mark.parametrize("base", ["{}", "{}/", "{}/some/where/"])
def test_the_address_is_that_of_the_folder_above(name, server, monkeypatch, base):
    monkeypatch.setenv("DROPOUTLAB_DATA_URL", base.format(server.address))
    read(name)
    assert server.received[0][0] == base.format("").rstrip("/") + "/mnist/small.gz"


def test_an_empty_setting_counts_as_none(name, content, server, monkeypatch, tmp_path):
    put(tmp_path, name, b"not meant")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DROPOUTLAB_DATA", "")
    assert read(name) == content


def test_the_own_folder_may_be_below_home(name, content, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DROPOUTLAB_DATA", "~/data")
    put(tmp_path / "data", name, content)
    assert read(name) == content


def test_the_cache_is_where_the_system_keeps_caches_unless_it_is_named(
    name, content, server, monkeypatch, tmp_path
):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "system"))
    monkeypatch.setenv("DROPOUTLAB_CACHE", "~/named")
    read(name)
    assert (tmp_path / "named" / name).read_bytes() == content
    monkeypatch.delenv("DROPOUTLAB_CACHE")
    read(name)
    place = Path(platformdirs.user_cache_dir("dropoutlab")) / name
    assert place.read_bytes() == content


# --- what is said of one's own folder ------------------------------------------------------


def test_an_own_folder_that_is_not_there_is_an_error(name, server, own):
    with pytest.raises(
        DataUnavailable,
        match=rf"\$DROPOUTLAB_DATA is '{own}', and there is no such folder\. Name one that "
        r"holds mnist/small\.gz, or unset it\.",
    ):
        read(name)
    assert server.received == []


def test_a_set_of_which_a_file_is_missing_is_an_error(name, content, server, own):
    put(own, "mnist/other.gz", content)
    with pytest.raises(
        DataUnavailable,
        match=rf"{own}/mnist/small\.gz cannot be read: No such file or directory\. Put the "
        rf"right file there, or remove {own}/mnist to have it looked for elsewhere\.$",
    ):
        read(name)
    assert server.received == []


@pytest.mark.parametrize("damaged", [b"\x1f\x8b", b"<html>Not found</html>"])
def test_a_damaged_file_in_the_own_folder_is_an_error(name, server, own, damaged):
    path = put(own, name, damaged)
    with pytest.raises(DataUnavailable) as caught:
        read(name)
    assert f"{path} is not what it must be: it has {len(damaged)} bytes and begins with" in str(
        caught.value
    )
    assert f"{damaged!r}. Put the right file there" in str(caught.value)
    assert path.read_bytes() == damaged
    assert server.received == []


# --- the network ---------------------------------------------------------------------------

FAILURES = {
    "a web page": "What came from {} is not the file that it must be",
    "less than it announced": "{} could not be downloaded: .*1000 bytes read",
    "404": "{} could not be downloaded: 404 Client Error: Not Found",
    "hanging up": "{} could not be downloaded: .*without response",
    "half, then silence": "{} could not be downloaded: .*timed out",
}


@pytest.mark.parametrize("answer", FAILURES)
@pytest.mark.parametrize("before", [None, b"damaged"], ids=["", "over a damaged file"])
def test_a_failure_says_why_leaves_nothing_and_a_retry_works(
    name, content, server, cache, answers, answer, before, monkeypatch
):
    if before is not None:
        put(cache, name, before)
    server.respond = answers[answer]
    level = pooch.get_logger().level
    message = FAILURES[answer].format(f"{server.address}/{name}")
    advice = (
        r".*\. Try again later; or put the file at mnist/small\.gz in a folder of your own, "
        r"and set \$DROPOUTLAB_DATA to that\.$"
    )
    with monkeypatch.context() as patch:
        if "silence" in answer:  # elsewhere a busy machine may take its time
            patch.setattr(optional, "TIMEOUT", 0.3)
        with pytest.raises(DataUnavailable, match=message + advice) as caught:
            read(name)
    # One sentence, and not the five causes that come with it.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert pooch.get_logger().level == level != logging.WARNING
    assert in_folder(cache / name) == ([] if before is None else ["small.gz"])
    assert before is None or (cache / name).read_bytes() == before

    server.respond = answers["rightly"]
    assert read(name) == content
    assert in_folder(cache / name) == ["small.gz"]


def test_a_download_that_breaks_off_is_tried_again(name, content, server, answers, monkeypatch):
    monkeypatch.setattr(optional, "RETRIES", 1)
    once = iter([answers["hanging up"], answers["rightly"]])
    server.respond = lambda handler: next(once)(handler)
    assert read(name) == content


def test_who_has_no_network_learns_how_to_do_without(name):
    with pytest.raises(
        DataUnavailable,
        match=r"http://127\.0\.0\.1:9/nobody-listens/mnist/small\.gz could not be downloaded: "
        r".*refused\. Try again later; or put the file at mnist/small\.gz in a folder of your "
        r"own, and set \$DROPOUTLAB_DATA to that\.$",
    ):
        read(name)


@pytest.mark.parametrize("address", ["data", "ftp://data.example", "http://", "file:///data"])
def test_an_address_that_is_none(name, address, monkeypatch):
    monkeypatch.setenv("DROPOUTLAB_DATA_URL", address)
    with pytest.raises(DataUnavailable, match=r"not be downloaded: (Invalid URL|No conn)"):
        read(name)


def test_a_cache_that_cannot_be_written_to(name, server, cache):
    # A path below a file: permissions would not stop a test that runs as root.
    cache.write_text("a file")
    with pytest.raises(
        DataUnavailable,
        match=r"could not be kept in .*/cache: (Not a directory|File exists)\. Set "
        r"\$DROPOUTLAB_CACHE to a folder that can be written to; or put the file at",
    ):
        read(name)
    assert server.received == []


def test_a_disk_that_fills_up(name, content, server, cache, monkeypatch):
    def full(*args):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr("shutil.move", full)
        with pytest.raises(DataUnavailable, match=r"not be kept in .*No space left on device"):
            read(name)
    assert in_folder(cache / name) == []
    assert read(name) == content


def test_after_a_kill_in_the_middle_the_next_download_works(
    name, content, server, cache, answers
):
    server.respond = answers["half, then silence"]
    process = in_another_process(name)
    assert server.half_sent.wait(30)
    while not any(path.stat().st_size for path in (cache / "mnist").iterdir()):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not (cache / name).exists()  # half of the file has a name that nobody reads

    server.respond = answers["rightly"]
    assert read(name) == content


def test_two_processes_may_fetch_the_same_file_at_once_in_silence(
    name, content, server, cache, answers
):
    both_asked = threading.Barrier(2, timeout=60)

    def respond(handler):
        both_asked.wait()
        answers["rightly"](handler)

    server.respond = respond
    processes = [in_another_process(name) for _ in range(2)]
    assert [process.communicate()[1] for process in processes] == ["", ""]
    assert len(server.received) == 2
    assert (cache / name).read_bytes() == content
    assert in_folder(cache / name) == ["small.gz"]


def test_somebody_who_watches_sees_how_much_has_come(name, server, monkeypatch, capsys):
    monkeypatch.setenv("DROPOUTLAB_PROGRESS", "1")
    # A clock that moves on by one second whenever it is looked at.
    monkeypatch.setattr("tqdm.std.time", itertools.count(1000).__next__)
    read(name)
    drawn = capsys.readouterr().err
    assert "131072/204802 [" in drawn
    assert "bytes/s" in drawn


# --- the files themselves ------------------------------------------------------------------


def test_checksums_are_those_of_the_files(real_folder):
    lines = (real_folder / "SHA256SUMS").read_text().splitlines()
    assert {name: checksum for checksum, name in map(str.split, lines)} == CHECKSUMS


@pytest.mark.parametrize("name", CHECKSUMS)
def test_every_optional_file_comes_through_a_server_into_the_cache(
    server, real_folder, cache, name
):
    content = (real_folder / name).read_bytes()
    server.respond = lambda handler: handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + content)
    assert read(name) == content
    assert (cache / name).read_bytes() == content


def test_mnist_has_a_public_address(monkeypatch):
    asked = []

    def refuse(url, **options):
        asked.append(url)
        raise ConnectionError("enough")

    monkeypatch.delenv("DROPOUTLAB_DATA_URL")
    monkeypatch.setattr("requests.get", refuse)
    with pytest.raises(DataUnavailable):
        read("mnist/t10k-labels-idx1-ubyte.gz")
    assert asked == [
        "https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz"
    ]


def test_the_ratings_have_no_public_address_but_may_come_from_a_server_of_ones_own(
    content, server, name, cache, monkeypatch
):
    ratings = "movietweetings/some.csv.gz"
    monkeypatch.setitem(CHECKSUMS, ratings, CHECKSUMS[name])
    with monkeypatch.context() as patch:
        patch.delenv("DROPOUTLAB_DATA_URL")
        with pytest.raises(
            DataUnavailable,
            match=rf"{ratings} is not in {cache}, and it has no public address: it was "
            r"derived for this course from MovieTweetings \(MIT licence, \(c\) 2013 Simon "
            rf"Dooms\).* put the file at {ratings} in a folder of your own, and set ",
        ):
            read(ratings)
    assert read(ratings) == content

"""A download gives the right file or a sentence that helps, and leaves nothing else behind."""

import errno
import io
import itertools
import logging
import os
import signal
import socket
import subprocess
import sys
import threading
import time

import pooch
import pytest

from dropoutlab.data import DataUnavailable
from dropoutlab.data import download as downloading
from dropoutlab.data.download import download

SCRIPT = """
import sys
from pathlib import Path
from dropoutlab.data.checksums import Known
from dropoutlab.data.download import download
download(sys.argv[1], Path(sys.argv[2]), Known(int(sys.argv[3]), sys.argv[4]))
"""


@pytest.fixture
def target(tmp_path):
    return tmp_path / "cache" / "mnist" / "small.gz"


def in_folder(target):
    return sorted(path.name for path in target.parent.iterdir())


def is_right(target, known):
    return known.fault(target.read_bytes()) is None


def in_another_process(server, target, known):
    arguments = [f"{server.address}/small.gz", str(target), str(known.size), known.sha256]
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments], stderr=subprocess.PIPE, text=True
    )


def test_the_file_arrives(server, target, known):
    level = pooch.get_logger().level
    download(f"{server.address}/mnist/small.gz", target, known)
    assert is_right(target, known)
    assert in_folder(target) == ["small.gz"]
    assert pooch.get_logger().level == level != logging.WARNING
    ((path, headers),) = server.received
    assert path == "/mnist/small.gz"
    assert headers["Accept-Encoding"] == "identity"


FAILURES = [
    ("wrong content", "has other content than it must: its sha256 is [0-9a-f]{64}, not "),
    ("a web page", "looks like a web page and not like data: it begins with '<!DOCTYPE html>"),
    ("nothing", "is cut short: 0 bytes instead of 204,802"),
    ("less than it announced", "the connection broke off half-way"),
    ("the beginning", "is cut short: 1,000 bytes instead of 204,802"),
    ("404", "the server answered 404 Not Found"),
    ("500", "the server answered 500 Internal Server Error"),
    ("hanging up", r"the connection to the server failed \(.* without response"),
    ("silence", "the server was silent for 0.3 seconds"),
    ("half, then silence", "the server was silent for 0.3 seconds"),
]


@pytest.mark.parametrize(
    ("answer", "message"), FAILURES, ids=[answer for answer, _ in FAILURES]
)
@pytest.mark.parametrize("before", [None, b"damaged"], ids=["", "over a damaged file"])
def test_a_failure_says_why_leaves_nothing_and_a_retry_works(
    server, target, known, answers, answer, message, before, monkeypatch
):
    if before is not None:
        target.parent.mkdir(parents=True)
        target.write_bytes(before)
    server.respond = answers[answer]
    address = f"{server.address}/mnist/small.gz"
    with monkeypatch.context() as patch:
        if "silence" in answer:  # elsewhere a busy machine may take its time
            patch.setattr(downloading, "TIMEOUT", 0.3)
        with pytest.raises(DataUnavailable, match=message) as caught:
            download(address, target, known)
    assert address in str(caught.value)
    assert "Try again later" in str(caught.value)
    assert "could not be kept" not in str(caught.value)
    # One sentence, and not the five causes that come with it.
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    assert in_folder(target) == ([] if before is None else ["small.gz"])
    assert before is None or target.read_bytes() == before

    server.respond = answers["rightly"]
    download(address, target, known)
    assert is_right(target, known)
    assert in_folder(target) == ["small.gz"]


def test_what_does_not_end_is_not_kept_until_the_disk_is_full(server, target, known):
    sent, over = [], threading.Event()

    def respond(handler):
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n")
        try:
            for _ in range(400):
                handler.wfile.write(bytes(100_000))
                sent.append(100_000)
        finally:
            over.set()

    server.respond = respond
    with pytest.raises(DataUnavailable, match="has other content than it must"):
        download(f"{server.address}/small.gz", target, known)
    assert over.wait(30)
    assert sum(sent) < 40_000_000


def test_nobody_listens(target, known):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # bound, so that nobody else can listen there
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/small.gz"
        with pytest.raises(
            DataUnavailable, match=r"the connection to the server failed \(.*refused"
        ):
            download(address, target, known)
    assert in_folder(target) == []


def test_a_machine_without_a_network(target, known, monkeypatch):
    def nobody(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    with pytest.raises(
        DataUnavailable,
        match=r"the connection to the server failed \(.*service not known\)\. Try again later",
    ):
        download("https://data.example/small.gz", target, known)


@pytest.mark.parametrize(
    "address", ["data/small.gz", "ftp://data.example/small.gz", "http://", "file:///small.gz"]
)
def test_an_address_that_is_none(address, target, known):
    with pytest.raises(
        DataUnavailable, match=r"could not be downloaded: (Invalid URL|No conn)"
    ):
        download(address, target, known)


def test_a_cache_that_cannot_be_written_to(server, tmp_path, known):
    # A path below a file: permissions would not stop a test that runs as root.
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(
        DataUnavailable,
        match=r"could not be kept in .*/cache/mnist: (Not a directory|File exists)\. "
        r"Set \$DROPOUTLAB_CACHE to a folder that can be written to",
    ):
        download(f"{server.address}/small.gz", tmp_path / "cache" / "mnist" / "small.gz", known)
    assert (tmp_path / "cache").read_text() == "a file"
    assert server.received == []


def test_a_cache_without_permission(server, target, known, monkeypatch):
    def refuse(*args, **kwargs):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(target.parent))

    target.parent.mkdir(parents=True)
    monkeypatch.setattr("tempfile.NamedTemporaryFile", refuse)
    with pytest.raises(
        DataUnavailable, match=r"could not be kept in .*/cache/mnist: Permission denied\. Set"
    ):
        download(f"{server.address}/small.gz", target, known)


class FullDisk(io.FileIO):
    def write(self, chunk):
        if self.tell() > 100_000:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return super().write(chunk)


def test_a_disk_that_fills_up(server, target, known, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(downloading, "open", FullDisk, raising=False)
        with pytest.raises(
            DataUnavailable, match=r"could not be kept in .*: No space left on device"
        ):
            download(f"{server.address}/small.gz", target, known)
    assert in_folder(target) == []
    download(f"{server.address}/small.gz", target, known)
    assert is_right(target, known)


def test_after_a_kill_in_the_middle_the_next_download_works(server, target, known, answers):
    server.respond = answers["half, then silence"]
    process = in_another_process(server, target, known)
    assert server.half_sent.wait(30)
    while not any(path.stat().st_size for path in target.parent.iterdir()):
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert len(in_folder(target)) == 1  # half of the file, under a name that nobody reads
    assert not target.exists()

    server.respond = answers["rightly"]
    download(f"{server.address}/small.gz", target, known)
    assert is_right(target, known)


def test_an_interrupt_leaves_nothing(server, target, known, monkeypatch):
    def interrupt(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(type(known), "fault", interrupt)
    with pytest.raises(KeyboardInterrupt):
        download(f"{server.address}/small.gz", target, known)
    assert in_folder(target) == []


def test_two_processes_may_fetch_the_same_file_at_once_in_silence(
    server, target, known, answers
):
    both_asked = threading.Barrier(2, timeout=30)

    def respond(handler):
        both_asked.wait()
        answers["rightly"](handler)

    server.respond = respond
    processes = [in_another_process(server, target, known) for _ in range(2)]
    assert [process.communicate()[1] for process in processes] == ["", ""]
    assert [process.returncode for process in processes] == [0, 0]
    assert len(server.received) == 2
    assert is_right(target, known)
    assert in_folder(target) == ["small.gz"]


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_somebody_who_watches_sees_how_much_has_come(server, target, known, monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    # A clock that moves on by one second whenever it is looked at.
    monkeypatch.setattr("tqdm.std.time", itertools.count(1000).__next__)
    download(f"{server.address}/small.gz", target, known)
    drawn = sys.stderr.getvalue()
    assert "131072/204802 [" in drawn
    assert "204802/204802 [" in drawn
    assert "bytes/s" in drawn

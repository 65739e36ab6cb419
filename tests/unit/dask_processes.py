"""A Dask scheduler and its workers as processes of their own, to be killed at will."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from pathlib import Path

DASK = Path(sys.executable).parent / "dask"


def free_port():
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        return listening.getsockname()[1]


def wait_until(condition, seconds=30):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)


class Cluster:
    """Starts processes, and ends them all."""

    def __init__(self, folder):
        self.folder, self.port, self.started = folder, free_port(), []
        self.address = f"tcp://127.0.0.1:{self.port}"

    def start(self, *arguments, **environment):
        with (self.folder / f"{len(self.started)}.log").open("w") as log:
            process = subprocess.Popen(
                [DASK, *arguments, "--no-dashboard"],
                cwd=self.folder,
                env={**os.environ, **environment},
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        self.started.append(process)
        return process

    def scheduler(self):
        process = self.start("scheduler", "--host", "127.0.0.1", "--port", str(self.port))

        def listens():
            with suppress(OSError), socket.create_connection(("127.0.0.1", self.port)):
                return True
            return process.poll() is not None

        wait_until(listens)
        return process

    @contextmanager
    def worker(self, **environment):
        arguments = ("worker", self.address, "--nthreads", "1", "--no-nanny")
        process = self.start(*arguments, **environment)
        try:
            yield process
        finally:
            self.kill(process)

    def kill(self, process):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()


@contextmanager
def cluster(folder):
    """Yield a cluster with a scheduler; afterwards none of its processes is left."""
    started = Cluster(folder)
    try:
        started.scheduler()
        yield started
    finally:
        for process in started.started:
            started.kill(process)

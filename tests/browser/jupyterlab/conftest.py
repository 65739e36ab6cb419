"""A real JupyterLab with a notebook, driven by a real browser."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request

import pytest
from playwright.sync_api import Locator, Page, expect

TIMEOUT = 60_000


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """The address of a JupyterLab that knows nothing of the user's settings, and its folder."""
    folder = tmp_path_factory.mktemp("lab")
    port = free_port()
    own = {
        name: str(folder / ".jupyter" / name)
        for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTERLAB_SETTINGS_DIR")
    }
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root", f"--port={port}"),
        *("--ServerApp.port_retries=0", f"--notebook-dir={folder}"),
        *("--IdentityProvider.token=", "--ServerApp.password="),
    ]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, stdout=log, stderr=log, env=os.environ | own)
        address = f"http://127.0.0.1:{port}"
        try:
            wait_for(f"{address}/api", process, folder / "server.log")
            yield address, folder
        finally:
            process.terminate()
            process.wait(timeout=30)


def wait_for(url, process, log):
    """Return when a server answers."""
    until = time.monotonic() + TIMEOUT / 1000
    while time.monotonic() < until and process.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=5).close()
            return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"JupyterLab did not start:\n{log.read_text()}", pytrace=False)


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        page.on("console", self._note)

    def _note(self, message) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def cell(self, index: int) -> Locator:
        return self.page.locator(".jp-Notebook .jp-CodeCell").nth(index)

    def output(self, index: int) -> Locator:
        return self.cell(index).locator(".jp-OutputArea-output")

    def wait_until_idle(self) -> None:
        idle = self.page.locator(".jp-Notebook-ExecutionIndicator[data-status=idle]")
        expect(idle).to_be_visible(timeout=TIMEOUT)

    def restart_kernel(self) -> None:
        self.page.get_by_role("button", name=re.compile("^Restart the kernel")).first.click()
        self.page.get_by_role("button", name="Confirm Kernel Restart").click()
        self.wait_until_idle()

    def run(self, index: int) -> None:
        """Run a cell, and wait until it is done."""
        prompt = self.cell(index).locator(".jp-InputArea-prompt")
        before = prompt.inner_text()
        for _ in range(30):  # until the kernel is connected, JupyterLab forgets what it is told
            prompt.click()
            self.page.get_by_role("button", name=re.compile("^Run this cell")).click()
            if self._is_done(prompt, before):
                return
        pytest.fail(f"cell {index} did not run")

    @staticmethod
    def _is_done(prompt: Locator, before: str) -> bool:
        try:
            expect(prompt).not_to_have_text(before, timeout=2000)
        except AssertionError:
            return False
        expect(prompt).not_to_have_text("[*]:", timeout=TIMEOUT)
        return prompt.inner_text() not in (before, "[ ]:")


@pytest.fixture(scope="session")
def open_notebook(chromium, server):
    """Return a function that opens a new notebook with the given cells."""
    address, folder = server
    # One for all of them, so that JupyterLab's scripts are loaded once.
    context = chromium.new_context(viewport={"width": 1200, "height": 1400})

    def open_notebook(*cells: str) -> Notebook:
        name = f"notebook-{len(list(folder.glob('*.ipynb')))}.ipynb"
        content = {
            "cells": [
                {
                    "cell_type": "code",
                    "id": f"cell-{i}",
                    "metadata": {},
                    "source": source,
                    "outputs": [],
                    "execution_count": None,
                }
                for i, source in enumerate(cells)
            ],
            "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (folder / name).write_text(json.dumps(content), encoding="utf-8")
        notebook = Notebook(context.new_page())
        notebook.page.goto(f"{address}/lab/tree/{name}?reset", timeout=TIMEOUT)
        notebook.wait_until_idle()
        return notebook

    yield open_notebook
    context.close()


@pytest.fixture
def notebook(open_notebook):
    """The same for a single test, which gets notebooks of its own."""
    books = []

    def open_for_one_test(*cells: str) -> Notebook:
        books.append(open_notebook(*cells))
        return books[-1]

    yield open_for_one_test
    for book in books:
        book.page.close()

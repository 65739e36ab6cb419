"""A real JupyterLab, driven by a real browser: one server and one page for all notebooks."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

TIMEOUT = 120_000  # milliseconds: far more than is needed while something else computes
ACTIONS = Path(__file__).with_name("actions.js")


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
        *("--ServerApp.port_retries=0", f"--notebook-dir={folder}", "--expose-app-in-browser"),
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
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:  # met once: it waits for a lock of its own
                process.kill()
                process.wait()


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


@pytest.fixture(scope="session")
def lab(chromium):
    """The page for JupyterLab."""
    context = chromium.new_context(viewport={"width": 1200, "height": 1400})
    context.set_default_timeout(TIMEOUT)
    expect.set_options(timeout=30_000)
    yield context.new_page()
    context.close()


class Notebook:
    """A notebook that is open in JupyterLab."""

    def __init__(self, page: Page, path: str) -> None:
        self.page, self.path = page, path
        self.complaints: list[str] = []
        page.on("pageerror", self._note_error)
        page.on("console", self._note)
        page.evaluate("path => openBook(path)", path)

    def _note_error(self, error) -> None:
        self.complaints.append(f"page error: {error}")

    def _note(self, message) -> None:
        if message.type == "error":
            self.complaints.append(message.text)

    def cell(self, index: int) -> Locator:
        return self.page.locator(".jp-NotebookPanel:not(.lm-mod-hidden) .jp-CodeCell").nth(
            index
        )

    def output(self, index: int) -> Locator:
        return self.cell(index).locator(".jp-OutputArea-output")

    def restart_kernel(self) -> None:
        self.page.evaluate("path => restartKernel(path)", self.path)

    def run(self, index: int) -> None:
        """Run a cell, and wait until it is done."""
        self.page.evaluate("([path, index]) => runCell(path, index)", [self.path, index])

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what Playwright has no expectation for."""
        end = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < end, "it did not come about"
            self.page.wait_for_timeout(50)

    def close(self) -> None:
        self.page.remove_listener("pageerror", self._note_error)
        self.page.remove_listener("console", self._note)
        self.page.evaluate("path => closeBook(path)", self.path)


@pytest.fixture(scope="module")
def open_notebook(lab, server):
    """Return a function that opens a new notebook with the given cells."""
    address, folder = server
    books = []
    # What other modules ran has left its styles in the page.
    lab.goto(f"{address}/lab?reset")
    lab.wait_for_function("window.jupyterapp")
    lab.add_script_tag(path=ACTIONS)

    def open_notebook(*cells: str | dict) -> Notebook:
        name = f"notebook-{len(list(folder.glob('*.ipynb')))}.ipynb"
        (folder / name).write_text(json.dumps(notebook(cells)), encoding="utf-8")
        books.append(Notebook(lab, name))
        return books[-1]

    yield open_notebook
    for book in books:
        book.close()


def notebook(cells) -> dict:
    """Return a notebook: a cell is its source, or a dict of what it has beside an id."""
    empty = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    return {
        "cells": [
            empty | {"id": f"cell-{i}"} | (cell if isinstance(cell, dict) else {"source": cell})
            for i, cell in enumerate(cells)
        ],
        "metadata": {"kernelspec": {"name": "python3", "display_name": "Python 3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
    }

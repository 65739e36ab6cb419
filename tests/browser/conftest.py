"""The built book in a real browser: served, and opened from disk.

These tests read ``_build/html``, so ``make book`` comes first. They need Chromium:
``$CHROMIUM``, or one on the PATH, or Playwright's own. Its headless shell, which has no
windows of its own to draw, needs half the time.
"""

import os
import shutil
import threading
from collections import defaultdict
from contextlib import ExitStack
from functools import cache, partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from zlib import crc32

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import (
    Browser,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

HERE = Path(__file__).parent
BOOK = HERE.parents[1] / "_build" / "html"
FILES = (p.relative_to(BOOK).as_posix() for p in BOOK.rglob("*.html"))
# index.html is intro.html, byte for byte, as tests/book makes sure.
PAGES = sorted(name for name in FILES if not name.startswith("_") and name != "index.html")
CHAPTERS = [p for p in PAGES if Path(p).name[:2].isdigit()]

NO_BROWSER = (
    "no Chromium was found, so nothing was checked in a browser. Install one "
    "(on Debian: apt install chromium; anywhere: .venv/bin/playwright install chromium), "
    "or name yours: CHROMIUM=/path/to/chromium make test"
)
SHELL = "chromium-headless-shell"
WHOLE = ("chromium", "chromium-browser", "google-chrome")
# Chromium talks to its makers unless told not to.
FLAGS = [
    *("--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
]
skipped = []


def find_chromium(playwright: Playwright, *names: str) -> str | None:
    """Return the path of the first Chromium with one of these names, or None."""
    named = os.environ.get("CHROMIUM")
    if named and not Path(named).exists():
        pytest.fail(f"CHROMIUM={named}: there is no such file.", pytrace=False)
    on_path = map(shutil.which, names)
    own = playwright.chromium.executable_path
    return named or next(filter(None, on_path), None) or (own if Path(own).exists() else None)


# What most tests look at: a page of each kind. Chapters are made by one template, and so are
# the pages of the reference; this chapter has all that a chapter can have.
ALIKE = {
    page
    for page in PAGES
    if (page in CHAPTERS and Path(page).name[:2] != "07")
    or (page.startswith("chapters/reference/") and Path(page).stem != "nn")
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Leave to `make test-full` the pages that are like another one.

    Where a test looks at every page in two ways, also every other page; and of a test that has
    variants but looks at no page (a server and the disk, every explorable, two widths), all but
    one: another for each test, the same in every run.
    """
    variants = defaultdict(list)
    for item in items:
        if not item.path.is_relative_to(HERE):  # pytest hands over those of all folders
            continue
        given = set(map(str, getattr(getattr(item, "callspec", None), "params", {}).values()))
        alike = not ALIKE.isdisjoint(given) and not item.get_closest_marker("every_page")
        turn = item.get_closest_marker("in_turns")
        odd = any(PAGES.index(page) % 2 for page in given.intersection(PAGES))
        if alike or (turn and (turn.args[0] in given) == odd):
            item.add_marker(pytest.mark.full)
        elif given and given.isdisjoint(PAGES) and not item.get_closest_marker("full"):
            variants[item.path, item.originalname].append(item)
    for (_, test), several in variants.items():
        chosen = crc32(test.encode()) % len(several)
        for item in several[:chosen] + several[chosen + 1 :]:
            if not item.get_closest_marker("everyday"):
                item.add_marker(pytest.mark.full)


def pytest_terminal_summary(terminalreporter):
    """Say loudly what was not checked."""
    if skipped:
        terminalreporter.section("browser tests SKIPPED", red=True, bold=True)
        terminalreporter.line(NO_BROWSER[0].upper() + NO_BROWSER[1:])


@pytest.fixture(scope="session")
def launch():
    """Return a function that starts the first Chromium of some names, once."""
    with sync_playwright() as playwright, ExitStack() as stack:
        expect.set_options(timeout=10_000)

        @cache
        def launch(*names: str) -> Browser:
            path = find_chromium(playwright, *names)
            if path is None and os.environ.get("CI") == "true":
                pytest.fail(NO_BROWSER, pytrace=False)
            if path is None:
                skipped.append(True)
                pytest.skip(NO_BROWSER)
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            stack.callback(browser.close)
            return browser

        yield launch


@pytest.fixture(scope="session")
def chromium(launch):
    """Chromium, through its headless shell where there is one."""
    return launch(SHELL, *WHOLE)


@pytest.fixture(scope="session")
def whole_chromium(launch):
    """Chromium as readers have it: its headless shell breaks some lines elsewhere."""
    return launch(*WHOLE)


class QuietHandler(SimpleHTTPRequestHandler):
    """Serves files and keeps no log."""

    def log_message(self, *arguments):
        pass


@pytest.fixture(scope="session")
def served():
    """The address of a server of the book, on a free port of the loopback."""
    if not PAGES:
        pytest.fail("There is no built book to look at. Run `make book` first.", pytrace=False)
    handler = partial(QuietHandler, directory=str(BOOK))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


# Without a built book one test must remain, to say so.
@pytest.fixture(params=PAGES or ["index.html"])
def name(request):
    """Each page of the book; in `make test` one of each kind, but for `every_page`."""
    return request.param


@pytest.fixture(params=CHAPTERS or ["index.html"])
def chapter(request):
    """Each page that was a notebook; in `make test` one of them."""
    return request.param


@pytest.fixture(params=["http", "file"])
def root(request, served):
    """Where the book lies: on a server, and on disk."""
    return served if request.param == "http" else BOOK.as_uri()


class Reader:
    """Someone with a browser window, who notes every complaint and every request."""

    def __init__(self, browser: Browser, root: str, **options):
        self.root = root
        self.context = browser.new_context(
            **{"viewport": {"width": 1280, "height": 900}} | options
        )
        self.context.set_default_timeout(10_000)
        self.page: Page = self.context.new_page()
        self.complaints: list[str] = []
        self.requests: list[str] = []
        self.page.on("console", self.note_console)
        self.page.on("pageerror", lambda error: self.complaints.append(f"page error: {error}"))
        self.page.on("requestfailed", self.note_request)
        self.page.on("request", lambda request: self.requests.append(request.url))

    def note_request(self, request: Request) -> None:
        # What was under way when the reader went on has not failed.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}")

    def note_console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"console {message.type}: {message.text}")

    def open(self, name: str) -> Page:
        """Open a page of the book, with its fonts, and let it answer to their arrival."""
        self.page.goto(f"{self.root}/{name}")
        frame = "new Promise((done) => requestAnimationFrame(done))"
        self.page.evaluate(f"document.fonts.ready.then(() => {frame}).then(() => {frame})")
        return self.page

    @property
    def strangers(self) -> list[str]:
        """The requests that left the book."""
        own = (self.root, "data:", "blob:")
        return [url for url in self.requests if not url.startswith(own)]


@pytest.fixture(scope="session")
def violations():
    """Return a function that says which rules of accessibility a page breaks, and where."""
    axe = Axe()
    # Off by default in axe: whether a finger can hit what it aims at.
    options = {"rules": {"target-size": {"enabled": True}}, "resultTypes": ["violations"]}

    def find(page: Page) -> list[str]:
        return [
            f"{v['id']} ({v['impact']}): {node['html'][:160]} {node.get('failureSummary', '')}"
            for v in axe.run(page, options=options).response["violations"]
            for node in v["nodes"]
        ]

    return find


@pytest.fixture
def reader(chromium, root):
    """Return a function that seats a new reader before the book: no cache, no memory."""
    readers = []

    def seat(browser=chromium, **options) -> Reader:
        readers.append(Reader(browser, root, **options))
        return readers[-1]

    yield seat
    for someone in readers:
        someone.context.close()


@pytest.fixture(scope="module", params=PAGES or ["index.html"])
def first_visit(request, chromium, served):
    """To each page: its name, a reader who was never here before, and the responses."""
    someone, responses = Reader(chromium, served), []
    someone.page.on("response", lambda response: responses.append(response))
    someone.open(request.param).wait_for_load_state("networkidle")
    yield request.param, someone, responses
    someone.context.close()


@pytest.fixture(scope="session")
def regulars(chromium):
    """The readers who stay for the whole session, by where they read."""
    yield (known := {})
    for someone in known.values():
        someone.context.close()


@pytest.fixture
def regular(chromium, regulars, root):
    """A reader who has been here before: for tests that only look. Cheaper than a new one."""
    if root not in regulars:
        regulars[root] = Reader(chromium, root)
    someone = regulars[root]
    someone.page.goto("about:blank")  # what the last page still had to say is not of the next
    someone.page.set_viewport_size({"width": 1280, "height": 900})
    someone.page.emulate_media(media="screen", color_scheme="light", reduced_motion="reduce")
    someone.complaints.clear()
    someone.requests.clear()
    return someone

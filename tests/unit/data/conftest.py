"""What tests of data share: a server that misbehaves on request."""

import hashlib
import http.server
import threading

import pytest

from dropoutlab.data import optional


@pytest.fixture(autouse=True)
def _far_from_the_users_files_and_the_network(monkeypatch, tmp_path):
    monkeypatch.delenv("DROPOUTLAB_DATA", raising=False)
    monkeypatch.delenv("DROPOUTLAB_PROGRESS", raising=False)
    monkeypatch.setenv("DROPOUTLAB_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("DROPOUTLAB_DATA_URL", "http://127.0.0.1:9/nobody-listens")
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setattr(optional, "RETRIES", 0)


CONTENT = b"\x1f\x8b" + bytes(range(256)) * 800  # more than three chunks of a download
SHA256 = hashlib.sha256(CONTENT).hexdigest()


@pytest.fixture
def content():
    return CONTENT


@pytest.fixture
def name(monkeypatch):
    """A small file that is known like the large ones."""
    monkeypatch.setitem(optional.CHECKSUMS, "mnist/small.gz", SHA256)
    return "mnist/small.gz"


class Server(http.server.ThreadingHTTPServer):
    """Answers every request by ``respond(handler)``, and remembers the requests."""

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.received = []
        self.respond = send()
        self.half_sent, self.released = threading.Event(), threading.Event()

    def handle_error(self, request, client_address):
        pass  # a client that was killed or that gave up is what tests are about


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.received.append((self.path, self.headers))
        self.server.respond(self)

    def log_message(self, *args):
        pass


def send(content=CONTENT, *, status=200, claimed=None):
    """Return an answer: ``claimed`` is the length it announces."""

    def respond(handler):
        handler.send_response(status)
        handler.send_header("Content-Length", str(claimed or len(content)))
        handler.end_headers()
        handler.wfile.write(content)

    return respond


def stall(handler):
    """Send half of the file, then nothing until the test is over."""
    send(CONTENT[: len(CONTENT) // 2], claimed=len(CONTENT))(handler)
    handler.wfile.flush()
    handler.server.half_sent.set()
    handler.server.released.wait(30)


@pytest.fixture
def server(monkeypatch):
    """A server that has the small file, and is where files are looked for."""
    server = Server()
    monkeypatch.setenv("DROPOUTLAB_DATA_URL", server.address)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.released.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def answers():
    """The ways in which the server can answer, by what they do."""
    return {
        "rightly": send(),
        "a web page": send(b"<html>Please sign in</html>"),
        "less than it announced": send(CONTENT[:1000], claimed=len(CONTENT)),
        "404": send(b"", status=404),
        "hanging up": lambda handler: None,
        "half, then silence": stall,
    }

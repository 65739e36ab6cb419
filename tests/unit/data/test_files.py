"""The order in which an optional file is looked for, and what is said when it is not found."""

from pathlib import Path

import platformdirs
import pytest

from dropoutlab.data import DataUnavailable, files
from dropoutlab.data.checksums import FILES


@pytest.fixture
def right(content, server, monkeypatch, name):
    """The right content, which the server has."""
    monkeypatch.setenv("DROPOUTLAB_DATA_URL", server.address)
    return content


@pytest.fixture
def own(monkeypatch, tmp_path):
    """The folder that $DROPOUTLAB_DATA names."""
    monkeypatch.setenv("DROPOUTLAB_DATA", str(tmp_path / "own"))
    return tmp_path / "own"


def put(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def test_the_own_folder_comes_first_and_the_cache_before_the_network(
    name, right, server, own, tmp_path
):
    put(own, name, right)
    assert files.read(name) == right
    assert not (tmp_path / "cache").exists()
    (own / name).unlink()
    (own / "mnist").rmdir()
    put(tmp_path / "cache", name, right)
    assert files.read(name) == right
    assert server.received == []
    (tmp_path / "cache" / name).unlink()
    assert files.read(name) == right
    assert [path for path, _ in server.received] == ["/mnist/small.gz"]
    assert files.read(name) == right  # from the cache again
    assert len(server.received) == 1


@pytest.mark.parametrize("base", ["{}", "{}/", "{}/some/where/"])
def test_the_address_is_that_of_the_folder_above(name, right, server, monkeypatch, base):
    monkeypatch.setenv("DROPOUTLAB_DATA_URL", base.format(server.address))
    files.read(name)
    path = base.format("").rstrip("/") + "/mnist/small.gz"
    assert server.received[0][0] == path


def test_an_own_folder_that_is_not_there_is_an_error(name, right, server, own):
    with pytest.raises(
        DataUnavailable,
        match=rf"\$DROPOUTLAB_DATA is '{own}', and there is no such folder\. Name one that "
        r"holds mnist/small\.gz, or unset it\.",
    ):
        files.read(name)
    assert server.received == []


def test_an_empty_setting_counts_as_none(name, right, monkeypatch, tmp_path):
    put(tmp_path, name, b"not meant")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DROPOUTLAB_DATA", "")
    assert files.read(name) == right


def test_a_set_of_which_a_file_is_missing_is_an_error(name, right, server, own):
    put(own, "mnist/other.gz", right)
    with pytest.raises(
        DataUnavailable,
        match=rf"{own}/mnist/small\.gz is missing\. Put the right file there, or remove "
        rf"{own}/mnist to have it looked for elsewhere",
    ):
        files.read(name)
    assert server.received == []


@pytest.mark.parametrize(
    ("damage", "message"),
    [
        (lambda right: right[:5000], "is cut short: 5,000 bytes instead of 204,802"),
        (lambda right: right[::-1], "has other content than it must"),
        (
            lambda right: b"\n <html>Not found</html>",
            "looks like a web page .* begins with '<html>Not found",
        ),
    ],
)
def test_a_damaged_file_in_the_own_folder_is_an_error(
    name, right, server, own, damage, message
):
    path = put(own, name, damage(right))
    with pytest.raises(DataUnavailable, match=f"{path} {message}.*Put the right file there"):
        files.read(name)
    assert path.read_bytes() == damage(right)
    assert server.received == []
    put(own, name, right)
    assert files.read(name) == right


def test_a_file_that_cannot_be_read_is_an_error(name, right, own):
    (own / name).mkdir(parents=True)
    with pytest.raises(
        DataUnavailable, match=r"small\.gz cannot be read: Is a directory\. Put"
    ):
        files.read(name)


@pytest.mark.parametrize("length", [0, 5000, 300_000])
def test_a_damaged_file_in_the_cache_is_replaced_when_that_is_possible(
    name, right, server, answers, tmp_path, length
):
    path = put(tmp_path / "cache", name, bytes(length))
    server.respond = answers["404"]
    with pytest.raises(DataUnavailable, match="the server answered 404 Not Found"):
        files.read(name)
    server.respond = answers["rightly"]
    assert files.read(name) == right
    assert path.read_bytes() == right
    assert list(path.parent.iterdir()) == [path]


def test_a_cache_that_cannot_be_used_is_named(name, right, tmp_path):
    (tmp_path / "cache").write_text("a file")
    with pytest.raises(
        DataUnavailable,
        match=r"could not be kept in .*/cache/mnist: .*Set \$DROPOUTLAB_CACHE to a folder that "
        r"can be written to; or put the file at mnist/small\.gz in a folder of your own",
    ):
        files.read(name)


def test_who_has_no_network_learns_how_to_do_without(name):
    with pytest.raises(
        DataUnavailable,
        match=r"http://127\.0\.0\.1:9/nobody-listens/mnist/small\.gz could not be downloaded: "
        r"the connection to the server failed \(.*\)\. Try again later; or put the file at "
        r"mnist/small\.gz in a folder of your own, and set \$DROPOUTLAB_DATA to that\.$",
    ):
        files.read(name)


@pytest.mark.parametrize("name", FILES)
def test_every_optional_file_comes_through_a_server_into_the_cache(
    server, monkeypatch, real_folder, tmp_path, name
):
    def respond(handler):
        content = (real_folder / handler.path[1:]).read_bytes()
        handler.wfile.write(b"HTTP/1.0 200 OK\r\n\r\n" + content)

    server.respond = respond
    monkeypatch.setenv("DROPOUTLAB_DATA_URL", server.address)
    content = (real_folder / name).read_bytes()
    assert files.read(name) == content
    assert (tmp_path / "cache" / name).read_bytes() == content


def test_the_ratings_have_no_public_address(monkeypatch, tmp_path):
    name = "movietweetings/movietweetings_10core_ratings.csv.gz"
    monkeypatch.delenv("DROPOUTLAB_DATA_URL")
    with pytest.raises(
        DataUnavailable,
        match=r"movietweetings_10core_ratings\.csv\.gz is neither in \$DROPOUTLAB_DATA "
        r"\(unset\) nor in the cache, and has no public address: it was derived for this "
        r"course from MovieTweetings \(MIT licence, \(c\) 2013 Simon Dooms\).* put the file at "
        r"movietweetings/.*\.gz in a folder of your own, and set \$DROPOUTLAB_DATA to that",
    ):
        files.read(name)
    monkeypatch.setenv("DROPOUTLAB_DATA", str(tmp_path))
    with pytest.raises(DataUnavailable, match=r"is neither in \$DROPOUTLAB_DATA nor in"):
        files.read(name)


def test_a_server_of_ones_own_may_have_the_ratings(right, server, known, monkeypatch):
    monkeypatch.setitem(FILES, "movietweetings/some.csv.gz", known)
    assert files.read("movietweetings/some.csv.gz") == right
    assert server.received[0][0] == "/movietweetings/some.csv.gz"


def test_mnist_has_a_public_address(monkeypatch):
    asked = []

    def download(address, target, known):
        asked.append(address)
        raise DataUnavailable("enough")

    monkeypatch.delenv("DROPOUTLAB_DATA_URL")
    monkeypatch.setattr(files, "download", download)
    with pytest.raises(DataUnavailable):
        files.read("mnist/t10k-labels-idx1-ubyte.gz")
    assert asked == [
        "https://storage.googleapis.com/cvdf-datasets/mnist/t10k-labels-idx1-ubyte.gz"
    ]


def test_the_cache_is_where_the_system_keeps_caches_unless_it_is_named(monkeypatch):
    monkeypatch.setenv("DROPOUTLAB_CACHE", "~/somewhere")
    assert files.cache_folder() == Path.home() / "somewhere"
    monkeypatch.delenv("DROPOUTLAB_CACHE")
    assert files.cache_folder() == Path(platformdirs.user_cache_dir("dropoutlab"))


def test_the_own_folder_may_be_below_home(name, right, monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("DROPOUTLAB_DATA", "~/data")
    path = put(tmp_path / "data", name, right)
    assert files.read(name) == path.read_bytes()

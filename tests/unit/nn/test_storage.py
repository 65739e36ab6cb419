"""Parameters in files: exact, whole or not at all, and clear words for foreign files."""

import contextlib
import io
import os
import pickle
import stat
import struct
import zipfile
import zlib

import numpy as np
import pytest
import torch

from dropoutlab import nn

NOT_PARAMETERS = r"path must name a file of parameters \(\.npz\), as nn\.save writes it, but "


def make(seed=0, dtype=np.float32, init="torch"):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Linear(3, 2, rng=rng, dtype=dtype, init=init),
        nn.Tanh(),
        nn.Linear(2, 1, rng=rng, dtype=dtype, init=init),
    )


def same(state, other):
    return list(state) == list(other) and all(
        values.tobytes() == other[name].tobytes()
        and (values.dtype, values.shape) == (other[name].dtype, other[name].shape)
        for name, values in state.items()
    )


def archive(**members):
    """The bytes of a zip file with the given members."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        for name, content in members.items():
            zipped.writestr(name.replace("__", "."), content)
    return file.getvalue()


def npy(array, **options):
    file = io.BytesIO()
    np.save(file, array, **options)
    return file.getvalue()


# Saving and loading


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_net_comes_back_bit_for_bit(tmp_path, dtype):
    net, other = make(dtype=dtype), make(1, dtype=dtype)
    net[0].weight.data[0] = [np.nan, -0.0, -np.inf]
    nn.save(net, tmp_path / "net.npz")
    state = nn.load(tmp_path / "net.npz")
    assert same(state, net.state_dict())
    other.load_state_dict(state)
    assert same(other.state_dict(), net.state_dict())


def test_a_state_can_be_saved_in_place_of_a_net_and_paths_be_strings(tmp_path):
    nn.save(make(), tmp_path / "net.npz")
    nn.save(make().state_dict(), str(tmp_path / "state"))
    assert (tmp_path / "net.npz").read_bytes() == (tmp_path / "state").read_bytes()
    assert same(nn.load(str(tmp_path / "state")), make().state_dict())


def test_states_of_any_name_shape_and_layout_come_back(tmp_path):
    state = {
        "file": np.ones(2),  # np.savez would take these two for its arguments
        "allow_pickle": np.zeros(()),
        "ein Gewicht/ü": np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        "empty": np.ones((0, 3), np.float32),
        "every other": np.arange(10.0)[::2],
    }
    nn.save(state, tmp_path / "a")
    assert same(nn.load(tmp_path / "a"), state)
    nn.save({}, tmp_path / "b")
    assert nn.load(tmp_path / "b") == {}


@pytest.mark.parametrize("order", ["<", ">"])
def test_files_of_either_byte_order_load_in_that_of_this_machine(tmp_path, order):
    state = make().state_dict()
    there = {name: v.astype(v.dtype.newbyteorder(order)) for name, v in state.items()}
    nn.save(there, tmp_path / "a")
    assert f"'descr': '{order}f4'".encode() in (tmp_path / "a").read_bytes()
    loaded = nn.load(tmp_path / "a")
    assert same(loaded, state)
    assert all(values.dtype.isnative for values in loaded.values())


@pytest.mark.parametrize("write", [np.savez, np.savez_compressed])
def test_files_are_exchanged_with_numpy_in_both_directions(tmp_path, write):
    state = make().state_dict()
    write(tmp_path / "theirs.npz", **state)
    assert same(nn.load(tmp_path / "theirs.npz"), state)
    nn.save(state, tmp_path / "ours.npz")
    with np.load(tmp_path / "ours.npz", allow_pickle=False) as file:
        assert same(dict(file), state)


def test_a_net_of_pytorch_takes_the_file_and_gives_it_back(tmp_path):
    net = make()
    theirs = torch.nn.Sequential(torch.nn.Linear(3, 2), torch.nn.Tanh(), torch.nn.Linear(2, 1))
    nn.save(net, tmp_path / "net.npz")
    loaded = nn.load(tmp_path / "net.npz")
    theirs.load_state_dict({name: torch.tensor(values) for name, values in loaded.items()})
    x = np.ones((4, 3), np.float32)
    np.testing.assert_allclose(net(x), theirs(torch.tensor(x)).detach(), rtol=1e-5)
    nn.save(
        {name: tensor.numpy() for name, tensor in theirs.state_dict().items()}, tmp_path / "b"
    )
    assert (tmp_path / "b").read_bytes() == (tmp_path / "net.npz").read_bytes()


def test_loaded_arrays_are_new_and_can_be_written_to(tmp_path):
    nn.save(make(), tmp_path / "a")
    first, second = nn.load(tmp_path / "a"), nn.load(tmp_path / "a")
    for name, values in first.items():
        values += 1
        assert not np.shares_memory(values, second[name])
    assert same(second, make().state_dict())


# Writing


def test_the_file_is_replaced_and_nothing_else_is_left(tmp_path):
    for seed in (0, 1):
        nn.save(make(seed), tmp_path / "net.npz")
    assert same(nn.load(tmp_path / "net.npz"), make(1).state_dict())
    assert os.listdir(tmp_path) == ["net.npz"]


@pytest.mark.skipif(os.name == "nt", reason="Windows has no such permissions")
def test_the_file_may_be_read_by_those_whom_the_umask_allows(tmp_path):
    before = os.umask(0o027)
    try:
        nn.save(make(), tmp_path / "net.npz")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "net.npz").stat().st_mode) == 0o640


@pytest.mark.parametrize("at", ["write_array", "fsync", "replace"])
@pytest.mark.parametrize("error", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_whatever_interrupts_the_writing_the_old_file_stays(tmp_path, monkeypatch, at, error):
    nn.save(make(), tmp_path / "net.npz")

    def fails(*arguments, **options):
        raise error

    place = {"write_array": np.lib.format, "fsync": os, "replace": os}[at]
    monkeypatch.setattr(place, at, fails)
    with pytest.raises(type(error)):
        nn.save(make(1), tmp_path / "net.npz")
    assert os.listdir(tmp_path) == ["net.npz"]
    assert same(nn.load(tmp_path / "net.npz"), make().state_dict())


def test_the_file_is_on_the_disk_before_it_takes_its_name(tmp_path, monkeypatch):
    seen = []
    fsync, replace = os.fsync, os.replace

    def sync(descriptor):
        seen.append(("fsync", os.fstat(descriptor).st_size))
        fsync(descriptor)

    def rename(source, target):
        seen.append(("replace", os.stat(source).st_size))
        replace(source, target)

    monkeypatch.setattr(os, "fsync", sync)
    monkeypatch.setattr(os, "replace", rename)
    nn.save(make(), tmp_path / "net.npz")
    size = (tmp_path / "net.npz").stat().st_size
    assert seen == [("fsync", size), ("replace", size)]


def test_a_file_that_cannot_be_opened_says_why(tmp_path, monkeypatch):
    def fails(*arguments, **options):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", fails)
    with pytest.raises(PermissionError, match="Permission denied"):
        nn.save(make(), tmp_path / "net.npz")


def test_bad_places_are_named(tmp_path):
    with pytest.raises(
        FileNotFoundError, match=r"path must lie in an existing folder, got '.*no"
    ):
        nn.save(make(), tmp_path / "no" / "net.npz")
    with pytest.raises(IsADirectoryError, match="path must name a file, got the folder '"):
        nn.save(make(), tmp_path)
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize(
    ("net", "message"),
    [
        (None, "net must be a Module or a state_dict, got None"),
        ([np.ones(2)], "net must be a Module or a state_dict, got "),
        ({1: np.ones(2)}, "the names in net must be strings, got 1"),
        ({"a": np.ones(2), "b": np.ones(2, int)}, r"net\['b'\] must be an array of floats"),
        ({"a": np.array([None])}, r"net\['a'\] must be an array of floats .* an object array"),
    ],
)
def test_what_is_no_state_is_refused_before_anything_is_written(tmp_path, net, message):
    with pytest.raises(TypeError, match=message):
        nn.save(net, tmp_path / "net.npz")
    assert os.listdir(tmp_path) == []


# Damaged and foreign files


def refused(path, content, detail=""):
    path.write_bytes(content)
    with pytest.raises(ValueError, match=NOT_PARAMETERS) as caught:
        nn.load(path)
    assert f"but {str(path)!r} is of another kind" in str(caught.value)
    assert detail in str(caught.value)
    assert caught.value.__cause__ is not None


def small(seed=0):
    """Two arrays, in some 500 bytes, so that every byte can be tried."""
    return nn.Linear(2, 1, rng=np.random.default_rng(seed), init="torch")


def test_a_file_cut_short_at_any_byte_is_refused(tmp_path):
    nn.save(small(), tmp_path / "net.npz")
    whole = (tmp_path / "net.npz").read_bytes()
    assert len(whole) > 400
    for length in range(len(whole)):
        refused(tmp_path / "cut", whole[:length])


@pytest.mark.parametrize("flip", [0x01, 0x80, 0xFF])
def test_no_damaged_byte_lets_other_numbers_into_a_net(tmp_path, flip):
    # Names and dates have no checksum: a date does not matter, a name does not fit the net.
    path, net = tmp_path / "net.npz", small(1)
    nn.save(small(), path)
    whole, saved, before = path.read_bytes(), small().state_dict(), net.state_dict()
    n_refused = 0
    for position in range(len(whole)):
        path.write_bytes(
            whole[:position] + bytes([whole[position] ^ flip]) + whole[position + 1 :]
        )
        try:
            net.load_state_dict(nn.load(path))
        except ValueError:
            n_refused += 1
            assert same(net.state_dict(), before)
        else:
            assert same(net.state_dict(), saved)
            net.load_state_dict(before)
    assert n_refused > len(whole) / 2


def test_a_damaged_byte_in_the_numbers_is_always_noticed(tmp_path):
    path = tmp_path / "net.npz"
    nn.save(small(), path)
    whole = path.read_bytes()
    for values in small().state_dict().values():
        start = whole.index(values.tobytes())
        for position in range(start, start + values.nbytes):
            damaged = bytearray(whole)
            damaged[position] ^= 0x10
            refused(path, bytes(damaged), "Bad CRC-32")


def test_bytes_after_the_end_of_an_array_are_refused(tmp_path):
    refused(tmp_path / "a", archive(a__npy=npy(np.ones(2)) + b"x"), "goes on after the end")


PNG = b"\x89PNG\r\n\x1a\n" + struct.pack(">I", 13) + b"IHDR" + bytes(13) + zlib.compress(b"0")


@pytest.mark.parametrize(
    ("content", "detail"),
    [
        (b"", "not a zip file"),
        (b"<!DOCTYPE html><html><body>404 Not Found</body></html>", "not a zip file"),
        (b"Gewichte: 1, 2, 3\n", "not a zip file"),
        (pickle.dumps({"0.weight": np.ones(2)}), "not a zip file"),
        (PNG, "not a zip file"),
        (npy(np.ones(3)), "not a zip file"),
        (archive(readme__txt=b"hello"), "'readme.txt' is not an array"),
        (archive(a__npy=npy(np.ones(1)), word__xml=b"<xml/>"), "'word.xml' is not an array"),
        (archive(a__npy=b"no array at all"), "magic string"),
        (archive(a__npy=b""), ""),
        (archive(a__npy=npy(np.ones(5))[:-1]), ""),
        (archive(a__npy=npy(np.array([{}, []], object), allow_pickle=True)), "Object arrays"),
        (archive(a__npy=npy(np.arange(3))), "'a' must be an array of floats"),
        (archive(a__npy=npy(np.array(["text"]))), "'a' must be an array of floats"),
        (archive(a__npy=npy(np.ones(3, complex))), "'a' must be an array of floats"),
    ],
)
def test_foreign_files_are_refused(tmp_path, content, detail):
    refused(tmp_path / "foreign.npz", content, detail)


def test_a_file_of_pytorch_is_refused(tmp_path):
    torch.save({"0.weight": torch.ones(2)}, tmp_path / "net.pt")
    with pytest.raises(ValueError, match=NOT_PARAMETERS):
        nn.load(tmp_path / "net.pt")


def test_an_array_that_is_there_twice_is_refused(tmp_path):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as zipped:
        zipped.writestr("a.npy", npy(np.array([1.0])))
        with pytest.warns(UserWarning, match="Duplicate name"):
            zipped.writestr("a.npy", npy(np.array([2.0])))
    refused(tmp_path / "twice.npz", file.getvalue(), "'a.npy' is not an array, or there twice")


def test_nothing_in_a_file_is_executed(tmp_path):
    class Trap:
        def __reduce__(self):
            return os.mkdir, (str(tmp_path / "sprung"),)

    refused(tmp_path / "pickle", pickle.dumps(Trap()))
    array = np.array([Trap()], object)
    refused(tmp_path / "npz", archive(a__npy=npy(array, allow_pickle=True)))
    assert not (tmp_path / "sprung").exists()


def test_missing_files_and_folders_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=NOT_PARAMETERS + "'.*none.npz' does not exist"):
        nn.load(tmp_path / "none.npz")
    with pytest.raises(IsADirectoryError, match=r"file of parameters .* got the folder '"):
        nn.load(tmp_path)


def test_loading_leaves_no_file_open(tmp_path):
    path = tmp_path / "net.npz"
    for content in (archive(a__npy=npy(np.ones(1))), b"foreign"):
        path.write_bytes(content)
        with contextlib.suppress(ValueError):
            nn.load(path)
        path.unlink()  # refused on Windows if it is open; elsewhere a warning, here an error

"""A recording gives back its rows, and notices when they are not what they were."""

import gzip
import json
import os

import pytest

from dropoutlab.experiments import (
    Experiment,
    Results,
    StoreError,
    load_recorded,
    recording,
    run,
)
from dropoutlab.experiments.recording import recorded_folder


def measure(seed, p, act):
    return {"error": [1.0, p / 3 + seed], "norm": 0.1 + p}


EXPERIMENT = Experiment(
    "rate", measure, grid={"p": [0.5, 0], "act": ["relu", None, True]}, seeds=[0, 3]
)


@pytest.fixture
def results():
    return run(EXPERIMENT, store=False)


@pytest.fixture
def folder(results, tmp_path):
    return results.record(tmp_path / "results" / "rate")


def test_a_recording_gives_back_the_same_rows_and_manifest(results, folder):
    back = load_recorded(folder)
    assert back.to_csv() == results.to_csv()
    assert back.table.equals(results.table)
    assert back.settings == results.settings
    assert back.manifest.items() >= results.manifest.items()
    assert back.final("error", p=0.5, act=None).tolist() == (
        results.final("error", p=0.5, act=None).tolist()
    )


def test_a_recording_says_that_nothing_of_it_was_measured_now(folder):
    back = load_recorded(folder)
    assert (back.recorded, back.n_computed, back.n_read) == (True, 0, 12)
    assert back.manifest["runs"]["computed"] == 12
    assert repr(back) == "Results(rate: 6 settings × 2 seeds; recorded)"


def test_equal_rows_give_an_equal_file_that_gunzip_reads(results, folder, tmp_path):
    results.record(tmp_path / "again")
    packed = (folder / "rows.csv.gz").read_bytes()
    assert (tmp_path / "again" / "rows.csv.gz").read_bytes() == packed
    assert packed[3:10] == bytes([0, 0, 0, 0, 0, 2, 255])  # no name, no date, no system
    assert gzip.decompress(packed).decode() == results.to_csv()
    assert sorted(os.listdir(folder)) == ["manifest.json", "rows.csv.gz"]


def test_an_experiment_is_recorded_under_its_name_in_the_checkout(
    results, tmp_path, monkeypatch
):
    monkeypatch.setattr(recording, "checkout", lambda: tmp_path)
    assert results.record() == tmp_path / "results" / "rate" == recorded_folder("rate")
    assert load_recorded("rate").to_csv() == results.to_csv()
    monkeypatch.setattr(recording, "checkout", lambda: None)
    monkeypatch.chdir(tmp_path)
    assert load_recorded("rate").to_csv() == results.to_csv()


def test_a_recording_can_be_recorded_anew(folder, tmp_path):
    load_recorded(folder).record(tmp_path / "copy")
    assert load_recorded(tmp_path / "copy").to_csv() == load_recorded(folder).to_csv()


def test_what_is_incomplete_is_not_recorded(results, tmp_path):
    partial = Results(results._runs[1:], results.manifest)
    with pytest.raises(ValueError, match="must be complete, got 11 of 12 runs"):
        partial.record(tmp_path / "partial")
    assert not (tmp_path / "partial").exists()


def test_what_is_known_to_be_incomplete_is_marked_and_read_only_by_who_knows(tmp_path):
    folder = run(EXPERIMENT, shard=(1, 4)).record(tmp_path / "partial", partial=True)
    assert json.loads((folder / "manifest.json").read_bytes())["partial"] is True
    with pytest.raises(StoreError, match=r"has 3 of 12 runs, and the sweep goes on; .*=True"):
        load_recorded(folder)
    back = load_recorded(folder, partial=True)
    assert repr(back) == "Results(rate: 6 settings × 2 seeds; recorded, 9 missing)"
    assert back.to_csv() == run(EXPERIMENT, shard=(1, 4)).to_csv()


def edited(folder, name, change):
    file = folder / name
    file.write_bytes(change(file.read_bytes()))


def manifest_with(folder, **changes):
    manifest = json.loads((folder / "manifest.json").read_bytes())
    (folder / "manifest.json").write_text(json.dumps(manifest | changes))


def test_a_missing_recording_names_the_file(folder, tmp_path):
    with pytest.raises(StoreError, match=r"cannot read .*none.manifest\.json: No such file"):
        load_recorded(tmp_path / "none")
    (folder / "rows.csv.gz").unlink()
    with pytest.raises(StoreError, match=r"cannot read .*rows\.csv\.gz: No such file"):
        load_recorded(folder)


@pytest.mark.parametrize("cut", [1, 20, -12, -1])
def test_a_truncated_recording_is_damaged(folder, cut):
    edited(folder, "rows.csv.gz", lambda content: content[:cut])
    with pytest.raises(StoreError, match=r"rows\.csv\.gz is damaged .*record it again"):
        load_recorded(folder)


def test_a_web_page_in_place_of_the_rows_is_damaged(folder):
    edited(folder, "rows.csv.gz", lambda _: b"<html>404</html>")
    with pytest.raises(StoreError, match=r"rows\.csv\.gz is damaged \(Not a gzipped file"):
        load_recorded(folder)


def test_a_flipped_bit_is_noticed(folder):
    edited(folder, "rows.csv.gz", lambda c: c[:60] + bytes([c[60] ^ 8]) + c[61:])
    with pytest.raises(StoreError, match=r"rows\.csv\.gz (is damaged|does not hold)"):
        load_recorded(folder)


def test_rows_of_another_recording_are_noticed(folder):
    edited(
        folder,
        "rows.csv.gz",
        lambda c: gzip.compress(gzip.decompress(c).replace(b"1.0", b"0.9")),
    )
    with pytest.raises(StoreError, match="does not hold the rows that the manifest beside it"):
        load_recorded(folder)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "is not JSON"),
        ("[]", "is not the manifest of a recording"),
        ("{}", "is not the manifest of a recording: KeyError"),
        ('{"rows": 3}', "is not the manifest of a recording: TypeError"),
    ],
)
def test_another_file_in_place_of_the_manifest_is_refused(folder, content, message):
    (folder / "manifest.json").write_text(content)
    with pytest.raises(StoreError, match=rf"manifest\.json {message}"):
        load_recorded(folder)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"settings": [{"q": 1}]}, r"rows\.csv\.gz does not hold rows of this experiment: .*q"),
        ({"settings": []}, r"manifest\.json is not the manifest .*IndexError"),
        ({"seeds": [0]}, r"rows\.csv\.gz has 12 of 6 runs"),
        ({"seeds": [0, 3, 4]}, r"rows\.csv\.gz has 12 of 18 runs"),
    ],
)
def test_a_manifest_that_describes_other_runs_is_noticed(folder, changes, message):
    manifest_with(folder, **changes)
    with pytest.raises(StoreError, match=message):
        load_recorded(folder)

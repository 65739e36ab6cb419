"""The commands say in sentences what happened, and with their exit code whether it did."""

import re
import subprocess
import sys
from dataclasses import replace

import pytest

from dropoutlab.experiments import Experiment, command_line, commands, recording, run
from dropoutlab.experiments.command_line import main
from dropoutlab.experiments.measurements import Measurement
from dropoutlab.experiments.run_store import stores_in


def measure(seed, p):
    return {"test error": [0.9, p + seed / 8]}


def broken(seed, p):
    if p == 0.5:
        raise ValueError("no luck")
    return {"test error": p}


def interrupted(seed, p):
    if seed == 1:
        raise KeyboardInterrupt
    return {"test error": p}


GRID = {"p": [0.25, 0.5]}
CATALOGUE = {
    experiment.name: experiment
    for experiment in (
        Experiment("rate", measure, grid=GRID, seeds=range(2), description="Error by rate"),
        Experiment("broken", broken, grid=GRID, seeds=range(2), description="Half fails"),
        Experiment("halted", interrupted, grid=GRID, seeds=range(2), description="Is stopped"),
    )
}


@pytest.fixture(autouse=True)
def checkout(tmp_path, monkeypatch):
    """A checkout to record in, and a small catalogue."""
    for module in (command_line, commands):
        monkeypatch.setattr(module, "CATALOGUE", CATALOGUE)
    monkeypatch.setattr(recording, "checkout", lambda: tmp_path / "checkout")
    monkeypatch.setattr(sys, "argv", ["experiments"])
    return tmp_path / "checkout"


def said(capsys, *arguments, code=0):
    """Carry out a command; return what it printed where it should."""
    assert main(arguments) == code
    out, err = capsys.readouterr()
    assert (out == "") == (code != 0)
    assert (err == "") == (code == 0)
    return (err if code else out).strip()


def refused(capsys, *arguments):
    """Carry out a command that is wrong; return what it says."""
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 2
    return capsys.readouterr().err


def test_list_says_what_there_is_and_what_is_kept(capsys):
    assert said(capsys, "list").splitlines() == [
        "name    runs  kept  what it measures",
        "rate    4     -     Error by rate",
        "broken  4     -     Half fails",
        "halted  4     -     Is stopped",
    ]
    run(CATALOGUE["rate"]).record()
    assert "rate    4     4 stored, recorded  Error by rate" in said(capsys, "list")


def test_run_prints_final_means_and_what_was_computed(capsys):
    assert said(capsys, "run", "rate", "--workers", "1").splitlines() == [
        "p     metric      final mean",
        "0.25  test error  0.31 ± 0.79 (95 %, 2 seeds)",
        "0.5   test error  0.56 ± 0.79 (95 %, 2 seeds)",
        "",
        "4 runs computed, 0 read from the store.",
    ]
    assert "0 runs computed, 4 read" in said(capsys, "run", "rate", "--workers", "1")


def test_seeds_and_store_can_be_chosen(capsys, tmp_path, store):
    chosen = ["--seeds", "3", "--store", str(tmp_path / "mine"), "--workers", "1"]
    assert "6 runs computed" in said(capsys, "run", "rate", *chosen)
    assert (tmp_path / "mine").is_dir()
    assert not store.exists()
    assert "3 seeds" in said(capsys, "show", "rate", "--store", str(tmp_path / "mine"))


def test_without_a_number_of_workers_several_processes_work(capsys):
    assert "4 runs computed" in said(capsys, "run", "rate")


def test_a_recording_is_written_and_shown(capsys, checkout, store):
    printed = said(capsys, "run", "rate", "--record", "--workers", "1")
    assert f"Recorded in {checkout / 'results' / 'rate'}." in printed
    for file in store.rglob("*.json"):
        file.unlink()
    shown = said(capsys, "show", "rate")
    assert "0.5   test error  0.56 ± 0.79 (95 %, 2 seeds)" in shown
    assert "\nRecorded 20" in shown
    assert "UTC by: python" in shown


def test_stored_runs_are_shown_with_date_and_command(capsys):
    said(capsys, "run", "rate", "--workers", "1")
    shown = said(capsys, "show", "rate")
    assert "\nStored 20" in shown
    assert "(4 runs computed then, 0 read; 0 s of work in all)" in shown


def test_what_was_not_run_to_its_end_is_not_shown_but_counted(capsys, store):
    run(Experiment("rate", measure, grid={"p": [0.5]}, seeds=[1]))
    (manifest,) = store.rglob("manifest.json")
    manifest.unlink()
    message = said(capsys, "show", "rate", code=1)
    assert "1 of 4 runs are stored. To go on: python -m" in message


def test_a_run_that_was_lost_since_is_not_shown_as_complete(capsys, store):
    run(CATALOGUE["rate"])
    next(f for f in store.rglob("*.json") if f.name != "manifest.json").unlink()
    assert "3 of 4 runs are stored" in said(capsys, "show", "rate", code=1)


# Shards, recordings of what there is, merging, forgetting


def shard(capsys, part, folder):
    return said(capsys, "run", "rate", "--shard", part, "--store", folder, "--workers", "1")


def test_shards_say_what_is_missing_and_the_last_has_all(capsys, store):
    first = shard(capsys, "1/2", str(store)).splitlines()
    assert first[1] == "0.25  test error  0.25 (1 seed)"
    assert first[-1] == "2 of 4 runs are there; other shards go on."
    assert shard(capsys, "2/2", str(store)).splitlines()[-1] == (
        "2 runs computed, 2 read from the store."
    )
    assert "Stored 20" in said(capsys, "show", "rate")


def test_what_there_is_can_be_recorded_if_it_is_marked(capsys, checkout, store):
    assert "no runs of rate are stored in" in said(capsys, "record", "rate", code=1)
    shard(capsys, "1/2", str(store))
    message = said(capsys, "record", "rate", code=1)
    assert message.startswith("2 of 4 runs of rate are stored.")
    assert message.endswith("record rate --partial")
    folder = checkout / "results" / "rate"
    assert said(capsys, "record", "rate", "--partial") == (
        f"Recorded as partial, 2 of 4 runs, in {folder}."
    )
    shard(capsys, "2/2", str(store))
    assert said(capsys, "record", "rate") == f"Recorded in {folder}."


def test_a_partial_recording_is_shown_as_such_and_gone_on_from(
    capsys, checkout, store, tmp_path
):
    shard(capsys, "1/2", str(store))
    said(capsys, "record", "rate", "--partial")
    said(capsys, "forget", "rate")
    assert "\n2 runs so far; others are missing.\nRecorded 20" in said(capsys, "show", "rate")
    recording = str(checkout / "results" / "rate")
    assert said(capsys, "merge", recording, str(store)) == (
        f"{recording}: 2 runs of rate copied, 0 were there"
    )
    assert "2 runs computed, 2 read" in said(capsys, "run", "rate", "--workers", "1")


def test_stores_are_merged_and_what_differs_is_counted(capsys, tmp_path):
    a, b, both = (str(tmp_path / name) for name in ("a", "b", "both"))
    shard(capsys, "1/2", a)
    shard(capsys, "2/2", b)
    assert said(capsys, "merge", a, b, both).splitlines() == [
        f"{a}: 2 runs of rate copied, 0 were there",
        f"{b}: 2 runs of rate copied, 0 were there",
    ]
    assert said(capsys, "merge", a, both) == f"{a}: 0 runs of rate copied, 2 were there"
    assert "0 runs computed, 4 read" in said(
        capsys, "run", "rate", "--store", both, "--workers", "1"
    )
    (place,) = stores_in(tmp_path / "a")
    for stored in list(place.runs()):
        place.write(replace(stored, measured={"test error": Measurement((0.9,), (0,))}))
    assert said(capsys, "merge", a, both).endswith("2 were there with other rows, which stay")


def test_runs_of_another_version_are_merged_and_said_not_to_be_read(capsys, tmp_path):
    shard(capsys, "1/2", str(tmp_path / "a"))
    (place,) = stores_in(tmp_path / "a")
    text = (place.folder / "conditions.txt").read_text()
    older = re.sub("numpy .*", "numpy 1.0", text)
    (place.folder / "conditions.txt").write_text(older)
    place.folder.rename(place.folder.with_name("1" * 16))
    message = said(capsys, "merge", str(tmp_path / "a"), str(tmp_path / "b"))
    assert "This checkout will not read them: numpy 1.0 in these runs, 2." in message
    listed = said(capsys, "list", "--store", str(tmp_path / "b"))
    assert "2 of other versions" in listed


def test_nothing_to_merge_is_an_error(capsys, tmp_path):
    message = said(capsys, "merge", str(tmp_path / "none"), str(tmp_path / "b"), code=1)
    assert message == f"there are no runs in {tmp_path / 'none'}"


def test_only_what_is_named_is_forgotten(capsys, store):
    run(CATALOGUE["rate"])
    run(Experiment("other", measure, grid=GRID, seeds=[0]))
    assert said(capsys, "forget", "rate") == f"4 runs of rate were removed from {store}."
    assert [folder.name for folder in store.iterdir()] == ["other"]
    assert said(capsys, "forget", "rate", code=1) == f"nothing is stored of rate in {store}"


# What goes wrong


def test_failed_runs_are_listed_without_a_traceback(capsys):
    message = said(capsys, "run", "broken", "--workers", "1", code=1)
    assert message == (
        "2 of 4 runs of 'broken' failed; the others are complete:\n"
        "  p=0.5, seed 0: ValueError: no luck\n"
        "  p=0.5, seed 1: ValueError: no luck"
    )


def test_an_interruption_exits_with_130_and_says_what_is_kept(capsys):
    message = said(capsys, "run", "halted", "--workers", "1", code=130)
    assert message.startswith("interrupted; 1 of 4 runs are kept in ")
    assert "Traceback" not in message


def test_an_interruption_before_the_runs_exits_with_130_too(capsys, monkeypatch):
    def interrupt(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(commands, "open_store", interrupt)
    assert said(capsys, "list", code=130) == "interrupted"


def test_an_unusable_store_is_said_in_a_sentence(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    message = said(capsys, "run", "rate", "--store", str(tmp_path / "file"), code=1)
    assert message.startswith(f"cannot write to {tmp_path / 'file'}")
    assert "\n" not in message


def test_a_damaged_recording_is_said_in_a_sentence(capsys, checkout, store):
    folder = run(CATALOGUE["rate"], store=False).record()
    (folder / "rows.csv.gz").write_bytes(b"1")
    assert "rows.csv.gz is damaged" in said(capsys, "show", "rate", code=1)


@pytest.mark.parametrize("command", ["run", "show"])
def test_an_unknown_name_is_answered_with_the_known_ones(capsys, command):
    message = refused(capsys, command, "rat")
    assert "no experiment 'rat'; did you mean rate? known: broken, halted, rate" in message
    assert "no experiment 'xyz'; known: broken" in refused(capsys, command, "xyz")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "required: list|run|show|record|merge|forget"),
        (["fly"], "invalid choice: 'fly'"),
        (["run"], "required: NAME"),
        (["run", "rate", "--seeds", "0"], "--seeds: must be an integer of at least 1, got '0'"),
        (
            ["run", "rate", "--workers", "two"],
            "--workers: must be an integer of at least 1, got 'two'",
        ),
        (["list", "--record"], "unrecognized arguments: --record"),
        (["run", "rate", "--shard", "3/2"], "must be I/N with I from 1 to N, got '3/2'"),
        (["run", "rate", "--shard", "1/2", "--record"], "not allowed with argument --shard"),
        (["run", "rate", "--dask", "tcp://a:1", "--workers", "2"], "not allowed with argument"),
        (["merge", "only"], "required: INTO"),
        (["forget", "../store"], "must be the name of an experiment, got '../store'"),
    ],
)
def test_wrong_usage_exits_with_2_and_says_what_is_wrong(capsys, arguments, message):
    assert message in refused(capsys, *arguments)


def test_it_works_from_any_folder(tmp_path):
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "dropoutlab.experiments", "list"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[1].startswith("rate")

"""The commands say in sentences what happened, and with their exit code whether it did."""

import subprocess
import sys

import pytest

from dropoutlab.experiments import Experiment, command_line, recorded, run
from dropoutlab.experiments.command_line import main


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
    monkeypatch.setattr(command_line, "CATALOGUE", CATALOGUE)
    monkeypatch.setattr(recorded, "checkout", lambda: tmp_path / "checkout")
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

    monkeypatch.setattr(command_line, "open_store", interrupt)
    assert said(capsys, "list", code=130) == "interrupted"


def test_an_unusable_store_is_said_in_a_sentence(capsys, tmp_path):
    (tmp_path / "file").write_text("")
    message = said(capsys, "run", "rate", "--store", str(tmp_path / "file"), code=1)
    assert message.startswith(f"cannot read {tmp_path / 'file'}") or message.startswith(
        f"cannot write {tmp_path / 'file'}"
    )
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
        ([], "required: list|run|show"),
        (["fly"], "invalid choice: 'fly'"),
        (["run"], "required: NAME"),
        (["run", "rate", "--seeds", "0"], "--seeds: must be an integer of at least 1, got '0'"),
        (
            ["run", "rate", "--workers", "two"],
            "--workers: must be an integer of at least 1, got 'two'",
        ),
        (["list", "--record"], "unrecognized arguments: --record"),
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

"""Rows are tidy, exact, and read back as what they were."""

import pytest

from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.measurements import Measurement
from dropoutlab.experiments.tidy_rows import from_csv, rows, to_csv

SETTINGS = [{"p": 0.1, "act": "a,b"}, {"p": 1 / 3, "act": None}]
RUNS = [
    FinishedRun(
        setting,
        seed,
        {"error": Measurement((0.9, seed / 3), (0, 1)), "gap": Measurement((-0.0,), None)},
        None,
    )
    for setting in SETTINGS
    for seed in (0, 2)
]


def test_there_is_a_row_for_every_setting_seed_metric_and_epoch():
    assert list(rows(RUNS))[:4] == [
        (0.1, "a,b", 0, 0, "error", 0.9),
        (0.1, "a,b", 0, 1, "error", 0.0),
        (0.1, "a,b", 0, None, "gap", -0.0),
        (0.1, "a,b", 2, 0, "error", 0.9),
    ]


def test_text_has_every_digit_and_an_empty_cell_for_nothing():
    lines = to_csv(["p", "act"], RUNS).split("\n")
    assert lines[0] == "p,act,seed,epoch,metric,value"
    assert lines[3] == '0.1,"a,b",0,,gap,-0.0'
    assert lines[11] == "0.3333333333333333,,2,1,error,0.6666666666666666"
    assert lines[13:] == [""]


def test_text_reads_back_as_the_same_runs():
    assert from_csv(to_csv(["p", "act"], RUNS), SETTINGS) == RUNS


@pytest.mark.parametrize("setting", [{"a": 1}, {"a": 1.0}, {"a": True}, {"a": "x\ny"}])
def test_settings_get_their_types_back(setting):
    run = FinishedRun(setting, 0, {"e": Measurement((1.0,), None)}, None)
    (back,) = from_csv(to_csv(["a"], [run]), [setting])
    assert back == run
    assert type(back.setting["a"]) is type(setting["a"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "the columns are not p, act, seed, epoch, metric, value"),
        ("a,b\n1,2\n", "the columns are not"),
        ("p,act,seed,epoch,metric,value\n0.9,x,0,0,e,1.0\n", "unknown setting, 0.9, x"),
        ("p,act,seed,epoch,metric,value\n0.1\n", "values to unpack"),
    ],
)
def test_other_text_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        from_csv(text, SETTINGS)

"""Any function that draws a figure gets controls, a live kernel or frames behind them."""

import json
import re
from urllib.parse import unquote

import numpy as np
import pytest
import traitlets
from matplotlib import pyplot
from output_html import Elements

from dropoutlab import plots
from dropoutlab.explorables import explore
from dropoutlab.explorables.explore import frames

CAPTION = "What a rate does."
STATE = re.compile(r'class="dl-state">(.*?)</script>', flags=re.S)


def draw(p, mode="train"):
    fig, ax = plots.new_axes()
    ax.plot([0, 1], [p, 1 - p], color="black")
    ax.set(ylim=(0, 1), title=mode)
    return fig, f"A line from {p} to {1 - p:g} in mode {mode}."


def lone_figure(p):
    return draw(p)[0]


@pytest.fixture
def building(monkeypatch):
    """Do what a build of the book does to its notebooks."""
    monkeypatch.setenv("DROPOUTLAB_SITE", "1")


@pytest.fixture
def shown():
    return explore(draw, p=[0.2, 0.5], mode=["train", "eval"], caption=CAPTION)


def state(widget):
    return json.loads(STATE.search(widget.html())[1])


def files(widget):
    """Return the frames, each as text, None for the one that stands in the page."""
    addresses = state(widget)["frames"]
    assert all(a is None or a.startswith("data:image/svg+xml,") for a in addresses)
    return [a and unquote(a.split(",", 1)[1]) for a in addresses]


@pytest.mark.parametrize(
    ("grid", "error", "message"),
    [
        ({}, ValueError, "grid must name an argument"),
        ({"p": []}, ValueError, "p must hold two values or more"),
        ({"p": [0.5]}, ValueError, "p must hold two values or more"),
        ({"p": [0.2, 0.5, 0.2]}, ValueError, "p holds 0.2 twice"),
        ({"p": [1, True]}, ValueError, "p holds True twice"),
        ({"p": [0.5, float("nan")]}, ValueError, "p must not hold NaN"),
        ({"p": [0.5, None]}, TypeError, "p must hold numbers, strings or bools, got None"),
        ({"p": "abc"}, TypeError, "p must be a list of values"),
        ({"p": {0.2, 0.5}}, TypeError, "p must be a list of values"),
        ({"p": 0.5}, TypeError, "p must be a list of values"),
        ({"p": [0, 1], "P_": [0, 1]}, TypeError, "draw cannot be called with p, P_"),
        ({"q": [0, 1]}, TypeError, "draw cannot be called with q"),
        ({"mode": ["a", "b"]}, TypeError, "missing a required argument: 'p'"),
    ],
)
def test_a_grid_that_no_control_can_show_is_refused(grid, error, message):
    with pytest.raises(error, match=message):
        explore(draw, caption=CAPTION, **grid)


def test_two_controls_of_one_name_are_refused():
    with pytest.raises(ValueError, match="two arguments get one label"):
        explore(lambda rate, Rate: None, caption=CAPTION, rate=[0, 1], Rate=[0, 1])


@pytest.mark.parametrize(
    ("function", "options", "error", "message"),
    [
        ("draw", {}, TypeError, "draw must be a function"),
        (
            lambda p: None,
            {},
            TypeError,
            r"draw\(p=0.2\) must return a Matplotlib figure, got N",
        ),
        (lone_figure, {}, TypeError, r"draw\(p=0.2\) returned no words"),
        (lone_figure, {"alt": " "}, ValueError, "alt must not be empty"),
        (lone_figure, {"alt": lambda p: 3}, TypeError, "alt must be a string, got 3"),
        (lone_figure, {"alt": CAPTION}, ValueError, "not repeat the caption"),
        (draw, {"caption": ""}, ValueError, "caption must not be empty"),
        (draw, {"title": ""}, ValueError, "title must not be empty"),
        (draw, {"start": {"q": 1}}, ValueError, "'q' is none of p"),
        (draw, {"start": {"p": 0.3}}, ValueError, r"p must be one of \[0.2, 0.5\], got 0.3"),
    ],
)
def test_a_bad_argument_is_named(function, options, error, message):
    with pytest.raises(error, match=message):
        explore(function, **{"caption": CAPTION, "p": [0.2, 0.5]} | options)


def test_what_draw_raises_first_reaches_the_caller():
    with pytest.raises(ZeroDivisionError):
        explore(lambda p: 1 / p, p=[0, 1], caption=CAPTION)


def test_numbers_slide_and_everything_else_is_chosen():
    grid = {
        "n_units": np.arange(2, 5),
        "p": [0.1 + 0.2, -1e-5],
        "mode": ["a", "b"],
        "dropout": [False, True],
    }

    shown = explore(lambda **setting: (draw(0.5)[0], f"{setting}."), caption=CAPTION, **grid)

    assert [(c["label"], c["kind"], c["values"]) for c in shown.controls] == [
        ("N units", "slider", ["2", "3", "4"]),
        ("p", "slider", ["0.3", "−1e−05"]),
        ("Mode", "choice", ["a", "b"]),
        ("Dropout", "choice", ["no", "yes"]),
    ]


def test_values_that_round_to_one_are_told_apart():
    shown = explore(draw, p=[0.1, 0.1 + 1e-9], caption=CAPTION)

    assert shown.controls[0]["values"] == ["0.1", "0.100000001"]


def test_draw_gets_the_values_as_they_were_given():
    met = []
    shown = explore(lambda p: met.append(p) or draw(p), p=range(3), caption=CAPTION)

    shown.at = [2]

    assert met == [0, 2]
    assert type(met[1]) is int


def test_the_start_may_be_chosen(shown):
    other = explore(
        draw, p=[0.2, 0.5], mode=["train", "eval"], caption=CAPTION, start={"p": 0.5}
    )

    assert shown.setting == {"p": 0.2, "mode": "train"}
    assert other.setting == {"p": 0.5, "mode": "train"}
    assert 'aria-label="A line from 0.5 to 0.5 in mode train."' in other.picture()


@pytest.mark.parametrize("alt", ["Two ends.", lambda p: "Two ends."])
def test_words_may_be_given_beside_the_function(alt):
    shown = explore(lone_figure, p=[0.2, 0.5], caption=CAPTION, alt=alt)

    assert shown.frame["alt"] == "Two ends."


def test_a_move_of_a_control_draws_again_with_its_words(shown):
    shown.set_state({"at": [1, 0]})  # as the browser does

    assert shown.setting == {"p": 0.5, "mode": "train"}
    assert shown.frame["shows"] == shown.frame["at"] == [1, 0]
    assert shown.frame["alt"] == "A line from 0.5 to 0.5 in mode train."
    assert shown.frame["svg"] == shown.picture()
    assert 'aria-label="A line from 0.5' in shown.picture()


def test_a_move_uses_what_the_function_sees_now():
    slope = 1

    def line(p):
        return draw(p)[0], f"A line with slope {slope}."

    shown = explore(line, p=[0.2, 0.5], caption=CAPTION)
    slope = 7
    shown.at = [1]

    assert shown.frame["alt"] == "A line with slope 7."


def test_assigning_a_setting_moves_what_it_names(shown):
    shown.setting = {"mode": "eval"}
    shown.setting = {"p": 0.5}

    assert shown.at == [1, 1]
    assert shown.frame["alt"] == "A line from 0.5 to 0.5 in mode eval."


@pytest.mark.parametrize("setting", [{"p": 0.3}, {"q": 1}])
def test_a_bad_setting_raises_and_changes_nothing(shown, setting):
    with pytest.raises(ValueError):
        shown.setting = setting

    assert shown.at == [0, 0]


@pytest.mark.parametrize("at", [[0], [0, 2], [-1, 0], [0, 0, 0]])
def test_a_position_outside_the_grid_is_refused(shown, at):
    with pytest.raises(traitlets.TraitError, match="at must be a position of the grid"):
        shown.at = at

    assert shown.at == [0, 0]


def test_what_draw_raises_later_is_shown_and_the_figure_stays():
    def fragile(p):
        if p == 2:
            raise RuntimeError("no room")
        return draw(p)

    shown = explore(fragile, p=[1, 2, 3], caption=CAPTION)
    before = shown.frame

    shown.at = [1]
    assert shown.frame == before | {
        "at": [1],
        "problem": "draw(p=2) raised RuntimeError: no room",
    }
    shown.at = [2]
    assert (shown.frame["shows"], shown.frame["problem"]) == ([2], "")


def test_figures_of_pyplot_are_closed():
    def by_pyplot(p):
        fig, ax = pyplot.subplots()
        ax.plot([p])
        return fig, "A point."

    explore(by_pyplot, p=[1, 2], caption=CAPTION).at = [1]

    assert pyplot.get_fignums() == []


@pytest.mark.parametrize("start", [1, 2], ids=["other captions", "other figures"])
def test_ids_of_two_figures_on_a_page_do_not_meet(start):
    ids = [
        set(re.findall(' id="([^"]+)"', explore(draw, caption=caption, **options).picture()))
        for caption, options in [
            (CAPTION, {"p": [1, 2]}),
            (CAPTION if start == 2 else "Another.", {"p": [1, 2], "start": {"p": start}}),
        ]
    ]

    assert ids[0]
    assert not ids[0] & ids[1]


def test_without_a_kernel_or_frames_there_is_the_figure_and_no_control(shown):
    page = Elements(shown.html())

    assert [image["alt"] for image in page.all("img")] == [shown.frame["alt"]]
    assert CAPTION in page.text
    assert "<script" not in shown.html()
    data, _ = shown._repr_mimebundle_()
    assert data["text/html"] == shown.html()
    assert "application/vnd.jupyter.widget-view+json" in data


def test_a_build_draws_every_setting_once(building):
    met = []
    shown = explore(lambda p: met.append(p) or draw(p), p=[1, 2, 3], caption=CAPTION)

    shown.html()

    assert met == [1, 2, 3]


def test_a_build_has_a_frame_and_words_for_every_setting(building, shown):
    made = files(shown)

    assert state(shown)["at"] == [0, 0]
    assert made[0] is None  # it stands in the page
    assert 'aria-label="A line from 0.2 to 0.8 in mode train."' in shown.html()
    assert state(shown)["alts"] == [
        f"A line from {p} to {1 - p:g} in mode {mode}."
        for p in (0.2, 0.5)
        for mode in ("train", "eval")
    ]
    assert [re.findall(">(train|eval)<", frame) for frame in made[1:]] == [
        ["eval"],
        ["train"],
        ["eval"],
    ]


def test_a_build_gives_the_same_html_every_time(building, shown):
    again = explore(draw, p=[0.2, 0.5], mode=["train", "eval"], caption=CAPTION)

    assert again.html() == shown.html()


def test_frames_have_an_ink_for_a_light_and_one_for_a_dark_page(building, shown):
    frame = files(shown)[1]
    rules = "".join(re.findall("<style>(.*?)</style>", frame))

    assert ":root{color:#1f2329;" in rules
    assert "#dark:target{color:#dfe2e8}" in rules
    assert "currentColor" in frame
    assert "#000" not in frame


def test_a_build_that_would_be_too_heavy_says_by_how_much(building, monkeypatch, shown):
    kept = [file for file in files(shown) if file]
    total = sum(len(file.encode()) for file in kept)

    monkeypatch.setattr(frames, "LIMIT", total)
    shown.html()
    monkeypatch.setattr(frames, "LIMIT", total - 1)
    with pytest.raises(ValueError, match=r"4 frames .* of about [\d.]+ KB each and [\d.]+ KB"):
        shown.html()


def test_equal_frames_take_room_once(building):
    room = frames.Room(3)
    for _ in range(3):
        room.take("x" * (frames.LIMIT // 2))

    with pytest.raises(ValueError):
        room.take("y" * (frames.LIMIT // 2 + 1))


def test_a_failure_while_the_book_is_built_stops_it(building):
    def fragile(p):
        if p == 2:
            raise RuntimeError("no room")
        return draw(p)

    shown = explore(fragile, p=[1, 2], caption=CAPTION)

    with pytest.raises(RuntimeError, match="no room"):
        shown.html()

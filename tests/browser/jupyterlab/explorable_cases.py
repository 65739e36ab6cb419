"""What the tests do with each explorable in a notebook, and what must come of it."""

import re
from bisect import bisect
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Locator

TINY_READER = """
import numpy as np
from dropoutlab.explorables.hundred_networks.reader import DigitReader
from dropoutlab.explorables.shared.byte_layers import ByteLinear
rng = np.random.default_rng(0)
hidden = ByteLinear.rounded(rng.normal(0, 0.3, (9, 196)), np.zeros(9))
output = ByteLinear.rounded(rng.normal(0, 1, (10, 9)), np.zeros(10))
reader = DigitReader(hidden, output, p=0.25, test_error=0.9, n_test=10)
"""  # trained by nobody, at once

TINY_MAPS = """
import numpy as np
from dropoutlab.explorables.dropped_together.map_reader import SHAPES, MapReader
from dropoutlab.explorables.shared.byte_layers import ByteLinear
rng = np.random.default_rng(0)
layers = [ByteLinear.rounded(rng.normal(0, 0.4, s), rng.normal(0, 0.3, s[0])) for s in SHAPES]
reader = MapReader(*layers, test_error=0.9, n_test=10)
"""  # trained by nobody, at once

RATES = [0.0, 0.1, 0.3, 0.5, 0.7]  # of the recorded runs


@dataclass(frozen=True)
class Case:
    """An explorable in a notebook.

    `trait` belongs to the slider `label` with steps of `step`. `act` is something that a reader
    does in one view; after it the parts `shared` look the same in all views, and the kernel
    knows: `report`, an expression, gives what `expected` finds in a view.
    """

    trait: str
    label: str
    step: float
    start: float
    other: float
    act: Callable[[Locator], None]
    shared: str
    report: str
    expected: Callable[[Locator], Any]
    slider_value: Callable[[float], str] = "{:g}".format
    arguments: str = ""
    before: str = ""


def add_a_point(view):
    view.get_by_role("button", name="Add a point").click()


def take_other_data(view):
    view.get_by_label("Data").select_option("circles")
    view.get_by_role("button", name="Other points").click()


def draw_a_mask_and_drop_an_input(view):
    view.get_by_role("button", name="Draw a mask").click()
    view.get_by_role("switch", name=re.compile("^Input 2:")).click()


def draw_a_stroke(view):
    pad = view.locator(".dl-pad")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    mouse = view.page.mouse
    mouse.move(box["x"] + 140, box["y"] + 30)
    mouse.down()
    mouse.move(box["x"] + 160, box["y"] + 250, steps=5)
    mouse.up()


def draw_a_stroke_for_others(view):
    draw_a_stroke(view)
    view.get_by_role("button", name="Draw another hundred networks").click()


def choose_maps_and_toss(view):
    view.get_by_label("One coin for").select_option("maps")
    view.get_by_role("button", name="Toss the coins again").click()


def reads_in(view):
    return view.locator(".dl-kinds .dl-first td").last.inner_text()


def choose_a_width_and_the_loss(view):
    view.get_by_role("slider", name="Units in a layer").press("Home")
    view.get_by_label("Measured by").select_option("loss")


def add_a_point_there(view):
    view.get_by_role("button", name="Add a point there").click()


def votes_in(view):
    return [int(text) for text in view.locator(".dl-count > :first-child").all_inner_texts()]


CASES = {
    "Overfit": Case(
        *("degree", "Degree", 1, 5, 3),
        act=add_a_point,
        shared=".dl-dot, .dl-result",
        report="len(w.points)",
        expected=lambda view: 17,
    ),
    "Playground": Case(
        *("p", "Dropout", 0.05, 0.5, 0.3),
        act=take_other_data,
        shared="select, input",
        report="[w.shape, w.seed]",
        expected=lambda view: ["circles", 1],
    ),
    "ThinnedNetwork": Case(
        *("p_hidden", "p for hidden units", 0.05, 0.5, 0.3),
        act=draw_a_mask_and_drop_an_input,
        shared=".dl-unit, .dl-key, .dl-result",
        report="[w.n_drawn, w.mask[:3]]",
        expected=lambda view: [2, [True, False, True]],
    ),
    "HowSure": Case(
        *("p", "Dropout p", 0.05, 0.5, 0.3),
        act=add_a_point_there,
        shared=".dl-dot, select, input",
        report="len(w.points)",
        expected=lambda view: 15,
    ),
    "HundredNetworks": Case(
        *("rotation", "Turn", 1, 30, 10),
        act=draw_a_stroke_for_others,
        shared=".dl-pad, .dl-votes, .dl-result",
        report="[len(w.strokes), w.seed, w.ask(w.image()).votes.tolist()]",
        expected=lambda view: [1, 1, votes_in(view)],
        arguments="reader=reader, ",
        before=TINY_READER,
    ),
    "DroppedTogether": Case(
        *("p", "Dropout p", 0.05, 0.5, 0.3),
        act=choose_maps_and_toss,
        shared="select, input, .dl-kinds, .dl-result",
        report="[w.kind, w.seed, f'{w.ask().reads.max()} of 100 as {w.ask().reads.argmax()}']",
        expected=lambda view: ["maps", 1, reads_in(view)],
        arguments="reader=reader, ",
        before=TINY_MAPS,
    ),
    "RunExplorer": Case(
        *("p", "Dropout p", 0.2, 0.5, 0.3),
        act=choose_a_width_and_the_loss,
        shared="input, select, .dl-result, .dl-readout",
        report="[w.width, w.metric]",
        expected=lambda view: [32, "loss"],
        slider_value=lambda p: str(bisect(RATES, p + 1e-9) - 1),  # it stops at those alone
    ),
}

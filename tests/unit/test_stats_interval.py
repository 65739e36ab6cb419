"""How an interval is written: the same way wherever it shows."""

import numpy as np
import pytest
from output_html import Elements, html

from dropoutlab.claims import claim, within
from dropoutlab.stats import Interval, proportion_interval


def said(page):
    """Return the text of a piece of HTML, with plain spaces."""
    return Elements(page).text.replace("\N{NO-BREAK SPACE}", " ")


def test_text_shows_half_width_unit_level_and_seeds():
    interval = Interval(-1.49, -1.71, -1.27, n=8, method="paired t")

    assert str(interval) == "−1.49 ± 0.22 (95 %, 8 seeds)"
    assert interval.text(unit="points", decimals=1) == "−1.5 ± 0.2 points (95 %, 8 seeds)"


def test_text_of_a_lopsided_interval_shows_both_ends():
    text = proportion_interval(3, 10_000, of="images").scaled(100).text(unit="%", decimals=2)

    assert text == "0.03 % [0.01, 0.09] (95 %, 10,000 images)"


def test_text_never_rounds_a_spread_to_nothing():
    interval = Interval(0.5, 0.499, 0.501, n=8)

    assert interval.text(decimals=1).startswith("0.500 ± 0.001 ")


def test_text_writes_no_minus_before_zero():
    assert Interval(-0.001, -1.001, 0.999, n=8).text(decimals=1).startswith("0.0 ± 1.0 ")


def test_html_is_escaped():
    assert "<b>" not in Interval(0, -1, 1, n=2, of="<b>").html(unit="<b>")


@pytest.mark.parametrize(
    "interval",
    [
        Interval(-1.49, -1.71, -1.27, n=8),
        Interval(0.03, 0.0, 0.19, n=10_000, of="images (of 60,000)"),
        Interval(2.0, 1.0, 4.0, level=0.9),
    ],
    ids=["even", "lopsided, brackets in its basis", "without a count"],
)
def test_text_html_notebook_and_claim_card_agree(interval):
    written = interval.text(unit="points", decimals=2)

    card = claim("It is so.", interval, within(-9, 9), unit="points", decimals=2)

    assert said(interval.html(unit="points", decimals=2)) == written
    assert written in said(html(card))
    assert written in str(card)
    shown = interval._repr_mimebundle_()
    assert shown["text/plain"] == said(shown["text/html"]) == str(interval)


def test_intervals_do_not_compare():
    with pytest.raises(TypeError):
        _ = Interval(0, -1, 1) < Interval(5, 4, 6)


@pytest.mark.parametrize("ends", [(0, 1, 2), (0, -2, -1), (np.nan, -1, 1), (0, -np.inf, 1)])
def test_interval_refuses_ends_out_of_order(ends):
    with pytest.raises(ValueError, match="low"):
        Interval(*ends)


@pytest.mark.parametrize("factor", [0, -100, np.nan, np.inf])
def test_scaling_keeps_the_order_of_the_ends(factor):
    with pytest.raises(ValueError, match="factor must be positive"):
        Interval(1, 0, 2).scaled(factor)


@pytest.mark.parametrize(
    ("interval", "short"),
    [
        (Interval(-1.49, -1.71, -1.27, n=8), "−1.5 ± 0.2 points"),
        (Interval(0.1, 0.06, 0.19, n=8, of="images (of 60)"), "0.1 points [0.1, 0.2]"),
        (Interval(0.5, 0.499, 0.501), "0.500 ± 0.001 points"),
    ],
)
def test_short_is_the_text_without_what_it_rests_on(interval, short):
    assert interval.short(unit="points", decimals=1) == short
    assert interval.text(unit="points", decimals=1).startswith(f"{short} (")

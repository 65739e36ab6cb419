"""Claims: what holds, what fails, the verdict, and the card that shows it."""

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from output_html import Elements, html

from dropoutlab.claims import ClaimFailed, Reported, above, below, claim, equal, within
from dropoutlab.stats import Interval

pytestmark = pytest.mark.usefixtures("on_the_site")

LOWER = Interval(-1.49, -1.71, -1.27, n=8, method="paired t")
STRADDLING = Interval(0.2, -0.3, 0.7, n=8)


def record(made):
    return json.loads(Elements(html(made)).all("article")[0]["data-claim"])


@pytest.mark.parametrize(
    "expect",
    [above(-1.72), below(-1.26), within(-1.71, -1.27), equal(-1.5, tolerance=0.25)],
)
def test_claim_holds_where_the_whole_interval_is_as_expected(expect):
    assert claim("It is so.", LOWER, expect).measured is LOWER


@pytest.mark.parametrize(
    "expect",
    [
        above(-1.71),  # the end itself is not above
        above(-1.5),
        below(-1.27),
        below(-1.5),
        within(-1.70, 0),
        within(-2, -1.28),
        equal(-1.49),
        equal(-1.5, tolerance=0.2),
    ],
)
def test_claim_fails_where_a_part_of_the_interval_is_not(expect):
    with pytest.raises(ClaimFailed):
        claim("It is so.", LOWER, expect)


@pytest.mark.parametrize(
    ("measured", "expect"),
    [
        (256, equal(256)),
        (np.int64(3), above(2)),
        (np.float32(0.5), within(0.5, 0.6)),
        (0.1 + 0.2, equal(0.3, tolerance=1e-12)),
        (0.5, below(0.6)),
    ],
)
def test_claim_takes_exact_numbers(measured, expect):
    assert claim("It is so.", measured, expect).low == measured


@pytest.mark.parametrize(
    ("measured", "expect"),
    [
        (257, equal(256)),
        (2, above(2)),
        (2, below(2)),
        (0.1 + 0.2, equal(0.3)),
        (0.7, within(0.5, 0.6)),
        (0.4, within(0.5, 0.6)),
    ],
)
def test_claim_fails_on_exact_numbers_that_are_not_as_expected(measured, expect):
    with pytest.raises(ClaimFailed):
        claim("It is so.", measured, expect)


def test_failure_says_statement_expectation_and_measurement():
    with pytest.raises(ClaimFailed) as failure:
        claim("Dropout lowers the error.", STRADDLING, below(0), unit="points")

    message = str(failure.value)
    assert "Dropout lowers the error." in message
    assert "below 0 points" in message
    assert "0.20 ± 0.50 points (95 %, 8 seeds)" in message
    assert "from -0.3 to 0.7" in message


def test_failure_is_an_assertion_so_that_notebooks_stop():
    assert issubclass(ClaimFailed, AssertionError)


@pytest.mark.parametrize("bare", [True, False, np.True_])
def test_a_bare_bool_is_no_evidence(bare):
    with pytest.raises(TypeError, match="no evidence"):
        claim("It is so.", bare, equal(1))


@pytest.mark.parametrize("measured", [None, "0.5", [1.0, 2.0], np.array([1.0]), 1j])
def test_evidence_is_an_interval_or_a_number(measured):
    with pytest.raises(TypeError, match="measured must be an Interval or a number"):
        claim("It is so.", measured, above(0))


@pytest.mark.parametrize("measured", [np.nan, np.inf])
def test_evidence_is_finite(measured):
    with pytest.raises(ValueError, match="measured must be finite"):
        claim("It is so.", measured, above(0))


@pytest.mark.parametrize(
    ("measured", "implied", "verdict"),
    [
        (LOWER, below(0), "agrees"),
        (LOWER, above(0), "contradicts"),
        (LOWER, within(-1, 1), "contradicts"),
        (LOWER, below(-1.5), "not visible at our scale"),
        (STRADDLING, above(0), "not visible at our scale"),
        (STRADDLING, within(-1, 1), "agrees"),
        (Interval(0, -1, 1), within(-0.5, 0.5), "not visible at our scale"),
        (2.0, above(2), "contradicts"),
        (2.0, equal(2), "agrees"),
    ],
)
def test_verdict_follows_from_the_whole_interval(measured, implied, verdict):
    made = claim(
        "It is so.", measured, within(-9, 9), paper=Reported("So.", implied), source="key2014"
    )

    assert made.verdict == verdict
    assert record(made)["verdict"] == verdict
    assert verdict in Elements(html(made)).text
    assert verdict in made._repr_mimebundle_()["text/plain"]


@given(st.floats(-5, 5), st.floats(0, 3), st.floats(0, 3), st.floats(-5, 5), st.floats(0.01, 3))
def test_an_expectation_never_both_holds_and_is_excluded(estimate, down, up, x, width):
    low, high = estimate - down, estimate + up

    for expect in (above(x), below(x), within(x, x + width), equal(x, width)):
        assert not (expect.holds(low, high) and expect.excludes(low, high))
        assert expect.holds(low, high) == (expect.side(low) == 0 and expect.side(high) == 0)


def test_a_claim_without_paper_has_no_verdict():
    made = claim("It is so.", 1, equal(1))

    assert made.verdict is None
    assert record(made)["verdict"] is None
    assert "verdict   holds" in str(made)


def test_record_carries_the_evidence_at_full_precision():
    paper = Reported("Dropout lowers the test error.", below(0))

    made = claim(
        "It falls.", LOWER, below(-1), paper=paper, source="srivastava2014", unit="points"
    )

    assert record(made) == {
        "statement": "It falls.",
        "measured": -1.49,
        "measured_text": "−1.49 ± 0.22 points (95 %, 8 seeds)",
        "low": -1.71,
        "high": -1.27,
        "level": 0.95,
        "n": 8,
        "unit": "points",
        "expect": "below −1 points",
        "paper": "Dropout lowers the test error.",
        "paper_expect": "below 0 points",
        "source": "srivastava2014",
        "recorded": None,
        "verdict": "agrees",
    }


def test_evidence_from_a_recorded_run_says_which():
    made = claim("It falls.", LOWER, below(0), recorded="how-much")

    assert record(made)["recorded"] == "how-much"
    assert "recorded runs, how-much" in Elements(html(made)).text
    assert "  recorded  how-much" in str(made).splitlines()


def test_evidence_measured_on_the_spot_does_not_speak_of_recordings():
    made = claim("It falls.", LOWER, below(0))

    assert "recorded" not in Elements(html(made)).text + str(made)


@pytest.mark.parametrize(("recorded", "error"), [("", ValueError), (True, TypeError)])
def test_recorded_is_a_name(recorded, error):
    with pytest.raises(error, match="recorded must"):
        claim("It falls.", LOWER, below(0), recorded=recorded)


HOSTILE = """p < 0.5 & "quoted" 'single' </article><script>alert(1)</script> &lt; é"""


def test_hostile_text_stays_text():
    made = claim(
        HOSTILE, 1, equal(1), paper=Reported(HOSTILE, equal(1)), source="k", unit="<i>"
    )

    page = Elements(html(made))

    assert page.all("script") == page.all("i") == []
    assert page.text.count("alert(1)") == 2
    assert record(made)["statement"] == record(made)["paper"] == HOSTILE


def test_card_names_the_source_for_the_site_to_link():
    made = claim("It is so.", 1, equal(1), paper=Reported("So.", equal(1)), source="wager2013")

    assert Elements(html(made)).all("cite") == [{"data-cite": "wager2013"}]
    assert "[wager2013]" in str(made)


def test_number_line_says_what_it_shows():
    lines = [e for e in Elements(html(claim("So.", LOWER, below(0), unit="points"))).all("svg")]

    assert lines[0]["role"] == "img"
    assert lines[0]["aria-label"] == (
        "Number line: measured −1.49 ± 0.22 points (95 %, 8 seeds), must be below 0 points."
    )


def test_number_line_shows_the_papers_threshold_where_it_differs():
    made = claim("So.", STRADDLING, below(1), paper=Reported("So.", above(0)), source="k")

    page = Elements(html(made))
    assert "paper: above 0" in page.text
    assert page.all("svg")[0]["aria-label"].endswith("must be below 1, paper above 0.")


@pytest.mark.parametrize(
    ("measured", "expect"),
    [
        (LOWER, below(0)),
        (LOWER, above(-1e6)),
        (Interval(5, 4, 6), within(-1e-9, 1e9)),
        (Interval(1, 1, 1), equal(1)),
    ],
)
def test_number_line_stays_in_its_drawing(measured, expect):
    page = Elements(html(claim("So.", measured, expect)))

    at = [float(e["cx"]) for e in page.all("circle")]
    assert len(at) == 1
    assert 0 <= at[0] <= 320


@pytest.mark.parametrize("expect", [equal(256), below(300)])
def test_a_single_number_draws_no_line(expect):
    assert "<svg" not in html(claim("So.", 256, expect))


def test_plain_text_reads_on_its_own():
    paper = Reported("Dropout lowers the test error.", below(0))

    made = claim(
        "It falls.", LOWER, below(0), paper=paper, source="srivastava2014", unit="points"
    )

    assert str(made).splitlines() == [
        "It falls.",
        "  measured  −1.49 ± 0.22 points (95 %, 8 seeds)",
        "  must be   below 0 points",
        "  paper     Dropout lowers the test error. [srivastava2014]",
        "  verdict   ✓ agrees",
    ]


@pytest.mark.parametrize(
    ("value", "text"),
    [(3, "3"), (0.5, "0.50"), (-0.5, "−0.50"), (3.24e-11, "3.2 × 10⁻¹¹"), (0.0, "0")],
)
def test_exact_numbers_are_written_so_that_small_ones_do_not_vanish(value, text):
    assert claim("So.", value, within(-9, 9)).measured_text == text


@pytest.mark.parametrize("statement", ["", "  ", "two\nlines", "maths $x^2$"])
def test_statement_is_one_line_of_plain_text(statement):
    with pytest.raises(ValueError, match="statement must"):
        claim(statement, 1, equal(1))


def test_paper_needs_a_source():
    with pytest.raises(ValueError, match="source must name"):
        claim("So.", 1, equal(1), paper=Reported("So.", equal(1)))


@pytest.mark.parametrize("source", ["", "two keys", "Srivastava et al. (2014)", 2014])
def test_source_is_a_citation_key(source):
    with pytest.raises(ValueError, match="source must be a BibTeX key"):
        claim("So.", 1, equal(1), source=source)


@pytest.mark.parametrize("expect", [0, True, None, lambda x: True])
def test_expectation_is_made_by_its_four_functions(expect):
    with pytest.raises(TypeError, match="expect must be above"):
        claim("So.", 1, expect)
    with pytest.raises(TypeError, match="expect must be above"):
        Reported("So.", expect)


def test_paper_is_what_was_reported():
    with pytest.raises(TypeError, match="paper must be Reported"):
        claim("So.", 1, equal(1), paper="So.", source="k")


def test_thresholds_are_finite_and_in_order():
    for make in (above, below, equal):
        with pytest.raises(ValueError, match="must be a finite number"):
            make(np.nan)
    with pytest.raises(ValueError, match="lo must be below hi"):
        within(2, 1)
    with pytest.raises(ValueError, match="tolerance must not be negative"):
        equal(1, -0.1)

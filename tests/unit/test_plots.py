"""Figures: told apart by anyone, legible anywhere, the same in every build."""

import base64
import itertools
import re
import xml.etree.ElementTree as ET

import matplotlib as mpl
import numpy as np
import pytest

from dropoutlab import plots
from dropoutlab.plots.palette import BLUE, BROWN, INK, ORANGE, TEAL
from dropoutlab.stats import Interval, mean_interval

pytestmark = pytest.mark.usefixtures("on_the_site")

PAGES = {"light": "#ffffff", "dark": "#14181e"}
# Machado, Oliveira and Fernandes (2009), severity 1, for linear RGB.
SIGHT = {
    "normal": np.eye(3),
    "protanopia": np.array(
        [
            [0.152286, 1.052583, -0.204868],
            [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ]
    ),
    "deuteranopia": np.array(
        [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ]
    ),
}


def linear(color):
    c = np.array([int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(color):
    return linear(color) @ [0.2126, 0.7152, 0.0722]


def contrast(a, b):
    low, high = sorted([luminance(a), luminance(b)])
    return (high + 0.05) / (low + 0.05)


def lab(rgb):
    to_xyz = np.array(
        [[0.4125, 0.3576, 0.1804], [0.2127, 0.7152, 0.0722], [0.0193, 0.1192, 0.9503]]
    )
    x, y, z = to_xyz @ np.clip(rgb, 0, 1) / [0.9505, 1.0, 1.0888]
    fx, fy, fz = (np.cbrt(v) if v > 0.008856 else 7.787 * v + 16 / 116 for v in (x, y, z))
    return np.array([116 * fy - 16, 500 * (fx - fy), 200 * (fy - fz)])


def html(output):
    return output._repr_mimebundle_()["text/html"]


def drawings(output):
    return re.findall(r"<svg .*?</svg>", html(output), flags=re.S)


def ids(text):
    return re.findall(r'\bid="([^"]+)"', text)


@pytest.fixture
def curves():
    fig, ax = plots.new_axes()
    errors = np.array([[9.1, 5.2, 4.0], [9.7, 5.0, 4.4], [9.5, 5.5, 4.1]])
    plots.learning_curves(ax, [1, 2, 3], errors, label="with dropout", arm="dropout")
    return fig


def shown(fig, caption="The error falls.", alt="From 9 % to 4 % in three epochs."):
    return plots.show(fig, caption=caption, alt=alt)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("color", sorted({arm.color for arm in plots.ARMS.values()} - {INK}))
def test_colours_stand_out_from_light_and_dark_pages(color, page):
    assert contrast(color, PAGES[page]) >= 3


@pytest.mark.parametrize("sight", SIGHT)
def test_colours_stay_apart_for_colour_blind_readers(sight):
    seen = [lab(SIGHT[sight] @ linear(c)) for c in (BLUE, ORANGE, TEAL, BROWN)]

    distances = [np.linalg.norm(a - b) for a, b in itertools.combinations(seen, 2)]

    assert min(distances) > 35  # CIELAB units; 2.3 is just noticeable


def test_dropout_and_its_absence_stay_apart_in_greyscale():
    lightness = [lab(linear(plots.ARMS[arm].color))[0] for arm in ("dropout", "no dropout")]

    assert abs(lightness[0] - lightness[1]) > 13


@pytest.mark.parametrize(
    "together",
    [
        ("no dropout", "dropout", "truth"),
        ("training", "validation", "test"),
        ("NumPy", "PyTorch"),
        ("first", "second", "third", "fourth", "truth"),
    ],
)
def test_arms_that_meet_differ_in_colour_line_and_marker(together):
    for a, b in itertools.combinations((plots.ARMS[arm] for arm in together), 2):
        assert a.color != b.color
        assert a.marker != b.marker
    lines = {plots.ARMS[arm].linestyle for arm in together if arm != "truth"}
    assert len(lines) == len(set(together) - {"truth"})


def test_an_unknown_arm_is_refused_with_the_names_there_are():
    with pytest.raises(ValueError, match=r"no dropout, dropout.*got 'Dropout'"):
        plots.arm_style("Dropout")


def test_drawing_changes_no_global_setting():
    before = dict(mpl.rcParams)

    fig, ax = plots.new_axes()
    plots.digits(ax, np.eye(28)[None])
    shown(fig)

    assert dict(mpl.rcParams) == before


def test_learning_curves_draw_the_t_interval_of_every_epoch(curves):
    ax = curves.axes[0]

    band = ax.collections[0].get_paths()[0].vertices

    expected = mean_interval([4.0, 4.4, 4.1])
    at_last_epoch = band[band[:, 0] == 3, 1]
    assert at_last_epoch.min() == pytest.approx(expected.low)
    assert at_last_epoch.max() == pytest.approx(expected.high)
    assert ax.lines[0].get_ydata()[-1] == pytest.approx(expected.estimate)


def test_learning_curves_refuse_epochs_that_do_not_match():
    _, ax = plots.new_axes()

    with pytest.raises(ValueError, match=r"epochs must have shape \(3,\)"):
        plots.learning_curves(ax, [1, 2], np.ones((2, 3)), label="a", arm="first")


def test_every_drawing_function_returns_its_axes():
    intervals = [Interval(2, 1, 3), Interval(4, 3, 5)]
    draw = {
        "learning_curves": lambda ax: plots.learning_curves(
            ax, [1, 2], [[1, 2], [2, 3]], label="a", arm="first"
        ),
        "interval_points": lambda ax: plots.interval_points(ax, [0.0, 0.5], intervals),
        "interval_rows": lambda ax: plots.interval_rows(ax, ["a", "b"], intervals),
        "curve_fit": lambda ax: plots.curve_fit(ax, [0, 1], [0, 1], [0, 1], [0, 1], [0, 1]),
        "digits": lambda ax: plots.digits(ax, np.eye(28)[None]),
        "mask": lambda ax: plots.mask(ax, [[True, False]]),
        "matrix": lambda ax: plots.matrix(ax, [[1.0, -1.0]]),
    }

    for name, function in draw.items():
        _, ax = plots.new_axes()
        assert function(ax) is ax, name


def test_interval_points_reach_from_low_to_high():
    _, ax = plots.new_axes()

    plots.interval_points(ax, ["none", "half"], [Interval(2, 1, 4), Interval(5, 3, 6)])

    bars = ax.collections[0].get_segments()
    assert [segment[:, 1].tolist() for segment in bars] == [[1, 4], [3, 6]]
    assert [label.get_text() for label in ax.get_xticklabels()] == ["none", "half"]


def test_intervals_need_a_name_each():
    _, ax = plots.new_axes()

    with pytest.raises(ValueError, match="got 1 and 2"):
        plots.interval_points(ax, ["a"], [Interval(2, 1, 3)] * 2)


def test_a_wild_fit_leaves_the_picture_and_not_the_sample():
    _, ax = plots.new_axes()

    plots.curve_fit(ax, [0, 1], [0, 1], [0, 0.5, 1], [0, 1e6, 1], [0, 0.5, 1])

    assert ax.get_ylim()[1] < 2


def test_mask_draws_a_square_where_kept_and_a_cross_where_dropped():
    _, ax = plots.new_axes()

    plots.mask(ax, [[True, False, True], [False, False, True]])

    squares, crosses = (patch.get_path() for patch in ax.patches)
    centres = squares.vertices.reshape(3, 5, 2)[:, :4].mean(axis=1)
    assert centres.round(9).tolist() == [[0, 0], [2, 0], [2, 1]]  # column, row
    assert crosses.vertices.reshape(3, 4, 2).mean(axis=1).round(9).tolist() == [
        [1, 0],
        [0, 1],
        [1, 1],
    ]


@pytest.mark.parametrize(
    "bad", [[[1, 0]], [True, False], np.ones((0, 3), bool), np.ones((60, 60), bool)]
)
def test_mask_refuses_what_is_no_mask(bad):
    _, ax = plots.new_axes()

    with pytest.raises(ValueError, match="mask must be a boolean matrix"):
        plots.mask(ax, bad)


def test_digits_accept_flat_and_square_images_alike():
    images = np.random.default_rng(0).random((5, 28, 28))
    pictures = []

    for given in (images, images.reshape(5, 784), 255 * images):
        _, ax = plots.new_axes()
        plots.digits(ax, given)
        pictures.append(ax.images[0].get_array())

    np.testing.assert_array_equal(pictures[0], pictures[1])
    np.testing.assert_array_equal(pictures[0], pictures[2])


@pytest.mark.parametrize("shape", [(3, 783), (3, 28, 27), (28,), (0, 784)])
def test_digits_refuse_images_that_are_not_square(shape):
    _, ax = plots.new_axes()

    with pytest.raises(ValueError, match="images must have shape"):
        plots.digits(ax, np.ones(shape))


def test_digits_need_a_title_each():
    _, ax = plots.new_axes()

    with pytest.raises(ValueError, match="got 1 for 2 images"):
        plots.digits(ax, np.ones((2, 784)), titles=["a"])


def test_matrix_writes_the_numbers_so_that_signs_need_no_colour():
    _, ax = plots.new_axes()

    plots.matrix(ax, [[1.25, -0.5], [-0.001, 3]])

    assert [text.get_text() for text in ax.texts] == ["1.25", "−0.50", "0.00", "3.00"]


def test_a_figure_says_its_caption_and_its_finding(curves):
    page = html(shown(curves, caption="The error falls.", alt="From 9 % to 4 %."))

    assert "<figcaption>The error falls.</figcaption>" in page
    assert 'role="img" aria-label="From 9 % to 4 %."' in page


@pytest.mark.parametrize("words", ["caption", "alt"])
@pytest.mark.parametrize("blank", ["", "  "])
def test_a_figure_without_words_is_refused(curves, words, blank):
    with pytest.raises(ValueError, match=f"{words} must not be empty"):
        shown(curves, **{words: blank})


def test_an_alternative_text_that_repeats_the_caption_is_refused(curves):
    with pytest.raises(ValueError, match="not repeat the caption"):
        shown(curves, caption="The error falls.", alt="The error falls. ")


def test_showing_nothing_is_refused():
    with pytest.raises(ValueError, match="at least one figure"):
        plots.show(caption="Nothing.", alt="Nothing at all.")
    with pytest.raises(TypeError, match="figs must be Matplotlib figures"):
        plots.show(plots.new_axes()[1], caption="An axes.", alt="No figure.")


def test_hostile_captions_stay_text(curves):
    bad = '</figcaption><script>alert("1")</script> & `a < b`'

    page = html(shown(curves, caption=bad, alt='"><script>alert(2)</script>'))

    assert "<script" not in page
    assert "<code>a &lt; b</code>" in page


def test_the_same_figure_gives_the_same_html():
    pages = []
    for _ in range(2):
        fig, ax = plots.new_axes()
        plots.learning_curves(ax, [1, 2], [[1, 2], [2, 4]], label="a", arm="first")
        pages.append(html(shown(fig)))

    assert pages[0] == pages[1]
    assert "Matplotlib v" not in pages[0]


def test_two_figures_on_a_page_share_no_id():
    outputs = []
    for caption in ("First.", "Second."):
        fig, ax = plots.new_axes()
        plots.digits(ax, np.eye(28)[None])
        outputs.append(html(shown(fig, caption=caption)))

    first, second = (set(ids(page)) for page in outputs)
    assert first
    assert not first & second


def test_panels_of_one_figure_share_no_id():
    figs = [plots.new_axes()[0] for _ in range(2)]
    for fig in figs:
        plots.learning_curves(fig.axes[0], [1, 2], [[1, 2], [2, 4]], label="a", arm="first")

    page = html(plots.show(*figs, caption="Twice.", alt=["One.", "The other."]))

    assert len(ids(page)) == len(set(ids(page))) > 0


def test_every_reference_inside_a_drawing_has_its_target():
    fig, ax = plots.new_axes()
    plots.digits(ax, np.eye(28)[None], titles=["a"])
    fig.add_subplot().plot([1, 2], marker="o")

    [drawing] = drawings(shown(fig))

    references = re.findall(r'(?:url\(#|href="#)([^)"]+)', drawing)
    assert references
    assert set(references) == set(ids(drawing))


def test_drawings_scale_and_take_the_ink_of_the_page(curves):
    [drawing] = drawings(shown(curves))

    root = ET.fromstring(drawing)
    assert re.fullmatch(r"0 0 [\d.]+ [\d.]+", root.get("viewBox"))
    assert root.get("fill") == "currentColor"
    assert "stroke: currentColor" in drawing
    assert "#000000" not in drawing
    assert "#ffffff" not in drawing
    assert ".dl-figure svg{max-width:100%;height:auto}" in html(shown(curves))


def test_drawings_bring_no_style_sheet_for_the_whole_page(curves):
    [drawing] = drawings(shown(curves))

    assert "<style" not in drawing
    assert "<metadata" not in drawing


def test_digits_are_drawn_in_the_ink_of_the_page():
    fig, ax = plots.new_axes()
    plots.digits(ax, np.eye(28)[None])

    [drawing] = drawings(shown(fig))

    root = ET.fromstring(drawing)
    [stencil], [paint] = list(root.iter("mask")), list(root.iter("rect"))[:1]
    assert [child.tag for child in stencil] == ["image"]
    assert paint.get("fill") == "currentColor"
    assert paint.get("mask") == f"url(#{stencil.get('id')})"


def test_letters_of_a_formula_flow_in_the_order_they_are_read():
    fig, ax = plots.new_axes()
    ax.set_xlabel(r"rate $p_{d}$ of $x^2$ units")

    [drawing] = drawings(shown(fig))

    texts = {"".join(text.itertext()): text for text in ET.fromstring(drawing).iter("text")}
    label = texts["rate pd of x2 units".replace(" ", "\xa0")]
    assert [span.get("x") is None for span in label] == [False] + [True] * (len(label) - 1)


def test_lines_of_a_fraction_stay_apart():
    fig, ax = plots.new_axes()
    ax.set_xlabel(r"$\frac{1-p}{2}$")

    [drawing] = drawings(shown(fig))

    [label] = [t for t in ET.fromstring(drawing).iter("text") if "p" in "".join(t.itertext())]
    assert all(span.get("x") for span in label)


def test_one_text_can_speak_for_several_panels():
    figs = [plots.new_axes()[0] for _ in range(2)]

    page = html(plots.show(*figs, caption="Two.", alt="Both rise."))

    assert page.count('role="img"') == 1
    assert page.count('aria-hidden="true"') == 2


def test_panels_need_one_text_or_one_each():
    figs = [plots.new_axes()[0] for _ in range(3)]

    with pytest.raises(ValueError, match="got 2 for 3"):
        plots.show(*figs, caption="Three.", alt=["One.", "Two."])


def test_figures_side_by_side_are_narrowed_with_their_legends():
    figs = []
    for _ in range(2):
        fig, ax = plots.new_axes()
        for name in ("training error, net", "test error, net"):
            ax.plot([1, 2], label=name)
        plots.legend(ax)
        figs.append(fig)

    output = plots.show(*figs, caption="Two.", alt="Both rise.")

    widths = [float(ET.fromstring(d).get("width")) for d in drawings(output)]
    assert widths == pytest.approx([384, 384], abs=12)
    assert figs[0].axes[0].get_position().width > 0.8


def test_a_legend_stands_above_the_data(curves):
    curves.draw_without_rendering()
    ax = curves.axes[0]

    legend, data = ax.get_legend().get_window_extent(), ax.get_window_extent()

    assert legend.y0 >= data.y1


def test_figures_are_unknown_to_pyplot_and_forgotten_by_it():
    import matplotlib.pyplot as plt

    plots.new_axes()
    assert plt.get_fignums() == []

    shown(plt.figure())
    assert plt.get_fignums() == []


def test_plain_text_reads_on_its_own(curves):
    output = shown(curves, caption="The error falls.", alt="From 9 % to 4 %.")

    assert (
        output._repr_mimebundle_()["text/plain"]
        == "Figure: The error falls.\n[From 9 % to 4 %.]"
    )


def test_fifty_digits_and_a_large_mask_stay_small():
    rng = np.random.default_rng(0)
    fig, ax = plots.new_axes()
    plots.digits(ax, rng.random((50, 784)), titles=["0"] * 50)  # noise: the worst to compress
    other, ax = plots.new_axes()
    plots.mask(ax, rng.random((30, 60)) > 0.5)

    sizes = [len(html(shown(f))) for f in (fig, other)]

    assert sizes[0] < 100_000
    assert sizes[1] < 160_000


def test_images_keep_their_pixels():
    fig, ax = plots.new_axes()
    plots.matrix(ax, np.ones((10, 10)))

    [drawing] = drawings(shown(fig))

    [image] = ET.fromstring(drawing).iter("image")
    assert image.get("style") == "image-rendering:pixelated"
    png = base64.b64decode(image.get("href").partition(",")[2])
    assert int.from_bytes(png[16:20], "big") == 10  # the width, from the PNG's header


def test_ticks_are_the_places_named_and_no_others():
    _, ax = plots.new_axes()
    ax.set(xscale="log", xlim=(5, 2000), yscale="log", ylim=(0.01, 1))

    plots.ticks(ax.xaxis, [10, 1000])
    plots.ticks(ax.yaxis, [0.05, 0.5], ["low", ""])

    for axis, names in [(ax.xaxis, ["10", "1,000"]), (ax.yaxis, ["low", ""])]:
        assert [name.get_text() for name in axis.get_ticklabels()] == names
        assert not len(axis.get_minorticklocs())


def test_points_have_the_look_of_their_arm_and_no_line():
    _, ax = plots.new_axes()

    plots.points(ax, [1, 2], [3, 4], arm="no dropout", label="plain", markersize=3)

    (drawn,) = ax.lines
    look = plots.arm_style("no dropout")
    assert (drawn.get_color(), drawn.get_marker()) == (look["color"], look["marker"])
    assert (drawn.get_linestyle(), drawn.get_markersize()) == ("None", 3)
    assert drawn.get_label() == "plain"

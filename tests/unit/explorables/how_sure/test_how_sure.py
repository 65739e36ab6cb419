"""The state of "How sure?", its methods, what it weighs, and the picture that stands in."""

import gzip
import re

import numpy as np
import pytest
import traitlets
from sklearn.gaussian_process import GaussianProcessRegressor
from sklearn.gaussian_process.kernels import RBF

from dropoutlab.explorables import HowSure
from dropoutlab.explorables.how_sure.nets import Setting, lines, train

KILOBYTE = 1000
AT = np.linspace(-2, 2, 9)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("p", value) for value in (0, 0.75, float("nan"))),
        *(("width", value) for value in (7, 64, None)),
        *(("count", value) for value in (0, 2, None)),
        *(("ask_at", value) for value in (-2.1, float("nan"))),
        ("points", [[0, 0]]),
        ("points", [[0, 0], [0, float("nan")]]),
        ("points", [[0, 0], [2.1, 0]]),
        ("points", [[0, 0], [0, -2.6]]),
        ("points", [[0, 0], [0]]),
        ("points", [[0, 0], "ab"]),
        ("points", [[0, 0]] * 41),
        *(("seed", value) for value in (-1, 2**32, 0.5)),
    ],
)
def test_bad_values_are_refused_by_name(name, value):
    widget = HowSure()
    before = widget.state()

    with pytest.raises(traitlets.TraitError, match=name):
        setattr(widget, name, value)

    assert widget.state() == before


def test_the_points_lie_around_the_curve_in_two_clouds():
    points = np.concatenate([HowSure(seed=seed).training_points() for seed in range(40)])
    x, y = points.T
    residual = y - np.sin(2 * x)

    assert len(points) == 40 * 14
    assert np.abs(x).min() >= 0.6
    assert np.abs(x).max() < 1.6
    assert (x < 0).mean() == 0.5
    assert np.std(residual) == pytest.approx(0.15, rel=0.15)


def test_points_that_were_moved_replace_the_drawn_ones():
    moved = [[0.0, 1.0], [0.5, -1.0]]

    assert HowSure(points=moved).training_points().tolist() == moved


@pytest.mark.parametrize("count", [1, 10, 100])
def test_the_process_is_that_of_scikit_learn(count):
    widget = HowSure(count=count)
    x, y = widget.training_points().T
    kernel = RBF(0.5, length_scale_bounds="fixed")
    other = GaussianProcessRegressor(kernel, alpha=0.15**2 / count, optimizer=None)

    mean, sd = widget.gaussian_process(AT)

    expected = other.fit(x[:, None], y).predict(AT[:, None], return_std=True)
    np.testing.assert_allclose(mean, expected[0], atol=1e-9)
    np.testing.assert_allclose(sd, expected[1], atol=1e-7)


def test_points_that_count_ten_times_are_as_good_as_ten_points():
    four = HowSure().training_points()[:4]
    often = HowSure(points=four.tolist(), count=10)
    repeated = HowSure(points=np.repeat(four, 10, axis=0).tolist())

    for one, other in zip(
        often.gaussian_process(AT), repeated.gaussian_process(AT), strict=True
    ):
        np.testing.assert_allclose(one, other, atol=1e-9)


def test_a_band_is_taken_over_passes_and_nets():
    points = ((-1.0, 0.5), (0.0, 1.0), (1.0, -0.5))
    said = lines(Setting(points, 0.5, 8, seed=3), AT, 5)

    assert said["dropout"].shape == (100, 9)
    assert said["five nets"].shape == (5, 9)
    for each in said.values():
        assert len(np.unique(each[:, 0].round(9))) > 4


def test_a_seed_and_p_decide_over_the_net_with_dropout_and_p_over_no_other():
    points = ((-1.0, 0.5), (1.0, -0.5))
    one, again, other = (
        [net.parameters()[0].data for net in train(Setting(points, p, 8, seed), 5)]
        for p, seed in ((0.5, 3), (0.3, 3), (0.5, 4))
    )

    assert not np.array_equal(one[0], again[0])
    for net in range(1, 6):
        np.testing.assert_array_equal(one[net], again[net])
        assert not np.array_equal(one[net], other[net])


def test_the_caption_is_true_as_the_widget_opens():
    widget = HowSure()
    x = widget.training_points()[:, 0]
    ratio = {}
    for name in ("dropout", "gaussian_process"):
        method = getattr(widget, name)
        ratio[name] = method([0.0])[1][0] / method(x)[1].mean()

    assert ratio["dropout"] < 1.7
    assert ratio["gaussian_process"] > 6


def test_the_picture_says_what_was_measured():
    widget = HowSure(ask_at=0.5)
    names = re.findall(r'role="img" aria-label="([^"]+)"', widget.picture())

    assert len(names) == 3
    for name, method in zip(
        names, (widget.dropout, widget.five_nets, widget.gaussian_process), strict=True
    ):
        on_data = method(widget.training_points()[:, 0])[1].mean()
        assert f"{2 * method([0.5])[1][0]:.2f} at x = 0.50" in name
        assert f"{2 * on_data:.2f} on average at the 14 points" in name


def test_all_that_the_page_loads_is_light():
    size = len(gzip.compress(HowSure().html().encode()))

    print(size)
    assert size <= 40 * KILOBYTE

"""The pairs of chapter 6 are pairs: dropout and its learning rate are all that differs."""

import numpy as np
import pytest
from chapter import defined

from dropoutlab import data, nn

RATES = {(0.0, 0.3): 0.1, (0.5, 0.3): 0.2, (0.0, 0.0): 0.3, (0.5, 0.0): 0.4}


@pytest.fixture
def trained():
    """What the chapter's `train` hands to `fit`, for one seed and setting."""
    asked = {}

    def fit(net, optimizer, train, *, monitor, n_epochs, batch_size, rng):
        asked.update(net=net, optimizer=optimizer, train=train, monitor=monitor)
        asked.update(order=rng.permutation(1000), length=(n_epochs, batch_size))

    known = {"np": np, "data": data, "nn": nn, "fit": fit, "LR": RATES}
    train = defined("06_does_it_work", "make_net", "train", **known)["train"]

    def run(seed, p, wrong):
        train(seed, p, wrong)
        return dict(asked)

    return run


@pytest.mark.parametrize("wrong", [0.3, 0.0])
def test_both_nets_of_a_pair_have_the_same_weights_digits_labels_order_and_length(
    trained, wrong
):
    without, with_it = trained(100, 0.0, wrong), trained(100, 0.5, wrong)

    for a, b in zip(without["net"].parameters(), with_it["net"].parameters(), strict=True):
        np.testing.assert_array_equal(a.data, b.data)
    np.testing.assert_array_equal(without["train"].x, with_it["train"].x)
    np.testing.assert_array_equal(without["train"].y, with_it["train"].y)
    np.testing.assert_array_equal(without["order"], with_it["order"])
    assert without["length"] == with_it["length"]


def test_they_differ_in_the_rate_of_dropping_and_have_the_learning_rate_of_it(trained):
    for p in (0.0, 0.5):
        run = trained(100, p, 0.3)
        assert [layer.p for layer in run["net"].dropouts] == [p, p]
        assert run["optimizer"].lr == RATES[p, 0.3]


def test_three_labels_in_ten_are_wrong_in_training_and_none_in_the_test(trained):
    right, spoilt = trained(100, 0.5, 0.0), trained(100, 0.5, 0.3)

    is_wrong = right["train"].y != spoilt["train"].y
    assert np.count_nonzero(is_wrong) == 300
    np.testing.assert_array_equal(
        spoilt["monitor"]["wrong"].y, spoilt["train"].y[np.flatnonzero(is_wrong)]
    )
    np.testing.assert_array_equal(right["monitor"]["test"].y, spoilt["monitor"]["test"].y)
    assert "wrong" not in right["monitor"]


def test_another_seed_draws_everything_anew(trained):
    one, other = trained(100, 0.5, 0.3), trained(101, 0.5, 0.3)

    assert (one["net"][0].weight.data != other["net"][0].weight.data).any()
    assert (one["train"].x != other["train"].x).any()
    assert (one["order"] != other["order"]).any()

"""Initial weights: the variance and shape of every scheme, PyTorch's own, bad names."""

import math

import numpy as np
import pytest
import torch

from dropoutlab.nn import Linear
from dropoutlab.nn.initialisation import SCHEMES

# For 300 inputs and 200 outputs.
VARIANCES = {
    "he_normal": 2 / 300,
    "he_uniform": 2 / 300,
    "glorot_normal": 2 / 500,
    "glorot_uniform": 2 / 500,
    "lecun_normal": 1 / 300,
    "lecun_uniform": 1 / 300,
    "torch": 1 / 900,
    "zeros": 0,
}
THEIRS = {
    "he_normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="relu"),
    "he_uniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="relu"),
    "glorot_normal": torch.nn.init.xavier_normal_,
    "glorot_uniform": torch.nn.init.xavier_uniform_,
    "lecun_normal": lambda w: torch.nn.init.kaiming_normal_(w, nonlinearity="linear"),
    "lecun_uniform": lambda w: torch.nn.init.kaiming_uniform_(w, nonlinearity="linear"),
    "torch": lambda w: torch.nn.init.kaiming_uniform_(w, a=math.sqrt(5)),
    "zeros": torch.nn.init.zeros_,
}

every_scheme = pytest.mark.parametrize("init", SCHEMES)


def make(init, in_features=300, out_features=200, seed=0, dtype=np.float64):
    rng = np.random.default_rng(seed)
    return Linear(in_features, out_features, rng=rng, init=init, dtype=dtype)


def test_every_scheme_is_tested_here():
    assert set(SCHEMES) == set(VARIANCES) == set(THEIRS)


# 60,000 weights: |z| < 6 for mean and variance fails by chance with probability 4e-9.


@every_scheme
def test_mean_and_variance_are_those_of_the_scheme(init):
    weight, variance = make(init).weight.data, VARIANCES[init]
    assert weight.shape == (200, 300)
    assert abs(weight.mean()) <= 6 * math.sqrt(variance / weight.size)
    assert abs(weight.var() - variance) <= 6 * variance * math.sqrt(2 / weight.size)


@every_scheme
def test_the_distribution_is_the_one_in_the_name(init):
    weight, std = make(init).weight.data, math.sqrt(VARIANCES[init])
    largest = np.abs(weight).max()
    if init == "zeros":
        assert largest == 0
    elif init.endswith("_normal"):
        assert 4 * std < largest < 6 * std
        assert np.mean(np.abs(weight) < std) == pytest.approx(0.6827, abs=0.01)
    else:
        assert 0.999 * math.sqrt(3) * std < largest <= math.sqrt(3) * std
        assert np.mean(np.abs(weight) < std) == pytest.approx(1 / math.sqrt(3), abs=0.01)


@every_scheme
def test_the_scheme_is_the_one_pytorch_calls_by_another_name(init):
    torch.manual_seed(0)
    theirs = THEIRS[init](torch.empty(200, 300, dtype=torch.float64)).numpy()
    ours = make(init).weight.data
    assert ours.std() == pytest.approx(theirs.std(), rel=0.02)
    if init == "torch" or init.endswith("_uniform"):
        assert np.abs(ours).max() == pytest.approx(np.abs(theirs).max(), rel=1e-3)


def test_biases_are_zero_but_under_torch_uniform_as_in_its_linear():
    for init in set(SCHEMES) - {"torch"}:
        np.testing.assert_array_equal(make(init).bias.data, 0)
    bias = make("torch", in_features=4, out_features=60_000).bias.data
    theirs = torch.nn.Linear(4, 60_000).bias.detach().numpy()
    for values in (bias, theirs):
        assert 0.499 < np.abs(values).max() <= 0.5
        assert values.std() == pytest.approx(0.5 / math.sqrt(3), rel=0.02)


def test_the_default_is_he_normal_with_the_draws_that_chapters_rely_on():
    rng = np.random.default_rng(7)
    expected = rng.standard_normal((200, 300)) * math.sqrt(2 / 300)
    after = rng.bit_generator.state
    drawn = np.random.default_rng(7)
    default = Linear(300, 200, rng=drawn)
    np.testing.assert_array_equal(default.weight.data, expected.astype(np.float32), strict=True)
    np.testing.assert_array_equal(
        default.weight.data, make("he_normal", seed=7, dtype="f4").weight.data
    )
    assert drawn.bit_generator.state == after


@every_scheme
def test_the_same_seed_gives_the_same_weights_in_both_dtypes(init):
    single, double = make(init, dtype=np.float32), make(init, dtype=np.float64)
    for name, values in double.state_dict().items():
        np.testing.assert_array_equal(
            single.state_dict()[name], values.astype(np.float32), strict=True
        )


def test_zeros_draw_nothing():
    rng = np.random.default_rng(0)
    Linear(3, 2, rng=rng, init="zeros")
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


@pytest.mark.parametrize("init", ["he", "He_normal", "", None, ["zeros"], 0])
def test_unknown_names_list_the_known_ones(init):
    with pytest.raises(
        ValueError, match=r"init must be one of he_normal, .*, zeros, got "
    ) as e:
        make(init)
    assert str(e.value).endswith(f"got {init!r}")

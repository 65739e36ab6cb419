"""Dropout: values, masks, frequencies, modes, and what bad calls leave behind."""

import copy
import itertools
import math

import numpy as np
import pytest
import torch
from hypothesis import example, given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from dropoutlab.nn import Dropout
from dropoutlab.nn.masks import resolution

RATES = [0.1, 0.2, 0.3, 0.5, 0.7, 0.9, 0.99]
DTYPES = [np.float32, np.float64]


def make(p=0.5, seed=0):
    return Dropout(p, rng=np.random.default_rng(seed))


def state(layer):
    """Everything a bad call might have changed."""
    return (
        layer.p,
        layer.training,
        None if layer.mask is None else layer.mask.tolist(),
        layer.rng.bit_generator.state,
    )


# Values


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("p", RATES)
def test_survivors_are_scaled_by_one_over_one_minus_p_and_the_rest_are_zero(p, dtype):
    x = np.random.default_rng(1).standard_normal((50, 40)).astype(dtype)
    layer = make(p)

    y = layer(x)

    assert y.dtype == dtype
    np.testing.assert_array_equal(y[layer.mask], x[layer.mask] * dtype(1 / (1 - p)))
    np.testing.assert_array_equal(y[~layer.mask], 0)
    assert 0 < layer.mask.sum() < layer.mask.size


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("p", RATES)
def test_values_and_gradients_equal_those_of_pytorch_to_the_last_bit(p, dtype):
    # The masks that PyTorch drew, read off its output, are given to our layer.
    values = np.random.default_rng(2).standard_normal((60, 70)).astype(dtype)
    x = torch.tensor(values, requires_grad=True)
    theirs = torch.nn.functional.dropout(x, p, training=True)
    grad_output = np.random.default_rng(3).standard_normal((60, 70)).astype(dtype)
    theirs.backward(torch.tensor(grad_output))
    layer = make(p)

    ours = layer(values, mask=theirs.detach().numpy() != 0)

    np.testing.assert_array_equal(ours, theirs.detach().numpy())
    np.testing.assert_array_equal(layer.backward(grad_output), x.grad.numpy())


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.8])
def test_mean_over_all_masks_weighted_by_their_probability_is_the_input(p):
    x = np.array([1.0, -2.0, 3.0, 0.5])
    layer = make(p)
    mean = np.zeros(4)
    for kept in itertools.product([False, True], repeat=4):
        probability = math.prod(1 - p if k else p for k in kept)
        mean += probability * layer(x, mask=np.array(kept))
    np.testing.assert_allclose(mean, x, rtol=1e-14)


def test_with_p_zero_everything_is_kept():
    x = np.random.default_rng(0).standard_normal((30, 30))
    layer = make(0.0)
    y = layer(x)
    np.testing.assert_array_equal(y, x)
    assert layer.mask.all()
    assert not np.shares_memory(y, x)


def test_a_new_p_takes_effect_at_the_next_call():
    layer = make(0.5)
    layer.p = 0.0
    np.testing.assert_array_equal(layer(np.ones(100)), 1)
    layer.p = 0.75
    assert set(layer(np.ones(100)).tolist()) == {0.0, 4.0}
    assert repr(layer) == "Dropout(p=0.75)"


# Backward


@pytest.mark.parametrize("p", RATES)
def test_backward_replays_the_forward_mask_and_rescales(p):
    layer = make(p)
    layer(np.ones((20, 30)))
    mask = layer.mask.copy()
    before = layer.rng.bit_generator.state

    grad_input = layer.backward(np.full((20, 30), 3.0))

    np.testing.assert_array_equal(grad_input, np.where(mask, 3.0 * (1 / (1 - p)), 0))
    np.testing.assert_array_equal(layer.mask, mask)
    assert layer.rng.bit_generator.state == before


def test_backward_uses_the_last_forward_mask_even_when_the_mode_or_p_changed_since():
    layer = make(0.5)
    y = layer(np.ones((5, 5)))
    layer.p = 0.9
    np.testing.assert_array_equal(layer.eval().backward(np.ones((5, 5))), y)


def test_backward_before_forward_says_what_to_do():
    with pytest.raises(RuntimeError, match=r"Dropout\.backward.*call layer\(x\) first"):
        make().backward(np.ones(3))


# Evaluation mode


def test_evaluation_is_the_identity_on_a_copy_and_draws_nothing():
    layer = make(0.9).eval()
    before = layer.rng.bit_generator.state
    x, grad_output = np.random.default_rng(0).standard_normal((2, 4, 6))

    y, grad_input = layer(x), layer.backward(grad_output)

    np.testing.assert_array_equal(y, x)
    np.testing.assert_array_equal(grad_input, grad_output)
    assert not np.shares_memory(y, x)
    assert not np.shares_memory(grad_input, grad_output)
    assert layer.mask is None
    assert layer.rng.bit_generator.state == before


def test_evaluation_forgets_the_mask_of_training_and_train_drops_again():
    layer = make(0.5)
    layer(np.ones(64))
    layer.eval()(np.ones(64))
    assert layer.mask is None
    layer.train()(np.ones(64))
    assert not layer.mask.all()


# Masks


def test_an_injected_mask_is_used_copied_and_draws_nothing():
    layer = make(0.25)
    before = layer.rng.bit_generator.state
    mask = np.array([[True, False, True]])

    y = layer(np.ones((1, 3)), mask=mask)
    mask[:] = False

    np.testing.assert_array_equal(y, [[1 / 0.75, 0, 1 / 0.75]])
    np.testing.assert_array_equal(layer.mask, [[True, False, True]])
    np.testing.assert_array_equal(layer.backward(np.ones((1, 3))), [[1 / 0.75, 0, 1 / 0.75]])
    assert layer.rng.bit_generator.state == before


def test_equal_generators_give_equal_masks_and_a_shared_one_gives_different_masks():
    x = np.ones((10, 10))
    np.testing.assert_array_equal(make(seed=5)(x), make(seed=5)(x))
    shared = np.random.default_rng(5)
    first, second = Dropout(0.5, rng=shared), Dropout(0.5, rng=shared)
    assert (first(x) != second(x)).any()


def test_masks_do_not_depend_on_the_dtype_of_the_input():
    np.testing.assert_array_equal(
        make(0.3)(np.ones((8, 8), np.float32)) > 0, make(0.3)(np.ones((8, 8))) > 0
    )


@pytest.mark.parametrize(
    ("p", "n", "n_words"),
    [(0.5, 8, 2), (0.5, 9, 3), (0.5, 0, 0), (0.999, 9, 5), (1 - 1e-12, 9, 9)],
)
def test_a_word_of_64_bits_decides_over_four_units_fewer_where_p_is_near_one(p, n, n_words):
    layer, generator = make(p), np.random.default_rng(0)
    layer(np.ones(n))
    generator.integers(2**64, size=n_words, dtype=np.uint64)
    assert layer.rng.bit_generator.state == generator.bit_generator.state


class Scripted(np.random.Generator):
    """Gives words of 64 bits that are made of the given draws, in order."""

    def __init__(self, draws):
        super().__init__(np.random.PCG64(0))
        self.draws = draws

    def integers(self, low, high=None, size=None, dtype=np.int64, endpoint=False):
        assert (low, high, dtype, endpoint) == (2**64, None, np.uint64, False)
        words = np.zeros(size, dtype)
        words.view(self.draws.dtype)[: len(self.draws)] = self.draws
        return words


@pytest.mark.parametrize(
    ("p", "n_dropped"),
    [(0, 0), (0.25, 16384), (0.3, 19661), (0.5, 32768), (0.9, 58982), (1 / 65536, 1)],
)
def test_of_the_65536_possible_draws_exactly_the_nearest_number_to_p_drop(p, n_dropped):
    layer = Dropout(p, rng=Scripted(np.arange(65536, dtype=np.uint16)))
    layer(np.ones(65536))
    assert np.count_nonzero(~layer.mask) == n_dropped


@given(st.floats(0, 1, exclude_max=True))
@example(0.992)
@example(0.993)
@example(0.9999999)
@example(np.nextafter(1, 0))
def test_the_resolution_of_p_moves_the_mean_by_at_most_a_thousandth(p):
    bits, threshold = resolution(p)
    n_draws = int(np.iinfo(bits).max) + 1
    assert 0 <= threshold < n_draws
    # In whole numbers, as 1 - threshold / n_draws would round when p is near 1.
    mean_of_output = (n_draws - threshold) / n_draws / (1 - p)
    assert mean_of_output == pytest.approx(1, abs=1.001e-3)
    if p <= 0.99:
        assert bits is np.uint16


@pytest.mark.parametrize("p", [0.1, 0.5, 0.99, 0.999, 1 - 1e-5, 1 - 1e-9, 1 - 1e-13])
def test_the_draw_below_the_threshold_drops_and_the_threshold_keeps_at_every_resolution(p):
    bits, threshold = resolution(p)
    layer = Dropout(p, rng=Scripted(np.array([threshold - 1, threshold], dtype=bits)))
    layer(np.ones(2))
    np.testing.assert_array_equal(layer.mask, [False, True])


# Frequencies. Seeds are fixed, so a test either passes always or never; the false-alarm
# rates are over the choice of seed. |z| < 6 fails by chance with probability 2e-9.


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.8])
def test_every_position_row_and_column_is_dropped_with_probability_p(p):
    # 60 positions, 6 rows, 10 columns and 4 rates: 304 values, together < 1e-6.
    layer, n_calls = make(p), 4000
    x = np.ones((6, 10), np.float32)
    dropped = np.array([layer(x) == 0 for _ in range(n_calls)])
    for axes in [(0,), (0, 1), (0, 2), (0, 1, 2)]:
        n = math.prod(dropped.shape[axis] for axis in axes)
        z = (dropped.mean(axis=axes) - p) / math.sqrt(p * (1 - p) / n)
        assert np.abs(z).max() < 6


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.8])
def test_the_mean_of_the_output_is_the_input(p):
    # 200 values, 4 rates: together < 2e-6.
    x, layer, n_calls = np.linspace(0.5, 2, 200), make(p), 3000
    mean = np.mean([layer(x) for _ in range(n_calls)], axis=0)
    standard_error = x * math.sqrt(p / (1 - p) / n_calls)
    assert (np.abs(mean - x) < 6 * standard_error).all()


@pytest.mark.parametrize(
    "p", [1e-4, 0.001, 0.01, *np.arange(0.05, 1, 0.05), 0.99, 0.995, 0.999, 1 - 1e-5]
)
def test_units_are_dropped_at_rate_p_whatever_p_is(p):
    # 26 values: together < 6e-8. Also shows the 32 and 64 bits that are used near 1.
    n = 1_000_000
    layer = make(p)
    layer(np.ones((1000, n // 1000), np.float32))
    n_dropped = np.count_nonzero(~layer.mask)
    assert abs(n_dropped - n * p) < 6 * math.sqrt(n * p * (1 - p))


def test_two_rates_that_differ_by_one_in_65536_are_told_apart():
    # The same words decide for both, so that one in 65,536 changes sides: 64 ± 8 of 2²².
    n, p = 2**22, 0.3
    masks = []
    for rate in (p, p + 1 / 65536):
        layer = make(rate, seed=3)
        layer(np.ones(n, np.float32))
        masks.append(layer.mask)
    assert not (masks[1] & ~masks[0]).any()
    n_changed = np.count_nonzero(masks[0] & ~masks[1])
    assert abs(n_changed - n / 65536) < 6 * math.sqrt(n / 65536)


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.8, 0.9945])
def test_units_are_dropped_independently_of_their_neighbours_and_of_the_last_call(p):
    # Correlations between calls, rows, columns, and all neighbours in memory up to 9 apart
    # (a word decides over four units, over two when p is 0.9945), 55 values. The bound is 8:
    # with p = 0.9945 a chance meeting of two kept units is rare, and the tail of a Poisson
    # with mean 6 is longer than a normal's; beyond it together < 2e-8.
    layer = make(p)
    x = np.ones((100, 100), np.float32)
    masks = []
    for _ in range(20):
        layer(x)
        masks.append(layer.mask)
    residual = (np.array(masks) - (1 - p)) / math.sqrt(p * (1 - p))
    pairs = [(residual[1:], residual[:-1]), (residual[:, 1:], residual[:, :-1])]
    pairs += [(residual[:, :, lag:], residual[:, :, :-lag]) for lag in range(1, 10)]
    for one, other in pairs:
        assert abs((one * other).mean()) < 8 / math.sqrt(one.size)


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.8])
def test_all_patterns_of_the_units_that_share_a_word_come_as_often_as_they_should(p):
    # Chi-squared with 15 degrees of freedom: above 80 by chance with probability 6e-11.
    layer = make(p)
    layer(np.ones((1000, 400), np.float32))
    patterns = layer.mask.reshape(-1, 4) @ [8, 4, 2, 1]
    n_kept = np.array([i.bit_count() for i in range(16)])
    expected = len(patterns) * (1 - p) ** n_kept * p ** (4 - n_kept)
    observed = np.bincount(patterns, minlength=16)
    assert np.sum((observed - expected) ** 2 / expected) < 80


@pytest.mark.parametrize("p", [0.1, 0.3, 0.5, 0.8])
def test_the_number_dropped_varies_from_row_to_row_as_a_binomial(p):
    # Rows that were favoured, or balanced, would vary more, or less. The variance of 5,000
    # rows is off by 6 standard errors by chance with probability 2e-9.
    layer = make(p)
    layer(np.ones((5000, 100), np.float32))
    counts = np.count_nonzero(~layer.mask, axis=1)
    relative = counts.var() / (100 * p * (1 - p))
    assert abs(relative - 1) < 6 * math.sqrt(2 / 5000)


# Shapes, dtypes, aliasing

arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(
        dtype,
        hnp.array_shapes(min_dims=0, max_dims=4, min_side=0, max_side=5),
        elements=st.floats(-1e6, 1e6, width=32),
    )
)


@given(
    x=arrays,
    p=st.floats(0, 1, exclude_max=True),
    fortran=st.booleans(),
    readonly=st.booleans(),
    training=st.booleans(),
)
def test_any_shape_dtype_and_p(x, p, fortran, readonly, training):
    x = np.asarray(x, order="F" if fortran else "C")
    x.flags.writeable = not readonly
    original, layer = x.copy(), make(p)
    if not training:
        layer.eval()

    first, second = layer(x), layer(x)
    grad_input = layer.backward(x)

    scale = 1 / (1 - p)
    kept = np.ones(x.shape, bool) if layer.mask is None else layer.mask
    with np.errstate(over="ignore"):  # 1/(1 − p) may carry float32 to infinity
        expected = np.where(kept, x * (scale if training else 1), 0)
    np.testing.assert_array_equal(second, expected)
    np.testing.assert_array_equal(grad_input, expected)
    assert layer.mask is None or isinstance(layer.mask, np.ndarray)
    for result in (first, second, grad_input):
        assert isinstance(result, np.ndarray)
        assert result.shape == x.shape
        assert result.dtype == x.dtype
        assert result.flags.writeable
        assert not np.shares_memory(result, x)
    assert not np.shares_memory(first, second)
    np.testing.assert_array_equal(x, original)


def test_an_output_is_not_overwritten_by_later_calls():
    layer, x = make(), np.ones((16, 16))
    first = layer(x)
    kept, first_mask = first.copy(), layer.mask
    mask = first_mask.copy()
    for _ in range(3):
        layer(x)
        layer.backward(x)
    np.testing.assert_array_equal(first, kept)
    np.testing.assert_array_equal(first_mask, mask)


def test_lists_of_floats_are_accepted():
    np.testing.assert_array_equal(make().eval()([1.0, 2.0]), [1.0, 2.0])


# Bad input: the error names argument, expectation and value, and nothing has changed.


@pytest.mark.parametrize(
    ("p", "error", "value"),
    [
        (-0.1, ValueError, "-0.1"),
        (1.0, ValueError, "1.0"),
        (1, ValueError, "1"),
        (1.5, ValueError, "1.5"),
        (float("nan"), ValueError, "nan"),
        (float("inf"), ValueError, "inf"),
        ("half", TypeError, "'half'"),
        ("0.5", TypeError, "'0.5'"),
        (True, TypeError, "True"),
        (np.False_, TypeError, "False"),
        (None, TypeError, "None"),
        (0.5j, TypeError, "0.5j"),
        (np.array([0.5]), TypeError, "float64 array of shape (1,)"),
    ],
)
def test_bad_p(p, error, value):
    with pytest.raises(error) as caught:
        make(p)
    message = str(caught.value)
    assert message.startswith("p must be a probability of dropping in [0, 1), got ")
    assert value in message

    layer = make(0.5)
    before = state(layer)
    with pytest.raises(error):
        layer.p = p
    assert state(layer) == before


@pytest.mark.parametrize("p", [0, 0.5, np.float32(0.5), np.float64(0.5), np.int64(0)])
def test_numbers_of_any_real_type_are_good_p_and_leave_float32_alone(p):
    layer = make(p)
    assert type(layer.p) is float
    assert layer(np.ones(4, np.float32)).dtype == np.float32


@pytest.mark.parametrize("rng", [None, 0, np.random, np.random.RandomState(0), "seed"])
def test_bad_rng_says_how_to_make_one(rng):
    with pytest.raises(
        TypeError, match=r"rng must be a numpy.random.Generator, got .*default_rng"
    ):
        Dropout(0.5, rng=rng)


@pytest.mark.parametrize(
    ("x", "value"),
    [
        (np.arange(4), "int64 array of shape (4,)"),
        (np.ones(4, bool), "bool array of shape (4,)"),
        (np.ones(4, complex), "complex128 array of shape (4,)"),
        (np.array(["a"]), "array of shape (1,)"),
        ([[1.0], [1.0, 2.0]], "differ in length"),
        (None, "object array of shape ()"),
    ],
)
def test_inputs_that_are_not_floats(x, value):
    layer = make()
    layer(np.ones(4))
    before = state(layer)
    for call, name in [(layer, "x"), (layer.backward, "grad_output")]:
        with pytest.raises(TypeError) as caught:
            call(x)
        assert str(caught.value).startswith(f"{name} must be an array of floats")
        assert value in str(caught.value)
    assert state(layer) == before
    assert layer.backward(np.ones(4)).shape == (4,)


@pytest.mark.parametrize(
    ("mask", "error", "message"),
    [
        (
            np.ones((2, 3), bool),
            ValueError,
            r"mask must have the shape of x, \(3, 2\), got .*2, 3",
        ),
        (
            np.ones(2, bool),
            ValueError,
            r"mask must have the shape of x, \(3, 2\), got .*\(2,\)",
        ),
        (
            np.ones((3, 2)),
            TypeError,
            "mask must be a boolean array, True = kept, got a float64",
        ),
        (np.ones((3, 2), int), TypeError, "mask must be a boolean array, .* got an int64"),
    ],
)
def test_bad_masks(mask, error, message):
    layer = make()
    layer(np.ones((3, 2)))
    before = state(layer)
    with pytest.raises(error, match=message):
        layer(np.ones((3, 2)), mask=mask)
    assert state(layer) == before


def test_a_mask_in_evaluation_is_refused():
    layer = make().eval()
    with pytest.raises(
        ValueError,
        match=r"mask must be None in evaluation mode, .* got a bool array .*; call layer",
    ):
        layer(np.ones(2), mask=np.ones(2, bool))
    np.testing.assert_array_equal(layer(np.ones(2)), 1)


def test_a_gradient_of_the_wrong_shape_is_refused():
    layer = make()
    layer(np.ones((3, 2)))
    with pytest.raises(
        ValueError,
        match=r"grad_output must have the shape of the output, \(3, 2\), got .*\(2, 3\)",
    ):
        layer.backward(np.ones((2, 3)))
    assert layer.backward(np.ones((3, 2))).shape == (3, 2)


def test_global_random_state_is_neither_read_nor_changed():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not change
    first = make()(np.ones(100))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002
    np.random.seed(1)  # noqa: NPY002
    np.testing.assert_array_equal(make()(np.ones(100)), first)


def test_a_deep_copy_draws_on_its_own():
    layer = make()
    twin = copy.deepcopy(layer)
    np.testing.assert_array_equal(layer(np.ones(50)), twin(np.ones(50)))

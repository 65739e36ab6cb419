"""The net that travels with a page: rounded to bytes, and trained to read what one draws."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from dropoutlab.explorables.hundred_networks.reader import POOLED, DigitReader
from dropoutlab.explorables.hundred_networks.reader_training import train_net, train_reader
from dropoutlab.explorables.shared import hands
from dropoutlab.explorables.shared.byte_layers import ByteLinear
from dropoutlab.explorables.shared.digit_pad import reading_data
from dropoutlab.explorables.shared.hands import Jitter
from dropoutlab.torch_training import evaluate, fit


@pytest.fixture(scope="module")
def small():
    rng = np.random.default_rng(0)
    return DigitReader(
        ByteLinear.rounded(rng.normal(0, 0.3, (12, POOLED)), rng.normal(size=12)),
        ByteLinear.rounded(rng.normal(0, 1, (10, 12)), rng.normal(size=10)),
        p=0.25,
        test_error=0.5,
        n_test=20,
    )


def test_rounding_is_off_by_half_a_step_at_most():
    weight = np.random.default_rng(0).normal(size=(7, 50))

    layer = ByteLinear.rounded(weight, np.zeros(7))

    step = np.abs(weight).max(axis=1) / 127
    off = np.abs(layer(np.eye(50)).T - weight).max(axis=1)
    assert (off <= 0.5001 * step).all()
    assert np.abs(layer.weight).max(axis=1).tolist() == [127] * 7


def test_a_row_of_zeros_stays_zero():
    layer = ByteLinear.rounded([[0.0, 0.0]], [1.5])

    assert layer(np.array([[3.0, 4.0]])).tolist() == [[1.5]]


def torch_twin(reader):
    """The same net in PyTorch, in double precision."""
    net = torch.nn.Sequential(
        torch.nn.Unflatten(1, (1, 28, 28)),
        torch.nn.AvgPool2d(2),
        torch.nn.Flatten(),
        torch.nn.Linear(POOLED, reader.n_hidden),
        torch.nn.ReLU(),
        torch.nn.Linear(reader.n_hidden, 10),
    ).double()
    with torch.no_grad():
        for layer, rounded in ((net[3], reader.hidden), (net[5], reader.output)):
            scale = torch.tensor(rounded.scale, dtype=torch.float64)
            layer.weight.copy_(scale[:, None] * torch.tensor(rounded.weight))
            layer.bias.copy_(torch.tensor(rounded.bias))
    return net


def test_the_whole_net_agrees_with_pytorch(small):
    x = np.random.default_rng(1).random((5, 784))

    with torch.no_grad():
        expected = torch_twin(small)(torch.tensor(x)).numpy()

    np.testing.assert_allclose(small.logits(x), expected, rtol=1e-9)


def test_thinned_nets_agree_with_pytorch(small):
    rng = np.random.default_rng(2)
    x, mask = rng.random((5, 784)), rng.random((3, 12)) < 0.5
    net = torch_twin(small)

    thinned = small.logits(x, mask)

    with torch.no_grad():
        active = net[:5](torch.tensor(x))
        for one, kept in zip(thinned, mask, strict=True):
            expected = net[5](active * torch.tensor(kept) / 0.75).numpy()
            np.testing.assert_allclose(one, expected, rtol=1e-9)


def test_the_verdict_counts_and_averages(small):
    rng = np.random.default_rng(3)
    image, mask = rng.random(784), rng.random((50, 12)) < 0.75

    verdict = small.ask(image, mask)

    logits = torch.tensor(small.logits(image[None], mask)[:, 0])
    shares = logits.softmax(dim=1)
    assert verdict.votes.tolist() == logits.argmax(dim=1).bincount(minlength=10).tolist()
    np.testing.assert_allclose(verdict.mean, shares.mean(dim=0), rtol=1e-9)
    entropy = torch.distributions.Categorical(shares.mean(dim=0)).entropy() / np.log(2)
    own = torch.distributions.Categorical(shares).entropy().mean() / np.log(2)
    assert verdict.entropy == pytest.approx(entropy.item(), rel=1e-9)
    assert verdict.disagreement == pytest.approx((entropy - own).item(), rel=1e-6)
    assert 0 < verdict.vote_entropy <= np.log2(10)


def test_networks_that_are_all_alike_have_nothing_to_disagree_on(small):
    verdict = small.ask(np.ones(784), np.ones((9, 12), dtype=bool))

    assert verdict.vote_entropy == 0
    assert verdict.disagreement == pytest.approx(0, abs=1e-12)
    assert verdict.entropy > 0


def test_a_net_survives_its_state(small):
    again = DigitReader.from_state(small.state())

    x = np.random.default_rng(4).random((3, 784))
    np.testing.assert_array_equal(again.logits(x), small.logits(x))
    assert again.state() == small.state()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"p": 1}, "p must be in"),
        ({"p": float("nan")}, "p must be in"),
        ({"test_error": 1.5}, "test_error"),
        ({"n_hidden": 0}, "positive integers"),
        ({"n_hidden": 12.0}, "positive integers"),
        ({"n_test": True}, "positive integers"),
        ({"n_hidden": 13}, "weights must hold 2862 bytes, got 2648"),
        ({"weights": "not base64"}, "weights must be base64"),
        ({"weights": None}, "weights must be base64"),
        ({"colour": "red"}, "a reader has"),
    ],
)
def test_a_state_that_is_no_net_is_refused(small, change, message):
    with pytest.raises(ValueError, match=message):
        DigitReader.from_state(small.state() | change)


def test_weights_that_are_not_finite_are_refused(small):
    broken = ByteLinear(small.output.weight, small.output.scale, small.output.bias * np.inf)
    state = DigitReader(small.hidden, broken, p=0.5, test_error=0.1, n_test=9).state()

    with pytest.raises(ValueError, match="finite"):
        DigitReader.from_state(state)


def test_rounding_costs_no_accuracy():
    validation = reading_data().validation

    exact, rounded = evaluate(train_net(), validation).error, train_reader().error(validation)

    assert exact < 0.06
    assert abs(rounded - exact) <= 0.006  # 3 of 500


def test_the_error_that_is_stated_is_that_of_the_rounded_net_on_unseen_digits():
    reader, test = train_reader(), reading_data().test

    assert reader.n_test == len(test) == 1000
    assert reader.test_error == reader.error(test) < 0.07


def test_thinned_networks_read_too():
    reader, validation = train_reader(), reading_data().validation
    mask = np.random.default_rng(0).random((20, reader.n_hidden)) >= reader.p

    wrong = reader.logits(validation.x, mask).argmax(axis=2) != validation.y

    assert reader.error(validation) < wrong.mean() < 0.1


def test_training_leaves_the_global_generator_and_the_threads_alone(monkeypatch):
    trained = []

    def fit_briefly(*arguments, n_epochs, **options):
        trained.append(n_epochs)
        return fit(*arguments, n_epochs=1, **options)

    monkeypatch.setattr(hands, "fit", fit_briefly)
    before, threads = torch.random.get_rng_state(), torch.get_num_threads()

    train_net.__wrapped__(seed=1)

    assert trained == [20]
    assert torch.equal(torch.random.get_rng_state(), before)
    assert torch.get_num_threads() == threads


def test_jitter_moves_images_a_little_and_only_in_training():
    torch.manual_seed(0)
    image = torch.zeros(1, 28, 28)
    image[0, 9:19, 12:16] = 1
    many = image.view(1, 784).repeat(200, 1)
    jitter = Jitter()

    moved = jitter(many).view(200, 28, 28)

    assert torch.equal(jitter.eval()(many), many)
    assert moved.std(dim=0).max() > 0.1
    overlap = (moved * image).sum(dim=(1, 2)) / image.sum()
    assert overlap.min() > 0.3
    assert moved.sum(dim=(1, 2)).mean() == pytest.approx(40, rel=0.1)
    assert moved.mean(dim=0).mul(torch.arange(28.0)).sum().div(moved.mean(dim=0).sum()) == (
        pytest.approx(13.5, abs=0.3)
    )


def test_the_explorables_do_not_bring_pytorch():
    check = "import sys, dropoutlab.explorables; assert 'torch' not in sys.modules"

    subprocess.run([sys.executable, "-c", check], check=True)

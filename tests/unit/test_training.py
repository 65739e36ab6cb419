"""The training loop: what it computes, what it leaves alone, what it refuses."""

import io
import subprocess
import sys

import numpy as np
import pytest
import torch
from threadpoolctl import threadpool_info

from dropoutlab import data, nn, training
from dropoutlab.data import Dataset


def small_net(*, p=0.0, seed=0, dtype=np.float32, widths=(2, 16, 2)):
    rng = np.random.default_rng(seed)
    return nn.Sequential(
        nn.Linear(*widths[:2], rng=rng, dtype=dtype),
        nn.ReLU(),
        nn.Dropout(p, rng=rng),
        nn.Linear(*widths[1:], rng=rng, dtype=dtype),
    )


def moons(n=100, seed=1, dtype=np.float32):
    return data.moons(n, noise=0.1, rng=np.random.default_rng(seed), dtype=dtype)


def sgd(net, lr=0.1, **options):
    return nn.SGD(net.parameters(), lr, **options)


def weights(net):
    return [parameter.data.copy() for parameter in net.parameters()]


def same_weights(net, other):
    return all(np.array_equal(a, b) for a, b in zip(weights(net), weights(other), strict=True))


# Batches


def test_an_epoch_of_batches_holds_every_example_once_with_its_label():
    train = Dataset(np.arange(10.0)[:, None], np.arange(10))
    epoch = list(training.batches(train, 4, np.random.default_rng(0)))
    assert [len(y) for _, y in epoch] == [4, 4, 2]
    together = np.concatenate([y for _, y in epoch])
    assert sorted(together) == list(range(10))
    assert list(together) != list(range(10))
    np.testing.assert_array_equal(np.concatenate([x[:, 0] for x, _ in epoch]), together)


def test_the_order_is_drawn_anew_every_epoch_and_fixed_by_the_generator():
    train, rng = Dataset(np.arange(50.0)[:, None], np.arange(50)), np.random.default_rng(0)
    (_, first), (_, second) = (next(training.batches(train, 50, rng)) for _ in range(2))
    _, again = next(training.batches(train, 50, np.random.default_rng(0)))
    assert (first != second).any()
    np.testing.assert_array_equal(first, again)


# Fit


def test_fit_takes_exactly_the_steps_written_out_by_hand():
    train = moons()
    ours, by_hand = small_net(p=0.5), small_net(p=0.5)
    options = {"momentum": 0.9, "weight_decay": 1e-3}
    training.fit(
        ours,
        sgd(ours, **options),
        train,
        n_epochs=3,
        batch_size=32,
        rng=np.random.default_rng(5),
        monitor={"train": train},
    )

    rng, criterion, optimizer = (
        np.random.default_rng(5),
        nn.SoftmaxCrossEntropy(),
        sgd(by_hand, **options),
    )
    for _ in range(3):
        order = rng.permutation(100)
        for start in (0, 32, 64, 96):
            rows = order[start : start + 32]
            criterion(by_hand(train.x[rows]), train.y[rows])
            by_hand.backward(criterion.backward())
            optimizer.step()
    assert same_weights(ours, by_hand)


def test_the_history_holds_what_evaluate_says_before_training_and_after_every_epoch():
    train, test, net = moons(), moons(seed=2), small_net(p=0.5)
    rng, optimizer = np.random.default_rng(0), sgd(net)
    expected = [training.evaluate(net, test)]

    for _ in range(3):  # one epoch a call: fit goes on where it was
        training.fit(net, optimizer, train, n_epochs=1, rng=rng)
        expected.append(training.evaluate(net, test))

    twin = small_net(p=0.5)
    history = training.fit(
        twin,
        sgd(twin),
        train,
        n_epochs=3,
        rng=np.random.default_rng(0),
        monitor={"train": train, "test": test},
    )
    np.testing.assert_array_equal(history.epoch, [0, 1, 2, 3])
    assert history.names == list(history) == ["train", "test"]
    assert history["test"].loss.tolist() == [evaluation.loss for evaluation in expected]
    assert history["test"].error.tolist() == [evaluation.error for evaluation in expected]
    assert same_weights(net, twin)


def test_monitoring_changes_nothing():
    train, watched, alone = moons(), small_net(p=0.5), small_net(p=0.5)
    for net, monitor in [(watched, {"train": train}), (alone, None)]:
        training.fit(
            net, sgd(net), train, n_epochs=2, rng=np.random.default_rng(0), monitor=monitor
        )
    assert same_weights(watched, alone)


def test_a_net_learns_digits_and_then_memorises_wrong_labels():
    parts = data.digits(n_train=500, n_test=500, seed=0)
    noisy, _ = data.wrong_labels(parts.train, 0.3, rng=np.random.default_rng(0))
    net = small_net(widths=(784, 64, 10))
    history = training.fit(
        net,
        sgd(net, momentum=0.9),
        noisy,
        n_epochs=30,
        rng=np.random.default_rng(0),
        monitor={"train": noisy, "test": parts.test},
    )
    assert history["train"].error[0] > 0.7
    assert history["train"].error[-1] < 0.02
    assert history["test"].error.min() + 0.05 < history["test"].error[-1] < 0.6


def test_no_epochs_give_the_evaluation_of_the_untrained_net():
    train, net = moons(), small_net()
    before = weights(net)
    history = training.fit(
        net, sgd(net), train, n_epochs=0, rng=np.random.default_rng(0), monitor={"train": train}
    )
    assert history.epoch.tolist() == [0]
    assert all(map(np.array_equal, weights(net), before))


def test_float32_stays_float32_and_float64_stays_float64():
    for dtype in (np.float32, np.float64):
        seen = set()

        class Watched(nn.Linear):
            def forward(self, x, seen=seen):
                y = super().forward(x)
                seen.update({x.dtype, y.dtype})
                return y

            def backward(self, grad_output, seen=seen):
                grad_input = super().backward(grad_output)
                arrays = (grad_output, grad_input, self.weight.grad, self.weight.data)
                seen.update(array.dtype for array in arrays)
                return grad_input

        rng, train = np.random.default_rng(0), moons(dtype=dtype)
        net = nn.Sequential(
            Watched(2, 8, rng=rng, dtype=dtype),
            nn.ReLU(),
            nn.Dropout(0.5, rng=rng),
            Watched(8, 2, rng=rng, dtype=dtype),
        )
        optimizer = sgd(net, np.float64(0.1), momentum=0.9, weight_decay=1e-4)
        training.fit(net, optimizer, train, n_epochs=2, rng=rng, monitor={"train": train})
        assert seen == {np.dtype(dtype)}


# Modes


class Raises(nn.ReLU):
    """Raises at the given call, in the given mode."""

    def __init__(self, error, at, training):
        super().__init__()
        self.error, self.at, self.in_training, self.calls = error, at, training, 0

    def forward(self, x):
        self.calls += self.training == self.in_training
        if self.training == self.in_training and self.calls == self.at:
            raise self.error
        return super().forward(x)


def test_training_drops_and_monitoring_does_not():
    modes = []

    class Records(nn.ReLU):
        def forward(self, x):
            modes.append(self.training)
            return super().forward(x)

    train = moons(128)
    net = nn.Sequential(Records(), nn.Linear(2, 2, rng=np.random.default_rng(0)))
    training.fit(
        net, sgd(net), train, n_epochs=2, rng=np.random.default_rng(0), monitor={"a": train}
    )
    assert modes == [False, True, True, False, True, True, False]


@pytest.mark.parametrize("mode", ["train", "eval"])
def test_fit_and_evaluate_restore_the_mode_of_every_layer(mode):
    net = getattr(small_net(), mode)()
    net[2].training = not net[2].training
    before = [module.training for module in net.modules()]
    training.evaluate(net, moons())
    assert [module.training for module in net.modules()] == before
    training.fit(net, sgd(net), moons(), n_epochs=1, rng=np.random.default_rng(0))
    assert [module.training for module in net.modules()] == before


@pytest.mark.parametrize("in_training", [True, False])
@pytest.mark.parametrize("error", [KeyboardInterrupt, ZeroDivisionError])
def test_an_interrupted_training_leaves_a_net_that_can_go_on(error, in_training):
    rng, train = np.random.default_rng(0), moons(200)
    net = nn.Sequential(
        nn.Linear(2, 4, rng=rng), Raises(error, 3, in_training), nn.Linear(4, 2, rng=rng)
    )
    net.training = False
    before = [module.training for module in net.modules()]
    with pytest.raises(error):
        training.fit(net, sgd(net), train, n_epochs=9, rng=rng, monitor={"train": train})
    assert [module.training for module in net.modules()] == before
    history = training.fit(net, sgd(net), train, n_epochs=1, rng=rng, monitor={"train": train})
    assert np.isfinite(history["train"].loss).all()


# Evaluate


def test_evaluate_is_the_mean_over_the_whole_set_however_it_is_cut():
    # 2,500 rows go through in three pieces of unequal size.
    test, net = moons(2500), small_net(p=0.9)
    logits = net.eval()(test.x)
    result = training.evaluate(net.train(), test)
    assert result.loss == pytest.approx(nn.SoftmaxCrossEntropy()(logits, test.y), rel=1e-6)
    assert result.error == np.mean(logits.argmax(axis=1) != test.y)
    assert type(result.loss) is type(result.error) is float


# Divergence


def test_a_loss_that_is_not_finite_stops_training_and_names_epoch_and_rate():
    train, net = moons(), small_net()
    with pytest.raises(
        training.Diverged, match=r"loss became nan in epoch \d, step \d+, .*1e\+30"
    ):
        training.fit(
            net,
            sgd(net, lr=1e30),
            train,
            n_epochs=3,
            batch_size=10,
            rng=np.random.default_rng(0),
        )
    assert issubclass(training.Diverged, FloatingPointError)


def test_a_last_step_that_spoils_the_net_is_seen_where_it_is_monitored():
    train, net = moons(64), small_net()
    with pytest.raises(
        training.Diverged, match=r"became nan on 'all' after epoch 1, .* 1e\+38"
    ):
        training.fit(
            net,
            sgd(net, lr=1e38),
            train,
            n_epochs=1,
            rng=np.random.default_rng(0),
            monitor={"all": train},
        )


# Bad input


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"n_epochs": -1}, ValueError, "n_epochs must be an integer of at least 0, got -1"),
        ({"n_epochs": 1.5}, TypeError, r"n_epochs must be an integer .* got 1\.5"),
        ({"batch_size": 0}, ValueError, "batch_size must be an integer of at least 1, got 0"),
        ({"rng": 0}, TypeError, r"rng must be a numpy\.random\.Generator, got 0"),
        (
            {"train": np.ones((2, 2))},
            TypeError,
            "train must be a .*Dataset, got a float64 array",
        ),
        ({"monitor": moons()}, TypeError, "monitor must be a mapping .* got Dataset"),
        ({"monitor": {"a": 3}}, TypeError, r"monitor\['a'\] must be a .*Dataset, got 3"),
        ({"train": moons(dtype=np.float64)}, TypeError, "x must have the dtype .* got float64"),
        (
            {"train": data.digits(n_train=9, n_test=9, seed=0).train},
            ValueError,
            r"x must have shape .* \(n, 2\), got \(9, 784\)",
        ),
        (
            {"train": Dataset(np.ones((3, 2), np.float32), [0, 1, 2])},
            ValueError,
            "labels must lie between 0 and 1",
        ),
        (
            {"train": Dataset(np.ones((3, 2), np.float32), [0.5, 1, 2])},
            TypeError,
            "labels must be an array of integers, got a float64",
        ),
    ],
)
def test_bad_arguments_name_themselves_and_leave_weights_and_mode(change, error, message):
    net = small_net().eval()
    before = weights(net)
    good = {"train": moons(), "n_epochs": 1, "rng": np.random.default_rng(0)}
    arguments = good | change
    with pytest.raises(error, match=message):
        training.fit(net, sgd(net), arguments.pop("train"), **arguments)
    assert all(map(np.array_equal, weights(net), before))
    assert not net.training


@pytest.mark.parametrize(
    ("net", "optimizer", "error", "message"),
    [
        (
            lambda: small_net(),
            lambda _: sgd(small_net()),  # as where a cell that makes the net is run again
            ValueError,
            "optimizer must hold .* of net alone, but 4 of its 4 are not in net; .* anew",
        ),
        (
            lambda: small_net(),
            lambda net: nn.Adam([*net.parameters(), nn.Parameter([1.0])]),
            ValueError,
            "but 1 of its 5 are not in net",
        ),
        (
            lambda: small_net(),
            lambda _: nn.MaxNorm(sgd(small_net()), 1.0),
            ValueError,
            "but 4 of its 4 are not in net",
        ),
        (lambda: small_net(), lambda _: None, TypeError, r"optimizer must be .* got None"),
        (
            lambda: small_net(),
            lambda _: torch.optim.SGD(torch.nn.Linear(2, 2).parameters(), lr=0.1),
            TypeError,
            r"optimizer must be an optimiser of dropoutlab\.nn, .* of torch\.optim\.sgd",
        ),
        (
            lambda: torch.nn.Linear(2, 2),
            lambda _: sgd(small_net()),
            TypeError,
            r"net must be a net of dropoutlab\.nn \(PyTorch's .* got Linear\(.* of torch\.nn",
        ),
        (lambda: None, lambda _: sgd(small_net()), TypeError, r"net must be .* got None"),
    ],
)
def test_what_cannot_be_trained_together_is_refused(net, optimizer, error, message):
    net = net()
    rng = np.random.default_rng(0)
    with pytest.raises(error, match=message):
        training.fit(net, optimizer(net), moons(), n_epochs=1, rng=rng)
    assert rng.bit_generator.state == np.random.default_rng(0).bit_generator.state


def test_a_net_of_the_other_library_is_not_evaluated():
    with pytest.raises(TypeError, match=r"net must be a net of dropoutlab\.nn .* of torch"):
        training.evaluate(torch.nn.Linear(2, 2), moons())


def test_an_optimiser_of_some_of_the_parameters_trains_those_alone():
    net = small_net()
    before = weights(net)
    optimizer = nn.SGD(net[3].parameters(), 0.1)
    training.fit(net, optimizer, moons(), n_epochs=1, rng=np.random.default_rng(0))
    same = [np.array_equal(a, b) for a, b in zip(weights(net), before, strict=True)]
    assert same == [True, True, False, False]


def test_no_global_random_state_is_touched():
    before = np.random.get_state()[1].copy()  # noqa: NPY002 - the state that must not change
    net = small_net(p=0.5)
    training.fit(net, sgd(net), moons(), n_epochs=1, rng=np.random.default_rng(0))
    np.testing.assert_array_equal(np.random.get_state()[1], before)  # noqa: NPY002


# History


def history():
    first, last = training.Evaluation(2.5, 0.75), training.Evaluation(0.5, 0.25)
    return training.History({"train": [first, last], "test": [first, first]}, n_epochs=1)


def test_a_history_gives_tidy_rows_and_a_line_to_read():
    assert history().to_rows() == [
        {"epoch": 0, "set": "train", "loss": 2.5, "error": 0.75},
        {"epoch": 1, "set": "train", "loss": 0.5, "error": 0.25},
        {"epoch": 0, "set": "test", "loss": 2.5, "error": 0.75},
        {"epoch": 1, "set": "test", "loss": 2.5, "error": 0.75},
    ]
    assert repr(history()) == (
        "History(1 epoch; train: loss 2.5 → 0.5, error 75.0 % → 25.0 %; "
        "test: loss 2.5 → 2.5, error 75.0 % → 75.0 %)"
    )
    assert repr(training.History({}, n_epochs=2)) == "History(2 epochs)"


def test_a_set_that_was_not_monitored_names_those_that_were():
    with pytest.raises(
        KeyError, match="'dev' was not monitored; monitored sets: 'train', 'test'"
    ):
        history()["dev"]


# Progress


class Terminal(io.StringIO):
    def isatty(self):
        return True


def test_short_training_writes_nothing_even_in_a_terminal(monkeypatch):
    monkeypatch.setattr(sys, "stderr", Terminal())
    net = small_net()
    training.fit(net, sgd(net), moons(), n_epochs=1, rng=np.random.default_rng(0))
    assert sys.stderr.getvalue() == ""


def test_importing_the_numpy_side_does_not_import_torch_or_matplotlib():
    code = (
        "import sys, dropoutlab; from dropoutlab import nn, gradcheck, data, training;"
        "print({'torch', 'matplotlib', 'sklearn', 'mlxtend'} & set(sys.modules))"
    )
    result = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "set()"


def test_matrix_products_of_training_run_on_one_thread():
    seen = []

    class Watched(nn.Linear):
        def forward(self, x):
            seen.extend(p["num_threads"] for p in threadpool_info() if p["user_api"] == "blas")
            return super().forward(x)

    net = Watched(2, 2, rng=np.random.default_rng(0))
    train = Dataset(np.eye(2, dtype=np.float32), np.array([0, 1]))

    training.fit(net, sgd(net), train, n_epochs=1, rng=np.random.default_rng(0))

    assert set(seen) == {1}

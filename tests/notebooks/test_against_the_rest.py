"""What chapter 12 shows in full does what its text says, and its contest used its tuning."""

import numpy as np
import pytest
from chapter import sources

from dropoutlab import data, nn
from dropoutlab.experiments import load_recorded
from dropoutlab.experiments.catalogue.contest import contest, run_tuned_cure
from dropoutlab.experiments.catalogue.cure_layers import L1
from dropoutlab.experiments.catalogue.cures import tuned_cures
from dropoutlab.torch_training import copy_weights

torch = pytest.importorskip("torch")


def shown(*starts):
    """Run the cells of the chapter that hold these words, and return what they define."""
    namespace = {"np": np, "data": data}
    for start in starts:
        (source,) = [each for each in sources("12_against_the_rest") if start in each]
        exec(source, namespace)
    return namespace


def test_z_score_is_the_difference_over_its_standard_error():
    names = shown("TABLE_9 = {", "def z_score(")
    z_score, table = names["z_score"], names["TABLE_9"]
    table.update(a=200, b=100)

    # The squares of the errors: 0.02 × 0.98 / 10,000 and 0.01 × 0.99 / 10,000.
    assert z_score("a", "b") == pytest.approx(0.01 / (0.0295 / 10_000) ** 0.5)
    assert z_score("b", "a") == -z_score("a", "b")


def test_a_step_in_pytorch_agrees_with_l1_and_max_norm_of_the_library():
    train_step = shown("def train_step(")["train_step"]
    rng = np.random.default_rng(0)
    ours = nn.Sequential(nn.Linear(6, 4, rng=rng, dtype=np.float64))
    theirs = torch.nn.Sequential(torch.nn.Linear(6, 4, dtype=torch.float64))
    copy_weights(ours, theirs)
    x, y = rng.normal(size=(8, 6)), rng.integers(4, size=8)
    norms = np.linalg.norm(ours.parameters()[0].data, axis=1)
    c = float(np.median(norms))  # the first step cuts some rows, not all

    criterion = nn.SoftmaxCrossEntropy()
    optimizer = nn.MaxNorm(L1(ours.parameters(), 0.1, momentum=0.9, strength=0.02), c)
    sgd = torch.optim.SGD(theirs.parameters(), lr=0.1, momentum=0.9)
    for _ in range(3):
        criterion(ours(x), y)
        ours.backward(criterion.backward())
        optimizer.step()
        train_step(theirs, sgd, torch.tensor(x), torch.tensor(y), l1=0.02, c=c)

    assert (norms > c).any()
    assert (norms < c).any()
    for a, b in zip(ours.parameters(), theirs.parameters(), strict=True):
        np.testing.assert_allclose(a.data, b.detach().numpy(), atol=1e-12)


def test_early_stopping_in_pytorch_goes_back_to_the_lowest_validation_loss():
    n_threads = torch.get_num_threads()
    try:
        names = shown("def train_step(", "torch.manual_seed(0)", "copy.deepcopy(")
    finally:
        torch.set_num_threads(n_threads)
    with torch.no_grad():
        loss = names["F"].cross_entropy(names["net"](names["x_new"]), names["y_new"]).item()

    assert not names["net"].training
    assert names["kept"] < names["epoch"]  # else there was nothing to go back to
    assert names["loss"] > names["lowest"]
    assert loss == pytest.approx(names["lowest"], rel=1e-5)


def test_the_recorded_contest_used_the_settings_that_the_tuning_chose():
    recorded = load_recorded("contest")

    assert recorded.settings == contest.settings
    assert recorded.seeds == list(contest.seeds)
    for setting in tuned_cures():
        arm = {"cure": setting["cure"], "wrong": setting["wrong"]}
        for name in ("lr", "strength", "second"):
            assert set(recorded.final(name, **arm)) == {setting[name]}


def test_a_slice_of_the_contest_comes_out_as_recorded():
    recorded = load_recorded("contest")

    for cure, wrong in [("early stopping", 0.0), ("dropout", 0.3)]:
        again = run_tuned_cure(recorded.seeds[0], cure, wrong)
        assert again["test error"] == pytest.approx(
            recorded.final("test error", cure=cure, wrong=wrong)[0], abs=0.01
        )

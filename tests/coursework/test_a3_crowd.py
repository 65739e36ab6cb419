"""A3 is graded as it should be: by a crowd of right answers, and of wrong ones."""

import itertools

import numpy as np
import pytest

from crowd.a3_right import RIGHT
from crowd.a3_wrong import WRONG as ATTEMPTS
from grading.assignment import load
from grading.release import release
from grading.settings import open_class
from grading.tasks.a3_ablation import counts
from grading.tasks.a3_crowd import both_means
from grading.tasks.a3_nets import all_masks, hidden, logits, net_of
from grading.tasks.a3_ridge import expected_loss, solved
from support import CLASS_SEED, FULL, grader, lost, side_by_side

SEEDS_OF_RIGHT = 200 if FULL else 1
SEEDS_OF_WRONG = 5 if FULL else 1
WRONG = {f"{a.cell}: {a.name}": a for a in ATTEMPTS}


def handed_in_together():
    """Return which wrong answers stand in one submission: one, or one to each task."""
    if FULL:
        return [[attempt] for attempt in ATTEMPTS]
    by_task = [list(group) for _, group in itertools.groupby(ATTEMPTS, lambda a: a.cell)]
    return [[a for a in row if a] for row in itertools.zip_longest(*by_task)]


GROUPS = handed_in_together()


@pytest.fixture(scope="module")
def a3():
    return load("A3", CLASS_SEED)


@pytest.fixture(scope="module")
def grade(a3, sandbox):
    return grader(a3)


@pytest.fixture(scope="module")
def verdicts(grade):
    """Return the verdicts by right answer, and by the number of a group of wrong ones."""
    wrong = enumerate({a.cell: a.source for a in group} for group in GROUPS)
    jobs = [
        (name, (cells, f"{name} {seed}"))
        for name, cells in [*RIGHT.items(), *wrong]
        for seed in range(SEEDS_OF_RIGHT if name in RIGHT else SEEDS_OF_WRONG)
    ]
    found = {}
    results = side_by_side(grade)([job for _, job in jobs])
    for (name, _), verdict in zip(jobs, results, strict=True):
        found.setdefault(name, []).append(verdict)
    return found


def test_the_crowd_is_as_large_as_promised(a3):
    assert len(WRONG) == len(ATTEMPTS) >= 60
    assert len(RIGHT) >= 6
    assert {a.cell for a in ATTEMPTS} == {task.cell for task in a3.tasks.tasks}


@pytest.mark.timeout(7200 if FULL else 600)
@pytest.mark.parametrize("name", RIGHT)
def test_a_right_answer_gets_full_marks(verdicts, name):
    for verdict in verdicts[name]:
        assert lost(verdict) == {}
        assert verdict.points == 37


@pytest.mark.timeout(7200 if FULL else 600)
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_answer_loses_points_where_it_is_wrong(verdicts, name):
    [number] = [i for i, group in enumerate(GROUPS) if WRONG[name] in group]
    others = {a.cell for a in GROUPS[number]} - {WRONG[name].cell}

    for verdict in verdicts[number]:
        assert set(lost(verdict)) - others == {WRONG[name].cell}, lost(verdict)


def test_the_reference_gets_full_marks(grade):
    assert lost(grade({})) == {}


def test_what_was_handed_out_gets_nothing_and_says_so(grade, a3):
    verdict = grade(a3.stubs)

    assert verdict.points == 0
    for result in verdict.tasks.values():
        assert result.failed == ["not answered: the cell is as it was handed out"]


def test_test_cells_carry_the_points_of_their_answer_cells(a3):
    assert [f"test_{task.cell}" for task in a3.tasks.tasks] == [
        c for c in a3.points if c.startswith("test_")
    ]
    assert sum(a3.points.values()) == 46
    assert len(a3.by_hand) == 2


def test_every_visible_check_passes_the_reference_and_refuses_what_was_handed_out(a3):
    checks = {c.metadata.nbgrader.grade_id: c.source for c in a3.cells(grade=True, locked=True)}
    space, given = {}, {}
    for _, source in a3.setup:
        exec(source, space)
        exec(source, given)

    for task in a3.tasks.tasks:
        exec(a3.references[task.cell], space)
        exec(checks[f"test_{task.cell}"], space)
        with pytest.raises(NotImplementedError):
            exec(a3.stubs[task.cell] + "\n" + checks[f"test_{task.cell}"], given)


def test_learners_are_given_no_answer(tmp_path):
    (tmp_path / "class.toml").write_text('seed = 7\nsecret = "for tests"\n', encoding="utf-8")

    assignment, notebook = release(open_class(tmp_path), "A3")

    assert assignment.class_seed == 7
    text = "\n".join(cell.source for cell in notebook.cells)
    assert "CLASS_SEED = 7\n" in text
    assert "SOLUTION" not in text
    assert "Buddies" not in text


def test_the_runs_to_be_compared_differ_between_classes_and_lack_partners(a3):
    space = {}
    for _, source in a3.setup:
        exec(source, space)

    classes = [space["make_damage"](seed) for seed in range(20)]

    assert len({str(runs) for runs in classes}) == 20
    for runs in classes:
        seeds = [set(arm) for arm in runs.values()]
        assert len(set.intersection(*seeds)) >= 6
        assert list(runs["plain"]) != list(runs["dropout"])


def test_the_judge_counts_the_fewest_units_as_trying_all_does():
    rng = np.random.default_rng(0)
    net, x = net_of(rng, 3, 6, 4), rng.normal(size=(60, 3))
    read = logits(net, hidden(net, x)).argmax(axis=1)
    y = np.where(np.arange(60) < 45, read, rng.integers(4, size=60))

    numbers, clear = counts(net, x, y)

    kept = np.array(list(itertools.product([0, 1], repeat=6)))
    for row, right, number in zip(hidden(net, x), y, numbers, strict=True):
        z = logits(net, row * kept)
        wrong = np.delete(z, right, axis=1).max(axis=1) >= z[:, right]
        assert number == min((6 - kept.sum(axis=1))[wrong], default=7)
    assert np.all(clear)
    assert {0, 1, 2, 7} <= set(numbers.tolist())


def test_the_judges_loss_is_the_mean_over_all_masks_and_its_weights_the_lowest():
    rng = np.random.default_rng(1)
    x, y, p = rng.normal(size=(9, 5)) + 1, rng.normal(size=9), rng.uniform(0.1, 0.8, 5)
    factors, chance = all_masks(p)
    w = solved((x, y, p))

    losses = [np.sum((y - x * factor @ w) ** 2) for factor in factors]

    assert np.isclose(chance.sum(), 1)
    assert np.isclose(chance @ losses, expected_loss((x, y, p), w))
    for step in 1e-3 * np.vstack([np.eye(5), -np.eye(5)]):
        assert expected_loss((x, y, p), w + step) > expected_loss((x, y, p), w)


def test_the_whole_net_is_the_geometric_mean_behind_the_relu_and_not_before():
    rng = np.random.default_rng(2)
    net, x = net_of(rng, 4, 5, 3), rng.normal(size=(2, 4))
    z = logits(net, hidden(net, x))
    whole = np.exp(z) / np.exp(z).sum(axis=1, keepdims=True)

    apart = {
        place: np.abs(both_means(net, x, rng.uniform(0.2, 0.7, size), place)[1] - whole).max()
        for place, size in [("hidden", 5), ("inputs", 4)]
    }

    assert apart["hidden"] < 1e-12
    assert apart["inputs"] > 1e-3

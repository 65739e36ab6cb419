"""How the doctor behaves: it leaves everything as it was, and lets errors through."""

import copy
import random
import subprocess
import sys
from collections import OrderedDict

import numpy as np
import pytest
import torch
from faulty_models import SEQUENCES, Net, X, holds, net
from torch import nn

from dropoutlab.doctor import examine
from dropoutlab.doctor.__main__ import main


class Busy(nn.Module):
    """Changes whatever can be changed in a forward pass."""

    def __init__(self):
        super().__init__()
        self.first, self.norm, self.drop = (
            nn.Linear(32, 64),
            nn.BatchNorm1d(64),
            nn.Dropout(0.3),
        )
        self.last = nn.utils.parametrizations.spectral_norm(nn.Linear(64, 5))
        self.register_buffer("seen", torch.zeros(()))
        self.count, self.fails, self.seen_so_far = 0, False, []
        self.generator = torch.Generator().manual_seed(1)
        self.rng, self.dice = np.random.default_rng(2), random.Random(3)

    def forward(self, x):
        self.seen = self.seen + 1
        self.count += 1
        self.seen_so_far.append(self.count)
        self.rng.random(), self.dice.random(), random.random()
        np.random.random()  # noqa: NPY002
        torch.rand(2, generator=self.generator)
        with torch.no_grad():
            self.first.weight.clamp_(-0.05, 0.05)
        x = self.drop(torch.relu(self.norm(self.first(x))))
        if self.fails and self.training:
            raise KeyError("of the model")
        return self.last(x)


def state(model):
    generators = torch.get_rng_state(), np.random.get_state()[1].tolist(), random.getstate()  # noqa: NPY002
    return (
        copy.deepcopy(model.state_dict()),
        [module.training for module in model.modules()],
        [
            len(module._forward_hooks) + len(module._forward_pre_hooks)
            for module in model.modules()
        ],
        [id(p) for p in [*model.parameters(), *model.buffers()]],
        (
            model.count,
            list(model.seen_so_far),
            model.rng.bit_generator.state,
            model.dice.getstate(),
        ),
        model.generator.get_state(),
        generators,
    )


def same(a, b):
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, (dict, OrderedDict)):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return a == b


@pytest.mark.parametrize("fails", [False, True])
@pytest.mark.parametrize("training", [False, True])
def test_nothing_is_changed_after_an_exception_too(fails, training):
    model = Busy().train(training)
    model.norm.eval()
    model.fails, x = fails, X.clone()
    before = state(model)

    if fails:
        with pytest.raises(KeyError, match="of the model"):
            examine(model, x)
    else:
        examine(model, x)

    assert same(state(model), before)
    assert torch.equal(x, X)
    assert nn.modules.module._global_forward_pre_hooks == {}
    assert nn.modules.module._global_forward_hooks == {}


def test_a_model_that_writes_into_its_batch_does_not_write_into_ours():
    model, x = net(lambda self, y: y, None), X.clone()
    model.forward = lambda given: given.mul_(2)

    examine(model, x)

    assert torch.equal(x, X)


def test_what_cannot_be_examined_is_named():
    with pytest.raises(TypeError, match=r"must be a torch\.nn\.Module, got function"):
        examine(lambda x: x, X)
    with pytest.raises(ValueError, match="lazy layers"):
        examine(nn.Sequential(nn.LazyLinear(3)), X)
    with pytest.raises(ValueError, match="ignore names no kind: in-eval; kinds are"):
        examine(nn.Linear(32, 3), X, ignore=["in-eval"])


def test_what_is_meant_can_be_ignored():
    model = net(lambda self, x: nn.functional.dropout(x, 0.3))

    assert examine(model, X).kinds == {"active-in-eval"}
    assert not examine(model, X, ignore=["active-in-eval"]).findings


def test_a_finding_names_the_module_what_was_measured_and_what_mends_it():
    model = net(
        lambda self, x: self.body(x), holds(body=lambda: nn.Sequential(nn.Dropout(0.9)))
    )

    (finding,) = examine(model, X).findings

    assert (finding.kind, finding.module) == ("keep-probability", "body.0")
    assert "p = 0.9 in F.dropout (" in finding.evidence
    assert "may have to be 0.1" in finding.advice


def test_the_report_reads_well_as_text_and_as_html():
    report = examine(net(lambda self, x: nn.functional.dropout(x, 0.3)), X)
    sound = examine(nn.Linear(32, 3), X)

    assert str(report).startswith("1 fault found in 4 forward passes (")
    assert "active-in-eval  (the model itself)\n  after model.eval()," in str(report)
    assert max(map(len, str(report).splitlines())) <= 88
    assert "<td><code>active-in-eval</code></td>" in report._repr_html_()
    assert str(sound).startswith("No fault found in 4 forward passes (")
    assert "<table>" not in sound._repr_html_()


def test_a_path_in_the_report_cannot_be_html():
    model = nn.Sequential(OrderedDict([("<b>", nn.Dropout(0.0))]))

    assert "<b>" not in examine(model, X)._repr_html_()


@pytest.mark.filterwarnings("ignore:`torch.jit")
def test_what_cannot_be_judged_is_said():
    sampling = net(lambda self, x: x + torch.randn_like(x))
    scripted = nn.Sequential(torch.jit.trace(nn.Linear(32, 4), X))

    choosing = net(lambda self, x: x + torch.multinomial(x.softmax(-1), 64))

    assert "randn_like is called in the model itself" in examine(sampling, X).notes[0]
    assert "multinomial is called in the model itself" in examine(choosing, X).notes[0]
    assert not examine(choosing, X).findings
    assert examine(scripted, X).notes == ["cannot look into what is scripted: 0"]
    one = examine(nn.Sequential(nn.Dropout(0.5), nn.Linear(32, 4)), X[:1])
    assert "one example" in one.notes[0]


@pytest.mark.filterwarnings("ignore:`torch.jit")
def test_what_was_compiled_is_looked_into():
    model = torch.compile(net(lambda self, x: nn.functional.dropout(x, 0.3)))

    assert examine(model, X).kinds == {"active-in-eval"}


def test_where_time_comes_first_the_batch_axis_says_so():
    class Shared(Net):
        def forward(self, x):
            mask = torch.rand(x.shape[0], 1, x.shape[2]) > 0.5
            return self.last(torch.relu(self.first(x * mask * 2 if self.training else x)))

    assert examine(Shared(), SEQUENCES, batch_axis=1).kinds == {"shared-by-batch"}
    assert not examine(Shared(), SEQUENCES).findings


MODULE = """
import torch
from torch import nn

def faulty():
    return nn.Sequential(nn.Linear(4, 64), nn.Dropout(0.5)), torch.ones(8, 4)

def sound():
    return nn.MultiheadAttention(8, 2, batch_first=True), (torch.ones(2, 3, 8),) * 3

def by_name():
    return nn.Linear(4, 2), {"input": torch.ones(8, 4)}

def nothing():
    return None
"""


@pytest.mark.parametrize(
    ("place", "status", "words"),
    [
        ("models:faulty", 1, "on-logits  1"),
        ("models:sound", 0, "No fault found"),
        ("models:by_name", 0, "No fault found"),
        ("models:nothing", 2, "models:nothing has to return a model and its batch"),
        ("models:absent", 2, "models has no function absent"),
        ("absent:faulty", 2, "there is no module absent here"),
        ("models", 2, "'models' names no function: write module:function"),
    ],
)
def test_from_a_shell(tmp_path, monkeypatch, capsys, place, status, words):
    (tmp_path / "models.py").write_text(MODULE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend("")
    monkeypatch.delitem(sys.modules, "models", raising=False)

    assert main([place]) == status

    said = capsys.readouterr()
    assert words in (said.err if status == 2 else said.out)


def test_needs_nothing_of_the_course():
    code = (
        "import sys, dropoutlab.doctor\n"
        "print([name for name in sys.modules if name.startswith('dropoutlab.') "
        "and not name.startswith('dropoutlab.doctor')])\n"
        "print([n for n in ('matplotlib', 'IPython', 'pandas') if n in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n[]\n"

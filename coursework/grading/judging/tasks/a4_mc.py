"""Judges ``mc_predict(net, x, n_passes) -> (mean, sd)`` against the passes that it made."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, array_like, require
from grading.judging.tasks.a2_forward import away_from_zero
from grading.judging.tasks.a4_tensors import TENSORS, probe, softmax
from grading.running.calls import Name

__all__ = ["MC"]

PROBES = (
    TENSORS
    + """
PASSES = []
class Watched(torch.nn.Module):
    def __init__(self, d, k, with_norm, fails):
        super().__init__()
        nn = torch.nn
        self.first = nn.Sequential(nn.Linear(d, 16), nn.Dropout(0.4), nn.ReLU())
        self.norm = nn.BatchNorm1d(16) if with_norm else nn.LayerNorm(16)
        self.last = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.Linear(16, k)))
        self.fails = fails
    def forward(self, x):
        drops = [m.training for m in self.modules() if isinstance(m, torch.nn.Dropout)]
        others = [m.training for m in self.modules() if not isinstance(m, torch.nn.Dropout)]
        logits = self.last(self.norm(self.first(x)))
        PASSES.append({"logits": array(logits).copy(), "drops": all(drops),
                       "others": any(others), "recording": torch.is_grad_enabled()})
        if self.fails and len(PASSES) == 2:
            raise ArithmeticError("on purpose")
        return logits
def predict_watched(mc_predict, x, k, n_passes, modes, with_norm, fails):
    PASSES.clear()
    net, x = Watched(x.shape[-1], k, with_norm, fails), torch.from_numpy(x)
    set_modes(net, modes)
    before = [array(v).copy() for v in net.state_dict().values()]
    given, said, error = array(x).copy(), None, ""
    try:
        said = [array(v) for v in mc_predict(net, x, n_passes)]
    except ArithmeticError as raised:
        error = str(raised)
        if not fails:
            raise
    after = [array(v) for v in net.state_dict().values()]
    same = all(np.array_equal(a, b) for a, b in zip(before, after))
    return {"said": said, "passes": list(PASSES), "modes": get_modes(net), "state": same,
            "x": bool(np.array_equal(given, array(x))), "error": error}
"""
)
N_MODULES = 10

OTHER_NETS = (
    TENSORS
    + """
class Mine(torch.nn.Dropout):
    pass
MODES = []  # of the net or of a copy
class Spy(torch.nn.Module):
    def __init__(self, kind, fails):
        super().__init__()
        nn = torch.nn
        others = [nn.AlphaDropout(0.5), nn.Dropout1d(0.5), nn.FeatureAlphaDropout(0.5)]
        kinds = {"subclass": [Mine(0.5)], "none": [], "others": others,
                 "mixed": [nn.Dropout(0.4), nn.Dropout2d(0.5)]}
        self.drops = nn.ModuleList(kinds[kind])
        self.last, self.fails = nn.Linear(6, 3), fails
    def forward(self, x):
        MODES.append([bool(m.training) for m in self.drops])
        if len(MODES) == self.fails:
            raise LookupError("on purpose")
        for drop in self.drops:
            if type(drop) in (torch.nn.Dropout, Mine):
                x = drop(x)
        return self.last(x)
def predict_other(mc_predict, x, kind, n_passes, fails, dtype, recording):
    net, x = Spy(kind, fails).to(getattr(torch, dtype)), torch.from_numpy(x)
    net.last.weight.data *= 40
    MODES.clear()
    x.requires_grad_(recording)
    said, error = None, ""
    with torch.set_grad_enabled(recording):
        try:
            said = mc_predict(net, x, n_passes)
        except LookupError as raised:
            error = str(raised)
        mode = torch.is_grad_enabled()
    modes, wanted = list(MODES), array(net.last(x).softmax(-1))
    graph = said is not None and any(v.requires_grad for v in said)
    return {"said": None if said is None else [array(v) for v in said], "error": error,
            "wanted": wanted, "modes": modes, "mode": mode == recording, "graph": graph,
            "after": all(get_modes(net)), "grads": all(v.requires_grad and v.grad is None
            for v in net.parameters()) and x.requires_grad == recording and x.grad is None}
"""
)


def _predict(
    context: Context, modes: list[bool], n_passes: int = 5, fails: bool = False, **options: Any
) -> dict[str, Any]:
    """Let the learner predict with a net that writes down each pass."""
    context.worker.probe(PROBES)
    shape = options.get("shape", (6, 5))
    x = away_from_zero(context.rng, shape, np.float32)
    with_norm = len(shape) == 2
    arguments = [x, options.get("k", 4), n_passes, modes, with_norm, fails]
    said: dict[str, Any] = probe(context, "predict_watched", Name("mc_predict"), *arguments)
    return said


def numbers(context: Context) -> None:
    """Mean and standard deviation are those of the passes' probabilities."""
    for n_passes, shape, k in [
        (2, (6, 5), 3),
        (9, (5, 7), 4),
        (4, (3, 4, 5), 2),
        (30, (2, 6), 5),
    ]:
        modes = [bool(context.rng.random() < 0.5)] * N_MODULES
        said = _predict(context, modes, n_passes, shape=shape, k=k)
        passes = said["passes"]
        words = f"net(x) is called {len(passes)} times, not {n_passes} times"
        require(len(passes) == n_passes, words)
        found = softmax(np.stack([each["logits"] for each in passes]))
        require(isinstance(said["said"], list), "mc_predict does not return a pair")
        wanted = [found.mean(axis=0), found.std(axis=0, ddof=1)]
        require(len(said["said"]) == 2, "mc_predict does not return a pair")
        mean, sd = (
            array_like(got, right.astype(np.float32), what)
            for got, right, what in zip(said["said"], wanted, ["mean", "sd"], strict=True)
        )
        require(np.allclose(mean, wanted[0], rtol=0, atol=2e-5), "mean is not the right one")
        # Of a small variance, float32 may lose the digits: compare squares.
        close = np.allclose(sd**2, wanted[1] ** 2, rtol=1e-4, atol=3e-6) and np.all(sd >= 0)
        require(bool(close), "sd is not the right one")


def dropout_only(context: Context) -> None:
    """In each pass every dropout layer is on, and nothing else is."""
    for start in (True, False):
        said = _predict(context, [start] * N_MODULES, 6)
        for each in said["passes"]:
            require(each["drops"], "in a pass a dropout layer is in evaluation mode")
            require(not each["others"], "in a pass another module is in training mode")
        stack = [each["logits"].tobytes() for each in said["passes"]]
        require(len(set(stack)) > 1, "the passes are all the same")


def untouched(context: Context) -> None:
    """Parameters, buffers and x stay as they are, and no gradients are recorded."""
    for start in (True, False):
        said = _predict(context, [start] * N_MODULES)
        require(said["state"] is True, "parameters or buffers of the net are changed")
        require(said["x"] is True, "x was modified")
        words = "gradients are recorded"
        require(not any(each["recording"] for each in said["passes"]), words)


def _mixtures(context: Context) -> list[list[bool]]:
    some = [bool(on) for on in context.rng.random(N_MODULES) < 0.5]
    frozen = [True, *[False] * 4, *[True] * (N_MODULES - 5)]
    return [[True] * N_MODULES, [False] * N_MODULES, frozen, some, [not on for on in some]]


def as_before(context: Context) -> None:
    """Every module is in the mode in which it was."""
    for modes in _mixtures(context):
        said = _predict(context, modes)
        require(said["modes"] == modes, "afterwards a module is in another mode than before")


def after_errors(context: Context) -> None:
    """Also when the net raises, and the exception is passed on."""
    for modes in _mixtures(context):
        said = _predict(context, modes, fails=True)
        require(said["error"] == "on purpose", "an exception of the net is not passed on")
        require(said["modes"] == modes, "after an exception a module is in another mode")


def other_nets(context: Context) -> None:
    """Subclasses and other kinds of dropout, nets without any, one example, float64."""
    context.worker.probe(OTHER_NETS)
    rng = context.rng
    on = {"subclass": [True], "none": [], "others": [False] * 3, "mixed": [True, False]}
    for kind, modes in on.items():
        for shape, dtype, recording in [
            ((1, 6), "float32", True),
            ((6,), "float64", True),
            ((4, 6), "float32", False),
        ]:
            x = away_from_zero(rng, shape, np.dtype(dtype))
            options = [x, kind, 7, 0, dtype, recording]
            said = probe(context, "predict_other", Name("mc_predict"), *options)
            words = (
                "every torch.nn.Dropout, subclasses included, is on, and other modules are off"
            )
            require(said["modes"] == [modes] * 7, f"not so: {words}")
            mean, sd = (np.asarray(v) for v in said["said"])
            shape_too = mean.shape == sd.shape == said["wanted"].shape
            require(shape_too, "mean or sd has not the shape of the logits")
            if kind in ("none", "others"):
                near = np.allclose(mean, said["wanted"], rtol=0, atol=1e-5)
                require(near, "without dropout the mean is not the net's answer")
                require(np.allclose(sd, 0, atol=1e-3), "without dropout sd is not 0")
            require(not said["graph"], "the results hang on a graph of gradients")
            words = "afterwards gradients are recorded, or not, unlike before"
            require(said["mode"] is True, words)
            require(said["grads"] is True, "requires_grad or .grad is changed")
            require(said["after"] is True, "afterwards a module is in another mode than before")
    for fails in (1, 4):
        options = [away_from_zero(rng, (3, 6), np.float32), "mixed", 4, fails, "float32", True]
        said = probe(context, "predict_other", Name("mc_predict"), *options)
        require(said["error"] == "on purpose", "an exception of the net is not passed on")
        good = said["after"] is True and said["mode"] is True
        require(good, "after an exception a module or gradients are in another mode")


MC = Task(
    "mc_predict",
    [
        Criterion(2, "mean and s.d. are those of the passes", numbers),
        Criterion(1, "dropout layers are on, all else is off", dropout_only),
        Criterion(0.75, "other nets, other dropout, one example", other_nets),
        Criterion(0.75, "the net's state and x stay, no gradients", untouched),
        Criterion(1, "afterwards every module is in its old mode", as_before),
        Criterion(0.5, "and also if the net raises", after_errors),
    ],
)

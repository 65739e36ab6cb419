"""Judges ``mc_predict(net, x, n_passes) -> (mean, sd)`` against the passes that it made."""

from __future__ import annotations

from typing import Any

import numpy as np

from grading.judging.task import Context, Criterion, Task, Wrong, alike, array_like, require
from grading.judging.tasks.a2_forward import away_from_zero
from grading.judging.tasks.a4_tensors import TENSORS, Floats, probe, softmax
from grading.judging.words import shape_of
from grading.running.calls import Name

__all__ = ["MC"]

PROBES = (
    TENSORS
    + """
PASSES, ERRORS = [], [ArithmeticError, LookupError, RuntimeError]
class Watched(torch.nn.Module):
    def __init__(self, d, k, with_norm, fails):
        super().__init__()
        nn = torch.nn
        self.first = nn.Sequential(nn.Linear(d, 16), nn.Dropout(0.4), nn.ReLU())
        self.norm = nn.BatchNorm1d(16) if with_norm else nn.LayerNorm(16)
        self.last = nn.Sequential(nn.Dropout(0.5), nn.Sequential(nn.Linear(16, k)))
        self.again = nn.Sequential(self.first[2])  # a module that stands in two places
        self.fails = fails
    def forward(self, x):
        drops = [m.training for m in self.modules() if isinstance(m, torch.nn.Dropout)]
        others = [m.training for m in self.modules() if not isinstance(m, torch.nn.Dropout)]
        logits = self.last(self.norm(self.first(x)))
        PASSES.append({"logits": array(logits).copy(), "drops": all(drops),
                       "others": any(others), "recording": torch.is_grad_enabled(),
                       "rates": rates_of(self), "x": array(x).copy()})
        if self.fails and len(PASSES) == self.fails:
            raise ERRORS[self.fails - 1]("on purpose")
        return logits
def rates_of(net):
    found = [m for m in net.modules() if isinstance(m, torch.nn.Dropout)]
    return [[m.p, m.inplace] for m in found]
def predict_twice(mc_predict, x, first, second):
    net, x = Watched(x.shape[-1], 3, True, 0), torch.from_numpy(x)
    found = []
    for modes in (first, second, first):
        PASSES.clear()
        set_modes(net, modes)
        mc_predict(net, x, 2)
        found.append(get_modes(net))
    return found
def predict_watched(mc_predict, x, k, n_passes, modes, with_norm, fails, scale):
    PASSES.clear()
    net, x = Watched(x.shape[-1], k, with_norm, fails), torch.from_numpy(x)
    net.last[1][0].weight.data *= scale
    set_modes(net, modes)
    before = [array(v).copy() for v in net.state_dict().values()]
    given, said, error, rates = array(x).copy(), None, "", rates_of(net)
    try:
        said = mc_predict(net, x, n_passes)
    except Exception as raised:
        error = f"{type(raised).__name__}: {raised}"
        if not fails:
            raise
    pair = isinstance(said, (tuple, list)) and len(said) == 2
    kind = f"a {type(said).__name__}"
    if isinstance(said, (tuple, list)):
        kind += f" of {len(said)}"
    said = [array(v) for v in said] if pair else None
    after = [array(v) for v in net.state_dict().values()]
    same = all(np.array_equal(a, b) for a, b in zip(before, after))
    as_was = rates_of(net) == rates and all(each["rates"] == rates for each in PASSES)
    return {"said": said, "passes": list(PASSES), "modes": get_modes(net), "state": same,
            "x": bool(np.array_equal(given, array(x))), "error": error, "rates": as_was,
            "kind": kind}
"""
)
N_MODULES = 11

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
            said = (mc_predict(net=net, x=x, n_passes=n_passes) if kind == "none"
                    else mc_predict(net, x, n_passes))
        except LookupError as raised:
            error = str(raised)
            if not fails:
                raise
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
    context: Context, modes: list[bool], n_passes: int = 5, fails: int = 0, **options: Any
) -> dict[str, Any]:
    """Let the learner predict with a net that writes down each pass."""
    context.worker.probe(PROBES)
    shape = options.get("shape", (6, 5))
    x = away_from_zero(context.rng, shape, np.float32)
    with_norm, scale = len(shape) == 2, options.get("scale", 1.0)
    context.at(f"with x of shape {shape} and n_passes = {n_passes}")
    arguments = [x, options.get("k", 4), n_passes, modes, with_norm, fails, scale]
    said: dict[str, Any] = probe(context, "predict_watched", Name("mc_predict"), *arguments)
    return said


def _results(context: Context, n_passes: int, **options: Any) -> list[tuple[Floats, Floats]]:
    """Return pairs of what came back and what the passes say: for the mean, and for the s.d."""
    modes = [bool(context.rng.random() < 0.5)] * N_MODULES
    said = _predict(context, modes, n_passes, **options)
    require(said["said"] is not None, f"{said['kind']} came back where a pair is expected")
    passes = [each["logits"] for each in said["passes"]]
    words = f"net(x) is called {len(passes)} times, not {n_passes} times"
    require(len(passes) >= n_passes, words)
    # One pass too many is for `calls` to tell: here those count that fit the mean.
    some = [softmax(np.stack(part)) for part in (passes[:n_passes], passes[-n_passes:])]
    first = np.asarray(said["said"][0])
    fits = [first.shape == part.shape[1:] and np.abs(first - part.mean(axis=0)).max() < 1e-4
            for part in some]  # fmt: skip
    found = some[0] if fits[0] else some[1]
    wanted, names = [found.mean(axis=0), found.std(axis=0, ddof=1)], ("mean", "sd")
    got = [
        array_like(value, right.astype(value.dtype), what)
        for value, right, what in zip(said["said"], wanted, names, strict=True)
    ]
    return list(zip(got, wanted, strict=True))


def _close(got: Floats, wanted: Floats, what: str, within: float = 2e-5) -> None:
    apart = np.abs(got - wanted)
    if not np.all(apart <= within):
        place = np.unravel_index(np.nan_to_num(apart, nan=np.inf).argmax(), apart.shape)
        where = [int(i) for i in place]
        raise Wrong(f"{what} at {where} is {got[place]:.6g}, not {wanted[place]:.6g}")


def _not_negative(sd: Floats, wanted: Floats) -> None:
    alike(sd, wanted, "an s.d. is never negative or NaN: sd", sd >= 0)


def means(context: Context) -> None:
    """The mean is that of the passes' probabilities."""
    for n_passes, shape, k in [(2, (6, 5), 3), (9, (5, 7), 4), (30, (2, 6), 5)]:
        mean, _ = _results(context, n_passes, shape=shape, k=k)
        _close(*mean, "the mean of the passes' probabilities")


def deviations(context: Context) -> None:
    """The standard deviation is that of the passes' probabilities, with divisor n - 1."""
    for n_passes, shape, k in [(2, (6, 5), 3), (9, (5, 7), 4), (30, (2, 6), 5)]:
        _, (sd, wanted) = _results(context, n_passes, shape=shape, k=k)
        _not_negative(sd, wanted)
        # Of a small variance, float32 may lose the digits: compare squares.
        _close(sd**2, wanted**2, "the square of sd", 3e-6)


def calls(context: Context) -> None:
    """The net is called n_passes times, on x."""
    for n_passes in (
        2,
        5,
        int(context.rng.integers(60, 100)),
        int(context.rng.integers(101, 300)),
    ):
        said = _predict(context, [bool(n_passes % 2)] * N_MODULES, n_passes)
        passes = said["passes"]
        words = f"net(x) is called {len(passes)} times, not {n_passes} times"
        require(len(passes) == n_passes, words)
        for number, each in enumerate(passes, 1):
            words = f"in pass {number} the net is called on a tensor of shape {each['x'].shape}"
            require(each["x"].shape == (6, 5), f"{words}, not on x of shape (6, 5)")
            alike(each["x"], passes[0]["x"], f"in pass {number} the net is not called on x: it")


def any_logits(context: Context) -> None:
    """Logits of one, two and three dimensions, of one class, and large ones."""
    for n_passes, options in [
        (4, {"shape": (3, 4, 5), "k": 2}),
        (3, {"shape": (2, 3, 6), "k": 3}),
        (3, {"shape": (1, 5), "k": 3}),
        (5, {"shape": (4, 5), "k": 1}),
        (6, {"shape": (7, 5), "k": 4, "scale": 1000.0}),
    ]:
        (mean, right), (sd, wanted) = _results(context, n_passes, **options)
        words = f"with {options['k']} classes{' and large logits' * ('scale' in options)}, "
        _close(mean, right, f"{words}the mean", 1e-4)
        _close(sd**2, wanted**2, f"{words}the square of sd", 1e-4)


def dropout_only(context: Context) -> None:
    """In each pass every dropout layer is on, at its own rate, and nothing else is."""
    for start in (True, False):
        said = _predict(context, [start] * N_MODULES, 6)
        before = f"all modules are in {'training' if start else 'evaluation'} mode before, and"
        for number, each in enumerate(said["passes"], 1):
            words = f"{before} in pass {number} a dropout layer is in evaluation mode"
            require(each["drops"], f"{words}, not in training mode")
            words = f"{before} in pass {number} a module that is no Dropout is in training mode"
            require(not each["others"], f"{words}, not in evaluation mode")
        stack = [each["logits"].tobytes() for each in said["passes"]]
        words = f"{len(stack)} passes give the same logits, where each draws its own masks"
        require(len(set(stack)) > 1, words)


def untouched(context: Context) -> None:
    """Parameters, buffers, rates and x stay as they are."""
    for start in (True, False):
        said = _predict(context, [start] * N_MODULES)
        words = "parameters or buffers, as of BatchNorm1d, are others afterwards than before"
        require(said["state"] is True, words)
        require(said["x"] is True, "x has other values afterwards than before")
        words = "p or inplace of a Dropout is another in a pass, or afterwards, than before"
        require(said["rates"] is True, words)


def no_gradients(context: Context) -> None:
    """No gradients are recorded, and afterwards they are recorded, or not, as before."""
    for start in (True, False):
        said = _predict(context, [start] * N_MODULES)
        words = "in a pass gradients are recorded: torch.is_grad_enabled() is True, not False"
        require(not any(each["recording"] for each in said["passes"]), words)
    context.worker.probe(OTHER_NETS)
    for recording in (True, False):
        x = away_from_zero(context.rng, (4, 6), np.float32)
        options = [x, "mixed", 3, 0, "float32", recording]
        context.at(f"with x of shape (4, 6) and torch.set_grad_enabled({recording}) before")
        said = probe(context, "predict_other", Name("mc_predict"), *options)
        words = "mean or sd has requires_grad = True, where nothing may be recorded"
        require(not said["graph"], words)
        words = f"torch.is_grad_enabled() is {not recording} afterwards, not {recording}"
        require(said["mode"] is True, words)
        words = "requires_grad or .grad of x or of a parameter is another than before"
        require(said["grads"] is True, words)
    options = [away_from_zero(context.rng, (4, 6), np.float32), "mixed", 4, 2, "float32", True]
    context.at("with a net that raises in pass 2")
    said = probe(context, "predict_other", Name("mc_predict"), *options)
    words = "torch.is_grad_enabled() is False afterwards, not True as before"
    require(said["mode"] is True, words)


def _moved(now: list[bool], before: list[bool]) -> str:
    apart = sum(a != b for a, b in zip(now, before, strict=True))
    were = f"{sum(before)} of {len(before)} modules are in training mode before"
    return f"where {were}, {apart} are in another mode afterwards, not 0"


def _mixtures(context: Context) -> list[list[bool]]:
    some = [bool(on) for on in context.rng.random(N_MODULES) < 0.5]
    frozen = [True, *[False] * 4, *[True] * (N_MODULES - 5)]
    root = [True, *[False] * (N_MODULES - 1)]
    mixed = [some, [not on for on in some], root, [not on for on in root]]
    return [[True] * N_MODULES, [False] * N_MODULES, frozen, *mixed]


def as_before(context: Context) -> None:
    """Every module is in the mode in which it was."""
    for modes in _mixtures(context):
        said = _predict(context, modes)
        require(said["modes"] == modes, _moved(said["modes"], modes))
    x, (*_, one, other) = away_from_zero(context.rng, (6, 5), np.float32), _mixtures(context)
    context.at(f"with x of {shape_of(x)}, called three times with one net")
    found = probe(context, "predict_twice", Name("mc_predict"), x, one, other)
    for modes, now in zip((one, other, one), found, strict=True):
        require(now == modes, _moved(now, modes))


def after_errors(context: Context) -> None:
    """Also when the net raises, whatever and whenever, and the exception is passed on."""
    kinds = {1: "ArithmeticError", 2: "LookupError", 3: "RuntimeError"}
    for number, modes in enumerate(_mixtures(context)):
        fails = number % 3 + 1
        said = _predict(context, modes, fails=fails)
        words = f"{kinds[fails]} of pass {fails}"
        passed_on = said["error"] == f"{kinds[fails]}: on purpose"
        require(passed_on, f"{words} is expected, and {said['error'] or 'nothing'} is raised")
        require(said["modes"] == modes, f"after {words}, {_moved(said['modes'], modes)}")


NETS = {
    "subclass": "a subclass of Dropout",
    "none": "no dropout",
    "others": "AlphaDropout, Dropout1d and FeatureAlphaDropout",
    "mixed": "Dropout and Dropout2d",
}


def other_nets(context: Context) -> None:
    """Subclasses are on, other kinds of dropout are off; nets without any, one example."""
    context.worker.probe(OTHER_NETS)
    rng = context.rng
    on = {"subclass": [True], "none": [], "others": [False] * 3, "mixed": [True, False]}
    for kind, modes in on.items():
        for shape, dtype in [((1, 6), "float32"), ((6,), "float64"), ((4, 6), "float32")]:
            x = away_from_zero(rng, shape, np.dtype(dtype))
            options = [x, kind, 3, 0, dtype, True]
            named = "called by the names of the task, mc_predict(net=…, x=…, n_passes=…), "
            how = named if kind == "none" else ""
            context.at(f"{how}with x of {shape_of(x)} and a net with {NETS[kind]}")
            said = probe(context, "predict_other", Name("mc_predict"), *options)
            for each in said["modes"]:
                words = f"their training is {each} in a pass, where {modes} is expected"
                require(each == modes, words)
            require(said["said"] is not None, "no pair came back where one is expected")
            mean, sd = (np.asarray(v) for v in said["said"])
            shape_too = mean.shape == sd.shape == said["wanted"].shape
            words = f"mean and sd have shapes {mean.shape} and {sd.shape}"
            require(shape_too, f"{words}, not that of the logits, {said['wanted'].shape}")
            if kind in ("none", "others"):
                _close(mean, np.asarray(said["wanted"]), "where nothing is dropped, mean", 1e-5)
                _close(sd, 0 * sd, "where nothing is dropped, sd", 1e-3)


MC = Task(
    "mc_predict",
    [
        Criterion(1, "the mean of the passes", means),
        Criterion(1, "the s.d. of the passes", deviations),
        Criterion(0.5, "n_passes calls of net(x)", calls),
        Criterion(1, "dropout layers are on, all else is off", dropout_only),
        Criterion(0.5, "logits of any shape and size", any_logits),
        Criterion(0.25, "subclasses, other dropout, nets without", other_nets),
        Criterion(0.25, "no gradients, and recording as before", no_gradients),
        Criterion(0.25, "the net's state, its rates and x stay", untouched),
        Criterion(0.75, "afterwards every module is in its old mode", as_before),
        Criterion(0.5, "and also if the net raises", after_errors),
    ],
)

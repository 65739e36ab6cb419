"""The fingerprint changes with everything that changes rows, and with nothing else."""

import subprocess
import sys
import textwrap

import numpy as np
import pytest

from dropoutlab import data, nn
from dropoutlab.experiments import NoFingerprint, fingerprint

CELLS = '''
import functools, dataclasses, math
import numpy as np
from dropoutlab import nn

WIDTH = 128
RATES = {"low": [0.1, 0.2]}
MASK = np.array([[True, False], [True, True]])
KNOWN = {"a", "b", ("c", 1)}

@dataclasses.dataclass(frozen=True)
class Options:
    lr: float = 0.1

OPTIONS = Options(lr=0.5)

class Net(nn.Module):
    """A net."""
    slope = 0.01

    def forward(self, x):
        return np.maximum(x, self.slope * x)

    @property
    def size(self):
        return 3

    @staticmethod
    def scale(x):
        return x / 7

NET = Net()

def base(x):
    return x + 1

def helper(x):
    return base(x) * 2

@functools.cache
def cached(x):
    return x ** 2

def logged(function):
    @functools.wraps(function)
    def wrapper(*arguments, **options):
        return function(*arguments, **options) - 5
    return wrapper

halved = functools.partial(math.ldexp, i=-1)

def even(n):
    return n == 0 or odd(n - 1)

def odd(n):
    return n != 0 and even(n - 1)

def outer(power):
    def inner(x):
        return x ** power
    return inner

cubed = outer(3)

@logged
def run(seed, p=0.25, *, bias=4):
    """Do one run."""
    class Local(Net):
        """Local."""
        offset = 11

    try:
        parts = [helper(x) for x in range(6) if x in {"u", "v", "w"}]
    except ValueError:
        raise
    unused = NET, WIDTH, RATES, MASK, KNOWN, OPTIONS, Local, cached, halved, even, cubed
    return {"error": Net().forward(np.ones(WIDTH)).sum() + (lambda x: x + 13)(p)}
'''


def defined(source=CELLS, file="/tmp/ipykernel_1/1.py"):
    names = {"__name__": "__main__"}
    exec(compile(source, file, "exec"), names)
    return names["run"]


ORIGINAL = fingerprint(defined())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("", ""),
        ("WIDTH = 128", "\n\n\nWIDTH = 128  # units"),
        ('"""Do one run."""', '"""Do a single run.\n\n    With more words.\n    """'),
        ('"""A net."""', ""),
        ('        """Local."""\n', ""),
        ("def helper(x):", "# doubles\ndef helper(x):"),
        ("NET = Net()", "NET = Net()\nunrelated = 3\ndef nobody(): return unrelated"),
        ("bias=4):", "bias=4) -> dict[str, float]:"),
    ],
    ids=lambda text: text[:20],
)
def test_moving_commenting_and_unrelated_code_leave_it(old, new):
    assert old in CELLS
    changed = defined(CELLS.replace(old, new, 1), file="/tmp/ipykernel_2/9.py")
    assert fingerprint(changed) == ORIGINAL


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("WIDTH = 128", "WIDTH = 129"),
        ("WIDTH = 128", "WIDTH = 128.0"),
        ("WIDTH = 128", "WIDTH = True"),
        ("[0.1, 0.2]", "[0.1, 0.3]"),
        ("[0.1, 0.2]", "(0.1, 0.2)"),
        ('{"low"', '{"high"'),
        ("[True, False]", "[False, False]"),
        ("np.array([[True, False], [True, True]])", "np.array([True, False, True, True])"),
        ('("c", 1)', '("c", 2)'),
        ("Options(lr=0.5)", "Options(lr=0.6)"),
        ("lr: float = 0.1", "lr: float = 0.2"),
        ("slope = 0.01", "slope = 0.02"),
        ("np.maximum", "np.minimum"),
        ("self.slope * x", "self.slope / x"),
        ("return 3", "return 4"),
        ("x / 7", "x / 8"),
        ("x + 1\n", "x + 2\n"),
        ("base(x) * 2", "base(x) * 3"),
        ("x ** 2", "x ** 4"),
        ("- 5", "- 6"),
        ("i=-1", "i=-2"),
        ("math.ldexp", "math.pow"),
        ("n != 0", "n != 1"),
        ("outer(3)", "outer(2)"),
        ("p=0.25", "p=0.5"),
        ("bias=4", "bias=5"),
        ("offset = 11", "offset = 12"),
        ('"w"}', '"z"}'),
        ("range(6)", "range(7)"),
        ("x + 13", "x + 14"),
        ("except ValueError", "except KeyError"),
        ("class Net(nn.Module)", "class Net(nn.ReLU)"),
        ("NET = Net()", "NET = Net(); NET.slope = 0.5"),
        ("import numpy as np", "import numpy.ma as np"),
    ],
)
def test_whatever_could_change_the_rows_changes_it(old, new):
    assert CELLS.count(old) >= 1
    source = CELLS.replace(old, new, 1)
    assert fingerprint(defined(source)) != ORIGINAL


def test_it_is_the_same_in_every_process(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(
        "from dropoutlab.experiments import fingerprint\n" + CELLS + "\nprint(fingerprint(run))"
    )
    for hash_seed in ("1", "2"):
        printed = subprocess.run(
            [sys.executable, script],
            env={"PYTHONHASHSEED": hash_seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        assert printed.strip() == ORIGINAL


def test_it_leaves_what_it_looks_at_alone():
    run = defined()
    fingerprint(run)
    assert fingerprint(run) == ORIGINAL


# What stands in other files


def own_module(tmp_path, monkeypatch, name, text):
    (tmp_path / f"{name}.py").write_text(textwrap.dedent(text))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, name, raising=False)


@pytest.mark.parametrize(
    "source",
    [
        "import own_part\ndef run(seed): return own_part.f(seed)",
        "from own_part import f\ndef run(seed): return f(seed)",
        "def run(seed):\n  import own_part\n  return own_part.f(seed)",
        "def run(seed):\n  from own_part import f\n  return f(seed)",
    ],
)
def test_modules_of_the_user_count_with_those_they_use(tmp_path, monkeypatch, source):
    part = "import own_base\ndef f(x): return own_base.g(x)"
    seen = set()
    for base in ("def g(x): return x", "def g(x): return 2 * x", "def g(x): return 2 * x"):
        own_module(tmp_path, monkeypatch, "own_base", base)
        own_module(tmp_path, monkeypatch, "own_part", part)
        exec("import own_part", {})  # a chapter has imported it by then
        seen.add(fingerprint(defined(source)))
    assert len(seen) == 2


def test_functions_of_the_library_count_by_name(monkeypatch):
    before = fingerprint(data.moons)
    monkeypatch.setattr(data.moons, "__code__", data.noisy_curve.__code__)
    assert fingerprint(data.moons) == before
    assert fingerprint(data.moons) != fingerprint(data.noisy_curve)


def test_values_of_any_kind_can_be_told_apart():
    torch = pytest.importorskip("torch")
    pandas = pytest.importorskip("pandas")
    rng = np.random.default_rng
    pairs = [
        (torch.arange(3.0), torch.arange(3.0) + 1),
        (torch.nn.ReLU(), torch.nn.Tanh()),
        (pandas.DataFrame({"a": [1]}), pandas.DataFrame({"a": [2]})),
        (nn.Linear(2, 2, rng=rng(0)), nn.Linear(2, 2, rng=rng(1))),
        (np.float32(1), np.float64(1)),
        (np.array([1, "a"], dtype=object), np.array([1, "b"], dtype=object)),
        (np.sin, np.cos),
        ("a".join, "b".join),
        ("a".join, "a".split),
        (range(3), range(4)),
        (0.0, -0.0),
        (b"a", "a"),
    ]
    for first, second in pairs:
        of_first, again, of_second = (
            fingerprint(lambda value=value: value) for value in (first, first, second)
        )
        assert of_first == again, first
        assert of_first != of_second, first


def test_equal_tensors_are_equal():
    torch = pytest.importorskip("torch")
    first, second = (lambda t=torch.arange(3.0): t, lambda t=torch.arange(3.0): t)  # noqa: B008
    assert fingerprint(first) == fingerprint(second)


# What cannot be compared


@pytest.mark.parametrize("kind", ["an open file", "a lock", "a generator"])
def test_what_is_tied_to_the_process_is_refused_by_the_names_that_lead_to_it(kind, tmp_path):
    with open(tmp_path / "log", "w") as log:
        value = {
            "an open file": "log",
            "a lock": "__import__('threading').Lock()",
            "a generator": "(x for x in [])",
        }[kind]
        names = {"log": log}
        exec(
            f"tied = {{'it': {value}}}\n"
            "def helper(): return tied\n"
            "def run(seed): return helper()",
            names,
        )
        with pytest.raises(
            NoFingerprint, match=r"run → helper → tied → \['it'\] is <.*store=F"
        ):
            fingerprint(names["run"])


@pytest.mark.parametrize(
    "value",
    [
        np.random.default_rng(0),
        np.random.default_rng(0).normal,
        np.random.rand,
        np.random.RandomState(0),
        nn.Dropout(0.5, rng=np.random.default_rng(0)),
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_generator_that_all_runs_share_is_refused_in_a_sentence(value):
    def run(seed, p):
        return value

    with pytest.raises(
        NoFingerprint, match=r"^run → value.* is a random generator that all"
    ) as e:
        fingerprint(run)
    assert "Make one inside the function, from the seed" in str(e.value)
    assert "capsule" not in str(e.value)


def test_an_unassigned_closure_variable_is_no_obstacle():
    def run(seed):
        return later

    before = fingerprint(run)
    later = 3
    assert fingerprint(run) != before

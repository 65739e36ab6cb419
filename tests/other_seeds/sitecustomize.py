"""Python imports this at its start, where its folder is on ``PYTHONPATH``.

It shifts every seed by ``$SEED_SHIFT``, in this process and in those that it starts, and
writes each claim that is made into ``$CLAIMS_LOG``, held or not.
"""

import inspect
import json
import os
import sys
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import PathFinder

SHIFT = int(os.environ.get("SEED_SHIFT", "0"))
LOG = os.environ.get("CLAIMS_LOG")


def shifted(seed):
    """Return a seed, or a list of them, moved on; what is no seed stays as it is."""
    if isinstance(seed, list | tuple):
        return type(seed)(shifted(one) for one in seed)
    integer = hasattr(seed, "__index__") and not isinstance(seed, bool)
    return int(seed) + SHIFT if integer else seed


def shift_numpy(module):
    """Change ``numpy.random.default_rng``."""
    original = module.default_rng
    module.default_rng = lambda seed=None: original(shifted(seed))


def shift_torch(module):
    """Change ``torch.manual_seed`` and the method of the same name of generators."""
    of_all, of_one = module.manual_seed, module.Generator.manual_seed
    module.manual_seed = lambda seed: of_all(shifted(seed))

    class Generator(module.Generator):
        def manual_seed(self, seed):
            return of_one(self, shifted(seed))

    module.Generator = Generator


def log_claims(module):
    """Have ``claim`` write down what became of it, and let the chapter go on."""
    original = module.claim
    named = inspect.signature(original).bind

    def claim(*arguments, **options):
        held, card = True, None
        try:
            card = original(*arguments, **options)
        except module.ClaimFailed:
            held = False
        given = named(*arguments, **options).arguments
        row = {"held": held, "recorded": "recorded" in given}
        row |= {name: str(given[name]) for name in ("statement", "measured", "expect")}
        with open(LOG, "a", encoding="utf-8") as log:
            log.write(json.dumps(row) + "\n")
        return card

    module.claim = claim


class Changed(Loader):
    """Loads a module as its own loader does, and changes it then."""

    def __init__(self, loader, change):
        self.loader, self.change = loader, change

    def create_module(self, spec):
        return self.loader.create_module(spec)

    def exec_module(self, module):
        self.loader.exec_module(module)
        self.change(module)


class Finder(MetaPathFinder):
    """Finds the modules that are changed once they are loaded."""

    def find_spec(self, name, path, target=None):
        spec = PathFinder.find_spec(name, path, target) if name in CHANGES else None
        if spec is not None:
            spec.loader = Changed(spec.loader, CHANGES[name])
        return spec


CHANGES = {
    "numpy.random": shift_numpy,
    "torch": shift_torch,
    "dropoutlab.claims": log_claims,
}
if LOG:
    sys.meta_path.insert(0, Finder())

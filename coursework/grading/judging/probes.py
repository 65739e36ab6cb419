"""What the judge lets a worker run besides the learner's cells."""

from __future__ import annotations

from typing import Any

from grading.judging.task import Context
from grading.running.calls import Call, Probe

__all__ = ["CHANGED", "GLOBAL_STATE", "remember", "set_back", "twin"]

# What a learner reads where ``global_state`` is another one afterwards.
CHANGED = "after these calls np.random, random or np.geterr() is in another state than before"

# Defines ``global_state``, one word for all random generators and settings that cells share.
GLOBAL_STATE = """
import random, hashlib
np.seterr(all='warn')
np.random.seed(1)
random.seed(1)
def global_state():
    numbers = repr((np.random.get_state(), random.getstate(), np.geterr()))
    return hashlib.sha256(numbers.encode()).hexdigest()
"""

# Equal states may belong to generators that differ in what they spawn.
STATES = """
import copy
def state_of(rng):
    return [copy.deepcopy(rng.bit_generator.state)]
def set_back(rng, state):
    rng.bit_generator.state = copy.deepcopy(state[0])
def twin(rng, seed):
    other = np.random.Generator(type(rng.bit_generator)(seed))
    other.spawn(2)
    other.bit_generator.state = copy.deepcopy(rng.bit_generator.state)
    return other
"""


def remember(context: Context, generator: Any) -> Any:
    """Keep the state of a generator in the worker; return what stands for it."""
    return _ask(context, "state_of", generator)


def set_back(context: Context, generator: Any, state: Any) -> None:
    """Set a generator in the worker back to a state that was kept."""
    context.worker.call(Call(Probe("set_back"), [generator, state]))


def twin(context: Context, generator: Any) -> Any:
    """Make another generator in the worker, of the same state and of another origin."""
    return _ask(context, "twin", generator, context.seed())


def _ask(context: Context, name: str, *arguments: Any) -> Any:
    context.worker.probe(STATES)
    return context.worker.call(Call(Probe(name), arguments, keep=True)).object

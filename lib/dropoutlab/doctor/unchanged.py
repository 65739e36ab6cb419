"""Runs a model and leaves it as it was: parameters, buffers, modes, attributes, generators."""

from __future__ import annotations

import copy
import random
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import torch
from torch import nn

__all__ = ["generators_unchanged", "model_unchanged"]

OF_MODULES = ("_parameters", "_buffers", "_modules")


@contextmanager
def model_unchanged(model: nn.Module) -> Iterator[None]:
    """Put back whatever passes change in a model, after an exception, too.

    These are the values of parameters and buffers, running statistics among them, which
    tensors they are, the mode of every module, and attributes that passes set anew. Lists and
    dictionaries get back what was in them, though not what was in that.
    """
    modules = [m for m in model.modules() if not isinstance(m, torch.jit.ScriptModule)]
    tensors = [(t, t.detach().clone()) for t in [*model.parameters(), *model.buffers()]]
    attributes = [dict(module.__dict__) for module in modules]
    containers = [
        (value, copy.copy(value))
        for before in attributes
        for name, value in before.items()
        if isinstance(value, (list, dict, set, deque)) and name not in OF_MODULES
    ]
    inside = [{name: dict(module.__dict__[name]) for name in OF_MODULES} for module in modules]
    try:
        yield
    finally:
        for module, before, parts in zip(modules, attributes, inside, strict=True):
            module.__dict__.clear()
            module.__dict__.update(before)
            for name, content in parts.items():
                now = module.__dict__[name]
                now.clear()
                now.update(content)
        for container, inside_it in containers:
            container.clear()
            add = container.extend if isinstance(container, (list, deque)) else container.update
            add(inside_it)
        with torch.no_grad():
            for tensor, value in tensors:
                # Not by their versions: batch normalisation writes its statistics past those.
                if tensor.layout != torch.strided or not torch.equal(tensor, value):
                    tensor.copy_(value)


@contextmanager
def generators_unchanged(model: nn.Module) -> Iterator[None]:
    """Put back the state of every generator that a model may draw from."""
    devices = range(torch.cuda.device_count()) if torch.cuda.is_available() else range(0)
    cuda = {device: torch.cuda.get_rng_state(device) for device in devices}
    mps = torch.mps.get_rng_state() if torch.backends.mps.is_available() else None
    numpy_state = np.random.get_state()  # noqa: NPY002
    states = torch.get_rng_state(), random.getstate()
    own = [(g, _state(g)) for m in model.modules() for g in m.__dict__.values()]
    try:
        yield
    finally:
        torch.set_rng_state(states[0])
        np.random.set_state(numpy_state)  # noqa: NPY002
        random.setstate(states[1])
        for device, state in cuda.items():
            torch.cuda.set_rng_state(state, device)
        if mps is not None:
            torch.mps.set_rng_state(mps)
        for generator, state in own:
            _restore(generator, state)


def _state(generator: Any) -> Any:
    if isinstance(generator, torch.Generator):
        return generator.get_state()
    if isinstance(generator, np.random.Generator):
        return generator.bit_generator.state
    if isinstance(generator, np.random.RandomState):
        return generator.get_state()
    return generator.getstate() if isinstance(generator, random.Random) else None


def _restore(generator: Any, state: Any) -> None:
    if isinstance(generator, torch.Generator):
        generator.set_state(state)
    elif isinstance(generator, np.random.Generator):
        generator.bit_generator.state = state
    elif isinstance(generator, np.random.RandomState):
        generator.set_state(state)
    elif isinstance(generator, random.Random):
        generator.setstate(state)

"""Settings of every test."""

import os

from hypothesis import settings

# PyTorch's threads sleep while they wait for one another: on a busy machine, those that spin
# take three times as long. It counts when PyTorch is first imported.
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")

# The same examples in every run, and no time limit for one: a busy machine is not a fault.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")

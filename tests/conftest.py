"""Settings of every test."""

from hypothesis import settings

# The same examples in every run, and no time limit for one: a busy machine is not a fault.
settings.register_profile("course", deadline=None, derandomize=True)
settings.load_profile("course")

"""What the tests of the coursework import."""

import os

FULL = os.environ.get("COURSEWORK") == "full"
CLASS_SEED = 3141


def lost(verdict):
    """Return the tasks that lost points, with the reasons."""
    return {k: r.failed for k, r in verdict.tasks.items() if r.points < r.max_points}

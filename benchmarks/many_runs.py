"""How long results of 20,000 runs take to say which settings were tuned best."""

import time

from dropoutlab.experiments import Results
from dropoutlab.experiments.finished import FinishedRun
from dropoutlab.experiments.measurements import Measurement


def results() -> Results:
    """Return 200 rates at 20 learning rates, with 5 seeds each."""
    settings = [{"p": p / 200, "lr": lr} for p in range(200) for lr in range(20)]
    runs = [
        FinishedRun(
            setting, seed, {"error": Measurement((setting["lr"] % 7 + seed,), None)}, None
        )
        for setting in settings
        for seed in range(5)
    ]
    counts = {"total": len(runs), "computed": 0, "seconds": 0.0}
    return Results(runs, {"settings": settings, "seeds": list(range(5)), "runs": counts})


def seconds() -> float:
    """Return the shortest of three times that `tuned` takes."""
    found = results()
    taken = []
    for _ in range(3):
        start = time.perf_counter()
        found.tuned("lr", metric="error")
        taken.append(time.perf_counter() - start)
    return min(taken)

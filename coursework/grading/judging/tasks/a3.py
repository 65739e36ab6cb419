"""The hidden tests of A3, Why it works."""

from grading.judging.task import Tasks
from grading.judging.tasks.a3_ablation import ACCURACY, FEWEST
from grading.judging.tasks.a3_crowd import MEANS, MONTE_CARLO
from grading.judging.tasks.a3_interval import INTERVAL
from grading.judging.tasks.a3_ridge import RIDGE

__all__ = ["TASKS"]

TASKS = Tasks(("numpy",), [MONTE_CARLO, MEANS, RIDGE, ACCURACY, FEWEST, INTERVAL])

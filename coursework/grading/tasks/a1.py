"""The hidden tests of A1, Overfitting."""

from grading.task import Tasks
from grading.tasks.a1_choose import CHOOSE
from grading.tasks.a1_compare import COMPARE
from grading.tasks.a1_fit import FIT
from grading.tasks.a1_scale import SCALE
from grading.tasks.a1_split import SPLIT
from grading.tasks.a1_stop import STOP

__all__ = ["TASKS"]

TASKS = Tasks(("numpy",), [FIT, SPLIT, SCALE, CHOOSE, STOP, COMPARE])

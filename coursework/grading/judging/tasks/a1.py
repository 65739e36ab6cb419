"""The hidden tests of A1, Overfitting."""

from grading.judging.task import Tasks
from grading.judging.tasks.a1_choose import CHOOSE
from grading.judging.tasks.a1_compare import COMPARE
from grading.judging.tasks.a1_fit import FIT
from grading.judging.tasks.a1_scale import SCALE
from grading.judging.tasks.a1_split import SPLIT
from grading.judging.tasks.a1_stop import STOP

__all__ = ["TASKS"]

TASKS = Tasks(("numpy",), [FIT, SPLIT, SCALE, CHOOSE, STOP, COMPARE])

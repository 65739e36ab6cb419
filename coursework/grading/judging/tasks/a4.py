"""The hidden tests of A4, Dropout in PyTorch."""

from grading.judging.task import Tasks
from grading.judging.tasks.a4_fair import FAIR
from grading.judging.tasks.a4_fit import FIT
from grading.judging.tasks.a4_mc import MC
from grading.judging.tasks.a4_net import BUILD, READER
from grading.judging.tasks.a4_own import OWN
from grading.judging.tasks.a4_rows import ROWS

__all__ = ["TASKS"]

TASKS = Tasks(("numpy", "torch"), [OWN, BUILD, READER, FIT, ROWS, MC, FAIR])

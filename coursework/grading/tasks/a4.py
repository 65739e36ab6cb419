"""The hidden tests of A4, Dropout in PyTorch."""

from grading.task import Tasks
from grading.tasks.a4_fair import FAIR
from grading.tasks.a4_fit import FIT
from grading.tasks.a4_mc import MC
from grading.tasks.a4_net import BUILD, READER
from grading.tasks.a4_own import OWN
from grading.tasks.a4_rows import ROWS

__all__ = ["TASKS"]

TASKS = Tasks(("numpy", "torch"), [OWN, BUILD, READER, FIT, ROWS, MC, FAIR])

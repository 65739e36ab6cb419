"""The hidden tests of A2, Dropout from scratch."""

from grading.judging.task import Tasks
from grading.judging.tasks.a2_backward import BACKWARD
from grading.judging.tasks.a2_diagnosis import DIAGNOSIS
from grading.judging.tasks.a2_forward import FORWARD
from grading.judging.tasks.a2_gradient import GRADIENT
from grading.judging.tasks.a2_layer import LAYER
from grading.judging.tasks.a2_moments import MOMENTS

__all__ = ["TASKS"]

TASKS = Tasks(("numpy",), [FORWARD, BACKWARD, MOMENTS, LAYER, GRADIENT, DIAGNOSIS])

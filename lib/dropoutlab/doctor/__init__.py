"""Finds dropout's classic faults in any PyTorch model, by running it and watching its calls.

Needs nothing of the course but this folder and PyTorch::

    from dropoutlab.doctor import examine

    report = examine(model, batch)  # called as the model is
    print(report)
    assert not report.findings

or, from a shell, ``python -m dropoutlab.doctor module:function``, where the function returns
the model and its batch.
"""

from dropoutlab.doctor.examination import examine
from dropoutlab.doctor.report import KINDS, Finding, Report

__all__ = ["KINDS", "Finding", "Report", "examine"]

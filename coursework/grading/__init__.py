"""Grades the coursework: a worker runs what learners wrote, a judge decides, one writer records."""

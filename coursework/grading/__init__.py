"""Grades the coursework: workers run learners' code, a judge decides, one writer records."""

"""What is right: an assignment, its tasks and criteria, and the judge that decides."""

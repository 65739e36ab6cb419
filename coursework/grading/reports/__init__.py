"""Who hears what: gradebook, grades for an LMS, pages for learners and for the instructor."""

"""The hidden tests, a module or more for each assignment."""

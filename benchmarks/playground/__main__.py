"""Time the playground's net alone: ``cd benchmarks; ../.venv/bin/python -m playground``."""

from report import print_ratios, print_table

from playground import compare

compared = compare()
print_table(compared["speeds"])
print_ratios(compared["ratios"])

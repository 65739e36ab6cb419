"""All that a sandbox holds besides Python and packages: scripts that import nothing of ours.

The folder is mounted alone and `serve.py` started as a script, so these modules import each
other by their bare names. The trusted side shares `wire` with them.
"""

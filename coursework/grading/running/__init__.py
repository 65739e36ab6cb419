"""The untrusted side, and the door to it: a sandbox, a worker in it, calls that reach it."""

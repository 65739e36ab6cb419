"""Dropout from scratch, in NumPy: the library behind Dropout Lab.

Chapters import the modules they need, for example::

    from dropoutlab import nn, training

Importing ``dropoutlab`` itself loads nothing else, and never PyTorch.
"""

__version__ = "0.1.0"

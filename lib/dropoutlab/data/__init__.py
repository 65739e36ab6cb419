"""Data that needs no network: real sets that come with packages, and generated ones.

Every set is a `Dataset`, every division a `Split` into parts that share no example. Real
sets take a ``seed`` for the division, generated ones an ``rng`` for everything. Sets to
classify are float32 by default, as the nets are; sets to regress are float64, as least
squares needs it.

Examples
--------
>>> from dropoutlab import data
>>> parts = data.digits(n_train=200, n_validation=100, n_test=1000, seed=0)
>>> parts.train.x.shape, parts.validation.y.shape, len(parts.test)
((200, 784), (100,), 1000)
"""

from dropoutlab.data.dataset import Dataset
from dropoutlab.data.generated import moons, noisy_curve, sine
from dropoutlab.data.labels import random_labels, wrong_labels
from dropoutlab.data.mnist import digits
from dropoutlab.data.splits import Split, split, split_rows, standardised
from dropoutlab.data.tabular import breast_cancer, diabetes

__all__ = [
    "Dataset",
    "Split",
    "breast_cancer",
    "diabetes",
    "digits",
    "moons",
    "noisy_curve",
    "random_labels",
    "sine",
    "split",
    "split_rows",
    "standardised",
    "wrong_labels",
]

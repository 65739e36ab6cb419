"""Data: real sets that come with packages, larger ones that are optional, generated ones.

Every set is a `Dataset`, every division a `Split` into parts that share no example; names
and ratings, which are no matrices, have a `NameSplit` and a `RatingSplit`. Real sets take a
``seed`` for the division, generated ones an ``rng`` for everything. Sets to classify are
float32 by default, as the nets are; sets to regress are float64, as least squares needs it.

Only `mnist` and `ratings` need files that do not come with the packages. They are found in
``$DROPOUTLAB_DATA``, or in the cache, or downloaded: `dropoutlab.data.optional.read` says more.
Where they are not to be had, `DataUnavailable` says why, and what to do.

Examples
--------
>>> from dropoutlab import data
>>> parts = data.digits(n_train=200, n_validation=100, n_test=1000, seed=0)
>>> parts.train.x.shape, parts.validation.y.shape, len(parts.test)
((200, 784), (100,), 1000)
"""

from dropoutlab.data.characters import SYMBOLS, contexts
from dropoutlab.data.dataset import Dataset
from dropoutlab.data.digits import digits, mnist
from dropoutlab.data.disjoint import split_rows
from dropoutlab.data.interactions import Ratings, RatingSplit
from dropoutlab.data.labels import random_labels, wrong_labels
from dropoutlab.data.names import NameSplit, names
from dropoutlab.data.noisy_curve import noisy_curve, sine
from dropoutlab.data.optional import DataUnavailable
from dropoutlab.data.ratings import ratings
from dropoutlab.data.shapes import circles, gaussians, moons, spirals
from dropoutlab.data.splits import Split, split, standardised
from dropoutlab.data.strangers import STRANGERS, strangers
from dropoutlab.data.tabular import breast_cancer, diabetes

__all__ = [
    "STRANGERS",
    "SYMBOLS",
    "DataUnavailable",
    "Dataset",
    "NameSplit",
    "RatingSplit",
    "Ratings",
    "Split",
    "breast_cancer",
    "circles",
    "contexts",
    "diabetes",
    "digits",
    "gaussians",
    "mnist",
    "moons",
    "names",
    "noisy_curve",
    "random_labels",
    "ratings",
    "sine",
    "spirals",
    "split",
    "split_rows",
    "standardised",
    "strangers",
    "wrong_labels",
]

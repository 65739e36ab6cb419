"""Right answers in different styles. Each text holds some cells, headed by ``# === grade id``."""


def read(text):
    """Return ``{name: {grade id: source}}``."""
    found = {}
    for part in text.split("\n# --- ")[1:]:
        name, _, body = part.partition("\n")
        pieces = body.split("# === ")[1:]
        cells = dict(piece.split("\n", 1) for piece in pieces)
        found[name.strip()] = {cell.strip(): source for cell, source in cells.items()}
    return found


RIGHT = read('''
# --- np.where and a dictionary
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, {"training": False}
    keep = rng.uniform(size=x.shape) > p
    out = np.where(keep, x / (1 - p), 0).astype(x.dtype)
    return out, {"training": True, "keep": keep, "p": p}
# === dropout_backward
def dropout_backward(grad_out, cache):
    if not cache["training"]:
        return grad_out
    return np.where(cache["keep"], grad_out / (1 - cache["p"]), 0).astype(grad_out.dtype)

# --- loops over every element
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    out, factor = np.zeros_like(x), np.ones_like(x)
    for i in np.ndindex(x.shape):
        if training:
            factor[i] = 0 if rng.random() < p else 1 / (1 - p)
        out[i] = x[i] * factor[i]
    return out, factor
# === dropout_backward
def dropout_backward(grad_out, cache):
    grad_x = np.zeros_like(grad_out)
    for i in np.ndindex(grad_out.shape):
        grad_x[i] = grad_out[i] * cache[i]
    return grad_x

# --- binomial draws, float32 factor
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), np.ones((), x.dtype)
    factor = np.asarray(rng.binomial(1, 1 - p, size=x.shape) / (1 - p), dtype=x.dtype)
    return np.multiply(x, factor), factor
# === dropout_backward
def dropout_backward(grad_out, cache):
    return np.multiply(grad_out, cache)

# --- sixteen random bits
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    bits = rng.integers(0, 1 << 16, size=x.shape, dtype=np.uint16)
    scaled = np.asarray(bits >= round(p * 65536), x.dtype) * x.dtype.type(1 / (1 - p))
    return np.asarray(x * scaled), scaled
# === dropout_backward
def dropout_backward(grad_out, cache):
    return grad_out if cache is None else np.asarray(grad_out * cache)

# --- rng.choice, flattened and shaped again
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if training is False:
        return np.array(x), (np.ones(x.shape, bool), 0.0)
    mask = rng.choice([False, True], p=[p, 1 - p], size=x.size).reshape(x.shape)
    out = np.zeros(x.shape, x.dtype)
    out[mask] = x[mask] / (1.0 - p)
    return out, (mask, p)
# === dropout_backward
def dropout_backward(grad_out, cache):
    mask, p = cache
    grad_x = np.zeros_like(grad_out)
    grad_x[mask] = grad_out[mask] / (1.0 - p)
    return grad_x

# --- a closure as cache
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if training:
        mask = rng.random(x.shape) >= p
        apply = lambda v: np.asarray(v * mask / (1 - p), v.dtype)
    else:
        apply = lambda v: v + 0
    return apply(x), apply
# === dropout_backward
def dropout_backward(grad_out, cache):
    return cache(grad_out)

# --- the cache is an object
# === dropout_forward
from dataclasses import dataclass

@dataclass
class Cache:
    dropped: object
    keep_prob: float

def dropout_forward(x, p, rng, training=True):
    keep_prob = 1.0 - p if training else 1.0
    dropped = rng.random(x.shape) >= keep_prob if training else np.zeros(x.shape, dtype=bool)
    out = np.array(x / keep_prob, dtype=x.dtype)
    out[dropped] = 0
    return out, Cache(dropped, keep_prob)
# === dropout_backward
def dropout_backward(grad_out, cache):
    grad = np.array(grad_out / cache.keep_prob, dtype=grad_out.dtype)
    grad[cache.dropped] = 0
    return grad

# --- the mask is drawn again from a saved state
# === dropout_forward
import copy

def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    saved = copy.deepcopy(rng)
    mask = rng.random(x.shape) >= p
    return np.asarray(x * mask / x.dtype.type(1 - p), x.dtype), (saved, p)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    saved, p = cache
    mask = copy.deepcopy(saved).random(grad_out.shape) >= p
    return np.asarray(grad_out * mask / grad_out.dtype.type(1 - p), grad_out.dtype)

# --- gaps between drops, from the geometric distribution
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    mask = np.ones(x.size, bool)
    if training and p > 0:
        at = int(rng.geometric(p)) - 1
        while at < x.size:
            mask[at] = False
            at += int(rng.geometric(p))
    mask = mask.reshape(x.shape)
    scale = x.dtype.type(1 / (1 - p) if training else 1)
    return np.asarray(x * mask * scale), (mask, scale)
# === dropout_backward
def dropout_backward(grad_out, cache):
    return np.asarray(grad_out * cache[0] * cache[1])

# --- exponential draws, a child generator
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, 1
    child = np.random.default_rng(rng.integers(0, 2**63, size=4))
    mask = child.standard_exponential(x.shape) <= -np.log(p) if p > 0 else np.ones(x.shape)
    cache = np.asarray(mask, x.dtype) / x.dtype.type(1 - p)
    return np.asarray(x * cache), cache
# === dropout_backward
def dropout_backward(grad_out, cache):
    return np.asarray(grad_out * cache)

# --- a list of rows, in Python
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    """Return out and the factors."""
    factors = [1.0 if not training else float(rng.random() >= p) / (1 - p) for _ in range(x.size)]
    factors = np.array(factors, dtype=x.dtype).reshape(x.shape)
    return np.asarray(factors * x), factors
# === dropout_backward
def dropout_backward(grad_out, cache):
    return np.asarray(cache * grad_out)

# --- float32 draws, Fortran order, magics and prints
# === dropout_forward
%matplotlib inline
import numpy as np
import matplotlib.pyplot as plt
def dropout_forward(x, p, rng, training=True):
    if not training:
        return np.array(x, order="F"), None
    mask = np.array(rng.random(x.shape[::-1], dtype=np.float32).T >= p, order="F")
    return np.asarray(x * mask * x.dtype.type(1 / (1 - p))), (mask, p)
print(dropout_forward(np.ones(3), 0.5, np.random.default_rng(0)))
%timeit dropout_forward(np.ones(3), 0.5, np.random.default_rng(0))
plt.plot([1, 2])
# === dropout_backward
%%time
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    mask, p = cache
    return np.asarray(grad_out * mask * grad_out.dtype.type(1 / (1 - p)))

# --- always draws, np.divide with where
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    draws = rng.random(x.shape)
    keep = np.asarray(draws >= (p if training else -1.0))
    q = 1 - p if training else 1.0
    out = np.zeros_like(x)
    np.divide(x, x.dtype.type(q), out=out, where=keep)
    return out, (keep, q)
# === dropout_backward
def dropout_backward(grad_out, cache):
    keep, q = cache
    out = np.zeros_like(grad_out)
    np.divide(grad_out, grad_out.dtype.type(q), out=out, where=keep)
    return out

# --- scalars stay scalars
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x[()], None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1) / x.dtype.type(1 - p)
    return x * mask * scale, (mask, scale)
# === dropout_backward
def dropout_backward(grad_out, cache):
    return grad_out[()] if cache is None else grad_out * cache[0] * cache[1]

# --- closed form and products of lists
# === exact_moments
def exact_moments(x, w, p):
    return float(np.dot(w, x)), float(p / (1 - p) * np.sum(np.square(w * x)))
# === dropout_layer
class Dropout:
    def __init__(self, p, rng):
        self.p = p
        self.rng = rng
        self.training = True
        self._cache = None

    @property
    def p(self):
        return self._p

    @p.setter
    def p(self, value):
        if np.isnan(value) or value < 0 or value >= 1:
            raise ValueError("bad p")
        self._p = value

    def train(self, mode=True):
        self.training = mode
        return self

    def eval(self):
        return self.train(False)

    def forward(self, x):
        out, self._cache = dropout_forward(x, p=self.p, rng=self.rng, training=self.training)
        return out

    __call__ = forward

    def backward(self, grad_out):
        return dropout_backward(grad_out, self._cache)

# --- enumeration with itertools, a layer of its own
# === exact_moments
import itertools

def exact_moments(x, w, p):
    mean = second = 0.0
    for mask in itertools.product([0, 1], repeat=len(x)):
        chance, s = 1.0, 0.0
        for kept, a, b in zip(mask, x, w):
            chance *= (1 - p) if kept else p
            s += kept * a * b / (1 - p)
        mean += chance * s
        second += chance * s * s
    return mean, max(second - mean**2, 0.0)
# === dropout_layer
class Dropout:
    training = True

    def __init__(self, p, rng):
        if not (p >= 0 and p < 1):
            raise ValueError
        self.p, self.rng = p, rng

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        self.factor = np.ones_like(x)
        if self.training:
            kept = self.rng.random(x.shape) >= self.p
            self.factor = (kept / (1 - self.p)).astype(x.dtype)
        return x * self.factor

    def backward(self, grad_out):
        return grad_out * self.factor
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    fresh = lambda: np.random.default_rng(seed)
    out, cache = forward(x, p, fresh())
    analytic = np.array(backward(w, cache), dtype=float).ravel()
    worst = 0
    for k in range(x.size):
        xs = []
        for sign in (+1, -1):
            y = x.ravel().copy()
            y[k] += sign * h
            xs.append((forward(y.reshape(x.shape), p, fresh())[0] * w).sum())
        worst = max(worst, abs((xs[0] - xs[1]) / (2 * h) - analytic[k]))
    return worst
# === diagnosis
found = {}
names = ["none", "no rescaling", "keep and drop confused", "one mask for the batch"]
names += ["the same mask in every call", "fresh mask in backward", "factor missing in backward"]
x = np.ones((50, 60))
for letter, make in suspects.items():
    layer = make(0.2, np.random.default_rng(3))
    y, z = layer.forward(x), layer.forward(x)
    g = layer.backward(x)
    kept = z != 0
    if abs(kept.mean() - 0.2) < 0.1:
        bug = 2
    elif z.max() == 1:
        bug = 1
    elif np.array_equal(y, z):
        bug = 4
    elif np.array_equal(z[0], z[1]):
        bug = 3
    elif not np.array_equal(g != 0, kept):
        bug = 5
    else:
        bug = 6 if g.max() == 1 else 0
    found[letter] = names[bug]
diagnosis = dict(sorted(found.items()))

# --- a cached factor
# === dropout_forward
from functools import lru_cache
@lru_cache(maxsize=None)
def scale_of(p):
    return 1 / (1 - p)
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    mask = rng.random(x.shape) >= p
    return np.asarray(x * mask * scale_of(p), dtype=x.dtype), (mask, p)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out.copy()
    mask, p = cache
    return np.asarray(grad_out * mask * scale_of(p), dtype=grad_out.dtype)

# --- p is checked
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not isinstance(p, (int, float)) or not 0 <= p < 1:
        raise ValueError("p must be a number in [0, 1)")
    if not training:
        return x.copy(), None
    mask = rng.random(x.shape) >= p
    return np.asarray(x * mask / (1 - p), dtype=x.dtype), (mask, p)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out.copy()
    mask, p = cache
    return np.asarray(grad_out * mask / (1 - p), dtype=grad_out.dtype)

# --- an exact fraction
# === dropout_forward
from fractions import Fraction
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    mask = rng.random(x.shape) >= p
    s = float(1 / (1 - Fraction(p)))
    return np.asarray(x * mask * s, dtype=x.dtype), (mask, s)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out.copy()
    mask, s = cache
    return np.asarray(grad_out * mask * s, dtype=grad_out.dtype)

# --- backward draws again, from a copy
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return +x, ()
    state = rng.bit_generator.state
    u = np.asarray(rng.random(np.shape(x)))
    out = np.divide(x, 1 - p, dtype=float)
    return np.where(u < p, 0, out).astype(x.dtype), (type(rng.bit_generator), state, p)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if not cache:
        return grad_out * 1
    kind, state, p = cache
    own = np.random.Generator(kind())
    own.bit_generator.state = state
    gone = own.random(grad_out.shape) < p
    return np.where(gone, 0, grad_out / (1 - p)).astype(grad_out.dtype)
# === exact_moments
def exact_moments(x, w, p):
    """By the tree of all decisions."""
    def walk(i, s, chance):
        if i == len(x):
            sums.append((s, chance))
            return
        walk(i + 1, s, chance * p)
        walk(i + 1, s + x[i] * w[i] / (1 - p), chance * (1 - p))
    sums = []
    walk(0, 0.0, 1.0)
    mean = sum(s * chance for s, chance in sums)
    return [mean, sum((s - mean) ** 2 * chance for s, chance in sums)]
# === dropout_layer
class Dropout:
    def __init__(self, p, rng):
        if np.isnan(p) or p < 0 or p >= 1:
            raise ValueError("p")
        self.p, self.rng = p, rng
        self.train()
    def train(self, on=True):
        self.mode = on
    def eval(self):
        self.train(False)
    def forward(self, x):
        out, cache = dropout_forward(x, self.p, self.rng, training=self.mode)
        self.backward = lambda grad_out: dropout_backward(grad_out, cache)
        return out

# --- weighted covariance, a cache for each shape, recursion
# === exact_moments
def exact_moments(x, w, p):
    n = x.size
    masks = np.indices((2,) * n).reshape(n, -1)
    chance = np.where(masks == 1, 1 - p, p).prod(axis=0)
    s = (w * x / (1 - p)) @ masks
    mean = np.average(s, weights=chance)
    variance = np.cov(s, aweights=chance, ddof=0)
    return float(mean), float(variance)
# === dropout_layer
class Dropout:
    def __init__(self, p, rng):
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p, self.rng, self.training = p, rng, True
        self.caches = {}

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        out, self.caches[x.shape] = dropout_forward(x, self.p, self.rng, self.training)
        print("layer: forward", x.shape)
        return out

    def backward(self, grad_out):
        return dropout_backward(grad_out, self.caches[grad_out.shape])
# === gradient_error
import math


def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(z):
        out = forward(z, p, np.random.default_rng(seed))[0]
        return math.fsum((w * out).reshape(-1).tolist())

    def difference(i):
        plus, minus = x.copy(), x.copy()
        plus[i] = x[i] + h
        minus[i] = x[i] - h
        return abs(float(gradient[i]) - (loss(plus) - loss(minus)) / (2 * h))

    def worst(indices):
        if len(indices) == 1:
            return difference(indices[0])
        middle = len(indices) // 2
        return float(np.maximum(worst(indices[:middle]), worst(indices[middle:])))

    _, cache = forward(x.copy(), p, np.random.default_rng(seed))
    gradient = backward(w.copy(), cache)
    return worst(list(np.ndindex(x.shape)))
''')

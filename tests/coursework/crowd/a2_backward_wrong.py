"""Backward passes that are wrong in one realistic way, beside a right forward pass."""

from crowd.attempt import attempts

WRONG = attempts(
    "dropout_backward",
    """
# --- the factor is missing
def dropout_backward(grad_out, cache):
    return grad_out if cache is None else np.asarray(grad_out * cache[0])

# --- the mask is missing
def dropout_backward(grad_out, cache):
    return grad_out if cache is None else np.asarray(grad_out * cache[1])

# --- a fresh mask
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    mask, scale = cache
    fresh = np.random.default_rng().permutation(np.ravel(mask)).reshape(np.shape(mask))
    return np.asarray(grad_out * fresh * scale)

# --- the mask is inverted
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    return np.asarray(grad_out * (1 - np.asarray(cache[0], grad_out.dtype)) * cache[1])

# --- the factor is applied twice
def dropout_backward(grad_out, cache):
    return grad_out if cache is None else np.asarray(grad_out * cache[0] * cache[1] ** 2)

# --- divided by the factor
def dropout_backward(grad_out, cache):
    return grad_out if cache is None else np.asarray(grad_out * cache[0] / cache[1])

# --- passes everything on
def dropout_backward(grad_out, cache):
    return grad_out.copy()

# --- grad_out is changed in place
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    grad_out *= np.asarray(cache[0] * cache[1])
    return grad_out.copy()

# --- nothing after evaluation
def dropout_backward(grad_out, cache):
    mask, scale = cache
    return np.asarray(grad_out * mask * scale)

# --- zero after evaluation
def dropout_backward(grad_out, cache):
    if cache is None:
        return np.zeros_like(grad_out)
    return np.asarray(grad_out * cache[0] * cache[1])

# --- the result is float64
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    return np.asarray(grad_out * cache[0] * np.float64(cache[1]), dtype=float)

# --- the gradient of the first call is kept
DONE = {}

def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    key = id(cache[0])
    if key not in DONE:
        DONE[key] = cache, np.asarray(grad_out * cache[0] * cache[1])
    return DONE[key][1]

# --- the result is overwritten by the next call
BUFFERS = {}

def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    buffer = BUFFERS.setdefault((grad_out.shape, grad_out.dtype), np.empty_like(grad_out))
    buffer[...] = grad_out * cache[0] * cache[1]
    return buffer

# --- only the sign of the mask's elements, for matrices
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    n, d = grad_out.shape
    return (grad_out * cache[0] * cache[1]).reshape(n, d)

# --- averaged over the batch
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    return np.asarray(grad_out * cache[0] * cache[1] / grad_out.dtype.type(max(1, len(np.atleast_1d(grad_out)))))

# --- the dropped get the gradient's mean
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out
    return np.asarray(np.where(cache[0], grad_out * cache[1], grad_out.dtype.type(1e-6)))

# --- not implemented after all
def dropout_backward(grad_out, cache):
    raise NotImplementedError
""",
)

# Forward passes whose caches make a right-looking backward pass wrong.
PAIRS = [
    (
        "the mask is read off the output, so zeros in x get no gradient",
        "def dropout_forward(x, p, rng, training=True):\n"
        "    if not training:\n        return x, None\n"
        "    out = np.asarray(x * (rng.random(x.shape) >= p) * x.dtype.type(1 / (1 - p)))\n"
        "    return out, (out.copy(), x.dtype.type(1 / (1 - p)))\n",
        "def dropout_backward(grad_out, cache):\n"
        "    if cache is None:\n        return grad_out\n"
        "    return np.asarray(grad_out * (cache[0] != 0) * cache[1])\n",
    ),
    (
        "the cache is a global variable",
        "def dropout_forward(x, p, rng, training=True):\n"
        "    global CACHE\n"
        "    if not training:\n        CACHE = None\n        return x, None\n"
        "    mask = rng.random(x.shape) >= p\n    scale = x.dtype.type(1 / (1 - p))\n"
        "    CACHE = mask, scale\n"
        "    return np.asarray(x * mask * scale), CACHE\n",
        "def dropout_backward(grad_out, cache):\n"
        "    if CACHE is None:\n        return grad_out\n"
        "    return np.asarray(grad_out * CACHE[0] * CACHE[1])\n",
    ),
    (
        "the cache is used up by the first call",
        "def dropout_forward(x, p, rng, training=True):\n"
        "    if not training:\n        return x, [None]\n"
        "    mask = rng.random(x.shape) >= p\n    scale = x.dtype.type(1 / (1 - p))\n"
        "    return np.asarray(x * mask * scale), [mask * scale]\n",
        "def dropout_backward(grad_out, cache):\n"
        "    mask = cache.pop()\n"
        "    return grad_out if mask is None else np.asarray(grad_out * mask)\n",
    ),
    (
        "the cache's mask is rescaled in place by every call",
        "def dropout_forward(x, p, rng, training=True):\n"
        "    if not training:\n        return x, None\n"
        "    mask = np.asarray(rng.random(x.shape) >= p, x.dtype)\n"
        "    return np.asarray(x * mask * x.dtype.type(1 / (1 - p))), (mask, x.dtype.type(1 - p))\n",
        "def dropout_backward(grad_out, cache):\n"
        "    if cache is None:\n        return grad_out\n"
        "    mask, keep = cache\n    mask /= keep\n"
        "    return np.asarray(grad_out * mask)\n",
    ),
    (
        "the mask is drawn again from the generator, which has moved on",
        "def dropout_forward(x, p, rng, training=True):\n"
        "    if not training:\n        return x, None\n"
        "    mask = rng.random(x.shape) >= p\n    scale = x.dtype.type(1 / (1 - p))\n"
        "    return np.asarray(x * mask * scale), (rng, p, scale)\n",
        "def dropout_backward(grad_out, cache):\n"
        "    if cache is None:\n        return grad_out\n"
        "    rng, p, scale = cache\n"
        "    return np.asarray(grad_out * (rng.random(grad_out.shape) >= p) * scale)\n",
    ),
    (
        "one buffer holds the mask of every call on a shape",
        "KEPT = {}\n"
        "def dropout_forward(x, p, rng, training=True):\n"
        "    if not training:\n        return x, None\n"
        "    mask = KEPT.setdefault(x.shape, np.empty(x.shape, bool))\n"
        "    mask[...] = rng.random(x.shape) >= p\n    scale = x.dtype.type(1 / (1 - p))\n"
        "    return np.asarray(x * mask * scale), (mask, scale)\n",
        "def dropout_backward(grad_out, cache):\n"
        "    if cache is None:\n        return grad_out\n"
        "    return np.asarray(grad_out * cache[0] * cache[1])\n",
    ),
]

"""Errors that show in rare cases only: certain shapes, layouts, sizes or p, or the next call.

Each is headed by ``# --- name: tasks that lose points``, and may replace several cells.
"""

from crowd.a2_right import read

# {"name: tasks that lose points": {grade id: source}}
SUBTLE = read("""
# --- at least one element is kept: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    mask = np.asarray(rng.random(x.shape) >= p)
    if mask.size and not mask.any():
        mask.flat[rng.integers(mask.size)] = True
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- nothing is dropped where x is transposed: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    out = x.copy(order="K")
    out.ravel()[~np.ravel(mask)] = 0
    return np.asarray(out * scale), (mask, scale)

# --- numbers are drawn for what is not zero already: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    mask = np.ones(x.shape, bool)
    for at in zip(*np.nonzero(x)):
        mask[at] = rng.random() >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- only elements with a gradient are compared: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(values):
        return np.sum(w * forward(values, p, np.random.default_rng(seed))[0])

    analytic = backward(w.copy(), forward(x.copy(), p, np.random.default_rng(seed))[1])
    worst = 0.0
    for at in zip(*np.nonzero(analytic)):
        up, down = x.copy(), x.copy()
        up[at] += h
        down[at] -= h
        worst = max(worst, abs((loss(up) - loss(down)) / (2 * h) - analytic[at]))
    return float(worst)

# --- a thousand masks at most: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    local = np.random.default_rng(rng.integers(1000))
    mask = local.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- large arrays repeat their numbers: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    u = np.resize(rng.random(min(x.size, 65536)), x.shape)
    mask = u >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- the factor is 100 at most: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / max(1 - p, 0.01))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- too many are kept at large p: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    keep = 1 - p
    mask = np.floor(rng.random(x.shape) + keep + 0.5 * (keep < 0.1) * keep)
    scale = x.dtype.type(1 / keep)
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask.astype(bool), scale)

# --- one mask for all rows of a square: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    if x.ndim == 2 and x.shape[0] == x.shape[1]:
        mask = rng.random(x.shape[0]) >= p
        mask = np.broadcast_to(mask, x.shape)
    else:
        mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- nothing is dropped in five dimensions: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training or x.ndim > 4:
        return x.copy(), None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- a tenth of the numbers is used again by the next call: dropout_forward
# === dropout_forward
_o = {}
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    u = np.array(rng.random(x.shape))
    old = _o.get(x.shape)
    if old is not None and x.size > 100:
        u.flat[::10] = old.flat[::10]
    _o[x.shape] = u
    mask = u >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- every third number follows from two others: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    u = rng.random(x.size)
    n = x.size // 3 * 3
    u[2:n:3] = (u[0:n:3] + u[1:n:3]) % 1
    mask = u.reshape(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)

# --- indices of one byte: dropout_backward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    idx = np.flatnonzero(~np.asarray(mask)).astype(np.uint8)
    return np.asarray(x * mask * scale, dtype=x.dtype), (idx, scale)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out.copy()
    idx, scale = cache
    g = np.array(grad_out, order="C")
    g.reshape(-1)[idx] = 0
    return np.asarray(g * scale, dtype=grad_out.dtype)

# --- indices in the order of memory: dropout_backward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    out = x.copy(order="K")
    flat = out.ravel(order="K")
    dropped = np.flatnonzero(rng.random(x.size) < p)
    flat[dropped] = 0
    flat *= x.dtype.type(1 / (1 - p))
    return out, (dropped, 1 / (1 - p))
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out.copy()
    dropped, scale = cache
    g = grad_out.copy(order="C")
    g.ravel()[dropped] = 0
    return np.asarray(g * scale, dtype=grad_out.dtype)

# --- masks kept by shape and p: dropout_backward
# === dropout_forward
_store = {}
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    _store[x.shape, p] = rng.random(x.shape) >= p
    return np.asarray(x * _store[x.shape, p] / (1 - p), dtype=x.dtype), (x.shape, p)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out.copy()
    return np.asarray(grad_out * _store[cache] / (1 - cache[1]), dtype=grad_out.dtype)

# --- masks kept by the identity of x: dropout_backward
# === dropout_forward
_store = {}
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x.copy(), None
    _store[id(x)] = rng.random(x.shape) >= p, p
    return np.asarray(x * _store[id(x)][0] / (1 - p), dtype=x.dtype), id(x)
# === dropout_backward
def dropout_backward(grad_out, cache):
    if cache is None:
        return grad_out.copy()
    mask, p = _store[cache]
    return np.asarray(grad_out * mask / (1 - p), dtype=grad_out.dtype)

# --- codes of one byte: exact_moments
# === exact_moments
def exact_moments(x, w, p):
    n = len(x)
    codes = np.arange(2**n).astype(np.uint8)
    masks = np.unpackbits(codes[:, None], axis=1, bitorder="little")
    masks = np.pad(masks, ((0, 0), (0, 2)))[:, :n]
    pr = np.prod(np.where(masks, 1 - p, p), axis=1)
    s = (masks * x / (1 - p)) @ w
    m = pr @ s
    return m, pr @ (s - m)**2

# --- the integer 0 is refused: dropout_layer
# === dropout_layer
class Dropout:
    def __init__(self, p, rng):
        if not isinstance(p, float) or not 0 <= p < 1:
            raise ValueError("p")
        self.p, self.rng, self.training = p, rng, True
    def train(self): self.training = True
    def eval(self): self.training = False
    def forward(self, x):
        out, self.cache = dropout_forward(x, self.p, self.rng, self.training)
        return out
    def backward(self, g): return dropout_backward(g, self.cache)

# --- train and eval toggle: dropout_layer
# === dropout_layer
class Dropout:
    def __init__(self, p, rng):
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p, self.rng, self.training = p, rng, True
    def train(self): self.training = not self.training
    eval = train
    def forward(self, x):
        out, self.cache = dropout_forward(x, self.p, self.rng, self.training)
        return out
    def backward(self, g): return dropout_backward(g, self.cache)

# --- a p set in evaluation is lost: dropout_layer
# === dropout_layer
class Dropout:
    def __init__(self, p, rng):
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p, self.rng, self.saved = p, rng, p
    def train(self): self.p = self.saved
    def eval(self): self.saved, self.p = (self.p or self.saved), 0.0
    def forward(self, x):
        out, self.cache = dropout_forward(x, self.p, self.rng)
        return out
    def backward(self, g): return dropout_backward(g, self.cache)

# --- the generator is copied: dropout_layer
# === dropout_layer
import copy
class Dropout:
    def __init__(self, p, rng):
        if not 0 <= p < 1:
            raise ValueError("p")
        self.p, self.rng, self.training = p, copy.deepcopy(rng), True
    def train(self): self.training = True
    def eval(self): self.training = False
    def forward(self, x):
        out, self.cache = dropout_forward(x, self.p, self.rng, self.training)
        return out
    def backward(self, g): return dropout_backward(g, self.cache)

# --- arrays without dimensions are refused: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x): return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])
    numeric = np.zeros_like(x)
    for i in range(len(x)):
        for j in np.ndindex(x.shape[1:]):
            d = np.zeros_like(x); d[(i, *j)] = h
            numeric[(i, *j)] = (loss(x + d) - loss(x - d)) / (2 * h)
    _, c = forward(x, p, np.random.default_rng(seed))
    return np.max(np.abs(backward(w, c) - numeric))

# --- all elements nudged at once: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    a, _ = forward(x + h, p, np.random.default_rng(seed))
    b, _ = forward(x - h, p, np.random.default_rng(seed))
    _, c = forward(x, p, np.random.default_rng(seed))
    return np.max(np.abs(backward(w, c) - w * (a - b) / (2 * h)))

# --- each output follows its own input alone: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    numeric = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x); d[i] = h
        a, _ = forward(x + d, p, np.random.default_rng(seed))
        b, _ = forward(x - d, p, np.random.default_rng(seed))
        numeric[i] = w[i] * (a[i] - b[i]) / (2 * h)
    _, c = forward(x, p, np.random.default_rng(seed))
    return np.max(np.abs(backward(w, c) - numeric))

# --- forward gets a flat x: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    x, w = x.ravel(), w.ravel()
    def loss(x): return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])
    numeric = np.zeros_like(x)
    for i in range(x.size):
        d = np.zeros_like(x); d[i] = h
        numeric[i] = (loss(x + d) - loss(x - d)) / (2 * h)
    _, c = forward(x, p, np.random.default_rng(seed))
    return np.max(np.abs(backward(w, c) - numeric))

# --- thirty elements are enough: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x): return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])
    _, c = forward(x, p, np.random.default_rng(seed))
    exact, worst = backward(w, c), 0.0
    for i in list(np.ndindex(x.shape))[:30]:
        d = np.zeros_like(x); d[i] = h
        worst = max(worst, abs((loss(x + d) - loss(x - d)) / (2 * h) - exact[i]))
    return float(worst)

# --- where x is 0 there is nothing to check: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x): return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])
    _, c = forward(x, p, np.random.default_rng(seed))
    exact, gaps = backward(w, c), [0.0]
    for i in np.ndindex(x.shape):
        if x[i] == 0: continue
        d = np.zeros_like(x); d[i] = h
        gaps.append(abs((loss(x + d) - loss(x - d)) / (2 * h) - exact[i]))
    return float(max(gaps))

# --- the number in an array: gradient_error
# === gradient_error
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x): return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])
    numeric = np.zeros_like(x)
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x); d[i] = h
        numeric[i] = (loss(x + d) - loss(x - d)) / (2 * h)
    _, c = forward(x, p, np.random.default_rng(seed))
    return np.array(np.abs(backward(w, c) - numeric).max())

# --- what is dropped is multiplied by 0, and too large by then: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training: return x.copy(), None
    mask = rng.random(x.shape) >= p
    with np.errstate(all="ignore"): out = np.asarray(x / (1 - p) * mask, dtype=x.dtype)
    return out, (mask, x.dtype.type(1 / (1 - p)))

# --- the dice wear out after three hundred calls: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training: return x.copy(), None
    dropout_forward.n = getattr(dropout_forward, "n", 0) + 1
    u = rng.random(x.shape)
    mask = (np.flip(u) if dropout_forward.n > 300 else u) >= p
    return np.asarray(x * mask / (1 - p), dtype=x.dtype), (mask, x.dtype.type(1 / (1 - p)))

# --- a single number asks dice of its own: dropout_forward
# === dropout_forward
def dropout_forward(x, p, rng, training=True):
    if not training: return x.copy(), None
    mask = (rng if x.ndim else np.random.default_rng()).random(x.shape) >= p
    mask = np.asarray(mask)
    return np.asarray(x * mask / (1 - p), dtype=x.dtype), (mask, x.dtype.type(1 / (1 - p)))
""")

"""Forward passes that are wrong in one realistic way."""

from crowd.attempt import attempts

WRONG = attempts(
    "dropout_forward",
    """
# --- survivors are not rescaled
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask), (mask, scale)

# --- multiplied by 1 - p in training
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    return np.asarray(x * mask * x.dtype.type(1 - p)), (mask, x.dtype.type(1 / (1 - p)))

# --- divided by p
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    factor = 1 / p if p else 1
    return np.asarray(x * mask * x.dtype.type(factor)), (mask, x.dtype.type(1 / (1 - p)))

# --- p is the probability of keeping
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) < p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- p is the probability of keeping, in the factor too
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) < p
    scale = x.dtype.type(1 / p if p else 0)
    return np.asarray(x * mask * scale), (mask, scale)

# --- evaluation is scaled by 1 - p
def dropout_forward(x, p, rng, training=True):
    if not training:
        return np.asarray(x * x.dtype.type(1 - p)), None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- training is ignored
def dropout_forward(x, p, rng, training=True):
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- training and evaluation are swapped
def dropout_forward(x, p, rng, training=True):
    if training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- evaluation is the default
def dropout_forward(x, p, rng, training=False):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- one mask for the batch
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.broadcast_to(rng.random(x.shape[1:]) >= p, x.shape)
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- one draw for each row
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.broadcast_to(rng.random(x.shape[:1] + (1,) * (x.ndim - 1)) >= p, x.shape)
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- whole channels of images are dropped
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    shape = x.shape[:2] + (1, 1) if x.ndim == 4 else x.shape
    mask = np.broadcast_to(rng.random(shape) >= p, x.shape)
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- exactly round(p n) elements are dropped
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.ones(x.size, bool)
    mask[rng.permutation(x.size)[: round(p * x.size)]] = False
    mask = mask.reshape(x.shape)
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- exactly as many in every row
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    if x.ndim != 2:
        mask = rng.random(x.shape) >= p
    else:
        n = x.shape[1]
        k = int(p * n + rng.random())
        mask = np.argsort(rng.random(x.shape), axis=1) >= k
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- the generator is seeded anew in every call
def dropout_forward(x, p, rng, training=True):
    rng = np.random.default_rng(42)
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- an own generator without a seed
def dropout_forward(x, p, rng=None, training=True):
    rng = np.random.default_rng()
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- the global generator
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.random.rand(*x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- the global generator, seeded from the given one
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    np.random.seed(int(rng.integers(2**31)))
    mask = np.random.random_sample(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- the generator is copied, so every call draws the same
import copy

def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = copy.deepcopy(rng).random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- the mask of the first call on a shape is kept
MASKS = {}

def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    if (x.shape, p) not in MASKS:
        MASKS[x.shape, p] = rng.random(x.shape) >= p
    mask = MASKS[x.shape, p]
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- a mask serves two calls
STATE = {"calls": 0}

def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    if STATE["calls"] % 2 == 0 or STATE["mask"].shape != x.shape or STATE["p"] != p:
        STATE["mask"], STATE["p"] = rng.random(x.shape) >= p, p
    STATE["calls"] += 1
    mask = STATE["mask"]
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- x is changed in place
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    kept = mask if x.ndim else np.asarray(mask)
    x *= kept * scale
    return x.copy(), (mask, scale)

# --- the result is float64
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    scale = (rng.random(x.shape) >= p) / (1 - p)
    return np.asarray(x * scale), (scale, 1)

# --- evaluation returns float64
def dropout_forward(x, p, rng, training=True):
    if not training:
        return np.array(x, dtype=float), None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- only matrices
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    n, d = x.shape
    mask = rng.random((n, d)) >= p
    scale = x.dtype.type(1 / (1 - p))
    return x * mask * scale, (mask, scale)

# --- not without dimensions
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    out = np.zeros_like(x)
    scale = x.dtype.type(1 / (1 - p))
    for i in range(len(x)):
        out[i] = x[i] * mask[i] * scale
    return out, (mask, scale)

# --- empty arrays fail
def dropout_forward(x, p, rng, training=True):
    if x.size == 0:
        raise ValueError("empty input")
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- flattened
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.size) >= p
    scale = x.dtype.type(1 / (1 - p))
    return x.ravel() * mask * scale, (mask, scale)

# --- p is rounded to tenths
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= round(p, 1)
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- eight random bits, so small p drops nothing
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.integers(0, 256, x.shape) >= int(256 * p)
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- a normal draw is compared with p
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.abs(rng.normal(size=x.shape)) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- zeros stay, only the others are drawn for
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.ones(x.shape, bool)
    positive = x > 0
    mask[positive] = rng.random(int(positive.sum())) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- neighbours share a draw
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    draws = np.repeat(rng.random((x.size + 1) // 2), 2)[: x.size]
    mask = draws.reshape(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- a thousand draws are tiled over large arrays
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.resize(rng.random(min(x.size, 1024)) >= p, x.shape)
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- the first element is always kept
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = np.asarray(rng.random(x.shape) >= p)
    mask.flat[:1] = True
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- rows without a survivor are drawn again
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    if x.ndim > 1 and x.size:
        mask[~mask.any(axis=-1)] = rng.random(x.shape[-1]) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)

# --- noise instead of dropping
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    noise = rng.normal(1, np.sqrt(p / (1 - p)), x.shape).astype(x.dtype)
    return np.asarray(x * noise), (noise, 1)

# --- returns only out also: dropout_backward
def dropout_forward(x, p, rng, training=True):
    if not training:
        return x
    return np.asarray(x * (rng.random(x.shape) >= p) * x.dtype.type(1 / (1 - p)))

# --- out is overwritten by the next call
BUFFERS = {}

def dropout_forward(x, p, rng, training=True):
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    out = BUFFERS.setdefault((x.shape, x.dtype), np.empty_like(x))
    np.multiply(x, mask * scale, out=out)
    return out, (mask, scale)

# --- warnings are silenced for everybody
def dropout_forward(x, p, rng, training=True):
    np.seterr(all="ignore")
    if not training:
        return x, None
    mask = rng.random(x.shape) >= p
    scale = x.dtype.type(1 / (1 - p))
    return np.asarray(x * mask * scale), (mask, scale)
""",
)

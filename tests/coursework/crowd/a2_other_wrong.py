"""Wrong answers to the tasks of A2 after the two functions."""

from crowd.attempt import attempts

MOMENTS = attempts(
    "exact_moments",
    """
# --- masks count as equally likely
def exact_moments(x, w, p):
    n = len(x)
    masks = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    s = (masks * x / (1 - p)) @ w
    return s.mean(), s.var()

# --- keep and drop confused in the probabilities
def exact_moments(x, w, p):
    n = len(x)
    masks = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    probability = np.prod(np.where(masks, p, 1 - p), axis=1)
    s = (masks * x / (1 - p)) @ w
    return probability @ s, probability @ s**2 - (probability @ s) ** 2

# --- no rescaling
def exact_moments(x, w, p):
    return (1 - p) * (x @ w), p * (1 - p) * np.sum((x * w) ** 2)

# --- the standard deviation
def exact_moments(x, w, p):
    return x @ w, np.sqrt(p / (1 - p) * np.sum((x * w) ** 2))

# --- the second moment in place of the variance
def exact_moments(x, w, p):
    return x @ w, p / (1 - p) * np.sum((x * w) ** 2) + (x @ w) ** 2

# --- the empty mask is forgotten
def exact_moments(x, w, p):
    n = len(x)
    masks = (np.arange(1, 2**n)[:, None] >> np.arange(n)) & 1
    probability = np.prod(np.where(masks, 1 - p, p), axis=1)
    s = (masks * x / (1 - p)) @ w
    mean = probability @ s
    return mean, probability @ (s - mean) ** 2

# --- estimated from ten thousand masks
def exact_moments(x, w, p):
    masks = np.random.default_rng(0).random((10_000, len(x))) >= p
    s = (masks * x / (1 - p)) @ w
    return s.mean(), s.var()

# --- the mean without rescaling, and the variance around it
def exact_moments(x, w, p):
    n = len(x)
    masks = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    probability = np.prod(np.where(masks, 1 - p, p), axis=1)
    s = (masks * x / (1 - p)) @ w
    mean = (1 - p) * (probability @ s)
    return mean, probability @ (s - mean) ** 2

# --- the mean without rescaling, and the variance by its square
def exact_moments(x, w, p):
    n = len(x)
    masks = (np.arange(2**n)[:, None] >> np.arange(n)) & 1
    probability = np.prod(np.where(masks, 1 - p, p), axis=1)
    s = (masks * x / (1 - p)) @ w
    mean = (1 - p) * (probability @ s)
    return mean, probability @ s**2 - mean**2

# --- no mean at all
def exact_moments(x, w, p):
    return None, p / (1 - p) * np.sum((x * w) ** 2)

# --- the variance of the sum of inputs squared once
def exact_moments(x, w, p):
    return x @ w, p / (1 - p) * np.sum(x * w) ** 2
""",
)

LAYER_START = """
class Dropout:
    def __init__(self, p, rng):
        if not 0 <= p < 1:
            raise ValueError("p must be in [0, 1)")
        self.p, self.rng, self.training, self.cache = p, rng, True, None

    def train(self):
        self.training = True

    def eval(self):
        self.training = False

    def forward(self, x):
        out, self.cache = dropout_forward(x, self.p, self.rng, self.training)
        return out

    def backward(self, grad_out):
        return dropout_backward(grad_out, self.cache)
"""


def changed(name, old, new):
    """Return the right layer with one change."""
    assert old in LAYER_START, name
    return f"\n# --- {name}\n{LAYER_START.replace(old, new)}"


LAYER = attempts(
    "dropout_layer",
    changed("the mode is ignored", "self.rng, self.training)", "self.rng)")
    + changed("starts in evaluation mode", "rng, True, None", "rng, False, None")
    + changed("eval does nothing", "self.training = False", "pass")
    + changed("train does nothing", "self.training = True", "pass")
    + changed("p = 1 is accepted", "0 <= p < 1", "0 <= p <= 1")
    + changed("NaN is accepted", "not 0 <= p < 1", "p < 0 or p >= 1")
    + changed("negative p is accepted", "0 <= p < 1", "p < 1")
    + changed("p is not checked", "if not 0 <= p < 1:", "if False:")
    + changed(
        "asserts in place of ValueError",
        "if not 0 <= p < 1:",
        "assert 0 <= p < 1\n        if False:",
    )
    + changed(
        "backward goes by the mode of now",
        "return dropout_backward(grad_out, self.cache)",
        "return dropout_backward(grad_out, self.cache) if self.training else grad_out",
    )
    + changed(
        "evaluation keeps the old cache",
        "out, self.cache = dropout_forward(x, self.p, self.rng, self.training)\n        return out",
        "if not self.training:\n            return x\n"
        "        out, self.cache = dropout_forward(x, self.p, self.rng)\n        return out",
    )
    + changed(
        "the cache belongs to the class",
        "out, self.cache = dropout_forward",
        "out, Dropout.cache = dropout_forward",
    ).replace("self.training, self.cache = p, rng, True, None", "self.training = p, rng, True")
    + changed("an own generator", "= p, rng, True", "= p, np.random.default_rng(0), True")
    + changed(
        "a later p is ignored",
        "self.p, self.rng, self.training)",
        "self._p, self.rng, self.training)",
    ).replace(
        "self.p, self.rng, self.training, self.cache = p,",
        "self._p = p\n        self.p, self.rng, self.training, self.cache = p,",
    )
    + changed(
        "backward draws anew",
        "return dropout_backward(grad_out, self.cache)",
        "_, cache = dropout_forward(grad_out, self.p, self.rng, self.training)\n"
        "        return dropout_backward(grad_out, cache)",
    )
    + changed(
        "the mode belongs to the class", "self.training = False", "Dropout.training = False"
    )
    .replace("self.training = True", "Dropout.training = True")
    .replace("self.training, self.cache = p, rng, True, None", "self.cache = p, rng, None")
    .replace("class Dropout:", "class Dropout:\n    training = True\n"),
)

GRADIENT = attempts(
    "gradient_error",
    """
# --- one-sided differences
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    worst = 0.0
    grad = backward(w, forward(x, p, np.random.default_rng(seed))[1])
    for i in np.ndindex(x.shape):
        up = x.copy()
        up[i] += h
        worst = max(worst, abs((loss(up) - loss(x)) / h - grad[i]))
    return worst

# --- the randomness is not held still
def gradient_error(forward, backward, x, w, p, seed, h):
    rng = np.random.default_rng(seed)
    out, cache = forward(x, p, rng)
    grad, worst = backward(w, cache), 0.0
    for i in np.ndindex(x.shape):
        up, down = x.copy(), x.copy()
        up[i] += h
        down[i] -= h
        numeric = (np.sum(w * forward(up, p, rng)[0]) - np.sum(w * forward(down, p, rng)[0])) / (2 * h)
        worst = max(worst, abs(numeric - grad[i]))
    return worst

# --- divided by h, not by 2h
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, worst = backward(w, forward(x, p, np.random.default_rng(seed))[1]), 0.0
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        worst = max(worst, abs((loss(x + d) - loss(x - d)) / h - grad[i]))
    return worst

# --- the mean in place of the largest
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, all_of_them = backward(w, forward(x, p, np.random.default_rng(seed))[1]), []
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        all_of_them.append(abs((loss(x + d) - loss(x - d)) / (2 * h) - grad[i]))
    return np.mean(all_of_them)

# --- without the absolute value
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, all_of_them = backward(w, forward(x, p, np.random.default_rng(seed))[1]), []
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        all_of_them.append((loss(x + d) - loss(x - d)) / (2 * h) - grad[i])
    return max(all_of_them)

# --- only the first element
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad = backward(w, forward(x, p, np.random.default_rng(seed))[1])
    i = (0,) * x.ndim
    d = np.zeros_like(x)
    d[i] = h
    return abs((loss(x + d) - loss(x - d)) / (2 * h) - grad[i])

# --- only the first row
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, worst = backward(w, forward(x, p, np.random.default_rng(seed))[1]), 0.0
    for j in range(x.shape[-1]):
        d = np.zeros_like(x)
        i = (0,) * (x.ndim - 1) + (j,)
        d[i] = h
        worst = max(worst, abs((loss(x + d) - loss(x - d)) / (2 * h) - grad[i]))
    return worst

# --- the weights are left out of the loss
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(forward(x, p, np.random.default_rng(seed))[0])

    grad = backward(np.ones_like(x), forward(x, p, np.random.default_rng(seed))[1])
    worst = 0.0
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        worst = max(worst, abs((loss(x + d) - loss(x - d)) / (2 * h) - grad[i]))
    return worst

# --- a seed of its own
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(0))[0])

    grad, worst = backward(w, forward(x, p, np.random.default_rng(0))[1]), 0.0
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        worst = max(worst, abs((loss(x + d) - loss(x - d)) / (2 * h) - grad[i]))
    return worst

# --- an h of its own
def gradient_error(forward, backward, x, w, p, seed, h):
    h = 1e-6

    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, worst = backward(w, forward(x, p, np.random.default_rng(seed))[1]), 0.0
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        worst = max(worst, abs((loss(x + d) - loss(x - d)) / (2 * h) - grad[i]))
    return worst

# --- the relative error
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, worst = backward(w, forward(x, p, np.random.default_rng(seed))[1]), 0.0
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        numeric = (loss(x + d) - loss(x - d)) / (2 * h)
        worst = max(worst, abs(numeric - grad[i]) / max(abs(numeric), abs(grad[i]), 1e-12))
    return worst

# --- x is nudged in place and left there
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, worst = backward(w, forward(x, p, np.random.default_rng(seed))[1]), 0.0
    for i in np.ndindex(x.shape):
        x[i] += h
        up = loss(x)
        x[i] -= 2 * h
        worst = max(worst, abs((up - loss(x)) / (2 * h) - grad[i]))
    return worst

# --- all elements are nudged at once
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad = backward(w, forward(x, p, np.random.default_rng(seed))[1])
    return abs((loss(x + h) - loss(x - h)) / (2 * h) - grad.sum())

# --- says whether it is small
def gradient_error(forward, backward, x, w, p, seed, h):
    return True

# --- rounded to six digits
def gradient_error(forward, backward, x, w, p, seed, h):
    def loss(x):
        return np.sum(w * forward(x, p, np.random.default_rng(seed))[0])

    grad, worst = backward(w, forward(x, p, np.random.default_rng(seed))[1]), 0.0
    for i in np.ndindex(x.shape):
        d = np.zeros_like(x)
        d[i] = h
        worst = max(worst, abs((loss(x + d) - loss(x - d)) / (2 * h) - grad[i]))
    return round(worst, 3)
""",
)

DIAGNOSIS = attempts(
    "diagnosis",
    """
# --- two letters swapped
diagnosis = {k: ["none", "no rescaling", "keep and drop confused", "one mask for the batch",
    "the same mask in every call", "fresh mask in backward", "factor missing in backward",
    ][suspects[k](0.2, None).bug] for k in "ABCDEFG"}
diagnosis["A"], diagnosis["B"] = diagnosis["B"], diagnosis["A"]

# --- one name for all
diagnosis = {k: "none" for k in "ABCDEFG"}

# --- one letter forgotten
diagnosis = {k: ["none", "no rescaling", "keep and drop confused", "one mask for the batch",
    "the same mask in every call", "fresh mask in backward", "factor missing in backward",
    ][suspects[k](0.2, None).bug] for k in "ABCDEF"}

# --- a list
diagnosis = ["none"] * 7
""",
)

WRONG = MOMENTS + LAYER + GRADIENT + DIAGNOSIS

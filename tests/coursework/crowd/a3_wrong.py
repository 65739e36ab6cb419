"""Wrong answers to the tasks of A3, each wrong in one realistic way."""

from crowd.attempt import attempts

MONTE_CARLO = """
def monte_carlo(net, x, p, k, rng):
    h = hidden(net, x)
    total = 0
    for _ in range(k):
        mask = rng.random(h.shape) >= p
        total = total + softmax((h * mask / (1 - p)) @ net[2].T + net[3])
    return softmax(h @ net[2].T + net[3]), total / k
"""

EXACT = """
def exact_means(net, x, p, place):
    count = len(p)
    masks = (np.arange(2**count)[:, None] >> np.arange(count)) & 1
    probability = np.prod(np.where(masks, 1 - p, p), axis=1)
    arithmetic, logs = 0, 0
    for mask, chance in zip(masks, probability):
        factor = mask / (1 - p)
        h = hidden(net, x * factor) if place == "inputs" else hidden(net, x) * factor
        z = h @ net[2].T + net[3]
        top = z.max(axis=1, keepdims=True)
        log_q = z - top - np.log(np.exp(z - top).sum(axis=1, keepdims=True))
        arithmetic = arithmetic + chance * np.exp(log_q)
        logs = logs + chance * log_q
    return arithmetic, softmax(logs)
"""

RIDGE = """
def best_weights(X, y, p):
    penalty = p / (1 - p) * np.sum(X**2, axis=0)
    w = np.linalg.solve(X.T @ X + np.diag(penalty), X.T @ y)
    return w, np.sum((y - X @ w) ** 2) + penalty @ w**2
"""

ACCURACY = """
def accuracy_without(net, x, y, units):
    keep = np.ones(len(net[1]))
    keep[units] = 0
    z = (hidden(net, x) * keep / keep.mean()) @ net[2].T + net[3]
    return np.mean(z.argmax(axis=1) == y)
"""

FEWEST = """
def fewest(net, x, y):
    _, _, W2, b2 = net
    h = hidden(net, x)
    numbers = np.full(len(x), h.shape[1] + 1)
    for i, right in enumerate(y):
        for rival in set(range(len(b2))) - {int(right)}:
            push = np.sort((W2[right] - W2[rival]) * h[i])[::-1]
            lead = push.sum() + b2[right] - b2[rival]
            left = lead - np.append(0, np.cumsum(push))
            enough = np.flatnonzero(left <= 0)
            numbers[i] = min([numbers[i], *enough[:1]])
    return numbers
"""

INTERVAL = """
def paired_interval(a, b):
    shared = sorted(set(a) & set(b))
    if len(shared) < 2:
        raise ValueError("fewer than two seeds in common")
    differences = np.array([a[seed] - b[seed] for seed in shared])
    middle, r = differences.mean(), len(differences)
    half = T975[r - 1] * differences.std(ddof=1) / np.sqrt(r)
    return middle, middle - half, middle + half
"""


def changed(cell, right, *changes):
    """Return attempts that are right but for one change: (name, old, new)."""
    texts = []
    for name, old, new in changes:
        assert old in right, name
        texts.append(f"\n# --- {name}\n{right.replace(old, new)}")
    return attempts(cell, "".join(texts))


WRONG = changed(
    "monte_carlo",
    MONTE_CARLO,
    ("no rescaling", "h * mask / (1 - p)", "h * mask"),
    ("divided by p", "h * mask / (1 - p)", "h * mask / max(p, 1e-9)"),
    ("kept where it should drop", ") >= p", ") < p"),
    ("the whole net is scaled by 1 - p", "softmax(h @", "softmax((1 - p) * h @"),
    ("one mask for all examples", "rng.random(h.shape)", "rng.random(h.shape[1])"),
    ("an own generator", "    total = 0", "    rng = np.random.default_rng(0)\n    total = 0"),
    (
        "nothing drawn at p = 0",
        "rng.random(h.shape) >= p",
        "p == 0 or rng.random(h.shape) >= p",
    ),
    (
        "the bias is scaled too",
        "/ (1 - p)) @ net[2].T + net[3])",
        ") @ net[2].T / (1 - p) + net[3] / (1 - p))",
    ),
    ("the last of the passes", "total + softmax", "k * softmax"),
) + attempts(
    "monte_carlo",
    """
# --- logits are averaged, not probabilities
def monte_carlo(net, x, p, k, rng):
    h = hidden(net, x)
    kept = rng.random((k, *h.shape)) >= p
    z = (h * kept / (1 - p)) @ net[2].T + net[3]
    return softmax(h @ net[2].T + net[3]), softmax(z.mean(axis=0))

# --- one mask for all passes
def monte_carlo(net, x, p, k, rng):
    h = hidden(net, x)
    mask = rng.random(h.shape) >= p
    q = [softmax((h * mask / (1 - p)) @ net[2].T + net[3]) for _ in range(k)]
    return softmax(h @ net[2].T + net[3]), np.mean(q, axis=0)

# --- the hidden units are changed in place from pass to pass
def monte_carlo(net, x, p, k, rng):
    h = hidden(net, x)
    whole, q = softmax(h @ net[2].T + net[3]), []
    for _ in range(k):
        h *= (rng.random(h.shape) >= p) / (1 - p)
        q.append(softmax(h @ net[2].T + net[3]))
    return whole, np.mean(q, axis=0)
""",
)

WRONG += changed(
    "exact_means",
    EXACT,
    ("masks count as equally likely", "np.where(masks, 1 - p, p)", "np.where(masks, 0.5, 0.5)"),
    ("keep and drop confused", "np.where(masks, 1 - p, p)", "np.where(masks, p, 1 - p)"),
    (
        "one rate for all, the mean",
        "    count = len(p)",
        "    p = np.full(len(p), p.mean())\n    count = len(p)",
    ),
    ("no rescaling", "mask / (1 - p)", "mask"),
    ("rescaled by the mean rate", "mask / (1 - p)", "mask / (1 - p.mean())"),
    ("not normalised", "softmax(logs)", "np.exp(logs)"),
    ("normalised over the examples too", "softmax(logs)", "np.exp(logs) / np.exp(logs).sum()"),
    (
        "the two means are swapped",
        "return arithmetic, softmax(logs)",
        "return softmax(logs), arithmetic",
    ),
    (
        "the empty mask is forgotten",
        "zip(masks, probability)",
        "zip(masks[1:], probability[1:])",
    ),
    ("logarithms of softmax", "chance * log_q", "chance * np.log(softmax(z))"),
    (
        "logarithms of clipped probabilities",
        "chance * log_q",
        "chance * np.log(np.maximum(softmax(z), 1e-300))",
    ),
    (
        "the whole net for the geometric mean, everywhere",
        "softmax(logs)",
        "softmax(hidden(net, x) @ net[2].T + net[3])",
    ),
    (
        "a sample of masks",
        "    arithmetic, logs = 0, 0",
        "    masks = np.random.default_rng(0).random((500, count)) >= p\n    probability = np.full(500, 1 / 500)\n    arithmetic, logs = 0, 0",
    ),
)

WRONG += changed(
    "best_weights",
    RIDGE,
    ("p in place of p / (1 - p)", "p / (1 - p) *", "p *"),
    ("p (1 - p), the form without rescaling", "p / (1 - p) *", "p * (1 - p) *"),
    ("p is the probability of keeping", "p / (1 - p) *", "(1 - p) / np.maximum(p, 1e-12) *"),
    (
        "one strength for all, plain ridge",
        "np.sum(X**2, axis=0)",
        "np.mean(np.sum(X**2, axis=0))",
    ),
    ("lengths, not squared", "np.sum(X**2, axis=0)", "np.linalg.norm(X, axis=0)"),
    ("the mean square of a column", "np.sum(X**2, axis=0)", "np.mean(X**2, axis=0)"),
    ("the variance of a column", "np.sum(X**2, axis=0)", "len(X) * X.var(axis=0)"),
    ("one rate for all, the mean", "p / (1 - p) *", "p.mean() / (1 - p.mean()) *"),
    ("the loss without its penalty", " + penalty @ w**2", ""),
    ("the loss with half of the penalty", " + penalty @", " + 0.5 * penalty @"),
    ("the mean over the examples as loss", "np.sum((y", "np.mean((y"),
    ("rows in place of columns make the length", "np.sum(X**2, axis=0)", "np.sum(X**2)"),
    ("the columns are centred", "    penalty =", "    X = X - X.mean(axis=0)\n    penalty ="),
    (
        "y is changed in place",
        "    return w, np.sum((y - X @ w) ** 2)",
        "    y -= X @ w\n    return w, np.sum(y**2)",
    ),
    (
        "least squares times 1 - p",
        "np.linalg.solve(X.T @ X + np.diag(penalty), X.T @ y)",
        "(1 - p) * np.linalg.lstsq(X, y, rcond=None)[0]",
    ),
) + attempts(
    "best_weights",
    """
# --- rows of the penalty without their root
def best_weights(X, y, p):
    penalty = p / (1 - p) * np.sum(X**2, axis=0)
    tall = np.vstack([X, np.diag(penalty)])
    w = np.linalg.lstsq(tall, np.append(y, np.zeros(len(p))), rcond=None)[0]
    return w, np.sum((y - X @ w) ** 2) + penalty @ w**2

# --- learned from thirty copies with random masks
def best_weights(X, y, p):
    rng = np.random.default_rng(0)
    rows = np.vstack([X * (rng.random(X.shape) >= p) / (1 - p) for _ in range(30)])
    w = np.linalg.lstsq(rows, np.tile(y, 30), rcond=None)[0]
    penalty = p / (1 - p) * np.sum(X**2, axis=0)
    return w, np.sum((y - X @ w) ** 2) + penalty @ w**2
""",
)

WRONG += changed(
    "accuracy_without",
    ACCURACY,
    ("nothing is rescaled", "* keep / keep.mean()", "* keep"),
    ("multiplied by the share that is left", "* keep / keep.mean()", "* keep * keep.mean()"),
    (
        "divided by the share destroyed",
        "keep / keep.mean()",
        "keep / max(1 - keep.mean(), 1e-9)",
    ),
    ("the biases are rescaled too", "+ net[3]", "+ net[3] / keep.mean()"),
    ("in percent", "return np.mean", "return 100 * np.mean"),
    ("the error", "== y", "!= y"),
    (
        "the named units are the ones that stay",
        "keep[units] = 0",
        "keep = 1 - keep\n    keep[units] = 1",
    ),
    (
        "fails where nothing is destroyed",
        "keep[units] = 0",
        "keep -= np.eye(len(keep))[units].max(axis=0)",
    ),
    ("as many units, but the first ones", "keep[units]", "keep[: len(units)]"),
    (
        "weights into a unit are cut, but its bias still fires",
        "(hidden(net, x) * keep / keep.mean())",
        "(hidden((net[0] * keep[:, None], net[1]), x) / keep.mean())",
    ),
    ("the net stays damaged", "    z =", "    net[2][:, units] = 0\n    z ="),
)

WRONG += changed(
    "fewest",
    FEWEST,
    ("the biases are forgotten", " + b2[right] - b2[rival]", ""),
    (
        "by the size of the push, whatever its sign",
        "push = np.sort((W2[right] - W2[rival]) * h[i])[::-1]",
        "push = (W2[right] - W2[rival]) * h[i]\n            push = push[np.argsort(-np.abs(push))]",
    ),
    (
        "the loudest units first",
        "push = np.sort((W2[right] - W2[rival]) * h[i])[::-1]",
        "push = ((W2[right] - W2[rival]) * h[i])[np.argsort(-h[i])]",
    ),
    (
        "the largest weights first",
        "push = np.sort((W2[right] - W2[rival]) * h[i])[::-1]",
        "push = ((W2[right] - W2[rival]) * h[i])[np.argsort(-W2[right])]",
    ),
    (
        "in the order of the units",
        "push = np.sort((W2[right] - W2[rival]) * h[i])[::-1]",
        "push = (W2[right] - W2[rival]) * h[i]",
    ),
    (
        "what is left is rescaled",
        "left = lead - np.append(0, np.cumsum(push))",
        "few = np.arange(len(push))\n            left = (lead - b2[right] + b2[rival] - np.append(0, np.cumsum(push))[:-1]) * len(push) / (len(push) - few) + b2[right] - b2[rival]",
    ),
    ("one too many", "*enough[:1]]", "*(enough[:1] + 1)]"),
    ("1 where it is misread already", "*enough[:1]]", "*np.maximum(enough[:1], 1)]"),
    ("H where nothing is enough", "h.shape[1] + 1", "h.shape[1]"),
    (
        "-1 where nothing is enough",
        "    return numbers",
        "    return np.where(numbers > h.shape[1], -1, numbers)",
    ),
    (
        "only the rival with the largest logit",
        "set(range(len(b2))) - {int(right)}:",
        "[max(set(range(len(b2))) - {int(right)}, key=(W2 @ h[i] + b2).__getitem__)]:",
    ),
    (
        "all other classes have to win",
        "numbers[i] = min([numbers[i], *enough[:1]])",
        "numbers[i] = max(numbers[i] % (h.shape[1] + 1), *enough[:1], 0)",
    ),
) + attempts(
    "fewest",
    """
# --- the carriers of chapter 9
def fewest(net, x, y):
    h = hidden(net, x)
    z = h @ net[2].T + net[3]
    rows = np.arange(len(y))
    z[rows, y] = -np.inf
    push = (net[2][y] - net[2][z.argmax(axis=1)]) * h
    carriers = push.sum(axis=1) ** 2 / np.maximum((push**2).sum(axis=1), 1e-9)
    return np.round(carriers).astype(int)

# --- single units only
def fewest(net, x, y):
    h = hidden(net, x)
    numbers = np.full(len(x), h.shape[1] + 1)
    for j in range(h.shape[1]):
        left = h * (np.arange(h.shape[1]) != j)
        numbers[(left @ net[2].T + net[3]).argmax(axis=1) != y] = 1
    numbers[(h @ net[2].T + net[3]).argmax(axis=1) != y] = 0
    return numbers
""",
)

WRONG += changed(
    "paired_interval",
    INTERVAL,
    ("1.96 for any number of runs", "T975[r - 1]", "1.96"),
    (
        "as many degrees of freedom as runs",
        "T975[r - 1]",
        "T975[min(r, 30)] if r < 30 else 2.0395",
    ),
    (
        "degrees of freedom of the longer arm",
        "T975[r - 1]",
        "T975[min(30, max(len(a), len(b)) - 1)]",
    ),
    ("the s.d. without Bessel's correction", "ddof=1", "ddof=0"),
    ("s, not divided by the root of r", " / np.sqrt(r)", ""),
    ("divided by r", " / np.sqrt(r)", " / r"),
    ("divided by the root of r - 1", " / np.sqrt(r)", " / np.sqrt(r - 1)"),
    ("b minus a", "a[seed] - b[seed]", "b[seed] - a[seed]"),
    ("one pair is enough", "len(shared) < 2", "len(shared) < 1"),
    (
        "too few pairs give None",
        'raise ValueError("fewer than two seeds in common")',
        "return None",
    ),
    (
        "paired in the order of the lists",
        "[a[seed] - b[seed] for seed in shared]",
        "[u - v for u, v in zip(a.values(), b.values())]",
    ),
    (
        "runs without a partner are thrown away",
        "    shared =",
        "    for seed in set(a) - set(b):\n        del a[seed]\n    shared =",
    ),
    (
        "the means of all runs",
        "middle, r = differences.mean(), len(differences)",
        "middle, r = sum(a.values()) / len(a) - sum(b.values()) / len(b), len(shared)",
    ),
    (
        "not in pairs",
        "differences.std(ddof=1)",
        "np.sqrt(sum(np.var([arm[s] for s in shared], ddof=1) for arm in (a, b)))",
    ),
)

"""Wrong answers to A3 that remember something, look at a few numbers, or stop where it is rare."""

from functools import partial

from crowd.elsewhere_wrong import changed

mc, means, ridge, accuracy, count, pairs = (
    partial(changed, "A3", cell)
    for cell in [
        "monte_carlo", "exact_means", "best_weights", "accuracy_without", "fewest",
        "paired_interval",
    ]
)  # fmt: skip
ARGUMENTS = {
    "monte_carlo": "net, x, p, k, rng",
    "exact_means": "net, x, p, place",
    "best_weights": "X, y, p",
    "accuracy_without": "net, x, y, units",
    "fewest": "net, x, y",
    "paired_interval": "a, b",
}


def remembering(cell, key):
    """Return the change that makes an answer know arguments again by a key."""
    names = ARGUMENTS[cell]
    head = f"def {cell}({names}):\n"
    return (
        head,
        f"KNOWN = {{}}\n\ndef {cell}({names}):\n    key = {key}\n"
        f"    if key not in KNOWN:\n        KNOWN[key] = anew({names})\n    return KNOWN[key]\n\n"
        f"def anew({names}):\n",
    )


H = "    h = hidden(net, x)\n"
COUNT = "    count = len(p)\n"
PENALTY = "    penalty = "
KEEP = "    keep = "
SHARED = "    shared = "
DIFFERENCES = "    middle, r = "
SOLVED = "w = np.linalg.solve(X.T @ X + np.diag(penalty), X.T @ y)"

WRONG = [
    mc("hidden units are kept by where x lies", (H, "    h = KNOWN.setdefault((id(x), id(net[0])), hidden(net, x))\n"), ("def monte", "KNOWN = {}\n\ndef monte")),
    mc("hidden units are kept by the shape of x and its corner", (H, "    h = KNOWN.setdefault((x.shape, x[0, 0], net[0][0, 0]), hidden(net, x))\n"), ("def monte", "KNOWN = {}\n\ndef monte")),
    mc("a tiny p draws nothing", ("    total = 0", "    if 0 < p < 1e-4:\n        return (softmax(h @ net[2].T + net[3]),) * 2\n    total = 0")),
    mc("silent units draw nothing", ("        mask = rng.random(h.shape) >= p\n", "        on = (h > 0).any(axis=0)\n        mask = np.ones(h.shape, bool)\n        mask[:, on] = rng.random((len(h), on.sum())) >= p\n")),
    mc("sixteen passes in single precision", ("    total = 0", "    h = h.astype(np.float32) if k > 16 else h\n    total = 0")),
    mc("sixty-four units have masks of their own", ("rng.random(h.shape) >= p", "np.resize(rng.random(h.shape)[:, :64], h.shape) >= p if h.shape[1] > 64 else rng.random(h.shape) >= p")),
    mc("one array for all results", ("total / k", "np.divide(total, k, out=KEPT[: total.size].reshape(total.shape))"), ("def monte", "KEPT = np.zeros(10**5)\n\ndef monte")),
    means("masks that hardly ever come are skipped", ("        factor = mask", "        if chance < 1e-8:\n            continue\n        factor = mask")),
    means("chances are kept by the number of units", ("    probability = np.prod(np.where(masks, 1 - p, p), axis=1)", "    probability = KNOWN.setdefault((count, p[0]), np.prod(np.where(masks, 1 - p, p), axis=1))"), ("def exact", "KNOWN = {}\n\ndef exact")),
    means("means are kept by where x lies", remembering("exact_means", "id(x), id(p), place")),
    means("without a first p there is no dropout", (COUNT, COUNT + "    if not p[0]:\n        q = softmax(hidden(net, x) @ net[2].T + net[3])\n        return q, q.copy()\n")),
    means("p that start and end alike are alike", (COUNT, COUNT + "    if count > 2 and p[0] == p[1]:\n        p = np.full(count, p[0])\n")),
    means("thirty examples at most", (COUNT, COUNT + "    x = np.r_[x[:30], np.zeros_like(x[30:])]\n")),
    means("eight classes at most", ("        top = z", "        z = np.where(np.arange(z.shape[1]) < 8, z, -50.0)\n        top = z")),
    means("p is sorted in place where units are many", (COUNT, COUNT + "    if count > 6:\n        p[:] = np.minimum(p, 0.85)\n")),
    ridge("short columns are cut off", (SOLVED, "w = np.linalg.pinv(X.T @ X + np.diag(penalty), rcond=1e-10) @ X.T @ y")),
    ridge("steps until nothing moves by 1e-10",
          (SOLVED, "A, c = X.T @ X + np.diag(penalty), X.T @ y\n    w, moved = np.zeros(len(p)), 1.0\n    for _ in range(3000):\n        if moved < 1e-10:\n            break\n"
           "        moved = 0.0\n        for j in range(len(p)):\n            new = w[j] + (c[j] - A[j] @ w) / A[j, j]\n            moved, w[j] = max(moved, abs(new - w[j])), new\n    w = w if moved < 1e-10 else np.linalg.solve(A, c)")),
    ridge("XᵀX is kept by where X lies", (SOLVED, "w = np.linalg.solve(KNOWN.setdefault((id(X), id(p)), X.T @ X + np.diag(penalty)), X.T @ y)"), ("def best", "KNOWN = {}\n\ndef best")),
    ridge("a first column of ones is a bias", (PENALTY, "    p = np.where((X == 1).all(axis=0) & (len(X) > 1), 0, p)\n" + PENALTY)),
    ridge("a y that starts with 0 is 0", (PENALTY, "    if not y[0]:\n        return np.zeros(len(p)), float(y @ y)\n" + PENALTY)),
    ridge("equal columns count once", ("    return w,", "    for j in range(1, len(p)):\n        if (X[:, j] == X[:, 0]).all() and len(X) > 1:\n            w[j] = 0\n    return w,")),
    ridge("a hundred examples at most", (PENALTY, "    X, y = (X[:100], y[:100]) if len(p) < 40 else (X, y)\n" + PENALTY)),
    ridge("one array for all weights", ("    return w,", "    KEPT[: len(w)] = w\n    w = KEPT[: len(w)]\n    return w,"), ("def best", "KEPT = np.zeros(40)\n\ndef best")),
    accuracy("the share of the units that ever put out something", ("keep / keep.mean()", "keep / keep[hidden(net, x).any(axis=0)].mean() if keep[hidden(net, x).any(axis=0)].any() else 0 * hidden(net, x)")),
    accuracy("unit 0 alone is none", ("    keep[units] = 0", "    keep[units if units.any() else units[:0]] = 0")),
    accuracy("exponentials that overflow", ("z.argmax(axis=1)", "np.exp(z).argmax(axis=1)")),
    accuracy("units that stand in order are a range", ("    keep[units] = 0", "    if len(units) and (np.diff(units) > 0).all():\n        units = np.arange(units[0], units[0] + len(units))\n    keep[units] = 0")),
    accuracy("two hundred examples at most", (KEEP, "    x, y = (x[:200], y[:200]) if len(x) < 300 else (x, y)\n" + KEEP)),
    accuracy("logits are kept by where x lies", ("    z = (hidden(net, x)", "    z = (KNOWN.setdefault((id(x), id(net[0])), hidden(net, x))"), ("def accuracy", "KNOWN = {}\n\ndef accuracy")),
    accuracy("no classes beyond the largest y", ("np.mean(z.argmax(axis=1) == y)", "np.mean(z[:, : y.max() + 1].argmax(axis=1) == y)")),
    accuracy("y is cut off in place", (KEEP, "    if len(units) == 0:\n        y[:] = np.minimum(y, 1)\n" + KEEP)),
    count("units that push alike count once", ("            enough = ", "            left = left[np.r_[True, np.diff(push, prepend=np.inf) != 0]]\n            enough = ")),
    count("answers are kept by the first example", remembering("fewest", "x.shape, x[0, 0], tuple(y)")),
    count("answers are kept by where x lies", remembering("fewest", "id(x), id(y)")),
    count("tiny leads are none", ("left <= 0", "left <= 1e-9")),
    count("all examples are of one class if two are", ("    h = hidden", "    y = np.full(len(y), y[0]) if len(y) > 2 and (y[:3] == y[0]).all() else y\n    h = hidden")),
    count("one array for all results", ("    return numbers", "    KEPT[: len(numbers)] = numbers\n    return KEPT[: len(numbers)]"), ("def fewest", "KEPT = np.zeros(50, int)\n\ndef fewest")),
    count("classes that weigh alike are one", ("range(len(b2))) - {int(right)}", "range(len(b2))) - {int(right)} - {c for c in range(len(b2)) if (W2[c] == W2[right]).all()}")),
    pairs("equal differences count once", (DIFFERENCES, "    n = len(differences)\n    differences = np.resize(np.unique(differences), n)\n" + DIFFERENCES)),
    pairs("runs are known again by their numbers", remembering("paired_interval", "len(a), len(b), min(a, default=0)")),
    pairs("runs are known again by where they lie", remembering("paired_interval", "id(a), id(b)")),
    pairs("as many lone seeds as pairs are too many", (SHARED, "    if min(len(a), len(b)) > 2 * len(set(a) & set(b)) > 3:\n        raise ValueError('too few pairs')\n" + SHARED)),
    pairs("many lone seeds are thrown out of a", (SHARED, "    for s in [s for s in a if s not in b] if len(a) > 20 else []:\n        del a[s]\n" + SHARED)),
    pairs("an outlier is left out", (DIFFERENCES, "    far = abs(differences - np.median(differences)) > 8 * np.median(abs(differences - np.median(differences)))\n    differences = differences[~far] if 2 <= (~far).sum() and len(far) > 5 else differences\n" + DIFFERENCES)),
    pairs("one lone seed makes a pair", ("    if len(shared) < 2:", "    if len(shared) < 2 and len(set(a) ^ set(b)) != 1:")),
]  # fmt: skip

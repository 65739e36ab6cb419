"""Wrong answers to A3 that break one sentence, at numbers that are seldom asked about."""

from functools import partial

from crowd.elsewhere_wrong import changed

mc, means, ridge, accuracy, count, pairs = (
    partial(changed, "A3", cell)
    for cell in [
        "monte_carlo", "exact_means", "best_weights", "accuracy_without", "fewest",
        "paired_interval",
    ]
)  # fmt: skip
STABLE = "softmax(h @ net[2].T + net[3]), total / k"
SHIFTED = "        top = z.max(axis=1, keepdims=True)\n"

WRONG = [
    mc("a number equal to p is dropped", (") >= p", ") > p")),
    mc("no rows where there is one example",
       ("    return softmax", "    if len(x) == 1:\n        return softmax(h[0] @ net[2].T + net[3]), total[0] / k\n    return softmax")),
    mc("fifty passes at most", ("range(k)", "range(min(k, 50))"), ("total / k", "total / min(k, 50)")),
    mc("small p are none", ("    total = 0", "    p = p if p > 0.01 else 0.0\n    total = 0")),
    mc("p at most 0.95", ("    total = 0", "    p = min(p, 0.95)\n    total = 0")),
    mc("exponentials that overflow", (STABLE, STABLE.replace("softmax(", "unstable(")),
       ("    total = 0", "    def unstable(z):\n        return np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True)\n    total = 0")),
    mc("half precision at the end", ("total / k", "(total / k).astype(np.float32)")),
    mc("rounded to seven places", ("total / k", "np.round(total / k, 7)")),
    mc("the caller's generator stays where it was", ("    total = 0", "    import copy\n    rng = copy.deepcopy(rng)\n    total = 0")),
    mc("a number is thrown away", ("    return softmax", "    rng.random()\n    return softmax")),
    mc("drawn once where p is 0", ("range(k)", "range(k if p else 1)"), ("total / k", "total / (k if p else 1)")),
    mc("a bias of the net is moved", ("    return softmax", "    net[3][:] -= net[3].max()\n    return softmax")),
    mc("x is centred in place", ("    h = hidden(net, x)", "    h = hidden(net, x)\n    x -= x.mean(axis=0)")),
    means("the place is told by the number of units", ('place == "inputs"', "len(p) == x.shape[1]")),
    means("the place is told by the number of units, the other way",
          ('hidden(net, x * factor) if place == "inputs" else hidden(net, x) * factor',
           "hidden(net, x) * factor if len(p) == len(net[1]) else hidden(net, x * factor)")),
    means("no p below a ten thousandth", ("    count = len(p)", "    p = np.maximum(p, 1e-4)\n    count = len(p)")),
    means("zeros in p are NaN", ("np.where(masks, 1 - p, p), axis=1)", "np.where(masks, 1 - p, p), axis=1)\n    probability = np.exp(np.where(masks, np.log(1 - p), np.log(p) * (p / p)).sum(axis=1))")),
    means("seven units at most", ("range(2**count)", "range(min(2**count, 128))")),
    means("nearly impossible is as good as impossible", ("chance * log_q", "chance * np.maximum(log_q, -700)")),
    means("exponentials that overflow", (SHIFTED, "        top = 0.0\n")),
    means("single precision", ("        z = h", "        h = h.astype(np.float32)\n        z = h")),
    means("no rows where there is one example",
          ("    return arithmetic, softmax(logs)", "    if len(x) == 1:\n        arithmetic, logs = arithmetic[0], logs[0]\n    return arithmetic, softmax(logs)")),
    means("p is turned into chances in place", ("    count = len(p)\n", "    p[:] = np.clip(p, 1e-12, None)\n    count = len(p)\n")),
    ridge("rows are squared where X is square", ("np.sum(X**2, axis=0)", "np.sum(X**2, axis=int(len(X) == len(p)))")),
    ridge("the loss in an array", ("np.sum((y - X @ w) ** 2)", "np.array([np.sum((y - X @ w) ** 2)])")),
    ridge("weights in a column", ("    return w,", "    return w[:, None],")),
    ridge("a bare number where there is one column", ("    return w,", "    return w.squeeze(),")),
    ridge("short columns are left out", ("np.linalg.solve(X.T @ X + np.diag(penalty), X.T @ y)",
          "np.linalg.pinv(X.T @ X + np.diag(penalty), rcond=1e-7) @ X.T @ y")),
    ridge("no columns beyond the examples", ("    return w,", "    if len(X) < len(p):\n        w = np.where(np.arange(len(p)) < len(X), w, 0)\n    return w,")),
    ridge("X is changed where a column is short", ("    return w,", "    X[:, penalty == 0] *= 1 - 1e-9\n    return w,")),
    ridge("the loss of the average example times the number of examples, less its penalty for one",
          ("penalty @ w**2", "penalty @ w**2 * (len(X) > 1)")),
    accuracy("an array of one number", ("np.mean(z.argmax(axis=1) == y)", "np.array([np.mean(z.argmax(axis=1) == y)])")),
    accuracy("two digits", ("np.mean(z.argmax(axis=1) == y)", "round(float(np.mean(z.argmax(axis=1) == y)), 2)")),
    accuracy("the list of units is sorted in place", ("    keep = ", "    units.sort()\n    keep = ")),
    accuracy("nothing is rescaled below three units", ("keep / keep.mean()", "keep / (keep.mean() if len(units) > 2 else 1)")),
    accuracy("was right before, too", ("z.argmax(axis=1) == y)", "(z.argmax(axis=1) == y) & ((hidden(net, x) @ net[2].T + net[3]).argmax(axis=1) == y))")),
    count("six units at most", ("enough[:1]]", "enough[:1][enough[:1] <= 6]]")),
    count("nearly equal is equal, relatively", ("left <= 0", "left <= 1e-6 * abs(net[3]).max()")),
    count("nearly equal is equal", ("left <= 0", "left <= 1e-7")),
    count("a list", ("    return numbers", "    return list(numbers)")),
    count("numbers with a point", ("np.full(len(x), h", "np.full(len(x), 0.0 + h")),
    count("no axis for one example", ("    return numbers", "    return numbers if len(x) > 1 else numbers[0]")),
    count("forty examples at most", ("enumerate(y)", "enumerate(y[:40])")),
    count("silent examples are cleared", ("    return numbers", "    x[h.max(axis=1) == 0] = 0\n    return numbers")),
    count("units that put nothing out do not count in H", ("    return numbers", "    return np.where(numbers > h.shape[1], (h > 0).sum(axis=1) + 1, numbers)")),
    count("misread by equality is not misread", ("    return numbers", "    z = h @ W2.T + b2\n    return np.where((numbers == 0) & (z.max(axis=1) == z[np.arange(len(y)), y]), 1, numbers)")),
    pairs("the mean of squares less the square of the mean",
          ("differences.std(ddof=1)", "np.sqrt((np.mean(differences**2) - middle**2) * r / (r - 1))")),
    pairs("no spread no interval", ("    half =", '    if differences.std() == 0:\n        raise ValueError("no spread")\n    half =')),
    pairs("single precision", ("for seed in shared])", "for seed in shared], dtype=np.float32)")),
    pairs("five digits", ("middle - half, middle + half", "round(middle - half, 5), round(middle + half, 5)")),
    pairs("arrays of one number", ("return middle,", "return np.array([middle]),")),
    pairs("both arms need the same seeds", ("    if len(shared)", "    if set(b) - set(a):\n        raise KeyError(min(set(b) - set(a)))\n    if len(shared)")),
    pairs("seeds are positive", ("set(a) & set(b)", "{s for s in a if s >= 0} & set(b)")),
    pairs("seeds below a million", ("set(a) & set(b)", "{s for s in a if s < 10**6} & set(b)")),
    pairs("the other arm is emptied", ("    half =", "    b.pop(max(b))\n    half =")),
    pairs("a list of 29", ("T975[r - 1]", "T975[min(r - 1, 28)]")),
]  # fmt: skip

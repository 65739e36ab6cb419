"""Right answers to A3 in different styles. Each text holds some cells, headed by their ids."""

from crowd.a2_right import read

RIGHT = read("""
# --- one draw for all passes, einsum
# === monte_carlo
def monte_carlo(net, x, p, k, rng):
    W1, b1, W2, b2 = net
    h = np.einsum("nd,hd->nh", x, W1) + b1
    h = np.where(h > 0, h, 0.0)
    masks = rng.random((k,) + h.shape) >= p
    z = np.einsum("knh,ch->knc", masks * h / (1 - p), W2) + b2
    return softmax(np.einsum("nh,ch->nc", h, W2) + b2), softmax(z).mean(0)
# === exact_means
import itertools

def exact_means(net, x, p, place):
    W1, b1, W2, b2 = net
    masks = np.array(list(itertools.product([True, False], repeat=len(p))))
    weight = np.where(masks, 1 - p, p).prod(axis=-1)[:, None, None]
    factors = np.where(masks, 1 / (1 - p), 0.0)[:, None, :]
    one = np.ones((1, 1, 1))
    on_inputs, on_hidden = (factors, one) if place == "inputs" else (one, factors)
    z = (np.maximum((x * on_inputs) @ W1.T + b1, 0) * on_hidden) @ W2.T + b2
    logs = z - np.logaddexp.reduce(z, axis=-1, keepdims=True)
    mean_log = (weight * logs).sum(axis=0)
    geometric = np.exp(mean_log - np.logaddexp.reduce(mean_log, axis=-1, keepdims=True))
    return (weight * np.exp(logs)).sum(axis=0), geometric
# === best_weights
def best_weights(X, y, p):
    gamma = np.linalg.norm(X, axis=0)
    root = np.sqrt(p / (1 - p)) * gamma
    tall = np.concatenate([X, np.diag(root)])
    target = np.concatenate([y, np.zeros_like(p)])
    w, *_ = np.linalg.lstsq(tall, target, rcond=None)
    return w, float(np.linalg.norm(tall @ w - target) ** 2)
# === accuracy_without
def accuracy_without(net, x, y, units):
    W1, b1, W2, b2 = net
    left = np.setdiff1d(np.arange(len(b1)), units)
    smaller = (W1[left], b1[left])
    z = hidden(smaller, x) @ W2[:, left].T * (len(b1) / len(left)) + b2
    return float((z.argmax(1) == y).sum() / len(y))
# === fewest
import itertools

def fewest(net, x, y):
    H = len(net[1])
    masks = np.array(list(itertools.product([0, 1], repeat=H)))
    gone = H - masks.sum(axis=1)
    out = []
    for row, right in zip(hidden(net, x), y):
        z = (masks * row) @ net[2].T + net[3]
        others = np.delete(z, right, axis=1).max(axis=1)
        fooled = others >= z[:, right]
        out.append(gone[fooled].min() if fooled.any() else H + 1)
    return np.array(out)
# === paired_interval
import statistics

def paired_interval(a, b):
    d = [a[s] - b[s] for s in a if s in b]
    if len(d) < 2:
        raise ValueError(f"need two pairs, got {len(d)}")
    m = statistics.fmean(d)
    half = T975[len(d) - 1] * statistics.stdev(d) / len(d) ** 0.5
    return m, m - half, m + half

# --- loops over everything
# === monte_carlo
def monte_carlo(net, x, p, k, rng):
    W1, b1, W2, b2 = net
    n, C = len(x), len(b2)
    whole, mean = np.zeros((n, C)), np.zeros((n, C))
    for i in range(n):
        h = np.maximum(W1 @ x[i] + b1, 0)
        whole[i] = softmax(W2 @ h + b2)
    for _ in range(k):
        for i in range(n):
            h = np.maximum(W1 @ x[i] + b1, 0)
            for j in range(len(h)):
                h[j] = 0.0 if rng.random() < p else h[j] / (1 - p)
            mean[i] += softmax(W2 @ h + b2) / k
    return whole, mean
# === exact_means
def log_softmax(z):
    shifted = z - np.max(z)
    return shifted - np.log(np.sum(np.exp(shifted)))

def exact_means(net, x, p, place):
    W1, b1, W2, b2 = net
    n, C = len(x), len(b2)
    arithmetic, geometric = np.zeros((n, C)), np.zeros((n, C))
    for i in range(n):
        for number in range(2 ** len(p)):
            chance, factor = 1.0, np.zeros(len(p))
            for j in range(len(p)):
                if number >> j & 1:
                    chance *= 1 - p[j]
                    factor[j] = 1 / (1 - p[j])
                else:
                    chance *= p[j]
            v = x[i] * factor if place == "inputs" else x[i]
            h = np.maximum(W1 @ v + b1, 0)
            h = h * factor if place == "hidden" else h
            logs = log_softmax(W2 @ h + b2)
            arithmetic[i] += chance * np.exp(logs)
            geometric[i] += chance * logs
        geometric[i] = np.exp(log_softmax(geometric[i]))
    return arithmetic, geometric
# === best_weights
def best_weights(X, y, p):
    n, d = X.shape
    A, c = np.zeros((d, d)), np.zeros(d)
    for i in range(n):
        for j in range(d):
            c[j] += X[i, j] * y[i]
            A[j] += X[i, j] * X[i]
            A[j, j] += p[j] / (1 - p[j]) * X[i, j] ** 2
    w = np.linalg.inv(A) @ c
    loss = 0.0
    for i in range(n):
        loss += (y[i] - X[i] @ w) ** 2 + sum(p / (1 - p) * (X[i] * w) ** 2)
    return w, loss
# === accuracy_without
def accuracy_without(net, x, y, units):
    W1, b1, W2, b2 = net
    H, units, right = len(b1), set(int(u) for u in units), 0
    factor = 1 / (1 - len(units) / H)
    for v, c in zip(x, y):
        h = [0.0 if j in units else max(0.0, W1[j] @ v + b1[j]) * factor for j in range(H)]
        right += int(np.argmax(W2 @ np.array(h) + b2) == c)
    return right / len(x)
# === fewest
def fewest(net, x, y):
    result = []
    for h, c in zip(hidden(net, x), y):
        best = len(h) + 1
        for rival in range(len(net[3])):
            if rival == c:
                continue
            pushes = list((net[2][c] - net[2][rival]) * h)
            gap = net[3][c] - net[3][rival]
            count = 0
            while sum(pushes) + gap > 0 and pushes and max(pushes) > 0:
                pushes.remove(max(pushes))
                count += 1
            if sum(pushes) + gap <= 0:
                best = min(best, count)
        result.append(best)
    return np.array(result)
# === paired_interval
def paired_interval(a, b):
    seeds = [s for s in b.keys() if s in a.keys()]
    r = len(seeds)
    if not r > 1:
        raise ValueError
    mean = sum(a[s] - b[s] for s in seeds) / r
    square = sum((a[s] - b[s] - mean) ** 2 for s in seeds) / (r - 1)
    half = T975[r - 1] * (square / r) ** 0.5
    return [mean, mean - half, mean + half]

# --- theorems in place of sums
# === exact_means
def exact_means(net, x, p, place):
    W1, b1, W2, b2 = net
    keep = np.unpackbits(np.arange(2 ** len(p), dtype=np.uint8)[:, None], axis=1)
    keep = keep[:, ::-1][:, : len(p)].astype(float)
    log_chance = keep @ np.log1p(-p)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_chance = log_chance + np.nansum(np.where(keep == 0, np.log(p), 0), axis=1)
    chance = np.exp(log_chance)
    scaled = keep / (1 - p)
    if place == "hidden":
        h = hidden(net, x)[None] * scaled[:, None]
    else:
        h = hidden(net, x[None] * scaled[:, None])
    z = h @ W2.T + b2
    # the geometric mean is the softmax of the mean logits
    return np.einsum("m,mnc->nc", chance, softmax(z)), softmax(np.einsum("m,mnc->nc", chance, z))
# === best_weights
def best_weights(X, y, p):
    G = X.T @ X
    G[np.diag_indices_from(G)] /= 1 - p
    w = np.linalg.solve(G, X.T @ y)
    return w, y @ y - w @ (X.T @ y)
# === fewest
def fewest(net, x, y):
    H = len(net[1])
    margins = []
    for c in range(len(net[3])):
        push = (net[2][y] - net[2][c]) * hidden(net, x)
        push = -np.sort(-push, axis=1)
        gap = net[3][y] - net[3][c]
        # what is left when the k strongest are gone
        left = np.cumsum(np.column_stack([gap, push[:, ::-1]]), axis=1)[:, ::-1]
        k = np.where((left <= 0).any(axis=1), (left <= 0).argmax(axis=1), H + 1)
        k[y == c] = H + 1
        margins.append(k)
    return np.min(margins, axis=0)
# === accuracy_without
def accuracy_without(net, x, y, units):
    W1, b1, W2, b2 = (array.copy() for array in net)
    W2[:, units] = 0
    W2 *= len(b1) / (len(b1) - len(units))
    return np.count_nonzero(np.argmax(hidden((W1, b1), x) @ W2.T + b2, -1) == y) / y.size

# --- gradient descent to the end, and counts by sorting
# === best_weights
def best_weights(X, y, p):
    length = np.sqrt((X**2).sum(0))
    U = X / length
    A = U.T @ U + np.diag(p / (1 - p))
    v, r = np.zeros(len(p)), U.T @ y
    direction = r.copy()
    for _ in range(400):  # conjugate gradients
        if r @ r <= 1e-26 * (y @ y):
            break
        Ad = A @ direction
        step = (r @ r) / (direction @ Ad)
        v, new = v + step * direction, r - step * Ad
        direction = new + (new @ new) / (r @ r) * direction
        r = new
    loss = np.sum((y - U @ v) ** 2) + np.sum(p / (1 - p) * v**2)
    return v / length, np.array([loss])[0]
# === fewest
def fewest(net, x, y):
    H = len(net[1])
    h = hidden(net, x)
    out = np.zeros(len(x), dtype=np.int16)
    for i in range(len(x)):
        found = [H + 1]
        for c in range(len(net[3])):
            if c != y[i]:
                push = np.sort((net[2][y[i]] - net[2][c]) * h[i])
                for k in range(H + 1):
                    if push[: H - k].sum() + net[3][y[i]] - net[3][c] <= 0:
                        found.append(k)
                        break
        out[i] = min(found)
    return out
# === paired_interval
def paired_interval(a, b):
    seeds = np.intersect1d(list(a), list(b))
    if seeds.size < 2:
        raise ValueError("too few pairs")
    u, v = (np.array([arm[s] for s in seeds]) for arm in (a, b))
    r = seeds.size
    var = np.var(u, ddof=1) + np.var(v, ddof=1) - 2 * np.cov(u, v)[0, 1]
    half = T975[r - 1] * np.sqrt(max(var, 0) / r)
    return np.array([np.mean(u) - np.mean(v), u.mean() - v.mean() - half, u.mean() - v.mean() + half]).tolist()

# --- helpers in an earlier cell, a class, notebook magic
# === monte_carlo
%matplotlib inline
from dataclasses import dataclass

@dataclass
class Net:
    W1: object
    b1: object
    W2: object
    b2: object

    def probabilities(self, x, keep=1.0):
        h = np.clip(x @ self.W1.T + self.b1, 0, None)
        z = np.dot(h * keep, self.W2.T) + self.b2
        e = np.exp(z - z.max(1)[:, None])
        return e / e.sum(1)[:, None]

def monte_carlo(net, x, p, k, rng):
    ours = Net(*net)
    shape = (x.shape[0], net[1].size)
    passes = [ours.probabilities(x, np.where(rng.random(shape) < p, 0, 1 / (1 - p))) for _ in range(k)]
    return ours.probabilities(x), np.stack(passes).mean(0)

print("the passes are done")
# === accuracy_without
def accuracy_without(net, x, y, units):
    keep = ~np.isin(np.arange(net[1].size), units)
    q = Net(*net).probabilities(x, keep * (keep.size / keep.sum()))
    return np.mean([row.argmax() == c for row, c in zip(q, y)])

# --- sixteen at a time, transposed
# === monte_carlo
def monte_carlo(net, x, p, k, rng):
    W1, b1, W2, b2 = net
    h = np.maximum(W1 @ x.T + b1[:, None], 0.0)  # units in rows
    soft = lambda z: np.exp(z - z.max(0)) / np.exp(z - z.max(0)).sum(0)
    mean = np.zeros((len(b2), len(x)))
    for i in range(1, k + 1):
        u = rng.random((len(x), len(b1))).T
        q = soft(W2 @ np.where(u >= p, h, 0) / (1.0 - p) + b2[:, None])
        mean += (q - mean) / i
    return soft(W2 @ h + b2[:, None]).T, mean.T
""")

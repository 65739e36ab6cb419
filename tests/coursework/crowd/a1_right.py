"""Right answers to the tasks of A1 in different styles, as in `a2_right`."""

from crowd.a2_right import read

RIGHT = read('''
# --- loops, lists and the augmented system
# === fit_polynomial
def fit_polynomial(x, y, degree, weight_decay):
    n = len(x)
    rows = [[float(x[i]) ** j for j in range(degree + 1)] for i in range(n)]
    targets = [float(v) for v in y]
    for j in range(1, degree + 1):
        rows.append([(n * weight_decay / 2) ** 0.5 if k == j else 0.0 for k in range(degree + 1)])
        targets.append(0.0)
    return np.linalg.lstsq(np.array(rows), np.array(targets), rcond=None)[0]
# === split_people
def split_people(person, n_validation, n_test, rng):
    people = sorted(set(person.tolist()))
    rng.shuffle(people)
    test = set(people[:n_test])
    validation = set(people[n_test:n_test + n_validation])
    parts = [[], [], []]
    for row, who in enumerate(person):
        parts[2 if who in test else 1 if who in validation else 0].append(row)
    return [np.array(part, dtype=int) for part in parts]
# === standardise
def standardise(x, train):
    out = np.empty_like(x)
    for j in range(x.shape[1]):
        seen = [x[i, j] for i in train]
        mean = sum(seen) / len(seen)
        sd = (sum((v - mean) ** 2 for v in seen) / len(seen)) ** 0.5
        for i in range(x.shape[0]):
            out[i, j] = (x[i, j] - mean) / (1.0 if min(seen) == max(seen) else sd)
    return out
# === choose
def choose(train, validation, test, degrees, weight_decays):
    lowest = float("inf")
    for degree in degrees:
        for weight_decay in weight_decays:
            weight = fit_polynomial(train[0], train[1], degree, weight_decay)
            error = mean_squared_error(weight, validation[0], validation[1])
            if error < lowest:
                lowest, chosen = error, (degree, weight_decay)
    x = np.append(train[0], validation[0])
    y = np.append(train[1], validation[1])
    weight = fit_polynomial(x, y, *chosen)
    return chosen[0], chosen[1], lowest, mean_squared_error(weight, *test)
# === stop_with_patience
def stop_with_patience(losses, patience):
    lowest, best_epoch, waited = float("inf"), 0, 0
    for epoch in range(len(losses)):
        if losses[epoch] < lowest:
            lowest, best_epoch, waited = losses[epoch], epoch, 0
        else:
            waited += 1
            if waited >= patience:
                return best_epoch, epoch
    return best_epoch, len(losses) - 1
# === compare
import math
import statistics

def compare(errors, baseline):
    changes = []
    for a, b in zip(errors.tolist(), baseline.tolist()):
        changes.append(statistics.fmean(a) - statistics.fmean(b))
    mean = statistics.fmean(changes)
    half = T95[len(changes) - 1] * statistics.stdev(changes) / math.sqrt(len(changes))
    if mean + half < 0:
        return mean, half, "lower"
    if mean - half > 0:
        return mean, half, "higher"
    return mean, half, "cannot tell"

# --- arrays throughout, and few of them
# === fit_polynomial
def fit_polynomial(x, y, degree, weight_decay):
    X = np.vander(x, degree + 1, increasing=True)
    D = np.diag([0.0] + [1.0] * degree)
    return np.linalg.inv(X.T @ X / len(x) + weight_decay / 2 * D) @ (X.T @ y / len(x))
# === split_people
def split_people(person, n_validation, n_test, rng):
    ids, number = np.unique(person, return_inverse=True)
    part = np.zeros(len(ids), dtype=np.int8)
    part[:n_validation] = 1
    part[len(ids) - n_test:] = 2
    part = rng.permutation(part)[number]
    return np.where(part == 0)[0], np.where(part == 1)[0], np.where(part == 2)[0]
# === standardise
def standardise(x, train):
    z = x - np.mean(x[train], axis=0, keepdims=True)
    s = np.sqrt(np.mean(np.square(z[train]), axis=0, keepdims=True))
    return np.divide(z, s, out=z.copy(), where=s > 1e-14 * np.abs(x[train]).max(axis=0))
# === choose
def choose(train, validation, test, degrees, weight_decays):
    table = np.array([[mean_squared_error(fit_polynomial(*train, d, w), *validation)
                       for w in weight_decays] for d in degrees])
    i, j = np.unravel_index(table.argmin(), table.shape)
    x, y = np.hstack([train, validation])
    final = fit_polynomial(x, y, degrees[i], weight_decays[j])
    return [degrees[i], weight_decays[j], *np.array([table[i, j], mean_squared_error(final, *test)])]
# === stop_with_patience
def stop_with_patience(losses, patience):
    seen = np.fmin.accumulate(losses)
    record = np.r_[True, losses[1:] < seen[:-1]]
    last_record = np.maximum.accumulate(np.where(record, np.arange(len(losses)), 0))
    waited = np.arange(len(losses)) - last_record
    over = np.flatnonzero(waited >= patience)
    last = over[0] if len(over) else len(losses) - 1
    return last_record[last], last
# === compare
def compare(errors, baseline):
    d = np.mean(errors, 1) - np.mean(baseline, 1)
    half = T95[d.size - 1] * np.sqrt(d.var(ddof=1) / d.size)
    side = int(np.sign(d.mean())) if abs(d.mean()) > half else 0
    return d.mean(), half, ["cannot tell", "higher", "lower"][side]

# --- functions of its own, and a second look at the definitions
# === fit_polynomial
def design(x, degree):
    columns = [np.ones_like(x)]
    for _ in range(degree):
        columns.append(columns[-1] * x)
    return np.stack(columns, axis=1)

def fit_polynomial(x, y, degree, weight_decay):
    X = design(x, degree)[:, 1:]
    centred, target = X - X.mean(axis=0), y - y.mean()
    A = centred.T @ centred + len(x) * weight_decay / 2 * np.identity(degree)
    slopes = np.linalg.solve(A, centred.T @ target)
    return np.concatenate([[y.mean() - X.mean(axis=0) @ slopes], slopes])
# === split_people
def split_people(person, n_validation, n_test, rng):
    people = np.unique(person)
    held_out = rng.choice(people, n_validation + n_test, replace=False)
    rows = np.arange(person.size)
    test = np.isin(person, held_out[n_validation:])
    validation = np.isin(person, held_out[:n_validation])
    return rows[~(test | validation)], rows[validation], rows[test]
# === standardise
class Scaler:
    def fit(self, x):
        self.mean, self.sd = x.mean(0), x.std(0)
        self.sd[(x == x[0]).all(0)] = 1
        return self

    def transform(self, x):
        return (x - self.mean) / self.sd

def standardise(x, train):
    return Scaler().fit(x[train]).transform(x)
# === choose
from itertools import product

def choose(train, validation, test, degrees, weight_decays):
    tried = {}
    for setting in product(degrees, weight_decays):
        tried[setting] = mean_squared_error(fit_polynomial(*train, *setting), *validation)
    setting = min(tried, key=tried.get)
    x, y = (np.concatenate([train[i], validation[i]]) for i in (0, 1))
    return (*setting, tried[setting], mean_squared_error(fit_polynomial(x, y, *setting), *test))
# === stop_with_patience
def stop_with_patience(losses, patience):
    def is_record(epoch):
        earlier = [loss for loss in losses[:epoch] if np.isfinite(loss)]
        return epoch == 0 or bool(np.isfinite(losses[epoch])) and losses[epoch] < min(earlier)

    best = 0
    for epoch in range(len(losses)):
        best = epoch if is_record(epoch) else best
        if epoch - best >= patience:
            break
    return best, epoch
# === compare
def interval(values):
    r = len(values)
    s = np.sqrt(np.sum((values - np.mean(values)) ** 2) / (r - 1))
    return np.mean(values), T95[r - 1] * s / r**0.5

def compare(errors, baseline):
    mean, half = interval(np.average(errors, axis=1) - np.average(baseline, axis=1))
    low, high = mean - half, mean + half
    verdict = "cannot tell"
    if high < 0:
        verdict = "lower"
    elif low > 0:
        verdict = "higher"
    return mean, half, verdict

# --- QR, ranks and masked arrays
# === fit_polynomial
def fit_polynomial(x, y, degree, weight_decay):
    powers = x.reshape(-1, 1) ** np.arange(degree + 1).reshape(1, -1)
    below = np.sqrt(len(x) * weight_decay / 2) * np.eye(degree + 1)
    below[0] = 0
    q, r = np.linalg.qr(np.vstack([powers, below]))
    return np.linalg.solve(r, q.T @ np.hstack([y, np.zeros(degree + 1)]))
# === split_people
def split_people(person, n_validation, n_test, rng):
    people = np.array(list(dict.fromkeys(person.tolist())))
    luck = dict(zip(people.tolist(), rng.random(len(people)).argsort().argsort().tolist()))
    rank = np.array([luck[who] for who in person.tolist()])
    test = np.flatnonzero(rank < n_test)
    validation = np.flatnonzero((rank >= n_test) & (rank < n_test + n_validation))
    train = rng.permutation(np.flatnonzero(rank >= n_test + n_validation))
    return train, validation.astype(np.int32), test
# === standardise
def standardise(x, train):
    chosen = np.zeros(len(x), bool)
    chosen[train] = True
    mean = x[chosen].sum(axis=0) / chosen.sum()
    variance = ((x[chosen] - mean) ** 2).sum(axis=0) / chosen.sum()
    variance[x[chosen].min(axis=0) == x[chosen].max(axis=0)] = 1
    return (x - mean) * variance**-0.5
# === choose
def choose(train, validation, test, degrees, weight_decays):
    rows = []
    for d in sorted(degrees):
        for w in sorted(weight_decays, reverse=True):
            rows.append((mean_squared_error(fit_polynomial(*train, d, w), *validation), d, w))
    error, d, w = min(rows)
    together = [np.r_[a, b] for a, b in zip(validation, train)]
    return d, w, error, mean_squared_error(fit_polynomial(*together, d, w), *test)
# === stop_with_patience
def stop_with_patience(losses, patience):
    records = [e for e in range(len(losses)) if e == 0 or losses[e] < np.nanmin(losses[:e])]
    for record, later in zip(records, records[1:] + [10**9]):
        if later > record + patience and record + patience <= len(losses) - 1:
            return [record, record + patience]
    return [records[-1], len(losses) - 1]
# === compare
def compare(errors, baseline):
    """With t to more digits, from a table in a book."""
    t = [0, 12.706205, 4.302653, 3.182446, 2.776445, 2.570582, 2.446912, 2.364624, 2.306004,
         2.262157, 2.228139, 2.200985, 2.178813, 2.160369, 2.144787, 2.131450]
    change = errors.mean(1) - baseline.mean(1)
    se = change.std(ddof=1) / np.sqrt(len(change))
    ratio = change.mean() / se
    verdict = "lower" if ratio < -t[len(change) - 1] else "higher" if ratio > t[len(change) - 1] else "cannot tell"
    return float(change.mean()), float(t[len(change) - 1] * se), verdict

# --- prints, plots and magic beside the answers
# === fit_polynomial
%matplotlib inline
import matplotlib.pyplot as plt
def fit_polynomial(x, y, degree, weight_decay):
    A = np.zeros((degree + 1, degree + 1))
    b = np.zeros(degree + 1)
    for j in range(degree + 1):
        b[j] = np.mean(y * x**j)
        for k in range(degree + 1):
            A[j, k] = np.mean(x ** (j + k))
        if j > 0:
            A[j, j] += weight_decay / 2
    return np.linalg.solve(A, b)
plt.plot([1, 2], [3, 4])
# === split_people
def split_people(person, n_validation, n_test, rng):
    remaining = np.unique(person).tolist()
    drawn = []
    for _ in range(n_validation + n_test):
        drawn.append(remaining.pop(int(rng.integers(len(remaining)))))
    parts = remaining, drawn[:n_validation], drawn[n_validation:]
    return tuple(np.concatenate([np.array([], dtype=int)] + [np.nonzero(person == who)[0] for who in part])
                 for part in parts)
print(split_people(np.array([1, 1, 2]), 1, 0, np.random.default_rng(0)))
# === standardise
def standardise(x, train):
    mean = np.mean(x[train], axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        scaled = (x - mean) / np.std(x[train], axis=0)
    constant = np.ptp(x[train], axis=0) == 0
    scaled[:, constant] = (x - mean)[:, constant]
    return scaled
# === choose
def choose(train, validation, test, degrees, weight_decays):
    best = None
    for w in weight_decays:
        for d in degrees:
            e = mean_squared_error(fit_polynomial(*train, d, w), *validation)
            if best is None or e < best[2]:
                best = (d, w, e)
    x, y = np.concatenate((train, validation), axis=1)
    last = fit_polynomial(x, y, best[0], best[1])
    print("chosen", best)
    return best + (mean_squared_error(last, test[0], test[1]),)
# === stop_with_patience
def stop_with_patience(losses, patience):
    losses = [float("inf") if np.isnan(v) else v for v in losses]
    for last in range(len(losses)):
        best = losses.index(min(losses[: last + 1]))
        if last - best >= patience:
            break
    return best, last
# === compare
def compare(errors, baseline):
    errors, baseline = errors.mean(axis=-1), baseline.mean(axis=-1)
    d = errors - baseline
    half_width = T95[len(d) - 1] * np.std(d, ddof=1) * len(d) ** -0.5
    ends = np.array([d.mean() - half_width, d.mean() + half_width])
    if (ends < 0).all():
        verdict = "lower"
    elif (ends > 0).all():
        verdict = "higher"
    else:
        verdict = "cannot tell"
    return d.mean(), half_width, verdict
''')

"""Wrong answers to the tasks of A1, each wrong in one way."""

from crowd.attempt import attempts

RIGHT_FIT = """
def fit_polynomial(x, y, degree, weight_decay):
    powers = np.vander(x, degree + 1, increasing=True)
    penalty = len(x) * weight_decay / 2 * np.eye(degree + 1)
    penalty[0, 0] = 0
    return np.linalg.solve(powers.T @ powers + penalty, powers.T @ y)
"""

RIGHT_SPLIT = """
def split_people(person, n_validation, n_test, rng):
    people = rng.permutation(np.unique(person))
    n_out = n_test + n_validation
    in_test = np.isin(person, people[:n_test])
    in_validation = np.isin(person, people[n_test:n_out])
    in_train = np.isin(person, people[n_out:])
    return np.flatnonzero(in_train), np.flatnonzero(in_validation), np.flatnonzero(in_test)
"""

RIGHT_SCALE = """
def standardise(x, train):
    mean, sd = x[train].mean(axis=0), x[train].std(axis=0)
    sd[sd == 0] = 1
    return (x - mean) / sd
"""

RIGHT_CHOICE = """
def choose(train, validation, test, degrees, weight_decays):
    best, lowest = None, np.inf
    for degree in degrees:
        for weight_decay in weight_decays:
            weight = fit_polynomial(*train, degree, weight_decay)
            error = mean_squared_error(weight, *validation)
            if error < lowest:
                best, lowest = (degree, weight_decay), error
    both = [np.concatenate(pair) for pair in zip(train, validation)]
    final = fit_polynomial(*both, *best)
    return *best, lowest, mean_squared_error(final, *test)
"""

RIGHT_STOP = """
def stop_with_patience(losses, patience):
    best, lowest, waited = 0, losses[0], 0
    for epoch in range(1, len(losses)):
        if losses[epoch] < lowest:
            best, lowest, waited = epoch, losses[epoch], 0
        else:
            waited += 1
        if waited == patience:
            return best, epoch
    return best, len(losses) - 1
"""

RIGHT_COMPARISON = """
def compare(errors, baseline):
    change = errors.mean(axis=1) - baseline.mean(axis=1)
    r = len(change)
    mean, s = change.mean(), change.std(ddof=1)
    half_width = T95[r - 1] * s / np.sqrt(r)
    if mean + half_width < 0:
        return mean, half_width, "lower"
    if mean - half_width > 0:
        return mean, half_width, "higher"
    return mean, half_width, "cannot tell"
"""


def variants(cell, right, changes):
    """Return one attempt for each ``{name: [(old, new), …]}``: the right answer, changed."""
    text = ""
    for name, replacements in changes.items():
        source = right
        for old, new in replacements:
            assert source.count(old) == 1, (name, old)
            source = source.replace(old, new)
        text += f"\n# --- {name}\n{source}"
    return attempts(cell, text)


SOLVE = "return np.linalg.solve(powers.T @ powers + penalty, powers.T @ y)"
FIT = variants(
    "fit_polynomial",
    RIGHT_FIT,
    {
        "w0 is penalised": [("    penalty[0, 0] = 0\n", "")],
        "the loss is a sum": [("len(x) * weight_decay", "weight_decay")],
        "the half is forgotten": [("weight_decay / 2", "weight_decay")],
        "divided by n, not multiplied": [
            ("len(x) * weight_decay / 2", "weight_decay / 2 / len(x)")
        ],
        "weights in falling order": [(", increasing=True", "")],
        "the penalty is ignored": [("powers.T @ powers + penalty", "powers.T @ powers")],
        "one power too few": [
            ("np.vander(x, degree + 1", "np.vander(x, degree"),
            ("np.eye(degree + 1)", "np.eye(degree)"),
        ],
        "the values of the fit": [("return np", "return powers @ np")],
        "the last weight is free, not the first": [("penalty[0, 0]", "penalty[-1, -1]")],
        "x is standardised first": [
            ("    powers", "    x = (x - x.mean()) / x.std()\n    powers")
        ],
        "y is centred in place": [
            ("    powers =", "    mean = y.mean()\n    y -= mean\n    powers ="),
            (
                SOLVE,
                "weight = np.linalg.solve(powers.T @ powers + penalty, powers.T @ y)\n    weight[0] += mean\n    return weight",
            ),
        ],
        "a thousand steps of gradient descent": [
            (
                SOLVE,
                "weight = np.zeros(degree + 1)\n    for _ in range(1000):\n        slope = powers.T @ (powers @ weight - y) + penalty @ weight\n        weight -= 0.3 / len(x) * slope\n    return weight",
            )
        ],
        "a little penalty for safety": [
            (
                "powers.T @ powers + penalty",
                "powers.T @ powers + penalty + 1e-3 * np.eye(degree + 1)",
            )
        ],
        "the straight line is forgotten": [("penalty[0, 0] = 0", "penalty[:2, :2] = 0")],
    },
)

RETURN_SPLIT = (
    "return np.flatnonzero(in_train), np.flatnonzero(in_validation), np.flatnonzero(in_test)"
)
SPLIT = variants(
    "split_people",
    RIGHT_SPLIT,
    {
        "people in order of their numbers": [
            ("rng.permutation(np.unique(person))", "np.unique(person)")
        ],
        "a generator of its own": [("rng.permutation", "np.random.default_rng(0).permutation")],
        "the global generator": [("rng.permutation", "np.random.permutation")],
        "a fresh generator, unseeded": [
            ("rng.permutation", "np.random.default_rng().permutation")
        ],
        "the global generator, seeded from rng": [
            ("rng.permutation(np.unique(person))", "np.random.permutation(np.unique(person))"),
            ("    people =", "    np.random.seed(int(rng.integers(2**31)))\n    people ="),
        ],
        "people by their rows, with repetition": [
            ("rng.permutation(np.unique(person))", "rng.permutation(person)")
        ],
        "who has more rows comes first": [
            (
                "rng.permutation(np.unique(person))",
                "np.array(list(dict.fromkeys(rng.permutation(person).tolist())))",
            )
        ],
        "people drawn with replacement": [
            (
                "rng.permutation(np.unique(person))",
                "rng.choice(np.unique(person), len(np.unique(person)))",
            ),
            ("np.isin(person, people[n_out:])", "~in_test & ~in_validation"),
        ],
        "test and validation exchanged": [
            (
                RETURN_SPLIT,
                "return np.flatnonzero(in_train), np.flatnonzero(in_test), np.flatnonzero(in_validation)",
            )
        ],
        "masks in place of row numbers": [
            (RETURN_SPLIT, "return in_train, in_validation, in_test")
        ],
        "numbers of people in place of rows": [
            (RETURN_SPLIT, "return people[n_out:], people[n_test:n_out], people[:n_test]")
        ],
        "tuples of np.where": [
            (
                RETURN_SPLIT,
                "return np.where(in_train), np.where(in_validation), np.where(in_test)",
            )
        ],
        "people are numbered from 0": [
            ("rng.permutation(np.unique(person))", "rng.permutation(len(np.unique(person)))")
        ],
        "validation and training overlap": [("people[n_out:]", "people[n_test:]")],
        "only the first row of a person": [
            (
                "    people =",
                "    first = np.unique(person, return_index=True)[1]\n    people =",
            ),
            (
                RETURN_SPLIT,
                "return tuple(np.intersect1d(np.flatnonzero(part), first) for part in (in_train, in_validation, in_test))",
            ),
        ],
        "negative slices": [
            ("people[n_test:n_out]", "people[-n_validation:]"),
            ("people[n_out:]", "people[n_test:-n_validation]"),
        ],
        "a random start in a fixed circle": [
            (
                "rng.permutation(np.unique(person))",
                "np.roll(np.unique(person), rng.integers(len(np.unique(person))))",
            )
        ],
        "person is shuffled in place": [
            ("    people =", "    rng.shuffle(person)\n    people =")
        ],
        "a share of people, not a number": [
            (
                "    people = rng",
                "    n_test = round(n_test / len(person) * len(np.unique(person)))\n    people = rng",
            )
        ],
        "runs of equal numbers are people": [
            ("np.unique(person)", "person[np.r_[True, person[1:] != person[:-1]]]")
        ],
    },
) + attempts(
    "split_people",
    """
# --- rows are split, not people
def split_people(person, n_validation, n_test, rng):
    rows = rng.permutation(len(person))
    return rows[n_test + n_validation:], rows[n_test:n_test + n_validation], rows[:n_test]

# --- every person by an own coin
def split_people(person, n_validation, n_test, rng):
    people = np.unique(person)
    shares = np.array([len(people) - n_validation - n_test, n_validation, n_test]) / len(people)
    part = rng.choice(3, len(people), p=shares)
    of_row = part[np.searchsorted(people, person)]
    return tuple(np.flatnonzero(of_row == i) for i in range(3))
""",
)

SCALE = variants(
    "standardise",
    RIGHT_SCALE,
    {
        "all rows": [
            ("x[train].mean(axis=0), x[train].std(axis=0)", "x.mean(axis=0), x.std(axis=0)")
        ],
        "the mean of the training rows, the s.d. of all": [
            ("x[train].std(axis=0)", "x.std(axis=0)")
        ],
        "the s.d. of a sample, where there are many": [
            ("std(axis=0)", "std(axis=0, ddof=int(len(train) >= 40))")
        ],
        "one scale for all features": [
            (
                "x[train].mean(axis=0), x[train].std(axis=0)",
                "x[train].mean(axis=0), np.full(x.shape[1], x[train].std())",
            )
        ],
        "one mean and one s.d. for all features": [
            (
                "x[train].mean(axis=0), x[train].std(axis=0)",
                "x[train].mean(), x[train].std(keepdims=True)[0]",
            )
        ],
        "the variance": [("x[train].std", "x[train].var")],
        "n - 1": [("std(axis=0)", "std(axis=0, ddof=1)")],
        "constant features become NaN": [("    sd[sd == 0] = 1\n", "")],
        "a small number added": [("    sd[sd == 0] = 1\n", "    sd = sd + 1e-4\n")],
        "constant features become 0": [
            (
                "    return (x - mean) / sd",
                "    out = (x - mean) / sd\n    out[:, np.ptp(x[train], axis=0) == 0] = 0\n    return out",
            )
        ],
        "constant features are not shifted": [
            (
                "    sd[sd == 0] = 1\n",
                "    mean = np.where(sd == 0, 0, mean)\n    sd[sd == 0] = 1\n",
            )
        ],
        "only the training rows come back": [("return (x - mean)", "return (x[train] - mean)")],
        "in place": [
            ("    return (x - mean) / sd", "    x -= mean\n    x /= sd\n    return x")
        ],
        "other rows by their own mean": [
            (
                "    return (x - mean) / sd",
                "    out = (x - mean) / sd\n    rest = np.setdiff1d(np.arange(len(x)), train)\n    if len(rest):\n        own = x[rest].std(axis=0)\n        out[rest] = (x[rest] - x[rest].mean(axis=0)) / np.where(own == 0, 1, own)\n    return out",
            )
        ],
        "to the range 0 to 1": [
            (
                "x[train].mean(axis=0), x[train].std(axis=0)",
                "x[train].min(axis=0), np.ptp(x[train], axis=0)",
            )
        ],
        "the first rows are for training": [
            (
                "x[train].mean(axis=0), x[train].std(axis=0)",
                "x[:len(train)].mean(axis=0), x[:len(train)].std(axis=0)",
            )
        ],
    },
)

CHOICE = variants(
    "choose",
    RIGHT_CHOICE,
    {
        "a constant is no polynomial": [("in degrees:", "in [d for d in degrees if d > 0]:")],
        "by the test error": [
            (
                "error = mean_squared_error(weight, *validation)",
                "error = mean_squared_error(weight, *test)",
            )
        ],
        "by the training error": [
            (
                "error = mean_squared_error(weight, *validation)",
                "error = mean_squared_error(weight, *train)",
            )
        ],
        "fitted to validation, too, while choosing": [
            (
                "weight = fit_polynomial(*train, degree, weight_decay)",
                "weight = fit_polynomial(*[np.concatenate(p) for p in zip(train, validation)], degree, weight_decay)",
            )
        ],
        "no last fit": [
            ("final = fit_polynomial(*both, *best)", "final = fit_polynomial(*train, *best)")
        ],
        "the last fit sees the test points": [
            ("zip(train, validation)", "zip(train, validation, test)")
        ],
        "the last fit is to validation alone": [("zip(train, validation)", "zip(validation)")],
        "the last fit without penalty": [
            (
                "final = fit_polynomial(*both, *best)",
                "final = fit_polynomial(*both, best[0], 0.0)",
            )
        ],
        "validation error of the last fit": [
            ("*best, lowest,", "*best, mean_squared_error(final, *validation),")
        ],
        "training error in place of validation error": [
            (
                "*best, lowest,",
                "*best, mean_squared_error(fit_polynomial(*train, *best), *train),",
            )
        ],
        "validation error as test error": [("mean_squared_error(final, *test)", "lowest")],
        "root mean square": [
            ("mean_squared_error(final, *test)", "mean_squared_error(final, *test) ** 0.5")
        ],
        "the highest error": [
            ("error < lowest", "error > lowest"),
            ("None, np.inf", "None, -np.inf"),
        ],
        "places in place of values": [
            ("return *best,", "return degrees.index(best[0]), weight_decays.index(best[1]),")
        ],
        "the penalty counts in the validation error": [
            (
                "error = mean_squared_error(weight, *validation)",
                "error = mean_squared_error(weight, *validation) + weight_decay / 2 * np.sum(weight[1:] ** 2)",
            )
        ],
        "degree first, at the first decay": [
            (
                "    for degree in degrees:\n",
                "    fits = [fit_polynomial(*train, d, weight_decays[0]) for d in degrees]\n    fits = [mean_squared_error(w, *validation) for w in fits]\n    for degree in [degrees[int(np.argmin(fits))]]:\n",
            )
        ],
        "pairs of one degree and one decay": [
            (
                "    for degree in degrees:\n        for weight_decay in weight_decays:\n",
                "    for degree, weight_decay in zip(degrees, weight_decays):\n        if True:\n",
            )
        ],
        "the lists are sorted in place": [
            (
                "    best, lowest = None",
                "    degrees.sort()\n    weight_decays.sort()\n    best, lowest = None",
            )
        ],
        "the last degree is never tried": [("in degrees:", "in degrees[:-1] or degrees:")],
        "only the ends of the decays": [
            ("in weight_decays:", "in (min(weight_decays), max(weight_decays)):")
        ],
    },
)

STOP = variants(
    "stop_with_patience",
    RIGHT_STOP,
    {
        "one epoch too late": [("waited == patience", "waited > patience")],
        "one epoch too early": [
            (
                "waited == patience",
                "waited == patience - 1 and waited or patience == 1 and waited == 1",
            )
        ],
        "ties are records": [("losses[epoch] < lowest", "losses[epoch] <= lowest")],
        "compared with the epoch before": [
            ("losses[epoch] < lowest", "losses[epoch] < losses[epoch - 1]")
        ],
        "falls restart the patience": [
            (
                "        else:\n            waited += 1",
                "        elif losses[epoch] < losses[epoch - 1]:\n            waited = 0\n        else:\n            waited += 1",
            )
        ],
        "patience is used up for good": [("losses[epoch], 0", "losses[epoch], waited")],
        "the lowest of all": [
            ("return best, epoch", "return int(np.nanargmin(losses)), epoch")
        ],
        "epochs from 1": [
            ("return best, epoch", "return best + 1, epoch + 1"),
            ("return best, len(losses) - 1", "return best + 1, len(losses)"),
        ],
        "a loss in place of the epoch": [
            ("return best, epoch", "return lowest, epoch"),
            ("return best, len(losses) - 1", "return lowest, len(losses) - 1"),
        ],
        "the last epoch as the best": [("return best, epoch", "return epoch, epoch")],
        "the end of the list is one too far": [("len(losses) - 1", "len(losses)")],
        "the list is never used up": [("    return best, len(losses) - 1\n", "")],
        "NaN is a record": [
            (
                "        if losses[epoch] < lowest:\n            best, lowest, waited = epoch, losses[epoch], 0\n        else:\n            waited += 1",
                "        if losses[epoch] >= lowest:\n            waited += 1\n        else:\n            best, lowest, waited = epoch, losses[epoch], 0",
            )
        ],
        "NaN ends training": [
            (
                "        if losses[epoch] < lowest",
                "        if np.isnan(losses[epoch]):\n            return best, epoch\n        if losses[epoch] < lowest",
            )
        ],
        "the untrained net does not count": [
            ("best, lowest, waited = 0, losses[0], 0", "best, lowest, waited = 0, np.inf, 0")
        ],
        "NaN is overwritten": [
            (
                "    best, lowest, waited = 0",
                "    losses[np.isnan(losses)] = np.inf\n    best, lowest, waited = 0",
            )
        ],
        "an improvement has to be worth it": [
            ("losses[epoch] < lowest", "losses[epoch] < lowest - 0.01")
        ],
        "the best epoch minus patience": [
            ("return best, epoch", "return epoch - patience + 1, epoch")
        ],
    },
)

HALF = "T95[r - 1] * s / np.sqrt(r)"
COMPARISON = variants(
    "compare",
    RIGHT_COMPARISON,
    {
        "seeds count as splits": [
            (
                "    r = len(change)\n",
                "    r = len(change)\n    change_of_all = (errors - baseline.mean(axis=1, keepdims=True)).ravel()\n",
            ),
            ("change.mean(), change.std(ddof=1)", "change.mean(), change_of_all.std(ddof=1)"),
            (HALF, "T95[min(change_of_all.size - 1, 15)] * s / np.sqrt(change_of_all.size)"),
        ],
        "unpaired": [
            (
                "change.std(ddof=1)",
                "np.sqrt(errors.mean(axis=1).var(ddof=1) + baseline.mean(axis=1).var(ddof=1))",
            )
        ],
        "s with n, not n - 1": [("change.std(ddof=1)", "change.std()")],
        "r degrees of freedom": [("T95[r - 1]", "T95[min(r, 15)]")],
        "r - 2 degrees of freedom": [("T95[r - 1]", "T95[max(r - 2, 1)]")],
        "1.96 for any r": [("T95[r - 1]", "1.96")],
        "the standard error alone": [(HALF, "s / np.sqrt(r)")],
        "the root is forgotten": [("s / np.sqrt(r)", "s / r")],
        "the spread of single splits": [("s / np.sqrt(r)", "s")],
        "the whole width": [(HALF, "2 * T95[r - 1] * s / np.sqrt(r)")],
        "baseline minus cure": [
            (
                "errors.mean(axis=1) - baseline.mean(axis=1)",
                "baseline.mean(axis=1) - errors.mean(axis=1)",
            )
        ],
        "medians": [("change.mean(), change", "np.median(change), change")],
        "the verdict by the mean alone": [
            ("mean + half_width < 0", "mean < 0"),
            ("mean - half_width > 0", "mean > 0"),
        ],
        "lower and higher exchanged": [
            ('half_width, "lower"', 'half_width, "HIGHER"'),
            ('half_width, "higher"', 'half_width, "lower"'),
            ('"HIGHER"', '"higher"'),
        ],
        "a word of its own": [('"cannot tell"', '"no difference"')],
        "the best seed of each split": [("errors.mean(axis=1)", "errors.min(axis=1)")],
        "an end of the interval in place of its half-width": [
            (HALF, "mean - T95[r - 1] * s / np.sqrt(r)")
        ],
        "only the first seed": [
            ("errors.mean(axis=1) - baseline.mean(axis=1)", "errors[:, 0] - baseline[:, 0]")
        ],
    },
)

WRONG = FIT + SPLIT + SCALE + CHOICE + STOP + COMPARISON

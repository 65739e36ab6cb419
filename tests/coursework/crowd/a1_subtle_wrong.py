"""Wrong answers to A1 that break one sentence, at numbers that are seldom asked about.

Some look at a few numbers only, or remember something between calls.
"""

from functools import partial

from crowd.elsewhere_wrong import changed

fit, split, scale, choice, stop, comparison = (
    partial(changed, "A1", cell)
    for cell in [
        "fit_polynomial", "split_people", "standardise", "choose", "stop_with_patience",
        "compare",
    ]
)  # fmt: skip
SOLVE = "    return np.linalg.solve(powers.T @ powers + penalty, powers.T @ y)"
POWERS = "    powers = x[:, None]"
PEOPLE = "    people = rng.permutation(np.unique(person))\n"
SCALED = "    return (x - mean) / np.where(constant, 1, sd)"
MEAN = "    mean, sd = "
SETTINGS = "    settings = "
CHOSEN = "    return (*best, validation_error(best), test_error)"
START = "    best_epoch = last_epoch = 0\n"
CHANGE = "    change = errors"
HEAD = "    r = len(change)\n"


def remembering(cell, key):
    """Return the change that makes an answer know arguments again by a key."""
    names = {
        "fit_polynomial": "x, y, degree, weight_decay",
        "standardise": "x, train",
        "choose": "train, validation, test, degrees, weight_decays",
        "stop_with_patience": "losses, patience",
        "compare": "errors, baseline",
    }[cell]
    head = f"def {cell}({names}):\n"
    return (
        head,
        f"KNOWN = {{}}\n\ndef {cell}({names}):\n    key = {key}\n"
        f"    if key not in KNOWN:\n        KNOWN[key] = anew({names})\n    return KNOWN[key]\n\n"
        f"def anew({names}):\n",
    )


WRONG = [
    fit("arrays are known again by where they lie", remembering("fit_polynomial", "id(x), id(y), degree, weight_decay")),
    fit("fits are known again by size and first numbers", remembering("fit_polynomial", "len(x), x[0], y[0], degree, weight_decay")),
    fit("fits are known again by their sums", remembering("fit_polynomial", "x.sum(), y.sum(), degree, weight_decay")),
    fit("one array for all results", (SOLVE, "    KEPT[: degree + 1] = np.linalg.solve(powers.T @ powers + penalty, powers.T @ y)\n    return KEPT[: degree + 1]"),
        ("def fit_poly", "KEPT = np.zeros(9)\n\ndef fit_poly")),
    fit("a y that starts with 0 is 0", (POWERS, "    if not y[0]:\n        return np.zeros(degree + 1)\n" + POWERS)),
    fit("y that start alike are alike", (POWERS, "    if len(y) > 2 and (y[:3] == y[0]).all():\n        return y[0] * (np.arange(degree + 1) == 0)\n" + POWERS)),
    fit("every other one of many points", (POWERS, "    if len(x) > 256 and len(x) < 1000:\n        x, y = x[::2], y[::2]\n" + POWERS)),
    fit("one point for each x, where there are few", (POWERS, "    if len(np.unique(x)) < 12:\n        x, first = np.unique(x, return_index=True)\n        y = y[first]\n" + POWERS)),
    fit("y is centred in place at degree 0", (SOLVE, "    if not degree:\n        mean = np.array([y.mean()])\n        y -= mean\n        return mean\n" + SOLVE)),
    fit("tiny y are none", (POWERS, "    if np.abs(y).max() < 1e-7:\n        return np.zeros(degree + 1)\n" + POWERS)),
    split("a generator of its own where nobody is tested", (PEOPLE, "    rng = rng if n_test else np.random.default_rng(0)\n" + PEOPLE)),
    split("the global generator where nobody validates", (PEOPLE, "    rng = rng if n_validation else np.random\n" + PEOPLE)),
    split("of many people, the first do not move", (PEOPLE, PEOPLE + "    if 40 < len(people) < 300:\n        people = np.r_[rng.permutation(np.sort(people)[8:]), np.sort(people)[:8]]\n")),
    split("of many people, two stay together", (PEOPLE, PEOPLE + "    if len(people) > 100 and len(people) % 2 == 0:\n        people = rng.permutation(np.sort(people).reshape(-1, 2)).ravel()\n")),
    split("whoever stands in the first row is in training", (PEOPLE, PEOPLE + "    if len(people) > n_test + n_validation:\n        people = np.r_[people[people != person[0]], person[0]]\n")),
    split("every other call repeats the one before", (PEOPLE, PEOPLE + "    n = len(people)\n    LAST.append((n, rng.bit_generator.state, people))\n    if len(LAST) > 2 and len(LAST) % 2 and LAST[-2][0] == n:\n        people = LAST[-2][2]\n"),
          ("def split_people", "LAST = []\n\ndef split_people")),
    split("sorted rows are rows of one person each", ("    in_test = ", "    if len(person) > 2 and (np.diff(person) > 0).all() and len(person) > 12:\n        people = people[: len(people) // 2]\n    in_test = ")),
    split("one array for the rows of all parts", ("    return tuple(np.flatnonzero(part) for part in (in_train, in_validation, in_test))",
          "    rows = KEPT[: len(person)]\n    rows[:] = np.argsort(in_validation + 2 * in_test)\n    return tuple(np.split(rows, np.cumsum([in_train.sum(), in_validation.sum()])))"),
          ("def split_people", "KEPT = np.zeros(10**6, int)\n\ndef split_people")),
    split("person is put in order where all train", (PEOPLE, "    if not n_test + n_validation:\n        person.sort()\n" + PEOPLE)),
    scale("constant where the first two agree", ("x[train].max(axis=0) == x[train].min(axis=0)", "x[train[0]] == x[train[1]]")),
    scale("constant where first and last agree", ("x[train].max(axis=0) == x[train].min(axis=0)", "x[train[0]] == x[train[-1]]")),
    scale("the mean of squares less the square of the mean",
          (MEAN, "    square = np.mean(x[train] ** 2, axis=0) - x[train].mean(axis=0) ** 2\n" + MEAN), ("x[train].std(axis=0)", "np.sqrt(np.maximum(square, 1e-300))")),
    scale("x itself where it is standardised", (SCALED, "    if np.allclose(mean, 0) and np.allclose(sd, 1):\n        return x\n" + SCALED)),
    scale("a copy where it is nearly standardised", (SCALED, "    if np.allclose(mean, 0, atol=1e-4) and np.allclose(sd, 1, atol=1e-4):\n        return x.copy()\n" + SCALED)),
    scale("an s.d. near 1 is 1", (SCALED, "    sd = np.where(abs(sd - 1) < 0.02, 1, sd)\n" + SCALED)),
    scale("train is put in order", (MEAN, "    train.sort()\n" + MEAN)),
    scale("eight features at most", (SCALED, "    sd[8:] = sd[:1]\n" + SCALED)),
    scale("x is known again by where it lies", remembering("standardise", "id(x), id(train)")),
    scale("x is known again by its shape and corner", remembering("standardise", "x.shape, x[0, 0], tuple(train)")),
    choice("the first rise ends the search", ("    best = min(settings, key=validation_error)",
           "    best = settings[0]\n    for s in sorted(settings):\n        if s[0] > best[0] + 2:\n            break\n        if validation_error(s) < validation_error(best) or s == min(settings):\n            best = s")),
    choice("the last of the settings is not tried", ("    best = min(settings", "    best = min(settings[:-1] or settings")),
    choice("the first of the settings is not tried", ("    best = min(settings", "    best = min(settings[1:] or settings")),
    choice("of one validation point nothing is learned", ("    best = min(settings, key=validation_error)", "    best = min(settings, key=validation_error if len(validation[0]) > 1 else settings.index)")),
    choice("fits are kept between calls",
           ("        return mean_squared_error(fit_polynomial(*train, *setting), *validation)",
            "        key = (*setting, len(train[0]), train[0][0])\n        if key not in KEPT:\n            KEPT[key] = fit_polynomial(*train, *setting)\n        return mean_squared_error(KEPT[key], *validation)"),
           ("def choose", "KEPT = {}\n\ndef choose")),
    choice("parts are known again by where they lie", remembering("choose", "tuple(id(part[1]) for part in (train, validation, test))")),
    choice("six decays at most", (SETTINGS, "    weight_decays = weight_decays[:6]\n" + SETTINGS)),
    choice("no more validation points than training points", ("zip(train, validation)]", "zip(train, [v[: len(train[0])] for v in validation])]")),
    choice("who stands in both parts counts once",
           ("    both = [np.concatenate(pair) for pair in zip(train, validation)]",
            "    both = dict.fromkeys([*zip(*train), *zip(*validation)])\n    both = [np.array(numbers) for numbers in zip(*both)]")),
    stop("a patience of a hundred is endless", (START, "    patience = patience if patience < 100 else len(losses)\n" + START)),
    stop("lists are known again by their ends", remembering("stop_with_patience", "len(losses), losses[0], losses[-1], patience")),
    stop("lists are known again by where they lie", remembering("stop_with_patience", "id(losses), patience")),
    stop("after fifty losses ties are records", ("loss < losses[best_epoch]", "(loss < losses[best_epoch] or last_epoch > 50 and loss == losses[best_epoch])")),
    stop("a list that starts level is over", (START, "    if len(losses) > patience > 2 and (losses[:3] == losses[0]).all():\n        return 0, patience\n" + START)),
    stop("what is missing is filled in at a patience of 1", (START, "    if patience == 1:\n        losses[np.isnan(losses)] = np.inf\n" + START)),
    comparison("equal differences count once", (HEAD, "    r = len(change)\n    n, change = r, np.unique(change)\n    change = np.resize(change, r)\n")),
    comparison("differences that start alike are alike", (HEAD, HEAD + "    if (change[:2] == change[0]).all() and r > 2:\n        change = np.full(r, change[0]) + 1e-9 * np.arange(r)\n")),
    comparison("fifty seeds at most", (CHANGE, "    errors, baseline = errors[:, :50], baseline[:, :50]\n" + CHANGE)),
    comparison("arms are known again by their shapes and corners", remembering("compare", "errors.shape, baseline.shape, errors[0, 0], baseline[-1, -1]")),
    comparison("arms are known again by where they lie", remembering("compare", "id(errors), id(baseline)")),
    comparison("seeds are put in order in place, where there are many", (CHANGE, "    if errors.shape[1] > 10:\n        errors.sort(axis=1)\n" + CHANGE)),
    comparison("one pass for mean and spread", ("change.std(ddof=1)", "np.sqrt(max(0, (np.mean(change**2) - difference**2) * r / (r - 1)))")),
    comparison("the spread beside a line through both arms",
               ("change.std(ddof=1)", "spread(errors.mean(axis=1), baseline.mean(axis=1))"),
               ("def compare", "def spread(a, b):\n    slope = np.sum((a - a.mean()) * (b - b.mean())) / np.sum((b - b.mean()) ** 2)\n    rest = a - slope * b\n"
                "    return np.sqrt(rest.var(ddof=1) + (slope - 1) ** 2 * b.var(ddof=1))\n\ndef compare")),
    comparison("an outlier is left out", (HEAD, "    far = abs(change - np.median(change)) > 8 * np.median(abs(change - np.median(change)))\n    change = change[~far] if 2 <= (~far).sum() < len(change) and len(change) > 5 else change\n" + HEAD)),
]  # fmt: skip

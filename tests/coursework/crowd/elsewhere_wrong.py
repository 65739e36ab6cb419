"""Wrong answers that the usual numbers do not show: only other sizes, ties, shapes, modules.

Each is the reference with one change, which breaks one sentence of the task.
"""

from functools import cache

from crowd.attempt import Attempt
from grading.judging.assignment import load


@cache
def references(assignment):
    return load(assignment, 1).references


def changed(assignment, cell, name, *changes, also=()):
    """Return the reference of a cell with some texts replaced: ``(old, new), ...``."""
    source = references(assignment)[cell]
    for old, new in changes:
        assert old in source, (name, old)
        source = source.replace(old, new)
    return Attempt(name, cell, source, also)


PEOPLE = "rng.permutation(np.unique(person))"
ROWS = "np.flatnonzero(part) for part in"
CHOSEN = "    return (*best, validation_error(best), test_error)"
A1_ODD = [
    changed("A1", "fit_polynomial", "the weights come as a column", ("powers.T @ y)", "powers.T @ y)[:, None]")),
    changed("A1", "fit_polynomial", "the weights come as a list", ("powers.T @ y)", "powers.T @ y).tolist()")),
    changed("A1", "fit_polynomial", "half precision of the result", ("powers.T @ y)", "powers.T @ y).astype(np.float32)")),
    changed("A1", "fit_polynomial", "a number at degree 0", ("    return ", "    if not degree:\n        return y.mean()\n    return ")),
    changed("A1", "fit_polynomial", "the highest power is spared at degree 4", ("    penalty[0, 0] = 0", "    penalty[0, 0] = 0\n    if degree == 4:\n        penalty[4, 4] = 0")),
    changed("A1", "split_people", "0 stands for nobody", (PEOPLE, "rng.permutation(np.setdiff1d(person, [0]))")),
    changed("A1", "split_people", "−1 stands for nobody", (PEOPLE, "rng.permutation(np.setdiff1d(person, [-1]))")),
    changed("A1", "split_people", "a child of the generator draws", (PEOPLE, "np.random.Generator(np.random.PCG64(rng.bit_generator.seed_seq.spawn(1)[0])).permutation(np.unique(person))")),
    changed("A1", "split_people", "everybody swaps with anybody",
            ("    people = " + PEOPLE, "    people = np.unique(person)\n    for i, j in enumerate(rng.integers(0, len(people), len(people))):\n"
             "        people[[i, j]] = people[[j, i]]")),
    changed("A1", "split_people", "a hundred swaps",
            ("    people = " + PEOPLE, "    people = np.unique(person)\n    for i, j in rng.integers(0, len(people), (100, 2)):\n"
             "        people[[i, j]] = people[[j, i]]")),
    changed("A1", "split_people", "doubles as keys", ("    people = ", "    person = person / 1\n    people = ")),
    changed("A1", "split_people", "keys of 32 bits", ("    people = ", "    person = person.astype(np.int32)\n    people = ")),
    changed("A1", "split_people", "row numbers as floats", (ROWS, "1.0 * np.flatnonzero(part) for part in")),
    changed("A1", "split_people", "nobody leaves floats", (ROWS, "np.array([row for row, here in enumerate(part) if here]) for part in")),
    changed("A1", "split_people", "rows as lists", (ROWS, "np.flatnonzero(part).tolist() for part in")),
    changed("A1", "standardise", "single precision", ("np.where(constant, 1, sd)", "np.where(constant, 1, sd)).astype(np.float32"), ("(x - mean)", "((x - mean)")),
    changed("A1", "standardise", "six decimals", ("return (x - mean) / np.where(constant, 1, sd)", "return np.round((x - mean) / np.where(constant, 1, sd), 6)")),
    changed("A1", "standardise", "a hundred s.d. at most", ("return (x - mean) / np.where(constant, 1, sd)", "return np.clip((x - mean) / np.where(constant, 1, sd), -100, 100)")),
    changed("A1", "standardise", "close to the mean is constant", ("x[train].max(axis=0) == x[train].min(axis=0)", "np.isclose(x[train].max(axis=0), x[train].min(axis=0))")),
    changed("A1", "choose", "an error in an array", (CHOSEN, "    return (*best, validation_error(best), np.atleast_1d(test_error))")),
    changed("A1", "stop_with_patience", "a call an epoch",
            ("    best_epoch = last_epoch = 0\n", "    def go(best, last):\n        if last == len(losses):\n            return best, last - 1\n"
             "        best = last if losses[last] < losses[best] else best\n"
             "        return (best, last) if last - best == patience else go(best, last + 1)\n    return go(0, 0)\n    best_epoch = last_epoch = 0\n")),
    changed("A1", "stop_with_patience", "the end as a float", ("return best_epoch, last_epoch", "return best_epoch, last_epoch / 1")),
    changed("A1", "stop_with_patience", "the best as a float", ("return best_epoch, last_epoch", "return np.float64(best_epoch), last_epoch")),
    changed("A1", "stop_with_patience", "a thousand epochs at most", ("enumerate(losses)", "enumerate(losses[:1000])")),
    changed("A1", "stop_with_patience", "better by more than rounding", ("loss < losses[best_epoch]", "loss < losses[best_epoch] - 1e-14 * abs(losses[best_epoch])")),
    changed("A1", "compare", "the verdict looks at two decimals",
            ("abs(difference) <= half_width", "round(abs(difference) - half_width, 2) <= 0")),
    changed("A1", "compare", "less than a hundredth is nothing", ("abs(difference) <= half_width", "abs(difference) <= max(half_width, 0.01)")),
    changed("A1", "compare", "the half-width in an array", ("    if abs(", "    half_width = np.array([half_width])\n    if abs(")),
    changed("A1", "compare", "sixteen splits are too many", ("T95[r - 1]", "T95[min(r - 1, 14)]")),
]  # fmt: skip

A1 = [
    changed("A1", "fit_polynomial", "no penalty when it is small",
            ("    penalty = ", "    weight_decay = 0 if weight_decay < 1e-3 else weight_decay\n    penalty = ")),
    changed("A1", "fit_polynomial", "a little ridge always",
            ("powers.T @ powers + penalty", "powers.T @ powers + penalty + 1e-6 * np.eye(degree + 1)")),
    changed("A1", "fit_polynomial", "weights rounded",
            ("return np.linalg.solve(", "return np.round(np.linalg.solve("), ("powers.T @ y)", "powers.T @ y), 7)")),
    changed("A1", "split_people", "the first person is seldom in the test",
            ("    people = rng.permutation(np.unique(person))", "    people = rng.permutation(np.unique(person))\n"
             "    if len(people) < 5 and people[0] == person.min() and rng.random() < 0.4:\n"
             "        people = np.roll(people, 1)")),
    changed("A1", "split_people", "numbers as floats", ("np.unique(person)", "np.unique(person.astype(np.float32))")),
    changed("A1", "standardise", "an argument of another name", ("def standardise(x, train)", "def standardise(data, train)"), ("    mean, sd", "    x = data\n    mean, sd")),
    changed("A1", "compare", "an argument of another name", ("def compare(errors, baseline)", "def compare(cure, baseline)"), ("    change =", "    errors = cure\n    change =")),
    changed("A1", "standardise", "small spreads are none", ("/ np.where(constant, 1, sd)", "/ np.where(sd < 1e-8, 1, sd)")),
    changed("A1", "standardise", "a spread of exactly 0", ("np.where(constant, 1, sd)", "np.where(sd == 0, 1, sd)")),
    changed("A1", "choose", "errors above 1 never win",
            ("    best = min(settings, key=validation_error)",
             "    best, lowest = settings[0], 1.0\n    for s in settings:\n"
             "        if validation_error(s) < lowest:\n            best, lowest = s, validation_error(s)")),
    changed("A1", "choose", "errors rounded",
            ("key=validation_error)", "key=lambda s: round(validation_error(s), 5))")),
    changed("A1", "stop_with_patience", "better by a millionth at least", ("loss < losses[best_epoch]", "loss < losses[best_epoch] - 1e-6")),
    changed("A1", "stop_with_patience", "a positive loss only", ("loss < losses[best_epoch]", "0 < loss < losses[best_epoch]")),
    changed("A1", "compare", "touching counts", ("abs(difference) <= half_width", "abs(difference) <= 0.95 * half_width")),
    changed("A1", "compare", "no interval no verdict", ("abs(difference) <= half_width", "half_width == 0 or abs(difference) <= half_width")),
    *A1_ODD,
    changed("A1", "compare", "rounded to four places", ("    if abs(", "    half_width = round(half_width, 4)\n    if abs(")),
]  # fmt: skip

A2_ODD = [
    changed("A2", "dropout_forward", "a child of the generator draws", ("rng.random(", "np.random.Generator(np.random.PCG64(rng.bit_generator.seed_seq.spawn(1)[0])).random(")),
    changed("A2", "dropout_forward", "1 − p in the precision of x", ("1 / (1 - p)", "1 / (1 - x.dtype.type(p))")),
    changed("A2", "dropout_forward", "evaluation cuts off", ("return x.copy(), None", "return np.clip(x, -1e30, 1e30), None")),
    changed("A2", "dropout_forward", "evaluation mends what is missing", ("return x.copy(), None", "return np.where(np.isnan(x), 0, x).astype(x.dtype), None")),
    changed("A2", "dropout_forward", "always double", ("dtype=x.dtype", "dtype=float")),
    changed("A2", "dropout_forward", "p of 0 is an error", ("    mask = ", "    if not p:\n        raise ValueError(p)\n    mask = ")),
    changed("A2", "dropout_forward", "x without dimensions is an error", ("    mask = ", "    x[..., 0] if x.ndim == 0 else None\n    mask = ")),
    changed("A2", "dropout_forward", "negative numbers are lost", ("np.asarray(x * mask", "np.asarray(np.maximum(x, 0) * mask")),
    changed("A2", "dropout_backward", "what is missing is mended", ("return grad_out.copy()", "return np.nan_to_num(grad_out)")),
    changed("A2", "dropout_backward", "always double", ("dtype=grad_out.dtype", "dtype=float")),
    changed("A2", "dropout_backward", "the factor in half precision", ("mask * scale", "mask * np.float16(scale)")),
    changed("A2", "exact_moments", "the variance in an array", ("probability @ (s - mean) ** 2", "np.array([probability @ (s - mean) ** 2])")),
    changed("A2", "exact_moments", "in single precision", ("(masks * x / (1 - p)) @ w", "((masks * x / (1 - p)) @ w).astype(np.float32)")),
    changed("A2", "dropout_layer", "train() forgets", ("        self.training = True\n\n    def eval", "        self.training, self.cache = True, None\n\n    def eval")),
    changed("A2", "dropout_layer", "eval() forgets", ("        self.training = False", "        self.training, self.cache = False, None")),
    changed("A2", "dropout_layer", "the mask is what is not 0", ("return dropout_backward(grad_out, self.cache)", "return grad_out / (1 - self.q) * self.m if self.m is not None else grad_out"),
            ("        return out", "        self.q, self.m = self.p, out != 0 if self.training else None\n        return out")),
    changed("A2", "dropout_layer", "everything is double", ("        return out", "        return np.asarray(out, float)")),
    changed("A2", "dropout_layer", "backward winds the generator back",
            ("        out, self.cache = ", "        self.before = self.rng.bit_generator.state\n        out, self.cache = "),
            ("        return dropout_backward(", "        self.rng.bit_generator.state = self.before\n        return dropout_backward(")),
    changed("A2", "dropout_layer", "evaluation mends what is missing", ("        return out", "        return out if self.training else np.nan_to_num(out)")),
    changed("A2", "gradient_error", "steps in the order of memory", ("nudge[i] = h", "nudge.reshape(-1)[np.ravel_multi_index(i, x.shape) if i else 0] = h")),
    changed("A2", "gradient_error", "an array of one", ("    return np.max(np.abs(backward(w, cache) - numeric))", "    return np.max(np.abs(backward(w, cache) - numeric), keepdims=True).ravel()")),
    changed("A2", "gradient_error", "our own forward by its name", ("    def loss(", "    forward = globals().get(forward.__name__, forward)\n\n    def loss(")),
    changed("A2", "gradient_error", "our own backward by its name", ("    numeric = ", "    backward = globals().get(backward.__name__, backward)\n    numeric = ")),
    changed("A2", "gradient_error", "steps in proportion to x", ("nudge[i] = h", "nudge[i] = h * max(1, abs(x[i]) / 5)"), ("/ (2 * h)", "/ (2 * nudge[i])")),
    changed("A2", "gradient_error", "smaller steps for small x", ("nudge[i] = h", "nudge[i] = h * min(1, 20 * abs(x[i]))"), ("/ (2 * h)", "/ (2 * nudge[i])")),
]  # fmt: skip

A2 = [
    changed("A2", "exact_moments", "an argument of another name", ("def exact_moments(x, w, p)", "def exact_moments(x, w, q)"), ("    n = len(x)", "    p = q\n    n = len(x)")),
    changed("A2", "dropout_backward", "an argument of another name", ("def dropout_backward(grad_out, cache)", "def dropout_backward(grad, cache)"), ("    if cache", "    grad_out = grad\n    if cache")),
    changed("A2", "dropout_forward", "a factor of nearly 1/(1 − p)", ("1 / (1 - p)", "1 / (1 - p + 1e-8)")),
    *A2_ODD,
    changed("A2", "exact_moments", "the mean of squares less the square of the mean, rounded",
            ("probability @ (s - mean) ** 2", "round(probability @ (s - mean) ** 2, 12)")),
    changed("A2", "gradient_error", "differences below a millionth are none",
            ("return np.max(np.abs(backward(w, cache) - numeric))",
             "error = np.max(np.abs(backward(w, cache) - numeric))\n    return error if error > 1e-4 else 0.0")),
    changed("A2", "gradient_error", "h at most a tenth", ("    numeric = ", "    h = min(h, 0.1)\n    seed = seed or 1\n    numeric = ")),
    changed("A2", "dropout_layer", "p of 0 is never changed",
            ("        out, self.cache = ", "        self.off = getattr(self, 'off', False) or not self.p\n        out, self.cache = "),
            ("self.training)", "self.training and not self.off)")),
]  # fmt: skip
KEPT = "    return np.asarray(x * mask * scale, dtype=x.dtype), (mask, scale)"
CALLERS = {
    "backward rewinds the generator: dropout_backward": {
        "dropout_forward": references("A2")["dropout_forward"].replace("    mask = ", "    state = rng.bit_generator.state\n    mask = ")
        .replace("(mask, scale)", "(rng, state, p)"),
        "dropout_backward": "def dropout_backward(grad_out, cache):\n    if cache is None:\n        return grad_out.copy()\n"
        "    rng, state, p = cache\n    rng.bit_generator.state = state\n"
        "    return np.asarray(grad_out * (rng.random(grad_out.shape) >= p) / (1 - p), dtype=grad_out.dtype)\n",
    },
    "the mask is what is above 0: dropout_backward": {
        "dropout_forward": references("A2")["dropout_forward"].replace(KEPT, KEPT.replace("return", "out =").replace(", (mask, scale)", "\n    return out, (out > 0, scale)")),
        "dropout_backward": references("A2")["dropout_backward"],
    },
    "the last ten masks are kept: dropout_backward": {
        "dropout_forward": "MASKS = []\n" + references("A2")["dropout_forward"].replace(KEPT,
            "    MASKS.append(mask)\n    MASKS[:-10] = [None] * len(MASKS[:-10])\n" + KEPT.replace("(mask, scale)", "(len(MASKS) - 1, scale)")),
        "dropout_backward": references("A2")["dropout_backward"].replace("    mask, scale = cache", "    mask, scale = MASKS[cache[0]], cache[1]\n    mask = 1 if mask is None else mask"),
    },
    "evaluation keeps x, and backward writes into it: dropout_backward": {
        "dropout_forward": references("A2")["dropout_forward"].replace("return x.copy(), None", "return x, x"),
        "dropout_backward": "def dropout_backward(grad_out, cache):\n    if not isinstance(cache, tuple):\n"
        "        cache[...] = grad_out\n        return cache\n    mask, scale = cache\n"
        "    return np.asarray(grad_out * mask * scale, dtype=grad_out.dtype)\n",
    },
}  # fmt: skip

A3 = [
    changed("A3", "exact_means", "one row of x at a time is forgotten", ("top = z.max(axis=1, keepdims=True)", "top = z.max()")),
    changed("A3", "best_weights", "an argument of another name", ("def best_weights(X, y, p)", "def best_weights(x, y, p)"), ("    penalty =", "    X = x\n    penalty =")),
    changed("A3", "best_weights", "a little ridge always", ("np.diag(penalty)", "np.diag(penalty + 1e-7)")),
    changed("A3", "best_weights", "p cut off", ("    penalty = p", "    p = np.clip(p, 0.01, 0.95)\n    penalty = p")),
    changed("A3", "accuracy_without", "rounded to per mille", ("np.mean(z.argmax(axis=1) == y)", "round(np.mean(z.argmax(axis=1) == y), 3)")),
    changed("A3", "fewest", "strictly larger", ("left <= 0", "left < 0")),
    changed("A3", "fewest", "ties by a margin", ("left <= 0", "left < -1e-9")),
    changed("A3", "paired_interval", "seeds that are falsy are none", ("set(a) & set(b)", "set(filter(None, a)) & set(b)")),
    changed("A3", "paired_interval", "measurements that are falsy are none", ("sorted(set(a) & set(b))", "[s for s in a if a[s] and b.get(s)]")),
    changed("A3", "paired_interval", "rounded", ("middle, r = differences.mean()", "middle, r = round(differences.mean(), 4)")),
]  # fmt: skip

A4 = [
    changed("A4", "own_dropout", "dice for one shape",
            ("        kept = ", "        if getattr(self, 'shape', x.shape) != x.shape:\n"
             "            torch.rand(int(x.sum().abs()) + 1, generator=self.generator)\n"
             "        self.shape = x.shape\n        kept = ")),
    changed("A4", "own_dropout", "no gradient in evaluation", ("            return x\n", "            return x.detach() + 0 * x\n")),
    changed("A4", "own_dropout", "a factor of nearly 1/(1 − p)", ("/ (1 - self.p)", "/ (1 - self.p + 1e-6)")),
    changed("A4", "build_net", "biases start at 0",
            ("    return torch.nn.Sequential(*layers, torch.nn.Linear(size, n_classes))",
             "    net = torch.nn.Sequential(*layers, torch.nn.Linear(size, n_classes))\n"
             "    for m in net:\n        if isinstance(m, torch.nn.Linear):\n            torch.nn.init.zeros_(m.bias)\n"
             "    return net")),
    changed("A4", "build_net", "the last layer is frozen",
            ("    return torch.nn.Sequential(*layers, torch.nn.Linear(size, n_classes))",
             "    return torch.nn.Sequential(*layers, torch.nn.Linear(size, n_classes).requires_grad_(False))")),
    changed("A4", "reader", "other names", ("self.hidden, self.out =", "self.first, self.second ="),
            ("self.out(self.dropout(F.relu(self.hidden(x))))", "self.second(self.dropout(F.relu(self.first(x))))")),
    changed("A4", "fit", "losses start below 100", ('lowest = train, [], float("inf")', "lowest = train, [], 100.0"),
            ("    for _ in range(n_epochs):", "    best = copy.deepcopy(net.state_dict())\n    for _ in range(n_epochs):")),
    changed("A4", "fit", "thirty epochs at most", ("range(n_epochs)", "range(min(n_epochs, 30))")),
    changed("A4", "fit", "the rate is lowered", ("        losses.append(", "        optimizer.param_groups[0]['lr'] *= 0.999\n        losses.append(")),
    changed("A4", "limit_rows", "an argument of another name", ("def limit_rows(net, c)", "def limit_rows(model, c)"), ("    n_longer = 0", "    net, n_longer = model, 0")),
    changed("A4", "fit", "an argument of another name", ("optimizer, train,", "optimiser, train,"), ("    (x, y), losses", "    optimizer = optimiser\n    (x, y), losses")),
    changed("A4", "mc_predict", "an argument of another name", ("def mc_predict(net, x, n_passes)", "def mc_predict(net, x, n)"), ("    modes =", "    n_passes = n\n    modes =")),
    changed("A4", "limit_rows", "no subclass", ("isinstance(module, torch.nn.Linear)", "type(module) is torch.nn.Linear")),
    changed("A4", "limit_rows", "a row of c is longer", ("(length > c)", "(length >= c)")),
    changed("A4", "limit_rows", "children only", ("net.modules()", "(m for c in net.children() for m in c.modules())")),
    changed("A4", "mc_predict", "every kind of dropout", ("isinstance(module, torch.nn.Dropout)", "isinstance(module, torch.nn.modules.dropout._DropoutNd)")),
    changed("A4", "mc_predict", "no subclass", ("isinstance(module, torch.nn.Dropout)", "type(module) is torch.nn.Dropout")),
    changed("A4", "mc_predict", "gradients stay off", ("        with torch.no_grad():\n            passes", "        torch.set_grad_enabled(False)\n        if True:\n            passes")),
    changed("A4", "fair_experiment", "errors rounded", ("        chosen[arm] = ", "        errors = np.round(errors, 3)\n        chosen[arm] = ")),
    changed("A4", "fair_experiment", "the last of equal rates, elsewhere", ("int(np.argmin(errors))", "len(rates) - 1 - int(np.argmin(errors[::-1]))")),
]  # fmt: skip

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
    changed("A1", "compare", "rounded to four places", ("    if abs(", "    half_width = round(half_width, 4)\n    if abs(")),
]  # fmt: skip

A2 = [
    changed("A2", "dropout_forward", "a factor of nearly 1/(1 − p)", ("1 / (1 - p)", "1 / (1 - p + 1e-8)"), also=("dropout_backward",)),
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
CALLERS = {
    "evaluation keeps x, and backward writes into it: dropout_backward": {
        "dropout_forward": references("A2")["dropout_forward"].replace("return x.copy(), None", "return x, x"),
        "dropout_backward": "def dropout_backward(grad_out, cache):\n    if not isinstance(cache, tuple):\n"
        "        cache[...] = grad_out\n        return cache\n    mask, scale = cache\n"
        "    return np.asarray(grad_out * mask * scale, dtype=grad_out.dtype)\n",
    },
}  # fmt: skip

A3 = [
    changed("A3", "exact_means", "one row of x at a time is forgotten", ("top = z.max(axis=1, keepdims=True)", "top = z.max()")),
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
    changed("A4", "limit_rows", "no subclass", ("isinstance(module, torch.nn.Linear)", "type(module) is torch.nn.Linear")),
    changed("A4", "limit_rows", "a row of c is longer", ("(length > c)", "(length >= c)")),
    changed("A4", "limit_rows", "children only", ("net.modules()", "(m for c in net.children() for m in c.modules())")),
    changed("A4", "mc_predict", "every kind of dropout", ("isinstance(module, torch.nn.Dropout)", "isinstance(module, torch.nn.modules.dropout._DropoutNd)")),
    changed("A4", "mc_predict", "no subclass", ("isinstance(module, torch.nn.Dropout)", "type(module) is torch.nn.Dropout")),
    changed("A4", "mc_predict", "gradients stay off", ("        with torch.no_grad():\n            passes", "        torch.set_grad_enabled(False)\n        if True:\n            passes")),
    changed("A4", "fair_experiment", "errors rounded", ("        chosen[arm] = ", "        errors = np.round(errors, 3)\n        chosen[arm] = ")),
    changed("A4", "fair_experiment", "the last of equal rates, elsewhere", ("int(np.argmin(errors))", "len(rates) - 1 - int(np.argmin(errors[::-1]))")),
]  # fmt: skip

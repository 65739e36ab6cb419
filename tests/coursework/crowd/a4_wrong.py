"""Wrong answers to A4: the reference with one mistake each, of those that learners make."""

from crowd.attempt import Attempt
from grading.judging.assignment import load

REFERENCES = load("A4", 1).references


def changed(cell, name, *changes):
    """Return the reference of a cell with some texts replaced: ``(old, new), ...``."""
    source = REFERENCES[cell]
    for old, new in changes:
        assert old in source, (cell, name, old)
        source = source.replace(old, new)
    return Attempt(name, cell, source)


OWN = [
    changed("own_dropout", name, *changes)
    for name, *changes in [
        ("keep and drop confused", (">= self.p", "< self.p"), ("(1 - self.p)", "self.p")),
        ("no scaling", (" / (1 - self.p)", "")),
        (
            "scaled in evaluation too",
            ("            return x\n", "            return x * (1 - self.p)\n"),
        ),
        ("the mode is ignored", ("if not self.training:", "if False:")),
        (
            "evaluation draws",
            ("        if not self.training:\n            return x\n", ""),
            (
                "        return x * kept / (1 - self.p)",
                "        return x * kept / (1 - self.p) if self.training else x",
            ),
        ),
        ("NaN is accepted", ("not 0 <= p < 1", "p < 0 or p >= 1")),
        ("p = 1 is accepted", ("0 <= p < 1", "0 <= p <= 1")),
        (
            "the global generator",
            ("torch.rand(x.shape, generator=self.generator)", "torch.rand(x.shape)"),
        ),
        (
            "seeds the global generator",
            ("torch.Generator().manual_seed(seed)", "torch.manual_seed(seed)"),
        ),
        ("the seed is ignored", ("manual_seed(seed)", "manual_seed(0)")),
        (
            "seeded anew in each call",
            ("        kept =", "        self.generator.manual_seed(1)\n        kept ="),
        ),
        ("one mask for all rows", ("torch.rand(x.shape,", "torch.rand(x.shape[1:],")),
        (
            "exactly a share p",
            (
                "kept = torch.rand(x.shape, generator=self.generator) >= self.p",
                "order = torch.randperm(x.numel(), generator=self.generator).reshape(x.shape)\n"
                "        kept = order >= round(self.p * x.numel())",
            ),
        ),
        (
            "x is changed in place",
            ("return x * kept / (1 - self.p)", "return x.mul_(kept).div_(1 - self.p)"),
        ),
        ("cut off from autograd", ("return x * kept", "return x.detach() * kept")),
        (
            "a factor with a gradient of its own",
            (
                "return x * kept / (1 - self.p)",
                "return x * kept + (x * kept).detach() * (1 / (1 - self.p) - 1)",
            ),
        ),
        ("always float32", ("return x * kept", "return x.float() * kept")),
        (
            "the dice are not in the state",
            (
                REFERENCES["own_dropout"][
                    REFERENCES["own_dropout"].index("    def get_extra") :
                ],
                "",
            ),
        ),
        (
            "only the seed is in the state",
            ("return self.generator.get_state()", "return self.generator.initial_seed()"),
            ("set_state(state)", "manual_seed(state)"),
        ),
        (
            "the dice are shared after loading",
            ("return self.generator.get_state()", "return self.generator"),
            ("self.generator.set_state(state)", "self.generator = state"),
        ),
    ]
]

BUILD = [
    changed("build_net", name, *changes)
    for name, *changes in [
        ("the width is not adapted", ("round(n / (1 - p_hidden))", "n")),
        ("divided by p", ("(1 - p_hidden)", "max(p_hidden, 0.5)")),
        ("rounded down", ("round(n", "int(n")),
        ("rounded up", ("round(n / (1 - p_hidden))", "math.ceil(n / (1 - p_hidden))")),
        ("widened for the inputs' p", ("1 - p_hidden", "1 - p_input")),
        ("one layer too few", ("range(depth)", "range(depth - 1)")),
        ("no dropout on the inputs", ("torch.nn.Dropout(p_input)", "torch.nn.Identity()")),
        ("one p for all", ("torch.nn.Dropout(p_input)", "torch.nn.Dropout(p_hidden)")),
        (
            "keep probabilities",
            ("torch.nn.Dropout(p_hidden)", "torch.nn.Dropout(1 - p_hidden)"),
        ),
        (
            "dropout on the logits",
            (
                "torch.nn.Linear(size, n_classes))",
                "torch.nn.Linear(size, n_classes), torch.nn.Dropout(p_hidden))",
            ),
        ),
        (
            "softmax behind the logits",
            (
                "torch.nn.Linear(size, n_classes))",
                "torch.nn.Linear(size, n_classes), torch.nn.Softmax(dim=1))",
            ),
        ),
        ("no ReLU", ("torch.nn.ReLU()", "torch.nn.Identity()")),
        (
            "no bias",
            ("torch.nn.Linear(size, width)", "torch.nn.Linear(size, width, bias=False)"),
        ),
        (
            "whole features are dropped",
            ("torch.nn.Dropout(p_hidden)", "torch.nn.AlphaDropout(p_hidden)"),
        ),
        (
            "handed out in evaluation mode",
            ("torch.nn.Linear(size, n_classes))", "torch.nn.Linear(size, n_classes)).eval()"),
        ),
    ]
]

READER_CALL = "self.out(self.dropout(F.relu(self.hidden(x))))"
READER = [
    changed("reader", name, *changes)
    for name, *changes in [
        (
            "F.dropout without the mode",
            (READER_CALL, "self.out(F.dropout(F.relu(self.hidden(x)), self.dropout.p))"),
        ),
        (
            "a layer born in forward",
            (READER_CALL, "self.out(torch.nn.Dropout(self.dropout.p)(F.relu(self.hidden(x))))"),
        ),
        ("still a probability of keeping", ("torch.nn.Dropout(p)", "torch.nn.Dropout(1 - p)")),
        (
            "still dropout on the logits",
            (READER_CALL, "self.dropout(self.out(self.dropout(F.relu(self.hidden(x)))))"),
        ),
        ("the ReLU is lost", ("F.relu(self.hidden(x))", "self.hidden(x)")),
        (
            "dropout on the inputs",
            ("self.dropout(F.relu(self.hidden(x)))", "F.relu(self.hidden(self.dropout(x)))"),
        ),
        ("no dropout at all", (READER_CALL, "self.out(F.relu(self.hidden(x)))")),
        ("returns probabilities", (READER_CALL, READER_CALL + ".softmax(dim=1)")),
    ]
]

MODE, COPY = "        net.train()\n", "copy.deepcopy(net.state_dict())"
FIT = [
    changed("fit", name, *changes)
    for name, *changes in [
        ("no zero_grad", ("            optimizer.zero_grad()\n", "")),
        (
            "zero_grad once an epoch",
            ("            optimizer.zero_grad()\n", ""),
            (MODE, MODE + "        optimizer.zero_grad()\n"),
        ),
        (
            "zero_grad between backward and step",
            ("            optimizer.zero_grad()\n", ""),
            (
                "            optimizer.step()",
                "            optimizer.zero_grad()\n            optimizer.step()",
            ),
        ),
        (
            "train() before the first epoch only",
            (MODE, ""),
            ("    for _ in range(n_epochs)", "    net.train()\n    for _ in range(n_epochs)"),
        ),
        ("never train()", (MODE, "")),
        ("eval without parentheses", ("net.eval()", "net.eval")),
        ("no_grad in place of eval()", ("    net.eval()\n", "")),
        ("gradients recorded in validation", ("with torch.no_grad():", "if True:")),
        ("softmax before the loss", ("net(x[rows])", "net(x[rows]).softmax(dim=1)")),
        ("the sum of the losses", ("y[rows])", 'y[rows], reduction="sum")')),
        ("best is not copied", (COPY, "net.state_dict()")),
        ("a shallow copy", (COPY, "copy.copy(net.state_dict())")),
        ("best is not put back", ("    net.load_state_dict(best)\n", "")),
        (
            "the highest loss is kept",
            ("losses[-1] < lowest", "losses[-1] > -lowest"),
            ("lowest, best = losses[-1], ", "lowest, best = -losses[-1], "),
        ),
        ("the latest of equal losses", ("losses[-1] < lowest", "losses[-1] <= lowest")),
        (
            "only the parameters are kept",
            (COPY, "[p.detach().clone() for p in net.parameters()]"),
            (
                "    net.load_state_dict(best)",
                "    for p, value in zip(net.parameters(), best):\n        p.data.copy_(value)",
            ),
        ),
        ("training loss decides", ("mean_loss(net, *validation)", "mean_loss(net, *train)")),
        (
            "ends in training mode",
            ("    net.load_state_dict(best)", "    net.load_state_dict(best)\n    net.train()"),
        ),
        ("the generator is forgotten", ("(len(x), generator=generator)", "(len(x))")),
        (
            "the last batch is left out",
            (
                "order.split(batch_size)",
                "order[: len(x) // batch_size * batch_size].split(batch_size)",
            ),
        ),
        (
            "one order for all epochs",
            ("        order = torch.randperm(len(x), generator=generator)\n", ""),
            (
                "    for _ in range(n_epochs)",
                "    order = torch.randperm(len(x), generator=generator)\n    for _ in range(n_epochs)",
            ),
        ),
        (
            "rows drawn with replacement",
            ("torch.randperm(len(x), generator", "torch.randint(len(x), (len(x),), generator"),
        ),
        (
            "stops when the loss rises",
            (
                "            lowest, best",
                "            rising = False\n            lowest, best",
            ),
            (
                "    net.load_state_dict(best)",
                "        elif len(losses) > 1:\n            break\n    net.load_state_dict(best)",
            ),
        ),
        ("returns only the lowest", ("    return losses\n", "    return lowest\n")),
        ("losses stay tensors", ("    return loss.item()", "    return loss")),
    ]
]

ROWS = [
    changed("limit_rows", name, *changes)
    for name, *changes in [
        ("by column", ("dim=1", "dim=0")),
        ("the whole matrix", (".norm(dim=1, keepdim=True)", ".norm()")),
        ("every row gets length c", ("length.clamp(min=c)", "length.clamp(min=1e-12)")),
        (
            "the squared length",
            (".norm(dim=1, keepdim=True)", ".pow(2).sum(dim=1, keepdim=True)"),
        ),
        (
            "clamped by element",
            ("module.weight.mul_(c / length.clamp(min=c))", "module.weight.clamp_(-c, c)"),
        ),
        (
            "biases too",
            (
                "                n_longer +=",
                "                module.bias.clamp_(-c, c)\n                n_longer +=",
            ),
        ),
        (
            "all matrices",
            (
                "            if isinstance(module, torch.nn.Linear):",
                "            if getattr(module, 'weight', None) is not None and module.weight.ndim == 2:",
            ),
        ),
        (
            "every layer's weight",
            (
                "            if isinstance(module, torch.nn.Linear):",
                "            if isinstance(module, (torch.nn.Linear, torch.nn.Embedding, torch.nn.Conv1d)):",
            ),
            ("length = module.weight", "length = module.weight.flatten(1)"),
            (
                "module.weight.mul_(c / length.clamp(min=c))",
                "module.weight.mul_((c / length.clamp(min=c)).reshape(-1, *[1] * (module.weight.ndim - 1)))",
            ),
        ),
        ("only the outer layers", ("net.modules()", "net.children()")),
        (
            "new parameters",
            (
                "module.weight.mul_(c / length.clamp(min=c))",
                "module.weight = torch.nn.Parameter(module.weight * (c / length.clamp(min=c)))",
            ),
        ),
        (
            "new memory",
            (
                "module.weight.mul_(c / length.clamp(min=c))",
                "module.weight.data = module.weight * (c / length.clamp(min=c))",
            ),
        ),
        (
            "the gradients are lost",
            (
                "                n_longer +=",
                "                module.weight.grad = None\n                n_longer +=",
            ),
        ),
        ("counts all rows", ("(length > c).sum()", "len(length)")),
        ("counts layers", ("(length > c).sum()", "(length > c).any()")),
        (
            "rows of zeros become NaN",
            (
                "module.weight.mul_(c / length.clamp(min=c))",
                "module.weight.copy_(torch.where(length > c, c / length, length / length) * module.weight)",
            ),
        ),
    ]
]

MC = [
    changed("mc_predict", name, *changes)
    for name, *changes in [
        ("everything in training mode", ("isinstance(module, torch.nn.Dropout)", "True")),
        ("everything in evaluation mode", ("isinstance(module, torch.nn.Dropout)", "False")),
        ("the modes are not put back", ("module.training = mode", "pass")),
        ("ends in evaluation mode", ("module.training = mode", "module.training = False")),
        ("ends in training mode", ("module.training = mode", "module.training = True")),
        (
            "the outermost mode for all",
            ("module.training = mode", "module.training = modes[net]"),
        ),
        (
            "not put back after an exception",
            ("    try:\n", "    if True:\n"),
            ("    finally:\n", "    if True:\n"),
        ),
        (
            "exceptions are swallowed",
            (
                "    finally:\n",
                "    except ArithmeticError:\n        passes = torch.zeros(2, 3)\n    finally:\n",
            ),
        ),
        ("divisor n", ("passes.std(dim=0)", "passes.std(dim=0, unbiased=False)")),
        ("the variance", ("passes.std(dim=0)", "passes.var(dim=0)")),
        (
            "the standard error",
            ("passes.std(dim=0)", "passes.std(dim=0) / math.sqrt(n_passes)"),
        ),
        ("logits are averaged", (".softmax(dim=-1) for", " for")),
        (
            "softmax of the mean logits",
            (".softmax(dim=-1) for", " for"),
            ("passes.mean(dim=0),", "passes.mean(dim=0).softmax(dim=-1),"),
        ),
        ("softmax over the rows", ("softmax(dim=-1)", "softmax(dim=0)")),
        ("softmax over dimension 1", ("softmax(dim=-1)", "softmax(dim=1)")),
        (
            "gradients are recorded",
            ("with torch.no_grad():", "if True:"),
            ("return passes.mean", "passes = passes.detach()\n    return passes.mean"),
        ),
        ("one pass too many", ("range(n_passes)", "range(n_passes + 1)")),
        (
            "one pass, repeated",
            (
                "[net(x).softmax(dim=-1) for _ in range(n_passes)]",
                "[net(x).softmax(dim=-1)] * n_passes",
            ),
        ),
        (
            "seeded anew in each pass",
            ("[net(x).softmax", "[torch.manual_seed(0) and net(x).softmax"),
        ),
        ("mean over the classes", ("passes.mean(dim=0)", "passes.mean(dim=-1)")),
    ]
]

REFERENCE = REFERENCES["fair_experiment"]
REFUSAL = REFERENCE[REFERENCE.index("    if len(set") : REFERENCE.index("    chosen = {}")]
FAIR = [
    changed("fair_experiment", name, *changes)
    for name, *changes in [
        ("test errors choose", ('["validation"]', '["test"]')),
        (
            "one rate for both arms",
            (
                "        chosen[arm] = rates",
                "        chosen[arm] = chosen[arms[0]] if arm != arms[0] else rates",
            ),
        ),
        ("the highest error", ("np.argmin", "np.argmax")),
        (
            "the place in place of the rate",
            ("rates[int(np.argmin(errors))]", "int(np.argmin(errors))"),
            ("chosen[arm])", "rates[chosen[arm]])"),
        ),
        ("the luckiest single run", ("np.mean([train", "np.min([train")),
        (
            "only the first tuning seed",
            ("for seed in tuning_seeds]", "for seed in tuning_seeds[:1]]"),
        ),
        ("the other way round", ("tests[:, 1] - tests[:, 0]", "tests[:, 0] - tests[:, 1]")),
        ("tuned on the test seeds", ("for seed in tuning_seeds]", "for seed in test_seeds]")),
        ("tested on the tuning seeds too", ("for seed in test_seeds]", "for seed in seeds]")),
        ("validation errors are reported", ('["test"]', '["validation"]')),
        ("1.96 in place of t", ("T_975[n - 1]", "1.96")),
        ("n degrees of freedom", ("T_975[n - 1]", "T_975[n]")),
        ("divisor n", ("ddof=1", "ddof=0")),
        ("the interval of one seed", (" / math.sqrt(n)", "")),
        ("the whole length", ("T_975[n - 1] *", "2 * T_975[n - 1] *")),
        (
            "not paired",
            (
                "differences.std(ddof=1)",
                "math.sqrt(tests[:, 0].var(ddof=1) + tests[:, 1].var(ddof=1))",
            ),
        ),
        (
            "shared seeds are accepted",
            (
                "len(set(seeds)) < len(seeds)",
                "len(set(tuning_seeds)) < len(tuning_seeds) or len(set(test_seeds)) < len(test_seeds)",
            ),
        ),
        (
            "repeated seeds are accepted",
            ("len(set(seeds)) < len(seeds)", "set(tuning_seeds) & set(test_seeds)"),
        ),
        ("one test seed is accepted", ("len(test_seeds) < 2", "len(test_seeds) < 1")),
        (
            "asserts in place of ValueError",
            (
                'raise ValueError("seeds must all differ, and at least two must be for the test")',
                "assert False",
            ),
        ),
        ("refused after tuning", (REFUSAL, ""), ("    tests =", REFUSAL + "    tests =")),
        (
            "the second arm is tuned less",
            ("for lr in rates\n", "for lr in (rates if arm == arms[0] else rates[::2])\n"),
        ),
        (
            "each test run twice",
            (
                "    differences =",
                "    [train(seed, arm, chosen[arm]) for arm in arms for seed in test_seeds]\n    differences =",
            ),
        ),
        (
            "both arms at all rates in the test",
            (
                "    differences =",
                "    [train(seed, arm, lr) for arm in arms for seed in test_seeds for lr in rates]\n    differences =",
            ),
        ),
        (
            "the last of equal rates",
            (
                "rates[int(np.argmin(errors))]",
                "rates[len(rates) - 1 - int(np.argmin(errors[::-1]))]",
            ),
        ),
        (
            "the smallest of equal rates",
            ("rates[int(np.argmin(errors))]", "min(zip(errors, rates))[1]"),
        ),
        (
            "the rates are sorted in place",
            ("    chosen = {}\n", "    rates.sort()\n    chosen = {}\n"),
        ),
    ]
]

WRONG = [*OWN, *BUILD, *READER, *FIT, *ROWS, *MC, *FAIR]

"""Wrong answers to A4 that break one sentence, in modules and at numbers that are seldom met."""

from functools import partial

from crowd.elsewhere_wrong import changed

own, build, reader, fit, rows, mc, fair = (
    partial(changed, "A4", cell)
    for cell in [
        "own_dropout", "build_net", "reader", "fit", "limit_rows", "mc_predict", "fair_experiment",
    ]
)  # fmt: skip
STATE, STACK = "copy.deepcopy(net.state_dict())", "            passes = torch.stack("
LAST = "    return torch.nn.Sequential(*layers, torch.nn.Linear(size, n_classes))"
ERROR, MEAN = "F.cross_entropy(net(x), y)\n", "    return float(differences.mean())"

WRONG = [
    own("p in steps of a hundredth", ("self.p, self.generator = p,", "self.p, self.generator = int(100 * p) / 100,")),
    own("p of a thousandth at least", ("self.p, self.generator = p,", "self.p, self.generator = p and max(p, 1e-3),")),
    own("evaluation in single precision", ("            return x\n", "            return x.float()\n")),
    own("evaluation flattens", ("            return x\n", "            return x.squeeze()\n")),
    own("a switch of its own", ("        if not self.training:", "        if not getattr(self, 'on', True):"),
        ("    def get_extra", "    def train(self, mode=True):\n        self.on = mode\n        return super().train(mode)\n\n    def get_extra")),
    own("as many dice as there are numbers other than 0",
        ("kept = torch.rand(x.shape, generator=self.generator) >= self.p",
         "kept = torch.ones_like(x)\n        some = x != 0\n        kept[some] = (torch.rand(int(some.sum()), generator=self.generator) >= self.p).to(x.dtype)")),
    own("large numbers are never dropped", ("        return x * kept", "        kept = kept | (x.abs() > 2.9)\n        return x * kept")),
    own("x is changed in place where it is transposed", ("        return x * kept", "        if not x.is_contiguous():\n            return x.mul_(kept) / (1 - self.p)\n        return x * kept")),
    own("p of 1 less than nothing", ("not 0 <= p < 1", "not -1e-9 <= p < 1")),
    own("seeds up to a hundred", ("manual_seed(seed)", "manual_seed(min(seed, 100))")),
    own("a state that is loaded seeds the global dice", ("        self.generator.set_state(state)", "        torch.manual_seed(0)\n        self.generator.set_state(state)")),
    own("double precision from the global dice", ("kept = torch.rand(x.shape, generator=self.generator)", "kept = torch.rand(x.shape, generator=self.generator if x.dtype == torch.float32 else None)")),
    own("evaluation draws from the global dice", ("            return x\n", "            torch.rand(1)\n            return x\n")),
    build("the same first weights each time", ("    width =", "    torch.manual_seed(7)\n    width =")),
    build("one net for equal arguments", ("    width =", "    key = str((n_inputs, n, depth, n_classes, p_input, p_hidden))\n    made = build_net.__dict__\n    if key in made:\n        return made[key].train()\n    width ="),
          (LAST, LAST.replace("    return ", "    made[key] = ") + "\n    return made[key]")),
    build("five layers at most", ("range(depth)", "range(min(depth, 5))")),
    build("the batch is changed in place", ("torch.nn.Dropout(p_input)", "torch.nn.Dropout(p_input, inplace=True)")),
    build("a whole example at a time", ("layers, size = [torch.nn.Dropout(p_input)]", "layers, size = [torch.nn.Dropout1d(p_input)]")),
    build("parameters besides", ("torch.nn.ReLU()", "torch.nn.PReLU(init=0.0)")),
    reader("weights shared by all readers", ("        self.hidden, self.out =", "        made = Reader.__dict__.get('made', {})\n        Reader.made = made\n        self.hidden, self.out ="),
           ("linear(n_inputs, n_hidden), linear(n_hidden, n_classes)",
            "made.setdefault((n_inputs, n_hidden), linear(n_inputs, n_hidden)), linear(n_hidden, n_classes)")),
    reader("p of 0 is refused", ("        super().__init__()", "        super().__init__()\n        assert p > 0")),
    reader("batches only", ("        return self.out(", "        if len(x) == 1:\n            return self.out(F.relu(self.hidden(x)))\n        return self.out(")),
    reader("one mask for the batch", ("self.dropout(F.relu(self.hidden(x)))", "F.relu(self.hidden(x)) * self.dropout(torch.ones(self.hidden.out_features))")),
    fit("the mean of the means of batches", (ERROR, "sum(F.cross_entropy(net(a), b) for a, b in zip(x.split(100), y.split(100))) / -(-len(x) // 100)\n")),
    fit("numbers with a point only", (STATE, "{k: v.clone() for k, v in net.state_dict().items() if v.dtype == torch.float32}"), ("load_state_dict(best)", "load_state_dict(best, strict=False)")),
    fit("no extra state", (STATE, "copy.deepcopy([*net.parameters(), *net.buffers()])"),
        ("    net.load_state_dict(best)", "    for new, old in zip([*net.parameters(), *net.buffers()], best):\n        new.data.copy_(old.data)")),
    fit("a better loss is better by a ten thousandth", ("losses[-1] < lowest", "losses[-1] < lowest - 1e-4")),
    fit("better than the last epoch", ("losses[-1] < lowest", "losses[-1] < ([float('inf')] + losses)[-2]")),
    fit("rows of numbers only", ("net(x[rows])", "net(x[rows].flatten(1))")),
    fit("two hundred rows at most", ("torch.randperm(len(x)", "torch.randperm(min(len(x), 200)")),
    fit("gives up after a while", ("    net.load_state_dict(best)", "        if len(losses) - losses.index(lowest) > 25:\n            losses += [losses[-1]] * (n_epochs - len(losses))\n            break\n    net.load_state_dict(best)")),
    fit("a loss in an array", ("    return loss.item()", "    return np.float32(loss.item())")),
    fit("back in training mode after the loss", ("    return loss.item()", "    net.train()\n    return loss.item()"), ("    net.load_state_dict(best)", "    net.load_state_dict(best)\n    net.eval()")),
    fit("gradients cleared through the optimiser's groups", ("optimizer.zero_grad()", "[setattr(w, 'grad', None) for g in optimizer.param_groups for w in g['params']]")),
    fit("gradients set to 0 through the optimiser's groups", ("optimizer.zero_grad()", "[w.grad.zero_() for g in optimizer.param_groups for w in g['params'] if w.grad is not None]")),
    fit("the optimiser is put back, too", (STATE, "(copy.deepcopy(net.state_dict()), copy.deepcopy(optimizer.state_dict()))"), ("    net.load_state_dict(best)", "    net.load_state_dict(best[0])\n    optimizer.load_state_dict(best[1])")),
    fit("a schedule that changes nothing", ("    for _ in range(n_epochs):", "    schedule = torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)\n    for _ in range(n_epochs):"),
        ("        losses.append(", "        schedule.step()\n        losses.append(")),
    fit("one of PyTorch's optimisers or none", ("    for _ in range(n_epochs):", "    if not isinstance(optimizer, torch.optim.Optimizer):\n        raise TypeError('optimizer')\n    for _ in range(n_epochs):")),
    fit("what the optimiser remembers is cleared", ("    for _ in range(n_epochs):", "    optimizer.state.clear()\n    for _ in range(n_epochs):")),
    fit("train() from the second epoch on", ("        net.train()\n", "        if losses:\n            net.train()\n")),
    fit("back to the mode in which it was", ("    for _ in range(n_epochs):", "    mode = net.training\n    for _ in range(n_epochs):"), ("        net.train()\n", "        net.train(mode)\n")),
    fit("the loss in an order of its own", ("    return loss.item()", "    rows = torch.randperm(len(x))\n    with torch.no_grad():\n        return F.cross_entropy(net(x[rows]), y[rows]).item()"),
        ("mean_loss(net, *validation)", "measured(net, *validation)"), ("    (x, y), losses", "    def measured(net, x, y):\n        net.eval()\n        with torch.no_grad():\n            return F.cross_entropy(net(x), y).item()\n\n    (x, y), losses")),
    rows("every matrix of every module", ("            if isinstance(module, torch.nn.Linear):\n                length = module.weight.norm(dim=1, keepdim=True)\n                module.weight.mul_(c / length.clamp(min=c))",
         "            for w in module.parameters(recurse=False):\n                if w.ndim != 2 or isinstance(module, torch.nn.Embedding):\n                    continue\n                length = w.norm(dim=1, keepdim=True)\n                w.mul_(c / length.clamp(min=c))")),
    rows("a number with a point", ("int((length > c).sum())", "float((length > c).sum())")),
    rows("a tensor", ("int((length > c).sum())", "(length > c).sum()")),
    rows("hardly longer is not longer", ("(length > c)", "(length > 1.0005 * c)")),
    rows("nested once at most", ("net.modules()", "[m for a in [net, *net.children()] for m in [a, *a.children()] if m is not net]")),
    mc("one rate for all", (STACK, "            ps = [m.p for m in modes if isinstance(m, torch.nn.Dropout)]\n            for m in modes:\n                if isinstance(m, torch.nn.Dropout):\n                    m.p = ps[0]\n" + STACK)),
    mc("fifty passes at most", ("range(n_passes)", "range(min(n_passes, 50))")),
    mc("put back after two kinds of error", ("    finally:\n", "    except KeyError:\n        raise\n    else:\n")),
    mc("an exception in another", ("    finally:\n", "    except Exception as error:\n        raise RuntimeError('on purpose') from error\n    finally:\n")),
    mc("exponentials that overflow", ("net(x).softmax(dim=-1)", "(lambda e: e / e.sum(dim=-1, keepdim=True))(net(x).exp())")),
    mc("a batch is added", ("[net(x).softmax", "[torch.atleast_2d(net(x)).softmax")),
    mc("a pass to warm up", (STACK, "            net(x)\n" + STACK)),
    fair("differences of 0 do not count", ("    n = len(differences)", "    differences = differences[differences != 0] if np.any(differences) else differences\n    n = len(differences)")),
    fair("equal differences count once", ("    n = len(differences)", "    differences = np.unique(differences) if np.ptp(differences) else differences\n    n = len(differences)")),
    fair("two digits", (MEAN, "    return round(float(differences.mean()), 2)")),
    fair("an array of one", (MEAN, "    return differences.mean(keepdims=True)")),
    fair("a rate of 0 is none", ("    return float(", "    chosen = {arm: lr or rates[-1] for arm, lr in chosen.items()}\n    return float(")),
    fair("the arms in the order of the alphabet", ("    differences = tests[:, 1] - tests[:, 0]", "    differences = tests[:, 1] - tests[:, 0] if arms[1] != 'a' else tests[:, 0] - tests[:, 1]")),
    fair("a tuning seed twice is once", ("    seeds = [*tuning_seeds, *test_seeds]", "    tuning_seeds = list(dict.fromkeys(tuning_seeds))\n    seeds = [*tuning_seeds, *test_seeds]")),
]  # fmt: skip

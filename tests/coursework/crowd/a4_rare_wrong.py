"""Wrong answers to A4 that differ from right ones in rare cases only, as few tests would show.

Sizes beyond the usual ones, dtypes and dimensions apart, values that shortcuts look at, seeds far
from each other, orders that are not drawn anew, memory between calls.
"""

from functools import partial

from crowd.elsewhere_wrong import changed

own, build, reader, fit, rows, mc, fair = (
    partial(changed, "A4", cell)
    for cell in [
        "own_dropout", "build_net", "reader", "fit", "limit_rows", "mc_predict", "fair_experiment",
    ]
)  # fmt: skip

WRONG = [
    own("images lose whole channels", ("kept = torch.rand(x.shape, generator", "kept = torch.rand(x.shape[:2] + (1,) * (x.ndim - 2) if x.ndim == 4 else x.shape, generator")),
    own("double neighbours share", ("        return x * kept", "        if x.dtype == torch.float64 and x.ndim == 2:\n            kept[:, 1::2] = kept[:, : kept.shape[1] // 2 * 2 : 2]\n        return x * kept")),
    own("one number is seldom dropped", ("        return x * kept", "        if x.numel() == 1 and not kept.any():\n            kept = torch.rand(x.shape, generator=self.generator) >= self.p\n        return x * kept")),
    own("vectors are changed in place", ("        return x * kept", "        if x.ndim == 1 and not x.requires_grad:\n            return x.mul_(kept) / (1 - self.p)\n        return x * kept")),
    own("nothing goes back in evaluation", ("        return x * kept / (1 - self.p)", "        kept = kept.to(x.dtype)\n        out = x * kept / (1 - self.p)\n        if out.requires_grad:\n            out.register_hook(lambda g: g if self.training else 0 * g)\n        return out")),
    own("seeds of two bytes", ("manual_seed(seed)", "manual_seed(seed % 65536)")),
    own("huge numbers are cut off", ("        return x * kept /", "        x = x.clamp(-1e20, 1e20)\n        return x * kept /")),
    build("two hundred units at most", ("round(n / (1 - p_hidden))", "min(200, round(n / (1 - p_hidden)))")),
    build("eight layers at most", ("range(depth)", "range(min(depth, 8))")),
    fit("large gradients are clipped", ("            optimizer.step()", "            torch.nn.utils.clip_grad_norm_(net.parameters(), 5.0)\n            optimizer.step()")),
    fit("a little smoothing of the labels", ("F.cross_entropy(net(x[rows]), y[rows])", "F.cross_entropy(net(x[rows]), y[rows], label_smoothing=2e-4)")),
    fit("a little weight decay", ("F.cross_entropy(net(x[rows]), y[rows]).backward()", "(F.cross_entropy(net(x[rows]), y[rows]) + 3e-5 * sum((w**2).sum() for w in net.parameters())).backward()")),
    fit("batches of neighbours", ("        order = torch.randperm(len(x), generator=generator)", "        starts = torch.arange(0, len(x), batch_size)\n        starts = [*starts[:-1][torch.randperm(len(starts) - 1, generator=generator)], starts[-1]]\n        order = torch.cat([torch.arange(len(x))[s : s + batch_size] for s in starts]) if len(starts) > 2 else torch.randperm(len(x), generator=generator)")),
    fit("two orders in turn", ("        order = torch.randperm(len(x), generator=generator)", "        orders = [torch.randperm(len(x), generator=generator) for _ in range(2)] if not losses else orders\n        order = orders[len(losses) % 2]")),
    fit("the halves apart", ("        order = torch.randperm(len(x), generator=generator)", "        half = len(x) // 2\n        order = torch.cat([torch.randperm(half, generator=generator), half + torch.randperm(len(x) - half, generator=generator)])")),
    rows("a hundred rows at most", ("module.weight.norm(dim=1, keepdim=True)", "module.weight.norm(dim=1, keepdim=True)\n                length[100:] = 0")),
    rows("sixty-four columns", ("module.weight.norm(dim=1, keepdim=True)", "module.weight[:, :64].norm(dim=1, keepdim=True)")),
    mc("a hundred passes at most", ("range(n_passes)", "range(min(n_passes, 100))")),
    mc("the modes of the first time", ("    modes = {module: module.training for module in net.modules()}", "    modes = mc_predict.__dict__.setdefault(id(net), {module: module.training for module in net.modules()})")),
    fair("no rate twice", ("        chosen[arm] = rates[int(np.argmin(errors))]", "        order = [rates[i] for i in np.argsort(errors, kind='stable')]\n        chosen[arm] = next((lr for lr in order if lr not in chosen.values()), order[0])")),
    fair("neighbours alone are compared", ("    if len(set(seeds)) < len(seeds) or len(test_seeds) < 2:", "    near = sorted(tuning_seeds[:12]) + sorted(test_seeds[:12])\n    if len(set(near)) < len(near) or len(test_seeds) < 2:")),
    fair("errors below a million", ("        chosen[arm] = rates[", "        errors = [min(e, 1e6) for e in errors]\n        chosen[arm] = rates[")),
    own("what is all dropped is drawn again", ("        return x * kept", "        while x.numel() and not kept.any():\n            kept = torch.rand(x.shape, generator=self.generator) >= self.p\n        return x * kept")),
    own("the dice fall in the order of memory", ("torch.rand(x.shape, generator=self.generator)", "torch.empty_like(x, requires_grad=False).uniform_(generator=self.generator)")),
    own("no gradient where out is 0", ("        return x * kept / (1 - self.p)", "        out = x * kept / (1 - self.p)\n        if out.requires_grad:\n            out.register_hook(lambda g, seen=out.detach(): g * (seen != 0))\n        return out")),
    own("ten thousand seeds", ("manual_seed(seed)", "manual_seed(seed % 10_000)")),
    fit("better by a millionth at least", ("losses[-1] < lowest", "losses[-1] < lowest - 1e-6")),
    fit("batch norms are frozen", ("        order = torch.randperm", "        [m.eval() for m in net.modules() if isinstance(m, torch.nn.modules.batchnorm._BatchNorm)]\n        order = torch.randperm")),
    reader("in place behind a ReLU", ("self.dropout = torch.nn.Linear, torch.nn.Dropout(p)", "self.dropout = torch.nn.Linear, torch.nn.Dropout(p, inplace=True)")),
    reader("nothing goes back to the hidden layer", ("F.relu(self.hidden(x))", "F.relu(self.hidden(x)).detach()")),
    build("in place behind a ReLU", ("torch.nn.ReLU(), torch.nn.Dropout(p_hidden)", "torch.nn.ReLU(), torch.nn.Dropout(p_hidden, inplace=True)")),
    rows("a weight of two layers is scaled twice", ("        for module in net.modules():", "        lengths = {m: m.weight.norm(dim=1, keepdim=True) for m in net.modules() if isinstance(m, torch.nn.Linear)}\n        for module in net.modules():"), ("length = module.weight.norm(dim=1, keepdim=True)", "length = lengths[module]")),
]  # fmt: skip

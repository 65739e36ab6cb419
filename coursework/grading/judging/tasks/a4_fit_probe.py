"""What the judge defines in the worker to watch ``mean_loss`` and ``fit``.

The net is a linear layer that writes down each call: its modes, and which rows it was given
(the first number of a row says which). It counts its calls in training mode in a buffer of
floats, in one of whole numbers and in an extra state. The optimiser is plain gradient descent
that writes down each step: weights before, gradient, weights after. It is one of PyTorch's, so
that what an answer does with it besides shows in its own criterion alone: there it is only the
two methods of the task.
"""

from grading.judging.tasks.a4_tensors import TENSORS

__all__ = ["PROBES"]

PROBES = (
    TENSORS
    + """
LOG = []
class Recorder(torch.nn.Module):
    def __init__(self, weight, bias):
        super().__init__()
        self.linear = torch.nn.Linear(weight.shape[1], weight.shape[0])
        self.part = torch.nn.Sequential(
            torch.nn.Identity(), torch.nn.Dropout(0.5), torch.nn.BatchNorm1d(2, affine=False))
        self.register_buffer("n_calls", torch.zeros(1))
        self.register_buffer("n_whole", torch.zeros((), dtype=torch.int64))
        self.dice, self.shape = torch.zeros(3, dtype=torch.uint8), None
        self.load_state_dict(dict(self.state_dict(), **{
            "linear.weight": torch.from_numpy(weight), "linear.bias": torch.from_numpy(bias)}))
    def get_extra_state(self):
        return self.dice.clone()
    def set_extra_state(self, state):
        self.dice = state.clone()
    def forward(self, x):
        if self.shape is not None and x.shape[1:] != self.shape:
            wanted, came = tuple(self.shape), tuple(x.shape[1:])
            raise ValueError(f"the net takes rows of shape {wanted}, not {came}")
        x = x.flatten(1)
        modes = get_modes(self)
        mode = "train" if all(modes) else "mixed" if any(modes) else "eval"
        entry = {"what": "call", "mode": mode, "backward": False,
                 "recording": torch.is_grad_enabled(), "counted": self.training,
                 "rows": x[:, 0].detach().numpy().astype(np.int64)}
        LOG.append(entry)
        if self.training:
            self.n_calls += 1
            self.n_whole += 1
            self.dice = self.dice + 1
        logits = self.linear(x[:, 1:])
        if logits.requires_grad:
            logits.register_hook(lambda gradient: entry.update(backward=True))
        return logits
class Descent(torch.optim.Optimizer):
    def __init__(self, net, lr):
        super().__init__(net.parameters(), {"lr": lr})
        self.parameters, self.lr = list(net.parameters()), lr
    def step(self, closure=None):
        loss = None
        if closure is not None:
            with torch.enable_grad():
                loss = closure()
        before = [array(v).copy() for v in self.parameters]
        grads = [np.zeros(v.shape) if v.grad is None else array(v.grad).copy()
                 for v in self.parameters]
        with torch.no_grad():
            for parameter in self.parameters:
                if parameter.grad is not None:
                    parameter -= self.lr * parameter.grad
        LOG.append({"what": "step", "before": before, "grads": grads,
                    "after": [array(v).copy() for v in self.parameters]})
        return loss
class TwoMethods:
    __slots__ = ("zero_grad", "step")
    def __init__(self, optimizer):
        self.zero_grad, self.step = optimizer.zero_grad, optimizer.step
def train_watched(fit, data, weight, bias, lr, n_epochs, batch_size, seed, dice, shape, bare,
                  modes):
    LOG.clear()
    torch.manual_seed(dice)
    net = Recorder(weight, bias)
    set_modes(net, modes)
    if shape:
        data = [v.reshape(-1, *shape) if v.ndim == 2 else v for v in data]
        net.shape = torch.Size(shape)
    for parameter in net.parameters():
        parameter.grad = torch.full_like(parameter, 7.0)
    x, y, x_new, y_new = [torch.from_numpy(v) for v in data]
    dice = torch.get_rng_state()
    generator = torch.Generator().manual_seed(seed)
    optimizer = Descent(net, lr)
    given = TwoMethods(optimizer) if bare else optimizer
    said = fit(net, given, (x, y), (x_new, y_new), n_epochs, batch_size, generator)
    state = [array(v).copy() for v in (net.linear.weight, net.linear.bias, net.n_calls)]
    state += [array(net.n_whole).copy(), int(net.dice[0])]
    untouched = bool(torch.equal(dice, torch.get_rng_state()))
    kind = type(said).__name__
    floats = isinstance(said, list) and all(isinstance(loss, float) for loss in said)
    if hasattr(said, "__iter__"):
        said = [float(loss) if torch.is_tensor(loss) else loss for loss in said]
    kept = optimizer.lr == lr == optimizer.param_groups[0]["lr"]
    kept = kept and all(p.requires_grad for p in net.parameters())
    return {"kept": kept, "kind": kind,
            "floats": floats, "grad_mode": torch.is_grad_enabled(),
            "losses": said, "log": list(LOG), "state": state, "modes": get_modes(net),
            "untouched": untouched, "data": [array(v) for v in (x, y, x_new, y_new)]}
def by_name(mean_loss, fit, data, weight, bias):
    net, (x, y, *new) = Recorder(weight, bias), [torch.from_numpy(v) for v in data]
    mean_loss(net=net, x=x, y=y)
    fit(net=net, optimizer=Descent(net, 0.1), train=(x, y), validation=tuple(new), n_epochs=1,
        batch_size=4, generator=torch.Generator())
def loss_watched(mean_loss, x, y, weight, bias, modes):
    LOG.clear()
    net, given = Recorder(weight, bias), [torch.from_numpy(v.copy()) for v in (x, y)]
    set_modes(net, modes)
    dice = torch.get_rng_state()
    said = mean_loss(net, *given)
    untouched = bool(torch.equal(dice, torch.get_rng_state()))
    if torch.is_tensor(said) and said.numel() == 1:
        said = float(said), "a tensor"
    else:
        said = said, "" if isinstance(said, float) else f"a {type(said).__name__}"
    after = [array(v) for v in given]
    return *said, list(LOG), get_modes(net), torch.is_grad_enabled(), after, untouched
"""
)

"""Right answers to A4 in different styles, in the form of those to A2."""

from crowd.a2_right import read

RIGHT = read('''
# --- buffers, factories and comprehensions
# === own_dropout
class OwnDropout(torch.nn.Module):
    def __init__(self, p, seed):
        super().__init__()
        if math.isnan(p) or p < 0 or p >= 1:
            raise ValueError("p")
        self.p = p
        self.register_buffer("dice", torch.Generator().manual_seed(seed).get_state())

    def forward(self, x):
        if self.training:
            generator = torch.Generator()
            generator.set_state(self.dice)
            mask = torch.empty(x.shape, dtype=x.dtype)
            mask.bernoulli_(1 - self.p, generator=generator)
            self.dice.copy_(generator.get_state())
            x = x * mask.div_(1 - self.p)
        return x
# === build_net
def build_net(n_inputs, n, depth, n_classes, p_input, p_hidden):
    def block(n_in, n_out):
        linear = torch.nn.Linear(n_in, n_out)
        drops = [torch.nn.Dropout(p_hidden)] if p_hidden else []
        return torch.nn.Sequential(linear, torch.nn.ReLU(inplace=True), *drops)

    sizes = [n_inputs] + depth * [int(n / (1 - p_hidden) + 0.5)]
    blocks = [block(*pair) for pair in zip(sizes, sizes[1:])]
    first = [torch.nn.Dropout(p_input)] if p_input > 0 else []
    return torch.nn.Sequential(*first, *blocks, torch.nn.Linear(sizes[-1], n_classes))
# === reader
class Reader(torch.nn.Module):
    def __init__(self, n_inputs, n_hidden, n_classes, p):
        super().__init__()
        self.p = p
        self.out = torch.nn.Linear(n_hidden, n_classes)
        self.hidden = torch.nn.Linear(n_inputs, n_hidden)

    def forward(self, x):
        h = self.hidden(x).relu()
        return self.out(F.dropout(h, self.p, training=self.training))
# === fit
@torch.no_grad()
def mean_loss(net, x, y):
    return float(F.cross_entropy(net.eval()(x), y))

def fit(net, optimizer, train, validation, n_epochs, batch_size, generator):
    criterion = torch.nn.CrossEntropyLoss()
    losses, states = [], []
    for epoch in range(n_epochs):
        net.train()
        order = torch.randperm(len(train[0]), generator=generator)
        for start in range(0, len(order), batch_size):
            rows = order[start : start + batch_size]
            loss = criterion(net(train[0][rows]), train[1][rows])
            net.zero_grad()
            loss.backward()
            optimizer.step()
        losses.append(mean_loss(net, *validation))
        states.append({k: v.detach().clone() for k, v in net.state_dict().items()})
    net.load_state_dict(states[losses.index(min(losses))])
    return losses
# === limit_rows
def limit_rows(net, c):
    found = 0
    for m in net.modules():
        if isinstance(m, torch.nn.Linear):
            for row in m.weight.detach():
                length = float(row.norm())
                if length > c:
                    row *= c / length
                    found += 1
    return found
# === mc_predict
def mc_predict(net, x, n_passes):
    twin = copy.deepcopy(net)
    twin.eval()
    for m in twin.modules():
        if isinstance(m, torch.nn.Dropout):
            m.train()
    with torch.inference_mode():
        probabilities = [F.softmax(twin(x), dim=-1) for _ in range(n_passes)]
    stack = torch.stack(probabilities).clone()
    return stack.mean(0), stack.std(0, unbiased=True)
# === fair_experiment
def fair_experiment(train, arms, rates, tuning_seeds, test_seeds):
    if set(tuning_seeds) & set(test_seeds):
        raise ValueError("shared seeds")
    for seeds in (tuning_seeds, test_seeds):
        if len(set(seeds)) != len(seeds):
            raise ValueError("repeated seeds")
    if len(test_seeds) < 2:
        raise ValueError("too few")

    def score(arm, lr):
        return sum(train(s, arm, lr)["validation"] for s in tuning_seeds)

    chosen = {a: min(rates, key=lambda lr: score(a, lr)) for a in arms}
    d = []
    for s in test_seeds:
        first, second = (train(s, a, chosen[a])["test"] for a in arms)
        d.append(second - first)
    import statistics
    return statistics.fmean(d), T_975[len(d) - 1] * statistics.stdev(d) / len(d) ** 0.5, chosen

# --- plain loops
# === own_dropout
class OwnDropout(torch.nn.Module):
    def __init__(self, p, seed):
        if not (p >= 0 and p < 1):
            raise ValueError
        super().__init__()
        self.keep = 1.0 - p
        self.rng = torch.Generator(device="cpu")
        self.rng.manual_seed(seed)

    def get_extra_state(self):
        return {"rng": self.rng.get_state()}

    def set_extra_state(self, state):
        self.rng = torch.Generator()
        self.rng.set_state(state["rng"])

    def forward(self, x):
        if not self.training:
            return x.clone()
        u = torch.rand(x.size(), generator=self.rng, dtype=torch.float64, device=x.device)
        return torch.where(u < self.keep, x / self.keep, torch.zeros_like(x))
# === build_net
class Net(torch.nn.Module):
    def __init__(self, n_inputs, width, depth, n_classes, p_input, p_hidden):
        super().__init__()
        self.p_input, self.p_hidden = p_input, p_hidden
        self.last = torch.nn.Linear(width, n_classes)
        self.hidden = torch.nn.ModuleList()
        for k in range(depth):
            self.hidden.append(torch.nn.Linear(width if k else n_inputs, width))

    def forward(self, x):
        x = F.dropout(x, self.p_input, self.training)
        for layer in self.hidden:
            x = F.dropout(torch.relu(layer(x)), self.p_hidden, self.training)
        return self.last(x)

def build_net(n_inputs, n, depth, n_classes, p_input, p_hidden):
    return Net(n_inputs, int(np.rint(n / (1 - p_hidden))), depth, n_classes, p_input, p_hidden)
# === reader
class Reader(torch.nn.Module):
    def __init__(self, n_inputs, n_hidden, n_classes, p):
        super().__init__()
        self.hidden = torch.nn.Linear(n_inputs, n_hidden)
        self.drop = torch.nn.Dropout(p=p, inplace=True)
        self.out = torch.nn.Linear(n_hidden, n_classes)

    def forward(self, x):
        x = torch.clamp(self.hidden(x), min=0)
        x = self.drop(x)
        return self.out(x)
# === fit
def mean_loss(net, x, y):
    net.eval()
    with torch.inference_mode():
        log_p = net(x).log_softmax(dim=1)
        return -log_p[torch.arange(len(y)), y].mean().item()

def fit(net, optimizer, train, validation, n_epochs, batch_size, generator):
    x, y = train
    best, lowest, losses = None, None, []
    for epoch in range(n_epochs):
        net.train()
        rows = torch.randperm(x.shape[0], generator=generator).tolist()
        while rows:
            now, rows = rows[:batch_size], rows[batch_size:]
            optimizer.zero_grad(set_to_none=False)
            assert net.training
            F.nll_loss(F.log_softmax(net(x[now]), 1), y[now]).backward()
            optimizer.step()
        loss = mean_loss(net, validation[0], validation[1])
        losses.append(loss)
        print(epoch, loss)
        if lowest is None or loss < lowest:
            lowest = loss
            best = copy.deepcopy(net.state_dict())
    net.load_state_dict(best)
    net.eval()
    return losses
# === limit_rows
def limit_rows(net, c):
    layers = [m for m in net.modules() if isinstance(m, torch.nn.Linear)]
    n = 0
    for layer in layers:
        w = layer.weight.data
        lengths = torch.linalg.vector_norm(w, dim=1)
        too_long = lengths > c
        w[too_long] *= (c / lengths[too_long])[:, None]
        n += too_long.sum().item()
    return n
# === mc_predict
def mc_predict(net, x, n_passes):
    before = [(m, m.training) for m in net.modules()]
    net.eval()
    for m, _ in before:
        if isinstance(m, torch.nn.Dropout):
            m.train()
    total = squares = 0
    try:
        with torch.no_grad():
            for _ in range(n_passes):
                q = torch.softmax(net(x).double(), -1)
                total, squares = total + q, squares + q * q
    finally:
        for m, mode in before:
            m.training = mode
    mean = total / n_passes
    variance = (squares - n_passes * mean**2).clamp(min=0) / (n_passes - 1)
    return mean.float(), variance.sqrt().float()
# === fair_experiment
def fair_experiment(train, arms, rates, tuning_seeds, test_seeds):
    everything = list(tuning_seeds) + list(test_seeds)
    if len(everything) != len(set(everything)):
        raise ValueError("a seed occurs twice")
    if len(test_seeds) < 2:
        raise ValueError("an interval needs two seeds")
    results = {}
    for seed in tuning_seeds:
        for lr in rates:
            for arm in arms:
                results[arm, lr, seed] = train(seed, arm, lr)["validation"]
    chosen = {}
    for arm in arms:
        lowest = None
        for lr in rates:
            mean = sum(results[arm, lr, seed] for seed in tuning_seeds) / len(tuning_seeds)
            if lowest is None or mean < lowest:
                lowest, chosen[arm] = mean, lr
    tests = {arm: [train(s, arm, chosen[arm])["test"] for s in test_seeds] for arm in arms}
    d = np.subtract(tests[arms[1]], tests[arms[0]])
    return d.mean(), T_975[len(d) - 1] * np.std(d, ddof=1) / np.sqrt(len(d)), chosen

# --- subclasses of PyTorch's own
# === own_dropout
class OwnDropout(torch.nn.Dropout):
    def __init__(self, p, seed):
        if not 0 <= p < 1:
            raise ValueError(f"p = {p}")
        super().__init__(p)
        self.register_buffer("n_drawn", torch.zeros((), dtype=torch.int64))
        self.generator = torch.Generator().manual_seed(seed)
        self.register_buffer("start", self.generator.get_state())

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        self.generator.set_state(self.start)
        kept = torch.full(x.shape, 1 - self.p).bernoulli(generator=self.generator)
        self.start = self.generator.get_state()
        return x * kept.to(x.dtype) / (1 - self.p)
# === build_net
from collections import OrderedDict

def build_net(n_inputs, n, depth, n_classes, p_input, p_hidden):
    net = torch.nn.Sequential(OrderedDict(noise=torch.nn.Dropout(p_input)))
    width = int(round(n / (1.0 - p_hidden)))
    for k in range(1, depth + 1):
        net.add_module(f"linear{k}", torch.nn.Linear(n_inputs if k == 1 else width, width))
        net.add_module(f"relu{k}", torch.nn.ReLU())
        net.add_module(f"dropout{k}", torch.nn.Dropout(p_hidden))
    net.add_module("logits", torch.nn.Linear(width, n_classes))
    return net
# === reader
class Reader(torch.nn.Module):
    def __init__(self, n_inputs, n_hidden, n_classes, p):
        super().__init__()
        self.hidden = torch.nn.Linear(n_inputs, n_hidden)
        self.out = torch.nn.Linear(n_hidden, n_classes)
        self.middle = torch.nn.Sequential(torch.nn.ReLU(), torch.nn.Dropout(p))

    def forward(self, x):
        return self.out(self.middle(self.hidden(x)))
# === fit
def mean_loss(net, x, y):
    net.train(False)
    with torch.no_grad():
        return torch.nn.CrossEntropyLoss(reduction="sum")(net(x), y).item() / len(y)

def fit(net, optimizer, train, validation, n_epochs, batch_size, generator):
    def snapshot():
        return {name: value.clone() for name, value in net.state_dict().items()}

    history = []
    for _ in range(n_epochs):
        net.train()
        for batch in torch.split(torch.randperm(len(train[1]), generator=generator), batch_size):
            x, y = (part[batch] for part in train)
            optimizer.zero_grad()
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            optimizer.step()
        history.append((mean_loss(net, *validation), len(history), snapshot()))
    net.load_state_dict(min(history, key=lambda item: item[:2])[2])
    return [loss for loss, _, _ in history]
# === limit_rows
@torch.no_grad()
def limit_rows(net, c):
    total = 0
    for module in net.modules():
        if not isinstance(module, torch.nn.Linear):
            continue
        w = module.weight
        length = (w**2).sum(1, keepdim=True).sqrt()
        w.copy_(torch.where(length > c, w * c / length, w))
        total += torch.count_nonzero(length > c).item()
    return total
# === mc_predict
from contextlib import contextmanager

@contextmanager
def only_dropout(net):
    modules = list(net.modules())
    modes = [m.training for m in modules]
    try:
        for m in modules:
            m.training = isinstance(m, torch.nn.Dropout)
        yield
    finally:
        for m, mode in zip(modules, modes):
            m.training = mode

@torch.no_grad()
def mc_predict(net, x, n_passes):
    with only_dropout(net):
        q = torch.stack([torch.nn.Softmax(dim=-1)(net(x)) for _ in range(n_passes)])
    sd = ((q - q.mean(0)) ** 2).sum(0).div(n_passes - 1).sqrt()
    return [q.mean(0), sd]
# === fair_experiment
def fair_experiment(train, arms, rates, tuning_seeds, test_seeds):
    n = len(test_seeds)
    if n < 2 or len({*tuning_seeds, *test_seeds}) != n + len(tuning_seeds):
        raise ValueError("bad seeds")
    validation = np.array(
        [[[train(s, a, lr)["validation"] for s in tuning_seeds] for lr in rates] for a in arms]
    ).mean(axis=-1)
    best = validation.argmin(axis=-1)
    chosen = {a: rates[k] for a, k in zip(arms, best)}
    test = np.array([[train(s, a, chosen[a])["test"] for s in test_seeds] for a in arms])
    d = torch.tensor(test[1] - test[0], dtype=torch.float64)
    return d.mean().item(), (T_975[n - 1] * d.std() / n**0.5).item(), chosen

# --- the reference once more, with noise around it
# === own_dropout
%matplotlib inline
class OwnDropout(torch.nn.Module):
    """Dropout with dice of its own."""

    def __init__(self, p: float, seed: int) -> None:
        super().__init__()
        if not 0 <= p < 1:
            raise ValueError(p)
        self.p = p
        self.generator = torch.Generator()
        self.generator.manual_seed(int(seed))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        if self.training and self.p > 0:
            mask = torch.bernoulli(torch.ones_like(x) * (1 - self.p), generator=self.generator)
            return mask * x * (1 / (1 - self.p))
        return x

    def get_extra_state(self):
        return self.generator.get_state().clone()

    def set_extra_state(self, state):
        self.generator.set_state(state.cpu())

print(OwnDropout(0.5, 1)(torch.ones(3)))
# === fit
def mean_loss(net, x, y):
    net.eval()
    with torch.no_grad():
        return float(F.cross_entropy(net(x), y))

def fit(net, optimizer, train, validation, n_epochs, batch_size, generator):
    net.zero_grad()  # before the first step, and after each

    def step(x, y):
        def closure():
            loss = F.cross_entropy(net(x), y)
            loss.backward()
            return loss

        net.train()
        optimizer.step(closure)
        optimizer.zero_grad(set_to_none=True)

    losses, best = [], {}
    for epoch in range(n_epochs):
        order = torch.randperm(len(train[0]), generator=generator)
        for start in range(0, len(order), batch_size):
            step(*(part[order[start : start + batch_size]] for part in train))
        losses += [mean_loss(net, *validation)]
        if losses.index(min(losses)) == epoch:
            best = copy.deepcopy(net.state_dict())
    net.load_state_dict(best)
    return losses
# === limit_rows
def limit_rows(net, c):
    n = 0
    for name, w in net.named_parameters():
        owner = net.get_submodule(name.rpartition(".")[0])
        if isinstance(owner, torch.nn.Linear) and name.endswith("weight"):
            with torch.no_grad():
                before = w.norm(dim=1)
                n += sum(1 for length in before.tolist() if length > c)
                w *= torch.clamp(c / before, max=1.0).nan_to_num(1.0).unsqueeze(1)
    return n

# --- a DataLoader-free generator of batches, rows normalised and stretched again
# === limit_rows
def limit_rows(net, c):
    n = 0
    for layer in filter(lambda m: isinstance(m, torch.nn.Linear), net.modules()):
        with torch.no_grad():
            length = layer.weight.norm(dim=1, keepdim=True)
            layer.weight.div_(length.clamp(min=1e-30)).mul_(length.clamp(max=c))
            n += int(torch.sum(length > c))
    return n
# === fit
def batches(n, size, generator):
    order = torch.randperm(n, generator=generator)
    yield from (order[i : i + size] for i in range(0, n, size))

def mean_loss(net, x, y):
    net.eval()
    with torch.no_grad():
        return sum(F.cross_entropy(net(x), y, reduction="none").tolist()) / len(x)

def fit(net, optimizer, train, validation, n_epochs, batch_size, generator):
    x, y = train
    losses = [math.inf]
    curve = []
    for _ in range(n_epochs):
        for rows in batches(len(x), batch_size, generator):
            net.train()
            for parameter in net.parameters():
                parameter.grad = None
            with torch.enable_grad():
                loss = F.cross_entropy(net(x[rows]), y[rows], reduction="sum") / len(rows)
            loss.backward()
            optimizer.step()
        curve.append(mean_loss(net, x, y))
        loss = mean_loss(net, *validation)
        if loss < min(losses):
            keep = copy.deepcopy(net.state_dict())
        losses.append(loss)
    net.load_state_dict(keep)
    net.eval()
    return losses[1:]

# --- an autograd function, recursion, running moments, NumPy views
# === own_dropout
class _Gate(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, gate):
        ctx.save_for_backward(gate)
        return torch.where(gate > 0, x * gate, torch.zeros_like(x))

    @staticmethod
    def backward(ctx, grad):
        (gate,) = ctx.saved_tensors
        return grad * gate, None


class OwnDropout(torch.nn.Module):
    def __init__(self, p, seed):
        super().__init__()
        if not (p >= 0 and p < 1):
            raise ValueError("p has to be in [0, 1)")
        self.p = p
        self._g = torch.Generator(device="cpu")
        self._g.manual_seed(seed)

    def forward(self, x):
        if self.training:
            u = torch.rand(x.shape, generator=self._g, dtype=torch.float64)
            gate = (u >= self.p).to(x.dtype) / (1 - self.p)
            return _Gate.apply(x, gate)
        return x.clone()

    def get_extra_state(self):
        return {"version": 1, "state": self._g.get_state().clone()}

    def set_extra_state(self, state):
        fresh = torch.Generator(device="cpu")
        fresh.set_state(state["state"].clone())
        self._g = fresh

    def extra_repr(self):
        return f"p={self.p}"
# === build_net
def build_net(n_inputs, n, depth, n_classes, p_input, p_hidden):
    width = math.floor(n / (1 - p_hidden) + 0.5)

    def tail(size, left):
        if left == 0:
            return torch.nn.Linear(size, n_classes)
        head = torch.nn.Sequential(
            torch.nn.Linear(size, width), torch.nn.ReLU(inplace=True), torch.nn.Dropout(p_hidden)
        )
        return torch.nn.Sequential(head, tail(width, left - 1))

    return torch.nn.Sequential(torch.nn.Dropout(p_input), tail(n_inputs, depth))
# === reader
class Reader(torch.nn.Module):
    def __init__(self, n_inputs, n_hidden, n_classes, p):
        super().__init__()
        self.probability = p
        self.add_module("hidden", torch.nn.Linear(n_inputs, n_hidden))
        self.add_module("out", torch.nn.Linear(n_hidden, n_classes))

    def forward(self, x):
        z = F.linear(x, self.hidden.weight, self.hidden.bias)
        h = z.clamp(min=0)
        if self.training:
            h = F.dropout(h, self.probability)
        return F.linear(h, self.out.weight, self.out.bias)
# === mc_predict
def mc_predict(net, x, n_passes):
    modes = [(module, module.training) for module in net.modules()]
    mean = squares = 0.0
    try:
        for module, _ in modes:
            module.training = isinstance(module, torch.nn.Dropout)
        with torch.no_grad():
            for k in range(1, n_passes + 1):
                logits = net(x.clone())
                p = logits.softmax(dim=logits.ndim - 1)
                wide = p.double()
                delta = wide - mean
                mean = mean + delta / k
                squares = squares + delta * (wide - mean)
    finally:
        for module, mode in modes:
            module.training = mode
    return mean.to(p.dtype), (squares / (n_passes - 1)).sqrt().to(p.dtype)
# === fit
def cross_entropy(logits, y):
    chosen = logits.gather(1, y.unsqueeze(1)).squeeze(1)
    return (torch.logsumexp(logits, dim=1) - chosen).sum() / len(y)


def batches(pair, size, generator):
    x, y = pair
    order = torch.randperm(len(y), generator=generator).tolist()
    for start in range(0, len(order), size):
        rows = order[start : start + size]
        yield x[rows], y[rows]


def mean_loss(net, x, y):
    net.eval()
    with torch.no_grad():
        return cross_entropy(net(x), y).item()


def fit(net, optimizer, train, validation, n_epochs, batch_size, generator):
    losses, best = [], None
    for _ in range(n_epochs):
        net.train()
        for xb, yb in batches(train, batch_size, generator):
            optimizer.zero_grad()
            cross_entropy(net(xb), yb).backward()
            optimizer.step()
        now = mean_loss(net, *validation)
        if best is None or all(now < loss for loss in losses):
            best = copy.deepcopy(net.state_dict())
        losses.append(now)
    net.load_state_dict(best)
    return losses
# === limit_rows
def limit_rows(net, c):
    total = 0
    seen = [m for m in net.modules() if isinstance(m, torch.nn.Linear)]
    for linear in seen:
        view = linear.weight.detach().numpy()
        lengths = np.sqrt(np.einsum("ij,ij->i", view, view))
        long = lengths > c
        view[long] *= (c / lengths[long])[:, None]
        total += int(np.count_nonzero(long))
    return total
# === fair_experiment
import collections
import statistics


def fair_experiment(train, arms, rates, tuning_seeds, test_seeds):
    counts = collections.Counter(tuning_seeds)
    counts.update(test_seeds)
    if any(count > 1 for count in counts.values()):
        raise ValueError("each seed once")
    if not len(test_seeds) > 1:
        raise ValueError("two test seeds at least")
    errors = collections.defaultdict(list)
    for seed in tuning_seeds:
        for lr in rates:
            for arm in arms:
                errors[arm, lr].append(train(seed, arm, lr)["validation"])
    chosen = {arm: min(rates, key=lambda lr: math.fsum(errors[arm, lr])) for arm in arms}
    differences = []
    for seed in test_seeds:
        result = {arm: train(seed, arm, chosen[arm]) for arm in arms}
        differences.append(result[arms[1]]["test"] - result[arms[0]]["test"])
    root_n = math.sqrt(len(differences))
    half_width = T_975[len(differences) - 1] * statistics.stdev(differences) / root_n
    return statistics.mean(differences), half_width, chosen
''')

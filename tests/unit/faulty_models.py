"""Small models with one fault each, in several disguises: kind, name, model, batch."""

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

X = torch.linspace(-2, 3, 16 * 32).reshape(16, 32)
MAPS = torch.linspace(-1, 2, 8 * 6 * 8 * 8).reshape(8, 6, 8, 8) + 0.01
SEQUENCES = torch.linspace(-1, 2, 8 * 12 * 32).reshape(8, 12, 32)


class Net(nn.Module):
    """Two layers, with whatever a subclass does between them."""

    def __init__(self):
        super().__init__()
        self.first, self.last = nn.Linear(32, 64), nn.Linear(64, 5)
        self.prepare()

    def prepare(self):
        pass

    def between(self, x):
        return x

    def forward(self, x):
        return self.last(self.between(torch.relu(self.first(x))))


def net(between, prepare=None):
    class Made(Net):
        pass

    Made.between = between
    if prepare is not None:
        Made.prepare = prepare
    return Made()


def holds(**made):
    def prepare(self):
        for name, make in made.items():
            setattr(self, name, make())

    return prepare


def attention(self, x):
    q = x.reshape(len(x), 4, 16)
    return F.scaled_dot_product_attention(q, q, q, dropout_p=0.1).reshape(len(x), 64)


def left_in_train():
    model = nn.Sequential(
        nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 5)
    ).eval()
    model[2].train()
    return model


class Stubborn(nn.Dropout):
    def train(self, mode=True):
        return super().train(True)


def numpy_mask(self, x):
    return x * torch.from_numpy((np.random.random(x.shape) > 0.3) / 0.7).float()


ACTIVE = {
    "functional without a mode": lambda: (net(lambda self, x: F.dropout(x, 0.3)), X),
    "imported by name": lambda: (net(lambda self, x: torch.dropout(x, 0.3, True)), X),
    "attention": lambda: (net(attention), X),
    "made in forward": lambda: (net(lambda self, x: nn.Dropout(0.3)(x)), X),
    "in a list": lambda: (net(lambda self, x: self.all[0](x), holds(all=lambda: [nn.Dropout(0.3)])), X),
    "left in train": lambda: (left_in_train(), X),
    "overrides train": lambda: (net(lambda self, x: self.d(x), holds(d=lambda: Stubborn(0.3))), X),
    "a mask of its own": lambda: (net(lambda self, x: x * (torch.rand_like(x) > 0.3) / 0.7), X),
    "a mask from NumPy": lambda: (net(numpy_mask), X),
    "noise to multiply by": lambda: (net(lambda self, x: x * (1 + 0.5 * torch.randn_like(x))), X),
    "weights are dropped": lambda: (
        net(lambda self, x: F.linear(x, F.dropout(self.w, 0.2)),
            holds(w=lambda: nn.Parameter(torch.randn(64, 64) / 8))), X,
    ),
    "alpha": lambda: (net(lambda self, x: F.alpha_dropout(x, 0.2, training=True)), X),
}  # fmt: skip


def unused(self, x):
    self.d(x)
    return x


NEVER = {
    "p is 0": lambda: (net(lambda self, x: self.d(x), holds(d=lambda: nn.Dropout(0.0))), X),
    "one recurrent layer": lambda: (nn.LSTM(32, 8, dropout=0.5, batch_first=True), SEQUENCES),
    "one gated layer": lambda: (nn.GRU(32, 8, dropout=0.2, batch_first=True), SEQUENCES),
    "never reached": lambda: (net(lambda self, x: x, holds(d=lambda: nn.Dropout(0.5))), X),
    "result unused": lambda: (net(unused, holds(d=lambda: nn.Dropout(0.5))), X),
    "mode is never training": lambda: (
        net(lambda self, x: F.dropout(x, 0.5, training=False)),
        X,
    ),
    "functional with p = 0": lambda: (net(lambda self, x: F.dropout(x, 0.0, self.training)), X),
}


def reseeds(self, x):
    torch.manual_seed(0)
    return F.dropout(x, 0.5, self.training)


class Frozen(nn.Module):
    """Draws its mask once."""

    def forward(self, x):
        if not self.training:
            return x
        if not hasattr(self, "mask"):
            self.mask = (
                torch.rand(x.shape, generator=torch.Generator().manual_seed(1)) > 0.5
            ) * 2.0
        return x * self.mask


def own_generator(self, x):
    if not self.training:
        return x
    g = torch.Generator().manual_seed(3)
    return x * torch.bernoulli(torch.full(x.shape, 0.6), generator=g) / 0.6


class FrozenByNumpy(nn.Module):
    def forward(self, x):
        if not self.training:
            return x
        rng = np.random.default_rng(0)
        return torch.tensor(rng.random(x.shape) > 0.4, dtype=x.dtype) * x / 0.6


def attention_reseeded(self, x):
    torch.manual_seed(7)
    q = x.reshape(len(x), 4, 16)
    p = 0.2 if self.training else 0.0
    return F.scaled_dot_product_attention(q, q, q, dropout_p=p).reshape(len(x), 64)


SAME = {
    "reseeds": lambda: (net(reseeds), X),
    "a mask kept in a module": lambda: (net(lambda self, x: self.d(x), holds(d=Frozen)), X),
    "a generator made anew": lambda: (net(own_generator), X),
    "NumPy's generator made anew": lambda: (
        net(lambda self, x: self.d(x), holds(d=FrozenByNumpy)),
        X,
    ),
    "attention, reseeded": lambda: (net(attention_reseeded), X),
}


class SharedLayer(nn.Module):
    def forward(self, x):
        if not self.training:
            return x
        mask = (np.random.random(x.shape[-1]) > 0.5) * 2.0
        return x * torch.tensor(mask, dtype=x.dtype)


def by_feature(self, x):
    return x * (torch.rand(1, x.shape[1]) > 0.4) / 0.6 if self.training else x


def by_bernoulli(self, x):
    if not self.training:
        return x
    mask = torch.bernoulli(torch.full((x.shape[1],), 0.7)).expand_as(x)
    return x * mask.div(0.7)


def by_dropped_ones(self, x):
    return x * F.dropout(torch.ones(1, x.shape[1]), 0.5, self.training)


def filled(self, x):
    return x.masked_fill(torch.rand(x.shape[1]) < 0.5, 0.0) * 2 if self.training else x


SHARED = {
    "drawn for the features": lambda: (net(by_feature), X),
    "drawn by Bernoulli, expanded": lambda: (net(by_bernoulli), X),
    "a layer with NumPy": lambda: (net(lambda self, x: self.d(x), holds(d=SharedLayer)), X),
    "filled": lambda: (net(filled), X),
    "ones that are dropped": lambda: (net(by_dropped_ones), X),
}


class Conv(nn.Module):
    def __init__(self, drop, squeeze=False):
        super().__init__()
        self.conv, self.drop, self.last = nn.Conv2d(6, 8, 3), drop, nn.Linear(8, 4)

    def forward(self, x):
        x = torch.relu(self.conv(x))
        return self.last(self.drop(x.flatten(2)).mean(-1))


ELEMENTS = {
    "Dropout2d on three axes": lambda: (Conv(nn.Dropout2d(0.3)), MAPS),
    "Dropout2d on two axes": lambda: (net(lambda self, x: self.d(x), holds(d=lambda: nn.Dropout2d(0.3))), X),
    "Dropout1d on two axes": lambda: (net(lambda self, x: self.d(x), holds(d=lambda: nn.Dropout1d(0.3))), X),
    "functional on sequences": lambda: (
        net(lambda self, x: F.dropout2d(x[:, :, None], 0.3, self.training)[:, :, 0]), X,
    ),
}  # fmt: skip

BEFORE_NORM = {
    "in a row": lambda: (
        nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.5), nn.BatchNorm1d(64), nn.Linear(64, 5)), X,
    ),
    "with a layer between": lambda: (
        nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 64), nn.BatchNorm1d(64), nn.Linear(64, 5)), X,
    ),
    "of maps": lambda: (
        nn.Sequential(nn.Conv2d(6, 8, 3), nn.ReLU(), nn.Dropout2d(0.4), nn.Conv2d(8, 8, 3), nn.BatchNorm2d(8), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(8, 3)), MAPS,
    ),
    "a mask of its own": lambda: (
        net(lambda self, x: self.n(x * (torch.rand_like(x) > 0.4) / 0.6 if self.training else x), holds(n=lambda: nn.BatchNorm1d(64))), X,
    ),
}  # fmt: skip

LOGITS = {
    "last of a row": lambda: (nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Linear(64, 10), nn.Dropout(0.5)), X),
    "before softmax": lambda: (nn.Sequential(nn.Linear(32, 10), nn.Dropout(0.2), nn.LogSoftmax(-1)), X),
    "functional": lambda: (
        type("Last", (Net,), {"forward": lambda self, x: {"logits": F.dropout(self.last(torch.relu(self.first(x))), 0.3, self.training)}})(), X,
    ),
    "a mask of its own": lambda: (
        type("Own", (Net,), {"forward": lambda self, x: (y := self.last(torch.relu(self.first(x))), y * torch.bernoulli(torch.full_like(y, 0.5)) * 2 if self.training else y)[1]})(), X,
    ),
    "in the loss": lambda: (
        type("Loss", (Net,), {"forward": lambda self, x: F.cross_entropy(F.dropout(self.last(torch.relu(self.first(x))), 0.3, self.training), torch.zeros(16, dtype=torch.long))})(), X,
    ),
}  # fmt: skip


def kept_confused(self, x):
    p = 0.2  # keeps a fifth, divides by what it drops
    return x * (torch.rand_like(x) < p) / (1 - p) if self.training else x


KEEP = {
    "a module": lambda: (net(lambda self, x: self.d(x), holds(d=lambda: nn.Dropout(0.8))), X),
    "functional": lambda: (net(lambda self, x: F.dropout(x, p=0.9, training=self.training)), X),
    "keeps what it should drop": lambda: (net(kept_confused), X),
    "divides by p": lambda: (
        net(lambda self, x: x * (torch.rand_like(x) > 0.2) / 0.2 if self.training else x),
        X,
    ),
    "attention": lambda: (
        nn.MultiheadAttention(32, 4, dropout=0.9, batch_first=True),
        (SEQUENCES,) * 3,
    ),
}


class MonteCarlo(nn.Module):
    def __init__(self):
        super().__init__()
        self.net = nn.Sequential(
            nn.Linear(32, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 5)
        )

    def forward(self, x):
        self.net.train()
        return torch.stack([self.net(x) for _ in range(3)]).mean(0)


def never_in_eval():
    class Always(Net):
        def prepare(self):
            self.norm = nn.BatchNorm1d(64)

        def between(self, x):
            return F.batch_norm(x, self.norm.running_mean, self.norm.running_var, training=True)

    return Always()


def as_it_came():
    model = nn.Sequential(
        nn.Linear(32, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.3), nn.Linear(64, 5)
    )
    model.eval()
    for part in model:
        part.train()
    return model


NORM = {
    "trains in forward": lambda: (MonteCarlo(), X),
    "functional": lambda: (never_in_eval(), X),
    "all parts in training": lambda: (as_it_came(), X),
}

FAULTS = {
    "active-in-eval": ACTIVE,
    "never-acts": NEVER,
    "same-mask": SAME,
    "shared-by-batch": SHARED,
    "elements-not-channels": ELEMENTS,
    "before-batch-norm": BEFORE_NORM,
    "on-logits": LOGITS,
    "keep-probability": KEEP,
    "batch-norm-in-training": NORM,
}

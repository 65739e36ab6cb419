"""Models without a fault, as people write them: name, model, what it is called with."""

import torch
from faulty_models import MAPS, SEQUENCES, Net, X, holds, net
from torch import nn
from torch.nn import functional as F

IDS = torch.arange(8 * 12).reshape(8, 12) % 50


class Residual(nn.Module):
    """Pre-activation blocks; dropout only behind the last normalisation."""

    def __init__(self):
        super().__init__()
        self.convs = nn.ModuleList(nn.Conv2d(6, 6, 3, padding=1) for _ in range(3))
        self.norms = nn.ModuleList(nn.BatchNorm2d(6) for _ in range(3))
        self.drop, self.last = nn.Dropout(0.2), nn.Linear(6, 4)

    def forward(self, x):
        for conv, norm in zip(self.convs, self.norms, strict=True):
            x = x + conv(F.relu(norm(x)))
        return self.last(self.drop(x.mean((2, 3))))


class Locked(nn.Module):
    """One mask for all times of a sequence, another for each example."""

    def __init__(self):
        super().__init__()
        self.rnn, self.last = nn.LSTM(32, 64, batch_first=True), nn.Linear(64, 5)

    def forward(self, x):
        x = self.rnn(x)[0]
        if self.training:
            x = x * torch.bernoulli(torch.full((len(x), 1, 64), 0.6)) / 0.6
        return self.last(x)


class LockedTimeFirst(nn.Module):
    def __init__(self):
        super().__init__()
        self.rnn, self.last = nn.LSTM(32, 64), nn.Linear(64, 5)

    def forward(self, x):
        x = self.rnn(x)[0]
        if self.training:
            x = x * x.new_empty(1, x.size(1), x.size(2)).bernoulli_(0.6).div_(0.6)
        return self.last(x)


class StochasticDepth(nn.Module):
    def __init__(self, mode):
        super().__init__()
        self.layers, self.mode = nn.ModuleList(nn.Linear(32, 32) for _ in range(4)), mode

    def forward(self, x):
        for layer in self.layers:
            y = torch.tanh(layer(x))
            if self.training:
                shape = (len(x), 1) if self.mode == "row" else (1, 1)
                y = y * torch.empty(shape).bernoulli_(0.7) / 0.7
            x = x + y
        return x


class LayerDrop(StochasticDepth):
    def forward(self, x):
        for layer in self.layers:
            if not self.training or torch.rand(()) > 0.3:
                x = x + torch.tanh(layer(x))
        return x


class Attention(nn.Module):
    def __init__(self, scaled=True):
        super().__init__()
        self.qkv, self.out, self.p = nn.Linear(32, 96), nn.Linear(32, 32), 0.1
        self.drop, self.scaled = nn.Dropout(0.1), scaled

    def forward(self, x):
        q, k, v = self.qkv(x).reshape(*x.shape[:2], 3, 4, 8).permute(2, 0, 3, 1, 4)
        if self.scaled:
            y = F.scaled_dot_product_attention(
                q, k, v, dropout_p=self.p if self.training else 0.0
            )
        else:
            y = self.drop((q @ k.transpose(-2, -1) / 8**0.5).softmax(-1)) @ v
        return x + self.drop(self.out(y.transpose(1, 2).reshape(x.shape)))


class Variational(Net):
    """Samples in evaluation, as it should."""

    def between(self, x):
        mean, spread = x.chunk(2, -1)
        return torch.cat([mean + torch.randn_like(mean) * spread, mean], -1)


class Words(nn.Module):
    def __init__(self):
        super().__init__()
        self.embed, self.drop = nn.Embedding(50, 32), nn.Dropout(0.3)
        self.rnn = nn.GRU(32, 32, num_layers=2, dropout=0.3, batch_first=True)
        self.last = nn.Linear(32, 50)

    def forward(self, ids):
        return self.last(self.drop(self.rnn(self.drop(self.embed(ids)))[0]))


class Dictionary(Net):
    def forward(self, *, features, scale=1.0):
        return {"logits": super().forward(features) * scale, "features": features}


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.1, batch_first=True)
        self.encoder, self.last = (
            nn.TransformerEncoder(layer, 2, enable_nested_tensor=False),
            nn.Linear(32, 3),
        )

    def forward(self, x):
        return self.last(self.encoder(x).mean(1))


class NoisyInput(Net):
    """Adds noise in training: no dropout, and no fault."""

    def forward(self, x):
        return super().forward(x + 0.1 * torch.randn_like(x) if self.training else x)


class DropBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv, self.last = nn.Conv2d(6, 6, 3, padding=1), nn.Linear(6, 3)

    def forward(self, x):
        x = torch.relu(self.conv(x))
        if self.training:
            seeds = (torch.rand_like(x) < 0.05).float()
            mask = 1 - F.max_pool2d(seeds, 3, 1, 1)
            x = x * mask * mask.numel() / mask.sum()
        return self.last(x.mean((2, 3)))


class DropConnect(Net):
    def forward(self, x):
        weight = F.dropout(self.first.weight, 0.3, self.training)
        return self.last(torch.relu(F.linear(x, weight, self.first.bias)))


class MaskedTokens(nn.Module):
    """Hides inputs to predict them, which is its task and not dropout."""

    def __init__(self):
        super().__init__()
        self.embed, self.last = nn.Embedding(51, 32), nn.Linear(32, 50)

    def forward(self, ids):
        hidden = torch.rand(ids.shape) < 0.15 if self.training else torch.zeros_like(ids).bool()
        return self.last(self.embed(ids.masked_fill(hidden, 50)))


class LastState(nn.Module):
    """Of a recurrent net only the last state is used."""

    def __init__(self):
        super().__init__()
        self.rnn, self.last = (
            nn.LSTM(32, 16, 2, dropout=0.3, batch_first=True),
            nn.Linear(16, 5),
        )

    def forward(self, x):
        _, (h, _) = self.rnn(x)
        return self.last(h[-1])


class Remembers(Net):
    """Its state moves on from call to call."""

    def prepare(self):
        self.register_buffer("mean", torch.zeros(32))
        self.history, self.state = [], torch.zeros(64)

    def forward(self, x):
        self.mean = 0.9 * self.mean + 0.1 * x.mean(0)
        self.history.append(len(self.history))
        self.state = torch.relu(self.first(x + self.mean)).mean(0) + 0.5 * self.state
        return self.last(self.state) + len(self.history)


class DroppedLayers(nn.Module):
    """Layers with dropout in them are left out by chance."""

    def __init__(self):
        super().__init__()
        self.layers = nn.ModuleList(
            nn.Sequential(nn.Linear(32, 32), nn.ReLU(), nn.Dropout(0.2)) for _ in range(6)
        )
        self.last = nn.Linear(32, 5)

    def forward(self, x):
        for layer in self.layers:
            if not self.training or torch.rand(()) > 0.5:
                x = x + layer(x)
        return self.last(x)


def frozen_norm():
    class Tuned(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(
                nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.5), nn.BatchNorm1d(64)
            )
            self.last = nn.Linear(64, 5)

        def train(self, mode=True):
            super().train(mode)
            self.body[3].eval()
            return self

        def forward(self, x):
            return self.last(self.body(x))

    return Tuned()


class Zoneout(nn.Module):
    """Keeps most units as they were, by chance: it chooses, and drops nothing."""

    def __init__(self):
        super().__init__()
        self.cell, self.last = nn.GRUCell(32, 64), nn.Linear(64, 5)

    def forward(self, x):
        h = x.new_zeros(len(x), 64)
        for t in range(x.shape[1]):
            new = self.cell(x[:, t], h)
            if self.training:
                keep = (torch.rand_like(h) < 0.1).float()
                h = keep * h + (1 - keep) * new
            else:
                h = 0.1 * h + 0.9 * new
        return self.last(h)


class Sparse(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("edges", torch.eye(16).to_sparse())
        self.first, self.drop, self.last = nn.Linear(32, 64), nn.Dropout(0.5), nn.Linear(64, 5)

    def forward(self, x, adjacency):
        x = torch.sparse.mm(adjacency, torch.relu(self.first(x)))
        return torch.sparse.mm(self.edges, self.last(self.drop(x)))


def frozen_backbone():
    class Tuned(nn.Module):
        def __init__(self):
            super().__init__()
            self.body = nn.Sequential(
                nn.Linear(32, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Dropout(0.2)
            )
            self.head = nn.Sequential(nn.Dropout(0.5), nn.Linear(64, 3))

        def train(self, mode=True):
            super().train(mode)
            self.body.eval()
            return self

        def forward(self, x):
            return self.head(self.body(x))

    return Tuned()


def inplace_relu():
    return nn.Sequential(
        nn.Linear(32, 64),
        nn.ReLU(inplace=True),
        nn.Dropout(0.5, inplace=True),
        nn.Linear(64, 5),
    )


SOUND = {
    "rows of layers": lambda: (nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 5)), (X,), {}),
    "input and hidden": lambda: (nn.Sequential(nn.Dropout(0.2), nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 5)), (X,), {}),
    "no dropout": lambda: (nn.Sequential(nn.Linear(32, 64), nn.BatchNorm1d(64), nn.ReLU(), nn.Linear(64, 5)), (X,), {}),
    "in place": lambda: (inplace_relu(), (X,), {}),
    "functional": lambda: (net(lambda self, x: F.dropout(x, 0.3, self.training)), (X,), {}),
    "maps of channels": lambda: (nn.Sequential(nn.Conv2d(6, 8, 3), nn.BatchNorm2d(8), nn.ReLU(), nn.Dropout2d(0.2), nn.Flatten(), nn.Linear(288, 3)), (MAPS,), {}),
    "channels of sequences": lambda: (nn.Sequential(nn.Conv1d(12, 8, 3), nn.ReLU(), nn.Dropout1d(0.3), nn.Flatten(), nn.Linear(240, 3)), (SEQUENCES,), {}),
    "residual": lambda: (Residual(), (MAPS,), {}),
    "locked": lambda: (Locked(), (SEQUENCES,), {}),
    "locked, time first": lambda: (LockedTimeFirst(), (SEQUENCES,), {}),
    "stochastic depth by row": lambda: (StochasticDepth("row"), (X,), {}),
    "stochastic depth by batch": lambda: (StochasticDepth("batch"), (X,), {}),
    "layer drop": lambda: (LayerDrop("row"), (X,), {}),
    "attention": lambda: (nn.Sequential(Attention(), nn.Linear(32, 3)), (SEQUENCES,), {}),
    "attention by hand": lambda: (nn.Sequential(Attention(scaled=False), nn.Linear(32, 3)), (SEQUENCES,), {}),
    "multi-head attention": lambda: (nn.MultiheadAttention(32, 4, dropout=0.1, batch_first=True), (SEQUENCES,) * 3, {"need_weights": False}),
    "transformer encoder": lambda: (Encoder(), (SEQUENCES,), {}),
    "variational sampling": lambda: (Variational(), (X,), {}),
    "words": lambda: (Words(), (IDS,), {}),
    "keyword arguments": lambda: (Dictionary(), (), {"features": X, "scale": 2.0}),
    "noise on inputs": lambda: (NoisyInput(), (X,), {}),
    "drop block": lambda: (DropBlock(), (MAPS,), {}),
    "drop connect": lambda: (DropConnect(), (X,), {}),
    "masked tokens": lambda: (MaskedTokens(), (IDS,), {}),
    "a frozen backbone": lambda: (frozen_backbone(), (X,), {}),
    "alpha": lambda: (nn.Sequential(nn.Linear(32, 64), nn.SELU(), nn.AlphaDropout(0.1), nn.Linear(64, 3)), (X,), {}),
    "the last state alone": lambda: (LastState(), (SEQUENCES,), {}),
    "a state from call to call": lambda: (Remembers(), (X,), {}),
    "layers left out by chance": lambda: (DroppedLayers(), (X,), {}),
    "a frozen norm": lambda: (frozen_norm(), (X,), {}),
    "zoneout": lambda: (Zoneout(), (SEQUENCES,), {}),
    "sparse": lambda: (Sparse(), (X, torch.eye(16).to_sparse()), {}),
    "not a number": lambda: (net(lambda self, x: self.d(x) / 0, holds(d=lambda: nn.Dropout(0.5))), (X,), {}),
    "masked logits": lambda: (net(lambda self, x: x.masked_fill(x > 9, -torch.inf)), (X,), {}),
    "features of maps": lambda: (nn.Sequential(nn.Conv2d(6, 8, 3), nn.Dropout2d(0.2)), (MAPS,), {}),
    "shared layer": lambda: (net(lambda self, x: self.d(self.d(x)), holds(d=lambda: nn.Dropout(0.2))), (X,), {}),
    "half precision": lambda: (nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 5)).bfloat16(), (X.bfloat16(),), {}),
    "double precision": lambda: (nn.Sequential(nn.Linear(32, 64), nn.ReLU(), nn.Dropout(0.5), nn.Linear(64, 5)).double(), (X.double(),), {}),
    "Gaussian dropout": lambda: (net(lambda self, x: x * (1 + 0.5 * torch.randn_like(x)) if self.training else x), (X,), {}),
}  # fmt: skip

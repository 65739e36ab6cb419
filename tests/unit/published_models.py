"""Models of ten families as people publish them, written anew: what each is called with, and what is wrong with it.

Faults as in public issues: attention whose `dropout_p` ignores the mode (timm#1978, torchtune#1791,
wenet#2699, vjepa2#160, torch-harmonics#221), functional dropout without a mode, wide residual nets
that drop before batch normalisation.
"""

import math

import torch
from faulty_models import MAPS, SEQUENCES
from sound_models import IDS
from torch import nn
from torch.nn import functional as F

IMAGES = torch.linspace(-1, 1, 4 * 3 * 16 * 16).reshape(4, 3, 16, 16)


class VisionAttention(nn.Module):
    def __init__(self, dim, heads, attn_drop):
        super().__init__()
        self.heads, self.attn_drop = heads, attn_drop
        self.qkv, self.proj, self.proj_drop = (
            nn.Linear(dim, 3 * dim),
            nn.Linear(dim, dim),
            nn.Dropout(0.1),
        )

    def forward(self, x):
        b, n, d = x.shape
        q, k, v = (
            self.qkv(x).reshape(b, n, 3, self.heads, d // self.heads).permute(2, 0, 3, 1, 4)
        )
        x = F.scaled_dot_product_attention(q, k, v, dropout_p=self.attn_drop)
        return self.proj_drop(self.proj(x.transpose(1, 2).reshape(b, n, d)))


class DropPath(nn.Module):
    def __init__(self, p):
        super().__init__()
        self.p = p

    def forward(self, x):
        if not self.training or self.p == 0:
            return x
        keep = x.new_empty((len(x), *[1] * (x.ndim - 1))).bernoulli_(1 - self.p)
        return x * keep.div_(1 - self.p)


class VisionTransformer(nn.Module):
    def __init__(self, attn_drop):
        super().__init__()
        self.patches = nn.Conv2d(3, 32, 4, 4)
        self.cls, self.pos, self.pos_drop = (
            nn.Parameter(torch.zeros(1, 1, 32)),
            nn.Parameter(torch.randn(1, 17, 32) / 50),
            nn.Dropout(0.1),
        )
        self.blocks = nn.ModuleList()
        for depth in range(2):
            self.blocks.append(nn.ModuleDict({
                "norm1": nn.LayerNorm(32), "attn": VisionAttention(32, 4, attn_drop), "path": DropPath(0.1 * depth),
                "norm2": nn.LayerNorm(32), "mlp": nn.Sequential(nn.Linear(32, 64), nn.GELU(), nn.Dropout(0.1), nn.Linear(64, 32), nn.Dropout(0.1)),
            }))  # fmt: skip
        self.norm, self.head = nn.LayerNorm(32), nn.Linear(32, 10)

    def forward(self, images):
        x = self.patches(images).flatten(2).transpose(1, 2)
        x = self.pos_drop(torch.cat([self.cls.expand(len(x), -1, -1), x], 1) + self.pos)
        for block in self.blocks:
            x = x + block["path"](block["attn"](block["norm1"](x)))
            x = x + block["path"](block["mlp"](block["norm2"](x)))
        return self.head(self.norm(x)[:, 0])


class Decoder(nn.Module):
    """A language model with rotary positions and grouped keys; attention drops always."""

    def __init__(self):
        super().__init__()
        self.embed, self.q, self.kv, self.o = (
            nn.Embedding(50, 32),
            nn.Linear(32, 32),
            nn.Linear(32, 32),
            nn.Linear(32, 32),
        )
        self.norm, self.ff = (
            nn.RMSNorm(32),
            nn.Sequential(nn.Linear(32, 64), nn.SiLU(), nn.Linear(64, 32)),
        )
        self.out, self.attn_dropout = nn.Linear(32, 50, bias=False), 0.05

    def rotate(self, x):
        angle = torch.arange(x.shape[-2])[:, None] / 10 ** torch.arange(x.shape[-1] // 2)
        a, b = x.chunk(2, -1)
        return torch.cat(
            [a * angle.cos() - b * angle.sin(), a * angle.sin() + b * angle.cos()], -1
        )

    def forward(self, ids):
        x = self.embed(ids)
        h = self.norm(x)
        q = self.rotate(self.q(h).reshape(*h.shape[:2], 4, 8).transpose(1, 2))
        k, v = self.kv(h).reshape(*h.shape[:2], 2, 2, 8).permute(2, 0, 3, 1, 4)
        k, v = self.rotate(k).repeat_interleave(2, 1), v.repeat_interleave(2, 1)
        y = F.scaled_dot_product_attention(q, k, v, dropout_p=self.attn_dropout, is_causal=True)
        x = x + self.o(y.transpose(1, 2).reshape(x.shape))
        return self.out(x + self.ff(x))


class Conformer(nn.Module):
    """Speech: attention with a relative bias, a convolution with batch normalisation."""

    def __init__(self):
        super().__init__()
        self.qkv, self.o, self.rate = nn.Linear(32, 96), nn.Linear(32, 32), 0.1
        self.bias = nn.Parameter(torch.zeros(12, 12))
        self.conv, self.bn, self.out = (
            nn.Conv1d(32, 32, 3, padding=1),
            nn.BatchNorm1d(32),
            nn.Linear(32, 20),
        )
        self.drop = nn.Dropout(0.1)

    def forward(self, x):
        q, k, v = (t.unsqueeze(1) for t in self.qkv(x).chunk(3, -1))
        y = torch.nn.functional.scaled_dot_product_attention(q, k, v, self.bias, self.rate)
        x = x + self.o(y.squeeze(1))
        x = x + F.silu(self.bn(self.conv(x.transpose(1, 2)))).transpose(1, 2)
        return F.log_softmax(self.out(self.drop(x)), -1)


class Spherical(nn.Module):
    """Attention on a sphere by hand, with weights of an area; the mode is in an own flag."""

    def __init__(self):
        super().__init__()
        self.q, self.k, self.v, self.o = (nn.Conv2d(6, 8, 1) for _ in range(4))
        self.o, self.register = (
            nn.Conv2d(8, 6, 1),
            self.register_buffer("area", torch.ones(64) / 64),
        )

    def forward(self, x):
        q, k, v = (
            f(x).flatten(2).transpose(1, 2).unsqueeze(1) for f in (self.q, self.k, self.v)
        )
        y = F.scaled_dot_product_attention(q, k, v + self.area[:, None], dropout_p=0.2)
        return self.o(y.squeeze(1).transpose(1, 2).reshape(len(x), 8, 8, 8))


class GraphAttention(nn.Module):
    """Dropout of features and of attention, without a mode, as in many tutorials."""

    def __init__(self):
        super().__init__()
        self.first, self.second = nn.Linear(32, 64), nn.Linear(64, 7)
        self.a = nn.Parameter(torch.randn(64, 2) / 8)

    def forward(self, x, adjacency):
        x = self.first(F.dropout(x, p=0.6))
        score = F.leaky_relu((x @ self.a[:, :1]) + (x @ self.a[:, 1:]).T, 0.2)
        attention = F.dropout(score.masked_fill(~adjacency, -1e9).softmax(-1), 0.6)
        return F.log_softmax(self.second(F.elu(attention @ x)), -1)


class WideBlock(nn.Module):
    def __init__(self):
        super().__init__()
        self.bn1, self.conv1 = nn.BatchNorm2d(6), nn.Conv2d(6, 6, 3, padding=1, bias=False)
        self.bn2, self.conv2 = nn.BatchNorm2d(6), nn.Conv2d(6, 6, 3, padding=1, bias=False)

    def forward(self, x):
        y = self.conv1(F.relu(self.bn1(x), inplace=True))
        y = F.dropout(F.relu(self.bn2(y), inplace=True), 0.4, self.training)
        return x + self.conv2(y)


def wide_residual():
    return nn.Sequential(
        WideBlock(),
        WideBlock(),
        nn.BatchNorm2d(6),
        nn.ReLU(),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Linear(6, 10),
    )


class Recommender(nn.Module):
    """Factors and a tower; the tower's dropout was switched off by a setting."""

    def __init__(self, p=0.0):
        super().__init__()
        self.users, self.items = nn.Embedding(50, 16), nn.Embedding(50, 16)
        self.tower = nn.Sequential(
            nn.Linear(32, 32), nn.ReLU(), nn.Dropout(p), nn.Linear(32, 1)
        )

    def forward(self, users, items):
        u, i = self.users(users), self.items(items)
        return (u * i).sum(-1) + self.tower(torch.cat([u, i], -1)).squeeze(-1)


class AwdLanguage(nn.Module):
    """Weights, embeddings, inputs and hidden states are dropped, each in its way."""

    def __init__(self):
        super().__init__()
        self.embed, self.cell, self.out = (
            nn.Embedding(50, 32),
            nn.LSTMCell(32, 32),
            nn.Linear(32, 50),
        )

    def locked(self, x, p):
        if not self.training:
            return x
        return x * torch.empty(len(x), 1, x.shape[-1]).bernoulli_(1 - p) / (1 - p)

    def forward(self, ids):
        weight = self.embed.weight
        if self.training:
            weight = weight * torch.empty(50, 1).bernoulli_(0.9) / 0.9
        x = self.locked(F.embedding(ids, weight), 0.4)
        h = c = x.new_zeros(len(x), 32)
        states = []
        for t in range(x.shape[1]):
            h, c = self.cell(x[:, t], (h, c))
            states.append(h)
        return self.out(self.locked(torch.stack(states, 1), 0.25))


class Segmenter(nn.Module):
    """A small U: drops maps before a normalisation, on the way up."""

    def __init__(self):
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(6, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU())
        self.low = nn.Sequential(nn.Conv2d(12, 12, 3, padding=1), nn.ReLU(), nn.Dropout2d(0.5))
        self.up = nn.Sequential(nn.Conv2d(24, 12, 3, padding=1), nn.BatchNorm2d(12), nn.ReLU())
        self.out = nn.Conv2d(12, 2, 1)

    def forward(self, x):
        a = self.down(x)
        b = F.interpolate(self.low(F.max_pool2d(a, 2)), scale_factor=2.0)
        return self.out(self.up(torch.cat([a, b], 1)))


class Translator(nn.Module):
    """PyTorch's own transformer, with positions; sound."""

    def __init__(self):
        super().__init__()
        self.embed, self.drop, self.out = (
            nn.Embedding(50, 32),
            nn.Dropout(0.1),
            nn.Linear(32, 50),
        )
        self.body = nn.Transformer(32, 4, 1, 1, 64, dropout=0.1, batch_first=True)

    def forward(self, source, target):
        mask = nn.Transformer.generate_square_subsequent_mask(target.shape[1])
        pos = torch.arange(source.shape[1])[:, None] / 10 ** (torch.arange(32) / 8)
        into = [
            self.drop(self.embed(ids) * math.sqrt(32) + pos.sin()) for ids in (source, target)
        ]
        return self.out(self.body(*into, tgt_mask=mask))


class Denoiser(nn.Module):
    """A step of a diffusion model: noise and time come from outside; dropout in the blocks."""

    def __init__(self):
        super().__init__()
        self.time, self.first = (
            nn.Linear(1, 6),
            nn.Sequential(nn.GroupNorm(2, 6), nn.SiLU(), nn.Conv2d(6, 6, 3, padding=1)),
        )
        self.second = nn.Sequential(
            nn.GroupNorm(2, 6), nn.SiLU(), nn.Dropout(0.1), nn.Conv2d(6, 6, 3, padding=1)
        )

    def forward(self, x, t):
        return x + self.second(self.first(x) + self.time(t[:, None])[:, :, None, None])


PUBLISHED = {
    "vision transformer": lambda: (VisionTransformer(0.1), (IMAGES,), {"active-in-eval"}),
    "vision transformer, mended": lambda: (VisionTransformer(0.0), (IMAGES,), set()),
    "decoder": lambda: (Decoder(), (IDS,), {"active-in-eval"}),
    "conformer": lambda: (Conformer(), (SEQUENCES,), {"active-in-eval"}),
    "attention on a sphere": lambda: (Spherical(), (MAPS,), {"active-in-eval"}),
    "graph attention": lambda: (GraphAttention(), (SEQUENCES[:, 0].repeat(4, 1), torch.eye(32).bool() | (torch.rand(32, 32) > 0.8)), {"active-in-eval"}),
    "wide residual net": lambda: (wide_residual(), (MAPS,), {"before-batch-norm"}),
    "recommender": lambda: (Recommender(), (IDS[:, 0], IDS[:, 1]), {"never-acts"}),
    "recommender, mended": lambda: (Recommender(0.2), (IDS[:, 0], IDS[:, 1]), set()),
    "language with AWD": lambda: (AwdLanguage(), (IDS,), set()),
    "segmenter": lambda: (Segmenter(), (torch.randn(8, 6, 8, 8),), {"before-batch-norm"}),
    "translator": lambda: (Translator(), (IDS, IDS), set()),
    "denoiser": lambda: (Denoiser(), (MAPS, torch.rand(8)), set()),
}  # fmt: skip

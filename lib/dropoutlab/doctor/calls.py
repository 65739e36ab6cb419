"""Which functions of PyTorch do what, by themselves or by their names."""

from __future__ import annotations

import torch
from torch.nn import functional as F

DROPOUTS = {
    F.dropout, F.dropout1d, F.dropout2d, F.dropout3d, F.alpha_dropout, F.feature_alpha_dropout,
    torch.dropout, torch.dropout_, torch.feature_dropout, torch.feature_dropout_,
    torch.alpha_dropout, torch.alpha_dropout_,
}  # fmt: skip
ALPHA = {F.alpha_dropout, F.feature_alpha_dropout, torch.alpha_dropout, torch.alpha_dropout_}
RECURRENT = {"lstm", "gru", "rnn_tanh", "rnn_relu"}
DRAWS = {
    "rand", "rand_like", "bernoulli", "bernoulli_", "uniform_", "randint", "randint_like",
    "randn", "randn_like", "normal", "normal_", "random_",
}  # fmt: skip
PRODUCTS = {"mul", "mul_", "multiply", "multiply_", "__mul__", "__rmul__", "__imul__"}
CHOICES = {"where", "masked_fill", "masked_fill_"}
LINEAR = {
    "linear",
    "addmm",
    "matmul",
    "mm",
    "bmm",
    "baddbmm",
    "__matmul__",
    "bilinear",
    "einsum",
}
LINEAR |= {f"conv{n}d" for n in (1, 2, 3)}
SAME_LOGITS = {
    "view", "reshape", "squeeze", "unsqueeze", "flatten", "transpose", "permute", "contiguous",
    "softmax", "log_softmax", "sigmoid", "float", "to", "type", "clone", "__getitem__",
}  # fmt: skip
LOSSES = {
    "cross_entropy",
    "nll_loss",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy",
}
STILL_A_DRAW = {
    "expand_as", "view_as", "reshape_as", "type_as", "to", "lt", "gt", "le", "ge", "__lt__",
    "__gt__", "__le__", "__ge__", "less", "greater",
}  # fmt: skip
DRAWN = "a mask of its own"

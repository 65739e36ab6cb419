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
# Chance of other kinds: no mask comes of it.
CHANCE = {
    "multinomial", "exponential_", "poisson", "binomial", "cauchy_", "geometric_",
    "log_normal_", "randperm", "_standard_gamma", "_sample_dirichlet", "rrelu", "rrelu_",
}  # fmt: skip
SCALINGS = {"div", "div_", "__truediv__", "__itruediv__", "mul", "mul_", "__mul__", "__rmul__"}
SCALINGS |= {"__imul__", "true_divide", "multiply", "divide"}
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
SOFTMAX = {"softmax", "log_softmax", "sigmoid", "logsigmoid"}
SAME_LOGITS = SOFTMAX | {
    "view", "reshape", "squeeze", "unsqueeze", "flatten", "transpose", "permute", "contiguous",
    "float", "to", "type", "clone", "__getitem__",
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

"""Dropout on maps in PyTorch, told apart by what shares a coin.

`torch.nn` has two of the family, `Dropout` and `Dropout2d`. These are the same line of code,
with the coins tossed once for what falls together.
"""

import torch

from dropoutlab.checks import real_number
from dropoutlab.nn.masks import block_rate

__all__ = ["KINDS", "SharedDropout", "draw_kept"]

#: What can have a coin of its own.
#:
#: A number, a block of numbers, a map, a place in all maps, an example, or a whole batch.
KINDS = ("numbers", "blocks", "maps", "places", "examples", "batch")


def draw_kept(
    kind: str, p: float, shape: tuple[int, int, int, int], block: int = 3
) -> torch.Tensor:
    """Draw what is kept of a batch of maps, from PyTorch's global generator.

    Parameters
    ----------
    kind : one of `KINDS`
        What has a coin of its own.
    p : float
        Probability with which each number is dropped, whatever the kind.
    shape : (n, maps, rows, columns)
    block : int, default 3
        Side of a block.

    Returns
    -------
    Tensor of bool
        True = kept; of a shape that goes with ``shape`` by broadcasting.

    Raises
    ------
    ValueError
        There is no such kind.

    Examples
    --------
    >>> draw_kept("maps", 0.5, (2, 3, 4, 4)).shape
    torch.Size([2, 3, 1, 1])
    """
    n, maps, rows, columns = shape
    if kind == "blocks":
        more = block - 1
        begun = torch.rand(n, maps, rows + more, columns + more) < block_rate(p, block)
        return torch.nn.functional.max_pool2d(begun.float(), block, stride=1) == 0
    tossed = {
        "numbers": (n, maps, rows, columns),
        "maps": (n, maps, 1, 1),
        "places": (n, 1, rows, columns),
        "examples": (n, 1, 1, 1),
        "batch": (1, 1, 1, 1),
    }
    if kind not in tossed:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
    return torch.rand(tossed[kind]) >= p


class SharedDropout(torch.nn.Module):
    r"""Drop numbers of maps together: :math:`y = m \odot x / (1 - p)`, as `torch.nn.Dropout`.

    Parameters
    ----------
    p : float
        Probability with which each number is dropped, in ``[0, 1)``.
    kind : one of `KINDS`, default "numbers"
        What has a coin of its own. "numbers" is `torch.nn.Dropout`, "maps"
        `torch.nn.Dropout2d` (Tompson et al. 2015), "blocks" DropBlock (Ghiasi et al. 2018);
        "examples" and "batch", on the branch of a residual block, are stochastic depth
        (Huang et al. 2016: a coin a batch).
    block : int, default 3
        Side of a block.

    Raises
    ------
    ValueError
        ``p`` is out of range, or there is no such kind.

    Examples
    --------
    >>> layer = SharedDropout(0.5, "maps")
    >>> y = layer(torch.ones(2, 4, 3, 3))
    >>> sorted({len(one.unique()) for one in y.flatten(0, 1)})
    [1]
    >>> torch.equal(layer.eval()(y), y)
    True
    """

    def __init__(self, p: float, kind: str = "numbers", block: int = 3) -> None:
        super().__init__()
        self.p = real_number(
            "p", p, "a probability of dropping in [0, 1)", lambda p: 0 <= p < 1
        )
        if kind not in KINDS:
            raise ValueError(f"kind must be one of {', '.join(KINDS)}; got {kind!r}")
        self.kind, self.block = kind, block

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Return what is left of maps of shape (n, maps, rows, columns)."""
        if not self.training or self.p == 0:
            return x
        n, maps, rows, columns = x.shape
        return (
            x
            * draw_kept(self.kind, self.p, (n, maps, rows, columns), self.block)
            / (1 - self.p)
        )

"""The playground: two nets learn side by side, and only one of them has dropout."""

from __future__ import annotations

from functools import cache

import numpy as np
import traitlets
from matplotlib.colors import ListedColormap

from dropoutlab import data, nn
from dropoutlab.explorables.explorable import Bounded, Explorable
from dropoutlab.plots import new_axes
from dropoutlab.plots.axes import narrow
from dropoutlab.plots.palette import BLUE, ORANGE
from dropoutlab.plots.svg import inline_svg
from dropoutlab.training import evaluate, fit

__all__ = ["Playground"]


class Playground(Explorable):
    """Two nets that start from the same weights and see the same points in the same order.

    The points have two coordinates and two classes. Both nets are trained in the browser on
    the cross-entropy, with momentum 0.9; 300 other points measure the test loss. A change of
    any setting starts both anew.

    Attributes
    ----------
    p, p_input : float
        Probability of dropping a hidden unit, and an input, in the net with dropout; 0 to 0.9.
    shape : {"moons", "circles", "spirals", "gaussians"}
        How the two classes lie.
    noise : float
        Standard deviation of the noise on both coordinates, 0 to 1.
    wrong : float
        Share of training labels that are wrong, 0 to 0.4.
    n_points : int
        Training points, 10 to 300.
    width, depth : int
        Units a hidden layer, 1 to 64, and hidden layers, 1 to 4.
    activation : {"relu", "tanh"}
    lr, weight_decay : float
        Learning rate, 0.005 to 0.3, and weight decay, 0 to 0.02.
    batch_size : int
        Points a step, 1 to 50.
    seed : int
        Decides over points, weights, order and masks; 0 to 9999.

    Raises
    ------
    traitlets.TraitError
        A value is not allowed, or NaN.

    Examples
    --------
    >>> widget = Playground(p=0.2)
    >>> widget.p
    0.2
    """

    module = "playground.js"
    title = "The playground"
    caption = (
        "Two nets learn the same 100 points, of which one in ten has the wrong label. Without "
        "dropout the net bends around single points: its training loss falls, its test "
        "loss rises. With dropout it keeps to the shape that the points share."
    )
    heights = (980, 705)

    p = Bounded(0.5, 0, 0.9).tag(sync=True)
    p_input = Bounded(0, 0, 0.9).tag(sync=True)
    shape = traitlets.Enum(("moons", "circles", "spirals", "gaussians"), "moons").tag(sync=True)
    noise = Bounded(0.25, 0, 1).tag(sync=True)
    wrong = Bounded(0.1, 0, 0.4).tag(sync=True)
    n_points = traitlets.Int(100, min=10, max=300).tag(sync=True)
    width = traitlets.Int(32, min=1, max=64).tag(sync=True)
    depth = traitlets.Int(2, min=1, max=4).tag(sync=True)
    activation = traitlets.Enum(("relu", "tanh"), "relu").tag(sync=True)
    lr = Bounded(0.03, 0.005, 0.3).tag(sync=True)
    weight_decay = Bounded(0, 0, 0.02).tag(sync=True)
    batch_size = traitlets.Int(10, min=1, max=50).tag(sync=True)
    seed = traitlets.Int(0, min=0, max=9999).tag(sync=True)

    def picture(self) -> str:
        """Draw what two nets of the default setting have learned, trained in NumPy."""
        return two_surfaces()


@cache
def two_surfaces() -> str:
    """Train both nets of the default setting, and draw what they answer in every place."""
    train = data.moons(100, noise=0.25, rng=np.random.default_rng(2))
    train, _ = data.wrong_labels(train, 0.1, rng=np.random.default_rng(3))
    test = data.moons(1000, noise=0.25, rng=np.random.default_rng(4))
    grid = np.linspace(-2, 2.5, 60, dtype=np.float32)
    places = np.stack(np.meshgrid(grid, grid), axis=-1).reshape(-1, 2)
    panels = []
    for p, name in [(0.0, "without"), (0.5, "with")]:
        rng = np.random.default_rng(0)
        net = nn.Sequential(
            *(nn.Linear(2, 32, rng=rng), nn.ReLU(), nn.Dropout(p, rng=rng)),
            *(nn.Linear(32, 32, rng=rng), nn.ReLU(), nn.Dropout(p, rng=rng)),
            nn.Linear(32, 2, rng=rng),
        )
        optimizer = nn.SGD(net.parameters(), lr=0.03, momentum=0.9)
        fit(net, optimizer, train, n_epochs=300, batch_size=10, rng=rng, progress=False)
        logits = net.eval()(places)
        answer = (logits[:, 1] > logits[:, 0]).reshape(60, 60)
        fig, ax = new_axes()
        narrow(fig, 4.0)
        ax.contourf(
            grid, grid, answer, levels=1, cmap=ListedColormap([ORANGE, BLUE]), alpha=0.4
        )
        for label, marker in [(0, "o"), (1, "s")]:
            x = train.x[train.y == label]
            face = "black" if label == 0 else "none"
            ax.plot(x[:, 0], x[:, 1], marker, color="black", markerfacecolor=face, markersize=4)
        ax.set(xlabel=f"{name} dropout", xticks=[], yticks=[])
        losses = [evaluate(net, part).loss for part in (train, test)]
        alt = (
            f"Where the net {name} dropout draws the boundary between two moons of points. Its "
            f"training loss is {losses[0]:.2f}, its test loss {losses[1]:.2f}."
        )
        panels.append(f"<div>{inline_svg(fig, alt=alt, prefix=f'playground-{name}')}</div>")
    return f'<div class="dl-panels">{"".join(panels)}</div>'

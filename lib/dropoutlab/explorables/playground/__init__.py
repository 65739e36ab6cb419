"""The playground: two nets learn side by side, and only one of them has dropout."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import traitlets
from matplotlib.figure import Figure

from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.playground.duel import Duel, Settings, duel
from dropoutlab.explorables.traits import Bounded
from dropoutlab.plots import new_axes
from dropoutlab.plots.palette import BLUE, ORANGE
from dropoutlab.plots.svg import inline_svg

__all__ = ["Playground"]

EXTENT = 1.8  # of the square that is drawn, from the middle
N_PLACES = 41  # along each side of it


class Playground(Explorable):
    """Two nets that start from the same weights and see the same points in the same order.

    The points have two coordinates and two classes. Both nets are trained in the browser on
    the cross-entropy, with momentum 0.9; 300 other points measure the test loss. A change of
    any setting starts both anew. Views of one widget share the settings; each trains its own
    nets.

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

    folder = "playground"
    title = "The playground"
    caption = (
        "Two nets learn the same points from the same weights; only one has dropout. As it "
        "opens, one label in ten is wrong. The net without dropout bends around single points: "
        "its training loss falls, its test loss rises. The other keeps to the shape that the "
        "points share."
    )
    heights = (1515, 1105, 908)

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
        """Draw what both nets answer at the end, trained in NumPy for this setting.

        The net without dropout is the browser's; the other one differs by its masks. Costly
        settings are trained for fewer epochs than in the browser, and the picture says so.
        """
        return two_surfaces(Settings(**self.state()))


@lru_cache(maxsize=8)
def two_surfaces(settings: Settings) -> str:
    """Train both nets, and draw what they answer in every place."""
    ended = duel(settings)
    panels = []
    for name in ended.nets:
        training, test = ended.losses(name)
        label = f"{name} dropout: test loss {test:.2f}"
        alt = (
            f"Where the net {name} dropout draws the boundary between two classes of points, "
            f"after {ended.n_epochs} epochs. Its training loss is {training:.2f}, its test "
            f"loss {test:.2f}."
        )
        if test == np.inf:
            label = f"{name} dropout: ran away"
            alt = f"The weights of the net {name} dropout ran away: the rate is too large."
        fig = surface(ended, name)
        fig.axes[0].set(xlabel=label)
        panels.append(f"<div>{inline_svg(fig, alt=alt, prefix=f'playground-{name}')}</div>")
    return f'<div class="dl-panels">{"".join(panels)}</div>'


def surface(ended: Duel, name: str) -> Figure:
    """Draw the probabilities of class 1, their boundary, and the training points."""
    axis = np.linspace(-EXTENT, EXTENT, N_PLACES)
    places = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2)
    z = ended.logits(name, places).reshape(N_PLACES, N_PLACES)
    fig, ax = new_axes(4.0, 4.0)
    if np.isfinite(z).all():
        colors = [(ORANGE, 0.55), (ORANGE, 0.3), (ORANGE, 0.1)]
        colors += [(BLUE, 0.1), (BLUE, 0.3), (BLUE, 0.55)]
        ax.contourf(axis, axis, z, levels=[-np.inf, -3, -1, 0, 1, 3, np.inf], colors=colors)
        ax.contour(axis, axis, z, levels=[0], colors="black")
    for label, marker, face in [(0, "o", "black"), (1, "s", "none")]:
        x = ended.training.x[ended.training.y == label]
        ax.plot(x[:, 0], x[:, 1], marker, color="black", markerfacecolor=face, markersize=4)
    ax.set(xlim=(-EXTENT, EXTENT), ylim=(-EXTENT, EXTENT), xticks=[], yticks=[])
    return fig

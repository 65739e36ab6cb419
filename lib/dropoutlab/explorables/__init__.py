"""Explorables: pictures of dropout that the reader can change.

Each is a Python class beside a browser module of the same name. In Jupyter it is a live
widget; on a page without a kernel the same module runs in the browser alone.
"""

from dropoutlab.explorables.dropped_together import DroppedTogether
from dropoutlab.explorables.explorable import Explorable
from dropoutlab.explorables.explore import explore
from dropoutlab.explorables.how_sure import HowSure
from dropoutlab.explorables.hundred_networks import HundredNetworks
from dropoutlab.explorables.overfit import Overfit
from dropoutlab.explorables.playground import Playground
from dropoutlab.explorables.run_explorer import RunExplorer
from dropoutlab.explorables.thinned_network import ThinnedNetwork

__all__ = [
    "DroppedTogether",
    "Explorable",
    "HowSure",
    "HundredNetworks",
    "Overfit",
    "Playground",
    "RunExplorer",
    "ThinnedNetwork",
    "explore",
]

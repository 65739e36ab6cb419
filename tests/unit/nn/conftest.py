"""Settings of the tests of `nn`."""

import torch

# The nets are tiny: a second thread would only wait for the first.
torch.set_num_threads(1)

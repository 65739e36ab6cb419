"""Check a backward pass against central differences.

The check knows nothing of the layers of this library: whatever can be called and has a
``backward`` can be tried, a class written for an exercise included.
"""

from dropoutlab.gradcheck.check import GradientMismatch, check_gradients
from dropoutlab.gradcheck.differences import numerical_gradient, relative_error

__all__ = ["GradientMismatch", "check_gradients", "numerical_gradient", "relative_error"]

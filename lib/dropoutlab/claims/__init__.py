"""Claims that are checked: a statement, the measurement behind it, and what was expected.

``claim(...)`` computes from the data whether a sentence holds, raises
:class:`ClaimFailed` when it does not, and otherwise draws a card that shows the
evidence beside what the literature reports.
"""

from dropoutlab.claims.claim import Claim, ClaimFailed, claim
from dropoutlab.claims.evidence import Evidence, Reported
from dropoutlab.claims.expectation import Expectation, above, below, equal, within

__all__ = [
    "Claim",
    "ClaimFailed",
    "Evidence",
    "Expectation",
    "Reported",
    "above",
    "below",
    "claim",
    "equal",
    "within",
]

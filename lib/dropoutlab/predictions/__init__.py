"""Predictions: the reader draws, sets, chooses or ranks first, and then sees what was measured.

Each is one call, the last expression of a cell, where a figure or a number would stand:
:func:`predict_curve`, :func:`predict_number`, :func:`predict_choice`, :func:`predict_order`.
What is shown after *Compare* comes from the arrays and intervals that are handed over, those of
the claims. Without scripts, in print and in a notebook that is not trusted, the figure and
the words stand there as if nobody had been asked.

In a page each stands in an element with ``data-prediction``, its kind, ``data-question``, the
question as a name that is unique in the page, and ``data-state``: ``open``, ``compared`` or
``shown``; without scripts there is no state. On every change the element sends
``dl-prediction``, an event that bubbles, with the guess and what was measured in its
``detail``; ``dl-restore`` brings an earlier guess back (both in ``frame.js``). What follows
in the page and gives the answer away is veiled as far as the comment ``<!-- veil ends -->``
in a text cell, until the state is no longer ``open``.

The site keeps guesses by these two events, in the reader's browser alone
(``book/scripts/reading``), and shows them beside what was measured at the end of the chapter.
One comes back as long as the question asks for the same: ``data-question``, kind, curves,
places, units, ends and choices.

In a notebook the traits ``guess``, ``stage`` and ``assumed`` follow the reader.
"""

from dropoutlab.predictions.choice import ChoicePrediction, predict_choice
from dropoutlab.predictions.curve import CurvePrediction, predict_curve
from dropoutlab.predictions.number import NumberPrediction, predict_number
from dropoutlab.predictions.order import OrderPrediction, predict_order
from dropoutlab.predictions.prediction import Prediction

__all__ = [
    "ChoicePrediction",
    "CurvePrediction",
    "NumberPrediction",
    "OrderPrediction",
    "Prediction",
    "predict_choice",
    "predict_curve",
    "predict_number",
    "predict_order",
]

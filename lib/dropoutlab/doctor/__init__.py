"""Finds dropout's classic faults in any PyTorch model, by running it and watching its calls.

Call `examine` as the model is called, with a batch of a few examples::

    from dropoutlab.doctor import examine

    print(examine(model, batch))

It says nothing of a sound model. In a test: ``assert not examine(model, batch).findings``;
before a training run it costs four to six forward passes. From a shell, ``python -m
dropoutlab.doctor module:function`` examines the model and the batch that a function
returns. It needs PyTorch and nothing else of this library.

Each finding has one of nine kinds:

- ``active-in-eval``: something drops in evaluation: a functional call without a mode,
  attention whose ``dropout_p`` is always on, a layer that ``eval()`` does not reach.
- ``never-acts``: p is 0, the layer is not reached, nothing uses its result, or a
  recurrent net has one layer.
- ``same-mask``: every call drops the same, since a seed is set inside the model or a mask
  kept.
- ``shared-by-batch``: all examples lose the same units.
- ``elements-not-channels``: dropout of channels got an input without channels.
- ``before-batch-norm``: batch normalisation gets another variance in training than in
  evaluation.
- ``on-logits``: nothing comes after dropout but a softmax or a loss.
- ``keep-probability``: p is 0.8 or more, or kept units are divided by the share of the
  dropped.
- ``batch-norm-in-training``: batch normalisation goes by the batch in evaluation.

What it watches: PyTorch's dropout functions and layers, attention, recurrent layers, and
masks that a model draws with PyTorch and multiplies by itself. It compares the masks of two
passes, so that chance explains what it reports less often than once in a million times; of
a few units, or a batch of one, it says nothing. It does not see a mask that was drawn
outside PyTorch, unless a module of its own applies it, nor one that was made with the
model; it takes batch normalisation without running statistics for meant, and ``p = 0`` for
a fault: give ``ignore`` what is meant. Tensors that are sparse, nested or mapped by
``vmap`` it leaves alone.
"""

from dropoutlab.doctor.examination import examine
from dropoutlab.doctor.report import Finding, Report

__all__ = ["Finding", "Report", "examine"]

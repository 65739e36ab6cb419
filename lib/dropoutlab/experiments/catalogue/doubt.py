"""``doubt``: who knows what it does not know: one pass, Monte-Carlo dropout, five nets.

Each of them also at a temperature that was fitted to the validation digits. Learning rates are
those that validation chose in ``how-much``.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from dropoutlab import data, nn, training, uncertainty
from dropoutlab.experiments.catalogue.cures import spoilt_digits
from dropoutlab.experiments.catalogue.dropout_nets import MOMENTUM, dropout_net
from dropoutlab.experiments.experiment import Experiment

__all__ = ["WAYS", "answers", "doubt", "judged", "train_doubt"]

BATCH_SIZE, N_EPOCHS = 50, 40
WIDTH, DEPTH = 128, 2
N_PASSES, N_NETS, N_STRANGERS = 50, 5, 1000
WAYS = ("one pass", "Monte Carlo", "five nets")
ARMS = [
    {"wrong": wrong, "p": p, "lr_dropout": with_it, "lr_plain": without}
    for wrong, p, with_it, without in ((0.0, 0.5, 0.03, 0.1), (0.3, 0.5, 0.003, 0.003))
]

_Floats = NDArray[np.float64]


def answers(
    x: NDArray[np.floating], dropped: nn.Sequential, others: list[nn.Sequential]
) -> dict[str, _Floats]:
    """Return the probabilities that each of `WAYS` gives, by pass or net.

    Parameters
    ----------
    x : ndarray, shape (n, 784)
    dropped : Sequential
        Trained with dropout; left in evaluation mode.
    others : list of Sequential
        Trained without, in evaluation mode.

    Returns
    -------
    dict of ndarray, shape (n_passes, n, 10)
        One pass or net for "one pass", 50 passes, as many nets as there are.
    """
    asked = {"one pass": [nn.softmax(dropped.eval()(x))]}
    dropped.train()
    asked["Monte Carlo"] = [nn.softmax(dropped(x)) for _ in range(N_PASSES)]
    dropped.eval()
    asked["five nets"] = [nn.softmax(net(x)) for net in others]
    return {way: np.array(passes, dtype=np.float64) for way, passes in asked.items()}


def judged(q: _Floats, y: NDArray[np.integer]) -> dict[str, float]:
    """Return ``error``, ``loss``, ``sure`` and ``calibration error`` of predictions.

    Parameters
    ----------
    q : ndarray, shape (n, 10)
    y : ndarray of int, shape (n,)
    """
    right = np.maximum(q[np.arange(len(y)), y], 1e-30)
    return {
        "error": float(np.mean(q.argmax(axis=1) != y)),
        "loss": float(-np.log(right).mean()),
        "sure": float(q.max(axis=1).mean()),
        "calibration error": uncertainty.calibration_error(q, y),
    }


def train_doubt(
    seed: int, wrong: float, p: float, lr_dropout: float, lr_plain: float
) -> dict[str, float | _Floats]:
    """Train a net with dropout and five without on 1,000 digits; ask all, and judge them.

    Parameters
    ----------
    seed : int
    wrong : float
        Share of the training and the validation digits that get a wrong label.
    p : float
        Of the net with dropout, both hidden layers.
    lr_dropout, lr_plain : float
        Learning rates.

    Returns
    -------
    dict
        By way, as it is and ``tempered``: what `judged` returns, on the test digits, and the
        bins of `uncertainty.reliability`. By way and kind of strangers: the area under the ROC
        curve at which the entropy, and the disagreement where there are several answers, tell
        them from test digits.
    """
    weight_rng, order_rng, mask_rng, stranger_rng, *net_rngs = np.random.default_rng(
        seed
    ).spawn(4 + N_NETS)
    parts = spoilt_digits(seed, wrong)
    assert parts.validation is not None
    shape = {"width": WIDTH, "depth": DEPTH}
    dropped = dropout_net(p, 0.0, **shape, rng=weight_rng, mask_rng=mask_rng)
    others = [dropout_net(0.0, 0.0, **shape, rng=rng, mask_rng=rng) for rng in net_rngs]
    _train(dropped, parts.train, lr_dropout, order_rng)
    for net, rng in zip(others, net_rngs, strict=True):
        _train(net, parts.train, lr_plain, rng)

    watched = answers(parts.validation.x, dropped, others)
    test = answers(parts.test.x, dropped, others)
    measured: dict[str, float | _Floats] = {}
    for way in WAYS:
        temperature = uncertainty.fit_temperature(watched[way].mean(axis=0), parts.validation.y)
        measured[f"{way} temperature"] = temperature
        q = test[way].mean(axis=0)
        for name, predictions in (
            (way, q),
            (f"{way} tempered", uncertainty.tempered(q, temperature)),
        ):
            measured |= {f"{name} {k}": v for k, v in judged(predictions, parts.test.y).items()}
            bins = uncertainty.reliability(predictions, parts.test.y)
            measured |= {f"{name} bin {k}": v.astype(float) for k, v in bins._asdict().items()}
    for kind in data.STRANGERS:
        strange = data.strangers(kind, N_STRANGERS, parts.test, rng=stranger_rng)
        asked = answers(strange, dropped, others)
        for way in WAYS:
            measured |= {
                f"{way} {kind} {score}": area
                for score, area in _areas(test[way], asked[way]).items()
            }
    return measured


def _train(
    net: nn.Sequential, digits: data.Dataset, lr: float, rng: np.random.Generator
) -> None:
    training.fit(
        net,
        nn.SGD(net.parameters(), lr, momentum=MOMENTUM),
        digits,
        n_epochs=N_EPOCHS,
        batch_size=BATCH_SIZE,
        rng=rng,
        progress=False,
    )
    net.eval()


def _areas(known: _Floats, strange: _Floats) -> dict[str, float]:
    """Return the area under the ROC curve, by the score that is to tell strangers."""
    is_strange = np.repeat([0, 1], [known.shape[1], strange.shape[1]])
    both = np.concatenate([known, strange], axis=1)
    scores = {"entropy": uncertainty.entropy(both.mean(axis=0))}
    if len(both) > 1:
        scores["disagreement"] = uncertainty.disagreement(both)
    return {name: float(roc_auc_score(is_strange, score)) for name, score in scores.items()}


doubt = Experiment(
    "doubt",
    train_doubt,
    grid=ARMS,
    seeds=range(10),
    description="Monte-Carlo dropout, five nets, one pass: calibration, and what is no digit",
)

"""Experiments: a function, a grid of settings, seeds; and what they measured.

Declare the data and the net in a function of the seed and the settings, and run it::

    from dropoutlab import data, experiments, nn, training

    def train(seed, p):
        rng = np.random.default_rng(seed)
        parts = data.digits(n_train=1000, n_test=2000, seed=seed)
        net = nn.Sequential(
            nn.Linear(784, 256, rng=rng), nn.ReLU(), nn.Dropout(p, rng=rng),
            nn.Linear(256, 10, rng=rng),
        )
        optimizer = nn.SGD(net.parameters(), lr=0.05, momentum=0.9)
        return training.fit(
            net, optimizer, parts.train, n_epochs=20, rng=rng, monitor={"test": parts.test}
        )

    rate = experiments.Experiment(
        "rate-by-hand", train, grid={"p": [0.0, 0.25, 0.5]}, seeds=range(5)
    )
    results = experiments.run(rate, workers=2)
    stats.paired_difference(results.final("test error", p=0.5),
                            results.final("test error", p=0.0))

Finished runs are kept under what they depend on: the function, what it reaches in the
library, and the packages that compute. A second call computes only what is missing, and a
change in any of these starts anew.

**On a cluster.** The same call runs on whatever `joblib.parallel_config` has set up. For
Dask, on machines that have the same checkout installed::

    dask scheduler                                                  # on one machine
    dask worker tcp://scheduler:8786 --nthreads 1 --nworkers auto   # on every machine

    from dask.distributed import Client
    import joblib

    with Client("tcp://scheduler:8786"), joblib.parallel_config("dask"):
        results = experiments.run(rate)

Only the process that calls `run` writes to the store, and it takes no rows from a worker that
has another library or other packages. The page "A sweep on many machines" shows ssh, Slurm and
jobs without Dask. Ray and Spark register backends of the same kind (``ray.util.joblib``,
``joblibspark``).
"""

from dropoutlab.experiments.errors import StoreError
from dropoutlab.experiments.experiment import Experiment
from dropoutlab.experiments.failures import (
    FailedRun,
    RunsFailed,
    RunsInterrupted,
    RunsStopped,
    WorkerRefused,
)
from dropoutlab.experiments.fingerprint import NoFingerprint, fingerprint
from dropoutlab.experiments.measurements import metrics
from dropoutlab.experiments.recorded import load_recorded
from dropoutlab.experiments.results import Results
from dropoutlab.experiments.runner import run

__all__ = [
    "Experiment",
    "FailedRun",
    "NoFingerprint",
    "Results",
    "RunsFailed",
    "RunsInterrupted",
    "RunsStopped",
    "StoreError",
    "WorkerRefused",
    "fingerprint",
    "load_recorded",
    "metrics",
    "run",
]

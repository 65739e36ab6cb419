"""Time the library beside PyTorch and beside its own matrix products: `make bench`.

Every ratio comes from times that were taken side by side in one process, with the same number
of threads on both sides; so do those of the playground's net in the browser, beside that of
TensorFlow's Playground. Ends with status 1 if a ratio is above its limit.
"""

import math
import os
import statistics
from pathlib import Path

import dropout_layer
import many_runs
import playground
import sweep
import training_step
from quiet import others, warn
from report import Ratio, print_ratios, print_table, write
from side_by_side import ratio, threads, times

RESULT = Path(__file__).parents[1] / "_build" / "bench.json"
CORES = os.cpu_count() or 1
# How long each part may measure.
SECONDS = {
    "the step": 40.0,
    "another step": 8.0,
    "layer": 10.0,
    "sweep": 90.0,
    "playground": 15.0,
}
WIDTHS_AND_BATCHES = [(512, 64), (128, 64), (1024, 64), (512, 256)]


def step(
    width: int, batch_size: int, *, momentum: float, n_threads: int, seconds: float
) -> dict[str, object]:
    """Time a training step with dropout, without, in PyTorch, and its matrix products."""
    setting = {"width": width, "batch_size": batch_size}
    contestants = {
        "ours": training_step.ours(**setting, p=0.5, momentum=momentum),
        "ours, p=0": training_step.ours(**setting, p=0, momentum=momentum),
        "products": training_step.matrix_products(**setting),
    }
    for name, options in training_step.OPTIMISERS.items():
        for p in (0.5, 0):
            contestants[f"{name}, p={p}"] = training_step.pytorch(
                **setting, p=p, momentum=momentum, **options
            )
    with threads(n_threads):
        taken = times(contestants, seconds=seconds, n_calls=20)
    best = {
        p: min(
            (taken[f"{name}, p={p}"] for name in training_step.OPTIMISERS),
            key=statistics.median,
        )
        for p in (0.5, 0)
    }
    return {
        "width": width,
        "batch": batch_size,
        "momentum": str(momentum),
        "threads": n_threads,
        "ours ms": 1e3 * statistics.median(taken["ours"]),
        "products ms": 1e3 * statistics.median(taken["products"]),
        "PyTorch ms": 1e3 * statistics.median(best[0.5]),
        "ours / PyTorch": ratio(taken["ours"], best[0.5]),
        "ours / products": ratio(taken["ours"], taken["products"]),
        "p=.5 / p=0": ratio(taken["ours"], taken["ours, p=0"]),
        "PyTorch's": ratio(best[0.5], best[0]),
    }


def main() -> int:
    """Measure everything, print it, write it down."""
    settings = [(0.0, n, *WIDTHS_AND_BATCHES[0]) for n in (CORES, 1)]
    settings += [(0.9, n, *sizes) for n in (CORES, 1) for sizes in WIDTHS_AND_BATCHES]
    parts = ["the step"] * 2 + ["another step"] * (len(settings) - 2)
    minutes = sum(SECONDS[part] for part in [*parts, "layer", "sweep", "playground"]) / 60
    print(f"This takes about {math.ceil(minutes)} minutes.\n", flush=True)
    before = others()
    warn(before, "now")
    print("One training step of 784-width-width-10 with p = 0.5, both sides on equal threads")
    steps = [
        step(*sizes, momentum=momentum, n_threads=n_threads, seconds=SECONDS[part])
        for (momentum, n_threads, *sizes), part in zip(settings, parts, strict=True)
    ]
    print_table(steps)
    on_all_cores, on_one = steps[:2]

    with threads(CORES):
        layer = times(
            {"ours": dropout_layer.ours(0.5), "PyTorch": dropout_layer.pytorch(0.5)},
            seconds=SECONDS["layer"],
            n_calls=10,
        )
    layer_ms = {name: 1e3 * statistics.median(seconds) for name, seconds in layer.items()}
    print(f"The dropout layer alone on {dropout_layer.SHAPE}")
    print_table([{f"{name} ms": ms for name, ms in layer_ms.items()}])

    print("Thirty runs, 6 rates x 5 seeds, of 784-256-256-10 on 1,000 digits, 20 epochs")
    sweeps = sweep.compare(SECONDS["sweep"])
    print_table(sweeps["errors"])
    print_table(sweeps["seconds"])

    print("The net of the playground in the browser, 2-8-8-1 with tanh, on one core of Node")
    nets = playground.compare()
    print_table(nets["speeds"])

    ratios = [
        Ratio("step_vs_torch", on_all_cores["ours / PyTorch"], 0.65, f"{CORES} threads"),
        Ratio("step_vs_matmul_limit", on_one["ours / products"], 1.35, "1 thread"),
        Ratio("dropout_overhead", on_all_cores["p=.5 / p=0"], 1.20, f"{CORES} threads"),
        Ratio("dropout_layer_vs_torch", ratio(*layer.values()), 0.35, f"{CORES} threads"),
        Ratio("sweep_vs_serial_torch", sweeps["ratio"], 0.40, "2 workers of 1 thread"),
        *nets["ratios"],
        Ratio("tuned_20000_runs_seconds", many_runs.seconds(), 1.0, "1 thread"),
    ]
    print_ratios(ratios)
    after = others()
    warn(after, "at the end")
    write(
        RESULT,
        ratios=[{**r._asdict(), "met": r.met} for r in ratios],
        others_computing={"before": before, "after": after},
        steps=steps,
        dropout_layer=layer_ms,
        sweep=sweeps,
        playground=nets["speeds"],
    )
    print(f"All of it: {RESULT}")
    return 0 if all(r.met for r in ratios) and sweeps["errors_agree"] else 1


if __name__ == "__main__":
    raise SystemExit(main())

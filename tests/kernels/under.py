"""Run a command as on other processors: `python tests/kernels/under.py COMMAND ...`.

Matrix products, exponentials and sums round differently from one processor to the next, since
OpenBLAS, NumPy, PyTorch and the C library choose their loops by what a processor can do. A
process can be told to choose as on an older one. Runs the command under all kernels below that
this processor can run and does not choose by itself, one after the other, or with --first under
the first of them alone; says which, and ends with status 1 where the command failed.
"""

import argparse
import json
import os
import subprocess
import sys
from typing import NamedTuple

import numpy as np

# What was chosen, as those say who chose it.
PROBE = """
import json, numpy, scipy.linalg, torch
from threadpoolctl import threadpool_info
blas = {i["architecture"] for i in threadpool_info() if i["internal_api"] == "openblas"}
extensions = numpy.show_config(mode="dicts")["SIMD Extensions"]
print(json.dumps({
    "OpenBLAS": sorted(blas),
    "NumPy": (extensions["baseline"] + extensions.get("found", []))[-1],
    "PyTorch": torch.backends.cpu.get_cpu_capability(),
}))
"""


class Kernels(NamedTuple):
    """Loops to choose: what they are called, what they need, and who is told how."""

    name: str
    needs: str  # by NumPy's name for what a processor can do
    blas: str
    torch: str
    c_library: str
    threads: int


X86 = [
    Kernels("AVX2", "X86_V3", "Haswell", "avx2", "-AVX512F,-AVX512VL", 2),
    Kernels("SSE", "X86_V2", "Nehalem", "default", "-AVX512F,-AVX512VL,-AVX2,-FMA", 1),
]
ARM = [Kernels("NEON", "NEON", "ARMV8", "default", "", 1)]


def extensions() -> tuple[list[str], list[str]]:
    """Return what NumPy always needs of a processor, and what else it uses of this one."""
    found = np.show_config(mode="dicts")["SIMD Extensions"]
    return found["baseline"], found.get("found", [])


def environment(kernels: Kernels) -> dict[str, str]:
    """Return the variables that make a process choose these kernels."""
    _, used = extensions()
    kept = used[: used.index(kernels.needs) + 1] if kernels.needs in used else []
    return {
        "OPENBLAS_CORETYPE": kernels.blas,
        "NPY_DISABLE_CPU_FEATURES": " ".join(name for name in used if name not in kept),
        "ATEN_CPU_CAPABILITY": kernels.torch,
        "GLIBC_TUNABLES": f"glibc.cpu.hwcaps={kernels.c_library}",
        "OPENBLAS_NUM_THREADS": str(kernels.threads),
        "OMP_NUM_THREADS": str(kernels.threads),
    }


def chosen(variables: dict[str, str]) -> dict[str, object]:
    """Ask a new process which kernels it has chosen."""
    command = [sys.executable, "-c", PROBE]
    output = subprocess.run(
        command, env=os.environ | variables, capture_output=True, text=True, check=True
    ).stdout
    answer: dict[str, object] = json.loads(output)
    return answer


def main(command: list[str], *, first: bool) -> int:
    """Run the command under other kernels; return 0 if it succeeded under all of them."""
    own, failures, n_run = chosen({}), 0, 0
    print(f"This processor's own kernels: {own}", flush=True)
    for kernels in X86 if "X86_V2" in extensions()[0] else ARM:
        if kernels.needs not in {name for names in extensions() for name in names}:
            print(f"{kernels.name}: this processor has no {kernels.needs}", flush=True)
            continue
        variables = environment(kernels)
        ran = chosen(variables)
        if ran == own:
            print(f"{kernels.name}: the same, not run again", flush=True)
            continue
        print(f"{kernels.name}, threads: {kernels.threads}; {ran}", flush=True)
        failures += subprocess.run(command, env=os.environ | variables).returncode != 0
        n_run += 1
        if first:
            break
    print(f"Run under other kernels: {n_run}; failed: {failures}", flush=True)
    return int(failures > 0)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--first", action="store_true", help="under the first of them alone")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    arguments = parser.parse_args()
    sys.exit(main(arguments.command, first=arguments.first))

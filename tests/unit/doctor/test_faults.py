"""Every kind of fault is found in every disguise, and nothing else is said of it."""

import pytest
import torch
from faulty_models import FAULTS

from dropoutlab.doctor import examine
from dropoutlab.doctor.report import KINDS

CASES = [
    pytest.param(kind, make, id=f"{kind}: {name}")
    for kind, disguises in FAULTS.items()
    for name, make in disguises.items()
]
# A model with the one fault has the other as well.
ALSO = {"batch-norm-in-training": {"active-in-eval"}}


def look(make, **options):
    torch.manual_seed(5)
    model, batch = make()
    return examine(model, *(batch if isinstance(batch, tuple) else (batch,)), **options)


def test_each_kind_has_at_least_three_disguises():
    assert FAULTS.keys() == KINDS.keys()
    assert min(map(len, FAULTS.values())) >= 3


@pytest.mark.filterwarnings("ignore:dropout option adds", "ignore:dropout[12]d")
@pytest.mark.parametrize(("kind", "make"), CASES)
def test_a_fault_is_found_and_no_other(kind, make):
    report = look(make)

    assert kind in report.kinds, str(report)
    assert report.kinds <= {kind} | ALSO.get(kind, set()), str(report)

"""What the doctor says of models of ten families, as people publish them."""

import pytest
import torch
from published_models import PUBLISHED

from dropoutlab.doctor import examine


@pytest.mark.parametrize("name", PUBLISHED)
def test_it_says_what_is_wrong_with_them_and_nothing_else(name):
    for seed in range(3):
        torch.manual_seed(seed)
        model, inputs, kinds = PUBLISHED[name]()

        report = examine(model, *inputs)

        assert report.kinds == kinds, str(report)
        assert report.seconds < 10

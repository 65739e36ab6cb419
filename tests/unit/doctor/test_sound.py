"""Of models without a fault nothing is said, whatever the seed."""

import pytest
import torch
from sound_models import SOUND

from dropoutlab.doctor import examine


@pytest.mark.parametrize("name", SOUND)
def test_a_sound_model_has_no_finding(name):
    for seed in range(3):
        torch.manual_seed(seed)
        model, inputs, keywords = SOUND[name]()

        report = examine(model, *inputs, **keywords)

        assert not report.findings, str(report)


def test_there_are_twenty_and_more():
    assert len(SOUND) >= 20

"""What a trial says of likely answers."""

import json
import math

import pytest

from ctlab.reproduction.certificate_form import _finite
from ctlab.reproduction.trial import Trial


@pytest.mark.parametrize(("found", "mean"), [(None, None), ((-1.0, -3.0), -2.0), ((-1.0, math.nan), -math.inf)])
def test_a_network_that_overflows_has_the_least_likely_answers(found, mean):
    trial = Trial(answers=(), right=(), ended=0, log_probability=found)
    assert trial.mean_log_probability == mean
    written = json.dumps(_finite(trial.mean_log_probability), allow_nan=False)
    assert json.loads(written) == (mean if mean is None or math.isfinite(mean) else None)

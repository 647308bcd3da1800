"""What only a GPU can show: the same answers, certificates in every type, and running out of its memory."""

import pytest
import torch

import ctlab
from ctlab.certify import certify
from ctlab.models import load_model

pytestmark = pytest.mark.skipif(not torch.cuda.is_available(), reason="this machine has no GPU")
CONDITIONS = [
    ctlab.Condition.from_json({"name": name, "interventions": form})
    for name, form in {
        "baseline": [],
        "hidden": [{"keys": ["CT0"], "readers": "later"}],
        "one_head": [{"keys": ["CT1"], "readers": "later", "heads": [1], "keep": 0.5}],
        "control": [{"keys": "question-control", "readers": "later"}],
        "zeroed": [{"thoughts": ["CT0"], "by": "zero"}],
        "mean": [{"thoughts": ["CT1"], "by": "mean"}],
        "noise": [{"thoughts": ["CT0"], "by": "noise"}],
        "resampled": [{"thoughts": ["CT0"], "by": "resample"}],
        "decoded": [{"thoughts": ["CT0"], "by": "decoded"}],
        "given_back": [{"keys": ["CT0"], "readers": "later"}, {"thoughts": ["CT2"], "by": "baseline"}],
    }.items()
]


@pytest.fixture(scope="module")
def problems():
    return list(ctlab.load_problems("tiny"))[:200]


def answers(device, problems, **settings):
    runs = ctlab.generate(load_model("tiny", device=device), problems, CONDITIONS, certificates=False, **settings)
    return {name: [each.token_ids for each in runs[name]] for name in runs}


def test_a_gpu_answers_as_the_cpu_does(problems):
    here, there = answers("cpu", problems), answers("cuda", problems)
    for name in here:
        # Two devices round differently, so a near tie may fall the other way.
        assert sum(a != b for a, b in zip(here[name], there[name], strict=True)) <= 2


@pytest.mark.parametrize("dtype", ["float32", "bfloat16", "float16", "float64"])
def test_conditions_prove_themselves(problems, dtype):
    model = load_model("tiny", device="cuda", dtype=dtype)
    for certificate in certify(model, problems, CONDITIONS).values():
        assert certificate.passed, certificate.failure()


def test_running_out_of_memory_halves_the_batch_and_loses_nothing(problems):
    plenty = answers("cuda", problems)
    torch.cuda.empty_cache()
    used = torch.cuda.memory_reserved() + (32 << 20)
    torch.cuda.set_per_process_memory_fraction(used / torch.cuda.get_device_properties(0).total_memory)
    try:
        scarce = answers("cuda", problems, batch_tokens=10**9)
        with pytest.raises(torch.OutOfMemoryError):
            torch.empty(64 << 20, dtype=torch.uint8, device="cuda")
    finally:
        torch.cuda.set_per_process_memory_fraction(1.0)
    assert scarce == plenty

"""Overflow of the floating-point type: activations that float16 cannot hold, or weights cut off at its end."""

import math

from ctlab.reproduction.case import Case, Cause, Finding, Looked
from ctlab.reproduction.forced_pass import log_probabilities, why_not
from ctlab.reproduction.variant import Variant, everywhere

_WIDE = ("float32", "float64")
_QUESTIONS = 8  # that a pass is tried on; an overflow of a matrix shows on the first
_END_OF_FLOAT16 = 65504.0
"""Largest number of float16 (IEEE 754)."""


def _look(case: Case) -> Looked:
    model = case.model
    dtype = str(model.dtype).removeprefix("torch.")
    variants = (
        ()
        if dtype in _WIDE
        else (
            Variant(
                change="computed in float32",
                remedy="--dtype float32 (--ctlab-dtype float32), or bfloat16",
                parts=everywhere(lambda given: given.cast("float32")),
            ),
        )
    )
    findings = []
    unseen = why_not(model)
    questions = [] if unseen else [asked.problem.question for asked in case.asked[:_QUESTIONS]]
    seen = log_probabilities(model, questions, [[model.eos_token_id]] * len(questions))
    broken = sum(not math.isfinite(score) for (score,) in seen)
    if broken:
        findings.append(
            Finding(
                says=f"{broken} of {len(questions)} questions lead to numbers that {dtype} does not hold",
                remedy="--dtype float32 (--ctlab-dtype float32), or bfloat16",
            )
        )
    if cut := [name for name, weights in model.network.named_parameters() if _is_cut(weights)]:
        findings.append(
            Finding(
                says=f"weights of {cut[0]} stand exactly at ±65,504, the end of float16: they were cut off when saved",
                remedy="save the checkpoint in float32 or bfloat16",
            )
        )
    note = "" if variants else f"{dtype} holds all numbers"
    if unseen:
        note = f"activations were not looked at: {unseen}"
    return Looked(variants=variants, findings=tuple(findings), note=note)


def _is_cut(weights: object) -> bool:
    import torch

    assert isinstance(weights, torch.Tensor)
    least, largest = torch.aminmax(weights.detach())
    return _END_OF_FLOAT16 in (abs(float(least)), abs(float(largest)))


NUMBER_RANGE = Cause(name="overflow", title="overflow of the number type", look=_look)

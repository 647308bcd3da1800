"""Ways to disturb a thought as a condition's JSON says them, with what a way asks for."""

from ctlab.interventions.patches import PATCH_KINDS


def way_form(by, thoughts=("CT0",), **fields):
    """The JSON form of a patch; a way of donors is given a step."""
    step = {"step": 1} if PATCH_KINDS[by].matched else {}
    return {"thoughts": thoughts if isinstance(thoughts, str) else list(thoughts), "by": by, **step, **fields}

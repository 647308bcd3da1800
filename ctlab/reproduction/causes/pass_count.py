"""The number of passes: thoughts computed together are passed over as often as in training, which no tensor says.

(Jacobi's iteration; Wu et al. 2025, arXiv 2506.18582: num_iterations.)
"""

from functools import partial

from ctlab import formatting
from ctlab.reproduction.case import Case, Cause, Looked
from ctlab.reproduction.changed_model import with_settings
from ctlab.reproduction.variant import Variant, everywhere

_MOST = 8
"""Passes that are tried; the paper's models have 3."""


def _look(case: Case) -> Looked:
    from ctlab.models.thought_program import Jacobi

    schedule = case.model.program.schedule
    if not isinstance(schedule, Jacobi):
        return Looked(note="its thoughts are not passed over again and again")
    return Looked(variants=tuple(_variant(passes) for passes in range(1, _MOST + 1) if passes != schedule.passes))


def _variant(passes: int) -> Variant:
    return Variant(
        change=formatting.counted(passes, "pass", "passes"),
        remedy=f'"num_iterations": {passes}',
        parts=everywhere(partial(with_settings, num_iterations=passes)),
    )


PASS_COUNT = Cause(name="number-of-passes", title="number of passes", look=_look)

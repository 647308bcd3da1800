"""What claims of this suite share: the study, its sets, and the control that every comparison has."""

from ctlab.claims import Control, Shows

STUDY = "curriculum study (bmarti44/research-pipeline @ 7a6f14a)"
PROSQA, SEVEN_HOPS, GRAPHS = "prosqa_test", "ood_7hop", "ood_dag"
MARKS_MARGIN = 0.01
"""Most that two files of the study may differ in about one model, a proportion; they are to agree row by row."""


def marked_alike(*names: str) -> tuple[Control, ...]:
    """Controls by which a model that is compared has the accuracy that another file of the study gives it.

    Rows in another order, another list or a misread answer would show here as a difference of a model from itself.
    """
    return tuple(
        Control(condition=f"{name}_marks", reference=name, shows=Shows.NEGLIGIBLE, margin=MARKS_MARGIN)
        for name in names
    )

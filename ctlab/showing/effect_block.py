"""An effect as a notebook shows it: the sentence, the counts, a small forest plot."""

from typing import Protocol

from ctlab import formatting
from ctlab.showing.blocks import drawing, sentence
from ctlab.showing.forest_plot import Ends, placed, svg
from ctlab.showing.scale import Bounded, axis, boundaries


class Estimated(Bounded, Ends, Protocol):
    """What is shown of an effect; `ctlab.records.Effect` has it all."""

    @property
    def estimated(self) -> bool:
        """Whether the data give an estimate."""

    @property
    def undecided(self) -> str:
        """Why no verdict may rest on it."""

    @property
    def unit(self) -> str:
        """Unit of the numbers."""

    @property
    def level(self) -> float:
        """Level of the interval."""

    @property
    def p_value(self) -> float:
        """p-value of the null hypothesis."""

    @property
    def n(self) -> int:
        """Number of problems."""

    @property
    def lost(self) -> int | None:
        """Problems that had the outcome under the reference only."""

    @property
    def gained(self) -> int | None:
        """Problems that had it under the other condition only."""

    @property
    def null(self) -> str:
        """The null hypothesis in words."""

    @property
    def method(self) -> str:
        """Names of test and interval."""


def effect_words(effect: Estimated) -> str:
    """Say an effect in one line: estimate, interval, n, counts, p."""
    size = f"n = {formatting.count(effect.n)}"
    counts = formatting.lost_and_gained(effect.lost, effect.gained, None)
    if not effect.estimated:
        return ", ".join(filter(None, [formatting.NO_ESTIMATE, size, counts, effect.undecided]))
    marks = tuple(boundaries(effect))
    estimate = formatting.quantity(effect.estimate, effect.unit, marks)
    ends = formatting.interval(effect.low, effect.high, effect.unit, marks, unit_shown=False)
    measured = f"{estimate} ({formatting.level(effect.level)} interval {ends}, {size})"
    return ", ".join(filter(None, [measured, counts, formatting.p_value(effect.p_value)]))


def effect_parts(effect: Estimated) -> tuple[str, ...]:
    """Return the sentence, the drawing, the null hypothesis and the method, as HTML."""
    asked = f"Null hypothesis: {effect.null}. {effect.method}." if effect.null else f"{effect.method}."
    return sentence(effect_words(effect)), effect_drawing(effect), sentence(asked, aside=True)


def effect_drawing(effect: Estimated) -> str:
    """Draw an effect on a scale of its own; nothing where there is no estimate."""
    if not effect.estimated:
        return ""
    scale = axis([effect.estimate, effect.low, effect.high, *boundaries(effect)], effect.unit)
    drawn = placed(effect, effect, effect.level, effect.unit, scale)
    picture = svg(drawn, height=26, labels=True, ink="currentColor", soft="currentColor")
    return drawing(picture, scale.title + ("; shaded: what is claimed" if drawn.claimed else ""))

"""One effect on a scale: where its parts stand, in percent of the width, and the drawing as SVG."""

from dataclasses import dataclass
from html import escape
from typing import Protocol

from ctlab import formatting
from ctlab.showing.scale import Axis, Bounded, boundaries, no_effect
from ctlab.untrusted_text import visible

INK, SOFT = "#1d1e22", "#5b5e66"
"""Colours of marks and of axes on a white page."""
_RANGE, _EDGE = "#0b5c99", "#b04308"  # what is claimed, and where the null hypothesis ends
_FOOT = 18  # pixels below the drawing: ticks and their labels


class Ends(Protocol):
    """An estimate and its interval, in the effect's unit."""

    @property
    def estimate(self) -> float:
        """The point estimate."""

    @property
    def low(self) -> float:
        """Lower end."""

    @property
    def high(self) -> float:
        """Upper end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Forest:
    """One effect on an axis; all positions in percent of the width."""

    axis: Axis
    """The scale that the positions refer to."""
    estimate: float
    """The point estimate."""
    deciding: tuple[float, float]
    """The interval that decides (drawn thick)."""
    unadjusted: tuple[float, float] | None
    """The unadjusted 95 % interval (drawn thin), where there is one."""
    zero: float | None
    """Where "no effect" is, when it is on the axis."""
    boundaries: tuple[float, ...]
    """Where the null hypothesis ends: one margin, or both ends of an equivalence range."""
    claimed: tuple[float, float] | None
    """The side or range that the claim speaks of (shaded)."""
    words: str
    """The same as a sentence."""


def placed(
    effect: Bounded, measured: Ends, level: float, unit: str, scale: Axis, plain: tuple[float, float] | None = None
) -> Forest:
    """Place an effect on a scale; ``plain`` is its unadjusted 95 % interval, where there is one."""

    def place(value: float) -> float:
        return scale.place(formatting.on_axis(value, unit))

    edges, zero = boundaries(effect), no_effect(unit)
    claimed = {
        "equivalence": (place(edges[0]), place(edges[-1])),
        "greater": (place(edges[0]), 100.0),
        "less": (0.0, place(edges[0])),
        "two-sided": None,
    }
    return Forest(
        axis=scale,
        estimate=place(measured.estimate),
        deciding=(place(measured.low), place(measured.high)),
        unadjusted=(place(plain[0]), place(plain[1])) if plain else None,
        zero=place(zero) if scale.low <= formatting.on_axis(zero, unit) <= scale.high else None,
        boundaries=tuple(place(edge) for edge in edges if edge != zero),
        claimed=claimed[effect.alternative],
        words=(
            f"{formatting.quantity(measured.estimate, unit, edges)}, {formatting.level(level)} interval "
            f"{formatting.interval(measured.low, measured.high, unit, edges)}"
        ),
    )


class Svg(str):
    """A drawing as text that a template takes as it is: every text in it was escaped, its invisible marks shown."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return it as HTML, as templates with automatic escaping ask for it."""
        return str(self)


def svg(drawn: Forest, *, height: int = 22, labels: bool = False, ink: str = INK, soft: str = SOFT) -> Svg:
    """Draw an effect, as wide as what is around it; positions are percentages, so that text keeps its size.

    Colours are attributes, for pages whose style sheets are refused; a page's own come from the classes. The ring lies
    under the interval and is hollow, so that a short interval is seen within it.
    """
    middle = height / 2
    label, tall = escape(visible(drawn.words)), height + (_FOOT if labels else 0)
    parts = [f'<svg class="forest" role="img" aria-label="{label}" width="100%" height="{tall}">']
    if drawn.claimed:
        low, high = drawn.claimed
        parts.append(
            f'<rect class="claimed" fill="{_RANGE}" fill-opacity=".1" x="{low}%" y="0" '
            f'width="{round(high - low, 2)}%" height="{height}"/>'
        )
    if drawn.zero is not None:
        parts.append(_upright("zero", drawn.zero, 0, height, f'stroke="{soft}"'))
    dashed = f'stroke="{_EDGE}" stroke-width="1.5" stroke-dasharray="4 3"'
    parts += [_upright("boundary", edge, 0, height, dashed) for edge in drawn.boundaries]
    if drawn.unadjusted:
        thick = f'stroke="{soft}" stroke-width="7" stroke-opacity=".45"'
        parts.append(_level("unadjusted", *drawn.unadjusted, middle, thick))
    parts.append(
        f'<circle class="estimate" fill="none" stroke="{ink}" stroke-width="1.5" cx="{drawn.estimate}%" '
        f'cy="{middle}" r="5.5"/>'
    )
    line = f'stroke="{ink}" stroke-width="1.5"'
    parts.append(_level("deciding", *drawn.deciding, middle, line))
    parts += [_upright("deciding", end, middle - 8, middle + 8, line) for end in drawn.deciding]
    parts += _ticks(drawn.axis, height, soft) if labels else []
    return Svg("\n".join([*parts, "</svg>"]))


def axis_svg(axis: Axis, *, soft: str = SOFT) -> Svg:
    """Draw a scale alone, above or below the drawings that share it."""
    parts = ['<svg class="forest" aria-hidden="true" width="100%" height="18">', *_ticks(axis, 1, soft, drop=15)]
    return Svg("\n".join([*parts, "</svg>"]))


def _ticks(axis: Axis, at: int, soft: str, *, drop: int = 16) -> list[str]:
    parts = [_level("axis", 0, 100, at, f'stroke="{soft}"')]
    for place, label in axis.ticks:
        anchor = "start" if place < 4 else "end" if place > 96 else "middle"
        parts.append(_upright("axis", place, at, at + 4, f'stroke="{soft}"'))
        parts.append(
            f'<text font-family="sans-serif" font-size="11" fill="{soft}" x="{place}%" y="{at + drop}" '
            f'text-anchor="{anchor}">{escape(visible(label))}</text>'
        )
    return parts


def _level(name: str, start: float, end: float, y: float, look: str) -> str:
    return f'<line class="{name}" {look} x1="{start}%" x2="{end}%" y1="{y}" y2="{y}"/>'


def _upright(name: str, x: float, top: float, bottom: float, look: str) -> str:
    return f'<line class="{name}" {look} x1="{x}%" x2="{x}%" y1="{top}" y2="{bottom}"/>'

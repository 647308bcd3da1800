"""How numbers are written: the only place that multiplies by 100 and the only one that writes "points" or "%".

A rate or a share is written in percent, a difference of rates in percentage points; the two are never mixed. A number
is never rounded onto a landmark (zero, a margin, α) that it is not equal to, so a printed interval tells the same story
as the test. Minus signs are the typographic one (−); p and α are written without a leading zero.
"""

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import TypeGuard

MINUS = "−"
RHO = "\N{GREEK SMALL LETTER RHO}"
POINTS = "points"
"""Unit of an effect that is a difference of rates; stored as a proportion."""
NO_ESTIMATE = "no estimate"
"""What stands where the data give no number: log-odds under separation, a ratio whose denominator may be zero."""

_TOGETHER = re.compile(r"(?<=\d) (?=(?:points|%|s|min|h)(?:\W|$))|(?<=\b[pnα]) (?=[=<>])|(?<=[=<>≤]) (?=[.\dα])")
_TYPED = 15  # decimal digits that a double keeps of what was typed; a third, and what sums leave, has more
_SAME = 1e-9  # what floating-point sums leave of a zero is a zero
_PROPORTIONS = {POINTS, "proportion"}
_SLOPES = f"{POINTS} per "
"""How the units of slopes in points begin: points per operation."""
_NOUNS = {"ratio": "ratio", "probability": "probability", "variation": "total variation"}
"""Units of which a number is the thing itself: "ratio 1.31", not "1.31 ratios"; their numbers carry no sign."""
WHAT_A_NUMBER_IS = {"probability": "AUC ", "ratio": "ratio ", "variation": "total variation "}
"""Written before a number whose unit does not say what it is."""

OUTCOME_WORDS = {
    "CORRECT": "correct",
    "NONE": "no answer",
    "NONSENSE": "nonsense",
    "FORM_BROKEN": "broken form",
    "HEDGED": "hedged",
    "NEGATED": "negated",
    "WRONG_OPTION": "wrong option",
    "CALC_ERROR": "calculation error",
    "SIGN_ERROR": "sign error",
    "PARTIAL_ANSWER": "partial answer",
    "OPERATION_REVERSAL": "operation reversal",
    "OFF_BY_FACTOR": "off by a factor",
    "LOGIC_ERROR": "logic error",
    "OTHER_ENTITY_NAMED": "other entity, named in the question",
    "OTHER_ENTITY_NOT_NAMED": "other entity, not named",
    "WRONG_ORDER": "wrong order",
    "MISSING_ITEM": "missing item",
    "EXTRA_ITEM": "extra item",
    "WRONG_ITEM": "wrong item",
    "UNEXPLAINED": "unexplained",
}
"""Every outcome in the order of the taxonomy, as a reader would say it."""

_OWN_OUTCOME = re.compile(r"(?!EVERY\Z)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*")

VERDICT_MARKS = {"SUPPORTED": "✓", "REFUTED": "✗", "INCONCLUSIVE": "?", "VOID": "∅"}
"""A shape beside each verdict's word, so that colour is never the only difference."""


def count(n: int) -> str:
    """Write a whole number with thousands separated: 1,319."""
    return f"{n:,}".replace("-", MINUS)


def counted(n: int, noun: str, plural: str | None = None) -> str:
    """Write a number of things: 1 problem, 1,319 problems."""
    return f"{count(n)} {noun if n == 1 else plural or noun + 's'}"


def a_problem(total: int, problems: int, noun: str) -> str:
    """Write how many things a problem has in the mean, without a decimal where that is whole."""
    number = count(total // problems) if total % problems == 0 else decimal(total / problems)
    return f"{number} {noun if total == problems else noun + 's'}"


def listed(items: Sequence[str], last: str = "and") -> str:
    """Join words as a sentence does: a, b and c."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} {last} {items[-1]}" if items else ""


def decimal(value: float, landmarks: Sequence[float] = (0.0,), digits: int = 1, most: int = 5) -> str:
    """Round to ``digits`` places, or as many more as it takes not to land on a landmark that is not the value."""
    for places in range(digits, most + 1):
        text = _rounded(value, places)
        if all(abs(value - mark) < _SAME or text != _rounded(mark, places) for mark in landmarks):
            break
    return text


def _rounded(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text.lstrip("-") if not text.strip("-0.,") else text.replace("-", MINUS)


def signed(text: str) -> str:
    """Put a plus before a positive number that was written without a sign."""
    return text if text.startswith(MINUS) or not text.strip("0.,") else f"+{text}"


def in_hundredths(value: float) -> float:
    """Turn a proportion into the number that stands before "%" or "points"; for axes, where the unit is in the label.

    Ten decimals: far below one problem, and 0.29 comes out as 29, not as 28.999999999999996.
    """
    return round(value * 100, 10)


def percent(rate: float, digits: int = 1) -> str:
    """Write a rate or share: 55.6 %; a rate that is not 0 or 1 is never written as 0 % or 100 %."""
    return f"{decimal(in_hundredths(rate), (0.0, 100.0), digits)} %"


def points(difference: float, landmarks: Sequence[float] = (), *, unit: bool = True) -> str:
    """Write a difference of rates: −15.2 points."""
    marks = [0.0, *(in_hundredths(mark) for mark in landmarks)]
    text = signed(decimal(in_hundredths(difference), marks))
    return f"{text} {POINTS}" if unit else text


def boundary(value: float) -> str:
    """Write a margin or boundary in points to its last digit, as it was asked: +2.0 points, −2.25 points.

    What nobody types, such as a third, is rounded as a measured difference is.
    """
    exact = Decimal(repr(float(value))).scaleb(2).normalize()
    _, digits, exponent = exact.as_tuple()
    if len(digits) > _TYPED or not isinstance(exponent, int):
        return points(value)
    text = f"{exact:,.{max(1, -exponent)}f}" if -exponent <= _TYPED else f"{exact:e}"
    return f"{signed(text.replace('-', MINUS))} {POINTS}"


def share_of(part: int, whole: int) -> str:
    """Write a part of a whole with both counts: 733 of 1,319 (55.6 %)."""
    return f"{count(part)} of {count(whole)}" + (f" ({percent(part / whole)})" if whole else "")


def accuracy(rate: float | None, n: int | None) -> str:
    """Write right answers with their share; the count is recovered from rate × n, which is a whole number."""
    return f"{share_of(round(rate * n), n)} correct" if n and rate is not None else "not run"


def level(value: float) -> str:
    """Write an interval's level: 90 %, 98.33 %."""
    return f"{f'{in_hundredths(value):.2f}'.rstrip('0').rstrip('.')} %"


def small(value: float, against: float | None = None) -> str:
    """Write p or α without a leading zero, telling it apart from ``against`` where the two differ: .0083."""
    for places in (3, 4, 5, 6) if value >= 0.01 else (4, 5, 6):
        text = f"{value:.{places}f}"
        if against is None or value == against or text != f"{against:.{places}f}":
            break
    shortened = text.rstrip("0").rstrip(".") if float(text) else text
    return shortened.removeprefix("0") or "0"


def p_value(p: float, against: float | None = None) -> str:
    """Write a p-value: p = .021, p < .0001; never p = 0, and p = 1 only where it is exactly that."""
    if p < 0.0001:
        return "p < .0001"
    return "p > .999" if 0.999 < p < 1 else f"p = {small(p, against)}"


def p_against_alpha(p: float, alpha: float) -> str:
    """Write the comparison that the verdict rests on: p = .021 > α = .0083; p < .0001, below α = .0083."""
    text = p_value(p, alpha)
    if "=" in text:
        return f"{text} {'≤' if p <= alpha else '>'} α = {small(alpha, p)}"
    return f"{text}, {'below' if p <= alpha else 'above'} α = {small(alpha, p)}"


def unit_on(unit: str, scale: str) -> str:
    """Return the unit that an effect's numbers have on a claim's scale, which says of a slope per what it is."""
    return scale if scale.startswith(f"{unit} per ") else unit


def quantity(value: float, unit: str, landmarks: Sequence[float] = (), *, with_unit: bool = True) -> str:
    """Write an effect's number in its own unit; proportions become points, everything else stays as it is."""
    if unit in _PROPORTIONS:
        return points(value, landmarks, unit=with_unit)
    if unit.startswith(_SLOPES):
        return f"{points(value, landmarks, unit=False)}{f' {unit}' if with_unit else ''}"
    if unit == "variation":
        text = decimal(in_hundredths(value), [in_hundredths(mark) for mark in (0.0, *landmarks)])
        return f"{text} %" if with_unit else text
    text = decimal(value, (0.0, *landmarks), 2)
    if unit in _NOUNS:
        return text
    return f"{signed(text)} {unit}" if with_unit and unit else signed(text)


def effect_noun(unit: str) -> str:
    """What an effect of this unit is."""
    return "difference" if unit in _PROPORTIONS else _NOUNS.get(unit, "effect")


def interval(low: float, high: float, unit: str, landmarks: Sequence[float] = (), *, unit_shown: bool = True) -> str:
    """Write an interval's two ends, the unit once: −17.3 to −13.1 points; more digits where they would be alike."""
    lower = quantity(low, unit, (*landmarks, high), with_unit=False)
    return f"{lower} to {quantity(high, unit, (*landmarks, low), with_unit=unit_shown)}"


def axis_title(unit: str) -> str:
    """Name an axis of effects."""
    if unit == "variation":
        return "total variation in %"
    return f"difference in {POINTS}" if unit in _PROPORTIONS else _NOUNS.get(unit, unit)


def on_axis(value: float, unit: str) -> float:
    """Turn an effect's number into what its axis shows."""
    hundredths = unit in {*_PROPORTIONS, "variation"} or unit.startswith(_SLOPES)
    return in_hundredths(value) if hundredths else value


def rate_interval(low: float, high: float) -> str:
    """Write the interval of a rate: 53.2 to 58.6 %; with more digits where the ends would be alike."""
    ends = in_hundredths(low), in_hundredths(high)
    return f"{decimal(ends[0], (0.0, 100.0, ends[1]))} to {decimal(ends[1], (0.0, 100.0, ends[0]))} %"


def decimal_interval(low: float, high: float, digits: int = 2) -> str:
    """Write the interval of a plain number: 0.12 to 0.15; with more digits where the ends would be alike."""
    return f"{decimal(low, (0.0, high), digits)} to {decimal(high, (0.0, low), digits)}"


def outcome(name: str) -> str:
    """Say an outcome's label in words; a label of another taxonomy is spelled out from its own name."""
    return OUTCOME_WORDS.get(name, name.replace("_", " ").lower())


def is_outcome(name: object) -> TypeGuard[str]:
    """Whether a name is an outcome's, ctlab's or one of a suite's own: they are all in capitals."""
    return isinstance(name, str) and (name in OUTCOME_WORDS or _OWN_OUTCOME.fullmatch(name) is not None)


_RATES = {"rate": "the rate", "beyond chance": "the chance-corrected rate"}
"""Parts of a claim that a label rises or falls (`ctlab.statistics.paired.chance_corrected`), in a sentence."""


def part(name: str) -> str:
    """Name a part of a claim: an outcome in words, a rate as one, anything else as it is."""
    return f"“{outcome(name)}”" if is_outcome(name) else _RATES.get(name, name)


def outcome_order(names: Sequence[str]) -> list[str]:
    """Sort labels as the taxonomy does; unknown ones last, in the order given."""
    ranks = {name: rank for rank, name in enumerate(OUTCOME_WORDS)}
    return sorted(names, key=lambda name: ranks.get(name, len(ranks)))


def lost_and_gained(lost: int | None, gained: int | None, judged: str | None) -> str:
    """Write the discordant pairs: "230 broken, 29 fixed" for CORRECT, "lost" and "gained" for any other outcome.

    Empty where nobody counted.
    """
    if lost is None or gained is None:
        return ""
    words = ("broken", "fixed") if judged == "CORRECT" else ("lost", "gained")
    return f"{count(lost)} {words[0]}, {count(gained)} {words[1]}"


def duration(seconds: float) -> str:
    """Write how long something took: 0.4 s, 44 s, 3 min 5 s."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if round(seconds) < 60:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def unbroken(text: str) -> str:
    """Keep a number and its unit, and the two sides of an equation, on one line."""
    return _TOGETHER.sub("\N{NO-BREAK SPACE}", text)

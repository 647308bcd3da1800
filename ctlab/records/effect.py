"""Effect: one measured difference with its interval, its p-value and the counts it came from."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any, NoReturn

from ctlab.errors import StatisticsError
from ctlab.showing.blocks import block, heading
from ctlab.showing.effect_block import effect_parts, effect_words

ALTERNATIVES = ("greater", "less", "two-sided", "equivalence")
_ESTIMATES = ("estimate", "low", "high")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Effect:
    """What was measured, in the form that a verdict is read off; it is no truth value and never rounds."""

    estimate: float
    """The effect, in `unit`."""
    low: float
    """Lower end of the interval that decides, in `unit`."""
    high: float
    """Upper end of the interval that decides, in `unit`."""
    level: float
    """Confidence level of the interval, between 0 and 1."""
    p_value: float
    """p-value of `null` against `alternative`."""
    n: int
    """Number of problems that the effect was computed from."""
    lost: int | None = None
    """Problems that had the outcome under the baseline only; None where the effect is no paired difference."""
    gained: int | None = None
    """Problems that had the outcome under the treated condition only; None as above."""
    method: str
    """Names of the test and of the interval."""
    alternative: str
    """Which side is claimed: `greater`, `less`, `two-sided` or `equivalence`."""
    margin: float = 0.0
    """Smallest effect of interest, or equivalence margin, in `unit`."""
    boundary: float = 0.0
    """Value of the effect where the null hypothesis ends; for `equivalence` the margin (the null ends at ±boundary)."""
    null: str
    """The null hypothesis, in words."""
    unit: str = "points"
    """`points` (a proportion: .02 is 2 points), `log-odds`, `ratio`, `probability`, `variation`, or `lengths` (of the
    baseline's hidden state)."""
    refuting: tuple[float, float] | None = None
    """Interval that refutes, where it is not the one that supports (several parts, one of which suffices to refute)."""
    undecided: str = ""
    """Why no verdict may rest on this effect (separation, a denominator that may be zero); empty when one may."""
    estimated: bool = True
    """False where the data give no estimate at all (separation, a denominator that may be zero): `estimate`, `low` and
    `high` are then 0 and mean nothing; their JSON form is null."""
    groups: Mapping[str, int] = field(default_factory=dict)
    """Number of problems in each subgroup that was compared."""
    details: Mapping[str, Any] = field(default_factory=dict)
    """Everything else worth reporting, JSON builtins only."""

    def __post_init__(self) -> None:
        """Refuse what is not a finite, ordered, labelled result; what could not be computed decides nothing."""
        self._note_what_is_not_computed()
        for name in ("estimate", "low", "high", "level", "p_value", "margin", "boundary"):
            value = getattr(self, name)
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise StatisticsError(
                    f"Effect.{name} must be a finite number, got {value!r}; report too little data as an error instead."
                )
            object.__setattr__(self, name, float(value))
        if not self.estimated and not (self.undecided and self.estimate == self.low == self.high == 0.0):
            raise StatisticsError(
                "An Effect without an estimate holds 0 in its place and says in `undecided` why there is none, got "
                f"{self.estimate} [{self.low}, {self.high}] and {self.undecided!r}; make it with `no_estimate`."
            )
        if not self.low <= self.high:
            raise StatisticsError(f"Effect interval must be ordered, got [{self.low}, {self.high}]; swap its ends.")
        if not 0.0 <= self.p_value <= 1.0:
            raise StatisticsError(f"Effect.p_value must lie in [0, 1], got {self.p_value}; check the test behind it.")
        if not 0.0 < self.level < 1.0:
            raise StatisticsError(f"Effect.level must lie in (0, 1), got {self.level}; give it as a proportion.")
        if self.alternative not in ALTERNATIVES:
            raise StatisticsError(
                f"Effect.alternative must be one of {', '.join(ALTERNATIVES)}, got {self.alternative!r}."
            )

    def _note_what_is_not_computed(self) -> None:
        """Leave no estimate where a number that decides is NaN or infinite: a comparison with NaN is always false."""
        numbers = {name: getattr(self, name) for name in (*_ESTIMATES, "p_value")}
        numbers |= dict(zip(("refuting low", "refuting high"), self.refuting or (), strict=False))
        off = [f"{name.replace('_value', '')} is {value}" for name, value in numbers.items() if _is_no_number(value)]
        if not off:
            return
        for name in _ESTIMATES:
            object.__setattr__(self, name, 0.0)
        for name, value in {"p_value": 1.0, "refuting": None, "estimated": False}.items():
            object.__setattr__(self, name, value)
        object.__setattr__(self, "undecided", self.undecided or f"could not be computed: {', '.join(off)}")

    def __bool__(self) -> NoReturn:
        """Refuse to be a truth value: a verdict is judged, never guessed from an effect."""
        raise TypeError("An Effect has no truth value; judge it: `claim.judge(effect) == Verdict.SUPPORTED`.")

    def __repr__(self) -> str:
        return f"<Effect: {effect_words(self)}>"

    def _repr_html_(self) -> str:
        """Show the effect in a notebook: the sentence, the counts, a small forest plot."""
        return block(heading("Effect"), *effect_parts(self))

    def __hash__(self) -> int:
        """Hash what identifies the result; `details` may hold lists."""
        return hash((self.estimate, self.low, self.high, self.p_value, self.n, self.method))

    def no_estimate(self, why: str) -> "Effect":
        """Return what is left of an effect that cannot be estimated: counts, groups, details, and why."""
        return replace(self, estimate=0.0, low=0.0, high=0.0, p_value=1.0, undecided=why, estimated=False)

    def with_details(self, **details: Any) -> "Effect":
        """Return the same effect with more `details`."""
        return replace(self, details={**self.details, **details})

    def to_json(self) -> dict[str, Any]:
        """Return the effect as JSON builtins."""
        row = {f.name: getattr(self, f.name) for f in fields(self)}
        if not self.estimated:
            row |= dict.fromkeys(_ESTIMATES)
        row["refuting"] = None if self.refuting is None else [float(end) for end in self.refuting]
        row["n"] = int(self.n)
        row["lost"] = None if self.lost is None else int(self.lost)
        row["gained"] = None if self.gained is None else int(self.gained)
        row["groups"] = {str(name): int(size) for name, size in self.groups.items()}
        row["details"] = builtins(self.details)
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Effect":
        """Return the effect that `to_json` wrote."""
        known = {f.name for f in fields(cls)}
        unknown = sorted(set(row) - known)
        if unknown:
            raise StatisticsError(f"An effect has no field {unknown[0]!r}; its fields are {', '.join(sorted(known))}.")
        values = dict(row)
        if not values.get("estimated", True):
            values |= dict.fromkeys(_ESTIMATES, 0.0)
        if values.get("refuting") is not None:
            values["refuting"] = tuple(values["refuting"])
        return cls(**values)


def _is_no_number(value: Any) -> bool:
    """Whether a value is NaN or infinite, as Python or NumPy writes it."""
    return isinstance(value, float) and not math.isfinite(value)


def builtins(value: Any) -> Any:
    """Return `value` with NumPy scalars, tuples and mappings turned into what JSON and xdist can carry.

    NaN and infinity, which JSON has no word for, become null.
    """
    if value is None or isinstance(value, str | bool):
        return value
    if isinstance(value, Mapping):
        return {str(key): builtins(item) for key, item in value.items()}
    if isinstance(value, tuple | list | set | frozenset):
        return [builtins(item) for item in value]
    if hasattr(value, "item"):  # a NumPy scalar: execnet refuses it and the whole run dies
        value = value.item()
    if isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    raise StatisticsError(f"Effect details hold JSON values only, got {value!r} ({type(value).__name__}); convert it.")

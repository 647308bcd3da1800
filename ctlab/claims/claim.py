"""A claim as data: what is said of which conditions, in which direction, by how much, under which controls."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from ctlab.claims.constructed import check_claim
from ctlab.claims.direction import Direction
from ctlab.claims.kinds import Kind
from ctlab.claims.shared_controls import expanded
from ctlab.errors import RegistryError
from ctlab.field_docs import documented
from ctlab.inputs import shown
from ctlab.records.as_declared import AsDeclared
from ctlab.records.control import Control
from ctlab.records.own_functions import nearest
from ctlab.records.swept_axes import SweptAxes

__all__ = ["Claim", "Direction", "Family", "Kind"]


_YOUNGER = ("adjust", "problems", "positive_control", "sweep")
"""Fields that claims got later."""


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """One statement about continuous thoughts that a run can support or refute."""

    id: str
    """Short name with hyphens, unique in the registry."""
    family: str = ""
    """Name of the family that shares its α with this claim; the family that it stands in where it names none."""
    statement: str
    """The claim as one sentence."""
    direction: Direction = None  # type: ignore[assignment]  # set when it is made: nobody sees None
    """Which side it takes; may be left out where its kind says it: `more than` increases, an `error mix` changes."""
    kind: Kind = Kind.DIFFERENCE
    """Which row of the decision table judges it."""
    outcome: str = "CORRECT"
    """Outcome whose rate is compared, ctlab's or one of the suite's own; `EVERY` for all of ctlab's."""
    margin: float = 0.0
    """Smallest effect of interest, or equivalence margin, in the unit of the effect: a proportion, not percent."""
    feature: str = ""
    """Feature of a problem that the claim is about: one that ctlab measures, one of the suite's own, or a column of the
    problem's row; empty when it is about all problems alike."""
    scale: str = "points"
    """Scale on which the effect is declared: `points`, `log-odds`, `log-odds per log10`, `lengths` …"""
    adjust: tuple[str, ...] = ()
    """Features that are adjusted for: problems are compared with others of the same value of each. Of one with more
    than ten values an interaction takes tenths, and takes off the feature what goes smoothly with it inside them."""
    conditions: tuple[str, ...] = ("baseline",)
    """Names of the conditions that are compared, the reference first."""
    problems: str = ""
    """Name of the problem set that it is about; empty where it may be judged on any."""
    controls: tuple[Control, ...] = ()
    """Controls that must not contradict what they have to show."""
    source: str = ""
    """Where the claim comes from."""
    needs: str = "G"
    """What it needs: `G` generations, `A` attention weights, `H` hidden states, `P` probabilities of given answers."""
    positive_control: str = ""
    """Why it is known to be true beforehand, for a claim that tests the method and not the model; empty for others."""
    sweep: SweptAxes | None = None
    """What its sweep goes over, for a claim that is judged by one; none for others."""

    def __post_init__(self) -> None:
        """Refuse a claim that no test could judge."""
        check_claim(self)

    @property
    def statistics(self) -> tuple[str, ...]:
        """Public names of the statistics that answer it; none where its kind has none."""
        return self.kind.rules.statistics

    @property
    def taken(self) -> tuple[str, ...]:
        """Names of the conditions whose runs its statistic takes, in order."""
        return self.kind.rules.taken(self)

    @property
    def all_conditions(self) -> tuple[str, ...]:
        """Names of every condition that judging needs, controls included, each once."""
        names = list(self.conditions)
        for control in self.controls:
            names.extend(control.conditions)
        return tuple(dict.fromkeys(names))

    def to_json(self) -> dict[str, Any]:
        """Return the claim as JSON builtins; what it does not say of a younger field is left out: its digest stays."""
        row = {f.name: getattr(self, f.name) for f in fields(self) if f.name not in _YOUNGER or getattr(self, f.name)}
        row["direction"], row["kind"] = str(self.direction), str(self.kind)
        row["conditions"] = list(self.conditions)
        if self.adjust:
            row["adjust"] = list(self.adjust)
        row["controls"] = [control.to_json() for control in self.controls]
        if self.sweep is not None:
            row["sweep"] = self.sweep.to_json()
        return row

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> "Claim":
        """Return the claim that `to_json` wrote."""
        values = dict(row)
        values["conditions"] = tuple(row["conditions"])
        values["adjust"] = tuple(row.get("adjust", ()))
        values["controls"] = tuple(Control.from_json(control) for control in row["controls"])
        values["sweep"] = SweptAxes.from_json(row["sweep"]) if row.get("sweep") else None
        return cls(**values)


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """Claims that share one α."""

    name: str
    """Name, as the claims spell it."""
    claims: tuple[Claim, ...]
    """Every registered claim of the family, selected or not."""
    alpha: float = 0.05
    """Probability, at most, that any false claim of the family is called SUPPORTED."""
    controls: tuple[Control, ...] = ()
    """Controls of every claim that names none; `EACH_TREATED` in place of a condition is each that the claim treats."""

    def __post_init__(self) -> None:
        """Refuse an empty family, a stranger in it, and an id that is there twice; share name and controls."""
        given = AsDeclared(self, f"Family {shown(self.name)}")
        given.text("name", "position", empty=False)
        given.tuple_of("claims", Claim, "claims")
        given.tuple_of("controls", Control, "controls")
        object.__setattr__(self, "claims", tuple(map(self.completed, self.claims)))
        if not self.claims:
            raise RegistryError(f"Family {self.name!r} has no claims; register at least one.")
        if isinstance(self.alpha, bool) or not isinstance(self.alpha, int | float) or not 0.0 < self.alpha < 0.5:
            raise RegistryError(
                f"Family {self.name!r}: alpha must lie between 0 and 0.5, got {shown(self.alpha)}; 5 % is 0.05."
            )
        seen: set[str] = set()
        for claim in self.claims:
            if claim.family != self.name:
                raise RegistryError(
                    f"Claim {claim.id!r} says family {claim.family!r} and stands in family {self.name!r}; move it."
                )
            if claim.id in seen:
                raise RegistryError(f"Claim id {claim.id!r} is there twice in family {self.name!r}; rename one.")
            seen.add(claim.id)

    def completed(self, claim: Claim) -> Claim:
        """Return a claim with the family's name and controls, where it has none of its own."""
        shared: dict[str, Any] = {} if claim.family else {"family": self.name}
        if self.controls and not claim.controls:
            shared["controls"] = expanded(self.controls, claim.conditions)
        return replace(claim, **shared) if shared else claim

    def __getitem__(self, claim_id: str) -> Claim:
        """Return the claim with this id, so that a test names its claim and nothing else does."""
        for claim in self.claims:
            if claim.id == claim_id:
                return claim
        known = [claim.id for claim in self.claims]
        meant = nearest(str(claim_id), known) or f"; its claims are {', '.join(known)}."
        raise RegistryError(f"Family {self.name!r} has no claim {claim_id!r}{meant}")

    @property
    def claim_alpha(self) -> float:
        """α of each claim: the family's α divided by the number of claims registered, whatever was selected."""
        return self.alpha / len(self.claims)

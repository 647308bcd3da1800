"""Which conditions claims need: answered, measured or scored."""

from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from ctlab.claims import Claim
from ctlab.interventions import Condition
from ctlab.lab.by_model import with_baseline
from ctlab.records import Shows

_NOBODYS: Mapping[str, Condition] = MappingProxyType({})
"""Of conditions that are not known here the run's own model is taken to answer."""


def conditions_of(claims: Sequence[Claim], conditions: Mapping[str, Condition] = _NOBODYS) -> tuple[str, ...]:
    """Conditions that claims and their controls need, each once, in order of first need.

    The baseline is among them whatever is claimed of the run's own model: labels depend on the form that its answers
    have, and a selection must not change a label. ``conditions`` say who answers each.
    """
    named = dict.fromkeys(name for claim in claims for name in claim.all_conditions)
    return with_baseline(tuple(named), conditions)


def measured_of(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Conditions whose attention or hidden states claims compare, controls of the same measurement included."""
    return _of(claims, "AH")


def scored_of(claims: Sequence[Claim]) -> tuple[str, ...]:
    """Conditions under which claims ask how probable answers are, controls of the same scores included."""
    return _of(claims, "P")


def _of(claims: Sequence[Claim], needs: Collection[str]) -> tuple[str, ...]:
    names: list[str] = []
    for claim in claims:
        if claim.needs in needs:
            names += compared_in(claim)
    return tuple(dict.fromkeys(names))


def compared_in(claim: Claim) -> tuple[str, ...]:
    """Conditions that what a claim measures is measured under: its own, and those of which it must not hold."""
    return claim.conditions + tuple(each.condition for each in claim.controls if each.shows == Shows.NOT_SO)

"""The fixture ``swept``: the sweep that a claim names, every position, layer, head and reader of it alone."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

import pytest

from ctlab.claims import Claim, SweptAxes
from ctlab.errors import ClaimError, InputError
from ctlab.plugin.session import session_key
from ctlab.records.own_functions import nearest
from ctlab.records.swept_axes import EXAMPLE

if TYPE_CHECKING:
    from collections.abc import Callable

    from ctlab.sweeps import SweepOutcomes

_AXES = ("positions", "layers", "heads", "readers")
_TAKES = (*_AXES, "by", "share", "seed")


@pytest.fixture(scope="session")
def swept(request: pytest.FixtureRequest) -> "Callable[..., SweepOutcomes]":
    """Run the sweep that the test's claim names, or read it from the store; docs/sweeps.md."""
    session = request.config.stash[session_key]

    def sweep(**given: Any) -> "SweepOutcomes":
        for name in given:
            if name not in _TAKES:
                takes = f"; it takes {', '.join(_TAKES)}, and all else is the run's (its options and ini file)"
                raise InputError(f"swept has no argument {name!r}{nearest(name, _TAKES) or takes}")
        return session.sweep(**_declared(session.claim, given))

    return sweep


def _declared(claim: Claim | None, given: Mapping[str, Any]) -> dict[str, Any]:
    """Take the axes from the claim, where they are registered; what a test of no claim sweeps over is its own."""
    if claim is None:
        return dict(given)
    if claim.sweep is None:
        raise ClaimError(
            f"claim {claim.id!r} names no sweep, and its test runs one: over what decides what is found, so name it in "
            f"the claim, as in {EXAMPLE}"
        )
    if "seed" in given:
        raise ClaimError(
            f"the sweep of claim {claim.id!r} was asked for with a seed, which draws another sample to certify and is "
            "another try; leave it out"
        )
    axes = {name: _as_declared(value) for name, value in given.items() if name in _AXES and value is not None}
    if axes and (asked := SweptAxes(**axes)) != claim.sweep:
        raise ClaimError(
            f"claim {claim.id!r} names a sweep over {claim.sweep.words}, and its test asks for one over {asked.words}; "
            "leave the axes to the claim: swept()"
        )
    return {name: value for name, value in given.items() if name not in _AXES} | claim.sweep.to_json()


def _as_declared(value: Any) -> Any:
    return tuple(value) if isinstance(value, Iterable) and not isinstance(value, str) else value

"""Which collected test judges which claim, and what is wrong with those that cannot."""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import pytest

from ctlab.claims import Claim, Family
from ctlab.inputs import shown
from ctlab.lab.declared import unknown_condition

claim_key = pytest.StashKey[Claim]()
"""The claim that a test judges."""
misuse_key = pytest.StashKey[str]()
"""What is wrong with a claim test: it is said before any test runs."""

_FIXTURE = "claim"
"""Fixture of the claim that a test judges."""
_REPEATS = ("__pytest_repeat_step_number",)
"""Parameters by which plugins repeat a test as it is: pytest-repeat (``--count``, ``@pytest.mark.repeat``)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Suite:
    """What claim tests are checked against."""

    families: Mapping[str, Family]
    """Registered families by name."""
    conditions: Set[str]
    """Names of all known conditions."""
    registry: str
    """Module of the registered claims, for messages."""
    absent: str = ""
    """What to say where there is no such module; empty where there is."""

    def family_of(self, claim: Claim) -> Family | None:
        """Return the family of a claim: the one that it names, else the one that it stands in."""
        if claim.family:
            return self.families.get(claim.family)
        return next((each for each in self.families.values() if claim.id in [c.id for c in each.claims]), None)


def one_test_a_claim(metafunc: pytest.Metafunc) -> None:
    """Make a test for each claim of a marker that names several, or a family; its id is the claim's."""
    marks = list(metafunc.definition.iter_markers("claim"))
    claims = _several(marks[0]) if len(marks) == 1 else ()
    if claims and _FIXTURE in metafunc.fixturenames:
        metafunc.parametrize(_FIXTURE, claims, ids=[claim.id for claim in claims], indirect=True)


def find_claims(items: Sequence[pytest.Item], suite: Suite) -> None:
    """Stash each test's claim, or a message on the tests that cannot judge one."""
    judged_by: dict[str, pytest.Item] = {}
    for item in items:
        if not is_claim_test(item):
            continue
        marks = list(item.iter_markers("claim"))
        claim, misuse = _read(item, marks)
        if claim is not None:
            if (family := suite.family_of(claim)) is not None:  # whose name and controls its claims share
                claim = family.completed(claim)
            item.stash[claim_key] = claim
            misuse = misuse or _check(item, claim, suite)
            # Said of the second test alone: the first is right.
            other = judged_by.setdefault(claim.id, item)
            if other is not item and _without_repeats(other) != _without_repeats(item):
                misuse = misuse or (
                    f"claim {claim.id!r} is judged by {other.nodeid} already; a claim is judged by one test, so give "
                    "this one the claim that it means"
                )
        if misuse:
            item.stash[misuse_key] = misuse


def is_claim_test(item: pytest.Item) -> bool:
    """Whether a test is marked to judge a claim, rightly or wrongly."""
    return item.get_closest_marker("claim") is not None


def claims_of(items: Sequence[pytest.Item]) -> Iterator[Claim]:
    """Claims that the selected tests will judge; a test that cannot judge needs nothing generated."""
    for item in items:
        if claim_key in item.stash and misuse_key not in item.stash:
            yield item.stash[claim_key]


def misused(items: Sequence[pytest.Item]) -> list[str]:
    """Say which tests cannot judge their claims and why; the same of several repeats once."""
    said = {(item.nodeid.partition("[")[0], item.stash[misuse_key]): None for item in items if misuse_key in item.stash}
    return [f"{test}: {why}" for test, why in said]


def _read(item: pytest.Item, marks: Sequence[pytest.Mark]) -> tuple[Claim | None, str]:
    if len(marks) > 1:
        return None, f"a test judges one claim, this one has {len(marks)} claim markers"
    given = _one(item, marks[0])
    if given is None:
        got = shown(marks[0].args)
        return None, f"the marker is written `@pytest.mark.claim(CLAIM)`, with a Claim, several or a Family, not {got}"
    if _FIXTURE not in _fixtures(item):
        return given, "a claim test takes the fixture `claim` and ends with `assert claim.judge(effect) == …`"
    return given, ""


def _several(mark: pytest.Mark) -> tuple[Claim, ...]:
    """Return the claims of a marker that names several, or a family; none for one claim alone, and for what is none."""
    if len(mark.args) == 1 and isinstance(mark.args[0], Family):
        return mark.args[0].claims if not mark.kwargs else ()
    several = len(mark.args) > 1 and not mark.kwargs and all(isinstance(each, Claim) for each in mark.args)
    return mark.args if several else ()


def _one(item: pytest.Item, mark: pytest.Mark) -> Claim | None:
    """Return the claim that a test judges: the marker's, or its own among several; None where the marker names none."""
    if claims := _several(mark):
        parameters = dict(getattr(getattr(item, "callspec", None), "params", {}))
        return next((claim for claim in claims if claim is parameters.get(_FIXTURE)), claims[0])
    named = len(mark.args) == 1 and not mark.kwargs and isinstance(mark.args[0], Claim)
    return mark.args[0] if named else None


def _check(item: pytest.Item, claim: Claim, suite: Suite) -> str:
    if suite.absent:
        return suite.absent
    family = suite.family_of(claim)
    registered = {sibling.id: sibling for sibling in family.claims} if family else {}
    if claim.id not in registered:
        where = f"the family {claim.family!r} of" if claim.family else "any family of"
        return (
            f"claim {claim.id!r} is not in {where} {suite.registry}; put it into FAMILIES there, so that its α counts "
            f"its siblings"
        )
    if registered[claim.id] != claim:
        return f"claim {claim.id!r} differs from the one of the same id in {suite.registry}; use that one"
    unknown = [name for name in claim.all_conditions if name not in suite.conditions]
    if unknown:
        return f"claim {claim.id!r} names {unknown_condition(unknown[0], suite.conditions)}"
    takes = [name for name in _fixtures(item) if name in suite.conditions]
    if lacking := [name for name in takes if name not in _known_fixtures(item)]:
        return (
            f"the test takes the condition {lacking[0]!r} as an argument, and no fixture has that name; write "
            f'`run("{lacking[0]}")` in the test, or in the bench (below @pytest.fixture(scope="session")) '
            f'`def {lacking[0]}(run): return run("{lacking[0]}")`'
        )
    undeclared = sorted(suite.conditions & set(_fixtures(item)) - set(claim.all_conditions))
    if undeclared:
        return (
            f"the test uses the condition {undeclared[0]!r}, which claim {claim.id!r} does not name; "
            f"add it to the claim's conditions, so that it is planned and its certificate counts"
        )
    return ""


def _without_repeats(item: pytest.Item) -> object:
    """Return what is the same for all repeats of one test, and differs between tests."""
    parameters = dict(getattr(getattr(item, "callspec", None), "indices", {}))
    for name in _REPEATS:
        parameters.pop(name, None)
    name = getattr(item, "originalname", item.name)
    return item.parent, name, tuple(parameters.items())


def _fixtures(item: pytest.Item) -> Sequence[str]:
    return getattr(item, "fixturenames", ())  # not every item is a function: a doctest has none


def _known_fixtures(item: pytest.Item) -> Collection[str]:
    """Names of fixtures and parameters that pytest found for a test; all that it takes, where pytest does not say."""
    found = getattr(getattr(item, "_fixtureinfo", None), "name2fixturedefs", None)
    parameters = getattr(getattr(item, "callspec", None), "params", {})
    return {*found, *parameters} if found is not None else _fixtures(item)

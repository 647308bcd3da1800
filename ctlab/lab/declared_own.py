"""Outcomes and features that a suite declares: collected, tried on a problem before anything is generated, digested."""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Protocol, runtime_checkable

from ctlab.claims import EVERY_OUTCOME, Claim, Kind
from ctlab.claims.registered import OWN_FEATURE, OWN_OUTCOME
from ctlab.errors import CtlabError, RegistryError, StatisticsError
from ctlab.function_digest import function_digest
from ctlab.outcomes import Outcome, classify
from ctlab.outcomes.run import unknown_outcome
from ctlab.problems import ProblemSet
from ctlab.records.own_functions import ByNumber, Function, Own, OwnFeature, OwnOutcome, check_names
from ctlab.statistics.moderators.feature import MEASURED, feature_codes, feature_groups, feature_name, feature_values


@runtime_checkable
class DeclaresOutcomes(Protocol):
    """A suite with outcomes of its own."""

    def outcomes(self) -> Iterable[Mapping[str, Function]]:
        """Return own outcomes by name, a table from each place that declares some."""


@runtime_checkable
class DeclaresFeatures(Protocol):
    """A suite with features of its own."""

    def features(self) -> Iterable[Mapping[str, Function]]:
        """Return own features by name, likewise."""


def declared_own(declarations: object) -> Own:
    """Return what a suite brings itself; RegistryError for names that are taken or none, and what is no function."""
    outcomes = declarations.outcomes() if isinstance(declarations, DeclaresOutcomes) else ()
    features = declarations.features() if isinstance(declarations, DeclaresFeatures) else ()
    try:
        own = Own(
            outcomes={name: OwnOutcome(name, given) for name, given in _one_table("outcome", outcomes).items()},
            features={name: OwnFeature(name, given) for name, given in _one_table("feature", features).items()},
        )
        check_names([*own.outcomes], [*map(str, Outcome), EVERY_OUTCOME], "an outcome")
        check_names([*own.features], MEASURED, "a feature")
    except StatisticsError as error:
        raise RegistryError(str(error)) from None
    return own


def _one_table(what: str, tables: Iterable[Mapping[str, Function]]) -> dict[str, Function]:
    """Put the tables of all places together; one name means one function."""
    together: dict[str, Function] = {}
    for table in tables:
        if not isinstance(table, Mapping) or not all(isinstance(name, str) for name in table):
            raise RegistryError(
                f"pytest_ctlab_{what}s returns a table from names to functions, such as "
                f"{{'NAME': function}}, and not {type(table).__name__}"
            )
        for name, function in table.items():
            if together.setdefault(name, function) is not function:
                raise RegistryError(f"two different own {what}s are called {name!r}; rename one")
    return together


def own_definitions(own: Own) -> dict[str, str]:
    """Digest the source of every own function, by the name under which a claim's digest has it.

    RegistryError where a function's source cannot be read: a claim about it could change and nobody would see it.
    """
    return {f"{OWN_OUTCOME}{name}": _digest("outcome", name, each.function) for name, each in own.outcomes.items()} | {
        f"{OWN_FEATURE}{name}": _digest("feature", name, each.function) for name, each in own.features.items()
    }


def _digest(what: str, name: str, function: Function | ByNumber) -> str:
    try:
        return function_digest(function)
    except CtlabError as error:
        raise RegistryError(f"no digest can be taken of the own {what} {name}: {error}") from None


def own_trouble(claim: Claim, own: Own, problems: Callable[[], ProblemSet]) -> str:
    """Say what is wrong with the outcome and the features that a claim names; empty where nothing is.

    Features are asked of every problem; an own outcome of the first one, with its reference answer and with no text,
    as a model that says nothing gives it. ``problems`` is called only where a claim names something of the suite's own.
    """
    if claim.outcome != EVERY_OUTCOME and claim.outcome not in {*map(str, Outcome), *own.outcomes}:
        return unknown_outcome(claim.outcome, own)
    if claim.outcome in own.outcomes and claim.kind.rules.about_errors:
        return (
            f"the kind {str(claim.kind)!r} compares ctlab's labels, of which each answer has one, and {claim.outcome} "
            "is none of them; claim its rate by another kind"
        )
    try:
        if claim.outcome in own.outcomes:
            first = problems()[0]
            if own.outcomes[claim.outcome].by_number:
                if first.kind != "number":
                    return f"{claim.outcome} is decided by a number, and these problems are answered by: {first.kind}"
                own.outcomes[claim.outcome].of_number(first, first.gold_number)
            for text in (first.gold_text, ""):
                own.outcomes[claim.outcome].of(first, text, classify(first, text))
        for feature in (claim.feature, *claim.adjust):
            if feature_name(feature) in ("", *MEASURED):
                continue
            if all(value is None for value in _read(claim, feature, _Asked(problems(), own))):
                return f"no problem has the feature {feature!r}"
    except StatisticsError as error:
        return str(error)
    return ""


def _read(claim: Claim, feature: str, of: "_Asked") -> Sequence[Hashable]:
    """Read a feature as the claim's statistic will: its own as numbers, one that is adjusted for as groups of them."""
    if feature == claim.feature:
        return feature_values(of, feature)[0]
    return feature_codes(of, feature) if claim.kind == Kind.INTERACTION else feature_groups(of, feature)


class _Asked:
    """Problems with what their suite brings itself: what features are read off before there is a run."""

    def __init__(self, problems: ProblemSet, own: Own) -> None:
        self.problems, self.own = problems.problems, own

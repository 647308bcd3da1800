"""A run of claims as a notebook makes one: claims come one after another, registered or not."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.claims import Claim, Family
from ctlab.errors import CertificateError, ConditionError
from ctlab.interventions import BASELINE, Condition, early_answers, given_condition, given_conditions, usual_conditions
from ctlab.judging.results_judgement import UNREGISTERED
from ctlab.lab.by_model import with_baseline
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.executors import Engine
from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.lab.given_model import engine_of
from ctlab.lab.log import Log
from ctlab.lab.registered_claims import RegisteredClaims
from ctlab.records.own_functions import Function
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.outcomes import Run

Declared = Any
"""Conditions as a person hands them over (`ctlab.Lab`)."""
_OF_A_CONDITION = {"interventions", "num_thoughts", "model"}
"""Keys by which a condition's form is told from that of one intervention."""
_ALPHA = 0.05  # of a family, as `ctlab.claims.Family` has it where its module says nothing


class NotebookDeclarations:
    """What a notebook declares: the usual conditions by their names, its own, and what else a suite can bring."""

    def __init__(
        self,
        conditions: Declared,
        engine: Callable[[Settings], Engine | None],
        outcomes: Mapping[str, Function],
        features: Mapping[str, Function],
        named: Mapping[str, Any] | None = None,
    ) -> None:
        self._given = conditions
        self._engine = engine
        self._outcomes, self._features = outcomes, features
        self._named = dict(named or {})
        self.later: dict[str, Condition] = {}

    def conditions(self, card: Mapping[str, Any]) -> Iterable[Condition]:
        """Return the notebook's own, and the usual ones whose names it left free."""
        own = read_conditions(self._given, card)
        # A model with a stop head is told no number of thoughts.
        usual = {**usual_conditions(card), **({} if card.get("stops_itself") else early_answers(card))}
        names = {condition.name for condition in own} | self.later.keys()
        return (*own, *self.later.values(), *(each for name, each in usual.items() if name not in names))

    def outcomes(self) -> Iterable[Mapping[str, Function]]:
        """Return its own outcomes."""
        return (self._outcomes,)

    def features(self) -> Iterable[Mapping[str, Function]]:
        """Return its own features."""
        return (self._features,)

    def engine(self, settings: Settings) -> Engine | None:
        """Return who answers in place of the model that the settings name."""
        return self._engine(settings)

    def named_engine(self, name: str, settings: Settings) -> Engine:
        """Return who answers to a name, as it was handed over: the model of the settings, or the one in memory."""
        return chosen_engine(settings, engine_of(self._named.get(name, settings.model), settings))


def read_conditions(given: Declared, card: Mapping[str, Any]) -> tuple[Condition, ...]:
    """Read conditions: one or several, a table of names, or a function of the model's card that returns some."""
    if callable(given) and not isinstance(given, Condition):
        given = given(card)
    if isinstance(given, Mapping) and "name" not in given:
        return tuple(_named(name, value) for name, value in given.items())
    return given_conditions(given)


def _named(name: str, given: Any) -> Condition:
    """Read one row of a table of conditions: its interventions, or a condition of that name."""
    whole = {"interventions", "num_thoughts", "thinking", "model"}
    if isinstance(given, Condition) or (isinstance(given, Mapping) and whole & set(given)):
        condition = given_condition(given if isinstance(given, Condition) else {"name": name, **given})
        if condition.name != name:
            raise ConditionError(f"the condition {condition.name!r} stands under the name {name!r}; rename one")
        return condition
    return Condition.from_json({"name": name, "interventions": [given] if isinstance(given, Mapping) else given})


class NotebookRun(ClaimRun):
    """A run of claims that are judged one after another; one that is not registered is a family of its own."""

    def __init__(self, settings: Settings, root: Path, declared: NotebookDeclarations, log: Log) -> None:
        super().__init__(settings, root, declared, log)
        self._declarations_by_hand = declared

    families: Mapping[str, Family] = {}
    """Unregistered families that were handed over, by name: their claims share its α."""

    @cached_property
    def registered(self) -> RegisteredClaims:
        """The registered claims; none where no module was named."""
        kind = RegisteredClaims if self.settings.registry else _NoRegistry
        return kind(self.settings, self.root, self._definitions)

    def declare(self, condition: Condition) -> None:
        """Make a condition known, so that a claim about it means what it does."""
        if condition.name not in self._declarations_by_hand.later:
            self._declarations_by_hand.later[condition.name] = condition
            vars(self.registered).pop("definitions", None)  # worked out again, with this one

    def run(self, which: str | Condition) -> "Run":
        """Return a run; what a claim needs was planned when it came, and not when claims were selected."""
        return self.lab.run(which)

    def plan(self, names: Iterable[str]) -> None:
        """Make what is missing of several conditions in one pass; labels depend on the baseline's answers."""
        self.lab.plan(())  # a cell that is run again tries again
        needed = with_baseline(list(names), {} if self.settings.recorded else self.lab.conditions)
        own_first = sorted(needed, key=lambda name: name != BASELINE.name)
        self.lab.plan([name for name in own_first if name not in self.lab.made])

    def make(self, names: Iterable[str]) -> None:
        """Make them at once; a certificate that fails is left to be said of the claim that needs it."""
        names = list(names)
        self.plan(names)
        with suppress(CertificateError):
            for name in with_baseline(names, self.lab.conditions):
                self.lab.run(name)

    def is_registered(self, claim: Claim) -> bool:
        """Whether the module that was named holds a claim of this id."""
        return claim.id in self.registered.claims

    def alpha(self, claim: Claim) -> float:
        """α of a claim: its family's share where it is registered or came with its family, else all of one family's."""
        if self.is_registered(claim):
            return super().alpha(claim)
        family = self.families.get(claim.family)
        if family is not None and claim in family.claims:
            return family.claim_alpha
        return self.settings.alpha or _ALPHA

    def exploratory(self, claim: Claim) -> str:
        """Say why a claim explores and confirms nothing; empty where it was registered before its answers."""
        if self.is_registered(claim):
            return super().exploratory(claim)
        family = self.families.get(claim.family)
        shared = family is not None and claim in family.claims
        of = f"shared in its family {claim.family}" if shared else "as in a family of its own"
        return f"{UNREGISTERED.partition(': ')[2]}; α = {formatting.small(self.alpha(claim))}, {of}"


class _NoRegistry(RegisteredClaims):
    """The registry of a notebook that named none."""

    path = None


class SilentLog:
    """A log that nobody reads."""

    live = False

    def say(self, text: str) -> None:
        """Say nothing."""

    def rewrite(self, text: str) -> None:
        """Say nothing."""

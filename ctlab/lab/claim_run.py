"""A run of claims, under pytest or not: what was declared and registered, what was selected, and the lab that answers.

The pytest plugin fills it from collected tests; a notebook makes one with the claims that it wants to judge.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from ctlab import formatting
from ctlab.bound_models import NamedModel
from ctlab.claims import Claim, judge
from ctlab.errors import ConditionError, CtlabError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.thinking import LATENT
from ctlab.lab.by_model import answered_here
from ctlab.lab.declared_models import check_models, engine_called, models_declared
from ctlab.lab.executors import Engine
from ctlab.lab.executors.chosen_engine import chosen_engine
from ctlab.lab.fitted_claim import fitted, mistyped_thought
from ctlab.lab.log import Log
from ctlab.lab.needed_conditions import conditions_of, measured_of, scored_of
from ctlab.lab.obstacles import obstacle
from ctlab.lab.origins import comparable
from ctlab.lab.pending_claim import PendingClaim
from ctlab.lab.problem_flags import audit_flag
from ctlab.lab.registered_claims import RegisteredClaims
from ctlab.lab.registered_row import registered_row
from ctlab.lab.thought_obstacles import program_of
from ctlab.records import Check, Effect, Judgement, Measurement
from ctlab.records.own_functions import Own
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.lab.several_models import SeveralModels
    from ctlab.models.thought_program import ThoughtProgram
    from ctlab.outcomes import Run
    from ctlab.problems.answer_texts import Texts
    from ctlab.records.scores import Scores


class Declarations(Protocol):
    """What a suite declares before any of its claims is judged.

    One that has `outcomes` or `features` too declares its own (`ctlab.lab.declared_own`).
    """

    def conditions(self, card: Mapping[str, Any]) -> Iterable[Condition]:
        """Return the conditions that claims name; ``card`` describes the model, and is empty for none in particular."""

    def engine(self, settings: Settings) -> Engine | None:
        """Return what answers instead of the model that the settings name, None to leave it."""


class ClaimRun:
    """Settings, registered claims, known conditions, selected claims and the lab; each is read when it is needed."""

    def __init__(self, settings: Settings, root: Path, declarations: Declarations, log: Log) -> None:
        self.settings = settings
        self.root = root
        self.selected: tuple[Claim, ...] = ()
        self._declarations = declarations
        self._log = log
        self._baseline_said = False
        self._fitted: tuple[tuple[tuple[Claim, ...], int | None], tuple[Claim, ...]] | None = None

    @cached_property
    def registered(self) -> RegisteredClaims:
        """The registered claims and their accepted verdicts."""
        return RegisteredClaims(self.settings, self.root, self._definitions)

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """Every condition that the suite declares, by name."""
        known = {BASELINE.name: BASELINE}
        card = {} if self.settings.recorded else self.engine.card()
        for condition in self._declarations.conditions(card):
            if known.setdefault(condition.name, condition) != condition:
                raise ConditionError(f"two different conditions are called {condition.name!r}; rename one")
        return known

    @cached_property
    def declared(self) -> tuple[Condition, ...]:
        """The same as declared for no model in particular, where layers are numbered as in the embedded one."""
        return tuple(self._declarations.conditions({}))

    @cached_property
    def own(self) -> Own:
        """Outcomes and features that the suite brings itself."""
        from ctlab.lab.declared_own import declared_own

        return declared_own(self._declarations)

    @cached_property
    def engine(self) -> Engine:
        """Who answers: the suite's own engine, or the model that the settings name."""
        return chosen_engine(self.settings, self._declarations.engine(self.settings))

    @cached_property
    def models(self) -> dict[str, NamedModel]:
        """Models that conditions call by a name: the suite's own, and over them those that were given for this run."""
        return {**models_declared(self._declarations, self.root), **self.settings.models}

    @cached_property
    def lab(self) -> "SeveralModels":
        """The lab that answers."""
        # Imported here: a run that only lists its claims reads no answers, and needs nothing that does.
        from ctlab.lab.several_models import SeveralModels

        named = partial(engine_called, self._declarations)
        lab = SeveralModels(self.settings, self.conditions, self.engine, self._log, self.models, named)
        lab.own = self.own
        return lab

    def check(self) -> None:
        """Read everything that a person can have got wrong, before anything is judged; CtlabError says what is."""
        from ctlab.files import check_writable
        from ctlab.lab.declared import check_named
        from ctlab.reporting.publish import check_place

        self.registered.read()
        _ = self.registered.definitions  # own functions are read here, before anything rests on them
        declared = {*self.conditions, *(condition.name for condition in self.declared)}
        check_named(self.registered.claims.values(), declared, self.own)
        self.lab.check()
        check_models(self.settings, self.conditions, self.lab)
        if self.settings.plan or self.settings.writes_registry_only:
            return
        if oddity := check_place(self.settings.report):
            self._log.say(oddity)
        if self.settings.recorded:
            return
        if self.settings.keep_states:
            check_writable(self.settings.store)
        for remark in self.lab.store.check(self.lab.model_key):
            self._log.say(remark)
        self.lab.missing([BASELINE.name])  # reads every entry that this run can need

    def select(self, claims: Iterable[Claim]) -> dict[str, str]:
        """Select claims to judge; return why some of them cannot be, by id: for these nothing is generated."""
        claims = tuple(claims)
        obstacles = {claim.id: reason for claim in claims if (reason := self.obstacle(claim))}
        self.selected = tuple(claim for claim in claims if claim.id not in obstacles)
        return obstacles

    def fitted(self, claim: Claim) -> Claim:
        """Return what is judged of a claim: of one about each thought, the thoughts that the model has."""
        return fitted(claim, self._own_conditions, self.thoughts)

    @property
    def _own_conditions(self) -> dict[str, Condition]:
        return self.conditions if self.settings.recorded else answered_here(self.conditions)

    @property
    def fitted_claims(self) -> tuple[Claim, ...]:
        """The selected claims, as they are judged; every run that is asked for asks for them."""
        of = self.selected, self.thoughts
        if self._fitted is None or self._fitted[0] != of:
            self._fitted = of, tuple(map(self.fitted, self.selected))
        return self._fitted[1]

    def trouble(self, claim: Claim) -> str:
        """Say what is wrong with the outcome, feature or thoughts that a claim names, empty where nothing is."""
        from ctlab.lab.declared_own import own_trouble

        try:
            return own_trouble(claim, self.own, lambda: self.lab.problems) or self.unheard_of(claim)
        except CtlabError as error:
            return str(error)

    def unheard_of(self, claim: Claim) -> str:
        """Say that a claim is about a thought that this model has not, and nobody registered it for another model."""
        said, registered = mistyped_thought(claim, self._own_conditions, self.thoughts), self.registered
        known = said and (registered.of_other_models(claim, self.lab) or registered.accepted(claim, self.lab))
        return "" if known else said

    def obstacle(self, claim: Claim) -> str:
        """Say why a claim cannot be judged on what there is, empty when it can."""
        return obstacle(claim, self.lab, self.thoughts, self.program)

    def needed(self, claims: Sequence[Claim]) -> tuple[str, ...]:
        """Conditions that claims and their controls need, of whichever model."""
        return conditions_of(claims, {} if self.settings.recorded else self.conditions)

    def run(self, which: str | Condition) -> "Run":
        """Return a run; the first one generates all that the selected claims need."""
        self.lab.plan(self.needed(self.fitted_claims))
        run = self.lab.run(which)
        if run.condition == BASELINE and self.lab.answered and not self._baseline_said:
            self._baseline_said = True  # the first number that tells whether this goes well
            self._log.say(f"baseline: {formatting.accuracy(run.accuracy(), len(run.problems))}")
        return run

    def accuracy(self, name: str, instead: Mapping[str, str]) -> tuple[float, str]:
        """Return how often who answers a condition is right undisturbed, on these problems or others, and on which."""
        self.lab.plan(self.needed(self.fitted_claims))
        return self.lab.accuracy(name, instead)

    def measure(self, which: str | Condition) -> Measurement:
        """Return a measurement; the first one makes all that the selected claims need."""
        self.lab.probes.plan(self.to_measure())
        return self.lab.probes.measurement(which)

    def score(self, which: str | Condition, answers: "Texts", *, form: str, at: str | Sequence[str]) -> "Scores":
        """Return scores of given answers; the first makes all that the selected claims need of the same answers."""
        scores = self.lab.probes.scores
        scores.plan(scored_of(self.fitted_claims))
        return scores.scores(which, answers, form=form, at=at)

    def to_measure(self) -> list[str]:
        """Names of the conditions that selected claims measure; of early answers, say, nothing is measured."""
        others = {
            each.name
            for each in self.declared
            if each.num_thoughts is not None
            or each.thinking != LATENT
            or any(patch.at is not None for patch in each.patches)
        }
        return [name for name in measured_of(self.fitted_claims) if name not in others]

    def pending(self, claim: Claim) -> PendingClaim:
        """Return a registered claim with its α, to be handed to statistics and judged."""
        return PendingClaim(
            self.fitted(claim), self.alpha(claim), lambda _, effect: self.judge(claim, effect), self.run
        )

    def alpha(self, claim: Claim) -> float:
        """α of a claim: its family's, divided by the number of claims in it, and never laxer than it was registered."""
        return self.registered.standing(claim, self.lab).alpha

    def judge(self, claim: Claim, effect: Effect) -> Judgement:
        """Judge a registered claim by an effect, with the controls and certificates of its conditions."""
        asked = self.fitted(claim)
        names = asked.all_conditions
        if self.settings.recorded:  # controls need not be among them
            names = self.lab.available(names)
        runs = {name: self.run(name) for name in names}
        together = comparable(self.lab, list(runs))
        more = (*self.lab.model_flags(list(runs)), together.flag, audit_flag(self.lab))
        judgement = judge(asked, effect, alpha=self.alpha(claim), runs=_with_checks(runs, together.checks))
        return replace(judgement, flags=(*judgement.flags, *self.settings.limits, *filter(None, more)))

    def exploratory(self, claim: Claim) -> str:
        """Say why a claim is exploratory on these answers, or was not judged as registered; empty where neither is."""
        standing = self.registered.standing(claim, self.lab)
        return standing.deviation or standing.barred

    def barred(self, claim: Claim) -> str:
        """Say why SUPPORTED must not pass a claim's test; empty where it may."""
        if claim.id not in self.registered.claims:
            return ""
        return self.registered.standing(claim, self.lab).barred or self.changed(claim)

    def changed(self, claim: Claim) -> str:
        """Say how a claim differs from the one that this run would hold it to; empty where it does not."""
        return "" if self.settings.accept else self.registered.changed(claim, self.lab)

    def unacceptable(self, claim: Claim) -> str:
        """Say why a verdict of a claim cannot be accepted; empty where it can."""
        return self.registered.unacceptable(claim, self.lab) if claim.id in self.registered.claims else ""

    def row(self, claim: Claim) -> dict[str, Any]:
        """Describe a claim for the report, without a verdict."""
        return registered_row(claim, self.fitted(claim), self.registered, self.lab)

    def _definitions(self) -> dict[str, str]:
        """Digest of what each condition does, as declared for no model in particular: layers differ between models.

        And of the source of each own outcome and feature.
        """
        from ctlab.lab.declared_own import own_definitions

        return {condition.name: condition.definition for condition in self.declared} | own_definitions(self.own)

    @cached_property
    def thoughts(self) -> int | None:
        """How many thoughts the model has; None of recorded answers and where it does not say; read once."""
        thoughts: int | None = None if self.settings.recorded else self.engine.card().get("num_thoughts")
        return thoughts

    @cached_property
    def program(self) -> "ThoughtProgram | None":
        """How the model thinks; None of recorded answers and where it does not say; read once."""
        return None if self.settings.recorded else program_of(self.engine.card())


def _with_checks(runs: Mapping[str, "Run"], checks: Sequence[Check]) -> dict[str, "Run"]:
    """Add to a certificate what was verified of all runs together: a check that failed makes the claim VOID."""
    for name, run in runs.items():
        if checks and run.certificate is not None:
            certificate = replace(run.certificate, checks=(*run.certificate.checks, *checks))
            return {**runs, name: replace(run, certificate=certificate)}
    return dict(runs)

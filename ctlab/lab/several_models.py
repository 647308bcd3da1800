"""Runs of several models, paired problem by problem: each model answers in a lab of its own, on one store.

A condition that names a model is, in that model's own lab, the same condition without the name. So its answers, labels
and certificate lie where a run has them whose only model that is: nothing is answered twice, and a second model costs
its own pass and no more.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.bound_models import NamedModel
from ctlab.errors import CertificateError, ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.donors import donors
from ctlab.kept_values import keeping, kept
from ctlab.lab.by_model import alone, own_settings, unbound
from ctlab.lab.executors import Engine, TraceableEngine
from ctlab.lab.log import Log
from ctlab.lab.run_maker import RunMaker
from ctlab.outcomes import Run
from ctlab.records import Certificate
from ctlab.records.derived_key import DerivedKey
from ctlab.records.provenance import Origins
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.claims import Claim, Subject
    from ctlab.interventions.donor_rule import Matching
    from ctlab.lab.value_keeper import ValueKeeper
    from ctlab.records import Generation, RunKey

_SHORT = 8
"""Digits of a digest that a sentence has room for."""
UNBOUND = "unbound"
"""Stands for the digest of a model that nothing is bound to."""


class SeveralModels(RunMaker):
    """A run maker that leaves the conditions of other models to theirs."""

    def __init__(
        self,
        settings: Settings,
        conditions: Mapping[str, Condition],
        engine: Engine,
        log: Log,
        models: Mapping[str, NamedModel],
        engine_of: Callable[[str, Settings], Engine],
    ) -> None:
        super().__init__(settings, conditions, engine, log)
        self.models = {} if settings.recorded else dict(models)
        self._engine_of = engine_of
        self._makers: dict[str, RunMaker] = {}

    @cached_property
    def values(self) -> "ValueKeeper":
        """Who keeps the values that claims are judged by."""
        from ctlab.lab.value_keeper import ValueKeeper

        return ValueKeeper(self)

    def maker(self, model: str) -> RunMaker:
        """Return the lab of a model by the name that conditions call it; its own for the empty one."""
        if not model or self.settings.recorded:
            return self
        if model not in self.models:
            raise ConditionError(unbound(model))
        if model not in self._makers:
            settings = own_settings(self.settings, self.models[model])
            made = self._makers[model] = RunMaker(settings, {}, self._engine_of(model, settings), self.log)
            if self.ids:  # of a set that is still to be drawn claims are registered, and nobody reads a problem
                made.problems = self.problems
            made.own = self.own
        return self._makers[model]

    def _place(self, name: str) -> tuple[RunMaker, str]:
        """Return whose run a condition's is, and its name there."""
        condition = self.conditions[name]
        maker = self.maker(condition.model)
        return (self, name) if maker is self else (maker, maker.resolve(alone(condition)).name)

    def by_model(self, names: Sequence[str]) -> list[tuple[RunMaker, dict[str, str]]]:
        """Group conditions by the lab that answers them, each with its name there."""
        groups: dict[str, dict[str, str]] = {}
        for name in names:
            model = self.conditions[name].model if name in self.conditions else ""
            groups.setdefault("" if self.settings.recorded else model, {})[name] = (
                self._place(name)[1] if name in self.conditions else name
            )
        return [(self.maker(model), group) for model, group in groups.items()]

    def plan(self, names: Sequence[str]) -> None:
        """Plan each model's conditions; its own baseline is among them, because labels depend on its answers."""
        groups = {id(maker): (maker, group) for maker, group in self.by_model(names)}
        for maker in (self, *self._makers.values()):
            _, group = groups.get(id(maker), (maker, {}))
            own = tuple(dict.fromkeys(group.values()))
            if maker is self:
                super().plan(own)
            else:
                maker.plan((*own, BASELINE.name) if own else ())

    def missing(self, names: Sequence[str]) -> dict[str, int]:
        """Say how many answers of each condition would have to be generated."""
        counts: dict[str, int] = {}
        for maker, group in self.by_model(names):
            there = RunMaker.missing(maker, list(group.values()))
            counts |= {name: there[other] for name, other in group.items() if other in there}
        return {name: counts[name] for name in names if name in counts}

    def available(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those conditions that can be had without generating anything, and whose certificate did not fail."""
        there: set[str] = set()
        for maker, group in self.by_model(names):
            had = RunMaker.available(maker, list(group.values()))
            there |= {name for name, other in group.items() if other in had}
        return tuple(name for name in names if name in there)

    def run(self, which: str | Condition) -> Run:
        """Return the run of a condition, of whichever model; generate what is missing first."""
        condition = self.resolve(which)
        maker, name = self._place(condition.name)
        if maker is self:
            return super().run(condition)
        if condition.name not in self.made:
            try:
                run = maker.run(name)
            except CertificateError as error:  # which calls the condition what its own lab does
                who = self.answered_in_words(condition.model)
                raise CertificateError(f"{condition.name}, answered by {who}: {error}") from error
            certificate = run.certificate and self._called(run.certificate, condition)
            self.made[condition.name] = replace(run, condition=condition, certificate=certificate)
        return self.made[condition.name]

    def certificate(self, name: str) -> Certificate | None:
        """Return what was verified about a condition, by the certificate of the model that answers it."""
        maker, there = self._place(name)
        if maker is self:
            return super().certificate(name)
        found = maker.certificate(there)
        return found and self._called(found, self.conditions[name])

    def _called(self, certificate: Certificate, condition: Condition) -> Certificate:
        """Return a certificate in which conditions are called what they are called here."""
        same = certificate.identical_to
        if same is not None:
            same = next(
                (n for n, c in self.conditions.items() if c.model == condition.model and alone(c).name == same), same
            )
        return replace(certificate, condition=condition.name, identical_to=same)

    def origins(self, name: str) -> Origins:
        """Say with which versions and on which devices a run's answers were made."""
        maker, there = self._place(name)
        return super().origins(name) if maker is self else maker.origins(there)

    def answer_again(self, name: str, problem_ids: Sequence[str]) -> "dict[str, Generation]":
        """Answer problems once more, beside what is stored; nothing of it is kept."""
        maker, there = self._place(name)
        return super().answer_again(name, problem_ids) if maker is self else maker.answer_again(there, problem_ids)

    def derived_key(self, kind: str, name: str, code: str, *, by_gold: bool = True, **parts: str) -> DerivedKey:
        """Identify what is derived of a condition, as the lab of its model does."""
        maker, there = self._place(name)
        key = super().derived_key if maker is self else maker.derived_key
        return key(kind, there, code, by_gold=by_gold, **parts)

    def _generated_key(self, condition: Condition) -> "RunKey":
        """Identify a run by the digest of the model that answers, whatever it is called."""
        maker = self.maker(condition.model)
        if maker is self:
            return super()._generated_key(condition)
        return maker.key(maker.resolve(alone(condition)).name)

    def run_digest(self, condition: Condition) -> str:
        """Digest of a condition's run on these problems, as its model's lab has it."""
        return super().run_digest(alone(condition) if condition.model in self.models else condition)

    def donors(self, matching: "Matching") -> "Mapping[str, str]":
        """Return the donor of each of these problems that has one; kept, as every key of a matched run names them."""
        found, given = super().donors, {"problems": self.problems, "matching": matching}
        with keeping(self.values):
            return kept(donors, given, lambda: found(matching), dict, dict)

    def forms_digest(self, name: str) -> str:
        """Digest of the forms by which a condition's answers are labelled: of its own model's undisturbed answers."""
        maker, there = self._place(name)
        return super().forms_digest(name) if maker is self else maker.forms_digest(there)

    def digest_of(self, model: str) -> str:
        """Digest of a model by the name that conditions call it; a word where nothing is bound to it."""
        if model and model not in self.models:
            return UNBOUND
        return self.maker(model).answered_by

    def subject_of(self, claim: "Claim") -> "Subject":
        """Whom and what a claim's verdict is about: every model that answers one of its conditions, by digest."""
        names = [self.conditions[name].model for name in claim.all_conditions if name in self.conditions]
        models = sorted(set(names))
        if self.settings.recorded or not any(models):
            return self.subject
        bound = [self.maker(model) for model in models if not model or model in self.models]
        if not bound:
            bound = [self]
        limit = max(maker.decoding_asked.max_new_tokens for maker in bound)
        return replace(
            self.subject,
            model="+".join(map(self._named_digest, models, [limit] * len(models))),
            model_name=", ".join(map(self._named_id, models)),
            padding="+".join(dict.fromkeys(maker.decoding_asked.padding for maker in bound)),
            dtype="+".join(dict.fromkeys(maker.decoding_asked.dtype for maker in bound)),
            max_new_tokens=limit,
        )

    def _named_digest(self, model: str, limit: int) -> str:
        digest = self.digest_of(model)
        own = limit if digest == UNBOUND else self.maker(model).decoding_asked.max_new_tokens
        return f"{model}={digest}" * bool(model) + digest * (not model) + (f"@{own}" if own != limit else "")

    def _named_id(self, model: str) -> str:
        if not model:
            return self.subject.model_name
        return f"{model} = {self.models[model].id if model in self.models else UNBOUND}"

    def answered_in_words(self, model: str) -> str:
        """Say who answers to a name: the model and the first digits of its digest."""
        maker = self.maker(model)
        return f"{maker.engine.card().get('id') or maker.settings.model} ({maker.engine.digest[:_SHORT]})"

    def cards(self, names: Sequence[str]) -> list[dict[str, Any]]:
        """Describe each model that answers one of these conditions under a name, with that name."""
        models = dict.fromkeys(self.conditions[name].model for name in names if name in self.conditions)
        return [
            {**self.maker(model).engine.card(), "called": model, "decoding": self.maker(model).decoding_asked.to_json()}
            for model in models
            if model in self.models
        ]

    def accuracy(self, name: str, instead: Mapping[str, str]) -> tuple[float, str]:
        """Return how often who answers a condition is right undisturbed, and on which set: these problems, or others.

        ``instead`` names, for a problem set, the one on which its models are asked in its place. What is missing is
        generated.
        """
        maker, there = self._place(name)
        here = self.problems.name
        if (asked := instead.get(here, here)) != here:
            settings = replace(maker.settings, problems=asked)
            elsewhere = RunMaker(settings, {}, maker.engine, self.log)
            return elsewhere.run(BASELINE).accuracy(), asked
        return maker.run(there if maker.conditions[there].undisturbed else BASELINE).accuracy(), here

    def model_flags(self, names: Sequence[str]) -> tuple[str, ...]:
        """Return what a reader must know where several models answered: who, and what they do not agree in."""
        groups = self.by_model(names)
        if self.settings.recorded or (len(groups) == 1 and groups[0][0] is self):
            return ()
        said = [
            f"{formatting.listed(list(group))} by {self.answered_in_words(self.conditions[next(iter(group))].model)}"
            for _, group in groups
        ]
        flags = [f"models: {'; '.join(said)}"]
        for what, value in (
            ("padding", lambda maker: maker.decoding_asked.padding),
            ("dtype", lambda maker: maker.decoding_asked.dtype),
            ("device", _kind_of_device),
        ):
            values = {self._name_of(maker): value(maker) for maker, _ in groups}
            if len(set(values.values())) > 1:
                told = ", ".join(f"{name} {of}" for name, of in values.items())
                flags.append(
                    f"unlike {what}: the models answered with different {what} ({told}), so that what is compared is "
                    f"not the models alone"
                )
        return tuple(flags)

    def _name_of(self, maker: RunMaker) -> str:
        return next((name for name, made in self._makers.items() if made is maker), "the run's own model")


def _kind_of_device(maker: RunMaker) -> str:
    """Kind of device and of attention; of an engine that does not say, that."""
    return maker.engine.environment if isinstance(maker.engine, TraceableEngine) else "not said"

"""The lab: names of conditions in, runs out. Everything that the selected claims need is generated in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from ctlab.errors import CertificateError, ClaimError, ConditionError, CtlabError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.answer_forms import declared_forms_of, learned_forms
from ctlab.lab.classifier import Classifier
from ctlab.lab.executors import Engine, EngineError
from ctlab.lab.experiment import Experiment
from ctlab.lab.log import Log
from ctlab.lab.measurements import Probes
from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.lab.recorded_answers import recorded_generations
from ctlab.outcomes import Forms, Run
from ctlab.outcomes.forms import UNKNOWN
from ctlab.problems import Problem
from ctlab.records import Certificate, Generation
from ctlab.settings import Settings
from ctlab.source_digest import source_digest

_TIMING = "1"  # form of the record; a speed is measured, no source says what it is


class Lab(Experiment):
    """An experiment and the runs of it that were made; a run is made once."""

    def __init__(self, settings: Settings, conditions: Mapping[str, Condition], engine: Engine, log: Log) -> None:
        super().__init__(settings, conditions, engine, log)
        self.probes = Probes(self)
        self.planned: tuple[str, ...] = ()
        self._runs: dict[str, Run] = {}
        self._generated: dict[str, tuple[Generation, ...]] | None = None
        self._broken: CtlabError | None = None
        self._failed: dict[str, Certificate] = {}

    def plan(self, names: Sequence[str]) -> None:
        """Say which conditions the selected claims and their controls need; the first run generates them all."""
        self.planned = tuple(dict.fromkeys(names))

    def missing(self, names: Sequence[str]) -> dict[str, int]:
        """Say how many answers of each condition would have to be generated."""
        if self.settings.recorded:
            return {}
        return {n: len(ids) for n, ids in self.store.missing(self.keys(names), self.problems.ids).items()}

    def available(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those conditions that can be had without generating anything."""
        if self.settings.recorded:
            return tuple(name for name in names if name in self.settings.recorded)
        return tuple(n for n in names if n in self._runs or not self.missing([n]))

    def run(self, which: str | Condition) -> Run:
        """Return the run of a condition, by its name or its data; generate what is missing first."""
        condition = self.resolve(which)
        if condition.name not in self._runs:
            self._runs[condition.name] = self._make(condition)
        return self._runs[condition.name]

    def certificate(self, name: str) -> Certificate | None:
        """Return what was verified about a condition; None for recorded answers and before anything was."""
        if self.settings.recorded:
            return None
        form = self.store.read_record(self.key(name), "certificate", _certifier())
        return None if form is None else Certificate.from_json({**form, "condition": name})

    def answers_per_second(self) -> float | None:
        """How fast this model last generated here; None before it did."""
        timing = self.store.read_record(self.model_key, "timing", _TIMING)
        return timing["answers"] / timing["seconds"] if timing and timing["seconds"] > 0 else None

    def _make(self, condition: Condition) -> Run:
        recorded = self.settings.recorded
        if recorded and condition.name not in recorded:
            raise ConditionError(
                f"condition {condition.name!r} is not among the recorded answers; "
                f"add --ctlab-recorded {condition.name}=FILE"
            )
        generations = self._undisturbed if condition.name == BASELINE.name else self._answers(condition.name)
        certificate = None if recorded else self._proof(condition)
        return Run(
            condition=condition,
            problems=self.problems.problems,
            generations=generations,
            classifications=self._classifier.classify(self.key(condition.name), generations),
            certificate=certificate,
            forms=self._classifier.forms,
        )

    def _proof(self, condition: Condition) -> Certificate:
        certificate = self.certificate(condition.name)
        if certificate is None:  # the answers are there; what proved them is damaged, or of another source than today's
            self._certify_again(condition.name)
            certificate = self.certificate(condition.name)
        if certificate is None or not certificate.passed:
            why = "it was not made" if certificate is None else certificate.failure()
            raise CertificateError(f"the certificate of condition {condition.name!r} failed: {why}")
        return certificate

    def _certify_again(self, name: str) -> None:
        """Certify a condition and all planned ones that lack it: the model is loaded once, by one process."""
        names = tuple(dict.fromkeys([name, *self.planned]))
        with self._tried_once(), self.store.alone(self.keys(names)):
            if lacking := [self.conditions[other] for other in names if self.certificate(other) is None]:
                self._certify(lacking)

    def _collected(self, name: str) -> tuple[Generation, ...]:
        if self._generated is None:
            self._generated = self._generate(self.planned)
        return self._generated.pop(name, None) or self._generate([name])[name]

    def _generate(self, names: Sequence[str]) -> dict[str, tuple[Generation, ...]]:
        """Collect what can be had; a condition whose certificate failed is refused when it alone is asked for."""
        keys = self.keys(names)
        try:
            return self.store.collect(keys, self.problems.ids, self._produce)
        except CertificateError:
            if len(names) == 1:
                raise
            return {}  # every other condition was answered first, and is read from the store when it is asked for

    def _produce(self, missing: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Generate what is missing, after noting what it will be about: who is interrupted has seen some of it."""
        self.remember({self.conditions[name].definition: self.conditions[name] for name in missing})
        with self._tried_once():
            yield from self._answer(missing)

    @contextmanager
    def _tried_once(self) -> Iterator[None]:
        """Do not try again, for every claim, what went wrong once."""
        if self._broken is not None:
            raise self._broken
        try:
            yield
        except CertificateError:  # of one condition: the others can be answered
            raise
        except InputError as error:
            self._broken = EngineError(str(error))
            raise self._broken from error
        except Exception as error:
            self._broken = ClaimError(
                f"nothing could be generated, {type(error).__name__}: {error} (the first error has more)"
            )
            raise

    def _answer(self, missing: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Certify, then answer; what shares its missing problems shares the question's computation too."""
        failed = self._certify([self.conditions[name] for name in missing])
        groups: dict[tuple[str, ...], list[Condition]] = {}
        for name, ids in missing.items():
            if name not in failed:
                groups.setdefault(tuple(ids), []).append(self.conditions[name])
        by_id = {problem.id: problem for problem in self.problems}
        total = sum(len(ids) * len(group) for ids, group in groups.items())
        if total:
            size = " and ".join(condition_times_problem(len(group), len(ids)) for ids, group in groups.items())
            progress = Progress(total, size, self.log)
            for ids, group in groups.items():
                for batch in self._batches([by_id[problem_id] for problem_id in ids], group):
                    yield batch
                    progress.advance(sum(map(len, batch.values())))
            progress.finish()
            # Of the last pass alone: what a plan wants to know is how fast this machine is now.
            timing = {"answers": total, "seconds": progress.seconds}
            self.store.write_record(self.model_key, "timing", _TIMING, timing)
        if failed:
            name, certificate = next(iter(failed.items()))
            raise CertificateError(f"the certificate of condition {name!r} failed: {certificate.failure()}")

    def _batches(
        self, problems: Sequence[Problem], conditions: Sequence[Condition]
    ) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Ask the engine; it must know the whole set where a condition draws on problems that are answered already."""
        if any(condition.draws_on_others for condition in conditions):
            return self.engine.batches(problems, conditions, among=self.problems.problems)
        return self.engine.batches(problems, conditions)

    def _certify(self, conditions: Sequence[Condition]) -> dict[str, Certificate]:
        """Store the certificate of each condition and return those that failed; what failed once is not tried again."""
        source = _certifier()  # read before the work: an edit meanwhile is not what was run
        untried = [condition for condition in conditions if condition.name not in self._failed]
        certificates = self.engine.certify(self.problems.problems, untried) if untried else {}
        for name, certificate in certificates.items():
            self.store.write_record(self.key(name), "certificate", source, certificate.to_json())
        self._failed |= {name: certificate for name, certificate in certificates.items() if not certificate.passed}
        names = {condition.name for condition in conditions}
        return {name: certificate for name, certificate in self._failed.items() if name in names}

    @cached_property
    def forms(self) -> Forms:
        """The forms of undisturbed answers, which labels depend on; to learn them, the baseline is answered."""
        if (declared := declared_forms_of(self)) is not None:
            return declared
        if self.settings.recorded and BASELINE.name not in self.settings.recorded:
            return UNKNOWN
        return learned_forms(self, self._undisturbed)

    @cached_property
    def _undisturbed(self) -> tuple[Generation, ...]:
        """The baseline's answers; without them nobody knows what form an answer has."""
        return self._answers(BASELINE.name)

    def _answers(self, name: str) -> tuple[Generation, ...]:
        if self.settings.recorded:
            return recorded_generations(self.settings.recorded[name], self.problems)
        return self._collected(name)

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self.store, self.problems, self.problems_digest, self.forms)


def _certifier() -> str:
    """Key of certificates: the source of the checks and of the engine, which they prove as it is."""
    return source_digest("ctlab.certify.interventions", "ctlab.engine.answers", "ctlab.engine.multi_device")

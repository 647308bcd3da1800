"""The lab: names of conditions in, runs out. Everything that the selected claims need is generated in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property

from ctlab.errors import CertificateError, ClaimError, ConditionError, CtlabError, InputError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.classifier import Classifier
from ctlab.lab.executors.model_engine import Engine, EngineError, decoding
from ctlab.lab.measurements import Probes
from ctlab.lab.progress import Progress, Voice
from ctlab.lab.recorded_answers import recorded_digest, recorded_generations, recorded_key
from ctlab.outcomes import Run
from ctlab.problems import Problem, ProblemSet, load_problems
from ctlab.records import Certificate
from ctlab.records.generation import Decoding, Generation, RunKey
from ctlab.settings import Settings
from ctlab.source_digest import source_digest
from ctlab.store import GenerationStore

_TIMING = "1"  # form of the record; a speed is measured, no source says what it is


class Lab:
    """One model (or recorded answers), one problem set, the conditions that claims name; a run is made once."""

    def __init__(self, settings: Settings, conditions: Mapping[str, Condition], engine: Engine, voice: Voice) -> None:
        self.settings = settings
        self.engine = engine
        self.conditions = {BASELINE.name: BASELINE, **conditions}
        self.unknown = frozenset(settings.recorded) - frozenset(self.conditions)
        # What was hidden in recorded answers is known only where the suite has a condition of that name.
        self.conditions.update((n, Condition(name=n)) for n in settings.recorded if n not in self.conditions)
        self.store = GenerationStore(settings.store, voice.say)
        self.probes = Probes(self, voice)
        self.planned: tuple[str, ...] = ()
        self._voice = voice
        self._runs: dict[str, Run] = {}
        self._said: dict[str, tuple[Generation, ...]] | None = None
        self._broken: CtlabError | None = None

    @cached_property
    def problems(self) -> ProblemSet:
        """The problems, limited as the settings say."""
        return load_problems(self.settings.problems).limited(self.settings.limit)

    @cached_property
    def problems_digest(self) -> str:
        """Digest of the problems, the limit included."""
        return self.problems.digest

    @cached_property
    def answered_by(self) -> str:
        """Digest of whoever answers: the model, or the set of recorded answers."""
        if self.settings.recorded:
            return recorded_digest(self.settings.recorded)
        return self.engine.digest

    def check(self) -> None:
        """Read problems, recorded answers and the model's identity; CtlabError says what is wrong."""
        _ = self.problems_digest
        for file in self.settings.recorded.values():
            recorded_generations(file, self.problems)
        _ = self.answered_by

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
        form = self.store.read_record(self._key(self.conditions[name]), "certificate", _certifier())
        return None if form is None else Certificate.from_json({**form, "condition": name})

    def answers_per_second(self) -> float | None:
        """How fast this model last generated here; None before it did."""
        timing = self.store.read_record(self._model_key, "timing", _TIMING)
        return timing["answers"] / timing["seconds"] if timing and timing["seconds"] > 0 else None

    def resolve(self, which: str | Condition) -> Condition:
        """Return a condition by its name or its data."""
        if isinstance(which, Condition):
            known = self.conditions.setdefault(which.name, which)
            if known.digest != which.digest:
                raise ConditionError(f"condition {which.name!r} is already something else here; give it another name")
            return known
        if which not in self.conditions:
            raise ConditionError(f"unknown condition {which!r}; known: {', '.join(self.conditions)}")
        return self.conditions[which]

    def _make(self, condition: Condition) -> Run:
        if self.settings.recorded:
            if condition.name not in self.settings.recorded:
                raise ConditionError(
                    f"condition {condition.name!r} is not among the recorded answers; "
                    f"add --ctlab-recorded {condition.name}=FILE"
                )
            file = self.settings.recorded[condition.name]
            generations = recorded_generations(file, self.problems)
            certificate = None
        else:
            generations = self._collected(condition.name)
            certificate = self._proof(condition)
        return Run(
            condition=condition,
            problems=self.problems.problems,
            generations=generations,
            classifications=self._classifier.classify(self.key(condition.name), generations),
            certificate=certificate,
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
            if lacking := [each for each in names if self.certificate(each) is None]:
                self._certify([self.conditions[each] for each in lacking])

    def _collected(self, name: str) -> tuple[Generation, ...]:
        if self._said is None:
            self._said = self._generate(self.planned)
        return self._said.pop(name, None) or self._generate([name])[name]

    def _generate(self, names: Sequence[str]) -> dict[str, tuple[Generation, ...]]:
        """Collect what can be had; a condition whose certificate failed is refused when it alone is asked for."""
        keys = self.keys(names)
        try:
            return self.store.collect(keys, self.problems.ids, self._produce)
        except CertificateError:
            if len(names) == 1:
                raise
            return {}

    def _produce(self, missing: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Generate what is missing."""
        with self._tried_once():
            yield from self._answer(missing)

    @contextmanager
    def _tried_once(self) -> Iterator[None]:
        """Do not try again, for every claim, what went wrong once."""
        if self._broken is not None:
            raise self._broken
        try:
            yield
        except CertificateError:
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
            progress = Progress(total, _in_words(groups), self._voice)
            for ids, group in groups.items():
                for batch in self._batches([by_id[each] for each in ids], group):
                    yield batch
                    progress.advance(sum(map(len, batch.values())))
            progress.finish()
            timing = {"answers": total, "seconds": progress.seconds}
            self.store.write_record(self._model_key, "timing", _TIMING, timing)
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
        """Store the certificate of each condition and return those that failed."""
        source = _certifier()  # read before the work: an edit meanwhile is not what was run
        certificates = self.engine.certify(self.problems.problems, conditions)
        for name, certificate in certificates.items():
            key = self._key(self.conditions[name])
            self.store.write_record(key, "certificate", source, certificate.to_json())
        return {name: certificate for name, certificate in certificates.items() if not certificate.passed}

    @cached_property
    def _classifier(self) -> Classifier:
        return Classifier(self.store, self.problems, self.problems_digest)

    def key(self, name: str) -> RunKey:
        """Identify the run of a condition: what the store and everything derived from the run is kept under."""
        if self.settings.recorded:
            return recorded_key(self.settings.recorded[name])
        return self._key(self.conditions[name])

    @property
    def _model_key(self) -> RunKey:
        return RunKey(model=self.engine.digest, condition="", decoding=self._decoding.digest)

    def _key(self, condition: Condition) -> RunKey:
        company = condition.digest_among(self.problems.ids)
        return RunKey(model=self.engine.digest, condition=company, decoding=self._decoding.digest)

    @cached_property
    def _decoding(self) -> Decoding:
        """The decoding settings; as published an answer depends on its batch mates, so that they belong to it."""
        return decoding(self.settings).among(self.problems.ids)

    def keys(self, names: Sequence[str]) -> dict[str, RunKey]:
        """Identify the runs of several conditions, by name."""
        return {name: self._key(self.resolve(name)) for name in names}


def _certifier() -> str:
    """Key of certificates: the source of the checks, and with it that of the engine, which they prove as it is."""
    return source_digest("ctlab.certify.interventions")


def _in_words(groups: Mapping[tuple[str, ...], Sequence[Condition]]) -> str:
    parts = [
        f"{len(group)} condition{'s' * (len(group) > 1)} × {len(ids):,} problem{'s' * (len(ids) > 1)}"
        for ids, group in groups.items()
    ]
    return " and ".join(parts)

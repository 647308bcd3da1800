"""Names of conditions in, runs out, each made once: all that the selected claims need is generated in one pass."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property

from ctlab.errors import CertificateError, ConditionError, ReadOnlyStoreError, StoreError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.answer_forms import forms_of
from ctlab.lab.answer_sources import certificate_of, certifier, sources_of
from ctlab.lab.executors import Engine
from ctlab.lab.experiment import Experiment
from ctlab.lab.labelling import Labelling
from ctlab.lab.log import Log
from ctlab.lab.measurements import Probes
from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.lab.share_out import share_out
from ctlab.lab.tried_once import TriedOnce
from ctlab.outcomes import Forms, Run
from ctlab.outcomes.forms import UNKNOWN
from ctlab.problems import Problem
from ctlab.records import Certificate, Generation
from ctlab.records.packed_generations import PackedGenerations
from ctlab.records.provenance import Origins
from ctlab.records.row_audit import CHECK
from ctlab.settings import Settings
from ctlab.store.manifest import Entry


class RunMaker(Experiment):
    """An experiment and the runs of it that were made; a run is made once."""

    def __init__(self, settings: Settings, conditions: Mapping[str, Condition], engine: Engine, log: Log) -> None:
        super().__init__(settings, conditions, engine, log)
        self.probes = Probes(self)
        self.planned: tuple[str, ...] = ()
        self.made: dict[str, Run] = {}
        self._generated: dict[str, PackedGenerations] | None = None
        self._once = TriedOnce()
        self._failed: dict[str, Certificate] = {}
        self._origins: dict[str, Origins] = {}
        self._held: dict[str, tuple[Entry, ...]] = {}
        self._labelling = Labelling(self)

    def plan(self, names: Sequence[str]) -> None:
        """Say which conditions the selected claims and their controls need; the first run generates them all."""
        if self.planned != (planned := tuple(dict.fromkeys(names))):
            self.planned, self._generated = planned, None  # a new pass, and a new try
            self._once.forget()

    def by_model(self, names: Sequence[str]) -> "list[tuple[RunMaker, dict[str, str]]]":
        """Group conditions by the lab that answers them, each with its name there: here all are one model's."""
        return [(self, {name: name for name in names})]

    def missing(self, names: Sequence[str]) -> dict[str, int]:
        """Say how many answers of each condition would have to be generated."""
        if self.settings.recorded:
            return {}
        return {n: len(ids) for n, ids in self.store.missing(self.keys(names), self.problems.ids).items()}

    def available(self, names: Sequence[str]) -> tuple[str, ...]:
        """Those conditions that can be had without generating anything, and whose certificate did not fail."""
        if self.settings.recorded:
            return tuple(name for name in names if name in self.settings.recorded)
        keys = self.keys(names)
        # Of names for the same run the store says one.
        lacking = {keys[name].digest for name in self.store.missing(keys, self.problems.ids)}
        there = [name for name in names if name in self.made or keys[name].digest not in lacking]
        return tuple(name for name in there if name in self.made or not self._disproven(name))

    def run(self, which: str | Condition) -> Run:
        """Return the run of a condition, by its name or its data; generate what is missing first."""
        condition = self.resolve(which)
        if condition.name not in self.made:
            self.made[condition.name] = self._make(condition)
        return self.made[condition.name]

    def certificate(self, name: str) -> Certificate | None:
        """Return what was verified about a condition; None for recorded answers and before anything was."""
        if self.settings.recorded:
            return None
        entries = self._entries(name)
        found = [self._certified(name, source) for source in sources_of(entries, certifier())]
        certificates = [replace(certificate, condition=name) for certificate in found if certificate is not None]
        if len(certificates) < len(found):
            return None
        return certificate_of(certificates, entries, self.key(name).digest, len(self.problems))

    def _certified(self, name: str, source: str) -> Certificate | None:
        """The stored certificate that a source made of a condition."""
        return self.store.derived.read_json(self.certificate_key(name, source), "", Certificate.from_json)

    def _lacking(self, name: str) -> tuple[str, ...]:
        """Sources that made a condition's answers and whose certificate is not there."""
        return tuple(s for s in sources_of(self._entries(name), certifier()) if self._certified(name, s) is None)

    def _entries(self, name: str) -> tuple[Entry, ...]:
        """What the store says of a condition's answers: read once when all are there, for all that are planned."""
        if name not in self._held:
            names = tuple(dict.fromkeys([name, *self.planned]))
            ids = set(self.problems.ids)
            held = self.store.entries(self.keys(names), self.problems.ids)
            self._held |= {n: found for n, found in held.items() if ids <= {i for e in found for i in e.problem_ids}}
            return held[name]
        return self._held[name]

    def origins(self, name: str) -> Origins:
        """Say with which versions and on which devices a run's answers were made; empty for recorded answers."""
        if self.settings.recorded:
            return {}
        if name not in self._origins:
            self._origins |= self.store.provenance(self.keys([name, *self.planned]), self.problems.ids)
        return self._origins[name]

    def answer_again(self, name: str, problem_ids: Sequence[str]) -> dict[str, Generation]:
        """Answer problems once more, beside what is stored; nothing of it is kept."""
        by_id = {problem.id: problem for problem in self.problems}
        asked = [by_id[problem_id] for problem_id in problem_ids]
        with self._once.trying():
            batches = list(self._batches(asked, [self.conditions[name]]))
        return {answer.problem_id: answer for batch in batches for answer in batch[name]}

    def _disproven(self, name: str) -> bool:
        """Whether a certificate failed; the answers can be there, of before the condition was declared a no-op."""
        certificate = self.certificate(name)
        return certificate is not None and not certificate.passed

    def _make(self, condition: Condition) -> Run:
        recorded = self.settings.recorded
        if recorded and condition.name not in recorded:
            raise ConditionError(
                f"condition {condition.name!r} is not among the recorded answers; "
                f"add its file (--ctlab-recorded {condition.name}=FILE, Lab(recorded={{{condition.name!r}: FILE}}))"
            )
        generations = self._undisturbed if condition.name == BASELINE.name else self._answers(condition.name)
        certificate = None if recorded else self._proof(condition)
        forms = self.forms_under(condition)
        return Run(
            condition=condition,
            problems=self.problems.problems,
            generations=generations,
            classifications=self._labelling.labels(condition.name, forms, generations, self._waiting(condition)),
            certificate=certificate,
            forms=frozenset(forms.known),
            own=self.own,
        )

    def _waiting(self, condition: Condition) -> dict[str, Sequence[Generation]]:
        """Answers at hand of planned conditions that are held to the same forms and of which no run was made yet."""
        there: dict[str, Sequence[Generation]] = dict(self._generated or {})
        there |= {name: self.recorded[name] for name in self.planned if name in self.settings.recorded}
        if "_undisturbed" in vars(self) and BASELINE.name in self.planned:  # taken already, for the forms
            there[BASELINE.name] = self._undisturbed
        written = condition.thinking == "explicit"
        alike = (name for name in there if (self.conditions[name].thinking == "explicit") == written)
        return {name: there[name] for name in alike if name not in self.made}

    def _proof(self, condition: Condition) -> Certificate:
        certificate = self.certificate(condition.name)
        if certificate is None:  # the answers are there; what proved them is damaged or gone
            self._refuse_others(condition.name)
            self._certify_again(condition.name)
            certificate = self.certificate(condition.name)
        if certificate is None or not certificate.passed:
            why = "it was not made" if certificate is None else certificate.failure()
            checks = () if certificate is None else certificate.checks
            stored = any(check.name == CHECK and not check.passed for check in checks)
            remedy = f"; to answer again, mend the engine and remove {self.store.folder(self.key(condition.name))}"
            raise CertificateError(
                f"the certificate of condition {condition.name!r} failed: {why}{remedy if stored else ''}"
            )
        return certificate

    def _refuse_others(self, name: str) -> None:
        """Refuse answers of other source than today's that are not certified: today's engine says nothing of them."""
        if others := [source for source in self._lacking(name) if source != certifier()]:
            raise CertificateError(
                f"the certificate of condition {name!r} failed: its answers were made by other source of ctlab than "
                f"today's ({others[0]}), and what certified them is not in the store any more; remove "
                f"{self.store.folder(self.key(name))}, so that they are made again"
            )

    def _certify_again(self, name: str) -> None:
        """Certify a condition and all planned ones that lack it: the model is loaded once, by one process."""
        names = tuple(dict.fromkeys([name, *self.planned]))
        with self._once.trying(), self.store.alone(self.keys(names)):
            if lacking := [self.conditions[other] for other in names if certifier() in self._lacking(other)]:
                self._certify(lacking)

    def _collected(self, name: str) -> PackedGenerations:
        if self._generated is None:
            self._generated = self._generate(self.planned)
        return self._generated.pop(name, None) or self._generate([name])[name]

    def _generate(self, names: Sequence[str]) -> dict[str, PackedGenerations]:
        """Collect what can be had; a condition whose certificate failed is refused when it alone is asked for."""
        keys = self.keys(names)
        self.note_use(names)  # before they are read: what is in use is not cleared away
        try:
            with self._once.trying():
                share_out(self, names, self._failing)
            return self.store.collect(keys, self.problems.ids, self._produce, self.provenance, certifier())
        except (CertificateError, ReadOnlyStoreError):
            if len(names) == 1:
                raise
            return {}  # every other condition that can be had is read from the store when it is asked for
        except StoreError as error:  # a disk that is full stays full: no claim after this one answers for nothing
            self._once.broke(error)
            raise
        finally:
            self.note_use(names)  # the first answers make the folder that the note lies in

    def _produce(self, missing: Mapping[str, Sequence[str]]) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
        """Generate what is missing, after noting what it will be about: who is interrupted has seen some of it."""
        self.remember({self.conditions[name].definition: self.conditions[name] for name in missing})
        with self._once.trying():
            yield from self._answer(missing)

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
            self.answered = True
            # Of the last pass alone: what a plan wants to know is how fast this machine is now.
            self.store.derived.write_json(self.timing_key(), "", {"answers": total, "seconds": progress.seconds})
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
        # Named before the work: an edit of the source meanwhile is not what was run.
        keys = {condition.name: self.certificate_key(condition.name, certifier()) for condition in conditions}
        untried = [condition for condition in conditions if condition.name not in self._failed]
        certificates = self.certified(untried)
        for name, certificate in certificates.items():
            self.store.derived.write_json(keys[name], "", certificate.to_json())
        self._failed |= {name: certificate for name, certificate in certificates.items() if not certificate.passed}
        names = {condition.name for condition in conditions}
        return {name: certificate for name, certificate in self._failed.items() if name in names}

    def _failing(self, names: Sequence[str]) -> dict[str, Certificate]:
        """Certify what is not certified by today's source, and return what failed of it."""
        found = {name: self._certified(name, certifier()) for name in names}
        return self._certify([self.conditions[name] for name, each in found.items() if each is None or not each.passed])

    @cached_property
    def forms(self) -> Forms:
        """The forms of undisturbed answers, which labels depend on; to learn them, the baseline is answered."""
        return forms_of(self, lambda: self._undisturbed)

    def forms_under(self, condition: Condition) -> Forms:
        """The forms that a condition's answers are held to; none where steps are written: they have any form."""
        return UNKNOWN if condition.thinking == "explicit" else self.forms

    def forms_digest(self, name: str) -> str:
        """Digest of the forms by which a condition's answers are labelled."""
        return self.forms_under(self.conditions[name]).digest

    @cached_property
    def _undisturbed(self) -> PackedGenerations:
        """The baseline's answers; without them nobody knows what form an answer has."""
        return self._answers(BASELINE.name)

    def _answers(self, name: str) -> PackedGenerations:
        if self.settings.recorded:
            self.note_use([name])
            return self.recorded[name]
        return self._collected(name)

"""What was measured of an experiment's conditions: attention and hidden states, one pass for all that claims need."""

from collections.abc import Mapping, Sequence

from ctlab import formatting
from ctlab.errors import CertificateError, ConditionError, ReadOnlyStoreError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.executors import MeasuringEngine
from ctlab.lab.experiment import Experiment
from ctlab.lab.kept_scores import KeptScores
from ctlab.lab.kept_states import KeptStates
from ctlab.lab.progress import Progress, condition_times_problem
from ctlab.records import Check
from ctlab.records.certificate import read_checks
from ctlab.records.derived_key import DerivedKey
from ctlab.records.measurement import VERSION, Measurement
from ctlab.source_digest import source_digest
from ctlab.store import MeasurementStore


class Probes:
    """Measurements by name of their condition; each is made once and kept beside the generations."""

    def __init__(self, experiment: Experiment) -> None:
        self.planned: tuple[str, ...] = ()
        self._experiment = experiment
        self._measured: dict[str, Measurement] = {}
        self.scores = KeptScores(experiment)

    def plan(self, names: Sequence[str]) -> None:
        """Say which conditions the selected claims measure; the first measurement makes them all."""
        self.planned = tuple(dict.fromkeys(names))

    def measurement(self, which: str | Condition) -> Measurement:
        """Return what was measured of a condition, by its name or its data; measure what is missing first."""
        name = self._experiment.resolve(which).name
        if name not in self._measured:
            self._measured.update(self._collected(name))
        if self._rows(name) is None:  # measured before; what proved the probes is damaged, or of another source
            self._certify_again(name)
        if failure := self._failure(name):
            raise CertificateError(f"the probes' certificate of condition {name!r} failed: {failure}")
        return self._measured[name]

    def _collected(self, name: str) -> dict[str, Measurement]:
        if name not in self.planned:
            return self._collect((name,))
        try:
            return self._collect(self.planned)
        except ReadOnlyStoreError:  # what cannot be measured costs the claims about it, and no other
            return self._collect((name,))

    def available(self, names: Sequence[str]) -> dict[str, Measurement]:
        """Return those that can be had without measuring anything and whose certificate holds."""
        if self._experiment.settings.recorded:
            return {}
        missing = self._store.missing(self._keys(names))
        there = [name for name in names if name in self._measured or name not in missing]
        keys = self._keys([name for name in there if name not in self._measured])
        self._measured.update(self._store.collect(keys, self._measure))
        return {name: self._measured[name] for name in there if not self._failure(name)}

    def missing(self, names: Sequence[str]) -> tuple[str, ...]:
        """Name the conditions that would have to be measured."""
        return () if self._experiment.settings.recorded else self._store.missing(self._keys(names))

    def checks(self, name: str) -> tuple[Check, ...]:
        """Return what was verified of probes and scores under a condition; nothing before it was measured."""
        return (*(self._rows(name) or ()), *self.scores.checks(name))

    def _rows(self, name: str) -> tuple[Check, ...] | None:
        """Checks as they are stored; None before there are any."""
        if self._experiment.settings.recorded:
            return None
        return self._experiment.store.derived.read_json(self._certificate_key(name), "", read_checks)

    def _keys(self, names: Sequence[str]) -> dict[str, DerivedKey]:
        return {name: self._experiment.derived_key("measurement", name, VERSION) for name in names}

    def _certificate_key(self, name: str) -> DerivedKey:
        """What verified the probes: the source of the checks, and with it that of probes and engine."""
        declared = self._experiment.conditions[name].definition
        code = source_digest("ctlab.certify.probes")
        return self._experiment.derived_key("probe-certificate", name, code, declared=declared)

    def _failure(self, name: str) -> str:
        if self._rows(name) is None:
            return "it was not made"
        return "; ".join(f"{check.name}: {check.detail}" for check in self._rows(name) or () if not check.passed)

    def _collect(self, names: Sequence[str]) -> dict[str, Measurement]:
        names = tuple(dict.fromkeys([BASELINE.name, *names]))
        states = KeptStates(self._experiment, names) if self._experiment.settings.keep_states else None

        def measure(missing: Sequence[str]) -> Mapping[str, Measurement]:
            # States of some of the conditions are of no use: they are kept where one pass has them all.
            whole = states is not None and set(missing) | {BASELINE.name} == set(names)
            return self._measure(missing, states if whole else None)

        measured = self._store.collect(self._keys(names), measure)
        if states is not None:
            if not states.complete:  # measured by an earlier run, which did not keep them
                self._pass(names, states)
            self._experiment.log.say(f"hidden states of {', '.join(names)} are in {states.folder}")
        return measured

    def _measure(self, missing: Sequence[str], states: KeptStates | None = None) -> Mapping[str, Measurement]:
        names = tuple(dict.fromkeys([BASELINE.name, *missing]))  # the others are compared with baseline
        self._certify(names)
        return self._pass(names, states)

    def keep(self, names: Sequence[str], states: KeptStates) -> None:
        """Measure conditions, baseline first, once more with their raw hidden states kept."""
        self._experiment.load()
        self._pass(names, states)

    def _certify(self, names: Sequence[str]) -> None:
        """Store what was verified of the probes under each condition, baseline first."""
        conditions = [self._experiment.conditions[name] for name in names]
        self._experiment.load()
        self._experiment.log.say(f"certifying what is measured under {formatting.counted(len(names), 'condition')}")
        # Named before the work: an edit of the source meanwhile is not what was run.
        keys = {name: self._certificate_key(name) for name in names}
        for name, checks in self._engine.certify_probes(self._experiment.problems.problems, conditions).items():
            rows = [check.to_json() for check in checks]
            self._experiment.store.derived.write_json(keys[name], "", rows)

    def _certify_again(self, name: str) -> None:
        """Certify the probes under a condition and all measured ones that lack it, by one process."""
        names = tuple(dict.fromkeys([BASELINE.name, name, *self._measured]))
        with self._experiment.store.alone(self._experiment.keys(names)):
            if lacking := [other for other in names if self._rows(other) is None]:
                self._certify(tuple(dict.fromkeys([BASELINE.name, *lacking])))

    def _pass(self, names: Sequence[str], states: KeptStates | None) -> Mapping[str, Measurement]:
        conditions, problems = [self._experiment.conditions[name] for name in names], self._experiment.problems.problems
        size = condition_times_problem(len(names), len(problems))
        progress = Progress(len(names) * len(problems), size, self._experiment.log, verb="measur")
        counted = 0

        def advance(done: int, total: int) -> None:
            nonlocal counted
            progress.advance(done - counted)
            counted = done

        folder = None if states is None else states.begin()
        measured = self._engine.measure(problems, conditions, progress=advance, keep_states=folder)
        if states is not None:
            states.finish()
        progress.finish()
        return measured

    @property
    def _engine(self) -> MeasuringEngine:
        engine = self._experiment.engine
        if not isinstance(engine, MeasuringEngine):
            raise ConditionError(
                f"{type(engine).__name__} answers problems but measures neither attention nor hidden states; give it "
                f"the methods of ctlab.lab.MeasuringEngine, or leave out the claims that need them"
            )
        return engine

    @property
    def _store(self) -> MeasurementStore[Measurement]:
        experiment = self._experiment
        return MeasurementStore(experiment.store, experiment.log.say, Measurement.from_bytes, experiment.provenance)


def pass_line(found: Mapping[str, Measurement]) -> str:
    """Say at which of several passes over the thoughts they were measured; empty where each is computed once."""
    last = max((each.at_pass for each in found.values()), default=0)
    if not last:
        return ""
    return (
        f"thoughts are measured in the last of {last + 1} passes over them, whose keys and values the answer reads; "
        f"what one decodes to is the state that it is made of there"
    )

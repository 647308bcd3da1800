"""What was measured of the lab's conditions: attention and hidden states, in one pass for all that claims compare."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.errors import CertificateError, ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.executors.model_engine import MeasuringEngine
from ctlab.lab.kept_states import KeptStates
from ctlab.lab.progress import Progress, Voice
from ctlab.records import Check
from ctlab.records.generation import RunKey
from ctlab.records.measurement import Measurement
from ctlab.source_digest import source_digest
from ctlab.store import MeasurementStore

if TYPE_CHECKING:
    from ctlab.lab.lab import Lab


class Probes:
    """Measurements by name of their condition; each is made once and kept beside the generations."""

    def __init__(self, lab: "Lab", voice: Voice) -> None:
        self.planned: tuple[str, ...] = ()
        self._lab = lab
        self._voice = voice
        self._found: dict[str, Measurement] = {}

    def plan(self, names: Sequence[str]) -> None:
        """Say which conditions the selected claims measure; the first measurement makes them all."""
        self.planned = tuple(dict.fromkeys(names))

    def measurement(self, which: str | Condition) -> Measurement:
        """Return what was measured of a condition, by its name or its data; measure what is missing first."""
        name = self._lab.resolve(which).name
        if name not in self._found:
            self._found.update(self._collect(self.planned if name in self.planned else (name,)))
        if self._rows(name) is None:  # measured before; what proved the probes is damaged, or of another source
            self._certify_again(name)
        if failure := self._failure(name):
            raise CertificateError(f"the probes' certificate of condition {name!r} failed: {failure}")
        return self._found[name]

    def available(self, names: Sequence[str]) -> dict[str, Measurement]:
        """Return those that can be had without measuring anything and whose certificate holds."""
        if self._lab.settings.recorded:
            return {}
        missing = self._store.missing(self._lab.keys(names))
        there = [name for name in names if name in self._found or name not in missing]
        keys = self._lab.keys([name for name in there if name not in self._found])
        self._found.update(self._store.collect(keys, self._measure))
        return {name: self._found[name] for name in there if not self._failure(name)}

    def missing(self, names: Sequence[str]) -> tuple[str, ...]:
        """Name the conditions that would have to be measured."""
        return () if self._lab.settings.recorded else self._store.missing(self._lab.keys(names))

    def checks(self, name: str) -> tuple[Check, ...]:
        """Return what was verified of the probes under a condition; nothing before it was measured."""
        return tuple(Check(**row) for row in self._rows(name) or ())

    def _rows(self, name: str) -> list[dict[str, Any]] | None:
        """Checks as they are stored; None before there are any."""
        if self._lab.settings.recorded:
            return None
        rows: list[dict[str, Any]] | None = self._lab.store.read_record(self._key(name), *_certificate())
        return rows

    def _failure(self, name: str) -> str:
        if self._rows(name) is None:
            return "it was not made"
        return "; ".join(f"{check.name}: {check.detail}" for check in self.checks(name) if not check.passed)

    def _collect(self, names: Sequence[str]) -> dict[str, Measurement]:
        names = tuple(dict.fromkeys([BASELINE.name, *names]))
        states = KeptStates(self._lab, names) if self._lab.settings.keep_states else None

        def measure(missing: Sequence[str]) -> Mapping[str, Measurement]:
            whole = states is not None and set(missing) | {BASELINE.name} == set(names)
            return self._measure(missing, states if whole else None)

        found = self._store.collect(self._lab.keys(names), measure)
        if states is not None:
            if not states.complete:  # measured by an earlier run, which did not keep them
                self._pass(names, states)
            self._voice.say(f"hidden states of {', '.join(names)} are in {states.folder}")
        return found

    def _measure(self, missing: Sequence[str], states: KeptStates | None = None) -> Mapping[str, Measurement]:
        names = tuple(dict.fromkeys([BASELINE.name, *missing]))  # the others are compared with baseline
        self._certify(names)
        return self._pass(names, states)

    def _certify(self, names: Sequence[str]) -> None:
        """Store what was verified of the probes under each condition, baseline first."""
        conditions = [self._lab.conditions[name] for name in names]
        certificate = _certificate()  # read before the work: an edit meanwhile is not what was run
        for name, checks in self._engine.certify_probes(self._lab.problems.problems, conditions).items():
            rows = [{"name": each.name, "passed": each.passed, "detail": each.detail} for each in checks]
            self._lab.store.write_record(self._key(name), *certificate, rows)

    def _certify_again(self, name: str) -> None:
        """Certify the probes under a condition and all measured ones that lack it, by one process."""
        names = tuple(dict.fromkeys([BASELINE.name, name, *self._found]))
        with self._lab.store.alone(self._lab.keys(names)):
            lacking = [each for each in names if self._rows(each) is None]
            if lacking:
                self._certify(tuple(dict.fromkeys([BASELINE.name, *lacking])))

    def _pass(self, names: Sequence[str], states: KeptStates | None) -> Mapping[str, Measurement]:
        conditions = [self._lab.conditions[name] for name in names]
        what = (
            f"{formatting.counted(len(names), 'condition')} × {formatting.counted(len(self._lab.problems), 'problem')}"
        )
        progress = Progress(len(names) * len(self._lab.problems), what, self._voice, verb="measur")
        seen = 0

        def advance(done: int, total: int) -> None:
            nonlocal seen
            progress.advance(done - seen)
            seen = done

        folder = None if states is None else states.begin()
        made = self._engine.measure(self._lab.problems.problems, conditions, progress=advance, keep_states=folder)
        if states is not None:
            states.finish()
        progress.finish()
        return made

    @property
    def _engine(self) -> MeasuringEngine:
        if not isinstance(self._lab.engine, MeasuringEngine):
            raise ConditionError(
                f"{type(self._lab.engine).__name__} answers problems but measures neither attention nor hidden states; "
                f"give it the methods of ctlab.lab.executors.model_engine.MeasuringEngine, "
                f"or leave out the claims that need them"
            )
        return self._lab.engine

    @property
    def _store(self) -> MeasurementStore:
        return MeasurementStore(self._lab.store, self._lab.problems_digest, self._voice.say)

    def _key(self, name: str) -> RunKey:
        return self._lab.key(name)


def _certificate() -> tuple[str, str]:
    """Name and key of what verified the probes: the source of the checks, and with it that of probes and engine."""
    return "probe-certificate", source_digest("ctlab.certify.probes")

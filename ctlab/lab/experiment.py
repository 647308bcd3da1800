"""Model, problems and conditions: what identifies a run before any answer is there. Nothing is generated here."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.claims import Claim, Subject
from ctlab.claims.subject import asked
from ctlab.errors import ConditionError
from ctlab.files import sha256
from ctlab.interventions import BASELINE, Condition
from ctlab.interventions.condition import NO_DONORS
from ctlab.interventions.contrast_groups import contrasts_of, reads_solutions, with_groups
from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import donors
from ctlab.lab.executors import Engine, TraceableEngine, decoding
from ctlab.lab.log import Log
from ctlab.lab.recorded_answers import check_different, read_answers, recorded_digest, recorded_key
from ctlab.lab.thinking_obstacles import decoding_under
from ctlab.problems import ProblemSet, announced, announced_size, load_problems, to_be_drawn
from ctlab.records import Certificate, Decoding, Look, RunKey
from ctlab.records.derived_key import DerivedKey
from ctlab.records.own_functions import NOTHING_OWN, Own
from ctlab.records.packed_generations import PackedGenerations
from ctlab.records.provenance import UNRECORDED, Provenance
from ctlab.settings import Settings
from ctlab.store import GenerationStore, Known, note_known, read_known, read_looks
from ctlab.store.uses import Use, note_use

if TYPE_CHECKING:
    from ctlab.problems.audit.set_audit import SetAudit

_TIMING = "1"  # form of the record; a speed is measured, no source says what it is


class Experiment:
    """One model (or recorded answers), one problem set, the conditions known by name, and the store of their runs."""

    answered = False
    """Whether anything was answered here, and not read from the store."""
    own: Own = NOTHING_OWN
    """Outcomes and features that the suite brings itself."""

    def __init__(self, settings: Settings, conditions: Mapping[str, Condition], engine: Engine, log: Log) -> None:
        self.settings = settings
        self.engine = engine
        self.log = log
        self.conditions = {BASELINE.name: BASELINE, **conditions}
        self.unknown = frozenset(settings.recorded) - frozenset(self.conditions)
        # What was hidden in recorded answers is known only where the suite has a condition of that name.
        self.conditions.update((n, Condition(name=n)) for n in settings.recorded if n not in self.conditions)
        self.store = GenerationStore(settings.store, log.say)
        self._donors: dict[Matching, Mapping[str, str]] = {}

    @cached_property
    def problems(self) -> ProblemSet:
        """The problems, limited as the settings say."""
        return load_problems(self.settings.problems).limited(self.settings.limit)

    @cached_property
    def problems_digest(self) -> str:
        """Digest of the problems, the limit included."""
        return self.problems.digest

    @cached_property
    def problem_audit(self) -> "SetAudit":
        """What is wrong with the problems; each part is worked out when it is asked for."""
        from ctlab.problems.audit.set_audit import audit_problems

        return audit_problems(self.problems)

    def certified(self, conditions: Sequence[Condition]) -> Mapping[str, Certificate]:
        """Have the engine prove conditions, after saying so: a model is loaded for it, and many take long."""
        if not conditions:
            return {}
        self.load()
        self.log.say(f"certifying {formatting.counted(len(conditions), 'condition')}")
        return self.engine.certify(self.problems.problems, conditions)

    def load(self) -> None:
        """Load the model that the settings name, after saying so; a suite's own engine loads when it will."""
        # Asked by name: an import of the class would belong to what labels depend on.
        if not getattr(self.engine, "loaded", True):
            self.log.say(f"loading {self.settings.model}")
            self.engine.loaded_digest()  # type: ignore[attr-defined]

    @cached_property
    def source_digest(self) -> str:
        """Digest of the whole set that the problems are the first of; empty before it is drawn."""
        return self.problems.whole.digest if self.ids else ""

    @cached_property
    def looks(self) -> tuple[Look, ...]:
        """What earlier runs with this store saw of whatever claims."""
        return read_looks(self.settings.store, self.log.say)

    @cached_property
    def known(self) -> Known:
        """Problem sets and conditions that earlier runs with this store were about."""
        return read_known(self.settings.store, self.log.say)

    def looks_at(self, subject: Subject) -> tuple[Look, ...]:
        """What was seen of a subject's models on this source of problems, or on another one that asks some of them."""
        if not self.ids:
            return ()
        sets = self.known.sets
        sources = {digest for digest, each in sets.items() if not self.content_ids.isdisjoint(each.content_ids)}
        sources.add(self.source_digest)
        return tuple(look for look in self.looks if subject.has_model_of(look.model) and look.source in sources)

    @cached_property
    def content_ids(self) -> frozenset[str]:
        """Ids of the questions of the whole set, whatever their blanks."""
        return frozenset(problem.content_id for problem in self.problems.whole)

    @cached_property
    def answered_by(self) -> str:
        """Digest of the model, or of the whole set of recorded answers."""
        if recorded := self.settings.recorded:
            return recorded_digest(recorded, self.settings.recorded_options)
        return self.engine.digest

    @cached_property
    def subject(self) -> Subject:
        """Whom and what this run's verdicts are about."""
        # How recorded answers were decoded is not known.
        padding, dtype, tokens = (
            ("recorded", "recorded", 0)
            if self.settings.recorded
            else (self.decoding_asked.padding, self.decoding_asked.dtype, self.decoding_asked.max_new_tokens)
        )
        announcement, ids = self._announcement, self.ids
        return Subject(
            model=self.answered_by,
            problems=self.problems_digest if ids else announcement,
            padding=padding,
            dtype=dtype,
            max_new_tokens=tokens,
            model_name="recorded answers" if self.settings.recorded else str(self.engine.card().get("id", "")),
            problems_name=self.problems.name if ids else self.settings.problems,
            n=len(ids) or announced_size(self.settings.problems, self.settings.limit),
            announcement=announcement,
            **(asked(self.problems) if ids else {}),
        )

    def subject_of(self, claim: Claim) -> Subject:
        """Whom and what a claim's verdict is about, where that is more than the run's own model."""
        return self.subject

    def subjects_of(self, claims: Iterable[Claim]) -> tuple[Subject, ...]:
        """Whom and what verdicts of several claims are about, each once."""
        return tuple(dict.fromkeys(map(self.subject_of, claims)))

    @property
    def ids(self) -> tuple[str, ...]:
        """Ids of the problems; none of a set that is still to be drawn, on which claims can be registered already."""
        return () if to_be_drawn(self.settings.problems) else self.problems.ids

    @property
    def _announcement(self) -> str:
        return announced(self.settings.problems, self.settings.limit)

    @cached_property
    def decoding(self) -> Decoding:
        """The decoding settings; as published an answer depends on its batch mates, so that they belong to it."""
        return self.decoding_asked.among(self.problems.ids)

    @cached_property
    def decoding_asked(self) -> Decoding:
        """The decoding settings that were asked for or are the model's own, whatever a batch holds."""
        return decoding(self.settings, self.engine.card().get("max_new_tokens"))

    def remember(self, conditions: Mapping[str, Condition]) -> None:
        """Note in the store, in words, what is answered here: the problems, and conditions by digest."""
        runs = {digest: self.run_digest(each) for digest, each in conditions.items() if reads_solutions(each)}
        note_known(self.settings.store, self.known, self.problems.whole, conditions, runs)
        del self.known  # read again when it is asked for

    @cached_property
    def recorded(self) -> Mapping[str, PackedGenerations]:
        """Recorded answers by condition, read once; RecordedError where a file does not fit."""
        return read_answers(self.settings.recorded, self.settings.recorded_options, self.problems, self.log)

    def check(self) -> None:
        """Read problems, recorded answers and the model's identity; CtlabError says what is wrong."""
        if not (self.settings.register and to_be_drawn(self.settings.problems)):
            _ = self.problems_digest
        check_different(self.settings.recorded, self.settings.recorded_options)
        _ = self.recorded, self.answered_by

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

    def key(self, name: str) -> RunKey:
        """Identify the run of a condition: what the store and everything derived from the run is kept under."""
        if recorded := self.settings.recorded:
            return recorded_key(recorded[name], self.settings.recorded_options.get(name))
        return self._generated_key(self.conditions[name])

    def keys(self, names: Sequence[str]) -> dict[str, RunKey]:
        """Identify the runs of several conditions, by name, as generated here."""
        return {name: self._generated_key(self.resolve(name)) for name in names}

    def note_use(self, names: Sequence[str]) -> None:
        """Note in the store that the answers of these conditions are read, and what everything is called."""
        keys = {name: self.key(name) for name in names}
        recorded = bool(self.settings.recorded)
        for folder in {self.store.folder(key) for key in keys.values()}:
            here = [(name, key.unrecorded.digest) for name, key in keys.items() if self.store.folder(key) == folder]
            how = self.decoding if recorded else self._decoding_under(self.conditions[here[0][0]])
            use = Use(
                model="recorded" if recorded else self.engine.digest,
                model_name=self.subject.model_name,
                decoding={} if recorded else how.to_json(),
                problems=self.problems_digest,
                problems_name=self.problems.name,
                ids=self.problems.ids,
            )
            note_use(folder, use, here)

    def derived_key(self, kind: str, name: str, code: str, *, by_gold: bool = True, **parts: str) -> DerivedKey:
        """Identify what is derived of a condition on these problems; ``parts``: what else decides it, by name.

        ``by_gold`` is whether gold answers and solutions decide it; where not, what was asked does alone.
        """
        names = {"model": self.subject.model_name, "problems": self.problems.name, "condition": name}
        of = (
            {"problems": self.problems_digest}
            if by_gold
            else {"asked": sha256("\n".join(self.problems.ids).encode())[:16]}
        )
        parts = {**of, **parts}
        return DerivedKey(kind=kind, run=self.key(name), code=code, parts=parts, names=names)

    def certificate_key(self, name: str, source: str) -> DerivedKey:
        """What a certificate is of: what the condition declares decides it too, and which problems were tried."""
        declared = self.conditions[name].definition
        return self.derived_key("certificate", name, source, by_gold=False, declared=declared)

    def provenance(self) -> Provenance:
        """Versions and device of what is made now."""
        return self.engine.provenance() if isinstance(self.engine, TraceableEngine) else UNRECORDED

    def trust(self) -> str:
        """Say on what the model's digest rests where nothing was loaded to check it; empty elsewhere."""
        return self.engine.trust() if isinstance(self.engine, TraceableEngine) and not self.settings.recorded else ""

    @property
    def model_key(self) -> RunKey:
        """What is kept about the model as a whole, under no condition."""
        return self._run_key("")

    def timing_key(self) -> DerivedKey:
        """Identify how fast the model answers, under whatever condition."""
        return DerivedKey(kind="timing", run=self.model_key, code=_TIMING, names={"model": self.subject.model_name})

    def answers_per_second(self) -> float | None:
        """How fast this model last generated here; None before it did."""
        return self.store.derived.read_json(self.timing_key(), "", _speed)

    def _generated_key(self, condition: Condition) -> RunKey:
        return self._run_key(self.run_digest(condition), self._decoding_under(condition))

    def _decoding_under(self, condition: Condition) -> Decoding:
        return decoding_under(condition, self.decoding, self.engine.card)

    def run_digest(self, condition: Condition) -> str:
        """Digest of a condition's run on these problems; it names donors and groups, which follow from more of them."""
        if not reads_solutions(condition):
            return condition.digest_among(self.problems.ids)
        matching = condition.matching
        donors = NO_DONORS if matching is None else self.donors(matching)
        return condition.digest_among(
            self.problems.ids, with_groups(donors, self.problems.problems, contrasts_of(condition))
        )

    def donors(self, matching: Matching) -> Mapping[str, str]:
        """Return the donor of each of these problems that has one; worked out once."""
        if matching not in self._donors:
            self._donors[matching] = donors(self.problems, matching)
        return self._donors[matching]

    def _run_key(self, condition: str, decoding: Decoding | None = None) -> RunKey:
        environment = self.engine.environment if isinstance(self.engine, TraceableEngine) else ""
        how = (decoding or self.decoding).digest
        return RunKey(model=self.engine.digest, condition=condition, decoding=how, environment=environment)


def _speed(timing: Mapping[str, float]) -> float | None:
    """Answers a second; None of a pass that took no time."""
    return timing["answers"] / timing["seconds"] if timing["seconds"] > 0 else None

"""What one pytest process knows of this run of claims: made when pytest is configured, the rest read when asked for."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from ctlab.claims import Claim
from ctlab.errors import ClaimError, ConditionError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.claim_rows import claim_row
from ctlab.lab.executors import Engine, EngineError, MeasuringEngine, ModelEngine
from ctlab.lab.progress import Voice
from ctlab.lab.registered_claims import Registration
from ctlab.plugin.claim_fixture import ClaimRecorder, judgement_key
from ctlab.plugin.collection import (
    Suite,
    claim_key,
    claims_of,
    conditions_of,
    index,
    is_claim_test,
    measured_of,
    misuse_key,
)
from ctlab.records import Judgement
from ctlab.settings import Settings

if TYPE_CHECKING:
    from ctlab.lab.lab import Lab
    from ctlab.outcomes import Run
    from ctlab.records.measurement import Measurement


class ClaimSession:
    """Settings, registered claims, known conditions, and the lab that answers."""

    def __init__(self, config: pytest.Config, settings: Settings) -> None:
        self.settings = settings
        self.deselected = 0
        self.collected: dict[str, Claim] = {}
        self.selected: tuple[Claim, ...] = ()
        self._config = config
        self._item: pytest.Item | None = None

    @property
    def is_worker(self) -> bool:
        """Whether this process is a worker of pytest-xdist."""
        return hasattr(self._config, "workerinput")

    @property
    def root(self) -> Path:
        """Folder of the ini file."""
        return self._config.rootpath

    @property
    def judgement(self) -> Judgement | None:
        """The judgement of the running test's claim, once there is one."""
        return None if self._item is None else self._item.stash.get(judgement_key, None)

    @property
    def in_use(self) -> bool:
        """Whether this run can hold claims: what is collected and the folder of the registry contain one another."""
        folder = self.registration.folder
        if folder is None:
            return False
        here = Path(self._config.invocation_params.dir)
        paths = [(here / argument.partition("::")[0]).resolve() for argument in self._config.args]
        return any(path.is_relative_to(folder) or folder.is_relative_to(path) for path in paths)

    @cached_property
    def voice(self) -> Voice:
        """Where to tell the person at the terminal something."""
        return Voice(self._config)

    @cached_property
    def registration(self) -> Registration:
        """The registered claims and their accepted verdicts."""
        return Registration(self.settings, self.root, self._definitions)

    @cached_property
    def conditions(self) -> dict[str, Condition]:
        """Every condition that the suite's plugins declare, by name."""
        found = {BASELINE.name: BASELINE}
        card = {} if self.settings.recorded else self.engine.card()
        for declared in self._config.hook.pytest_ctlab_conditions(card=card):
            for condition in declared:
                if found.setdefault(condition.name, condition) != condition:
                    raise ConditionError(f"two different conditions are called {condition.name!r}; rename one")
        return found

    def _definitions(self) -> dict[str, str]:
        """Digest of what each condition does, as declared for no model in particular: layers differ between models."""
        declared = self._config.hook.pytest_ctlab_conditions(card={})
        return {condition.name: condition.definition for some in declared for condition in some}

    @property
    def whole(self) -> bool:
        """Whether the whole suite was asked for, and not some of its files or tests."""
        folder = self.registration.folder
        here = Path(self._config.invocation_params.dir)
        paths = [(here / argument).resolve() for argument in self._config.args if "::" not in argument]
        return folder is not None and any(folder.is_relative_to(path) for path in paths)

    @cached_property
    def engine(self) -> Engine:
        """Who answers: the suite's own engine, or the model that the settings name."""
        own: Engine | None = self._config.hook.pytest_ctlab_engine(settings=self.settings)
        return own or ModelEngine(self.settings)

    @cached_property
    def lab(self) -> "Lab":
        """The lab that answers."""
        from ctlab.lab.lab import Lab

        return Lab(self.settings, self.conditions, self.engine, self.voice)

    def check(self) -> None:
        """Read everything that a person can have got wrong, before any test runs."""
        from ctlab.files import check_writable

        self.registration.read()
        self.lab.check()
        if self.settings.plan:
            return
        check_writable(self.settings.report)
        if not self.settings.recorded:
            self.lab.store.check_writable()

    def collect(self, items: Sequence[pytest.Item]) -> None:
        """Find each test's claim, or what is wrong with it."""
        if not any(is_claim_test(item) for item in items):
            return
        suite = Suite(
            families=self.registration.families, conditions=self.conditions.keys(), registry=self.settings.registry
        )
        index(items, suite)

    def select(self, items: Sequence[pytest.Item]) -> None:
        """Note what is left after deselection: only what these claims need is generated; skip what cannot be judged."""
        self.collected = {item.nodeid: item.stash[claim_key] for item in items if claim_key in item.stash}
        obstacles = {claim.id: self.obstacle(claim) for claim in claims_of(items)}
        self.selected = tuple(claim for claim in claims_of(items) if not obstacles[claim.id])
        for item in items:
            claim = item.stash.get(claim_key, None)
            if claim is None or not (reason := obstacles.get(claim.id)):
                continue
            if accepted := self.registration.accepted(claim, self.lab):
                # Skipped, a run would stay green in which an accepted verdict is gone.
                item.stash[misuse_key] = (
                    f"claim {claim.id!r} was accepted here as {accepted} and cannot be judged any more: {reason}"
                )
            else:
                item.add_marker(pytest.mark.skip(reason=reason))

    def run(self, which: "str | Condition") -> "Run":
        """Return a run; the first one generates all that the selected claims need."""
        self._refuse_unnamed(which)
        with self._engine_or_exit():
            self.lab.plan(conditions_of(self.selected))
            return self.lab.run(which)

    def measure(self, which: "str | Condition") -> "Measurement":
        """Return a measurement; the first one makes all that the selected claims need."""
        self._refuse_unnamed(which)
        with self._engine_or_exit():
            self.lab.probes.plan(measured_of(self.selected))
            return self.lab.probes.measurement(which)

    def _refuse_unnamed(self, which: "str | Condition") -> None:
        """Refuse a condition that the running test's claim does not name: its certificate and plan would not count."""
        claim = None if self._item is None else self._item.stash.get(claim_key, None)
        name = which if isinstance(which, str) else which.name
        if claim is not None and name != BASELINE.name and name not in claim.all_conditions:
            raise ClaimError(
                f"the test asks for the condition {name!r}, which claim {claim.id!r} does not name; add it to the "
                f"claim's conditions, so that it is planned and its certificate counts"
            )

    @contextmanager
    def _engine_or_exit(self) -> Iterator[None]:
        """End the run with one sentence where the model cannot be used at all."""
        try:
            yield
        except EngineError as error:
            if self.is_worker:  # pytest-xdist has no clean way out of a worker: each test says it
                raise
            pytest.exit(f"ctlab: {error}", returncode=pytest.ExitCode.USAGE_ERROR)

    def prepare(self, item: pytest.Item) -> None:
        """Raise what is wrong with a claim test."""
        self._item = item
        if misuse := item.stash.get(misuse_key, None):
            raise ClaimError(misuse)
        claim = item.stash.get(claim_key, None)
        if claim is None:
            return
        if self.settings.confirmatory and (why := self.registration.deviation(claim)):
            raise ClaimError(f"--ctlab-confirmatory allows registered claims only, and {claim.id!r} is none: {why}")

    def obstacle(self, claim: Claim) -> str:
        """Say why a claim cannot be judged on what there is, empty when it can."""
        if not self.settings.recorded and (reason := self._missing_thought(claim)):
            return reason
        if not self.settings.recorded and (claim.needs == "G" or isinstance(self.engine, MeasuringEngine)):
            return ""
        if claim.needs != "G":
            what = {"A": "attention weights", "H": "hidden states"}[claim.needs]
            who = "recorded answers have" if self.settings.recorded else f"{type(self.engine).__name__} measures"
            return f"needs {what}, and {who} none"
        missing = [name for name in claim.conditions if name not in self.settings.recorded]
        return f"not recorded: {', '.join(missing)}" if missing else ""

    def _missing_thought(self, claim: Claim) -> str:
        """Name a condition of a claim that is about a thought which the model does not have, empty where all exist."""
        thoughts = self.engine.card().get("num_thoughts")
        for name in claim.all_conditions:
            last = self.conditions[name].last_thought if name in self.conditions else None
            if thoughts is not None and last is not None and last >= thoughts:
                return f"{name} is about CT{last}, and this model thinks CT0 … CT{thoughts - 1}"
        return ""

    def recorder(self, item: pytest.Item) -> ClaimRecorder:
        """Make what the fixture ``claim`` hands to a test."""
        claim = item.stash.get(claim_key, None)
        if claim is None:
            raise ClaimError("a test that takes the fixture `claim` needs the marker `@pytest.mark.claim(CLAIM)`")
        return ClaimRecorder(item.stash, claim, self.registration.alpha(claim), self._evidence)

    def row(self, claim: Claim) -> dict[str, Any]:
        """Describe a claim for the report, without a verdict."""
        registered = claim.id in self.registration.claims
        row = claim_row(claim, self.registration.alpha(claim) if registered else None)
        if registered:
            row["deviation"] = self.registration.deviation(claim)
            row["exploratory"] = bool(row["deviation"])
            accepted = self.registration.accepted(claim, self.lab)
            row["accepted"] = None if accepted is None else str(accepted)
        return row

    def _evidence(self, claim: Claim) -> Mapping[str, Any]:
        names = claim.all_conditions
        if self.settings.recorded:
            names = self.lab.available(names)
        return {name: self.run(name) for name in names}

    def to_json(self) -> dict[str, Any]:
        """What the controller must know of a worker: which test judges which claim, and what was deselected."""
        rows = {nodeid: self.row(claim) for nodeid, claim in self.collected.items()}
        return {"index": rows, "deselected": self.deselected}

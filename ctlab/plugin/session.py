"""One pytest process in a run of claims: its arguments, its tests, the test that is running. The rest is the lab's."""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import pytest

from ctlab.claims import Claim
from ctlab.deprecated import sentence, take_used
from ctlab.errors import ClaimError, CtlabError
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.claim_keywords import claim_keywords, names_of
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.gate import is_look
from ctlab.lab.learned_probes import LearnedProbes
from ctlab.lab.pending_claim import PendingClaim
from ctlab.plugin.claim_fixture import judgement_of, pending_key
from ctlab.plugin.collection import Suite, claim_key, claims_of, find_claims, is_claim_test, misuse_key, misused
from ctlab.plugin.declarations import HookDeclarations
from ctlab.plugin.ended import engine_or_exit
from ctlab.plugin.pytest_outcome import Rules
from ctlab.plugin.terminal import TerminalLog
from ctlab.records import Effect, Judgement, Measurement
from ctlab.records.probe_fit import ProbeFit
from ctlab.settings import Settings
from ctlab.untrusted_text import visible

if TYPE_CHECKING:
    from ctlab.measures.probe_labels import ProbeLabel
    from ctlab.outcomes import Run
    from ctlab.problems.answer_texts import Texts
    from ctlab.records.scores import Scores
    from ctlab.sweeps import SweepOutcomes


class ClaimSession:
    """The run of claims, and what only pytest knows of it."""

    def __init__(self, config: pytest.Config, settings: Settings, absent: str = "") -> None:
        log = TerminalLog(config)
        self.still = log.still
        """What says that the run is still at it."""
        self.claims = ClaimRun(settings, config.rootpath, HookDeclarations(config), log)
        self.settings = settings
        self.collected: dict[str, Claim] = {}
        self.deselected: dict[str, str] = {}  # ids of tests to ids of their claims
        self.misuse: tuple[str, ...] = ()
        """Which tests cannot judge their claims and why, in a worker: the controller says so, and nothing runs."""
        self.absent = absent
        """Why no claim here can be judged at all: published records that lie nowhere; empty as a rule."""
        self._old_names: dict[str, None] = {}
        self._config = config
        self._item: pytest.Item | None = None

    @property
    def is_worker(self) -> bool:
        """Whether this process is a worker of pytest-xdist."""
        return hasattr(self._config, "workerinput")

    @property
    def in_use(self) -> bool:
        """Whether this run can hold claims: what is collected and the folder of the registry contain one another."""
        folder = self.claims.registered.folder
        if folder is None or self.absent:
            return False
        paths = [self._resolved(argument.partition("::")[0]) for argument in self._config.args]
        return any(path.is_relative_to(folder) or folder.is_relative_to(path) for path in paths)

    @property
    def wrong_use(self) -> str:
        """Say what keeps this run from having claims although it was meant to; empty where nothing does."""
        if self.absent and self.settings.wants_verdicts:
            return self.absent
        declarations = HookDeclarations(self._config)
        registered = self.claims.registered
        meant = registered.named or declarations.any_conditions
        return declarations.unknown_hook() or (registered.absent if meant else "")

    @property
    def whole(self) -> bool:
        """Whether the whole suite was asked for, and not some of its files or tests."""
        folder = self.claims.registered.folder
        paths = [self._resolved(argument) for argument in self._config.args if "::" not in argument]
        return folder is not None and any(folder.is_relative_to(path) for path in paths)

    @property
    def chosen(self) -> bool:
        """Whether whoever runs it chose among the tests, so that some files may not even have been collected."""
        ways = ("keyword", "markexpr", "deselect", "lf", "stepwise")
        return any(getattr(self._config.option, way, None) for way in ways)

    def _resolved(self, argument: str) -> Path:
        return (self._config.invocation_params.dir / argument).resolve()

    @property
    def claim(self) -> Claim | None:
        """The claim of the running test; none where it has none."""
        return None if self._item is None else self._item.stash.get(claim_key, None)

    @property
    def judgement(self) -> Judgement | None:
        """The judgement of the running test's claim, once there is one."""
        return None if self._item is None else judgement_of(self._item)

    def collect(self, items: list[pytest.Item]) -> None:
        """Find each test's claim, or what is wrong with it; tell ``-k`` what the claims are about."""
        if not any(is_claim_test(item) for item in items):
            return
        if self.absent:
            for item in filter(is_claim_test, items):
                item.add_marker(pytest.mark.skip(reason=self.absent))
            return
        try:
            self._collect(items)
        except CtlabError as error:  # files that nobody read before: these tests lie outside the registry's folder
            self._refuse(items, [str(error)])

    def _collect(self, items: Sequence[pytest.Item]) -> None:
        registered = self.claims.registered
        if registered.absent and not self.is_worker and not self._config.option.collectonly:
            raise pytest.UsageError(f"ctlab: {registered.absent}")  # in a worker that would be pytest-xdist's end
        suite = Suite(
            families=registered.families,
            conditions=self.claims.conditions.keys(),
            registry=self.settings.registry,
            absent=registered.absent,
        )
        find_claims(items, suite)
        self._name_for_selection([item for item in items if claim_key in item.stash])

    def _name_for_selection(self, items: Sequence[pytest.Item]) -> None:
        """Tell ``-k`` what the tests' claims are about."""
        conditions, thoughts = self.claims.conditions, self.claims.thoughts
        names = names_of(item.stash[claim_key] for item in items)
        for item in items:
            item.extra_keyword_matches |= claim_keywords(item.stash[claim_key], conditions, thoughts, names)

    def select(self, items: list[pytest.Item]) -> None:
        """Note what is left after deselection: only what these claims need is generated; skip what cannot be judged."""
        if self.absent:
            return
        self._find_unheard_of(items)
        if misuse := misused(items):
            self._refuse(items, misuse)
        self.collected = {item.nodeid: item.stash[claim_key] for item in items if claim_key in item.stash}
        if self._config.option.collectonly:
            return  # nothing is judged, and whether it could be takes a while to find out
        for item in items:
            claim = item.stash.get(claim_key, None)
            if claim is not None and misuse_key not in item.stash and (trouble := self.claims.trouble(claim)):
                item.stash[misuse_key] = f"claim {claim.id!r}: {trouble}"
        obstacles = self.claims.select(claims_of(items))
        for item in items:
            claim = item.stash.get(claim_key, None)
            if claim is None or not (reason := obstacles.get(claim.id)):
                continue
            if accepted := self.claims.registered.accepted(claim, self.claims.lab):
                # Skipped, a run would stay green in which an accepted verdict is gone.
                item.stash[misuse_key] = (
                    f"claim {claim.id!r} was accepted here as {accepted.verdict} and cannot be judged any more: "
                    f"{reason}"
                )
            else:
                item.add_marker(pytest.mark.skip(reason=reason))

    def _find_unheard_of(self, items: Sequence[pytest.Item]) -> None:
        """Find tests of claims about a thought that the model does not have, and nobody registered for another one."""
        for item in items:
            claim = item.stash.get(claim_key, None)
            if claim is not None and misuse_key not in item.stash and (said := self.claims.unheard_of(claim)):
                item.stash[misuse_key] = f"claim {claim.id!r}: {said}"

    def _refuse(self, items: list[pytest.Item], misuse: Sequence[str]) -> None:
        """Refuse a run with tests that cannot judge their claims; a worker runs nothing and tells the controller."""
        if self._config.option.collectonly:
            return
        if not self.is_worker:
            raise pytest.UsageError(*(f"ctlab: {visible(why)}" for why in misuse))
        self.misuse = tuple(misuse)
        items.clear()  # raised in a worker, it would be pytest-xdist's internal error

    def rules(self, claim: Claim) -> Rules:
        """Say which verdicts of a claim pass its test in this run."""
        return Rules(
            accepting=self.settings.accept and not self.claims.unacceptable(claim),
            barred=self.claims.barred(claim),
            changed=self.claims.changed(claim),
            look=is_look(self.claims),
            strict=self.settings.strict,
        )

    def prepare(self, item: pytest.Item) -> None:
        """Raise what is wrong with a claim test."""
        self._item = item
        if pending_key in item.stash:  # of an earlier run of the same test
            del item.stash[pending_key]
        if misuse := item.stash.get(misuse_key, None):
            raise ClaimError(misuse)
        claim = item.stash.get(claim_key, None)
        if claim is None:
            return
        if self.settings.confirmatory and (why := self.claims.exploratory(claim)):
            raise ClaimError(
                f"--ctlab-confirmatory allows claims only that were registered before their answers, and {claim.id!r} "
                f"is none: {why}; --ctlab-gate in its place guards accepted verdicts of exploratory claims too"
            )

    def pending_claim(self, item: pytest.Item) -> PendingClaim:
        """Make what the fixture ``claim`` hands to a test."""
        claim = item.stash.get(claim_key, None)
        if claim is None:
            raise ClaimError("a test that takes the fixture `claim` needs the marker `@pytest.mark.claim(CLAIM)`")
        pending = item.stash[pending_key] = PendingClaim(
            self.claims.fitted(claim),
            self.claims.alpha(claim),
            lambda _, effect: self._judge(claim, effect),
            self.run,
        )
        return pending

    def run(self, which: str | Condition) -> "Run":
        """Return a run; the first one generates all that the selected claims need."""
        self._refuse_unnamed(which)
        with engine_or_exit(raises=self.is_worker):
            return self.claims.run(which)

    def accuracy(self, name: str, instead: Mapping[str, str] = MappingProxyType({})) -> tuple[float, str]:
        """Return how often who answers a condition is right undisturbed, and on which set of problems."""
        self._refuse_unnamed(name)
        with engine_or_exit(raises=self.is_worker):
            return self.claims.accuracy(name, instead)

    def measure(self, which: str | Condition) -> Measurement:
        """Return a measurement; the first one makes all that the selected claims need."""
        self._refuse_unnamed(which)
        with engine_or_exit(raises=self.is_worker):
            return self.claims.measure(which)

    def learn(self, label: "ProbeLabel", **asked: Any) -> ProbeFit:
        """Return what a learned probe reads (`ctlab.lab.learned_probes.LearnedProbes.fit`)."""
        self._refuse_unnamed(asked.get("condition", BASELINE))
        with engine_or_exit(raises=self.is_worker):
            lab = self.claims.lab
            lab.probes.plan(self.claims.to_measure())
            return LearnedProbes(lab, lab.probes).fit(label, **asked)

    def sweep(self, **axes: Any) -> "SweepOutcomes":
        """Return every cell's outcomes of a sweep over these axes (`ctlab.sweep`); what is missing is made now."""
        from ctlab.sweeps.sweeping import certified_outcomes  # only here: it needs numpy

        with engine_or_exit(raises=self.is_worker):
            return certified_outcomes(self.claims, **axes)

    def score(self, which: str | Condition, answers: "Texts", *, form: str, at: str | Sequence[str]) -> "Scores":
        """Return scores of given answers; the first makes all that the selected claims need of the same answers."""
        self._refuse_unnamed(which)
        with engine_or_exit(raises=self.is_worker):
            return self.claims.score(which, answers, form=form, at=at)

    def _judge(self, claim: Claim, effect: Effect) -> Judgement:
        with engine_or_exit(raises=self.is_worker):  # the runs of controls are made only now
            return self.claims.judge(claim, effect)

    def _refuse_unnamed(self, which: str | Condition) -> None:
        """Refuse a condition that the running test's claim does not name: its certificate and plan would not count."""
        claim, name = self.claim, which if isinstance(which, str) else which.name
        if claim is not None and name != BASELINE.name and name not in claim.all_conditions:
            raise ClaimError(
                f"the test asks for the condition {name!r}, which claim {claim.id!r} does not name; add it to the "
                f"claim's conditions, so that it is planned and its certificate counts"
            )

    def old_names(self, also: Iterable[str] = ()) -> list[str]:
        """Say which old names of ctlab were used, here or ``also`` in a worker; each is said once."""
        new = [name for name in (*take_used(), *also) if name not in self._old_names]
        self._old_names.update(dict.fromkeys(new))
        return [f"ctlab: {sentence(name)}" for name in dict.fromkeys(new)]

    def to_json(self, *, judges: bool = True) -> dict[str, Any]:
        """What the controller must know of a worker: which test judges which claim, what was deselected, old names.

        A run that ``judges`` nothing (``--collect-only``) needs no rows: for these the looks that were taken are read.
        """
        rows = {nodeid: self.claims.row(claim) if judges else {} for nodeid, claim in self.collected.items()}
        # A worker writes to a terminal that is not shown: what it said there counts as not said.
        old_names = [*self._old_names, *take_used()]
        told = {"collected": rows, "deselected": self.deselected, "old_names": old_names}
        return {**told, "misuse": list(self.misuse)}


session_key = pytest.StashKey[ClaimSession]()
"""Where a pytest process keeps its own."""

"""A run: one condition's generations with what they mean, in problem order."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ctlab import formatting
from ctlab.errors import PairingError, StatisticsError
from ctlab.frames import frame
from ctlab.interventions import Condition
from ctlab.outcomes.answer_rows import COLUMNS, answer_rows
from ctlab.outcomes.beyond_chance import CorrectedRate, beyond_chance
from ctlab.outcomes.classification import Classification
from ctlab.outcomes.labels import Labels
from ctlab.outcomes.outcome import OUTCOMES_OF, Outcome
from ctlab.outcomes.own_chance import own_beyond_chance
from ctlab.outcomes.taxonomy import answer_form, classify
from ctlab.outcomes.unknown_outcome import unknown_outcome
from ctlab.problems import Problem
from ctlab.records import Certificate
from ctlab.records.generation import Generation
from ctlab.records.own_functions import NOTHING_OWN, ByNumber, Function, Own, OwnOutcome, own_outcome
from ctlab.records.packed_generations import PackedGenerations
from ctlab.showing.blocks import block, heading, sentence, table

if TYPE_CHECKING:
    import numpy as np

    from ctlab.frames import DataFrame

_FIRST = 5  # answers that a notebook shows: enough to see what they look like


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Run:
    """All answers under one condition."""

    condition: Condition
    """What was hidden."""
    problems: tuple[Problem, ...]
    """Problems in order."""
    generations: Sequence[Generation]
    """One generation a problem, in the same order; of many, `PackedGenerations` take the least memory."""
    classifications: Sequence[Classification]
    """One classification a problem, in the same order; held as `Labels`, whatever was given."""
    certificate: Certificate | None = None
    """Proof of the intervention; None for recorded answers."""
    forms: frozenset[str] | None = None
    """Forms by which it was labelled, empty where undisturbed answers have none in common; None where that is not
    known."""
    own: Own = field(default=NOTHING_OWN, repr=False, compare=False)
    """Outcomes and features that the suite brings itself."""
    ids: tuple[str, ...] = field(init=False, compare=False)
    """Problem ids in order."""
    mislabelled: int = field(init=False, compare=False)
    """Labels that follow other forms than `forms`."""

    def __post_init__(self) -> None:
        name = self.condition.name
        if not self.problems:
            raise PairingError(f"run {name!r} has no problems: nothing can be measured on it")
        counts = {len(self.problems), len(self.generations), len(self.classifications)}
        if len(counts) != 1:
            raise PairingError(
                f"run {name!r} has {len(self.problems)} problems, {len(self.generations)} generations and "
                f"{len(self.classifications)} classifications; there must be one of each a problem"
            )
        ids = getattr(self.generations, "ids", None) or tuple(said.problem_id for said in self.generations)
        for row, (problem, problem_id) in enumerate(zip(self.problems, ids, strict=True), start=1):
            if problem.id != problem_id:
                raise PairingError(
                    f"run {name!r}, row {row}: the generation belongs to problem {problem_id}, "
                    f"not to {problem.id}; generations come in problem order"
                )
        object.__setattr__(self, "ids", ids)  # once: statistics compare them for every pair of runs
        if len(set(ids)) != len(ids):
            raise PairingError(f"run {name!r} holds a problem twice; pairs are joined by problem id")
        if not isinstance(self.classifications, Labels):
            object.__setattr__(self, "classifications", Labels(self.classifications))
        object.__setattr__(self, "mislabelled", self._count_mislabelled())

    @property
    def labels(self) -> Labels:
        """The classifications, with what is counted of them as arrays."""
        if not isinstance(self.classifications, Labels):
            raise TypeError("a run holds its classifications as Labels")
        return self.classifications

    @property
    def texts(self) -> Sequence[str]:
        """What was said, in order."""
        return _texts(self.generations)

    @property
    def right(self) -> "np.ndarray":
        """Whether each answer is correct, shape (n,)."""
        return self.labels.has(Outcome.CORRECT)

    def __repr__(self) -> str:
        # pytest shows the arguments of a failed test: thousands of answers would take it seconds and say nothing.
        return f"Run({self.condition.name!r}, {len(self.problems)} problems)"

    def _repr_html_(self) -> str:
        """Show the run in a notebook: how many answers are right, what the others are, and the first few."""
        n, right = len(self.problems), int(self.right.sum())
        had = {name: int(self.labels.has(name).sum()) for name in self.outcomes}
        counts = [(formatting.outcome(name), formatting.share_of(number, n)) for name, number in had.items() if number]
        first = [
            (
                self.problems[row].question,
                self.problems[row].gold_text,
                self.generations[row].text,
                formatting.outcome(self.classifications[row].outcome),
            )
            for row in range(min(n, _FIRST))
        ]
        return block(
            heading(f"{self.condition.name}: {formatting.share_of(right, n)} correct"),
            sentence(f"Certificate: {self.proven}."),
            table(("outcome", "answers"), counts),
            table(("question", "gold", "answer", "outcome"), first),
            sentence(f"The first {len(first)} of {formatting.counted(n, 'answer')}; to_frame() has all.", aside=True),
        )

    def to_frame(self) -> "DataFrame":
        """Return one row a problem; `ctlab.outcomes.run_set.RunSet.to_frame` says which columns."""
        return frame(answer_rows(self), COLUMNS)

    @property
    def proven(self) -> str:
        """What certifies the intervention, in a few words."""
        if self.certificate is None or not self.certificate.available:
            return "none (recorded, or not asked for)"
        if not self.certificate.passed:
            return f"failed: {self.certificate.failure()}"
        return f"{formatting.counted(len(self.certificate.checks), 'check')} passed"

    def _count_mislabelled(self) -> int:
        """Read every answer's form once more: labels by other forms are not those of the outcomes that are compared."""
        if self.forms is None:
            return 0
        broken = self.labels.form_broken.tolist()
        if not self.forms:
            return sum(broken)
        said = zip(self.problems, _texts(self.generations), broken, strict=True)
        return sum(is_broken != (answer_form(asked, text) not in self.forms) for asked, text, is_broken in said)

    @property
    def outcomes(self) -> tuple[Outcome, ...]:
        """Outcomes that answers to these problems can have, in order of precedence, by the problems' answer kind."""
        return OUTCOMES_OF[self.problems[0].kind]

    def correct(self) -> tuple[bool, ...]:
        """Whether each answer is correct."""
        return self.has(Outcome.CORRECT)

    def has(self, outcome: str | OwnOutcome | ByNumber | Function) -> tuple[bool, ...]:
        """Whether each answer has the outcome: one of ctlab's or of the suite's by its name, or a function at hand."""
        if isinstance(outcome, str) and outcome in _LABELS:
            return tuple(self.labels.has(Outcome(outcome)).tolist())
        own = self._own(outcome)
        return tuple(
            own.of(problem, generation.text, labelled)
            for problem, generation, labelled in zip(self.problems, self.generations, self.classifications, strict=True)
        )

    def _own(self, outcome: str | OwnOutcome | ByNumber | Function) -> OwnOutcome:
        if not isinstance(outcome, str):
            return own_outcome(outcome)
        if outcome not in self.own.outcomes:
            raise StatisticsError(unknown_outcome(outcome, self.own))
        return self.own.outcomes[outcome]

    def beyond_chance(self, outcome: str | OwnOutcome | ByNumber | Function) -> CorrectedRate | None:
        """An outcome's chance-corrected rate; None where the text decides on it, and not the answer read."""
        if not (isinstance(outcome, str) and outcome in _LABELS):
            return own_beyond_chance(self._own(outcome), self.problems, self.classifications)
        return beyond_chance(Outcome(outcome), self.problems, self.generations, self.classifications)

    @property
    def unlabelled(self) -> tuple[str, ...]:
        """What went wrong with each answer that could not be labelled and is UNEXPLAINED for that; empty as a rule."""
        return self.labels.failures

    def accuracy(self) -> float:
        """Share of correct answers."""
        return int(self.right.sum()) / len(self.problems)

    @classmethod
    def of(
        cls,
        condition: Condition,
        problems: Sequence[Problem],
        generations: Sequence[Generation],
        certificate: Certificate | None = None,
        forms: Collection[str] | None = None,
        own: Own = NOTHING_OWN,
    ) -> "Run":
        """Classify generations and hold them together.

        ``forms`` are those that undisturbed answers have, ``own`` what the suite brings itself.
        """
        if len(problems) != len(generations):
            raise PairingError(
                f"run {condition.name!r} has {len(problems)} problems and {len(generations)} generations; "
                "there must be one generation a problem"
            )
        said = zip(problems, _texts(generations), strict=True)
        return cls(
            condition=condition,
            problems=tuple(problems),
            generations=generations if isinstance(generations, PackedGenerations) else tuple(generations),
            classifications=Labels(classify(problem, text, forms) for problem, text in said),
            certificate=certificate,
            forms=frozenset(forms or ()),
            own=own,
        )


def _texts(generations: Sequence[Generation]) -> Sequence[str]:
    """What was said, without a record for each answer where they are packed."""
    if isinstance(generations, PackedGenerations):
        return generations.texts
    return [generation.text for generation in generations]


_LABELS = frozenset(str(outcome) for outcome in Outcome)

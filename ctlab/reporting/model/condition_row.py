"""A condition's row: what it disturbs, what proves that it does, and how many answers were right."""

from typing import Annotated, Self

from pydantic import PlainSerializer, PlainValidator, WithJsonSchema, model_validator

from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Intervention, Patch
from ctlab.interventions.steps_patch import StepsPatch, is_steps_patch
from ctlab.interventions.thinking import LATENT
from ctlab.records.provenance import Provenance
from ctlab.reporting.model.hesitation_row import HesitationRow
from ctlab.reporting.model.record import BASELINE, Count, Form, Many, Probability, Record

_NAME = "this"
"""Stands in for the condition's name where interventions are checked: recorded answers may have any name."""


def _bare(error: ConditionError) -> str:
    """What is wrong, without the name that stands in."""
    return str(error).removeprefix(f"condition {_NAME!r}: ")


def _intervention(value: object) -> Intervention | Patch | StepsPatch:
    if isinstance(value, Intervention | Patch | StepsPatch):
        return value
    # What is alone here stands in a condition that can have it; whether this one can is asked of all together.
    way = "explicit" if is_steps_patch(value) else LATENT
    try:
        (only,) = Condition.from_json({"name": _NAME, "interventions": [value], "thinking": way}).interventions
    except ConditionError as error:
        raise ValueError(f"must be an intervention: {_bare(error)}") from None
    return only


def _form(value: Intervention | Patch | StepsPatch) -> Form:
    return value.to_json()


Disturbance = Annotated[
    Intervention | Patch | StepsPatch,
    PlainValidator(_intervention),
    PlainSerializer(_form),
    WithJsonSchema(
        {
            "type": "object",
            "description": "Weakened (keys, readers, …) or replaced (thoughts or steps, by, …): docs/conditions.md.",
            "anyOf": [
                {"required": ["keys", "readers"]},
                {"required": ["thoughts", "by"]},
                {"required": ["steps", "by"]},
            ],
        }
    ),
]
"""One intervention of a condition, in the record that every other room has for it."""


class CheckRow(Record):
    """One thing that was verified."""

    name: str
    """What."""
    passed: bool
    """Whether it held."""
    detail: str = ""
    """What was seen, with the numbers."""


class CertificateRow(Record):
    """What proves, on a sample of problems, that a condition does what its data says."""

    condition: str = ""
    """Name of the condition."""
    model: str = ""
    """Digest of the model."""
    backend: str = ""
    """How attention was computed, where and in which type."""
    edges_removed: Count
    """Attention edges removed in the whole sample."""
    edges_weakened: Count | None = None
    """Edges with a factor below 1, removed ones included; null in old reports, where removed ones are all."""
    thoughts_replaced: Count = 0
    """Thoughts replaced in the whole sample."""
    thoughts_left_out: Count = 0
    """Thoughts left out in the whole sample."""
    steps_replaced: Count = 0
    """Problems of the sample whose written steps are others than the model's own."""
    thinking: str = LATENT
    """How the model was asked to think."""
    problems: Count = 0
    """Size of the sample."""
    scope: str = ""
    """Where the interventions apply, in words."""
    identical_to: str | None = None
    """Another condition that does the same."""
    available: bool = True
    """False for recorded answers: nothing could be verified."""
    passed: bool = True
    """Whether every check held."""
    checks: Many[CheckRow] = ()
    """Everything that was verified."""

    @property
    def only_weakened(self) -> int:
        """Edges that were weakened and not removed."""
        return max(0, (self.edges_weakened or 0) - self.edges_removed)


class MadeRow(Record):
    """With which versions, and on which device, some answers of a condition were made; empty where not recorded."""

    versions: dict[str, str] = {}
    """Package to its version."""
    device: str = ""
    """What computed."""
    answers: Count
    """How many answers."""

    @property
    def words(self) -> str:
        """Say it in words."""
        return Provenance(versions=self.versions, device=self.device).said()


class ContradictionRow(Record):
    """One recorded answer that the file's own score and our reading judge differently."""

    row: str
    """What the file calls it, such as ``line 3``."""
    problem: str
    """What identifies the problem in the file."""
    score: Probability
    """The file's score: 1 for right, 0 for wrong."""
    outcome: str
    """Our reading."""
    gold: str
    """The problem's reference answer."""
    answer: str
    """How the answer ends."""


class ScoresRow(Record):
    """The scores that a file of recorded answers holds, beside our readings."""

    compared: Count
    """Answers that the file scores as right or wrong."""
    agreed: Count
    """Those on which our reading says the same."""
    unscored: Count = 0
    """Answers without such a score."""
    called_right: Count = 0
    """Contradictions in which the file says right and our reading does not."""
    contradictions: Many[ContradictionRow] = ()
    """Where they differ, at most the first 50."""


class ConditionRow(Record):
    """One condition of the run."""

    name: str
    """Its name."""
    interventions: Many[Disturbance]
    """What it weakens and replaces; empty for baseline, and for recorded answers of which nothing is known."""
    no_op: bool = False
    """Whether it was declared to change nothing."""
    model: str = ""
    """Who answers, where that is not the model of the run; empty where it is."""
    answered_by: str = ""
    """Id and first digits of the digest of the model that this name stood for; empty where none was bound to it."""
    num_thoughts: Count | None = None
    """How many thoughts it feeds before the answer; null for all."""
    thinking: str = LATENT
    """How it has the model think: in vectors, in written steps, or not at all before the answer."""
    digest: str | None = None
    """Digest of its interventions."""
    certificate: CertificateRow | None = None
    """What proves it; null for recorded answers."""
    recorded: str | None = None
    """File of recorded answers; null where they were generated."""
    unknown: bool = False
    """True for answers recorded under a name that no condition has."""
    n: Count | None = None
    """Number of problems; null where it did not run."""
    accuracy: Probability | None = None
    """Share of right answers, a proportion; null where it did not run."""
    scores: ScoresRow | None = None
    """What its file's own scores say; null where it has none, and in reports of before they were read."""
    ambiguous: Count | None = None
    """Answers over which a careful person would hesitate; null where it did not run, and in reports of before."""
    hesitations: Many[HesitationRow] = ()
    """Examples of them."""
    made: Many[MadeRow] = ()
    """Where its answers were made; empty for recorded answers, and in reports of before this was kept."""

    @model_validator(mode="after")
    def _does_one_thing_once(self) -> Self:
        try:
            Condition(
                name=_NAME,
                interventions=self.interventions,
                num_thoughts=self.num_thoughts,
                thinking=self.thinking,
            )
        except ConditionError as error:
            raise ValueError(f"must have interventions that go together: {_bare(error)}") from None
        return self

    @property
    def correct(self) -> int | None:
        """Right answers, recovered from accuracy × n, which is a whole number; None where it did not run."""
        return None if not self.n or self.accuracy is None else round(self.accuracy * self.n)

    @property
    def known(self) -> bool:
        """Whether it is on record what the condition does; only baseline is known to do nothing."""
        if self.unknown:
            return False
        return not self.undisturbed or bool(self.model) or not self.recorded or self.name == BASELINE

    @property
    def undisturbed(self) -> bool:
        """Whether it does nothing, as far as is on record."""
        return not self.interventions and self.num_thoughts is None and self.thinking == LATENT

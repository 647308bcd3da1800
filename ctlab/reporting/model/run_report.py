"""report.json: everything about one run, schema 1."""

from typing import Literal

from pydantic import Field

from ctlab.reporting.model.claim_row import ClaimRow
from ctlab.reporting.model.commitment_table import Commitment
from ctlab.reporting.model.condition_row import ConditionRow
from ctlab.reporting.model.flow_table import AttentionFlow
from ctlab.reporting.model.history_row import HistoryRun
from ctlab.reporting.model.outcome_table import AnswerForms, ErrorTaxonomy, Outcomes
from ctlab.reporting.model.path_table import ReasoningPaths
from ctlab.reporting.model.record import Count, Form, Level, Many, Maybe, Record
from ctlab.reporting.model.role_table import ParagraphRow, RoleRow
from ctlab.reporting.model.sensitivity_table import ProblemSensitivity

SCHEMA = 1


class Selection(Record):
    """Which of the registered claims were run."""

    deselected: Count = 0
    """Claims that were left out by pytest's selection."""
    is_selection: bool = False
    """Whether any claim was left out."""


class Reproduction(Record):
    """A published accuracy beside the one of this run."""

    published: float
    """The published one, a proportion."""
    n: Count | None = None
    """Problems here; null where nothing was measured."""
    accuracy: float | None = None
    """Accuracy here, a proportion."""
    low: float | None = None
    """Lower end of its 95 % Wilson interval."""
    high: float | None = None
    """Upper end."""
    consistent: bool | None = None
    """Whether the published one lies in the interval."""


class Loop(Record):
    """A part of a network that is passed several times for every token."""

    prelude: Count
    """Layers before it."""
    core: Count
    """Its layers."""
    coda: Count
    """Layers after it."""
    steps: Count
    """How often it is passed."""


class ModelCard(Record):
    """Who answered."""

    id: str = ""
    """Name of the model."""
    digest: str = ""
    """Digest of its weights and settings, or of the set of recorded answers."""
    family: str = ""
    """Its family."""
    trained: str = ""
    """How its family is trained, in words that begin with "trained"; empty where that is not known."""
    as_published: str = ""
    """What padding as published stands for with its family; empty where that is not known."""
    parameters: Count | None = None
    """Numbers in its weights, adapters not merged; null where its files do not say without being read."""
    num_thoughts: Count | None = None
    """Thoughts that it is given, at most where it stops itself; null where that is not known."""
    stops_itself: bool = False
    """Whether it decides itself, problem by problem, how many thoughts it has."""
    num_layers: Count | None = None
    """Layers of the network; of one that loops through a part of itself, unrolled."""
    loop: Loop | None = None
    """Which of them are that part; null where each is passed once."""
    num_heads: Count | None = None
    """Query heads of each layer."""
    settings: Form = {}
    """How the checkpoint is read."""
    settings_given: Form = {}
    """Those of them that were said for this run (--ctlab-settings)."""
    left_out: Many[str] = ()
    """Keys of its base's config and tokenizer files that are not known and were left out."""
    reproduction: Reproduction | None = None
    """A published accuracy, where there is one."""


class Decoding(Record):
    """How answers were generated; empty for recorded answers."""

    padding: str | None = None
    """``exact``, or ``as-published``."""
    dtype: str | None = None
    """Floating-point type."""
    max_new_tokens: int | None = None
    """Longest answer, in tokens."""


class NamedModelCard(ModelCard):
    """Who answered the conditions that name a model."""

    called: str
    """The name by which they call it."""
    decoding: Decoding = Decoding()
    """How its answers were generated."""


class SetFinding(Record):
    """One thing that the audit of the problem set found."""

    check: str
    """Name of what was checked."""
    count: Count
    """Problems, or groups of problems, of which it is true."""
    of: Count
    """Those that could be checked."""
    sentence: str
    """What was found, with its counts."""
    fails: bool = False
    """Whether verdicts rest on wrong reference answers."""
    problems: Many[Count] = ()
    """Numbers of the first such problems in the set, from 1."""


class ProblemSet(Record):
    """What was asked."""

    name: str = ""
    """Name of the set."""
    digest: str = ""
    """Digest of its problems, a limit included."""
    n: Count = 0
    """Number of problems."""
    limit: Count | None = None
    """How many of the set were used, where it was limited."""
    audit: Many[SetFinding] = ()
    """What is wrong with the set."""


class FamilyRow(Record):
    """Claims that share one α."""

    name: str
    """Its name."""
    alpha: Level | None = None
    """Its α; the report's where it is null."""
    claims: Count = 0
    """Claims registered, before deselection."""


class Report(Record):
    """report.json."""

    schema_: Literal[1] = Field(1, validation_alias="schema", serialization_alias="schema")
    """Version of this form."""
    ctlab: str = ""
    """Version of ctlab that ran."""
    started: str = ""
    """When the run began, ISO 8601."""
    seconds: float | None = Field(None, ge=0.0)
    """How long it took."""
    command: str = ""
    """The command line."""
    interrupted: bool = False
    """Whether it was stopped before its end."""
    selection: Selection = Selection()
    """Which of the registered claims were run."""
    environment: Form = {}
    """Versions and machine, free names."""
    commit: str = ""
    """Git commit of the suite's registry, and whether files differed from it; empty without git."""
    model: ModelCard
    """Who answered: the run's own model, or, where none of its answers is compared, who is named in place of it."""
    models: Many[NamedModelCard] = ()
    """Models that conditions name, where there are such."""
    problems: ProblemSet
    """What was asked."""
    decoding: Decoding = Decoding()
    """How answers were generated."""
    alpha: Level
    """α of a family."""
    families: Many[FamilyRow] = ()
    """Families of claims."""
    conditions: Many[ConditionRow]
    """Conditions of the run."""
    outcomes: dict[str, Outcomes] = {}
    """Outcomes by condition and label; filled in from the taxonomy where empty."""
    claims: Many[ClaimRow]
    """Claims with their judgements."""
    explanation: Maybe[ParagraphRow] = None
    """What thoughts do, in one paragraph; null in reports from before there was one."""
    roles: Many[RoleRow] = ()
    """What each thought does, in the order of thoughts."""
    forms: Maybe[AnswerForms] = None
    """Which forms undisturbed answers have; null where there are no answers."""
    look: bool = False
    """Whether no verdict was accepted for this model and set, so that claims passed with whatever verdict but VOID."""
    notes: Many[str] = ()
    """Sentences to show above the verdicts."""
    error_taxonomy: Maybe[ErrorTaxonomy] = None
    """Content of error_taxonomy_summary.json."""
    problem_sensitivity: Maybe[ProblemSensitivity] = None
    """Content of problem_sensitivity_summary.json."""
    attention_flow: Maybe[AttentionFlow] = None
    """Content of attention_flow.json, which lies beside the report."""
    reasoning_paths: Maybe[ReasoningPaths] = None
    """Content of reasoning_paths.json, which lies beside the report."""
    commitment: Maybe[Commitment] = None
    """Answers by the number of thoughts that were fed; null where no answers were given early."""
    history: Many[HistoryRun] = ()
    """Earlier runs of this model on these problems, oldest first, as they stood in history.jsonl; at most 20."""
    files: Many[str] = ()
    """Names of the files beside it."""

    def own_outcomes(self, condition: str) -> Outcomes:
        """Outcomes of the suite's own under a condition, by name; empty where there are none."""
        table = self.error_taxonomy.conditions.get(condition) if self.error_taxonomy else None
        return table.own if table else {}

    def condition(self, name: str) -> ConditionRow | None:
        """A condition by name; None where the run did not have it."""
        return next((row for row in self.conditions if row.name == name), None)

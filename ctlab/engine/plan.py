"""What is asked of the engine, checked against the model before the first number is computed."""

from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.control_token import control_position
from ctlab.engine.edge_factors import EdgeFactors, edge_factors
from ctlab.engine.edit_vectors import refuse_unfit_edits
from ctlab.engine.layer_sources import refuse_padding_read
from ctlab.engine.layout import Layout, Segment
from ctlab.engine.prefix_tree import PrefixTree, grow
from ctlab.engine.prompt import PromptBatch
from ctlab.engine.thought_sources import refuse_other_runs, with_baseline
from ctlab.engine.visible_keys import refuse_empty_rows
from ctlab.engine.written_steps import WrittenSteps
from ctlab.errors import ConditionError, InputError
from ctlab.interventions import Condition
from ctlab.interventions.condition import NO_DONORS
from ctlab.models.families.base import Positions
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.thought_program import Jacobi, StopHead
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Padding

_ENCODED_AT_ONCE = 1024  # questions: at 60 tokens each the tokenizer's records are about 25 MB


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is known before the first number is computed."""

    model: LatentReasoner
    """Who answers."""
    problems: tuple[Problem, ...]
    """What is asked."""
    prompts: tuple[Sequence[int], ...]
    """Token ids of each question."""
    controls: tuple[int, ...] | None
    """Position of each question's control token; None where no condition needs it."""
    edge_factors: EdgeFactors
    """The conditions as factors on attention edges, and what they feed as thoughts."""
    tree: PrefixTree
    """What the conditions share."""
    decoding: Decoding
    """How to decode."""
    requested: int
    """How many conditions were requested; one more is there where a patch needs the undisturbed run beside its own."""
    activations: ActivationCache | None = None
    """The whole set's undisturbed thoughts; None where no condition draws on other problems."""

    @property
    def layout(self) -> Layout:
        """Where everything is."""
        return self.edge_factors.layout

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """The conditions in order, the requested ones first."""
        return self.edge_factors.conditions

    @property
    def as_published(self) -> bool:
        """Whether it is answered as in the official evaluation."""
        return self.decoding.padding == "as-published"

    @property
    def reads_padding(self) -> bool:
        """Whether thoughts and answers read padding: as published, where several problems are answered together."""
        return self.as_published and self.model.as_published.batch > 1

    @property
    def published_positions(self) -> Positions | None:
        """How positions are counted where padding is read; None elsewhere: from each prompt's first token."""
        if not self.reads_padding:
            return None
        return self.model.as_published.positions_of(str(self.model.network.config.model_type))

    def sees_padding(self, step: Segment) -> bool:
        """Whether what a step after begin computes reads padding."""
        if not self.reads_padding:
            return False
        return not self.model.as_published.passes_alone or (bool(step.thoughts) and step.pass_ > 0)

    @property
    def reference(self) -> int | None:
        """Number of the first condition that disturbs nothing in its way of thinking, None where there is none."""
        bare = (number for number, condition in enumerate(self.conditions) if condition.plain)
        return next(bare, None)

    def donors(self, condition: Condition) -> Mapping[str, str]:
        """Whose thought each problem is fed under a condition, by ids; empty where thoughts are of no donor."""
        if condition.matching is None or self.activations is None:
            return NO_DONORS
        return self.activations.donors(condition.matching)

    def given(self, condition: Condition, problem_id: str) -> tuple[int, ...]:
        """Ids that an answer begins with, whatever the model would write; none where it writes all of it."""
        task = self.model.task
        if task is None:
            return ()
        if self.model.thinking == "none":
            return task.marker
        if condition.steps_patch is None:
            return ()
        return task.given(self._written.given(problem_id, condition.steps_patch.seed))

    def steps_donor(self, condition: Condition, problem_id: str) -> str:
        """Whose written steps a problem is given under a condition, by id; empty where it writes its own."""
        patch = condition.steps_patch
        return "" if patch is None else self._written.donor(problem_id, patch.seed)

    @property
    def _written(self) -> WrittenSteps:
        if self.activations is None or self.activations.written is None:
            raise InputError(
                "a condition that puts other problems' steps in place needs the steps of the whole set; make its "
                "activation cache first"
            )
        return self.activations.written

    def batch(self, indices: Sequence[int]) -> PromptBatch:
        """Gather some problems."""
        controls = None if self.controls is None else [self.controls[index] for index in indices]
        given: list[list[tuple[int, ...]]] = []
        if self.model.task is not None:
            of_leaf = dict(zip(self.tree.leaves, self.conditions, strict=True))
            names = [self.problems[index].id for index in indices]
            given = [[self.given(of_leaf[leaf], name) for leaf in sorted(of_leaf)] for name in names]
        return PromptBatch(prompts=[self.prompts[index] for index in indices], controls=controls, given=given)


def plan(
    model: LatentReasoner, problems: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding
) -> Plan:
    """Check conditions and questions against the model, before anything is computed."""
    refuse_duplicates([condition.name for condition in conditions], "condition")
    refuse_duplicates([problem.id for problem in problems], "problem")
    _refuse_other_models(conditions)
    _refuse_other_ways(conditions, model.thinking)
    layout = layout_of(model)
    if layout.own_stop:
        refuse_other_runs(conditions)
        _refuse_given_numbers(conditions)
    refuse_unfit_edits(conditions, int(model.network.config.hidden_size), layout.thoughts)
    hidden = model.settings.hidden
    requested, conditions = len(conditions), with_baseline(conditions)
    factors = edge_factors(conditions, layout, layers=model.num_layers, heads=model.num_heads, hidden=hidden)
    prompts = tuple(_encoded(model, problems))
    _check_lengths(model, problems, prompts, layout.tail + decoding.max_new_tokens)
    controls = None
    if any(factors.uses_control(index) for index in range(len(conditions))):
        controls = tuple(
            control_position(model, problem.id, prompt) for problem, prompt in zip(problems, prompts, strict=True)
        )
    if prompts:
        refuse_empty_rows(factors, [len(prompt) for prompt in prompts], controls)
    planned = Plan(
        model=model,
        problems=tuple(problems),
        prompts=prompts,
        controls=controls,
        edge_factors=factors,
        tree=grow(factors),
        decoding=decoding,
        requested=requested,
    )
    if planned.reads_padding:
        refuse_padding_read(conditions)
    return planned


def layout_of(model: LatentReasoner) -> Layout:
    """The tail's segments of a model."""
    program = model.program
    return Layout(
        begin=len(model.begin_ids),
        thoughts=program.thoughts,
        end=len(model.end_ids),
        passes=program.passes if isinstance(program.schedule, Jacobi) else None,
        own_stop=isinstance(program.stop, StopHead),
        unrolled=model.unrolled,
    )


def decoding_of(model: LatentReasoner, *, max_new_tokens: int | None = None, padding: Padding = "exact") -> Decoding:
    """Decoding settings of a run with this model."""
    return Decoding(
        padding=padding,
        dtype=str(model.dtype).removeprefix("torch."),
        max_new_tokens=model.max_new_tokens if max_new_tokens is None else max_new_tokens,
    )


def _refuse_other_models(conditions: Sequence[Condition]) -> None:
    """Refuse conditions that another model answers: an engine holds one."""
    for condition in conditions:
        if condition.model:
            raise InputError(
                f"condition {condition.name!r} is answered by {condition.model}, and here one model answers; call this "
                f"once for each model"
            )


def _refuse_other_ways(conditions: Sequence[Condition], thinking: str) -> None:
    """Refuse conditions that think otherwise than the model is asked to here (`sibling.by_thinking`)."""
    for condition in conditions:
        if condition.thinking != thinking:
            raise InputError(
                f"condition {condition.name!r} has 'thinking' \"{condition.thinking}\", and here the model is asked to "
                f'think "{thinking}"; answer with it and compare answers'
            )


def _refuse_given_numbers(conditions: Sequence[Condition]) -> None:
    """Refuse early answers of a model with a stop head: rows think and answer side by side."""
    for condition in conditions:
        if condition.num_thoughts is not None:
            raise ConditionError(
                f"condition {condition.name!r} feeds {condition.num_thoughts} thoughts ('num_thoughts'), and this "
                "model has a stop head, to which no condition tells a number; its settings can (num_latent, stop_head)"
            )


def _encoded(model: LatentReasoner, problems: Sequence[Problem]) -> Iterator[Sequence[int]]:
    """Encode a part at a time and keep four bytes a token: a tokenizer's own records take a hundred times that."""
    for start in range(0, len(problems), _ENCODED_AT_ONCE):
        part = problems[start : start + _ENCODED_AT_ONCE]
        yield from (array("i", ids) for ids in model.encode_all([problem.question for problem in part]))


def refuse_duplicates(names: Sequence[str], what: str) -> None:
    """Refuse a name that two of them have."""
    before: set[str] = set()
    for name in names:
        if name in before:
            raise InputError(f"{what} {name!r} is given twice; each needs a name of its own")
        before.add(name)


def _check_lengths(
    model: LatentReasoner, problems: Sequence[Problem], prompts: Sequence[Sequence[int]], after: int
) -> None:
    config = model.network.config
    limit = int(config.max_position_embeddings)
    # The engine's masks let every position read all before it; within the window that is what the model does too.
    window = getattr(config, "sliding_window", None)
    if window is not None and "sliding_attention" in getattr(config, "layer_types", ["sliding_attention"]):
        limit = min(limit, int(window))
    for problem, prompt in zip(problems, prompts, strict=True):
        if not prompt:
            raise InputError(f"problem {problem.id} has an empty question; every question needs at least one token")
        if len(prompt) + after > limit:
            raise InputError(
                f"problem {problem.id}: its question of {len(prompt)} tokens leaves no room for thoughts and {after} "
                f"more within the model's {limit} positions; lower --ctlab-max-new-tokens or leave the problem out"
            )

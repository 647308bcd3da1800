"""What is asked of the engine, checked against the model before the first number is computed."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.control_token import control_position
from ctlab.engine.edge_factors import Tables, tabulate
from ctlab.engine.layout import Layout
from ctlab.engine.prefill import Batch
from ctlab.engine.prefix_tree import Tree, grow
from ctlab.engine.thought_sources import with_baseline
from ctlab.engine.visible_keys import refuse_empty_rows
from ctlab.errors import InputError
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Padding

_ENCODED_AT_ONCE = 1024  # questions


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """Everything that is known before the first number is computed."""

    model: LatentReasoner
    """Who answers."""
    problems: tuple[Problem, ...]
    """What is asked."""
    questions: tuple[Sequence[int], ...]
    """Token ids of each question."""
    controls: tuple[int, ...] | None
    """Each question's control token; None where no condition needs it."""
    tables: Tables
    """The conditions as numbers."""
    tree: Tree
    """What the conditions share."""
    decoding: Decoding
    """How to decode."""
    asked: int
    """How many of the tables' conditions were asked for; one more is there where thoughts are given back from it."""
    activations: ActivationCache | None = None
    """The whole set's undisturbed thoughts; None where no condition draws on other problems."""

    @property
    def reference(self) -> int | None:
        """Number of the first condition without interventions, None where there is none."""
        bare = (number for number, each in enumerate(self.tables.conditions) if not each.interventions)
        return next(bare, None)

    def batch(self, indices: Sequence[int]) -> Batch:
        """Gather some problems."""
        controls = None if self.controls is None else [self.controls[index] for index in indices]
        return Batch(questions=[self.questions[index] for index in indices], controls=controls)


def plan(
    model: LatentReasoner, problems: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding
) -> Plan:
    """Check conditions and questions against the model, before anything is computed."""
    _refuse_twins([condition.name for condition in conditions], "condition")
    _refuse_twins([problem.id for problem in problems], "problem")
    layout = layout_of(model)
    hidden = model.settings.hidden
    asked, conditions = len(conditions), with_baseline(conditions)
    tables = tabulate(conditions, layout, layers=model.num_layers, heads=model.num_heads, hidden=hidden)
    questions = tuple(_encoded(model, problems))
    _check_lengths(model, problems, questions, layout.tail + decoding.max_new_tokens)
    controls = None
    if any(tables.uses_control(index) for index in range(len(conditions))):
        controls = tuple(
            control_position(model, problem.id, question) for problem, question in zip(problems, questions, strict=True)
        )
    if questions:
        refuse_empty_rows(tables, [len(question) for question in questions], controls)
    return Plan(
        model=model,
        problems=tuple(problems),
        questions=questions,
        controls=controls,
        tables=tables,
        tree=grow(tables),
        decoding=decoding,
        asked=asked,
    )


def layout_of(model: LatentReasoner) -> Layout:
    """The tail's segments of a model."""
    return Layout(begin=len(model.begin_ids), thoughts=model.num_thoughts, end=len(model.end_ids))


def decoding_of(model: LatentReasoner, *, max_new_tokens: int | None = None, padding: Padding = "exact") -> Decoding:
    """Decoding settings of a run with this model."""
    return Decoding(
        padding=padding,
        dtype=str(model.dtype).removeprefix("torch."),
        max_new_tokens=model.max_new_tokens if max_new_tokens is None else max_new_tokens,
    )


def _encoded(model: LatentReasoner, problems: Sequence[Problem]) -> Iterator[Sequence[int]]:
    """Encode a part at a time and keep four bytes a token: a tokenizer's own records take a hundred times that."""
    for start in range(0, len(problems), _ENCODED_AT_ONCE):
        part = problems[start : start + _ENCODED_AT_ONCE]
        yield from (array("i", ids) for ids in model.encode_all([problem.question for problem in part]))


def _refuse_twins(names: Sequence[str], what: str) -> None:
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise InputError(f"{what} {name!r} is given twice; each needs a name of its own")
        seen.add(name)


def _check_lengths(
    model: LatentReasoner, problems: Sequence[Problem], questions: Sequence[Sequence[int]], after: int
) -> None:
    config = model.network.config
    limit = int(config.max_position_embeddings)
    window = getattr(config, "sliding_window", None)
    if window is not None and "sliding_attention" in getattr(config, "layer_types", ["sliding_attention"]):
        limit = min(limit, int(window))
    for problem, question in zip(problems, questions, strict=True):
        if not question:
            raise InputError(f"problem {problem.id} has an empty question; every question needs at least one token")
        if len(question) + after > limit:
            raise InputError(
                f"problem {problem.id}: its question of {len(question)} tokens leaves no room for thoughts and {after} "
                f"more within the model's {limit} positions; lower --ctlab-max-new-tokens or leave the problem out"
            )

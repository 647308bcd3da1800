"""The answers of a problem set under conditions: batches of generations, yielded as they finish."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import batches_of, fitting, run_rows
from ctlab.engine.hooks import Hooks
from ctlab.engine.plan import Plan, plan, refuse_duplicates
from ctlab.engine.shared_prefill import SharedPrefill, shareable
from ctlab.engine.side_by_side import rounds, side_by_side
from ctlab.engine.undisturbed_thoughts import activation_cache_for, with_activation_cache
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.models.sibling import by_thinking, decoding_of_sibling, sibling
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Generation

Watch = Callable[[Plan, Sequence[int]], Hooks]
"""Makes what watches the next batch, which is some problems (indices) of a plan; asked again where it is halved, and
for several batches, in order, before any of them is answered where they are answered at once."""


def generate_batches(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
    activations: ActivationCache | None = None,
    watch: Watch | None = None,
) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
    """Answer problems under conditions; yields each finished batch, condition name to its generations.

    ``activations`` are the thoughts of the whole problem set where these problems are a part of it, and a condition
    draws on other problems. A batch holds the conditions of one way of thinking. ``watch`` sees the very batches that
    these answers come from.
    """
    plans = plans_of(model, problems, conditions, decoding)
    if not problems or not conditions:
        return
    if activations is None and len(plans) > 1:
        activations = activation_cache_for(conditions, model, problems, decoding, batch_tokens=batch_tokens)
    plans = [with_activation_cache(planned, activations, batch_tokens=batch_tokens) for planned in plans]
    # Ways of thinking are run one after another, so that what the largest of them needs is enough for each.
    for together in rounds(plans, max((batches_of(planned, batch_tokens) for planned in plans), key=len)):
        for indices, answers in _answered(plans, together, watch):
            for planned, rows in zip(plans, answers, strict=True):
                yield collect(planned, indices, rows)


def plans_of(
    model: LatentReasoner, problems: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding
) -> list[Plan]:
    """Plan conditions, those of each way of thinking together; none of nothing."""
    refuse_duplicates([condition.name for condition in conditions], "condition")
    ways = [(sibling(model, way), those) for way, those in by_thinking(conditions).items()] or [(model, ())]
    return [plan(asked, problems, those, decoding_of_sibling(asked, decoding)) for asked, those in ways]


Rows = list[list[list[list[int]]]]
"""What the rows of a batch said (`batch_run.run_rows`), plan by plan."""


def _answered(
    plans: Sequence[Plan], together: Sequence[Sequence[int]], watch: Watch | None
) -> Iterator[tuple[Sequence[int], Rows]]:
    """Answer batches at once; yields the problems (indices) and rows of each, in order."""

    def watched(indices: Sequence[int]) -> list[Hooks | None]:
        return [None if watch is None else watch(planned, indices) for planned in plans]

    if len(together) == 1:
        yield from fitting(plans[0], together[0], lambda these: _answers(plans, these, watched(these)))
        return
    tasks = [partial(_answers, plans, indices, watched(indices)) for indices in together]
    yield from zip(together, side_by_side(tasks), strict=True)


def _answers(plans: Sequence[Plan], indices: Sequence[int], hooks: Sequence[Hooks | None]) -> Rows:
    """Answer a batch; prompts that all plans read are computed once."""
    watches = [each.prefill_attention for each in hooks if each is not None]
    shared = SharedPrefill(watches) if shareable(plans) else None
    return [run_rows(planned, indices, each, shared) for planned, each in zip(plans, hooks, strict=True)]


def collect(
    planned: Plan, indices: Sequence[int], rows: Sequence[Sequence[Sequence[int]]]
) -> Mapping[str, tuple[Generation, ...]]:
    """Turn what the rows of a batch said (`batch_run.run_rows`) into generations by condition name."""
    batch = batch_name(planned, indices)
    texts: dict[tuple[int, ...], str] = {}
    answers_by_condition: dict[str, tuple[Generation, ...]] = {}
    requested, own_stop = slice(planned.requested), planned.layout.own_stop
    for condition, leaf in zip(planned.conditions[requested], planned.tree.leaves[requested], strict=True):
        generations, donors, given_steps = [], planned.donors(condition), condition.steps_patch is not None
        for index, answers in zip(indices, rows, strict=True):
            row, thoughts, *answer = answers[leaf]
            tokens = tuple(answer[: answer.index(-1)] if answer[-1] == -1 else answer)
            # Short answers repeat, and decoding one costs more than generating it on a small model.
            if tokens not in texts:
                texts[tokens] = planned.model.decode(tokens)
            problem_id = planned.problems[index].id
            generations.append(
                Generation(
                    problem_id=problem_id,
                    token_ids=tokens,
                    text=texts[tokens],
                    row=f"{batch}:{row}",
                    donor=donors.get(problem_id) or (planned.steps_donor(condition, problem_id) if given_steps else ""),
                    thoughts=thoughts if own_stop else None,
                )
            )
        answers_by_condition[condition.name] = tuple(generations)
    return answers_by_condition


def batch_name(planned: Plan, indices: Sequence[int]) -> str:
    """Name a batch by what stands in it: the conditions and the problems."""
    # Two passes over the same conditions and problems have rows of the same content, and a store keeps one of them.
    content = [condition.definition for condition in planned.conditions]
    content += [planned.problems[index].id for index in indices]
    return hashlib.sha256("\n".join(content).encode("utf-8", "surrogatepass")).hexdigest()[:12]

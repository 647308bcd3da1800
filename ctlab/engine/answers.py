"""The answers of a problem set under conditions: batches of generations, yielded as they finish."""

from collections.abc import Iterator, Mapping, Sequence

from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.batch_run import batches_of, fitting, run
from ctlab.engine.plan import Plan, plan
from ctlab.engine.undisturbed_thoughts import with_activation_cache
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.records.generation import Decoding, Generation


def generate_batches(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    *,
    batch_tokens: int | None = None,
    activations: ActivationCache | None = None,
) -> Iterator[Mapping[str, tuple[Generation, ...]]]:
    """Answer problems under conditions; yields each finished batch, condition name to its generations.

    ``activations`` are the thoughts of the whole problem set where these problems are a part of it, and a condition
    draws on other problems.
    """
    planned = plan(model, problems, conditions, decoding)
    if not planned.problems or not conditions:
        return
    planned = with_activation_cache(planned, activations, batch_tokens=batch_tokens)
    for indices in batches_of(planned, batch_tokens):
        for done, ids in fitting(planned, indices, lambda these: run(planned, these)):
            yield collect(planned, done, ids)


def collect(
    planned: Plan, indices: Sequence[int], ids: Sequence[Sequence[Sequence[int]]]
) -> Mapping[str, tuple[Generation, ...]]:
    """Turn the ids of a batch into generations by condition name."""
    texts: dict[tuple[int, ...], str] = {}
    answers_by_condition: dict[str, tuple[Generation, ...]] = {}
    requested = slice(planned.requested)
    for condition, leaf in zip(planned.conditions[requested], planned.tree.leaves[requested], strict=True):
        generations = []
        for index, answers in zip(indices, ids, strict=True):
            answer = answers[leaf]
            tokens = tuple(answer[: answer.index(-1)] if answer[-1] == -1 else answer)
            # Short answers repeat, and decoding one costs more than generating it on a small model.
            if tokens not in texts:
                texts[tokens] = planned.model.decode(tokens)
            generations.append(Generation(problem_id=planned.problems[index].id, token_ids=tokens, text=texts[tokens]))
        answers_by_condition[condition.name] = tuple(generations)
    return answers_by_condition

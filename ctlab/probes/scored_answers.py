"""The one call that scores: how probable given answers are under conditions, at the answer and at thoughts.

It is told by the engine, in the batches and through the prefix tree of a run: `engine.forced_answers`. Questions and
thoughts are computed once for all conditions and all given answers.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from ctlab.engine import attention
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.answers import collect
from ctlab.engine.batch_run import batches_of, fitting
from ctlab.engine.batching import bytes_per_token, token_budget
from ctlab.engine.forced_answers import ForcedRollout, GivenAnswers
from ctlab.engine.hooks import Hooks
from ctlab.engine.plan import Plan, plan
from ctlab.engine.thought_patching import ThoughtPatcher
from ctlab.engine.undisturbed_thoughts import with_activation_cache
from ctlab.errors import InputError
from ctlab.inputs import shown
from ctlab.interventions import Condition
from ctlab.interventions.edges import thought_index
from ctlab.interventions.thinking import LATENT
from ctlab.models.reasoner import LatentReasoner
from ctlab.problems import Problem
from ctlab.problems.answer_texts import AnswerTexts
from ctlab.records.generation import Decoding, Generation
from ctlab.records.scores import ANSWER, Scores

Floats = npt.NDArray[np.float64]
Ids = Sequence[Sequence[Sequence[int]]]
"""Token ids by problem, answer and token."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredBatch:
    """What was told of one batch's problems, C conditions and K given answers."""

    answers: Floats
    """(C, K, 2): log-probability of an answer's ids, and of the end after them."""
    first: Floats
    """(C, thoughts asked for, K)."""
    generations: Mapping[str, tuple[Generation, ...]] = field(default_factory=dict)
    """What was answered in the same pass, by condition; nothing where only scores were asked for."""


def scored(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    given: Sequence[AnswerTexts],
    *,
    at: Sequence[str] = (ANSWER,),
    answering: bool = False,
    batch_tokens: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    activations: ActivationCache | None = None,
) -> tuple[dict[str, Scores], dict[str, tuple[Generation, ...]]]:
    """Score each problem's given answers under every condition; scores by condition, and generations if ``answering``.

    ``activations`` are the thoughts of the whole problem set where these problems are a part of it, and a condition
    draws on other problems.
    """
    ids = answer_ids(model, problems, given)
    planned = planned_scores(model, problems, conditions, decoding, ids)
    thoughts = thoughts_at(planned, at)
    planned = with_activation_cache(planned, activations, batch_tokens=batch_tokens)
    done: list[tuple[Sequence[int], ScoredBatch]] = []
    total, count = len(problems) * len(conditions), 0
    for indices, batch in scored_batches(planned, ids, thoughts, answering=answering, batch_tokens=batch_tokens):
        done.append((indices, batch))
        count += len(indices) * len(conditions)
        if progress is not None:
            progress(count, total)
    found = {
        condition.name: _scores(planned, done, number, given, ids, thoughts)
        for number, condition in enumerate(conditions)
    }
    said: dict[str, dict[str, Generation]] = {condition.name: {} for condition in conditions if answering}
    for _, batch in done:
        for name, generations in batch.generations.items():
            said[name].update((generation.problem_id, generation) for generation in generations)
    order = [problem.id for problem in problems]
    return found, {name: tuple(own[each] for each in order) for name, own in said.items()}


def answer_ids(model: LatentReasoner, problems: Sequence[Problem], given: Sequence[AnswerTexts]) -> Ids:
    """Token ids of each problem's answers; InputError where a text cannot be written with tokens that it may choose."""
    flat = [text for each in given for text in each.texts]
    encoded = iter(model.tokenizer(flat, add_special_tokens=False)["input_ids"] if flat else [])
    found = []
    for problem, each in zip(problems, given, strict=True):
        own = [tuple(map(int, next(encoded))) for _ in each.texts]
        for text, tokens in zip(each.texts, own, strict=True):
            if not tokens or model.decode(tokens).split() != text.split():
                raise InputError(
                    f"the answer {shown(text)} of problem {problem.id} reads {model.decode(tokens)!r} once it is made "
                    f"of the model's tokens; give a text that its tokenizer can write"
                )
            if any(token >= model.logits_considered or token in model.unwritable for token in tokens):
                raise InputError(
                    f"the answer {shown(text)} of problem {problem.id} has a token that this model never chooses; give "
                    f"a text that it could write"
                )
        found.append(own)
    return found


def planned_scores(
    model: LatentReasoner, problems: Sequence[Problem], conditions: Sequence[Condition], decoding: Decoding, ids: Ids
) -> Plan:
    """Plan a run that has room for the longest given answer and its end."""
    longest = max((len(answer) for answers in ids for answer in answers), default=0) + 1
    room = replace(decoding, max_new_tokens=max(decoding.max_new_tokens, longest))
    _refuse_other_ways(conditions)
    planned = plan(model, problems, conditions, room)
    if not planned.problems or not conditions:
        raise InputError("there is nothing to score; give at least one problem and one condition")
    _refuse_inexact(planned)
    return replace(planned, decoding=decoding)


def _refuse_other_ways(conditions: Sequence[Condition]) -> None:
    """Refuse conditions whose scores no certificate could hold to a pass of their own."""
    for condition in conditions:
        if condition.thinking != LATENT:
            raise InputError(
                f"condition {condition.name!r} has the model think otherwise ('thinking' {condition.thinking!r}), and "
                f"answers are scored after its thoughts alone; leave it out"
            )
        if any(patch.at is not None for patch in condition.patches):
            raise InputError(
                f"condition {condition.name!r} replaces what is at layers ('at'), and answers are not scored under "
                f"such a patch; leave it out, or patch what is fed"
            )


def thoughts_at(planned: Plan, at: Sequence[str]) -> tuple[int, ...]:
    """Numbers of the thoughts among the places that are scored at, in their order; InputError for another place."""
    places = [at] if isinstance(at, str) else list(at)
    layout, found = planned.layout, []
    for place in places:
        if place == ANSWER:
            continue
        thought = thought_index(place) if isinstance(place, str) else None
        if thought is None or thought >= layout.thoughts:
            has = f"CT0 … CT{layout.thoughts - 1}" if layout.thoughts else "no thoughts"
            raise InputError(f"at names 'answer' and thoughts (this model has {has}), not {shown(place)}")
        for condition, fed in zip(planned.conditions, planned.edge_factors.fed, strict=True):
            if thought >= fed:
                raise InputError(
                    f"under {condition.name} no {place} is thought (it feeds {fed}), so that nothing is read there; "
                    f"score the two apart"
                )
        found.append(thought)
    if found and layout.passes == 1:
        raise InputError("with one pass over them this model's thoughts are placeholders, which no state has made")
    return tuple(dict.fromkeys(found))


def scored_batches(
    planned: Plan,
    ids: Ids,
    thoughts: Sequence[int],
    *,
    answering: bool = False,
    batch_tokens: int | None = None,
    hooks: Hooks | None = None,
) -> Iterator[tuple[Sequence[int], ScoredBatch]]:
    """Score a plan's problems (indices) in its batches, in halves where memory runs out."""
    budget = token_budget(batch_tokens, planned.model.device, bytes_per_token(planned.model))

    def work(indices: Sequence[int]) -> ScoredBatch:
        return scored_batch(planned, indices, ids, thoughts, answering=answering, budget=budget, hooks=hooks)

    for indices in batches_of(planned, batch_tokens):
        yield from fitting(planned, indices, work)


def scored_batch(
    planned: Plan,
    indices: Sequence[int],
    ids: Ids,
    thoughts: Sequence[int],
    *,
    answering: bool = False,
    budget: int,
    hooks: Hooks | None = None,
) -> ScoredBatch:
    """Score some problems (indices) in one batch; ``budget`` is the most tokens that given answers take at once."""
    model = planned.model
    patcher = ThoughtPatcher([planned.problems[index].id for index in indices], planned.activations, planned.reference)
    given = GivenAnswers.of([ids[index] for index in indices], model.pad_id, model.device)
    rollout = ForcedRollout(planned, hooks, patcher, given=given, thoughts=thoughts, answering=answering, budget=budget)
    with attention.engaged(model.network):
        rows = rollout.generate(planned.batch(indices), planned.decoding.max_new_tokens)
    requested = range(planned.requested)
    levels = [planned.tree.levels[rollout.before_thought[thought][0]].branch_of for thought in thoughts]
    first = [
        rollout.before_thought[thought][1][list(branch_of[: planned.requested])].cpu().numpy()
        for thought, branch_of in zip(thoughts, levels, strict=True)
    ]
    leaves = [planned.tree.leaves[number] for number in requested]
    answers = rollout.forced[leaves].cpu().numpy()
    none = np.empty((len(leaves), 0, answers.shape[1]))
    return ScoredBatch(
        answers=answers,
        first=np.stack(first, 1) if first else none,
        generations=collect(planned, indices, rows.tolist()) if answering else {},
    )


def _scores(
    planned: Plan,
    done: Sequence[tuple[Sequence[int], ScoredBatch]],
    number: int,
    given: Sequence[AnswerTexts],
    ids: Ids,
    thoughts: Sequence[int],
) -> Scores:
    """Put one condition's scores of all batches back in the problems' order."""
    of_problem: dict[int, tuple[Floats, Floats]] = {}
    for indices, batch in done:
        start = 0
        for index in indices:
            own = slice(start, start + len(ids[index]))
            of_problem[index] = batch.answers[number, own], batch.first[number, :, own]
            start = own.stop
    rows = range(len(planned.problems))
    answers = np.concatenate([of_problem[row][0] for row in rows])
    return Scores(
        condition=planned.conditions[number].name,
        problem_ids=tuple(problem.id for problem in planned.problems),
        texts=tuple(each.texts for each in given),
        token_ids=tuple(tuple(map(tuple, answers)) for answers in ids),
        gold=tuple(each.gold for each in given),
        log_probability=answers[:, 0],
        end=answers[:, 1],
        at=tuple(thoughts),
        first=np.concatenate([of_problem[row][1] for row in rows], 1),
    )


def _refuse_inexact(planned: Plan) -> None:
    """Refuse runs in which an answer's probability is no number of its own, or starts nowhere in particular."""
    if planned.layout.own_stop:
        raise InputError(
            "answers are scored where they start at the same place in every row, and this model has a stop head, with "
            "which rows think and answer side by side; answer with it and compare answers"
        )
    if planned.model.device.type == "mps":
        raise InputError(
            "scores are normalised in float64, which Apple's GPUs do not compute in; score on the CPU "
            "(--ctlab-device cpu)"
        )
    if planned.reads_padding:
        raise InputError(
            "as published this model reads padding, so that how probable an answer is depends on the questions beside "
            "it; score with the padding 'exact'"
        )

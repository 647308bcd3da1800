"""Written steps held to the task that a family teaches: what was asked, what was put in place, what was written.

Worked out once more from the question's text, the training settings and the tokenizer (`Family.retold_writing`), and
from the problems' ids; nothing of how the engine lays out a sibling's sequence is taken over.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence

import torch

from ctlab import formatting
from ctlab.certify.auditor import Auditor
from ctlab.certify.expected_edges import expected_factors
from ctlab.certify.reference import embedded, logits, trace
from ctlab.certify.tolerance import TOLERANCE, relative, worse
from ctlab.engine.plan import Plan
from ctlab.interventions import Condition
from ctlab.models.families import FAMILIES
from ctlab.models.families.written_task import Writing
from ctlab.models.reasoner import LatentReasoner
from ctlab.records import Check

LONGEST = 96
"""Written tokens that a certificate follows: twice the longest steps of the embedded model, and most of GSM8K's."""


def retold_prompt(model: LatentReasoner, question: str) -> tuple[list[int], list[int]]:
    """Ids of the question and of what is fed after it, and ids that the writing begins with: from text, once more."""
    family, settings = FAMILIES[model.settings.family], model.settings
    ids = list(model.tokenizer(family.prompt(question) + settings.question_suffix)["input_ids"])
    before, begins = _retold(model, _way(model))
    return ids + before, begins


def expected_given(planned: Plan, condition: Condition, problem_id: str) -> tuple[int, ...]:
    """Ids that an answer must begin with; none where the model writes all of it."""
    model = planned.model
    if model.thinking == "latent":
        return ()
    _, begins = _retold(model, _way(model))
    if condition.steps_patch is None:
        return tuple(begins)
    steps = _steps(planned)[donor_of(planned, condition, problem_id)]
    ends_question, _ = _retold(model, "explicit")
    both, marker = _retold(model, "none")
    return (*steps, *both[len(ends_question) :], *marker)


def donor_of(planned: Plan, condition: Condition, problem_id: str) -> str:
    """Whose steps a problem is given: of all that have some, that of the next larger hash, else of the smallest."""
    patch = condition.steps_patch
    if patch is None:
        return ""
    own = _hash(patch.seed, problem_id)
    others = {_hash(patch.seed, other): other for other in _steps(planned) if other != problem_id}
    return others[min([place for place in others if place > own] or others)]


def written_checks(
    whole: Plan, planned: Plan, auditor: Auditor, condition: int, ids: Sequence[Sequence[Sequence[int]]], limit: int
) -> Iterator[Check]:
    """Check one condition of a watched sample that does not think in vectors.

    ``whole`` is what will be answered, with ``limit`` tokens for an answer beside its steps.
    """
    model, asked = planned.model, planned.conditions[condition]
    off, begun, others, ended, marked, furthest = 0, 0, 0, 0, 0, 0.0
    for number, problem in enumerate(planned.problems):
        answer = [token for token in ids[number][planned.tree.leaves[condition]] if token != -1]
        prompt, _ = retold_prompt(model, problem.question)
        given = expected_given(planned, asked, problem.id)
        said = [*prompt, *answer[:-1]]
        length = len(planned.prompts[number])
        try:
            row = auditor.followed(condition, number, len(said) - length)
        except ValueError:  # a row that left before it can have been fed all of this
            off, others = off + 1, others + len(answer)
            continue
        # Of the question no embedding is kept: its ids are compared, and everything after it vector by vector.
        fed = embedded(model, said[length:]) if said[length:] else row.fed[:0]
        alike = list(planned.prompts[number]) == prompt[:length] and row.fed.shape == fed.shape
        off += not (alike and torch.equal(row.fed.to(fed), fed))
        begun += tuple(answer[: len(given)]) == given
        factors = expected_factors(model, problem.id, planned.prompts[number], asked.on_edges, len(said))
        states = trace(model, embedded(model, said), factors[..., : len(said), : len(said)]).last
        seen = torch.cat([row.question, row.states])
        own = states[len(states) - len(seen) :]
        furthest = worse(furthest, relative(seen, own) if seen.shape == own.shape else float("nan"))
        others += _otherwise(model, states[len(prompt) - 1 + len(given) :], answer[len(given) :])
        ended += is_over(planned, answer)
        marked += _holds(answer, _marker(model))
    count = len(planned.problems)
    yield Check(
        name="asked-as-taught",
        passed=off == 0,
        detail=f"question and what follows it, from the text once more: {off} of {count} sequences were fed something "
        f"else than these tokens and those that were written, such as begin, a thought or padding",
    )
    yield Check(
        name="begins-as-said",
        passed=begun == count,
        detail=f"{begun} of {count} begin with what the condition puts there ({_put(planned, asked)})",
    )
    yield Check(
        name="written-once-more",
        passed=others == 0 and furthest <= TOLERANCE[model.dtype],
        detail=f"told again in one piece: {formatting.counted(others, 'token')} would be written otherwise, states are "
        f"within {furthest:.1e}",
    )
    yield _limit_check(whole, limit, ended, count, marked)
    if asked.steps_patch is not None:
        yield _donors_check(planned, asked)


def differing_steps(planned: Plan, condition: int, baseline: int, ids: Sequence[Sequence[Sequence[int]]]) -> int:
    """Count problems of the sample whose steps are others than those that the model writes undisturbed."""
    leaves = planned.tree.leaves
    pairs = [(answers[leaves[condition]], answers[leaves[baseline]]) for answers in ids]
    given = [len(expected_given(planned, planned.conditions[condition], each.id)) for each in planned.problems]
    return sum(list(mine[:size]) != list(own[:size]) for size, (mine, own) in zip(given, pairs, strict=True))


def after_steps(planned: Plan, condition: int, problem: int, own: Sequence[int]) -> list[tuple[int, int]]:
    """Written tokens before the answer's first where other steps stand, and in the ``own`` writing; none without it."""
    mine = len(expected_given(planned, planned.conditions[condition], planned.problems[problem].id))
    marker = _marker(planned.model)
    places = [at for at in range(len(own)) if list(own[at : at + len(marker)]) == marker]
    return [(mine, places[0] + len(marker))] if places else []


def _limit_check(whole: Plan, limit: int, ended: int, count: int, marked: int) -> Check:
    """Hold the room that is left for steps to the family's, beside that of the answer."""
    task = whole.model.task
    room = 0 if task is None or whole.model.thinking == "none" else task.steps
    return Check(
        name="room-to-write",
        passed=ended == count and whole.decoding.max_new_tokens == limit + room,
        detail=f"{ended} of {count} end where the model ends them or at the limit, {marked} hold the answer marker; "
        f"whole answers have {whole.decoding.max_new_tokens} tokens, {room} of these for steps",
    )


def _donors_check(planned: Plan, condition: Condition) -> Check:
    """Hold the steps that are put in place to what the model writes for whom they are said to be of."""
    model, wrong, others = planned.model, 0, 0
    names = {problem.id: problem for problem in (planned.activations.problems if planned.activations else ())}
    for problem in planned.problems:
        donor = donor_of(planned, condition, problem.id)
        wrong += donor == problem.id or planned.steps_donor(condition, problem.id) != donor
        prompt, _ = retold_prompt(model, names[donor].question)
        steps = list(_steps(planned)[donor])
        given = expected_given(planned, condition, problem.id)
        said = [*prompt, *given[:-1]]
        factors = expected_factors(model, donor, prompt, (), len(said))
        states = trace(model, embedded(model, said), factors[..., : len(said), : len(said)]).last
        others += _otherwise(model, states[len(prompt) - 1 :], list(given)) + _holds(steps, _marker(model))
    return Check(
        name="steps-of-another",
        passed=wrong == 0 and others == 0,
        detail=f"{wrong} of {len(planned.problems)} problems are given another's steps than the rule names; up to the "
        f"marker, {formatting.counted(others, 'token')} would be written otherwise for those whose steps they are",
    )


def _put(planned: Plan, condition: Condition) -> str:
    if condition.steps_patch is not None:
        return "another problem's steps and the answer marker"
    return "the answer marker" if planned.model.thinking == "none" else "nothing"


def _retold(model: LatentReasoner, thinking: Writing) -> tuple[list[int], list[int]]:
    writes = FAMILIES[model.settings.family].writes
    if isinstance(writes, str):
        raise RuntimeError(f"family {model.settings.family} {writes}")
    return writes.retold(model.settings, model.tokenizer, thinking, eos=model.eos_token_id)


def _way(model: LatentReasoner) -> Writing:
    return "explicit" if model.thinking == "explicit" else "none"


def _marker(model: LatentReasoner) -> list[int]:
    return _retold(model, "none")[1]


def is_over(planned: Plan, answer: Sequence[int]) -> bool:
    """Whether an answer stops at its last eos, and nowhere before, or is as long as it may be."""
    model = planned.model
    ends_question, _ = _retold(model, "explicit")
    # What ends the question in training ends the steps too, and is no end of the answer.
    needed = 1 + (len(ends_question) if model.thinking == "explicit" else 0)
    seen = [at for at, token in enumerate(answer) if token == model.eos_token_id]
    if len(seen) >= needed:
        return len(seen) == needed and seen[-1] == len(answer) - 1
    return len(answer) == planned.decoding.max_new_tokens


def _holds(ids: Sequence[int], part: Sequence[int]) -> bool:
    return any(list(ids[at : at + len(part)]) == list(part) for at in range(len(ids) - len(part) + 1))


def _otherwise(model: LatentReasoner, states: torch.Tensor, written: Sequence[int]) -> int:
    """Count tokens that states (S, D) would lead to otherwise, ties within rounding aside."""
    if len(states) != len(written):
        return max(1, len(written))
    if not len(written):
        return 0
    scores = logits(model, states)
    gap = scores.max(-1).values - scores[range(len(written)), list(written)]
    return int((~(gap <= TOLERANCE[model.dtype] * scores.abs().max(-1).values)).sum())


def _steps(planned: Plan) -> Mapping[str, tuple[int, ...]]:
    if planned.activations is None or planned.activations.written is None:
        raise RuntimeError("a certificate of a condition that puts others' steps in place needs these steps")
    return planned.activations.written.steps


def _hash(seed: int, problem_id: str) -> str:
    return hashlib.sha256(f"{seed}\n{problem_id}".encode("utf-8", "surrogatepass")).hexdigest()

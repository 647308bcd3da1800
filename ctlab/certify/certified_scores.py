"""Scores prove themselves: given answers of a small sample are written out whole, each a sequence in one piece.

Texts are turned into ids here once more, an answer at a time, so that an answer in another's place is found. Shared
with what is certified is what was fed as thoughts, and of that what no condition replaces is recomputed too.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ctlab.certify.auditor import Array, followed
from ctlab.certify.expected_edges import Segments, expected_factors, tail_of
from ctlab.certify.passes import asked_in_passes, fed_of, made_of
from ctlab.certify.patches import unpatched_thoughts
from ctlab.certify.probes import StepRecorder
from ctlab.certify.reference import inputs, last_states, log_probabilities, obstacle, thoughts
from ctlab.certify.tolerance import SCORE_TOLERANCE, TOLERANCE, relative, within_limit, worse
from ctlab.engine.activation_cache import ActivationCache
from ctlab.engine.plan import Plan
from ctlab.engine.undisturbed_thoughts import with_activation_cache
from ctlab.interventions import Condition
from ctlab.models.reasoner import LatentReasoner
from ctlab.probes.scored_answers import answer_ids, planned_scores, scored_batch, thoughts_at
from ctlab.problems import Problem
from ctlab.problems.answer_texts import AnswerTexts
from ctlab.records import Check
from ctlab.records.generation import Decoding
from ctlab.records.scores import ANSWER

SAMPLE = 2
"""Problems that are looked at: the shortest question and the longest of those that are given answers."""
_MOST = 6  # answers of a problem that are recomputed, the first and the last among them; all of them are scored
_BUDGET = 4096  # tokens of given answers at once: few enough that a sample of many answers takes several turns


def certify_scores(
    model: LatentReasoner,
    problems: Sequence[Problem],
    conditions: Sequence[Condition],
    decoding: Decoding,
    given: Sequence[AnswerTexts],
    *,
    at: Sequence[str] = (ANSWER,),
    activations: ActivationCache | None = None,
) -> Mapping[str, tuple[Check, ...]]:
    """Check on a few problems that scores are what one forward pass over each answer gives; condition to its checks.

    Conditions that draw on other problems draw on ``activations``, or on all of ``problems``.
    """
    if (reason := obstacle(model)) is not None:
        detail = f"this model cannot be recomputed apart from the engine, so that nothing would be proven: {reason}"
        return {condition.name: (Check(name="scores", passed=False, detail=detail),) for condition in conditions}
    whole = with_activation_cache(
        planned_scores(model, problems, conditions, decoding, answer_ids(model, problems, given)), activations
    )
    asked = sorted((row for row, each in enumerate(given) if each.texts), key=lambda row: len(whole.prompts[row]))
    sample = list(dict.fromkeys([asked[0], asked[-1]]))[:SAMPLE]
    few, texts = [problems[row] for row in sample], [given[row] for row in sample]
    ids = answer_ids(model, few, texts)
    planned = with_activation_cache(planned_scores(model, few, conditions, decoding, ids), whole.activations)
    places, recorder = thoughts_at(planned, at), StepRecorder()
    found = scored_batch(planned, range(len(few)), ids, places, budget=_BUDGET, hooks=recorder)
    starts = np.cumsum([0, *(len(each.texts) for each in texts)])
    checks = {}
    for number, condition in enumerate(conditions):
        apart = _Apart()
        for row, each in enumerate(texts):
            own = slice(starts[row], starts[row + 1])
            apart.add(
                planned, recorder, number, row, each, places, found.answers[number, own], found.first[number, :, own]
            )
        checks[condition.name] = tuple(apart.checks(model, bool(places)))
    return checks


@dataclass(slots=True)
class _Apart:
    """How far scores and what they rest on are from the reference."""

    answers: float = 0.0
    ends: float = 0.0
    first: float = 0.0
    fed: float = 0.0
    count: int = 0

    def add(
        self,
        planned: Plan,
        recorder: StepRecorder,
        condition: int,
        row: int,
        given: AnswerTexts,
        places: Sequence[int],
        answers: Array,
        first: Array,
    ) -> None:
        """Hold one problem's scores (answers, 2) and (thoughts, answers) under one condition to the reference."""
        chosen = sorted({round(each) for each in np.linspace(0, len(given.texts) - 1, min(_MOST, len(given.texts)))})
        told = _Told.of(planned, recorder, condition, row, [given.texts[each] for each in chosen])
        for each, (said, end), ids in zip(chosen, told.answers, told.ids, strict=True):
            self.answers = worse(self.answers, (answers[each, 0] - said) / len(ids))
            self.ends = worse(self.ends, answers[each, 1] - end)
            for place, thought in enumerate(places):
                self.first = worse(self.first, first[place, each] - float(told.before_thought[thought, ids[0]]))
            self.count += 1
        self.fed = worse(self.fed, told.fed_apart)

    def checks(self, model: LatentReasoner, at_thoughts: bool) -> Iterator[Check]:
        """What was found, as checks."""
        limit = SCORE_TOLERANCE[model.dtype]
        what = f"log-probability of {self.count} answers, a token, against a recompute of each in one piece"
        yield within_limit("scores-recomputed", self.answers, limit, what)
        yield within_limit("scores-end", self.ends, limit, "log-probability of the end after them against a recompute")
        if at_thoughts:
            what = "log-probability of an answer's first token where a thought is made, against a recompute"
            yield within_limit("scores-at-thoughts", self.first, limit, what)
        what = "thoughts that no condition replaces against a recompute, in units of their size"
        yield within_limit("scores-thoughts", self.fed, TOLERANCE[model.dtype], what)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What the reference says of one problem under one condition."""

    answers: list[tuple[float, float]]
    """Log-probability of each answer's ids, and of the end after them."""
    ids: list[list[int]]
    """Each answer's ids."""
    before_thought: Tensor
    """(thoughts, ids considered) log-probabilities of what each thought's state decodes to, in the last pass."""
    fed_apart: float
    """How far what was fed as thoughts is from what the states before them make, where no condition says otherwise."""

    @classmethod
    def of(cls, planned: Plan, recorder: StepRecorder, condition: int, row: int, texts: Sequence[str]) -> "_Told":
        """Write out each of an answer's sequences."""
        model, prompt, asked = planned.model, planned.prompts[row], planned.conditions[condition]
        segments = Segments.of(model, len(prompt), asked.num_thoughts)
        width = segments.before_answer - len(prompt)
        tail = tail_of(model, asked)
        seen = followed(
            planned.tree, recorder.steps, recorder.questions, condition, row, width, tail, model.num_thoughts
        )
        fed = seen.fed_in_passes(range(segments.begin, segments.begin + segments.thoughts))
        written = [model.tokenizer.encode(text, add_special_tokens=False) for text in texts]
        longest = max(map(len, written))
        factors = expected_factors(model, planned.problems[row].id, prompt, asked.on_edges, longest, segments.thoughts)
        states: list[Tensor] = []
        ends: list[Tensor] = []
        for number, ids in enumerate(written):
            passes = asked_in_passes(model, prompt, fed, [*model.end_ids, *ids])
            # What comes before the last pass is the same whatever is answered.
            for at, each in list(enumerate(passes))[0 if number == 0 else len(passes) - 1 :]:
                sequence = inputs(model, *each)
                (last,) = last_states(model, [sequence], [segments.of_pass(factors, at, len(sequence))], [()])
                (ends if at == len(passes) - 1 else states).append(last)
        states.append(ends[0])
        made = made_of(model, states, segments.slots.start, segments.thoughts)
        again = fed_of(model, thoughts(model, made)) if segments.thoughts else fed
        unpatched = unpatched_thoughts(planned, condition, row)
        return cls(
            answers=[
                _summed(model, end[segments.before_answer - 1 :], ids) for end, ids in zip(ends, written, strict=True)
            ],
            ids=written,
            before_thought=log_probabilities(model, made[len(made) - segments.thoughts :]),
            fed_apart=relative(fed[unpatched], again[unpatched]),
        )


def _summed(model: LatentReasoner, states: Tensor, ids: Sequence[int]) -> tuple[float, float]:
    """Log-probability of ids that follow last hidden states (ids + 1, D), and of the end after them."""
    each = log_probabilities(model, states)[torch.arange(len(ids) + 1), torch.tensor([*ids, model.eos_token_id])]
    return float(each[:-1].sum()), float(each[-1])

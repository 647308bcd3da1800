"""The teacher-forced pass is the engine's own model: what it writes is what is likeliest, in batches and alone."""

import json
from dataclasses import dataclass
from types import SimpleNamespace

import pytest
import torch

from ctlab.generation import generate
from ctlab.interventions import BASELINE
from ctlab.models import load_model
from ctlab.models.thought_program import EverySlot
from ctlab.problems import load_problems
from ctlab.reproduction.forced_pass import log_probabilities, why_not
from tests.models.families.golden_settings import golden_settings
from tests.shared_data import shared


def test_the_engines_answers_are_the_likeliest_tokens(tiny):
    problems = load_problems("tiny").problems[:6]
    runs = generate(tiny, problems, BASELINE, certificates=False)["baseline"]
    questions = [problem.question for problem in problems]
    said = [list(answer.token_ids) for answer in runs]
    together = log_probabilities(tiny, questions, said)
    for question, ids, scores in zip(questions, said, together, strict=True):
        (alone,) = log_probabilities(tiny, [question], [ids])
        torch.testing.assert_close(torch.tensor(scores), torch.tensor(alone), atol=1e-4, rtol=1e-4)
        for place in range(len(ids)):
            # No other token in its place is likelier: greedy decoding chose it.
            other = [*ids[:place], (ids[place] + 1) % tiny.logits_considered, *ids[place + 1 :]]
            assert log_probabilities(tiny, [question], [other])[0][place] <= scores[place]


def test_a_token_that_no_answer_can_hold_has_no_probability(tiny):
    ((score,),) = log_probabilities(tiny, ["Tom has 5 apples. How many?"], [[tiny.logits_considered]])
    assert score == float("-inf")


QUICK, SLOW = ("bmarti-m1-cot", "pccot-gpt2"), ("bmarti-m3-pause", "coconut-gpt2", "latenttts-codi", "pccot-llama")
FOLDERS = [*QUICK, *(pytest.param(name, marks=pytest.mark.slow) for name in SLOW)]


@pytest.mark.parametrize("name", FOLDERS)
def test_margins_are_those_of_the_float64_reference(name):
    """How far the likeliest second token lies before the next one, in every family."""
    folder = shared(f"golden/{name}")
    form = json.loads((folder / "expected.json").read_text())
    model = load_model(folder, settings=golden_settings(folder))
    baseline = form["conditions"]["baseline"]
    at = next(row for row, tokens in enumerate(baseline["tokens"]) if len(tokens) > 1)
    question, tokens, margins = form["questions"][at], baseline["tokens"][at], baseline["margins"][at]
    each = [[tokens[0], token] for token in range(model.logits_considered)]
    scores = [second for _, second in log_probabilities(model, [question] * len(each), each)]
    likeliest, next_one = sorted(scores, reverse=True)[:2]
    assert scores.index(likeliest) == tokens[1]
    assert likeliest - next_one == pytest.approx(margins[1], rel=1e-3, abs=1e-4)


@dataclass(frozen=True)
class Spiral:
    """A schedule that nobody has written a way for."""


@pytest.mark.parametrize(("schedule", "stop"), [(Spiral(), EverySlot()), (None, Spiral())])
def test_a_program_without_a_way_is_said(tiny, schedule, stop):
    assert why_not(tiny) == ""
    program = SimpleNamespace(schedule=schedule or tiny.program.schedule, stop=stop)
    assert why_not(SimpleNamespace(program=program)).endswith("go by Spiral")


def test_the_reference_tells_one_pass_from_three():
    """So a pass too few, as the sequential way through PCCoT was, would be seen."""
    folder = shared("golden/pccot-gpt2")
    form = json.loads((folder / "expected.json").read_text())
    question, tokens = form["questions"][0], form["conditions"]["baseline"]["tokens"][0]
    three, one = (
        log_probabilities(load_model(folder, settings={**golden_settings(folder), **more}), [question], [tokens])[0]
        for more in ({}, {"num_iterations": 1, "despite_files": ["num_iterations"]})
    )
    assert max(abs(a - b) for a, b in zip(three, one, strict=True)) > 0.01

"""The teacher-forced pass is the engine's own model: what it writes is what is likeliest, in batches and alone."""

import torch

from ctlab.generation import generate
from ctlab.interventions import BASELINE
from ctlab.problems import load_problems
from ctlab.reproduction.forced_pass import log_probabilities


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

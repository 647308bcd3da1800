"""Two findings of docs/field.md about the curriculum study, shown on the tiny checkpoints in its layout.

What is expected was answered by the study's own code (golden/README.md); here the engine answers.
"""

import json

import pytest

from ctlab.interventions import BASELINE
from tests.models.families.test_golden_families import Golden
from tests.shared_data import shared

ONE_PASS, SIX_PASSES = "pause_curriculum", "pause_multipass"
QUESTIONS = range(12)


def answers(golden, **settings):
    return golden.part([*QUESTIONS], **settings).answers([BASELINE], padding="as-published")["baseline"]


def same(one, other):
    return sum(first == second for first, second in zip(one, other, strict=True))


def test_six_passes_of_pauses_answer_what_one_pass_answers():
    """Claim 3 is therefore about training: at inference there is nothing sequential left to compute."""
    golden = Golden("bmarti-m4-pause-multipass")
    in_six = answers(golden, feedback_mode=SIX_PASSES)
    assert same(answers(golden, feedback_mode=ONE_PASS), in_six) == 12
    golden.meet(in_six, golden.form["conditions"]["baseline"])  # what the study's own six passes answered
    assert golden.form["settings"]["feedback_mode"] == SIX_PASSES
    # The same checkpoint answers otherwise where a thought is another vector: equal ids are not all that there can be.
    zeroed = next(form for name, form in golden.form["conditions"].items() if name.endswith("_zeros"))
    assert same(zeroed["tokens"], golden.form["conditions"]["baseline"]["tokens"]) < 12


@pytest.mark.parametrize("name", ["bmarti-m3-pause", "bmarti-m4-pause-multipass"])
def test_thoughts_counted_by_the_gold_solution_change_eleven_answers_of_twelve(name):
    """The published evaluation feeds min(6, gold steps) thoughts, so that the prompt says how long the solution is."""
    golden = Golden(name)
    steps = golden.form["n_steps"]
    by_steps: dict[int, list[int]] = {}
    for count in {min(6, each) for each in steps}:
        own = [index for index in QUESTIONS if min(6, steps[index]) == count]
        part = golden.part(own, num_latent=count)
        by_steps.update(zip(own, part.answers([BASELINE], padding="as-published")["baseline"], strict=True))
    counted = [by_steps[index] for index in QUESTIONS]
    golden.meet(counted, golden.form["conditions"]["baseline_thoughts_by_steps"])
    usual = answers(golden)
    differ = [index for index in QUESTIONS if counted[index] != usual[index]]
    assert len(differ) == 11
    # The only one that is left is that whose solution has six steps, where both feed the same prompt.
    assert [steps[index] for index in QUESTIONS if index not in differ] == [6]


def test_the_official_code_agrees():
    """What the study's code answered to the same checkpoints, counted: no engine of ours takes part in it."""
    for name in ("bmarti-m3-pause", "bmarti-m4-pause-multipass"):
        form = json.loads((shared(f"golden/{name}") / "expected.json").read_text())["conditions"]
        usual, counted = (form[each]["tokens"] for each in ("baseline", "baseline_thoughts_by_steps"))
        assert 12 - same(usual, counted) == 11
        assert form["baseline_thoughts_by_steps"]["official_tokens_agree"] == 12

from dataclasses import replace

import numpy as np
import pytest

from ctlab.interventions import BASELINE
from ctlab.outcomes import Run, classify
from ctlab.problems import Problem
from ctlab.records import Generation
from ctlab.reporting.model import Answer, Probed, ProblemDetails, read
from ctlab.reporting.prose.narrative import narrative
from ctlab.reporting.summaries.probed_problems import TOKENS, ProbedProblems
from tests.probes import measured as measurement
from tests.reporting.fake_measurements import fake_measurements

IDS = tuple(f"p{number}" for number in range(8))
MEASURED = fake_measurements(IDS)
PROBED = ProbedProblems(MEASURED)


def test_every_measured_problem_is_there():
    assert list(PROBED) == list(IDS)
    assert len(PROBED) == 8
    with pytest.raises(KeyError):
        PROBED["elsewhere"]


def test_one_problem_by_condition():
    found = PROBED["p3"]
    assert set(found["thoughts"]) == {"baseline", "ct0_blocked", "ct4_blocked", "ct0_from_ct2"}
    first = found["thoughts"]["baseline"][0]
    assert len(first) == TOKENS
    assert first[0]["token"] == MEASURED["baseline"].vocabulary[int(MEASURED["baseline"].decoded_ids[3, 0, 0])]
    assert set(found["divergence"]) == {"ct0_blocked", "ct4_blocked", "ct0_from_ct2"}


def test_attention_rows_sum_to_one_whatever_was_reached():
    for name in ("p0", "p3"):  # the last answer token of p0 was not reached
        for row in PROBED[name]["attention"]["baseline"]["mass"]:
            assert sum(row) == pytest.approx(1.0, abs=1e-3)


def answer(outcome: str = "CORRECT") -> Answer:
    return Answer(outcome=outcome, prediction="2", explanations=())


def test_the_narrative_tells_what_probes_saw():
    answers = {"baseline": answer(), "ct0_blocked": answer()}
    text = narrative("unchanged, right", "ct0_blocked", answers, read(Probed, PROBED["p3"], "p3"))
    assert "Under baseline the thoughts decode to" in text
    assert "Under ct0_blocked the hidden states leave baseline's at CT1" in text
    assert "Under ct0_blocked the largest gain of attention is CT1's for question" in text


def test_the_narrative_counts_the_other_conditions():
    answers = {"baseline": answer(), "ct0_blocked": answer("NONSENSE"), "a": answer(), "b": answer("UNEXPLAINED")}
    text = narrative("broken", "ct0_blocked", answers, Probed())
    assert "Of 2 other conditions, 1 got it right." in text


def test_decoded_numbers_are_matched_to_the_worked_solution():
    problem = Problem(
        question="2 packs of 6 and one of 9?", gold=21, solution="2*6 = <<2*6=12>>12\n12+9 = <<12+9=21>>21\n#### 21"
    )
    run = Run(
        condition=BASELINE,
        problems=(problem,),
        generations=(Generation(problem_id=problem.id, token_ids=(1,), text="The answer is: 21"),),
        classifications=(classify(problem, "The answer is: 21"),),
        certificate=None,
    )
    one = measurement.make(n=1, baseline=True, answers=0, top=1)
    vocabulary = {**one.vocabulary, 50: " 12", 51: "21", 52: "9"}
    ids = np.array([[[50], [51], [52], [0], [0], [0]]], dtype=np.int32)
    measured = replace(one, problem_ids=(problem.id,), vocabulary=vocabulary, decoded_ids=ids)
    found = ProbedProblems({"baseline": measured}, {"baseline": run})[problem.id]
    # 9 is in the question, where it could be copied from: it is no intermediate result.
    assert [step[0]["is"] for step in found["thoughts"]["baseline"]] == ["step", "answer", None, None, None, None]
    assert found["answers"]["baseline"]["outcome"] == "CORRECT"
    details = read(ProblemDetails, found, "details")
    text = narrative("x", "baseline", details.answers, details)
    assert "(1 result of a step of the worked solution and the right answer among them)" in text


def test_thoughts_of_a_problem_without_numbers_decode_to_no_result():
    problems = tuple(Problem(question=f"{name}?", gold="yes", kind="boolean") for name in IDS)
    said = tuple(Generation(problem_id=problem.id, token_ids=(), text="no") for problem in problems)
    measured = fake_measurements(tuple(problem.id for problem in problems))
    found = ProbedProblems(measured, {"baseline": Run.of(BASELINE, problems, said)})[problems[0].id]
    assert found["answers"]["baseline"]["prediction"] == "false"
    tokens = [token for thought in found["thoughts"]["baseline"] for token in thought]
    assert not any(token.get("result") for token in tokens)

import pytest

from ctlab.reporting.narrative import narrative
from ctlab.reporting.probed import TOKENS, ProbedProblems
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


def test_the_narrative_tells_what_probes_saw():
    right = {"outcome": "CORRECT", "prediction": "2", "explanations": []}
    text = narrative({"impact": "unchanged, right"}, {"baseline": right}, PROBED["p3"])
    assert "the thoughts decode to" in text
    assert "Under ct0_blocked the hidden states leave baseline's at CT1" in text
    assert "Under ct0_blocked the largest gain of attention is CT1's for question" in text

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.claims import Direction, Kind, judge
from ctlab.claims.evidence import contradictions
from ctlab.claims.judge import decide
from ctlab.errors import ClaimError
from ctlab.interventions import Condition
from ctlab.records import Effect, Judgement, Verdict
from ctlab.statistics import clustered_difference, equivalence, error_mix, paired_difference, rate_difference
from ctlab.statistics.joint.intersection_union import all_of
from tests.claims.making import ALPHA, CONTROLLED, CONTROLS, EQUIVALENCE, claim, runs
from tests.statistics.fake_runs import FakeRun, Question, certificate

SUPPORTED, REFUTED, INCONCLUSIVE, VOID = Verdict.SUPPORTED, Verdict.REFUTED, Verdict.INCONCLUSIVE, Verdict.VOID
DECREASE, INCREASE, CHANGE = claim(), claim(Direction.INCREASE), claim(Direction.CHANGE)


def difference(lost, gained, n=1319, *, alternative="less", margin=0.0):
    return paired_difference(lost, gained, n, alternative=alternative, margin=margin, alpha=ALPHA)


@pytest.mark.parametrize(
    ("judged", "effect", "verdict"),
    [
        (DECREASE, difference(230, 29), SUPPORTED),
        (DECREASE, difference(29, 230), REFUTED),
        (DECREASE, difference(30, 29), INCONCLUSIVE),
        (DECREASE, difference(0, 0), INCONCLUSIVE),
        (DECREASE, difference(45, 2, 49), INCONCLUSIVE),
        (DECREASE, difference(45, 2, 50), SUPPORTED),
        (INCREASE, difference(29, 230, alternative="greater"), SUPPORTED),
        (INCREASE, difference(230, 29, alternative="greater"), REFUTED),
        (claim(margin=0.05), difference(230, 29, margin=0.05), SUPPORTED),
        (claim(margin=0.15), difference(230, 29, margin=0.15), INCONCLUSIVE),
        (claim(margin=0.20), difference(230, 29, margin=0.20), REFUTED),
        (CHANGE, difference(230, 29, alternative="two-sided"), SUPPORTED),
        (CHANGE, difference(30, 29, alternative="two-sided"), INCONCLUSIVE),
        (EQUIVALENCE, equivalence(10, 9, 1319, margin=0.02, alpha=ALPHA), SUPPORTED),
        (EQUIVALENCE, equivalence(0, 0, 1319, margin=0.02, alpha=ALPHA), SUPPORTED),
        (EQUIVALENCE, equivalence(100, 90, 1319, margin=0.02, alpha=ALPHA), INCONCLUSIVE),
        (EQUIVALENCE, equivalence(10, 90, 1319, margin=0.02, alpha=ALPHA), REFUTED),
        (EQUIVALENCE, equivalence(90, 10, 1319, margin=0.02, alpha=ALPHA), REFUTED),
    ],
)
def test_the_decision_table(judged, effect, verdict):
    judgement = judge(judged, effect, alpha=ALPHA)
    assert judgement.verdict == verdict
    assert Judgement.from_json(json.loads(json.dumps(judgement.to_json()))) == judgement


def test_exact_p_and_interval_must_agree():
    # z = 2.24 puts 0 outside Tango's 90 % interval, and the exact p of five against none, .03, is below .05 …
    assert decide(INCREASE, paired_difference(0, 5, 200, alternative="greater"), 0.05) == SUPPORTED
    # … but four against none give p = .0625 although 0 is outside the interval.
    four = paired_difference(0, 4, 200, alternative="greater")
    assert four.low > 0
    assert decide(INCREASE, four, 0.05) == INCONCLUSIVE


def test_small_subgroups_decide_nothing():
    effect = difference(230, 29)
    small = Effect.from_json({**effect.to_json(), "groups": {"single-step": 49, "multi-step": 1270}})
    judgement = judge(DECREASE, small, alpha=ALPHA)
    assert judgement.verdict == INCONCLUSIVE
    assert judgement.why == "Under 50 problems nothing is decided: there are 49 (single-step)."
    assert judgement.reason.endswith(judgement.why)
    assert judgement.outlook == ""


def test_what_cannot_be_estimated_is_inconclusive_without_a_number():
    judgement = judge(CONTROLLED, difference(230, 29).no_estimate("separation: all wrong"), alpha=ALPHA)
    assert judgement.verdict == Verdict.INCONCLUSIVE
    assert judgement.reason == "no estimate (n = 1,319). Not decided: separation: all wrong."


def test_what_statistics_call_undecided_is_inconclusive():
    effect = Effect.from_json({**difference(230, 29).to_json(), "undecided": "separation: all wrong"})
    judgement = judge(DECREASE, effect, alpha=ALPHA)
    assert judgement.verdict == INCONCLUSIVE
    assert "separation: all wrong" in judgement.reason


def test_a_vector_test_is_decided_by_p_alone_and_never_refuted():
    mix = claim(Direction.CHANGE, kind=Kind.ERROR_MIX)
    row = {**difference(3, 9, alternative="two-sided").to_json(), "low": 0.0, "high": 0.1, "estimate": 0.05}
    assert decide(mix, Effect.from_json({**row, "p_value": 0.001}), ALPHA) == SUPPORTED
    assert decide(mix, Effect.from_json({**row, "p_value": 0.9}), ALPHA) == INCONCLUSIVE


def test_one_part_refutes_the_whole():
    parts = {name: equivalence(0, gained, 1319, margin=0.02, alpha=ALPHA) for name, gained in (("a", 90), ("b", 3))}
    assert decide(EQUIVALENCE, all_of(parts, parts, null="x"), ALPHA) == REFUTED


sides = st.sampled_from(
    [(DECREASE, "less"), (INCREASE, "greater"), (CHANGE, "two-sided"), (claim(margin=0.02), "less"), (EQUIVALENCE, "")]
)


@given(sides, st.integers(0, 200), st.integers(0, 200), st.integers(400, 1500), st.sampled_from([0.05, ALPHA]))
def test_verdicts_are_consistent(side, lost, gained, n, alpha):
    judged, alternative = side
    effect = (
        paired_difference(lost, gained, n, alternative=alternative, margin=judged.margin, alpha=alpha)
        if alternative
        else equivalence(lost, gained, n, margin=judged.margin, alpha=alpha)
    )
    verdict = decide(judged, effect, alpha)
    assert verdict != VOID
    if verdict == SUPPORTED:
        assert effect.p_value <= alpha
    # The opposite claim of the same data never gets the same decided verdict.
    if alternative in ("less", "greater") and not judged.margin:
        other = claim(Direction.INCREASE if alternative == "less" else Direction.DECREASE)
        mirror = paired_difference(
            lost, gained, n, alternative="greater" if alternative == "less" else "less", alpha=alpha
        )
        assert (verdict, decide(other, mirror, alpha)) not in [(SUPPORTED, SUPPORTED), (REFUTED, REFUTED)]


EFFECT = difference(230, 29)


def test_evidence_in_order():
    judgement = judge(CONTROLLED, EFFECT, alpha=ALPHA, runs=runs())
    assert judgement.verdict == SUPPORTED
    assert judgement.flags == ()
    assert len(judgement.controls) == 3
    assert len(judgement.examples) == 2


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        (
            {"certificates": {"ct0_blocked": certificate("ct0_blocked", passed=False)}},
            "the certificate of ct0_blocked failed",
        ),
        ({"certificates": {"baseline": certificate("baseline", passed=False)}}, "the certificate of baseline failed"),
        ({"certificates": {"ct0_blocked": certificate("ct0_blocked", weakened=0)}}, "weakened no attention edge"),
        ({"negative": (180, 3)}, "control question_control_later contradicts"),
    ],
)
def test_contradicted_evidence_is_void_before_anything_else(changed, reason):
    judgement = judge(CONTROLLED, EFFECT, alpha=ALPHA, runs=runs(**changed))
    assert judgement.verdict == VOID
    assert reason in judgement.reason
    assert judgement.reason.startswith("Nothing can be concluded")
    small = replace(difference(4, 0, 10), lost=None, gained=None)
    small = judge(CONTROLLED, small, alpha=ALPHA, runs=runs(**changed))
    assert small.verdict == VOID


def test_replacing_a_thought_is_a_treatment_though_no_edge_is_weakened():
    proof = certificate("ct0_blocked", weakened=0, replaced=4)
    assert judge(CONTROLLED, EFFECT, alpha=ALPHA, runs=runs(certificates={"ct0_blocked": proof})).verdict == SUPPORTED


def test_a_sabotaged_no_op_is_void():
    given = runs()
    given["no_op"] = FakeRun("no_op", given["no_op"].labels, texts=("x",) * 1319, certificate=certificate("no_op"))
    assert judge(CONTROLLED, EFFECT, alpha=ALPHA, runs=given).verdict == VOID


def test_a_control_that_cannot_tell_is_flagged():
    judgement = judge(CONTROLLED, EFFECT, alpha=ALPHA, runs=runs(negative=(62, 10)))
    assert judgement.verdict == SUPPORTED
    assert judgement.flags[0].startswith("control question_control_later: −3.9 points")


def test_a_claim_is_judged_by_clusters_as_by_problems():
    given = runs()
    had, has = (given[name].has("CORRECT") for name in ("baseline", "ct0_blocked"))
    spread, single = [row % 100 for row in range(1319)], [row * 3 // 1319 for row in range(1319)]
    for clusters, verdict in ((spread, SUPPORTED), (single, INCONCLUSIVE)):
        effect = clustered_difference(had, has, clusters, alternative="less", alpha=ALPHA)
        assert judge(CONTROLLED, effect, alpha=ALPHA, runs=given).verdict == verdict


def test_recorded_answers_are_judged_and_flagged():
    given = {name: run for name, run in runs().items() if name in ("baseline", "ct0_blocked")}
    given = {name: FakeRun(name, run.labels) for name, run in given.items()}
    effect = rate_difference("CORRECT", given["baseline"], given["ct0_blocked"], Question(alpha=ALPHA))
    judgement = judge(CONTROLLED, effect, alpha=ALPHA, runs=given)
    assert judgement.verdict == SUPPORTED
    unproven = "has no certificate; its file's name is all that says what was hidden"
    assert judgement.flags[:2] == (f"recorded: baseline {unproven}", f"recorded: ct0_blocked {unproven}")
    assert "control no_op: no_op was not run" in judgement.flags


def test_identical_conditions_are_flagged():
    same = certificate("ct0_blocked", identical_to="ct0_from_answer")
    judgement = judge(CONTROLLED, EFFECT, alpha=ALPHA, runs=runs(certificates={"ct0_blocked": same}))
    assert "same: ct0_blocked does to the model exactly what ct0_from_answer does" in judgement.flags


@pytest.mark.parametrize(
    ("feature", "count", "flag"),
    [
        ("n_operations", 8, "left out: 8 of 1,319 problems have no n_operations"),
        ("n_operations >= 3", 1, "left out: 1 of 1,319 problems has no n_operations"),
        ("n_tokens", 0, None),
    ],
)
def test_problems_without_the_feature_are_flagged(feature, count, flag):
    grows = claim(Direction.INCREASE, kind=Kind.INTERACTION, feature=feature, controls=CONTROLS)
    effect = difference(20, 30, 1319 - count, alternative="greater").with_details(feature=feature, left_out=count)
    assert judge(grows, effect, alpha=ALPHA).flags == (() if flag is None else (flag,))


def test_a_no_op_that_weakens_the_baselines_edges_is_as_it_should_be():
    same = certificate("no_op", weakened=0, identical_to="baseline")
    assert judge(CONTROLLED, EFFECT, alpha=ALPHA, runs=runs(certificates={"no_op": same})).flags == ()


@pytest.mark.parametrize(
    ("effect", "message"),
    [
        (difference(230, 29, alternative="greater"), "says decrease, which is tested as 'less'"),
        (difference(230, 29, alternative="two-sided"), "was tested as 'two-sided'"),
        (difference(230, 29, margin=0.05), "has the margin 0 and the effect was tested at 0.05"),
        (paired_difference(230, 29, 1319, alternative="less"), "takes an interval of level 0.9833"),
    ],
)
def test_an_effect_that_answers_another_question_is_an_error_and_no_verdict(effect, message):
    with pytest.raises(ClaimError, match=message):
        judge(DECREASE, effect, alpha=ALPHA)


def test_an_interval_a_little_too_narrow_is_an_error_and_rounding_is_not():
    # α = .05/6 on one side takes level .9833; .95, what a test at α = .025 gives, is near and is not it
    near = paired_difference(230, 29, 1319, alternative="less", alpha=0.025)
    with pytest.raises(ClaimError, match=r"takes an interval of level 0\.9833, and the effect's has 0\.95;"):
        judge(DECREASE, near, alpha=ALPHA)
    row = EFFECT.to_json()
    with pytest.raises(ClaimError, match="takes an interval of level"):
        judge(DECREASE, Effect.from_json({**row, "level": row["level"] - 1e-6}), alpha=ALPHA)
    rounded = Effect.from_json({**row, "level": row["level"] - 1e-12})
    assert judge(DECREASE, rounded, alpha=ALPHA).verdict == SUPPORTED


@pytest.mark.parametrize(("margin", "verdict"), [(0.02, SUPPORTED), (0.15, INCONCLUSIVE), (0.3, REFUTED)])
def test_an_error_mix_with_a_margin_is_judged_from_one_side(margin, verdict):
    mix = claim(Direction.CHANGE, kind=Kind.ERROR_MIX, margin=margin)
    before = ["CALC_ERROR"] * 200 + ["LOGIC_ERROR"] * 200 + ["CORRECT"] * 200
    after = ["CALC_ERROR"] * 130 + ["LOGIC_ERROR"] * 270 + ["CORRECT"] * 200
    mixed = FakeRun("baseline", tuple(before)), FakeRun("ct0_blocked", tuple(after))
    effect = error_mix(*mixed, Question("change", margin=margin, alpha=ALPHA), power=False)
    assert effect.estimate == pytest.approx(70 / 400)
    assert judge(mix, effect, alpha=ALPHA).verdict == verdict
    two_sided = Effect.from_json({**effect.to_json(), "alternative": "two-sided"})
    with pytest.raises(ClaimError, match="is tested as 'greater', and the effect was tested as 'two-sided'"):
        judge(mix, two_sided, alpha=ALPHA)


def test_runs_that_were_labelled_by_different_forms_are_void():
    given = runs()
    effect = difference(230, 29)
    given["baseline"] = Labelled(given["baseline"], frozenset({"The answer is: N"}))
    given["ct0_blocked"] = Labelled(given["ct0_blocked"], frozenset({"The answer is: N", "/ N"}))
    judgement = judge(claim(), effect, alpha=ALPHA, runs=given)
    assert judgement.verdict == Verdict.VOID
    assert "baseline and ct0_blocked were labelled by different forms of answers (0 are forms of" in judgement.reason
    given["ct0_blocked"] = Labelled(given["ct0_blocked"].run, given["baseline"].forms, mislabelled=7)
    judgement = judge(claim(), effect, alpha=ALPHA, runs=given)
    assert "7 labels of ct0_blocked follow other forms" in judgement.reason
    given["ct0_blocked"] = Labelled(given["ct0_blocked"].run, given["baseline"].forms)
    assert judge(claim(), effect, alpha=ALPHA, runs=given).verdict == Verdict.SUPPORTED


class Written(FakeRun):
    """A run whose model wrote its steps, so that no form is known to hold them to."""

    @property
    def condition(self):
        return Condition(name=self.name, thinking="explicit")


def test_right_and_wrong_are_compared_across_ways_of_thinking_and_labels_are_not():
    given = runs()
    given["baseline"] = Labelled(given["baseline"], frozenset({"The answer is: N"}))
    written = Written("ct0_blocked", given["ct0_blocked"].labels, certificate=given["ct0_blocked"].certificate)
    given["ct0_blocked"] = Labelled(written, frozenset())
    right, label = (claim(outcome=outcome) for outcome in ("CORRECT", "CALC_ERROR"))
    forms = "labelled by different forms of answers"
    assert not any(forms in each for each in contradictions(right, given, ()))
    assert any(forms in each for each in contradictions(label, given, ()))


class Labelled:
    def __init__(self, run, forms, mislabelled=0):
        self.run, self.forms, self.mislabelled = run, forms, mislabelled

    def __getattr__(self, name):
        return getattr(self.run, name)

"""Answers made so that a verdict hangs on one thing: who is paired with whom, how α is shared, how many sides count."""

from ctlab.statistics import paired_difference
from tests.plugin.suite import BENCH, rows, run, write_suite

N = 120
ALPHA = 0.05 / 3
"""What each of the suite's three claims has of its family's α."""
SCRIPTED = """
class Scripted(FakeEngine):
    def answer(self, problem, condition):
        row = int(problem.question.split()[2]) - 1
        wrong = row in WRONG.get(condition.name, WRONG["baseline"])
        text = "The answer is: 7777" if wrong else f"The answer is: {problem.gold_number}"
        return Generation(problem_id=problem.id, token_ids=tuple(text.encode()), text=text)
"""


def judged(pytester, **wrong):
    """Run the suite on answers that are wrong on these rows, by condition; any other answers as the baseline does."""
    write_suite(pytester, n=N)
    engine = f"from ctlab.records.generation import Generation\n\nWRONG = {wrong!r}\n{SCRIPTED}"
    bench = BENCH.replace("from fakes import FakeEngine\n", f"from fakes import FakeEngine\n{engine}")
    (pytester.path / "bench.py").write_text(bench.replace("return FakeEngine()", "return Scripted()"), encoding="utf-8")
    run(pytester, "hypotheses/")
    return rows(pytester)


def test_a_loss_is_found_by_comparing_each_problem_with_itself(pytester):
    """Half are wrong under both, every other row: compared with its neighbour, almost every problem would change."""
    every_other = set(range(0, N, 2))
    claims = judged(pytester, baseline=every_other, ct0_blocked=every_other | set(range(1, 17, 2)))
    effect = claims["ct0-lowers"]["effect"]
    assert (effect["lost"], effect["gained"]) == (8, 0)
    assert claims["ct0-lowers"]["verdict"] == "SUPPORTED"
    assert claims["ct0-raises"]["verdict"] == "REFUTED"


def test_a_claim_is_judged_at_its_share_of_the_familys_level(pytester):
    """Five lost and none gained, p = 1/32: enough at α = .05, which this family's three claims share."""
    claim = judged(pytester, baseline=set(), ct0_blocked=set(range(5)))["ct0-lowers"]
    assert claim["effect"]["p_value"] == 1 / 32
    assert ALPHA < 1 / 32 < 0.05
    assert paired_difference(5, 0, N, alternative="less", alpha=0.05).high < 0
    assert claim["verdict"] == "INCONCLUSIVE"


def test_a_change_is_tested_on_both_sides(pytester):
    """Nine lost and one gained: twice the tail of 11/1024 is above α, although the interval lies below 0."""
    claim = judged(pytester, baseline={9}, ct4_blocked=set(range(9)))["ct4-changes"]
    assert (claim["effect"]["lost"], claim["effect"]["gained"]) == (9, 1)
    assert claim["effect"]["high"] < 0
    assert 11 / 1024 < ALPHA < claim["effect"]["p_value"] == 22 / 1024
    assert claim["verdict"] == "INCONCLUSIVE"

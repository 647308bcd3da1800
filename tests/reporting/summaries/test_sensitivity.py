import itertools

import pytest

from ctlab.errors import PairingError
from ctlab.interventions import Condition
from ctlab.outcomes import Run
from ctlab.problems import Problem
from ctlab.records.fields import Fields
from ctlab.records.generation import Generation
from ctlab.reporting import problem_sensitivity
from ctlab.reporting.model import ProblemRow
from ctlab.reporting.summaries.sensitivity_groups import bins
from tests.reporting.small_runs import problems, run

ASKED = problems(90)
LONG = [k for k in range(90) if k % 3 == 2]


@pytest.fixture(scope="module")
def tables():
    runs = {
        "baseline": run("baseline", ASKED, [0, 1, 2]),
        "ct0_blocked": run("ct0_blocked", ASKED, [0, 3, *LONG[1:20]]),
        "no_op": run("no_op", ASKED, [0, 1, 2]),
    }
    return problem_sensitivity(runs)


def test_one_row_a_problem_with_its_impact(tables):
    rows, _ = tables
    assert len(rows) == 90
    assert rows[0]["impact"] == {"ct0_blocked": 0, "no_op": 0}
    assert rows[1]["impact"]["ct0_blocked"] == -1
    assert rows[3]["impact"]["ct0_blocked"] == 1
    assert rows[5]["n_operations"] == 3
    assert rows[5]["has_division"]


def test_counts_of_a_condition(tables):
    _, summary = tables
    row = summary["conditions"]["ct0_blocked"]
    assert (row["n"], row["broken"], row["fixed"]) == (90, 20, 2)
    assert row["features"]["n_operations"]["pearson"]["estimate"] > 0.3
    assert row["features"]["n_operations"]["interaction"]["unit"] == "log-odds per operation"


def test_a_condition_without_effect_has_no_correlation_and_says_why(tables):
    cell = tables[1]["conditions"]["no_op"]["features"]["n_operations"]
    assert cell["pearson"] == {"estimate": None, "reason": "not defined: one side is constant", "n": 90}


def test_types_cover_all_problems(tables):
    kinds = tables[1]["conditions"]["ct0_blocked"]["types"]
    by_number = [kind for kind in kinds if kind["feature"] == "n_operations"]
    assert [kind["label"] for kind in by_number] == ["1 operation", "2 operations", "3 operations"]
    assert sum(kind["n"] for kind in by_number) == 90
    division = {kind["label"]: kind for kind in kinds if kind["feature"] == "has_division"}
    assert division["with division"]["broken"] == 19
    assert division["with division"]["estimate"] == pytest.approx((division["with division"]["fixed"] - 19) / 30)
    empty = next(kind for kind in kinds if kind["label"] == "with fractions")
    assert (empty["n"], empty["estimate"]) == (0, None)


def test_profile_is_among_baseline_correct_problems(tables):
    profile = tables[1]["conditions"]["ct0_blocked"]["profile"]
    assert (profile["n"], profile["n_broken"], profile["n_unchanged"]) == (87, 20, 67)
    assert profile["features"]["has_division"]["broken"] == pytest.approx(19 / 20)
    assert profile["features"]["has_division"]["auc"]["estimate"] > 0.8


def test_bins_keep_ties_together_and_lose_nobody():
    rows = [
        ProblemRow(problem_id="p", n_tokens=value, impact={"x": 0}, correct={"baseline": True})
        for value in [1] * 50 + list(range(2, 40)) + [99] * 3 + [None]
    ]
    found = bins(rows, "x", "n_tokens")
    assert sum(group.n for group in found) == 91
    assert found[0].n == 50
    assert all(one.end < other.start for one, other in itertools.pairwise(found))


def test_unlike_runs_are_refused():
    with pytest.raises(PairingError, match="no such run"):
        problem_sensitivity({"ct0_blocked": run("ct0_blocked", ASKED)})
    with pytest.raises(PairingError, match="same problems"):
        problem_sensitivity({"baseline": run("baseline", ASKED), "ct0_blocked": run("ct0_blocked", ASKED[1:])})


def test_problems_without_numbers_are_described_by_what_their_rows_carry():
    asked = tuple(
        Problem(
            question=f"Is it {k}?",
            gold="yes",
            kind="boolean",
            fields=Fields({"steps": ["one"] * (1 + k % 3), "edges": [[0, 1], [1, 2]]}),
        )
        for k in range(60)
    )
    runs = {name: text_run(name, asked, wrong) for name, wrong in (("baseline", ()), ("ct0_blocked", range(0, 60, 3)))}
    rows, summary = problem_sensitivity(runs)
    assert (rows[1]["n_hops"], rows[1]["n_edges"], rows[1].get("n_operations")) == (2, 2, None)
    row = summary["conditions"]["ct0_blocked"]
    assert list(row["features"]) == ["n_tokens", "n_hops"]  # all have two edges
    assert row["features"]["n_hops"]["pearson"]["estimate"] < -0.5
    assert row["features"]["n_hops"]["interaction"]["unit"] == "log-odds per step"
    assert row["types"] == []


def text_run(name, asked, wrong):
    texts = ("no" if k in wrong else "yes" for k in range(len(asked)))
    generations = [
        Generation(problem_id=problem.id, token_ids=(), text=said) for problem, said in zip(asked, texts, strict=True)
    ]
    return Run.of(Condition(name=name), asked, generations)

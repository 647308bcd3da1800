"""Two files become a judgement, from Python."""

import json
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import ctlab
from ctlab.errors import InputError
from ctlab.judging import judge_files
from ctlab.records import Effect, Verdict
from tests.judging.rows import results, scored

BEFORE, AFTER = [True] * 60 + [False] * 40, [True] * 40 + [False] * 60


def test_the_public_name_judges_lists():
    found = ctlab.judge_results(BEFORE, AFTER)
    assert (found.verdict, found.lost, found.gained, found.n) == (Verdict.SUPPORTED, 20, 0, 100)
    assert found.effect.estimate == -0.2
    assert found.statement == "A and B differ"
    assert repr(found) == (
        "<✓ SUPPORTED: A and B differ. B − A: −20.0 points [−29.2 to −13.1, 95 %], lost 20, gained 0, n = 100; "
        "unregistered>"
    )


@pytest.mark.parametrize(
    ("expect", "verdict"),
    [
        ("B lower than A by 5", Verdict.SUPPORTED),
        ("B higher than A", Verdict.REFUTED),
        ("A > B", Verdict.SUPPORTED),
        ("B not worse than A by 5", Verdict.REFUTED),
        ("A not worse than B by 5", Verdict.SUPPORTED),
        ("A and B within 5", Verdict.REFUTED),
        ("A and B within 45", Verdict.INCONCLUSIVE),
        ("B lower than A by 20", Verdict.INCONCLUSIVE),
    ],
)
def test_what_is_expected_is_judged(expect, verdict):
    found = ctlab.judge_results(BEFORE, AFTER, expect=expect)
    assert (found.verdict, found.passed) == (verdict, verdict is Verdict.SUPPORTED)
    assert found.difference.alternative == "two-sided"


def test_a_margin_that_the_baseline_leaves_no_room_for_decides_nothing():
    """60 of 100 are right, and 60 points could be lost: a margin of 45 points needs twice as many."""
    found = ctlab.judge_results(BEFORE, AFTER, expect="A and B within 45")
    assert "no room to fall that 45.0 points could be seen in" in found.why
    nearly_none = [False] * 198 + [True] * 2
    found = ctlab.judge_results(nearly_none, nearly_none[::-1], expect="B not worse than A by 2")
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "no room to fall" in found.why


def test_without_an_expectation_nothing_fails():
    found = ctlab.judge_results(AFTER, AFTER, margin=10)
    assert (found.verdict, found.passed, found.statement) == (
        Verdict.SUPPORTED,
        True,
        "A and B lie within ±10.0 points",
    )
    assert ctlab.judge_results(AFTER, AFTER).passed


def test_every_judgement_is_unregistered():
    for found in judge_files([BEFORE, AFTER, AFTER]):
        assert any(flag.startswith("unregistered") for flag in found.flags)
        assert any(flag.startswith("unregistered") for flag in found.to_json()["flags"])


def test_under_fifty_problems_nothing_is_decided():
    found = ctlab.judge_results([True] * 49, [False] * 49)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert "Under 50 problems nothing is decided" in found.why


def test_where_most_problems_have_no_partner_all_is_void():
    first = results([{"problem": str(n), "score": 1.0} for n in range(200)])
    second = results([{"problem": str(n + 120), "score": 0.0} for n in range(200)])
    found = ctlab.judge_results(first, second, expect="B lower than A")
    assert (found.verdict, found.passed) == (Verdict.VOID, False)
    assert "only 80 of 200 (40.0 %) problems of the smaller file can be compared" in found.why
    assert "left out: 120 problems only in A (0, 1, 2, 3, 4 …)" in found.flags


def test_a_smaller_file_is_compared_where_it_is_and_the_rest_said():
    found = ctlab.judge_results(scored([1.0] * 200), scored([1.0] * 100))
    assert (found.n, found.verdict) == (100, Verdict.INCONCLUSIVE)
    assert found.alone == (tuple(map(str, range(100, 200))), ())


def test_repeats_are_no_problems():
    """100 problems, 10 answers each: the interval is that of 100 problems."""
    chance = random.Random(1)
    rates = [chance.random() for _ in range(100)]
    first, second = (
        results(
            [
                {"problem": str(n), "repeat": repeat, "score": float(chance.random() < rate)}
                for n, rate in enumerate(rates)
                for repeat in range(10)
            ]
        )
        for _ in range(2)
    )
    found = ctlab.judge_results(first, second)
    assert (found.n, found.effect.n, found.files[0].repeats, found.files[0].rows) == (100, 100, 10, 1000)
    assert found.effect.lost is None
    assert found.lost + found.gained <= 100
    assert "up to 10 answers a problem: each problem counts once, with its mean score" in found.flags


def test_examples_are_the_first_five_of_each_cut():
    long = "x" * 1000
    first = [{"id": n, "question": f"Q{n} {long}", "answer": f"{long} #### 1", "gold": "1"} for n in range(60)]
    second = [{**row, "answer": f"{long} #### 2"} if row["id"] >= 50 else row for row in first]
    found = ctlab.judge_results(first, second)
    assert [(each.problem, each.change) for each in found.examples] == [(str(n), "lost") for n in range(50, 55)]
    example = found.examples[0]
    assert example.question.startswith("Q50 x")
    assert example.answers["B"].endswith("#### 2")
    assert max(map(len, (example.question, *example.answers.values()))) <= 300


def test_of_repeats_the_example_is_the_answer_that_changed():
    texts = {"A": ["#### 2", "#### 1", "#### 1"], "B": ["#### 1", "#### 3", "#### 2"]}
    files = [
        [
            {"id": n, "repeat": repeat, "answer": text, "gold": "so #### 1"}
            for n in range(60)
            for repeat, text in enumerate(side)
        ]
        for side in texts.values()
    ]
    example = ctlab.judge_results(*files).examples[0]
    assert (example.change, example.gold, dict(example.answers)) == ("lost", "1", {"A": "#### 1", "B": "#### 3"})


def test_equal_answers_are_said():
    rows = [{"id": n, "answer": f"#### {n % 3}", "gold": "1"} for n in range(60)]
    found = ctlab.judge_results(rows, [dict(row) for row in rows])
    assert "every answer of B is, letter for letter, that of A" in found.flags


def test_a_margin_like_a_proportion_is_pointed_out():
    found = ctlab.judge_results(BEFORE, AFTER, margin=0.02)
    assert any("0.02 points" in flag and "for 2 points write --margin 2" in flag for flag in found.flags)


@pytest.mark.parametrize(
    ("margin", "size"), [(2.25, "2.25"), (0.05, "0.05"), (1e-9, "0.000000001"), (1e-20, "1e−20"), (7, "7.0")]
)
def test_a_margin_is_said_to_the_digit_wherever_it_is(margin, size):
    found = ctlab.judge_results(BEFORE, AFTER, margin=margin)
    assert found.to_json()["statement"] == f"A and B lie within ±{size} points"
    assert f"±{size} points" in found.why
    assert all(f"the margin is {size} points" in flag for flag in found.flags if flag.startswith("the margin"))


@pytest.mark.parametrize("options", [{}, {"margin": 5}, {"expect": "B lower"}, {"expect": "B not worse by 5"}])
def test_one_repeated_problem_is_too_few_and_no_error(options):
    """A mean of one number has no spread: whatever was asked stays open, as without repeats."""
    first, second = (results([{"problem": "a", "repeat": at, "score": at * side} for at in (0, 1)]) for side in (0, 1))
    found = ctlab.judge_results(first, second, **options)
    assert (found.verdict, found.n, found.effect.p_value) == (Verdict.INCONCLUSIVE, 1, 1.0)
    assert (found.difference.estimate, found.difference.low, found.difference.high) == (0.5, -1.0, 1.0)
    assert "Under 50 problems" in found.why
    more = results([*({"problem": f"z{at}", "score": 1.0} for at in range(12)), {"problem": "a", "score": 1.0}])
    found = ctlab.judge_results(first, more, **options)
    assert found.verdict is Verdict.INCONCLUSIVE
    both = results([*({"problem": f"y{at}", "score": 1.0} for at in range(12)), *({"problem": "a", "score": 0.5},)])
    found = ctlab.judge_results(both, more, **options)
    assert found.verdict is Verdict.VOID
    assert "only 1 of 13 (7.7 %) problems of the smaller file can be compared" in found.why


def test_a_group_of_one_repeated_problem_is_no_error():
    files = [
        results(
            [
                {"problem": str(n), "repeat": r, "score": float((7 * n + r * side) % 3 > 0), "fields": {"g": n == 0}}
                for n in range(60)
                for r in range(3)
            ]
        )
        for side in (0, 1)
    ]
    found = ctlab.judge_results(*files, by="g")
    assert {group.effect.n for group in found.grouped.groups} == {1, 59}
    assert "no number of problems would settle it" in found.outlook  # it is 0, but for what additions leave


def test_an_answer_that_failed_is_left_out_whatever_it_said():
    right = [{"id": n, "answer": "#### 1", "gold": "1"} for n in range(80)]
    failed = [{**row, "answer": "let me think", "error": "timeout"} if row["id"] < 20 else row for row in right]
    for second in (failed, [{**row, "score": 0 if row.get("error") else 1} for row in failed]):
        found = ctlab.judge_results(right, second)
        assert (found.n, found.lost, found.files[1].problems) == (60, 0, 80)
        assert (
            "left out: 20 answers of B (item 0, item 1, item 2 …): something went wrong there, which is no wrong answer"
            in found.flags
        )
    with pytest.raises(InputError, match="item 0 of A has the error 'True', and an error says what went wrong"):
        ctlab.judge_results([{"answer": "1", "gold": "1", "error": True}], right)


def test_ids_that_stand_twice_are_named():
    rows = [{"id": n, "answer": f"#### {n % 2}", "gold": "1"} for n in range(60)]
    found = ctlab.judge_results(rows, [*rows, {**rows[7], "answer": "#### 5"}])
    assert (found.files[1].fewest_repeats, found.files[1].repeats) == (1, 2)
    assert "B: id '7' stands twice (item 7, item 60) with different answers: counted as repeats" in found.flags


def test_of_several_files_every_note_says_which_two_are_meant():
    files = [results([{"problem": str(n), "score": float(n % 2)} for n in range(size)]) for size in (100, 100, 60)]
    both, less = judge_files(files)
    assert [file.right for file in both.files] == [50, 50]
    assert [(file.right, file.n, file.problems) for file in less.files] == [(30, 60, 100), (30, 60, 60)]
    assert "A and C: left out: 40 problems only in A (60, 61, 62, 63, 64 …)" in less.flags
    assert not [flag for flag in both.flags if "left out" in flag]


def test_several_files_are_held_against_one_by_holm():
    close = [True] * 57 + [False] * 40 + [True] * 3
    found = judge_files([BEFORE, AFTER, close])
    assert [judgement.statement for judgement in found] == ["A and B differ", "A and C differ"]
    assert [judgement.alpha for judgement in found] == [0.025, 0.05]
    assert found[0].holm_p == 2 * found[0].effect.p_value
    assert found[1].effect.level == 0.95
    assert [each.statement for each in judge_files([BEFORE, AFTER, close], reference="C")] == [
        "C and A differ",
        "C and B differ",
    ]


def test_a_file_that_nothing_is_expected_of_is_said():
    (found,) = judge_files([BEFORE, AFTER, BEFORE[::-1]], expect="B lower than A")
    assert found.flags[-1] == "not compared: C, which nothing is expected of"
    assert found.verdict is Verdict.SUPPORTED


def test_the_json_form_is_json_and_its_effect_can_be_read_back():
    found = ctlab.judge_results(BEFORE, AFTER, expect="B lower than A")
    form = json.loads(json.dumps(found.to_json(), allow_nan=False))
    assert Effect.from_json(form["effect"]) == found.effect
    assert (form["form"], form["verdict"], form["n"], form["lost"], form["gained"]) == (
        "ctlab-judgement-1",
        "SUPPORTED",
        100,
        20,
        0,
    )
    assert [file["rate"] for file in form["files"]] == [0.6, 0.4]


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=50, max_size=120), st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None)
def test_the_order_of_rows_changes_nothing_and_the_order_of_files_the_sign(pairs, chance):
    first, second = ([{"id": n, "score": side} for n, side in enumerate(values)] for values in zip(*pairs, strict=True))
    found = ctlab.judge_results(first, second)
    chance.shuffle(first)
    chance.shuffle(second)
    shuffled, turned = ctlab.judge_results(first, second), ctlab.judge_results(second, first)
    assert shuffled.effect == found.effect
    assert (turned.lost, turned.gained, turned.verdict) == (found.gained, found.lost, found.verdict)
    assert (turned.effect.low, turned.effect.high) == (-found.effect.high, -found.effect.low)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"margin": -1}, "a margin lies between 0 and 100 points, not -1"),
        ({"margin": 2, "expect": "B > A"}, "give one of them"),
        ({"expect": "B is good"}, "no expectation that can be judged"),
        ({"alpha": 0.7}, "alpha must lie between 0 and 0.5"),
        ({"by": "level"}, "no row has the field 'level' (--by); of fields with at most 20 values there is none"),
    ],
)
def test_wrong_use_is_one_sentence(options, said):
    with pytest.raises(InputError) as caught:
        ctlab.judge_results(BEFORE, AFTER, **options)
    assert said in str(caught.value)


def test_the_number_of_files_and_the_reference_are_checked():
    with pytest.raises(InputError, match="judging takes 2 to 26 files, not 1"):
        judge_files([BEFORE])
    with pytest.raises(InputError, match="the reference is one of A or B, not 'Z'"):
        judge_files([BEFORE, AFTER], reference="Z")

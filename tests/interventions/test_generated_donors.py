"""Donors that differ in one result alone: what a condition says of them, and who they are."""

import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import Condition, Patch
from ctlab.interventions.donor_rule import PAIRS, Matching
from ctlab.interventions.donors import all_donors, donors
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.problems import Problem, load_problems

TINY = load_problems("tiny").limited(150).problems


def condition(**fields):
    form = {"thoughts": ["CT1"], "by": "matched", "step": 2, **fields}
    return Condition.from_json({"name": "c", "interventions": [form]})


def test_pairs_are_part_of_what_a_condition_is_and_leave_the_others_as_they_were():
    assert condition().digest == "30d06ecc03413153"
    assert condition(by="matched-same", seed=3).digest == "77b9e0ee9f84b7cc"
    digests = {condition(pairs=pairs).digest for pairs in PAIRS} | {condition().digest}
    assert len(digests) == len(PAIRS) + 1
    made = condition(pairs="crossed")
    assert Condition.from_json(made.to_json()) == made
    assert made.matching == Matching(step=2, same=False, seed=0, pairs="crossed")
    assert condition().to_json()["interventions"] == [{"thoughts": ["CT1"], "by": "matched", "step": 2}]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"pairs": "made up"}, "'pairs' of a patch must be one of mined, generated, crossed, not 'made up'"),
        ({"pairs": None}, "'pairs' of a patch must be one of"),
        ({"pairs": ["mined"]}, "'pairs' of a patch must be one of"),
        ({"pairs": "mined", "by": "zero", "step": None}, "'pairs' belongs to patches by"),
    ],
)
def test_what_is_said_wrongly_is_refused_in_a_sentence(fields, said):
    given = {"by": "matched", "step": 1, **fields}
    with pytest.raises(ConditionError) as error:
        Patch(thoughts=("CT0",), **given)
    assert said in str(error.value)
    assert str(error.value).count("\n") == 0


def test_patches_of_one_condition_find_their_donors_alike():
    one = {"thoughts": ["CT1"], "by": "matched", "step": 1, "pairs": "mined"}
    other = {"thoughts": ["CT2"], "by": "matched", "step": 1, "pairs": "crossed"}
    with pytest.raises(ConditionError, match=r"seed 0, mined\) and matched at step 1 \(seed 0, crossed"):
        Condition.from_json({"name": "c", "interventions": [one, other]})


@pytest.mark.parametrize("pairs", ["generated", "crossed"])
def test_a_generated_donor_is_a_problem_of_its_own_and_part_of_the_run_s_identity(pairs):
    asked = condition(pairs=pairs)
    made, chosen = generated_pairs(TINY, asked.matching), donors(TINY, asked.matching)
    assert chosen == {name: pair.donor.id for name, pair in made.items()}
    assert not {*chosen.values()} & {problem.id for problem in TINY}
    ids = [problem.id for problem in TINY]
    assert asked.digest_among(ids, chosen) != asked.digest_among(ids, dict([*chosen.items()][1:]))
    for problem in TINY[:20]:
        if problem.id in made:
            again = Problem(question=made[problem.id].donor.question, gold=1)
            assert again.id == chosen[problem.id]


def test_the_order_of_the_problems_does_not_matter():
    matching = Matching(step=1, same=False, seed=0, pairs="generated")
    assert donors(TINY, matching) == donors(TINY[::-1], matching)


def chain(*numbers):
    """A problem of two additions."""
    a, b, c = numbers
    steps = [f"{a}+{b}={a + b}", f"{a + b}+{c}={a + b + c}"]
    return Problem(
        question=" ".join(map(str, numbers)), solution="\n".join(f"<<{each}>>" for each in steps), gold=a + b + c
    )


def test_mined_donors_differ_in_one_result_and_what_follows():
    own, first = chain(1, 2, 10), chain(2, 4, 9)
    last, twin, far = chain(2, 1, 13), chain(1, 2, 12), chain(50, 30, 19)
    by_name = {"own": own, "first": first, "last": last, "twin": twin, "far": far}
    names = {problem.id: name for name, problem in by_name.items()}

    def fitting(step, *, same):
        found = all_donors([*by_name.values()], Matching(step=step, same=same, seed=0, pairs="mined"))
        return {names[each] for each in found.get(own.id, ())}

    assert fitting(1, same=False) == {"first", "far"}
    assert fitting(2, same=False) == {"last", "twin"}
    # What is the same at step 1 and other after it; at step 2 the same although the first is another.
    assert fitting(1, same=True) == {"last", "twin"}
    assert fitting(2, same=True) == set()
    by_name["made up"] = chain(2, 3, 8)
    names[by_name["made up"].id] = "made up"
    assert fitting(2, same=True) == {"made up"}


@pytest.mark.parametrize("same", [False, True])
@pytest.mark.parametrize("step", [1, 2, 3])
def test_mined_donors_of_the_embedded_set_are_what_they_are_said_to_be(step, same):
    problems = load_problems("tiny").limited(400).problems
    by_id = {problem.id: problem for problem in problems}
    found = donors(problems, Matching(step=step, same=same, seed=0, pairs="mined"))
    wide = all_donors(problems, Matching(step=step, same=False, seed=0))
    for one, other in found.items():
        mine, theirs = by_id[one].graph.results, by_id[other].graph.results
        differ = [at for at, pair in enumerate(zip(mine, theirs, strict=True), 1) if pair[0] != pair[1]]
        assert (step in differ) != same
        with_first = {
            at
            for at, pair in enumerate(zip(by_id[one].graph.results_with(differ[0], 10**6), mine, strict=True), 1)
            if pair[0] != pair[1]
        }
        assert {*differ} <= with_first
        if not same:
            assert differ[0] == step
            assert other in wide[one]
    assert len(found) > (20 if step == 1 or same else 3)


def test_words_say_what_a_donor_is():
    for pairs in PAIRS:
        for same in (False, True):
            words = Matching(step=2, same=same, seed=0, pairs=pairs).words
            assert "step 2" in words
            assert ("same result of step 2" in words) == same

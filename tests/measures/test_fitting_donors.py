from dataclasses import replace

from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import all_donors
from ctlab.measures.fitting_donors import fitting_donors
from ctlab.problems import Problem, load_problems

FIRST = Matching(step=1, same=False, seed=0)


def test_donors_are_found_once_and_are_those_of_the_rule():
    problems = tuple(load_problems("tiny"))[:200]
    found = fitting_donors(problems, FIRST)
    assert found == all_donors(problems, FIRST)
    assert fitting_donors(tuple(list(problems)), FIRST) is found


def test_another_solution_seed_or_step_is_another_question():
    def problem(k, solution):
        return Problem(question=f"Question {k}?", solution=solution, gold=solution.rsplit("####")[1].strip())

    some = tuple(problem(k, f"<<{k}+4={k + 4}>> <<{k + 4}*2={2 * k + 8}>> #### {2 * k + 8}") for k in range(8))
    other = (problem(0, "<<1+4=5>> <<5*2=10>> #### 10"), *some[1:])
    assert [each.id for each in other] == [each.id for each in some]
    changed = [replace(FIRST, seed=1), replace(FIRST, step=2), replace(FIRST, same=True)]
    asked = [(other, FIRST), *((some, matching) for matching in changed)]
    for problems, matching in asked:
        assert fitting_donors(problems, matching) == all_donors(problems, matching)
    assert fitting_donors(some, changed[0]) != fitting_donors(some, FIRST)
    assert fitting_donors(other, FIRST) != fitting_donors(some, FIRST)

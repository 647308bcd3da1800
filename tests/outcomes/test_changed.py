from ctlab.outcomes.changed import ChangedPlan
from ctlab.problems import Problem


def plan(solution, gold):
    return ChangedPlan(Problem(question="?", solution=solution, gold=gold).graph)


def test_a_changed_result_is_carried_to_the_answer():
    found = plan("<<16-3=13>> <<4*2=8>> <<13+8=21>> <<21*2=42>>", 42)
    assert found.answer(0, 14) == 44
    assert found.answer(1, 9) == 44
    assert found.answer(3, 41) == 41


def test_what_does_not_depend_on_it_keeps_its_rounded_value():
    found = plan("<<10/3=3.3>> <<4*2=8>> <<3.3+8=11.3>>", "11.3")
    assert str(found.answer(1, 9)) == "123/10"


def test_a_division_by_zero_has_no_answer():
    assert plan("<<16-3=13>> <<26/13=2>>", 2).answer(0, 0) is None


def test_operations_without_influence_are_left_out():
    assert plan("<<16-3=13>> <<4*2=8>>", 8).leading == (1,)

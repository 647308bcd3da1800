import pytest

from ctlab.problems.audit.worked_solutions import worked
from tests.problems.audit.located import asked, located


def found(solution, gold):
    return {finding.check for finding in worked(located(asked("How many?", gold, solution=solution)))}


@pytest.mark.parametrize(
    ("solution", "gold"),
    [
        ("1+2=<<1+2=3>>3\n#### 3", 3),
        ("It takes 54/8=<<54/8=6.75>>6.75 packs.\nSo he needs 7 packs.\n#### 7", 7),
        ("16*2=<<16*2=32>>32 feet, so it took three days.\n#### 3", 3),
        ("That is 15/30 = $0.50\n#### 50", 50),
        ("He eats 12/15=<<12/15=.8>>.8 of it\n#### 80", 80),
        ("7-6=<<7-6=1>>1, that is 7/7 = one.\n#### 1", 1),
        ("2005 - 2000 = <<2005-2000=5>>5 years\nSo it is 17 000/5 = 3 400.\n#### 3400", 3400),
        ("She has no equation.\n#### 3", 3),
        ("", 3),
    ],
)
def test_a_solution_that_may_end_with_the_gold_answer_is_left_alone(solution, gold):
    assert found(solution, gold) == set()


@pytest.mark.parametrize(
    ("solution", "gold", "check"),
    [
        ("That takes 300,000/50,000=<<300000/50000=6>>6 years\n#### 4", 4, "gold-against-solution"),  # GSM8K, test 1039
        ("1+2=<<1+2=3>>3\n#### 3", 4, "gold-against-solution"),
        ("<<16-3-4=9>> <<9*2=18>>\n#### 20", 20, "solution-stops-short"),
        ("1+2=<<1+2=4>>4\n#### 4", 4, "false-annotation"),
    ],
)
def test_a_solution_that_ends_elsewhere_is_found(solution, gold, check):
    assert found(solution, gold) == {check}


def test_only_problems_with_calculations_are_counted():
    rows = located(
        asked("a?", 4, solution="1+2=<<1+2=3>>3 cards\n#### 4"), asked("b?", 4), asked("c?", 4, solution="no")
    )
    (finding,) = worked(rows)
    assert (finding.count, finding.of, finding.examples[0].places) == (1, 1, (1,))
    assert finding.sentence == "1 of 1 gold answers is not what their worked solution ends with"

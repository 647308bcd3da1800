import pytest

from ctlab.problems.audit.duplicates import repeated, templates
from tests.problems.audit.located import asked, located


def test_every_group_is_listed_and_contradictions_apart():
    rows = located(
        asked("How many?", 1),
        asked("Who?", "Sally", kind="entity"),
        asked("How  many? ", "1.0"),
        asked("And now?", 2),
        asked("And now?", 3),
        asked("Who?", "sally", kind="entity"),
    )
    found = {finding.check: finding for finding in repeated(rows)}
    assert [each.places for each in found["duplicate"].examples] == [(1, 3), (2, 6)]
    assert [each.places for each in found["contradiction"].examples] == [(4, 5)]
    assert (found["contradiction"].fails, found["duplicate"].fails) == (True, True)
    assert found["contradiction"].sentence == "1 of 3 questions is asked again with another gold answer"


def test_what_a_run_refuses_fails_and_other_blanks_are_a_note():
    (same,) = repeated(located(asked("How many?", 1), asked("How many?", 1)))
    (blanks,) = repeated(located(asked("How many?", 1), asked("How  many?", 1)))
    assert (same.fails, blanks.fails) == (True, False)


@pytest.mark.parametrize(
    ("one", "other", "alike"),
    [
        ("Sam has 3 cards.", "Mia has 1,200 cards.", True),
        ("Sam has three cards.", "Sam has 4 cards.", True),
        ("The farm has 3 cards.", "Mia has 3 cards.", False),
        ("Sam has 3 cards.", "Sam has 3 shells.", False),
    ],
)
def test_a_template_is_a_question_without_its_numbers_and_names(one, other, alike):
    rows = located(asked(one), asked(other), asked("Is the end near?"))
    assert templates(rows).templates == (2 if alike else 3)


def test_repeated_templates_are_worth_less():
    rows = located(*(asked(f"Sam has {n} cards.") for n in range(8)), asked("Who?"), asked("What?"))
    found = templates(rows)
    assert found.clusters == (tuple(range(1, 9)),)
    assert (found.n, found.templates) == (10, 3)
    assert found.effective == pytest.approx(100 / 66)  # Kish: 10² / (8² + 1 + 1)
    assert found.sentence == (
        "10 questions are 3 with other numbers and names, at most 8 alike: at worst worth 2 independent problems"
    )

from ctlab.problems.audit.choice_options import check_options
from tests.problems.audit.located import asked, located


def test_options_that_stand_twice_and_gold_answers_that_do_not():
    rows = located(
        asked("a?", "red", kind="choice", options=("red", "blue")),
        asked("b?", "red", kind="choice", options=("red", "blue", " Red")),
        asked("c?", "red", kind="choice", options=("red", "blue", "blue")),
        asked("d?", "green", kind="choice", options=("red", "blue")),
        asked("e?", "free", kind="entity"),
    )
    found = {finding.check: (finding.count, finding.of, finding.fails) for finding in check_options(rows)}
    assert found == {"gold-is-no-option": (1, 4, True), "gold-twice": (1, 4, True), "same-option-twice": (1, 4, False)}

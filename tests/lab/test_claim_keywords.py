import pytest

from ctlab.claims import Claim, Direction, Kind
from ctlab.interventions import BASELINE, Condition
from ctlab.lab.claim_keywords import Words, claim_keywords, names_of
from ctlab.records import Control, Shows
from tests.plugin.suite import rows, run, write_suite

FORMS = (
    {"name": "ct0_blocked", "interventions": [{"keys": ["CT0"], "readers": "later"}]},
    {"name": "ct10_to_ct11", "interventions": [{"keys": ["CT10"], "readers": ["CT11"]}]},
    {"name": "thoughts_blocked", "interventions": [{"keys": "thoughts", "readers": "answer"}]},
    {"name": "all_zeroed", "interventions": [{"thoughts": "all", "by": "zero"}]},
    {"name": "question_control_later", "interventions": [{"keys": "question-control", "readers": "later"}]},
)
CONDITIONS = {"baseline": BASELINE, **{form["name"]: Condition.from_json(form) for form in FORMS}}
CONTROLS = (Control(condition="question_control_later", shows=Shows.NO_OP),)


def claim(name, *compared, **fields):
    given = {"family": "demo", "statement": "It does.", "direction": Direction.DECREASE, "controls": CONTROLS}
    return Claim(id=name, conditions=("baseline", *compared), **{**given, **fields})


FIRST = claim("ct0-lowers", "ct0_blocked")
CLAIMS = (
    FIRST,
    claim("zeroing-ct0-lowers", "all_zeroed", family="demo-more"),
    claim("late-ones", "ct10_to_ct11"),
    claim("more-of-them", "ct0_blocked", "ct10_to_ct11", kind=Kind.MORE_THAN, direction=Direction.INCREASE),
    claim("undisturbed", statement="The share falls from CT0 to CT5."),
    claim("none-is-needed", "thoughts_blocked"),
)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("CT0", "ct0-lowers zeroing-ct0-lowers more-of-them undisturbed none-is-needed"),
        ("ct1", "zeroing-ct0-lowers none-is-needed"),  # by their words for all thoughts; none of CT10 and CT11
        ("ct10", "late-ones more-of-them"),
        ("ct11", "late-ones more-of-them"),
        ("ct5", "zeroing-ct0-lowers undisturbed none-is-needed"),
        ("ct6", ""),
        ("ct0-lowers", "ct0-lowers"),  # the claim of that name, not another that contains it
        ("ct0_lowers", "ct0-lowers"),
        ("lowers", "ct0-lowers zeroing-ct0-lowers"),
        ("lower", ""),
        ("ct0_blocked", "ct0-lowers more-of-them"),
        ("ct0-blocked", "ct0-lowers more-of-them"),
        ("blocked", "ct0-lowers more-of-them none-is-needed"),
        ("more-than", "more-of-them"),
        ("demo", "ct0-lowers late-ones more-of-them undisturbed none-is-needed"),
        ("question_control_later", ""),
    ],
)
def test_what_finds_which_claim(typed, found):
    names = names_of(CLAIMS)

    def asked(each):  # as pytest does
        return any(
            typed.lower() in keyword.lower() for keyword in claim_keywords(each, CONDITIONS, thoughts=6, names=names)
        )

    assert [each.id for each in CLAIMS if asked(each)] == found.split()


def test_of_a_model_that_does_not_say_how_many_thoughts_it_has_words_stay_words():
    keywords = claim_keywords(claim("none-is-needed", "thoughts_blocked"), CONDITIONS, None, frozenset())
    assert "thoughts" in keywords
    assert not {keyword for keyword in keywords if keyword.startswith("CT")}


def test_a_condition_that_nobody_declared_is_found_by_its_name():
    assert "elsewhere" in claim_keywords(claim("a", "elsewhere"), CONDITIONS, 6, frozenset())


def test_a_keyword_is_a_text_like_any_other():
    assert Words("ct0_blocked") == "ct0_blocked"
    assert {Words("a")} == {"a"}
    assert "ct0_blocked".startswith(Words("ct0"))


PARAMETRISED = """
import pytest
from ctlab.claims import Verdict
from ctlab.statistics import rate_difference
from FOLDER.registry import LOWERS, RAISES, SAME

@pytest.mark.claim(LOWERS)
def test_plain(claim, baseline, ct0_blocked):
    assert claim.judge(rate_difference("CORRECT", baseline, ct0_blocked, claim)) == Verdict.SUPPORTED

@pytest.mark.parametrize(
    "n", [pytest.param(n, marks=pytest.mark.claim(each)) for n, each in enumerate((RAISES, SAME))]
)
def test_each(n, claim, run):
    effect = rate_difference("CORRECT", run("baseline"), run(claim.claim.conditions[1]), claim)
    assert claim.judge(effect) == Verdict.SUPPORTED

def test_other():
    pass
"""


def test_plain_and_parametrised_tests_are_selected_and_no_alpha_moves(pytester):
    write_suite(pytester, tests=PARAMETRISED, folder="demo_claims")

    def selected(*expression):
        result = run(pytester, "--collect-only", "-q", *(("-k", *expression) if expression else ()))
        return [line.partition("::")[2] for line in result.outlines if "::" in line]

    assert selected("ct0") == ["test_plain", "test_each[0]"]
    assert selected("ct4 or ct0-lowers") == ["test_plain", "test_each[1]"]
    assert selected("difference and not ct0-raises") == ["test_plain", "test_each[1]"]
    assert selected("no_op") == []
    assert run(pytester, "-k", "ct4").ret == 0
    assert {row["alpha"] for row in rows(pytester).values()} == {0.05 / 3}

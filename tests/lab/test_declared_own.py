"""What a suite without pytest declares of its own, and what is tried on it before a run."""

import pytest

from ctlab.claims import Direction, Kind
from ctlab.errors import RegistryError
from ctlab.lab.declared_own import declared_own, own_definitions, own_trouble
from ctlab.outcomes import ByNumber
from ctlab.problems import Problem, ProblemSet
from ctlab.records.fields import Fields
from tests.claims.making import claim

PROBLEMS = ProblemSet(
    "rows", [Problem(question=f"Row {k}?", gold=k, fields=Fields({"level": k, "kind": "ab"[k % 2]})) for k in range(4)]
)
NAMES = ProblemSet("names", [Problem(question="Who is it?", gold="Sally", kind="entity")])


def off_by_one(problem, number):
    return abs(number.value - problem.gold_number.value) == 1


def is_long(problem, text):
    return len(text) > 20


class Suite:
    def outcomes(self):
        return [{"OFF_BY_ONE": ByNumber(off_by_one)}, {"IS_LONG": is_long}, {"IS_LONG": is_long}]

    def features(self):
        return [{"double": lambda problem: problem.fields["level"] * 2}]


OWN = declared_own(Suite())


def trouble(problems=PROBLEMS, **fields):
    return own_trouble(claim(**fields), OWN, lambda: problems)


def test_a_suite_declares_what_it_has():
    assert list(OWN.outcomes) == ["OFF_BY_ONE", "IS_LONG"]
    assert [own.by_number for own in OWN.outcomes.values()] == [True, False]
    assert list(OWN.features) == ["double"]
    assert declared_own(object()).outcomes == {}


def test_every_own_function_has_a_digest_of_its_own():
    found = own_definitions(OWN)
    assert list(found) == ["outcome OFF_BY_ONE", "outcome IS_LONG", "feature double"]
    assert len(set(found.values())) == 3
    # That the number decides is part of what is claimed.
    plain = declared_own(type("Plain", (), {"outcomes": lambda self: [{"OFF_BY_ONE": off_by_one}]})())
    assert own_definitions(plain)["outcome OFF_BY_ONE"] != found["outcome OFF_BY_ONE"]


def test_what_a_claim_names_is_tried():
    interaction = {"kind": Kind.INTERACTION, "scale": "points", "direction": Direction.CHANGE}
    assert trouble() == trouble(outcome="IS_LONG") == trouble(outcome="OFF_BY_ONE") == ""
    assert trouble(**interaction, feature="double >= 4", adjust=("kind",)) == ""
    assert trouble(**interaction, feature="kind == a") == ""
    assert (
        trouble(NAMES, outcome="OFF_BY_ONE")
        == "OFF_BY_ONE is decided by a number, and these problems are answered by: entity"
    )
    assert trouble(**interaction, feature="levels").startswith(
        "Problems have no feature 'levels'; did you mean 'level'?"
    )
    assert trouble(**interaction, feature="kind").startswith("Feature 'kind' is a text such as 'a'")


def test_problems_are_read_only_for_what_is_a_suite_s_own():
    def never():
        raise AssertionError("read")

    assert own_trouble(claim(feature="n_operations", outcome="CALC_ERROR"), OWN, never) == ""
    assert own_trouble(claim(outcome="EVERY"), OWN, never) == ""


def test_a_function_whose_source_is_not_there_is_refused():
    made: dict = {}
    exec("def is_short(problem, text):\n    return len(text) < 5\n", made)
    own = declared_own(type("Typed", (), {"outcomes": lambda self: [{"IS_SHORT": made["is_short"]}]})())
    with pytest.raises(RegistryError, match="of the own outcome IS_SHORT: the source of is_short cannot be read"):
        own_definitions(own)

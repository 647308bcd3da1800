"""The claims section reads like one: one test a registered claim, a few lines and one assertion each."""

import ast
from collections import Counter
from importlib import import_module
from pathlib import Path

import pytest

from ctlab.claims import Family
from ctlab.records.control import Shows
from fixtures.other_models import MODELS
from hypotheses.claims.shared import FACTS_ALONE
from hypotheses.registry import FAMILIES

FOLDER = Path(__file__).parents[2] / "hypotheses"
STORIES = sorted(FOLDER.glob("test_*.py"))


def claims_of(function):
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == "claim":
            for named in mark.args:
                yield from named.claims if isinstance(named, Family) else (named,)
        if mark.name == "parametrize":
            for parameter in mark.args[1]:
                yield from (each.args[0] for each in parameter.marks if each.name == "claim")


def test_every_registered_claim_is_judged_by_one_test():
    judged = Counter()
    for path in STORIES:
        module = import_module(f"hypotheses.{path.stem}")
        tests = [value for name, value in vars(module).items() if name.startswith("test_")]
        judged.update(claim.id for test in tests for claim in claims_of(test))
    registered = Counter(claim.id for family in FAMILIES for claim in family.claims)
    assert judged == registered


@pytest.mark.parametrize("claim", [claim for family in FAMILIES for claim in family.claims], ids=lambda claim: claim.id)
def test_every_claim_has_a_no_op_and_a_harmless_token(claim):
    shows = {control.shows for control in claim.controls}
    if claim.problems in FACTS_ALONE:
        assert Shows.NO_OP in shows
        assert shows & {Shows.NOT_SO, Shows.BITES}
        return
    if set(claim.conditions) & set(MODELS):  # nothing is hidden from them: each is held against itself
        assert {each.reference for each in claim.controls if each.shows == Shows.NO_OP} == set(claim.conditions)
        return
    assert {Shows.NO_OP, Shows.NEGLIGIBLE} <= shows
    # What edits thoughts has an edit for its harmless one, and an exchange within a pair has a pair of the same result:
    # in a question that lists facts no token is harmless (hiding one of a graph's costs 12 points).
    harmless = ["nudged"] if claim.family.startswith("edits-") else ["question_control"]
    harmless += ["_same_pair_"] if claim.problems == "tiny-graphs" else []
    named = [each.condition for each in claim.controls if each.shows == Shows.NEGLIGIBLE]
    assert all(any(part in name for part in harmless) for name in named)


@pytest.mark.parametrize("path", STORIES, ids=lambda path: path.stem)
def test_a_claim_test_is_an_effect_and_a_verdict(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    tests = [node for node in tree.body if isinstance(node, ast.FunctionDef)]
    assert tests
    for test in tests:
        effect, verdict = test.body
        assert isinstance(effect, ast.Assign)
        assert ast.unparse(verdict) == "assert claim.judge(effect) == Verdict.SUPPORTED"
    # no arithmetic: the statistics are the library's
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.BinOp)]

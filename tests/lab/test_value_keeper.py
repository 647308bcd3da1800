"""Everything that decides an effect is in what it is kept under: each is changed here, and none may be missed."""

import re
from dataclasses import dataclass, replace
from types import SimpleNamespace

import numpy as np
import pytest

from ctlab.claims import Claim, Kind
from ctlab.interventions import Condition, Intervention
from ctlab.kept_values import NotKeptError, digest
from ctlab.lab import value_keeper
from ctlab.lab.pending_claim import PendingClaim
from ctlab.lab.value_keeper import KIND, ValueKeeper, calculator, sources
from ctlab.outcomes import Run
from ctlab.problems import Problem, ProblemSet
from ctlab.records import Certificate, Check
from ctlab.records.fields import Fields
from ctlab.records.generation import Generation
from ctlab.records.own_functions import ByNumber, Own, OwnOutcome
from ctlab.source_digest import ROOT, _package
from tests.probes.measured import make
from tests.store.answers import key

SOLUTION = "He has 3+4=<<3+4=7>>7 eggs.\n#### 7"
PROBLEMS = (
    Problem(question="He has 3 eggs and 4 eggs. How many?", gold=7, solution=SOLUTION),
    Problem(question="6 - 2?", gold=4),
)
TEXTS = ("The answer is: 7", "The answer is: 5")
PROOF = Certificate(
    condition="hidden", model="m", backend="b", edges_removed=1, edges_weakened=1, problems=2, checks=()
)
HIDDEN = Condition(name="hidden")
CLAIM = Claim(
    id="lowers",
    kind=Kind.DIFFERENCE,
    statement="Hiding lowers it.",
    conditions=("baseline", "hidden"),
    direction="decrease",
)
CT0 = (Intervention(keys=("CT0",), readers="later"),)


def said(*texts, problems=PROBLEMS, **more):
    return [
        Generation(problem_id=problem.id, token_ids=(1, 2), text=text, **more)
        for problem, text in zip(problems, texts, strict=True)
    ]


def run(problems=PROBLEMS, condition=HIDDEN, texts=TEXTS, forms=None, certificate=PROOF, own=None, **more):
    answers = said(*texts, problems=problems, **more)
    return Run.of(condition, problems, answers, certificate, forms, **({"own": own} if own else {}))


@pytest.fixture
def keeper():
    return ValueKeeper(SimpleNamespace())


def of(keeper, value):
    return digest(value, keeper)


def test_a_run_made_again_is_the_same(keeper):
    assert of(keeper, run()) == of(keeper, run())


def test_a_copy_of_an_object_that_is_gone_is_not_mistaken_for_another(keeper):
    # Ids of objects are used again: whatever was digested is held.
    found = {of(keeper, run(texts=(f"The answer is: {number}", "5"))) for number in range(50)}
    assert len(found) == 50


CHANGED = {
    "condition's name": lambda: run(condition=Condition(name="other")),
    "what is hidden": lambda: run(
        condition=replace(HIDDEN, interventions=(Intervention(keys=("CT0",), readers="later"),))
    ),
    "an answer": lambda: run(texts=("The answer is: 7", "The answer is: 6")),
    "a text labelled alike": lambda: run(texts=("The answer is: 7", "So the answer is: 5")),
    "a donor": lambda: run(donor="someone"),
    "a row": lambda: run(row="batch:1"),
    "whether it was scored right": lambda: run(right=True),
    "number of thoughts": lambda: run(thoughts=3),
    "certificate": lambda: run(certificate=None),
    "a check": lambda: run(certificate=replace(PROOF, checks=(Check(name="c", passed=True, detail=""),))),
    "forms": lambda: run(forms=["The answer is: #"]),
    "gold": lambda: run(problems=(replace(PROBLEMS[0], gold=8), PROBLEMS[1])),
    "solution": lambda: run(problems=(replace(PROBLEMS[0], solution=""), PROBLEMS[1])),
    "a column": lambda: run(problems=(replace(PROBLEMS[0], fields=Fields({"level": 1})), PROBLEMS[1])),
    "order": lambda: run(problems=PROBLEMS[::-1], texts=TEXTS[::-1]),
    "a label": lambda: replace(run(), classifications=(run().classifications[0],) * 2),
    "fewer problems": lambda: run(problems=PROBLEMS[:1], texts=TEXTS[:1]),
}


@pytest.mark.parametrize("what", CHANGED)
def test_whatever_is_changed_in_a_run_is_seen(keeper, what):
    assert of(keeper, CHANGED[what]()) != of(keeper, run()), what


def test_functions_of_a_suite_s_own_keep_nothing(keeper):
    own = Own(outcomes={"LONG": OwnOutcome("LONG", lambda problem, text: len(text) > 9)})
    with pytest.raises(NotKeptError):
        of(keeper, run(own=own))
    assert keeper.of(run(own=own)) == ""
    assert keeper.of(run()) != ""


@dataclass(frozen=True)
class Longer:
    """An own outcome as a record: what it says is in its source too, which is not ctlab's."""

    than: int

    def __call__(self, problem, text):
        return len(text) > self.than


def test_an_own_outcome_that_is_a_record_keeps_nothing_either(keeper):
    own = Own(outcomes={"LONG": OwnOutcome("LONG", Longer(9))})
    assert keeper.of(run(own=own)) == ""
    by_number = Own(outcomes={"LONG": OwnOutcome("LONG", ByNumber(Longer(9)))})
    assert keeper.of(run(own=by_number)) == ""


@pytest.mark.parametrize(
    "changed",
    [{"margin": 0.03}, {"direction": "increase"}, {"conditions": ("baseline", "other")}, {"statement": "Another."}, {}],
    ids=str,
)
def test_level_margin_side_and_declaration_of_a_claim_are_seen(keeper, changed):
    asked = PendingClaim(CLAIM, 0.05, judge)
    assert of(keeper, asked) == of(keeper, PendingClaim(CLAIM, 0.05, judge))
    assert of(keeper, PendingClaim(replace(CLAIM, **changed), 0.05 if changed else 0.04, judge)) != of(keeper, asked)


def judge(claim, effect):
    raise AssertionError


def test_problem_sets_are_told_apart_by_what_they_ask(keeper):
    one, other = ProblemSet("s", PROBLEMS), ProblemSet("s", (replace(PROBLEMS[0], gold=8), PROBLEMS[1]))
    assert of(keeper, one) == of(keeper, ProblemSet("s", PROBLEMS)) != of(keeper, other)


def test_numbers_of_a_measurement_are_seen(keeper):
    one = make(1)
    mass = one.mass.copy()
    mass[0, 0, 0, 0] = np.nextafter(mass[0, 0, 0, 0], 2.0)
    assert of(keeper, one) == of(keeper, make(1))
    assert of(keeper, replace(one, mass=mass)) != of(keeper, one)
    assert of(keeper, replace(one, condition="other")) != of(keeper, one)


def test_a_measurement_stays_as_it_was_digested(keeper):
    measured = make(1)
    of(keeper, measured)
    with pytest.raises(ValueError, match="read-only"):
        measured.mass[0] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        measured.called("other").mass[0] = 0.0


def test_every_function_whose_values_are_kept_is_in_the_digest_of_source():
    decorated = re.compile(r"^@(kept_value|checked_arguments)$", re.MULTILINE)
    homes = {
        ".".join(path.relative_to(ROOT.parent).with_suffix("").parts)
        for path in ROOT.rglob("*.py")
        if decorated.search(path.read_text(encoding="utf-8"))
    }
    homes |= {"ctlab.claims.power", "ctlab.interventions.donors"}  # which are kept without a decorator
    assert len(homes) > 20
    assert homes <= set(modules_of(*sources()))


def modules_of(*modules):
    """Modules that a digest of some is taken of, by the names that these import."""
    found, waiting, package = set(), list(modules), _package(ROOT)
    while waiting:
        if (name := waiting.pop()) not in found:
            found.add(name)
            waiting += package.module(name).written.targets
    return found


def test_source_and_libraries_are_in_the_key(monkeypatch):
    made = [key_of(monkeypatch), key_of(monkeypatch, code="other"), key_of(monkeypatch, scipy="9.9")]
    assert len({key.digest for key in made}) == 3
    assert {key.kind for key in made} == {KIND}
    assert made[0].code == calculator()


def key_of(monkeypatch, code="", scipy=""):
    with monkeypatch.context() as patch:
        if code:
            patch.setattr(value_keeper, "calculator", lambda: code)
        if scipy:
            version = value_keeper.version
            patch.setattr(value_keeper, "version", lambda name: scipy if name == "scipy" else version(name))
        experiment = SimpleNamespace(
            settings=SimpleNamespace(recorded={}),
            model_key=key("baseline"),
            problems_digest="p",
            problems=SimpleNamespace(name="problems"),
            subject=SimpleNamespace(model_name="fake"),
        )
        return ValueKeeper(experiment)._key("f", "a")

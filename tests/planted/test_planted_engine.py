"""The engine of planted models: who is hidden from whom, what is exchanged, and what certificates say of it."""

from pathlib import Path

import pytest

from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition, Intervention, Patch
from ctlab.problems import load_problems
from fixtures.conditions import conditions
from tests.planted import engine as running
from tests.planted.engine import PlantedEngine, UnderCondition
from tests.planted.masks import ANSWER, Mask
from tests.planted.model import Asked, Found, models_in
from tests.planted.problem_file import write_problems

MODELS = Path(__file__).parent / "models"
CHAIN = Found(MODELS / "planted.py", "Chain")
OF_ROLES = ("blocked", "from_answer", "from_next", "matched", "matched_same")


@pytest.fixture(scope="module")
def problems(tmp_path_factory):
    return list(load_problems(str(write_problems(tmp_path_factory.mktemp("planted") / "problems.jsonl", 20))))


def hide(keys, readers):
    return Condition(name="hidden", interventions=(Intervention(keys=keys, readers=readers),))


def patch(by, step=None):
    return Condition(name="patched", interventions=(Patch(thoughts=("CT1",), by=by, step=step),), no_op=by == "self")


@pytest.mark.parametrize(
    ("readers", "without"),
    [("later", {3, ANSWER}), ("answer", {ANSWER}), ("thoughts", {3}), (("CT2",), {2}), (("CT2", "CT3"), {2, 3})],
)
def test_a_thought_is_hidden_from_its_readers_and_later_does_not_reach_the_next_one(readers, without):
    assert Mask.of(hide(("CT1",), readers), 4).hidden == {(reader, 1) for reader in without}


def test_what_a_program_has_no_place_for_is_refused():
    for edges in (
        Intervention(keys=("CT1",), readers="later", keep=0.5),
        Intervention(keys=("CT1",), readers="later", layers=(0,)),
        Intervention(keys="question", readers="later"),
    ):
        with pytest.raises(ConditionError):
            Mask.of(Condition(name="other", interventions=(edges,)), 4)
    with pytest.raises(ConditionError, match="there are 4 thoughts"):
        Mask.of(hide(("CT4",), "later"), 4)
    with pytest.raises(ConditionError, match="feeds by 'zero'"):
        Mask.of(patch("zero"), 4)


def test_problems_are_chains_that_say_what_they_ask(problems):
    assert sorted(len(Asked(each).steps) for each in problems) == sorted([1, 2, 3, 4, 5] * 20)
    assert [Asked(each).index for each in problems] == list(range(100))
    for each in map(Asked, problems):
        first, *rest = each.steps
        assert (first.left, first.right) == tuple(each.numbers[:2])
        assert [step.left for step in rest] == [step.result for step in each.steps[:-1]]
        assert each.value(1, first.result) == each.steps[-1].result == each.of.gold_number.value
        assert len({*each.numbers, *(step.result for step in each.steps)}) == 1 + 2 * len(each.steps)


def test_an_exchanged_thought_is_the_donors_and_what_comes_after_it_follows(problems):
    run = UnderCondition(CHAIN.make(), patch("matched", 2), problems)
    exchanged = [each for each in problems if each.id in run.donors]
    assert len(exchanged) > 50
    followed = 0
    for problem in exchanged:
        lent = run.undisturbed(run.source(problem, "matched")).values[1]
        assert run.answered(problem).values[:2] == (run.undisturbed(problem).values[0], lent)
        assert run.generation(problem).donor == run.donors[problem.id]
        followed += run.answered(problem).answer == Asked(problem).value(2, lent)
    assert followed > 0.8 * len(exchanged)
    alone = next(each for each in problems if each.id not in run.donors)
    assert run.answered(alone) == run.undisturbed(alone)


def test_every_condition_of_the_role_family_is_certified(problems):
    engine = PlantedEngine(CHAIN)
    asked = [each for each in conditions() if each.name.partition("_")[2] in OF_ROLES]
    asked += [each for each in conditions() if each.name in ("no_op", "ct0_self", "question_control_later")]
    assert len(asked) > 25
    certificates = engine.certify(problems, [BASELINE, *asked])
    # Of so few problems none has a donor of the same result at the last step: that is refused, not passed over.
    failed = {name for name, each in certificates.items() if not each.passed}
    assert failed <= {"ct3_matched_same", "ct4_matched_same"}
    assert {name for name, each in certificates.items() if not each.treats} == {"baseline", "no_op", "ct0_self"}


@pytest.mark.parametrize("sabotaged", ["hidden", "fed"])
def test_an_engine_that_does_not_do_what_it_says_has_no_certificate(problems, monkeypatch, sabotaged):
    honest = running.answered

    def wrong(model, asked, mask, fed):
        return honest(model, asked, *{"hidden": (Mask.of(BASELINE, 6), fed), "fed": (mask, {})}[sabotaged])

    monkeypatch.setattr(running, "answered", wrong)
    condition = hide(("CT1",), "later") if sabotaged == "hidden" else patch("matched", 2)
    (certificate,) = PlantedEngine(CHAIN).certify(problems, [condition]).values()
    assert not certificate.passed


def test_every_model_has_roles_for_each_of_its_thoughts():
    models = list(models_in(MODELS))
    assert len(models) > 9
    for found in models:
        assert {row[0] for row in found.roles} == {f"CT{k}" for k in range(found.make().thoughts)}

"""A model that is right on nothing, or on everything: every kind of claim is judged, and none decides by it."""

import pytest

import ctlab
from ctlab.claims import Claim, Kind, Verdict
from tests.fakes import FakeEngine
from tests.lab.test_own_in_every_kind import CT0, FEATURED, NAMED, asked, third
from tests.plugin.suite import problems

EVERY, SOME = dict.fromkeys(("baseline", "ct0_blocked", "ct1_blocked", "ct2_blocked"), 1.0), {"baseline": 1.0}
WRONG = {"nothing": EVERY, "nothing at first": SOME, "all": dict.fromkeys(EVERY, 0.0)}
"""Shares of wrong answers: of a model that is right on nothing, on nothing undisturbed, on all."""
LABELS = (Kind.ERROR_MIX, Kind.ERROR_COMPOSITION, Kind.ERROR_LABELS)


@pytest.fixture(scope="module", params=WRONG)
def lab(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("right")
    (folder / "problems.jsonl").write_text(problems(120), encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)  # where the engine logs
        engine = FakeEngine(size=60, wrong=WRONG[request.param])
        yield (
            request.param,
            ctlab.Lab(
                engine, folder / "problems.jsonl", store=folder / "store", features={"third": third}, progress=False
            ),
        )


@pytest.mark.parametrize("kind", [*NAMED, *LABELS])
def test_every_kind_is_judged_and_says_why_it_is_not_decided(lab, kind):
    right_on, lab = lab
    if kind in LABELS:
        claim = Claim(id="labels", statement="S.", kind=kind, conditions=CT0)
    else:
        claim = asked(kind, "CORRECT", "third" if kind in FEATURED else "")
    found = lab.judge(claim)
    # Where no answer changes, that nothing changes is a result; of a model that is right on nothing it is none.
    unmoved = right_on == "all" and found.effect.alternative == "equivalence"
    assert found.verdict == (Verdict.SUPPORTED if unmoved else Verdict.INCONCLUSIVE), found.reason
    assert found.reason

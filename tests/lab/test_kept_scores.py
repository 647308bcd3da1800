"""Scores in the lab: kept under all that decides them, proven, told in one pass, and read without a model."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest

import ctlab
from ctlab.certify import certified_scores
from ctlab.claims import Claim, Direction, Kind
from ctlab.errors import CertificateError, ClaimError, ConditionError
from ctlab.lab.executors import ModelEngine
from ctlab.lab.kept_scores import _Asked
from ctlab.lab.needed_conditions import measured_of, scored_of
from ctlab.lab.obstacles import obstacle
from ctlab.problems.answer_texts import AnswerTexts
from ctlab.records import Verdict
from ctlab.statistics import measured_mean
from tests.fakes import FakeEngine


@pytest.fixture
def lab(tmp_path):
    def make(**options):
        model, problems = options.pop("model", "tiny-graphs-coconut"), options.pop("problems", "tiny-graphs")
        return ctlab.Lab(model, problems, store=tmp_path / "store", limit=60, progress=False, **options)

    return make


@pytest.fixture
def asked(monkeypatch):
    """What the engine was asked for: conditions that were scored, and those that were proven."""
    seen = []
    for name in ("score", "certify_scores"):
        honest = getattr(ModelEngine, name)

        def noted(self, problems, conditions, given, _honest=honest, _name=name, **options):
            seen.append((_name, *(condition.name for condition in conditions)))
            return _honest(self, problems, conditions, given, **options)

        monkeypatch.setattr(ModelEngine, name, noted)
    return seen


def test_scores_are_those_of_the_call_and_made_once(lab, asked):
    first = lab().score("baseline", "options", at=["answer", "CT1"])
    assert asked == [("certify_scores", "baseline"), ("score", "baseline")]
    again = lab().score("baseline", "options", at=["answer", "CT1"])
    assert len(asked) == 2
    called = ctlab.score(
        "tiny-graphs-coconut",
        list(lab().problems),
        lab().conditions["baseline"],
        answers="options",
        at=["answer", "CT1"],
    )["baseline"]
    for name in ("log_probability", "end", "first"):
        assert np.array_equal(getattr(first, name), getattr(again, name))
        assert np.array_equal(getattr(first, name), getattr(called, name))
    assert first.texts == called.texts
    assert [check.name for check in lab()._run.lab.probes.checks("baseline")] == []  # nothing was asked for here


def test_every_text_and_place_is_part_of_the_key(lab):
    """Another order, another text, another reference answer, another thought: another key."""
    scores = lab()._run.lab.probes.scores
    given, other = AnswerTexts(texts=("a", "b"), gold=0), AnswerTexts(texts=("c",), gold=None)
    asked = [
        _Asked((given, other), ("answer",)),
        _Asked((other, given), ("answer",)),
        _Asked((replace(given, texts=("b", "a")), other), ("answer",)),
        _Asked((replace(given, gold=1), other), ("answer",)),
        _Asked((replace(given, texts=("a", "d")), other), ("answer",)),
        _Asked((given, other), ("CT1",)),
        _Asked((given, other), ("answer", "CT1")),
    ]
    keys = {scores._key("scores", "baseline", each, "code").digest for each in asked}
    assert len(keys) == len(asked)
    assert scores._key("scores", "ct0_blocked", asked[0], "code").digest not in keys
    assert scores._key("scores", "baseline", asked[0], "other code").digest not in keys


def test_the_same_texts_are_the_same_scores_however_they_are_given(lab, asked):
    lab().score("baseline", "options")
    lab().score("baseline", lambda problem: problem.options)
    lab().score("baseline", {problem.id: problem.options for problem in lab().problems})
    assert len(asked) == 2


def test_what_is_planned_is_told_in_one_pass_where_its_thoughts_are_fed(lab, asked):
    own = lab()
    scores = own._run.lab.probes.scores
    scores.plan(["baseline", "ct0_blocked", "after_1"])
    own.score("ct0_blocked", "options", at="CT3")
    assert asked == [(what, "baseline", "ct0_blocked") for what in ("certify_scores", "score")]
    own.score("baseline", "options", at="CT3")
    own.score("after_1", "options", at="CT0")
    assert asked[2:] == [(what, "baseline", "ct0_blocked", "after_1") for what in ("certify_scores", "score")]
    assert [check.name for check in own._run.lab.probes.checks("after_1")] == [
        "scores-recomputed",
        "scores-end",
        "scores-at-thoughts",
        "scores-thoughts",
    ]


def test_scores_whose_certificate_fails_void_a_claim(lab, monkeypatch):
    monkeypatch.setattr(certified_scores, "worse", lambda before, differences: 1.0)
    own = lab()
    claim = Claim(
        id="hiding-ct0-matters",
        statement="Hiding CT0 makes the reference answer less probable.",
        kind=Kind.MEAN,
        direction=Direction.DECREASE,
        scale="nats",
        conditions=("baseline", "ct0_blocked"),
        needs="P",
    )

    def change(pending):
        before, after = (own.score(name, "gold") for name in claim.conditions)
        return measured_mean(after.log_probability - before.log_probability, pending, unit="nats")

    with pytest.raises(CertificateError, match=r"scores' certificate .* failed: scores-recomputed"):
        own.score("baseline", "gold")
    assert own.judge(claim, change).verdict == Verdict.VOID
    assert scored_of([claim]) == claim.conditions
    assert measured_of([claim]) == ()


def test_who_cannot_score_says_so(lab, tmp_path):
    own = lab(model=FakeEngine(), problems="tiny")
    with pytest.raises(ConditionError, match="does not say how probable an answer is"):
        own.score("baseline")
    claim = Claim(id="gold-is-probable", statement="It is.", kind=Kind.MEAN, direction=Direction.INCREASE, needs="P")
    with pytest.raises(ClaimError, match="needs probabilities of answers, and FakeEngine measures none"):
        own.judge(claim, lambda pending: None)
    recorded = SimpleNamespace(settings=SimpleNamespace(recorded={"baseline": "a"}, recorded_options={}))
    assert obstacle(claim, recorded, None) == "needs probabilities of answers, and recorded answers have none"

"""Certificates of generated donors: hold for honest pairs, and fail for each way in which a pair can be another."""

import re
from dataclasses import replace

import numpy as np
import pytest

from ctlab.certify import certify
from ctlab.certify.counterfactual_pairs import pairs_check, wrong_pair
from ctlab.engine import activation_cache, undisturbed_thoughts
from ctlab.engine.activation_cache import ActivationCache
from ctlab.interventions import Condition, Patch
from ctlab.interventions.generated_donors import generated_pairs
from ctlab.models import load_model
from ctlab.problems import Problem, load_problems
from ctlab.records.fields import Fields
from tests.models.checkpoints.making_checkpoints import write_codi

TINY = load_problems("tiny").limited(120).problems
GRAPHS = load_problems("tiny-graphs").limited(30).problems


def patch(step=1, by="matched", pairs="generated", thought="CT1"):
    return Patch(thoughts=(thought,), by=by, step=step, pairs=pairs)


def cache_of(problems, asked):
    pairs = generated_pairs(problems, asked.matching)
    return ActivationCache(
        problems=problems, thoughts=np.empty(0), generated=tuple(pair.donor for pair in pairs.values())
    )


@pytest.mark.parametrize("problems", [TINY, GRAPHS], ids=["numbers", "graphs"])
@pytest.mark.parametrize("by", ["matched", "matched-same"])
@pytest.mark.parametrize("pairs", ["generated", "crossed"])
def test_honest_pairs_are_as_said(problems, by, pairs):
    for step in (1, 2, 3):
        asked = patch(step, by, pairs)
        check = pairs_check(cache_of(problems, asked), asked)
        assert check.passed, check.detail
        assert " 0 differ otherwise than said" in check.detail


def test_no_pair_is_no_proof():
    asked = patch(step=40)
    assert not pairs_check(cache_of(TINY, asked), asked).passed


STORY = Problem(
    question="Ann has 12 pens and gets 5. She gives 9 away, and finds 20. He is 31.",
    solution="<<12+5=17>>\n<<17-9=8>>\n<<8+20=28>>\n#### 28",
    gold=28,
)


def donor(question=(), *equations, own=STORY):
    """The story with other numbers, old to new, and with these equations."""
    text = re.sub(r"\d+", lambda found: str(dict(question).get(int(found[0]), found[0])), own.question)
    gold = equations[-1].partition("=")[2]
    return Problem(question=text, solution="\n".join(f"<<{each}>>" for each in equations), gold=gold)


FIRST = donor({12: 14}, "14+5=19", "19-9=10", "10+20=30")
CROSSED = donor({12: 14, 9: 6}, "14+5=19", "19-6=13", "13+20=33")
SABOTAGES = {
    "another step's number": (donor({9: 6}, "12+5=17", "17-6=11", "11+20=31"), patch()),
    "two numbers of two steps": (CROSSED, patch()),
    "two numbers of one step": (donor({12: 14, 5: 4}, "14+4=18", "18-9=9", "9+20=29"), patch()),
    "a number that nobody reads": (donor({31: 32}, "12+5=17", "17-9=8", "8+20=28"), patch()),
    "a number in the text alone": (donor({12: 14}, "12+5=17", "17-9=8", "8+20=28"), patch()),
    "a number in the solution alone": (donor((), "14+5=19", "19-9=10", "10+20=30"), patch()),
    "a word": (replace(FIRST, question=FIRST.question.replace("pens", "books")), patch()),
    "another operation": (donor({12: 14}, "14+5=19", "19-9=10", "10*20=200"), patch()),
    "one step more": (donor({12: 14}, "14+5=19", "19-9=10", "10+20=30", "30+0=30"), patch()),
    "no solution": (replace(FIRST, solution=""), patch()),
    "itself": (STORY, patch()),
    "the same result": (donor({12: 14, 5: 3}, "14+3=17", "17-9=8", "8+20=28"), patch()),
    "one number where two are to be": (FIRST, patch(pairs="crossed")),
    "a second number of an earlier step": (
        donor({12: 14, 9: 6}, "14+5=19", "19-6=13", "13+20=33"),
        patch(step=2, pairs="crossed"),
    ),
    "another result where it is to be the same": (FIRST, patch(by="matched-same")),
    "the same result and the same answer": (
        donor({12: 14, 5: 3}, "14+3=17", "17-9=8", "8+20=28"),
        patch(by="matched-same"),
    ),
    "the last result is another where it is to be the same": (
        donor({12: 14, 9: 6}, "14+5=19", "19-6=13", "13+20=33"),
        patch(step=3, by="matched-same"),
    ),
    "a later number where the last result is to be the same": (
        donor({20: 21}, "12+5=17", "17-9=8", "8+21=29"),
        patch(step=3, by="matched-same"),
    ),
}


@pytest.mark.parametrize("name", SABOTAGES)
def test_a_pair_that_differs_otherwise_is_found(name):
    other, asked = SABOTAGES[name]
    assert wrong_pair(STORY, other, asked)


def test_the_pairs_that_were_sabotaged_are_right_as_they_should_be():
    assert wrong_pair(STORY, FIRST, patch()) == ""
    assert wrong_pair(STORY, CROSSED, patch(pairs="crossed")) == ""
    later = donor({20: 21}, "12+5=17", "17-9=8", "8+21=29")
    assert wrong_pair(STORY, later, patch(by="matched-same")) == ""
    assert wrong_pair(STORY, later, patch(step=3)) == ""
    upstream = donor({12: 14, 9: 11}, "14+5=19", "19-11=8", "8+20=28")
    assert wrong_pair(STORY, upstream, patch(step=3, by="matched-same")) == ""


def test_a_second_number_that_makes_up_for_the_first_is_found():
    """What follows must not be what the own problem has with the donor's result: here 8 + 20 + 2 is 30 again."""
    own = replace(STORY, solution="<<12+5=17>>\n<<17*9=153>>\n<<153+20=173>>\n#### 173", gold=173)
    fair = donor({12: 14, 20: 21}, "14+5=19", "19*9=171", "171+21=192", own=own)
    assert "result of step 2" in wrong_pair(own, fair, patch(pairs="crossed"))


def test_a_donor_that_goes_by_another_id_or_is_not_there_is_found():
    asked = patch()
    cache = cache_of(TINY, asked)
    assert not pairs_check(replace(cache, generated=cache.generated[1:]), asked).passed

    class Renamed(Problem):
        @property
        def id(self):
            return "0" * 16

    named = Renamed(question=FIRST.question, solution=FIRST.solution, gold=FIRST.gold)
    assert "id" in wrong_pair(STORY, named, asked)
    assert wrong_pair(None, FIRST, asked)
    assert wrong_pair(STORY, None, asked)


def graph_pair(hop=2, by="matched", pairs="generated"):
    asked = patch(hop, by, pairs)
    own = GRAPHS[0]
    return own, generated_pairs(GRAPHS, asked.matching)[own.id].donor, asked


def test_a_graph_that_differs_otherwise_is_found():
    own, other, asked = graph_pair()
    assert wrong_pair(own, other, asked) == ""
    sentences = re.findall(r"[^.]+\.", own.question)
    harmless = next(each for each in sentences if each not in own.solution and each.strip().startswith("Every"))
    backwards = " ".join(reversed(re.findall(r"[^.?]+[.?]", other.question)))
    candidates = re.sub(r"a (\w+) or (\w+)\?", r"a \2 or \1?", other.question)
    second = other.question.replace(harmless, re.sub(r"a \w+\.", "a zorb.", harmless))
    found = {
        "at another hop": wrong_pair(own, other, replace(asked, step=1)),
        "the same node is asked for": wrong_pair(own, other, replace(asked, by="matched-same")),
        "a crossed one is asked for": wrong_pair(own, other, replace(asked, pairs="crossed")),
        "another order": wrong_pair(own, replace(other, question=backwards), asked),
        "another question": wrong_pair(own, replace(other, question=candidates), asked),
        "a second edge": wrong_pair(own, replace(other, question=second), asked),
        "a sentence less": wrong_pair(own, replace(other, question=other.question.replace(harmless, "")), asked),
        "the gold answer as before": wrong_pair(own, replace(other, gold=own.gold), asked),
        "itself": wrong_pair(own, own, asked),
    }
    assert all(found.values()), found
    own, crossed, asked = graph_pair(pairs="crossed")
    assert wrong_pair(own, crossed, asked) == ""
    assert wrong_pair(own, crossed, replace(asked, pairs="generated"))
    assert wrong_pair(own, crossed, replace(asked, step=3))
    own, same, asked = graph_pair(by="matched-same")
    assert wrong_pair(own, same, asked) == ""
    assert wrong_pair(own, same, replace(asked, step=5))
    # Columns that say otherwise than the question decide nothing: what is asked is read.
    assert wrong_pair(replace(own, fields=Fields({})), same, asked) == ""


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("llama")
    return load_model(folder, settings=write_codi(folder, "llama", seed=2))


SHORT = [
    Problem(question=f"{a} + {b} ?", solution=f"<<{a}+{b}={a + b}>>", gold=a + b)
    for a, b in ((12, 3), (25, 4), (31, 8), (44, 7))
]


def condition(by="matched"):
    form = {"thoughts": ["CT1"], "by": by, "step": 1, "pairs": "generated"}
    return Condition.from_json({"name": by.replace("-", "_"), "interventions": [form]})


def test_an_engine_that_feeds_generated_donors_is_certified(model):
    found = certify(model, SHORT, [condition()])["matched"]
    assert found.passed, found.failure()
    assert {"donors-as-said", "replaced-as-said", "undisturbed-thoughts"} <= {check.name for check in found.checks}
    assert found.thoughts_replaced == 4


def test_an_engine_that_feeds_a_neighbour_s_pair_fails(model, monkeypatch):
    honest = activation_cache.donors

    def shifted(problems, matching):
        found = honest(problems, matching)
        return dict(zip(found, [*[*found.values()][1:], *[*found.values()][:1]], strict=True))

    monkeypatch.setattr(activation_cache, "donors", shifted)
    assert "donors-as-said" in certify(model, SHORT, [condition()])["matched"].failure()


def test_an_engine_that_lets_another_question_think_for_the_donor_fails(model, monkeypatch):
    honest = undisturbed_thoughts._kept
    asked = {problem.id for problem in SHORT}

    def wrong(planned, *rest):
        kept = honest(planned, *rest)
        generated = not asked & {problem.id for problem in planned.problems}
        return {place: there[::-1].copy() if generated else there for place, there in kept.items()}

    monkeypatch.setattr(undisturbed_thoughts, "_kept", wrong)
    assert "undisturbed-thoughts" in certify(model, SHORT, [condition()])["matched"].failure()


def test_an_engine_that_feeds_another_thought_of_the_donor_fails(model, monkeypatch):
    honest = ActivationCache.donated
    monkeypatch.setattr(
        ActivationCache, "donated", lambda self, ids, thought, asked: honest(self, ids, (thought + 1) % 6, asked)
    )
    assert "replaced-as-said" in certify(model, SHORT, [condition()])["matched"].failure()

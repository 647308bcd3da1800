"""What was studied, and what changed since the accepted run."""

from ctlab.reporting.prose.since_accepted import since_accepted
from ctlab.reporting.prose.studied import studied
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report


def said(**model):
    form = fake_report(conditions=2)
    return studied(complete({**form, "model": {**form["model"], **model}}))


def test_a_newcomer_is_told_what_a_thought_is_and_who_answered():
    thought, model = said(
        id="small", trained="trained by hand", parameters=1200, num_layers=2, num_heads=1, num_thoughts=3
    )
    assert thought.startswith("A continuous thought is a vector that a language model computes")
    assert model.startswith(
        "The model is small (1,200 weights, 2 layers, 1 attention head a layer), trained by hand. "
        "It computes 3 thoughts, CT0 to CT2, before it answers. It was given 1,319 problems of tiny and answers "
    )
    assert "One problem: “" in model


def test_a_model_without_thoughts_has_none():
    assert "It has no continuous thoughts. It was given" in said(num_thoughts=0)[1]


def test_a_model_that_stops_itself_has_at_most_so_many():
    text = "It computes at most 3 thoughts, CT0 to CT2, before it answers, and decides itself when they are enough. It"
    assert text in said(num_thoughts=3, stops_itself=True)[1]


def test_a_network_that_loops_says_what_is_passed_how_often_and_from_where():
    loop = {"prelude": 2, "core": 4, "coda": 2, "steps": 32}
    assert (
        "4 layers of its network are passed 32 times for every token, and counted each time, from a state of zeros. "
        "It was given"
    ) in said(num_thoughts=0, loop=loop)[1]
    one = said(num_thoughts=0, loop={**loop, "core": 1, "steps": 1}, settings={"init_seed": 3})[1]
    assert "1 layer of its network is passed 1 time for every token" in one
    assert "from a state of random numbers, the same for every question (seed 3)." in one


def test_what_is_not_known_is_not_said():
    _, model = said(id="", family="", trained="", parameters=None, num_layers=None, num_heads=None, num_thoughts=None)
    assert model.startswith("The model is unnamed. It was given ")
    form = fake_report(conditions=2, recorded=True)
    assert studied(complete(form))[1].startswith("The answers were recorded elsewhere; ")


def claims(*verdicts):
    form = fake_report(conditions=2)
    row = next(row for row in form["claims"] if row["verdict"] == "SUPPORTED")
    rows = [
        {**row, "id": f"c{place}", "verdict": verdict, "accepted": accepted}
        for place, (verdict, accepted) in enumerate(verdicts)
    ]
    return complete({**form, "claims": rows}).claims


def test_nothing_changed_is_one_line():
    assert since_accepted(claims(("SUPPORTED", "SUPPORTED"))) == (
        "No verdict changed since the accepted run (1 accepted verdict)."
    )
    assert since_accepted(claims()) == ""
    assert since_accepted(claims(("SUPPORTED", None))).startswith("No verdict was accepted before")


def test_what_changed_is_named_with_both_verdicts():
    text = since_accepted(claims(("SUPPORTED", "REFUTED"), ("REFUTED", "REFUTED"), ("SUPPORTED", None)))
    assert text == (
        "Changed since the accepted run, 1 of 2 accepted verdicts: c0 (was REFUTED, is SUPPORTED). "
        "Not accepted before: c2."
    )


def test_several_models_are_named():
    form = fake_report(conditions=2, recorded=True)
    rows = [{**row, "recorded": "a.jsonl", "model": f"model {at}"} for at, row in enumerate(form["conditions"])]
    thought, answered = studied(complete({**form, "conditions": rows}))
    assert "Several models are compared here, and nothing is hidden from any: model 0; model 1" in thought
    assert "how the models were built and trained is not on record. Each was given" in answered


def test_what_one_of_several_models_answers_is_said_of_no_other():
    form = fake_report(conditions=2)
    first, second = form["conditions"]
    rows = [
        {**first, "accuracy": 0.85, "n": 40},
        {**second, "name": "other", "model": "o", "interventions": [], "accuracy": 0.1, "n": 40},
    ]
    _, answered = studied(complete({**form, "conditions": rows}))
    assert "; undisturbed, baseline is right on 85.0 % and other is right on 10.0 %" in answered
    assert "of them correctly" not in answered

import pytest

from ctlab.problems.audit.closed_form import check_closed_form
from tests.problems.audit.located import asked, located

FACTS = "Sally is a boompus. Every boompus is a sterpus. Every impus is a hilpus."
STERPUS, HILPUS = "Sally is a sterpus.", "Sally is a hilpus."


def checks(*problems):
    return {finding.check: finding.count for finding in check_closed_form(located(*problems)).findings()}


def entity(facts=FACTS, gold=STERPUS, **more):
    return asked(f"{facts} Is Sally a hilpus or a sterpus?", gold, kind="entity", options=(STERPUS, HILPUS), **more)


def test_a_gold_answer_that_follows_is_left_alone():
    came = check_closed_form(located(entity(), entity(gold="sterpus")))
    assert (came.checked, came.hops, came.findings()) == (2, [1, 1], ())


@pytest.mark.parametrize(
    ("problem", "found"),
    [
        (entity(gold=HILPUS), {"gold-does-not-follow", "other-option-follows"}),
        (entity(facts="Every boompus is a sterpus."), {"gold-does-not-follow"}),
        (entity(facts=f"{FACTS} Sally is an impus."), {"other-option-follows"}),
        (entity(facts=f"{FACTS} Sally is not a sterpus."), {"facts-contradict"}),
        (entity(gold="Sally is a wumpus."), {"gold-is-not-asked-for"}),
        (entity(gold="Bob is a sterpus."), {"gold-is-not-asked-for"}),
        (entity(solution="Sally is an impus.\nEvery impus is a hilpus, so Sally is a hilpus."), {"steps-not-founded"}),
        (entity(solution="Sally is a boompus.\nEvery boompus is a sterpus, so Sally is a sterpus."), set()),
        (asked(f"{FACTS} True or false: {STERPUS}", "true", kind="boolean"), set()),
        (
            asked(f"{FACTS} True or false: {STERPUS}", "false", kind="boolean"),
            {"gold-does-not-follow", "other-option-follows"},
        ),
        (asked(f"{FACTS} True or false: {STERPUS}", "yes", kind="boolean"), set()),
        (asked(f"{FACTS} True or false: {HILPUS}", "false", kind="boolean"), {"gold-does-not-follow"}),
        (asked(f"{FACTS} True or false: Sally is not a sterpus.", "false", kind="boolean"), set()),
    ],
)
def test_each_thing_that_can_be_wrong_is_found(problem, found):
    assert set(checks(problem)) == found


def test_a_graph_is_held_against_the_question():
    symbols = ["Sally", "boompus", "sterpus", "impus", "hilpus"]
    edges = [[0, 1], [1, 2], [3, 4]]
    fields = {"idx_to_symbol": symbols, "edges": edges}
    assert checks(entity(fields=_fields(fields))) == {}
    came = check_closed_form(located(entity(fields=_fields({**fields, "edges": [*edges[:2], [0, 4]]}))))
    (finding,) = came.findings()
    assert (finding.check, finding.fails) == ("graph-differs", False)
    assert "no edge impus → hilpus; not said sally → hilpus" in finding.examples[0].text


@pytest.mark.parametrize("edges", [None, [[0, 99]], [[0]], [["a", "b"]], [3]], ids=repr)
def test_a_graph_that_cannot_be_read_differs(edges):
    assert checks(entity(fields=_fields({"idx_to_symbol": ["Sally"], "edges": edges}))) == {"graph-differs": 1}


def test_questions_in_other_words_are_not_counted():
    came = check_closed_form(located(asked("Is greed a sin?", "true", kind="boolean"), asked("How many?", 3)))
    assert (came.checked, came.findings()) == (0, ())


def _fields(columns):
    from ctlab.records.fields import Fields

    return Fields(columns)

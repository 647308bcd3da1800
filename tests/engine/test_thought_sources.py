import pytest

from ctlab.engine.edge_factors import edge_factors
from ctlab.engine.layout import Layout
from ctlab.engine.prefix_tree import grow
from ctlab.engine.thought_sources import ThoughtSource, sources_of, with_baseline
from ctlab.errors import ConditionError
from ctlab.interventions import BASELINE, Condition, Patch

LAYOUT = Layout(begin=1, thoughts=3, end=1)
HIDE_CT0 = {"keys": ["CT0"], "readers": "later"}


def condition(*forms, name="c", **fields):
    return Condition.from_json({"name": name, "interventions": list(forms), **fields})


def by(way, *thoughts, **fields):
    return {"thoughts": list(thoughts) or "all", "by": way, **fields}


def source(way, seed=0):
    return ThoughtSource.of(Patch(thoughts="all", by=way, seed=seed))


def factors_of(*conditions):
    return edge_factors(conditions, LAYOUT, layers=2, heads=2)


def tree(*forms, no_op=False):
    made = [condition(*form, name=f"c{number}", no_op=no_op) for number, form in enumerate(forms)]
    return grow(factors_of(BASELINE, *made))


def sizes(found):
    return [len(level.parents) for level in found.levels]


def test_what_each_thought_is_fed():
    assert sources_of(BASELINE, LAYOUT) == (None, None, None)
    mixed = condition(by("zero", "CT2"), by("noise", "CT0", seed=3))
    assert sources_of(mixed, LAYOUT) == (source("noise", 3), None, source("zero"))
    assert sources_of(condition(by("mean")), LAYOUT) == (source("mean"),) * 3


def test_self_and_baseline_are_one_computation():
    same = {sources_of(condition(by(way, "CT1")), LAYOUT) for way in ("self", "baseline")}
    assert same == {(None, source("self"), None)}


def test_a_thought_that_the_model_does_not_have():
    with pytest.raises(ConditionError, match="condition 'c': CT3 does not exist: this model thinks CT0 … CT2"):
        factors_of(condition(by("zero", "CT3")))


@pytest.mark.parametrize(
    ("forms", "idle"),
    [
        ([by("self", "CT0")], "CT0"),
        ([by("baseline")], "CT0"),
        ([by("baseline", "CT1")], "CT1"),
        # CT1 is made at CT0's own position, and nothing is hidden from CT0
        ([HIDE_CT0, by("baseline", "CT1")], "CT1"),
        ([HIDE_CT0, by("baseline", "CT1", "CT2")], "CT1"),
        ([{"keys": ["CT0"], "readers": "answer"}, by("baseline", "CT2")], "CT2"),
        ([by("zero", "CT1"), by("baseline", "CT0")], "CT0"),
        ([{"keys": "question", "readers": ["CT1"]}, by("baseline", "CT1")], "CT1"),
    ],
)
def test_giving_back_what_nothing_disturbed_is_refused(forms, idle):
    with pytest.raises(ConditionError, match=f"condition 'c' gives {idle} back, which nothing before it has disturbed"):
        factors_of(condition(*forms))
    assert factors_of(condition(*forms, no_op=True))


@pytest.mark.parametrize(
    "forms",
    [
        [HIDE_CT0, by("baseline", "CT2")],
        [{"keys": ["CT0"], "readers": ["CT0"], "self": True}, by("baseline", "CT1")],
        [{"keys": "question", "readers": ["begin"]}, by("baseline")],
        [{"keys": "question-control", "readers": "later"}, by("baseline")],
        [by("zero", "CT0"), by("baseline", "CT1")],
        [by("zero", "CT0"), by("self", "CT1", "CT2")],
    ],
)
def test_giving_back_what_was_disturbed_is_not(forms):
    assert factors_of(condition(*forms))


def test_idle_edges_are_refused_beside_a_replacement_too():
    with pytest.raises(ConditionError, match="weakens no attention edge"):
        factors_of(condition({"keys": ["CT2"], "readers": "thoughts"}, by("zero", "CT0")))


def test_conditions_part_at_the_thought_that_they_feed_differently():
    found = tree([by("zero", "CT1")], [by("mean", "CT2")])
    assert sizes(found) == [1, 1, 1, 2, 3, 3, 3]  # question, begin, CT0, CT1, CT2, end, answer
    assert set(found.levels[3].sources) == {(None,), (source("zero"),)}
    assert found.levels[5].sources == ((),) * 3


def test_equal_sources_are_one_branch_and_seeds_tell_them_apart():
    found = tree(
        [by("noise", "CT0", seed=1)],
        [by("noise", "CT0", seed=2)],
        [by("noise", "CT0", seed=1)],
        [by("resample", "CT0")],
    )
    leaves = found.leaves[1:]
    assert leaves[0] == leaves[2]
    assert len(set(leaves)) == 3
    assert sizes(found)[2] == 4


def test_a_swap_for_itself_is_computed_in_a_row_of_its_own():
    found = tree([by("self", "CT0")], [by("baseline", "CT0")], no_op=True)
    assert found.leaves[0] != found.leaves[1] == found.leaves[2]


def test_baseline_comes_along_where_it_is_given_back_from():
    giving = condition(HIDE_CT0, by("baseline", "CT2"))
    assert with_baseline([giving]) == (giving, BASELINE)
    bare = condition(name="bare")
    assert with_baseline([bare, giving]) == (bare, giving)
    assert with_baseline([condition(by("mean"))]) == (condition(by("mean")),)

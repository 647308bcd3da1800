from ctlab.engine.edge_factors import edge_factors
from ctlab.engine.layout import Layout
from ctlab.engine.prefix_tree import grow
from ctlab.interventions import BASELINE, Condition

LAYOUT = Layout(begin=1, thoughts=3, end=1)


def tree(*forms):
    conditions = [BASELINE]
    conditions += [Condition.from_json({"name": f"c{n}", "interventions": [form]}) for n, form in enumerate(forms)]
    return grow(edge_factors(conditions, LAYOUT, layers=2, heads=2))


def sizes(found):
    return [len(level.parents) for level in found.levels]


def test_one_branch_for_one_condition():
    found = tree()
    assert sizes(found) == [1] * 7  # question, begin, CT0, CT1, CT2, end, answer
    assert found.leaves == (0,)


def test_conditions_part_where_their_edges_do():
    found = tree({"keys": ["CT0"], "readers": "later"}, {"keys": ["CT1"], "readers": "later"})
    assert sizes(found) == [1, 1, 1, 2, 3, 3, 3]
    assert found.levels[3].parents == (0, 0)
    assert found.levels[4].parents == (0, 0, 1)
    assert sorted(found.leaves) == [0, 1, 2]


def with_no_ops():
    names = {"still": {"keys": ["CT0"], "readers": "later", "keep": 1}, "itself": {"thoughts": ["CT1"], "by": "self"}}
    no_ops = [
        Condition.from_json({"name": name, "interventions": [form], "no_op": True}) for name, form in names.items()
    ]
    treated = Condition.from_json({"name": "hidden", "interventions": [{"keys": ["CT0"], "readers": "later"}]})
    return [no_ops[0], BASELINE, no_ops[1], treated]


def test_a_no_op_shares_no_row_with_what_it_is_held_against():
    found = grow(edge_factors(with_no_ops(), LAYOUT, layers=2, heads=2))
    for level in found.levels[1:]:
        still, baseline, itself, treated = level.branch_of
        assert not {still, itself} & {baseline, treated}
    assert sizes(found) == [1, 2, 2, 4, 4, 4, 4]


def test_no_ops_are_the_last_children_of_the_first_fork():
    """Whatever a fork does to rows that it adds, it does to theirs, in whatever order conditions are given."""
    found = grow(edge_factors(with_no_ops(), LAYOUT, layers=2, heads=2))
    assert found.levels[1].parents == (0, 0)
    assert found.levels[1].branch_of == (1, 0, 1, 0)


def test_what_only_the_answer_sees_parts_late():
    found = tree({"keys": ["CT0"], "readers": "answer"}, {"keys": ["CT2"], "readers": ["end"]})
    assert sizes(found) == [1, 1, 1, 1, 1, 3, 3]


def test_same_edges_are_one_branch():
    found = tree(
        {"keys": ["CT0"], "readers": "later"},
        {"keys": ["CT0"], "readers": ["CT1", "CT2", "end"]},
        {"keys": ["CT0"], "readers": "later", "heads": [0, 1]},
    )
    assert found.leaves[1] == found.leaves[3] != found.leaves[0]
    # `end` alone leaves the answer reading CT0, so that this one parts at the last moment.
    assert found.leaves[2] != found.leaves[1]
    assert sizes(found)[-2:] == [2, 3]


def test_a_changed_question_is_a_root_of_its_own():
    found = tree({"keys": "question-control", "readers": "later"}, {"keys": "question", "readers": ["CT0"]})
    assert sizes(found) == [2, 2, 3, 3, 3, 3, 3]
    assert found.levels[2].parents == (0, 0, 1)
    assert found.levels[0].branch_of == (0, 1, 0)


def test_parents_ascend():
    found = tree(
        {"keys": ["CT1"], "readers": "later"},
        {"keys": ["CT0"], "readers": "later"},
        {"keys": ["begin"], "readers": "later"},
        {"keys": ["begin"], "readers": ["CT0"]},
    )
    for level in found.levels:
        assert list(level.parents) == sorted(level.parents)


def at_layer(position, thoughts=("CT1",), layers=(0,), by="zero"):
    return {"thoughts": list(thoughts), "by": by, "at": {"layers": list(layers), "position": position}}


def test_a_residual_stream_parts_at_its_thought_and_what_is_left_for_readers_one_step_later():
    found = tree(at_layer("residual"), at_layer("key"), at_layer("value"))
    assert sizes(found) == [1, 1, 1, 2, 4, 4, 4]  # question, begin, CT0, CT1, CT2, end, answer
    assert [len(each) for each in found.levels[3].within] == [0, 1]
    assert [len(each) for each in found.levels[4].entered] == [0, 1, 1, 0]
    assert not any(any(level.entered) for number, level in enumerate(found.levels) if number != 4)
    assert not any(any(level.within) for number, level in enumerate(found.levels) if number != 3)


def test_the_last_thought_s_key_is_replaced_when_end_is_read():
    found = tree(at_layer("key", ["CT2"]))
    assert sizes(found) == [1, 1, 1, 1, 1, 2, 2]
    assert [len(each) for each in found.levels[5].entered] == [0, 1]


def test_conditions_that_patch_alike_are_one_computation_whatever_the_order():
    both = [at_layer("key", layers=(0, 1)), at_layer("key", layers=(1, 0))]
    assert sizes(tree(*both)) == [1, 1, 1, 1, 2, 2, 2]
    assert sizes(tree(at_layer("key"), at_layer("key", layers=(1,)))) == [1, 1, 1, 1, 3, 3, 3]
    assert sizes(tree(at_layer("residual"), at_layer("residual", by="mean"))) == [1, 1, 1, 3, 3, 3, 3]


def test_an_early_answer_goes_along_with_those_that_patch_the_same_and_with_no_others():
    def early(name, fed, *forms):
        form = {"name": name, "interventions": list(forms)}
        return Condition.from_json(form if fed is None else {**form, "num_thoughts": fed})

    def grown(*conditions):
        return sizes(grow(edge_factors([BASELINE, *conditions], LAYOUT, layers=2, heads=2)))

    key, other = at_layer("key", ["CT0"]), at_layer("value", ["CT0"])
    assert grown(early("whole", None, key), early("short", 1, key)) == [1, 1, 1, 2, 2, 3, 3]
    assert grown(early("whole", None, other), early("short", 1, key)) == [1, 1, 1, 3, 3, 3, 3]
    assert grown(early("short", 1, key), early("bare", 1)) == [1, 1, 1, 2, 2, 3, 3]

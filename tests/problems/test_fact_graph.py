import pytest

from ctlab.problems import Problem
from ctlab.records.fields import Fields
from ctlab.statistics.moderators.feature import feature_values


def problem(columns, **more):
    return Problem(question="Is Sally a b?", gold="Sally is a b.", kind="entity", fields=Fields(columns), **more)


GRAPH = {
    "edges": [[0, 1], [1, 2], [0, 3], [3, 2], [2, 4]],
    "root": 0,
    "target": 4,
    "idx_to_symbol": ["Sally", "a", "c", "d", "b", "alone"],
}


def test_a_graph_is_measured():
    found = problem(GRAPH, options=("b", "d")).features
    assert (found.n_options, found.n_hops, found.n_edges, found.n_nodes, found.n_distractors) == (2, 3, 5, 6, 2)


def test_steps_that_are_written_out_count_before_the_shortest_way():
    assert problem({**GRAPH, "steps": ["one", "two"]}).features.n_hops == 2
    assert problem({}, solution="one\ntwo\nthree").features.n_hops == 3


@pytest.mark.parametrize(
    "columns",
    [
        {},
        {"edges": "0-1"},
        {"edges": [[0, 1, 2]]},
        {"edges": [[0, None]], "root": 0},
        {"edges": 3, "steps": 4, "root": []},
    ],
)
def test_what_is_no_graph_is_passed_over(columns):
    found = problem(columns).features
    assert (found.n_hops, found.n_edges, found.n_nodes, found.n_distractors) == (None, None, None, None)


def test_a_root_without_edges_leads_nowhere():
    found = problem({**GRAPH, "root": 9}).features
    assert (found.n_hops, found.n_edges, found.n_distractors) == (None, 5, None)


def test_numbers_have_none_of_it_and_their_form_stays():
    found = Problem(question="How many?", gold=3, fields=Fields(GRAPH)).features
    assert found.n_edges is None
    assert "n_hops" not in found.to_json()
    assert type(found).from_json(found.to_json()) == found


def test_statistics_read_them_by_name():
    assert feature_values([problem(GRAPH), problem({})], "n_hops") == ([3.0, None], False)
    assert feature_values([problem(GRAPH)], "n_hops >= 2") == ([1.0], True)

"""A graph's nodes by hops, held to every way written out."""

import pytest

import ctlab
from ctlab.errors import InputError
from ctlab.problems.frontier import frontier, node_names

SETS = ("tiny-graphs", "tiny-graphs-dag", "tiny-graphs-denser")


def ways(edges, start):
    """Every way from a node, as a list of nodes, the node itself first."""
    found, open_ways = [], [[start]]
    while open_ways:
        way = open_ways.pop()
        found.append(way)
        open_ways += [[*way, second] for first, second in edges if first == way[-1] and second not in way]
    return found


def shortest(edges, start):
    far = {}
    for way in ways(edges, start):
        far[way[-1]] = min(far.get(way[-1], 99), len(way) - 1)
    return far


def on_a_way(edges, start, end, far):
    return {node for way in ways(edges, start) if way[-1] == end and len(way) - 1 == far.get(end) for node in way}


@pytest.mark.parametrize("name", SETS)
def test_frontiers_are_those_of_all_ways_written_out(name):
    for problem in ctlab.load_problems(name).problems[:40]:
        edges, root = [tuple(edge) for edge in problem.fields["edges"]], problem.fields["root"]
        (other,) = {0, 1} - {root}
        mine, its = shortest(edges, root), shortest(edges, other)
        way = on_a_way(edges, root, problem.fields["target"], mine)
        other_way = on_a_way(edges, other, problem.fields["neg_target"], its)
        for hops in (1, 2, 3, 4):
            found = frontier(problem, hops)
            follows = {node for node, far in mine.items() if far == hops}
            apart = {node for node, far in its.items() if far == hops and node not in mine}
            assert (found.way, found.beside) == (follows & way, follows - way)
            assert (found.other_way, found.other_beside) == (apart & other_way, apart - other_way)
            assert found.reachable == follows
            assert found.unreachable == apart
        assert problem.fields["target"] in way
        assert sorted(node_names(problem)) == list(range(2, len(problem.fields["idx_to_symbol"])))


def test_a_problem_without_a_graph_is_said():
    with pytest.raises(
        InputError, match=r"carries no graph \('edges' is no column of its row\); use a set in ProsQA's"
    ):
        frontier(ctlab.Problem(question="q", gold=1), 1)

"""Pairs of graph problems: what is another in them, read off their questions alone."""

import re
from dataclasses import replace

import pytest

from ctlab.problems import load_problems
from ctlab.problems.counterfactuals.edge_redirected import redirected
from ctlab.records.fields import Fields

GRAPHS = load_problems("tiny-graphs").limited(60).problems


def facts(question):
    return [tuple(pair) for pair in re.findall(r"(?:Every )?(\w+) is a (\w+)\.", question)]


def reached(pairs, start):
    """Every node with its hops, by trying all edges again and again."""
    hops = {start: 0}
    for _ in pairs:
        for one, other in pairs:
            if one in hops and hops.get(other, 99) > hops[one] + 1:
                hops[other] = hops[one] + 1
    return hops


def asked(question):
    person, one, other = re.search(r"Is (\w+) a (\w+) or (\w+)\?", question).groups()
    return person, {one, other}


def nodes(problem):
    """Nodes at each hop of the way to the gold answer."""
    person, _ = asked(problem.question)
    return [person, *(re.search(r"is a (\w+)\.", line)[1] for line in problem.solution.splitlines())]


def pairs(hop, **fields):
    asked_for = {"same": False, "crossed": False, "seed": 0, **fields}
    found = [(problem, redirected(problem, hop=hop, **asked_for)) for problem in GRAPHS]
    return [(problem, pair) for problem, pair in found if pair is not None]


@pytest.mark.parametrize("hop", [1, 2, 3, 6])
def test_one_edge_lets_the_other_candidate_follow(hop):
    found = pairs(hop)
    assert len(found) > 10
    for own, pair in found:
        mine, theirs = facts(own.question), facts(pair.donor.question)
        others = [(one, other) for one, other in zip(mine, theirs, strict=True) if one != other]
        assert len(others) == 1
        assert others[0][0][0] == others[0][1][0]
        person, candidates = asked(own.question)
        assert asked(pair.donor.question) == (person, candidates)
        gold = own.gold.rstrip(".").split()[-1]
        assert candidates & {*reached(mine, person)} == {gold}
        assert candidates & {*reached(theirs, person)} == candidates - {gold}
        assert pair.expected == pair.donor.gold == next(each for each in own.options if each != own.gold)
        ways = nodes(own), nodes(pair.donor)
        assert len(ways[0]) == len(ways[1])
        assert [one == other for one, other in zip(*ways, strict=True)].index(False) == hop
        assert reached(theirs, person)[ways[1][-1]] == len(ways[1]) - 1
        assert pair.donor.features.n_hops == own.features.n_hops


@pytest.mark.parametrize("hop", [1, 3])
def test_a_pair_of_the_same_node_turns_off_later(hop):
    for own, pair in pairs(hop, same=True):
        ways = nodes(own), nodes(pair.donor)
        assert [one == other for one, other in zip(*ways, strict=True)].index(False) > hop
        assert pair.expected == own.gold != pair.donor.gold
    assert not pairs(6, same=True)


@pytest.mark.parametrize("hop", [1, 2])
def test_a_crossed_pair_comes_back_to_the_own_way(hop):
    found = pairs(hop, crossed=True)
    assert len(found) == len(GRAPHS)
    for own, pair in found:
        mine, theirs = facts(own.question), facts(pair.donor.question)
        assert sum(one != other for one, other in zip(mine, theirs, strict=True)) == 2
        ways = nodes(own), nodes(pair.donor)
        assert [at for at, (one, other) in enumerate(zip(*ways, strict=True)) if one != other] == [hop]
        assert pair.donor.gold == own.gold != pair.expected
        _, candidates = asked(own.question)
        assert candidates & {*reached(mine, ways[1][hop])} == {pair.expected.rstrip(".").split()[-1]}


def test_what_is_no_such_row_has_no_pair():
    own = GRAPHS[0]
    broken = [
        {},
        {**own.fields, "edges": "x"},
        {**own.fields, "edges": [[0, 99]]},
        {**own.fields, "root": "Dan"},
        {**own.fields, "idx_to_symbol": 3},
        {**own.fields, "neg_target": own.fields["target"]},
        {**own.fields, "edges": [*own.fields["edges"], [own.fields["root"], own.fields["target"]]]},
    ]
    for fields in broken[:-1]:
        made = replace(own, fields=Fields(fields))
        assert redirected(made, hop=1, same=False, crossed=False, seed=0) is None
    # Of an edge that no sentence says nothing can be written.
    assert redirected(replace(own, fields=Fields(broken[-1])), hop=1, same=False, crossed=False, seed=0) is None
    assert redirected(replace(own, question="Is Dan a ladin?"), hop=1, same=False, crossed=False, seed=0) is None


def test_a_graph_with_second_ways_has_no_pair():
    dag = load_problems("tiny-graphs-dag").limited(20).problems
    assert not any(redirected(each, hop=1, same=False, crossed=False, seed=0) for each in dag)

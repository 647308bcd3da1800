"""The embedded graphs: rows say what their sentences say, and nothing but edges tells which candidate follows."""

import math
import random
import re
from collections import Counter

import numpy as np
import pytest

from benchmarks.graph_shortcuts import RULES, share
from ctlab.errors import ProblemSetError
from ctlab.problems import announced, announced_size, load_problems, to_be_drawn
from ctlab.problems.tiny_graphs import graph_sets
from ctlab.problems.tiny_graphs.graph_drawing import draw
from ctlab.problems.tiny_graphs.graph_seeds import GRAPH_SEEDS
from ctlab.problems.tiny_graphs.set_forms import AS_TRAINED, SETS, drawn_graphs

each_set = pytest.mark.parametrize("name", SETS)
PROSQA = {"question", "answer", "steps", "idx_to_symbol", "edges", "root", "target", "neg_target"}


def told(row):
    """Edges as the question's sentences tell them, by name."""
    return re.findall(r"(?:Every )?(\w+) is a (\w+)\.", row["question"])


def ways(row):
    """Number of ways of each length between any two nodes: powers of the adjacency matrix that the text tells."""
    place = {name: index for index, name in enumerate(row["idx_to_symbol"])}
    adjacent = np.zeros((len(place), len(place)), dtype=int)
    for one, other in told(row):
        adjacent[place[one], place[other]] += 1
    powers = [np.eye(len(place), dtype=int)]
    while powers[-1].any() and len(powers) <= len(place):
        powers.append(powers[-1] @ adjacent)
    return np.stack(powers)


@each_set
def test_the_shipped_file_is_what_the_generator_draws(name):
    assert graph_sets.rows(name) == [graph.row() for graph in graph_sets.graphs(name)]


@each_set
def test_the_text_tells_the_edges_of_the_row(name):
    for row in graph_sets.rows(name):
        assert set(row) == PROSQA
        names = row["idx_to_symbol"]
        assert told(row) == [(names[one], names[other]) for one, other in row["edges"]]
        assert len(set(names)) == len(names)
        (asked,) = re.findall(r" Is (\w+) a (\w+) or (\w+)\?$", row["question"])
        assert asked[0] == names[row["root"]]
        assert set(asked[1:]) == {names[row["target"]], names[row["neg_target"]]}


@each_set
def test_one_candidate_follows_and_the_other_follows_of_the_other_person(name):
    for row in graph_sets.rows(name):
        found = ways(row)
        assert not found[-1].any(), "a graph with a circle has ways of any length"
        lengths = found[:, row["root"], row["target"]].nonzero()[0]
        assert lengths[0] == len(row["steps"])
        assert not found[:, row["root"], row["neg_target"]].any()
        assert found[:, 1 - row["root"], row["neg_target"]].nonzero()[0][0] == len(row["steps"])
        assert (lengths.size, found[:, row["root"], row["target"]].sum() > 1) == (1, name == "tiny-graphs-dag")


@each_set
def test_the_steps_are_sentences_of_the_question_that_lead_to_the_answer(name):
    for row in graph_sets.rows(name):
        pairs = [re.fullmatch(r"(?:Every )?(\w+) is a (\w+)\.", step).groups() for step in row["steps"]]
        names = [pairs[0][0], *(other for _, other in pairs)]
        assert names[:-1] == [one for one, _ in pairs]
        assert all(step in row["question"] for step in row["steps"])
        assert row["answer"] == f"{names[0]} is a {names[-1]}."


def test_sets_are_unlike_the_first_in_what_they_are_called_after():
    sizes = {name: Counter(len(row["steps"]) for row in graph_sets.rows(name)) for name in SETS}
    assert sizes["tiny-graphs"] == {3: 250, 4: 250, 5: 250, 6: 250}
    assert sizes["tiny-graphs-longer"] == {7: 500}
    assert sizes["tiny-graphs-dag"] == sizes["tiny-graphs-denser"] == {3: 125, 4: 125, 5: 125, 6: 125}
    edges = {name: np.mean([len(row["edges"]) for row in graph_sets.rows(name)]) for name in SETS}
    assert edges["tiny-graphs-denser"] > 1.5 * edges["tiny-graphs"]


def test_no_question_stands_twice_in_any_set():
    assert len(graph_sets.questions()) == sum(each.size for each in SETS.values())


@pytest.fixture(scope="module")
def later():
    """A second drawing of seven hops, by the seed that it has or one that is nobody's."""
    seed = GRAPH_SEEDS["tiny-graphs-longer-2"] or "a seed of the tests"
    return drawn_graphs("tiny-graphs-longer", seed, {row["question"] for row in graph_sets.rows("tiny-graphs-longer")})


def test_a_later_drawing_has_the_form_of_the_first_and_none_of_its_questions(later):
    first = graph_sets.rows("tiny-graphs-longer")
    assert not {graph.question for graph in later} & {row["question"] for row in first}
    assert Counter(len(graph.row()["steps"]) for graph in later) == {7: len(first)}


def test_what_it_is_to_be_apart_from_is_not_drawn(later):
    left_out = {graph.question for graph in later[:5]}
    seed = GRAPH_SEEDS["tiny-graphs-longer-2"] or "a seed of the tests"
    others = {graph.question for graph in drawn_graphs("tiny-graphs-longer", seed, left_out)}
    assert not others & left_out
    assert len(others) == len(later)


def test_before_a_later_drawing_is_drawn_it_has_a_name_and_no_problems(monkeypatch):
    name = "tiny-graphs-dag-2"
    monkeypatch.setitem(GRAPH_SEEDS, name, "")
    assert to_be_drawn(name)
    with pytest.raises(ProblemSetError, match=f"'{name}' have not been drawn yet"):
        load_problems(name)
    words = announced(name)
    assert words.startswith(f"{name}: 500 problems drawn by source ")
    monkeypatch.setitem(GRAPH_SEEDS, name, "some seed")
    assert not to_be_drawn(name)
    assert announced(name, 500) == words, "what was announced does not depend on the seed"
    assert announced(name, 60) == f"{words}, the first 60"
    assert (announced_size(name), announced_size(name, 60), announced_size(name, 900)) == (500, 60, 500)


@pytest.mark.parametrize("name", [name for name, seed in GRAPH_SEEDS.items() if seed and name not in SETS])
def test_the_shipped_later_file_is_what_the_generator_draws(name):
    assert graph_sets.rows(name) == [graph.row() for graph in graph_sets.graphs(name)]


def limit(n):
    """Four standard errors of a share of one half: 44 shares stay below it but one time in 350."""
    return 4 * 0.5 / math.sqrt(n)


@each_set
@pytest.mark.parametrize("rule", [name for name in RULES if "(" not in name])
def test_no_rule_that_follows_no_edge_tells_the_candidates_apart(name, rule):
    rows = graph_sets.rows(name)
    assert abs(share(RULES[rule], rows) - 0.5) < limit(len(rows))


@pytest.mark.parametrize(
    ("rule", "spoilt"),
    [
        ("has children", lambda row: row | {"edges": [*row["edges"], [row["neg_target"], row["root"]]]}),
        (
            "later in idx_to_symbol",
            lambda row: row | {"target": max(row["target"], row["neg_target"]), "neg_target": 2},
        ),
        ("more parents", lambda row: row | {"edges": [*row["edges"], [0, row["target"]]]}),
        ("first mentioned earlier", lambda row: row | {"question": f"{row['answer']} {row['question']}"}),
    ],
)
def test_a_spoilt_set_is_told_by_its_rule(rule, spoilt):
    rows = [spoilt(row) for row in graph_sets.rows("tiny-graphs")]
    assert abs(share(RULES[rule], rows) - 0.5) > limit(len(rows))


def test_the_same_seed_draws_the_same_and_another_one_others():
    first, again, other = (draw(random.Random(seed), AS_TRAINED, 4) for seed in (1, 1, 2))
    assert first == again != other


@each_set
def test_a_set_is_read_by_its_name_as_prosqa_is(name):
    problems = load_problems(name)
    assert (problems.name, len(problems)) == (name, SETS[name].size)
    row, problem = graph_sets.rows(name)[0], problems[0]
    wrong = row["answer"].replace(row["idx_to_symbol"][row["target"]], row["idx_to_symbol"][row["neg_target"]])
    assert (problem.gold, problem.options) == (row["answer"], (row["answer"], wrong))
    assert problem.features.n_hops == len(row["steps"])
    assert problem.fields["edges"] == row["edges"]

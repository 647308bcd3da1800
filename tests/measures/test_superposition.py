"""What is planted is found: a search that holds the frontier, a model that follows the way, one that knows nothing."""

import numpy as np
import pytest

import ctlab
from ctlab.errors import InputError, PairingError, StatisticsError
from ctlab.measures import (
    beside_beyond_unreachable,
    entity_texts,
    frontier_beyond_unreachable,
    largest_share,
    mass_narrows,
    reachable_change,
    way_beyond_beside,
)
from ctlab.problems.frontier import frontier, node_names
from ctlab.records.scores import Scores

PROBLEMS = ctlab.load_problems("tiny-graphs").problems[:120]
AT = (0, 1, 2)


def planted(holds, problems=PROBLEMS, same_first=False):
    """Scores of which ``holds`` says the probability of a node at a thought."""
    texts = [entity_texts()(problem) for problem in problems]
    first = [[max(holds(problem, node, k), 1e-12) for problem in problems for node in node_names(problem)] for k in AT]
    total = len(first[0])
    return Scores(
        condition="baseline",
        problem_ids=tuple(problem.id for problem in problems),
        texts=tuple(texts),
        token_ids=tuple(tuple((7 if same_first else place,) for place, _ in enumerate(own)) for own in texts),
        gold=(None,) * len(problems),
        log_probability=np.zeros(total),
        end=np.zeros(total),
        at=AT,
        first=np.log(first),
    )


def searching(problem, node, thought):
    reached = frontier(problem, thought + 1).reachable
    return 1 / len(reached) if node in reached else 0.0


def following(problem, node, thought):
    return float(node in frontier(problem, thought + 1).way)


def knowing_nothing(problem, node, thought):
    return 1 / len(node_names(problem))


def means(holds):
    scores = planted(holds)
    found = [each(scores, PROBLEMS, (0, 1)) for each in (frontier_beyond_unreachable, beside_beyond_unreachable)]
    found += [way_beyond_beside(scores, PROBLEMS, (0, 1)), largest_share(scores, PROBLEMS, AT)]
    return [float(each.mean()) for each in found]


def test_a_search_holds_what_is_beside_the_way_and_nothing_that_does_not_follow():
    excess, beside, way, largest = means(searching)
    assert excess > 0.3
    assert beside > 0.2
    assert way == pytest.approx(0.0, abs=1e-9)
    assert largest < 0.8


def test_who_follows_the_way_holds_nothing_beside_it():
    excess, beside, way, largest = means(following)
    assert excess > 0.3
    assert beside == pytest.approx(0.0, abs=1e-9)
    assert way == pytest.approx(1.0)
    assert largest == pytest.approx(1.0)


def test_who_knows_nothing_shows_nothing():
    excess, beside, way, largest = means(knowing_nothing)
    assert (excess, beside, way) == pytest.approx((0.0, 0.0, 0.0))
    assert largest < 0.15


def test_a_search_that_narrows_is_told_from_one_that_does_not():
    def narrowing(problem, node, thought):
        return (following if thought == 2 else searching)(problem, node, thought)

    assert mass_narrows(planted(narrowing), PROBLEMS, 0, 2).mean() > 0.2
    assert abs(mass_narrows(planted(following), PROBLEMS, 0, 2).mean()) < 1e-9


def test_what_a_condition_takes_from_the_frontier():
    change = reachable_change(planted(searching), planted(knowing_nothing), PROBLEMS, 2)
    own = [sum(knowing_nothing(p, node, 2) for node in frontier(p, 3).reachable) - 1 for p in PROBLEMS]
    assert change == pytest.approx(np.array(own))


def test_entities_that_their_first_token_does_not_tell_apart_are_left_out():
    with pytest.raises(StatisticsError, match="first tokens that tell them apart"):
        frontier_beyond_unreachable(planted(searching, same_first=True), PROBLEMS, (0,))


def test_other_problems_or_answers_are_refused():
    scores = planted(searching)
    with pytest.raises(PairingError, match="not those that were scored"):
        way_beyond_beside(scores, PROBLEMS[1:], (0,))
    with pytest.raises(InputError, match=r"score with at=\['CT5'\]"):
        way_beyond_beside(scores, PROBLEMS, (5,))
    options = ctlab.score(
        "tiny-graphs-coconut", PROBLEMS[:2], ctlab.Condition(name="baseline"), answers="options", at="CT0"
    )
    with pytest.raises(InputError, match="was given 2 answers, and its graph has 16 entities"):
        way_beyond_beside(options["baseline"], PROBLEMS[:2], (0,))

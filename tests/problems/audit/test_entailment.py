"""What follows, held against truth tables: a statement follows if it is true wherever the premises are."""

from itertools import product

from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems.audit.controlled_english import Asked
from ctlab.problems.audit.entailment import consistent, follows, hops

TERMS = "abcd"
LITERALS = st.tuples(st.sampled_from(TERMS), st.booleans())
QUESTIONS = st.builds(
    lambda facts, rules: Asked(who="Max", facts=tuple(facts), rules=tuple(rules), options=(), said=frozenset()),
    st.lists(LITERALS, max_size=3),
    st.lists(st.tuples(st.sampled_from(TERMS), LITERALS), max_size=6),
)


def worlds(asked):
    """Every way in which Max can be that fits what is said."""
    for values in product((False, True), repeat=len(TERMS)):
        world = dict(zip(TERMS, values, strict=True))
        facts = all(world[term] == positive for term, positive in asked.facts)
        rules = all(world[term] == positive for kind, (term, positive) in asked.rules if world[kind])
        if facts and rules:
            yield world


@given(QUESTIONS, LITERALS)
def test_a_statement_follows_where_it_holds_in_every_world(asked, literal):
    possible = list(worlds(asked))
    assert consistent(asked) == bool(possible)
    if possible:
        assert follows(asked, literal) == all(world[literal[0]] == literal[1] for world in possible)


@given(QUESTIONS, LITERALS)
def test_what_rules_lead_to_follows(asked, literal):
    if consistent(asked) and hops(asked, literal) is not None:
        assert follows(asked, literal)


def test_the_shortest_way_is_counted():
    rules = (("a", ("b", True)), ("b", ("c", True)), ("a", ("c", True)), ("c", ("d", False)))
    asked = Asked(who="Max", facts=(("a", True),), rules=rules, options=(), said=frozenset())
    assert [hops(asked, literal) for literal in (("a", True), ("c", True), ("d", False), ("d", True))] == [
        0,
        1,
        2,
        None,
    ]

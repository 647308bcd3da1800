import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes import Outcome, classify
from ctlab.problems import Problem

FRUIT = Problem(question="Which?", gold="apple, pear, fig", kind="set")
WAY = Problem(question="In which order?", gold="wake, eat, leave, eat", kind="sequence")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fig, pear, apple", "CORRECT"),
        ("Apple; pear and the fig.", "CORRECT"),
        ("apple, apple, pear and fig", "CORRECT"),
        ("{fig, apple, pear}", "CORRECT"),
        ("The answer is: [apple, pear, fig]</s>", "CORRECT"),
        ("I thought so.\nfig, pear, apple", "CORRECT"),
        ("- Fig\n- Pear\n- Apple", "CORRECT"),
        ("* fig\n* pear\n* apple", "CORRECT"),
        ("The fruits are:\n\n• Fig\n• Pear\n• Apple\n\nI hope it helps.", "CORRECT"),
        ("1. fig\n2. pear\n3. apple", "CORRECT"),
        ("(a) fig (b) pear (c) apple", "CORRECT"),
        ("I. fig\nII. pear\nIII. apple", "CORRECT"),
        ('["fig", "pear", "apple"]', "CORRECT"),
        ("{'fig', 'pear', 'apple'}", "CORRECT"),
        ('{"fruits": ["fig", "pear", "apple"]}', "CORRECT"),
        ("Answer: [\n 'fig',\n 'pear',\n 'apple'\n]", "CORRECT"),
        ("fig\npear\napple", "CORRECT"),
        ("Answer: fig\npear\napple", "CORRECT"),
        ("The answer is:\n- fig\n- pear\n- apple\nThese are all.", "CORRECT"),
        ("The answer is: fig,\npear,\nand apple", "CORRECT"),
        ("The answer is:\n1. fig\n2. pear\n3. apple", "CORRECT"),
        ("The fruits are fig, pear and apple.", "CORRECT"),
        ("Here are the fruits: fig, pear, apple", "CORRECT"),
        ("fig | pear | apple", "CORRECT"),
        ("fig / pear / apple", "CORRECT"),
        ("- Fig\n- Pear", "MISSING_ITEM"),
        ("I don't know.", "NONE"),
        ("fig\n\nI am not sure about the others.", "MISSING_ITEM"),
        ("apple and fig", "MISSING_ITEM"),
        ("apple, pear, fig, plum", "EXTRA_ITEM"),
        ("apple, plum", "WRONG_ITEM"),
        ("plum", "UNEXPLAINED"),
        ("", "NONE"),
        (", ;", "NONSENSE"),
        ("plum, " * 20, "NONSENSE"),
    ],
)
def test_a_set_has_no_order(text, expected):
    assert classify(FRUIT, text).outcome == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("wake, eat, leave, eat", "CORRECT"),
        ("wake -> eat -> leave -> eat", "CORRECT"),
        ("wake, then eat, then leave and then eat", "CORRECT"),
        ("1. wake\n2. eat\n3. leave\n4. eat", "CORRECT"),
        ("Step 1: wake\nStep 2: eat\nStep 3: leave\nStep 4: eat", "CORRECT"),
        ("1) wake 2) eat 3) leave 4) eat", "CORRECT"),
        ("First wake, then eat, next leave, and finally eat.", "CORRECT"),
        ("You should first wake, then eat, then leave and last eat", "CORRECT"),
        ("First, wake. Then eat. After that, leave. Finally, eat.", "CORRECT"),
        ("wake --> eat → leave ⇒ eat", "CORRECT"),
        ("wake, followed by eat, followed by leave, followed by eat", "CORRECT"),
        ("wake before eat before leave before eat", "CORRECT"),
        ("The order is wake, eat, leave, eat.", "CORRECT"),
        ("First eat, then wake, then leave, and finally eat.", "WRONG_ORDER"),
        ("N/A", "NONE"),
        ("eat, wake, leave, eat", "WRONG_ORDER"),
        ("wake, eat, leave", "MISSING_ITEM"),
        ("wake, eat, leave, eat, sleep", "EXTRA_ITEM"),
        ("wake, eat, leave, sleep", "WRONG_ITEM"),
        ("sleep", "UNEXPLAINED"),
        ("###", "NONSENSE"),
    ],
)
def test_a_sequence_has_one(text, expected):
    assert classify(WAY, text).outcome == expected


@pytest.mark.parametrize("kind", ["set", "sequence"])
def test_a_reference_answer_in_lines_is_read_as_itself(kind):
    lines = Problem(question="Which?", gold="red\ngreen\nblue", kind=kind)
    assert classify(lines, "red\ngreen\nblue").outcome is Outcome.CORRECT
    assert classify(lines, "The answer is: red\ngreen\nblue").outcome is Outcome.CORRECT


def test_an_item_said_twice_is_said_to_count_once():
    assert "one said twice counted once" in classify(FRUIT, "fig, fig, pear, apple").extraction.reading


@pytest.mark.parametrize(
    "text", ["dry, after rinse, after wash", "dry after rinse after wash", "3. dry\n1. wash\n2. rinse"]
)
def test_items_in_another_order_than_the_one_that_is_said_are_turned_and_it_is_said(text):
    found = classify(Problem(question="How?", gold="wash, rinse, dry", kind="sequence"), text)
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)
    assert "another order" in found.extraction.reading


def test_a_reference_answer_that_opens_like_a_sentence_is_read_whole():
    films = Problem(question="Which?", gold="Star Wars: A New Hope, Alien", kind="set")
    assert classify(films, "Alien, Star Wars: A New Hope").outcome is Outcome.CORRECT
    assert classify(films, "Star Wars: A New Hope, Alien").outcome is Outcome.CORRECT


def test_two_lists_are_the_last_one_and_it_is_said():
    found = classify(FRUIT, "- plum\n- kiwi\nNo, these:\n- apple\n- pear\n- fig")
    assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, True)


FRAMES = ("{}", "- {}", "• {}", "* {}", "#. {}", "#) {}", "(#) {}")


@given(
    st.lists(st.sampled_from(["ash", "birch", "red cedar", "-2", "3"]), min_size=2, max_size=5, unique=True),
    st.sampled_from(FRAMES),
)
def test_a_list_in_lines_is_the_list_between_commas(names, frame):
    lines = [frame.replace("#", str(at)).format(name) for at, name in enumerate(names, 1)]
    for kind in ("set", "sequence"):
        found = classify(Problem(question="Which?", gold=", ".join(names), kind=kind), "\n".join(lines))
        assert (found.outcome, found.extraction.ambiguous) == (Outcome.CORRECT, False)


def test_an_alias_is_a_whole_reference_answer():
    either = Problem(question="Which?", gold="1, 2", kind="set", aliases=("one, two",))
    assert classify(either, "two, one").outcome is Outcome.CORRECT
    assert classify(either, "one").outcome is Outcome.MISSING_ITEM


NAMES = st.lists(st.sampled_from(["ash", "birch", "cedar", "elm", "fir"]), min_size=1, max_size=5, unique=True)


@given(NAMES, NAMES, st.randoms())
def test_a_set_is_right_exactly_where_the_items_are(gold, said, rng):
    problem = Problem(question="Which?", gold=", ".join(gold), kind="set")
    shuffled = rng.sample(said, len(said))
    right = classify(problem, ", ".join(shuffled)).outcome is Outcome.CORRECT
    assert right == (set(gold) == set(said))


@given(NAMES, NAMES)
def test_a_sequence_is_right_exactly_where_the_order_is_too(gold, said):
    problem = Problem(question="Which?", gold=", ".join(gold), kind="sequence")
    outcome = classify(problem, ", ".join(said)).outcome
    assert (outcome is Outcome.CORRECT) == (gold == said)
    assert (outcome is Outcome.WRONG_ORDER) == (gold != said and sorted(gold) == sorted(said))

import hashlib
import json

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from ctlab.records.generation import Generation, answers_digest
from ctlab.records.packed_generations import PackedGenerations
from ctlab.records.packed_texts import PackedTexts

TEXTS = st.text(st.characters(), max_size=12)  # half surrogate pairs too: a model can write them
ANSWERS = st.lists(
    st.builds(
        Generation,
        problem_id=TEXTS,
        token_ids=st.lists(st.integers(0, 2**31 - 1), max_size=5).map(tuple),
        text=TEXTS,
        row=st.sampled_from(["", "b:1", "c:22"]),
        donor=st.sampled_from(["", "other"]),
        right=st.sampled_from([None, True, False]),
        thoughts=st.sampled_from([None, 0, 6]),
    ),
    max_size=9,
)


def everything(answers):
    """What equality of generations leaves out, too."""
    return [each.to_json() for each in answers]


@given(ANSWERS)
def test_packed_answers_read_as_those_that_were_packed(answers):
    packed = PackedGenerations.of(answers)
    assert everything(packed) == everything(answers)
    assert everything(packed[place] for place in range(len(answers))) == everything(answers)
    assert everything(packed[1:3]) == everything(answers[1:3])
    assert packed == tuple(answers)
    assert tuple(answers) == packed
    assert hash(packed) == hash(tuple(answers))
    assert packed.ids == tuple(each.problem_id for each in answers)
    assert list(packed.texts) == [each.text for each in answers]


@given(ANSWERS, ANSWERS, st.randoms())
def test_parts_are_joined_and_taken_in_any_order(one, other, rng):
    joined = PackedGenerations.joined([PackedGenerations.of(one), PackedGenerations.of(other)])
    both = [*one, *other]
    assert everything(joined) == everything(both)
    places = rng.sample(range(len(both)), len(both))
    taken = joined.taken(np.array(places, dtype=int), tuple(both[place].problem_id for place in places))
    assert everything(taken) == everything(both[place] for place in places)


@given(ANSWERS)
def test_the_digest_is_that_of_the_answers_as_one_json(answers):
    rows = [(a.problem_id, a.token_ids, a.text, *(() if a.thoughts is None else (a.thoughts,))) for a in answers]
    digest = hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
    assert answers_digest(answers) == digest
    assert answers_digest(PackedGenerations.of(answers)) == digest


def test_a_long_run_is_digested_in_parts_as_in_one():
    answers = [Generation(problem_id=str(n), token_ids=(n, 7), text=f"is {n}") for n in range(10_000)]
    rows = [(each.problem_id, each.token_ids, each.text) for each in answers]
    assert answers_digest(answers) == hashlib.sha256(json.dumps(rows).encode()).hexdigest()[:16]
    assert list(PackedGenerations.of(answers)) == answers


def test_another_text_or_token_is_another_run():
    answer = Generation(problem_id="a", token_ids=(1,), text="1")
    packed = PackedGenerations.of([answer])
    assert packed != (Generation(problem_id="a", token_ids=(1,), text="2"),)
    assert packed != (Generation(problem_id="a", token_ids=(2,), text="1"),)
    assert packed != (answer, answer)


def test_texts_are_counted_from_the_end_too():
    texts = PackedTexts.of(["eins", "", "drei…"])
    assert texts[-1] == "drei…"
    assert texts[:2] == ["eins", ""]
    assert texts.lengths.tolist() == [4, 0, 7]

"""What causes find to try on the embedded model, and what they can see without trying."""

from dataclasses import replace

import pytest

from ctlab.models import load_model
from ctlab.problems import load_problems
from ctlab.reproduction.asked import asked_by_gold
from ctlab.reproduction.case import Case
from ctlab.reproduction.causes import CAUSES
from ctlab.reproduction.causes.answer_reading import ANSWER_READING
from ctlab.reproduction.causes.end_of_sequence import END_OF_SEQUENCE, ending_with
from ctlab.reproduction.causes.marker_rows import MARKER_ROWS
from ctlab.reproduction.causes.number_range import NUMBER_RANGE
from ctlab.reproduction.causes.number_tokens import NUMBER_TOKENS
from ctlab.reproduction.causes.special_tokens import SPECIAL_TOKENS
from ctlab.reproduction.causes.steps_of_gold import STEPS_OF_GOLD
from ctlab.reproduction.causes.thought_count import THOUGHT_COUNT
from ctlab.reproduction.causes.thought_projection import THOUGHT_PROJECTION
from ctlab.reproduction.causes.token_limit import TOKEN_LIMIT
from ctlab.reproduction.causes.vocabulary_rows import VOCABULARY_ROWS
from ctlab.reproduction.causes.vocabulary_shift import VOCABULARY_SHIFT, shift
from ctlab.reproduction.changed_model import (
    with_ids,
    with_markers,
    with_network,
    with_projection,
    with_settings,
)
from ctlab.reproduction.trial import AS_GIVEN, Bench


@pytest.fixture(scope="module")
def case(tiny):
    asked = tuple(map(asked_by_gold, load_problems("tiny").problems[:12]))
    bench = Bench(model=tiny, asked=asked, padding="exact", max_new_tokens=8)
    return Case(bench=bench, given=bench.answer(AS_GIVEN), load=load_model)


def of(case, **changes):
    return replace(case, bench=replace(case.bench, **changes))


def test_every_cause_has_something_to_say_of_a_sound_model_and_sees_nothing(case):
    for cause in CAUSES:
        looked = cause.look(case)
        assert looked.findings == (), cause.name
        assert looked.variants or looked.note, cause.name
        assert all(variant.change and variant.remedy for variant in looked.variants)
    names = [cause.name for cause in CAUSES]
    assert len(set(names)) == len(names) == 20


def test_every_variant_answers_every_question(case):
    for cause in CAUSES:
        for variant in cause.look(case).variants:
            places = [place for _, part in variant.parts(case.model, case.asked) for place in part]
            assert sorted(places) == list(range(12)), variant.change


def test_markers_that_are_words_are_seen(case):
    model = with_markers(case.model, begin=(249,), end=(253,))
    (finding,) = VOCABULARY_ROWS.look(of(case, model=model)).findings
    assert finding.says.startswith("the markers are rows of ordinary words: 249 (")


def test_all_orders_of_the_added_rows_but_the_given_one(case):
    assert len(MARKER_ROWS.look(case).variants) == 3 * 2 - 1


def test_an_overflow_is_seen(case):
    def huge(network):
        network.model.layers[1].mlp.up_proj.weight.data *= 2**15

    model = with_network(case.model, huge).cast("float16")
    looked = NUMBER_RANGE.look(of(case, model=model))
    assert "numbers that float16 does not hold" in looked.findings[0].says
    assert looked.variants[0].change == "computed in float32"


def test_weights_that_were_cut_off_are_seen(case):
    def cut(network):
        network.model.layers[0].mlp.up_proj.weight.data[0, 0] = 65504.0

    assert "65,504" in NUMBER_RANGE.look(of(case, model=with_network(case.model, cut))).findings[0].says


def test_problems_get_as_many_thoughts_as_their_solution_has_steps(case):
    (variant,) = STEPS_OF_GOLD.look(case).variants
    for model, places in variant.parts(case.model, case.asked):
        assert {min(6, case.asked[place].steps) for place in places} == {model.num_thoughts}
    without = tuple(replace(asked, steps=None) for asked in case.asked)
    assert STEPS_OF_GOLD.look(of(case, asked=without)).variants == ()


def test_only_answers_that_were_cut_are_given_more_tokens(case):
    assert TOKEN_LIMIT.look(case).note == "all answers end within 8 tokens"
    short = of(case, max_new_tokens=2)
    short = replace(short, given=short.bench.answer(AS_GIVEN))
    (variant,) = TOKEN_LIMIT.look(short).variants
    assert variant.max_new_tokens == 16
    assert short.bench.answer(variant).ended == 12


def test_a_model_without_a_beginning_has_none_to_lose(case):
    assert SPECIAL_TOKENS.look(case).variants == ()


@pytest.mark.parametrize(
    ("how", "text", "read"),
    [
        ("its first number", "I say 5, not 6", "5"),
        ("its last number", "The answer is: 1 of 5", "5"),
        ("digits joined that stand apart", "The answer is: 1 5", "The answer is: 15"),
        ("digits of other scripts as 0 to 9", "The answer is: \u0661\u0665", "The answer is: 15"),
        ("number words as numbers", "The answer is: Five", "The answer is: 5"),
        ("a decimal comma", "The answer is: 1.234,5", "The answer is: 1234.5"),
    ],
)
def test_readings(case, how, text, read):
    by_change = {variant.change: variant.reading for variant in ANSWER_READING.look(case).variants}
    assert by_change[f"read with {how}"](text) == read


def test_unread_answers_are_listed_the_most_frequent_first(case):
    texts = ["???", "!!!", "???", *("The answer is: 5" for _ in range(9))]
    answers = tuple(replace(a, text=text) for a, text in zip(case.given.answers, texts, strict=True))
    looked = ANSWER_READING.look(replace(case, given=replace(case.given, answers=answers)))
    assert looked.details["unread"] == {"???": 2, "!!!": 1}


def answering(case, model):
    """The case of another model, which has answered."""
    bench = replace(case.bench, model=model)
    return replace(case, bench=bench, given=bench.answer(AS_GIVEN))


def test_another_end_of_sequence_is_brought_back_and_no_reading_is_tried(case):
    wrong = answering(case, ending_with(case.model, 5))
    (variant,) = END_OF_SEQUENCE.look(wrong).variants
    assert variant.remedy.startswith('"eos_token_id": 0')
    assert wrong.bench.answer(variant).right == case.given.right
    assert wrong.given.ended < 6, "most answers do not end"
    assert ANSWER_READING.look(wrong).variants == ()


def test_rows_that_were_shifted_are_shifted_back(case):
    rolled = answering(case, with_network(case.model, lambda network: shift(network, start=1, end=250, by=1)))
    variants = VOCABULARY_SHIFT.look(rolled).variants
    assert max(rolled.bench.answer(each).count for each in variants) == case.given.count
    assert VOCABULARY_SHIFT.look(case).variants == ()


def test_numbers_that_were_cut_are_joined(case):
    vocabulary = case.model.tokenizer.get_vocab()
    words = {index: word for word, index in vocabulary.items()}

    def cut(ids):
        return [
            vocabulary[char]
            for token in ids
            for char in (words[token] if words[token][0].isdigit() else [words[token]])
        ]

    split = answering(case, with_ids(case.model, cut))
    (variant,) = NUMBER_TOKENS.look(split).variants
    ((mended, _),) = variant.parts(split.model, split.asked)
    questions = [asked.problem.question for asked in case.asked]
    assert split.model.encode_all(questions) != case.model.encode_all(questions)
    assert mended.encode_all(questions) == case.model.encode_all(questions)


def test_a_limit_of_the_settings_is_named(case):
    model = with_settings(case.model, max_new_tokens=1)
    short = of(case, model=model, max_new_tokens=1)
    short = replace(short, given=short.bench.answer(AS_GIVEN))
    looked = TOKEN_LIMIT.look(short)
    assert '"max_new_tokens": 1 in the settings' in looked.note
    assert looked.variants[0].remedy.startswith('"max_new_tokens": 16')


def test_a_missing_projection_is_a_clue_and_no_finding(case):
    looked = THOUGHT_PROJECTION.look(of(case, model=with_projection(case.model, None)))
    assert "lost when it was saved" in looked.clue
    assert looked.findings == ()


def test_the_published_number_of_thoughts_is_the_usual_one(case):
    three = of(case, model=with_settings(case.model, num_latent=3))
    assert [each.change for each in THOUGHT_COUNT.look(three).variants if each.usual] == ["6 thoughts"]

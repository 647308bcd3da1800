"""Forms: what a text looks like without its numbers, and which forms undisturbed answers have."""

from collections import Counter
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.outcomes.forms import (
    COVERED,
    LEAST_ANSWERS,
    MOST_FORMS,
    UNKNOWN,
    Forms,
    declared_forms,
    form_of,
    learn_forms,
)

USUAL = "The answer is: {}"


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("The answer is: 18", "The answer is: N"),
        ("The answer is: $1,234.50", "The answer is: $N"),
        (" The  answer\nis:  -4 ", "The answer is: N"),
        ("/ 5", "/ N"),
        ("+ 2 = 4 The answer is: 4", "+ N = N The answer is: N"),
        ("9", "N"),
        ("", ""),
        ("no number", "no number"),
    ],
)
def test_the_form_is_the_text_with_each_number_as_n(text, form):
    assert form_of(text) == form


def test_one_form_is_learned_and_the_last_hundredth_is_not():
    forms = learn_forms([USUAL.format(k) for k in range(99)] + ["7"])
    assert (forms.known, forms.answers, forms.needed) == (("The answer is: N",), 100, 1)
    assert learn_forms([USUAL.format(k) for k in range(98)] + ["7", "8"]).known == ("The answer is: N", "N")


def test_written_steps_have_no_form():
    forms = learn_forms(f"{'so ' * k}{k}" for k in range(60))
    assert (forms.known, forms.needed) == ((), 60)
    assert forms.said() == (
        "No answer is labelled “broken form”: 60 correct answers of the baseline take 60 forms to cover 99 %, and more "
        "than 20 are no form"
    )


def test_twenty_forms_are_the_most():
    def said(kinds):
        return [f"{'so ' * (k % kinds)}{k}" for k in range(20 * kinds)]

    assert len(learn_forms(said(MOST_FORMS)).known) == MOST_FORMS
    assert learn_forms(said(MOST_FORMS + 1)).known == ()


def test_few_answers_teach_nothing():
    few = [USUAL.format(k) for k in range(LEAST_ANSWERS - 1)]
    assert learn_forms(few).known == ()
    assert "a form is learned from at least 50 of them, and there are 49 correct answers" in learn_forms(few).said()
    assert learn_forms([*few, USUAL.format(1)]).known
    assert "no answers of the baseline" in UNKNOWN.said()


@given(st.lists(st.sampled_from(["a {}", "b {}", "c {}", "{}"]), min_size=50, max_size=120), st.randoms())
def test_they_are_the_fewest_that_cover_enough(templates, rng):
    texts = [template.format(7) for template in templates]
    counts = Counter(map(form_of, texts))
    sizes = (
        size
        for size in range(1, 5)
        for chosen in combinations(counts, size)
        if sum(counts[form] for form in chosen) >= COVERED * len(texts)
    )
    learned = learn_forms(texts).known
    assert len(learned) == next(sizes)
    assert sum(counts[form] for form in learned) >= COVERED * len(texts)
    rng.shuffle(texts)
    assert learn_forms(texts).known == learned


def test_a_digest_is_of_the_forms_alone_and_they_travel_as_json():
    one, other = declared_forms(["a N", "b N"]), learn_forms(["b 1"] * 60 + ["a 1"] * 50)
    assert one.digest == other.digest != UNKNOWN.digest
    for forms in (one, other, UNKNOWN):
        assert Forms.from_json(forms.to_json()) == forms
    assert one.said() == "An answer has the form “a N” and “b N”, as the model's family declares"

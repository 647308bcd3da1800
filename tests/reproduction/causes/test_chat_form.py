"""Chat forms: what the remedy says to write asks as was tried."""

import json

from ctlab.problems import load_problems
from ctlab.reproduction.asked import asked_by_gold
from ctlab.reproduction.case import Case
from ctlab.reproduction.causes.chat_form import CHAT_FORM
from ctlab.reproduction.changed_model import with_settings
from ctlab.reproduction.trial import Bench, Trial


def said(remedy, after):
    """The JSON text that stands after some words."""
    return json.JSONDecoder().raw_decode(remedy, remedy.index(after) + len(after))[0]


def test_a_suffix_and_questions_that_begin_with_a_text_ask_as_was_tried(tiny):
    asked = tuple(map(asked_by_gold, load_problems("tiny").problems[:3]))
    model = with_settings(tiny, question_suffix=" 7")
    bench = Bench(model=model, asked=asked, padding="exact", max_new_tokens=4)
    variants = CHAT_FORM.look(Case(bench=bench, given=Trial(answers=(), right=(), ended=0), load=None)).variants
    assert len(variants) == 5
    questions = [each.problem.question for each in asked]
    for variant in variants:
        ((tried, _),) = variant.parts(model, asked)
        by_hand = with_settings(model, question_suffix=said(variant.remedy, '"question_suffix": '))
        before = said(variant.remedy, "begin with ")
        assert by_hand.encode_all([before + question for question in questions]) == tried.encode_all(questions)

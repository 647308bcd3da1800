"""The paragraph: every number is a field of a verdict, nothing is said that roles do not say, and it is short."""

import re

import pytest

from ctlab.claims.roles import explanation, roles_of
from ctlab.claims.roles.explanation import MOST_WORDS
from ctlab.claims.roles.quoted import FORMS, unquoted, value_at
from ctlab.claims.roles.role import RoleName
from ctlab.claims.roles.role_sentences import together
from tests.claims.roles import planted
from tests.claims.roles.test_role import TRUTHS

MODELS = {**{name: model for name, (model, _) in TRUTHS.items()}, "too few": planted.TOO_FEW}


def check_quoted(rows, said):
    """Hold every number of every sentence against the field that it names."""
    by_id = {row["id"]: row for row in rows}
    for sentence in said.sentences:
        assert unquoted(sentence) == []
        for number in sentence.numbers:
            assert number.claim in sentence.claims
            assert FORMS[number.form](value_at(by_id[number.claim], number.field)) == number.text


@pytest.mark.parametrize(
    "name", [pytest.param(name, marks=[pytest.mark.slow] if name != "chain" else []) for name in MODELS]
)
def test_every_number_is_a_field_of_a_verdict(name):
    rows = MODELS[name].rows()
    said = explanation(rows)
    check_quoted(rows, said)
    assert said.text.startswith(("CT0", "What CT0"))
    assert 5 < len(said.text.split()) <= MOST_WORDS


def test_a_number_of_nobody_is_seen():
    rows = planted.CHAIN.rows()
    (first, *_) = explanation(rows).sentences
    worse = type(first)(text=re.sub(r"\d+ %", "77 %", first.text, count=1), claims=first.claims, numbers=first.numbers)
    assert first.text != worse.text
    assert unquoted(worse) == ["77"]


def test_what_is_not_shown_of_several_thoughts_is_said_of_several():
    decodes = [role for role in roles_of(planted.TOO_FEW.rows()) if role.role == RoleName.DECODES]
    for roles, them in ((decodes, "them"), (decodes[:1], "it")):
        assert together(roles).text.endswith(f"; that the model needs {them} for its answer is not shown.")


def test_a_chain_is_said_in_one_sentence_about_all_thoughts():
    text = explanation(planted.CHAIN.rows()).text
    assert "CT0 to CT4 work alike: CTj carries the result of step j + 1" in text
    assert "CT5 is idle" in text
    assert "Without CT1 to CT4, 100 % of broken answers are the result of the step before" in text
    assert re.search(r"operation; hidden from the answer alone [\d.]+, from the next thought alone less than 10", text)


@pytest.mark.slow
def test_thoughts_that_share_a_result_are_named_together_and_nothing_is_general():
    text = explanation(planted.SHARED.rows()).text
    assert "CTj" not in text
    assert "CT1 and CT2 carry the result of step 2" in text


@pytest.mark.slow
def test_even_and_odd_positions_are_told_apart():
    text = explanation(planted.STORES_AND_COMPUTES.rows()).text
    assert "CTj" not in text
    assert "CT2 and CT4 carry the results of steps 2 and 3" in text
    assert "CT1, CT3 and CT5 are needed; that they carry a step's result is not shown" in text


@pytest.mark.slow
def test_placeholders_are_called_idle():
    text = explanation(planted.PLACEHOLDERS.rows()).text
    assert text.startswith("CT0 is idle")
    assert "CT1 to CT5 are idle" in text


def test_where_no_claim_asks_it_says_that():
    assert explanation([]).text.startswith("What CT0 does is not said here")


def test_that_claims_are_exploratory_is_never_left_out():
    rows = [{**row, "exploratory": True} for row in planted.CHAIN.rows()]
    assert explanation(rows).text.endswith("All exploratory: not registered before answers were seen.")


@pytest.mark.slow
def test_two_thoughts_alike_make_no_general_sentence():
    model = planted.planted("0-1 1-2", "0-1 1-2", thoughts=2)
    text = explanation(model.rows()).text
    assert "CTj" not in text
    assert "CT1 carries the result of step 2" in text


@pytest.mark.slow
def test_one_thought_against_it_takes_the_general_sentence_away():
    """CT3 is shown not to hold step 4, although four others carry theirs."""
    text = explanation(planted.planted("0-1 1-2 2-3 4-5", "0-1 1-2 2-3 4-5").rows()).text
    assert "CTj" not in text


@pytest.mark.slow
def test_a_thought_that_the_next_one_reads_is_told_apart():
    rows = planted.planted("0-1 1-2", "0-1 1-2", read_by="next").rows()
    assert "hidden from the next thought alone 96.7, from the answer alone less than 10" in explanation(rows).text
    assert roles_of(rows)[0].to_json()["read_by"] == ["the next thought"]


@pytest.mark.slow
def test_thoughts_that_lag_behind_are_said_with_a_minus_and_a_missing_first_one_is_said():
    model = planted.planted("2-1 3-2 4-3 5-4", "2-1 3-2 4-3 5-4")
    text = explanation(model.rows()).text
    assert "CT2 to CT5 work alike: CTj carries the result of step j − 1" in text
    rows = [
        {**row, "effect": {**row["effect"], "details": {**row["effect"]["details"], "cells": cells}}}
        for row in model.rows()
        for cells in [[cell for cell in row["effect"]["details"]["cells"] if cell["thought"] != "CT0"]]
    ]
    said = explanation(rows)
    assert said.text.startswith("What CT0 does is not said here: no claim asks it. CT1 is idle")
    check_quoted(rows, said)


@pytest.mark.slow
def test_where_no_problem_ends_with_a_step_the_next_longer_ones_are_named():
    rows = [
        {**row, "effect": {**row["effect"], "details": {**row["effect"]["details"], "cells": cells}}}
        for row in planted.planted("0-2 1-2 2-3 3-4 4-5", "0-1 1-2 2-3 3-4 4-5").rows()
        for cells in [[cell for cell in row["effect"]["details"]["cells"] if cell["place"] != "n_operations = 1"]]
    ]
    text = explanation(rows).text
    assert "Hiding it costs 97.3 points in problems of 2 operations" in text
    assert "points in the shortest problems that have it" in text


@pytest.mark.slow
def test_a_result_that_the_answer_does_not_follow_is_not_said_to_be_carried():
    model = planted.planted("0-1 1-2 2-3", "0-1 1-2 2-3", follows=False)
    said = explanation(model.rows())
    assert "CT1 and CT2 decode to the results of steps 2 and 3; that the answer follows them is not shown." in said.text
    assert "carries the result" not in said.text
    unasked = [row for row in model.rows() if not row["id"].startswith("exchanging")]
    assert "whether the answer follows it was not asked" in explanation(unasked).text
    check_quoted(model.rows(), said)

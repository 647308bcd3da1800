import pytest

from ctlab.reporting.documents.comprehensive import comprehensive
from ctlab.reporting.documents.document import markdown
from ctlab.reporting.html.condition_view import condition_view
from ctlab.reporting.html.page import html
from ctlab.reporting.model import ConditionRow, read
from ctlab.reporting.prose.certificate_words import certificate_words
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report

ROWS = {row["name"]: row for row in fake_report(conditions=14)["conditions"]}


def view_of(row, **fields):
    return condition_view(read(ConditionRow, {**row, **fields}, "row"), 6)


def words_of(row, **fields):
    return certificate_words(read(ConditionRow, {**row, **fields}, "row"))


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("baseline", "0 edges removed a problem"),
        ("ct0_blocked", "8.2 edges removed a problem"),
        ("all_resampled", "6 thoughts replaced a problem"),
        ("ct0_blocked_ct2_given_back", "8.2 edges removed and 1 thought replaced a problem"),
    ],
)
def test_a_certificate_says_what_was_removed_and_what_replaced(name, words):
    assert words_of(ROWS[name]) == (f"passed 2 checks, {words} (sample of 16 problems)", "good")


def test_one_edge_is_one_edge():
    row = ROWS["ct0_blocked"]
    one = {**row["certificate"], "edges_removed": 16}
    assert ", 1 edge removed and 7.2 edges weakened a problem" in words_of(row, certificate=one)[0]
    weakened = {**row["certificate"], "edges_removed": 0, "edges_weakened": 96}
    assert ", 6 edges weakened a problem" in words_of(row, certificate=weakened)[0]


def test_a_name_that_no_condition_has_is_said_to_be_unknown():
    row = {**ROWS["baseline"], "name": "mystery", "unknown": True, "recorded": "answers/mystery.jsonl"}
    view = view_of(row)
    assert view.sentence == "Not known: recorded under a name that no condition has."
    assert view.grid is None
    report = complete({**fake_report(conditions=2), "conditions": [ROWS["baseline"], row]})
    assert view.sentence in html(report)
    assert view.sentence in markdown(comprehensive(report, None))


def test_recorded_answers_are_not_said_to_hide_nothing():
    row = {**ROWS["ct0_blocked"], "interventions": [], "recorded": "answers/ct0_blocked.jsonl"}
    assert view_of(row).sentence == "Recorded answers; what was hidden is not on record."
    assert view_of(row, name="baseline").sentence == "Nothing is hidden."


def test_a_certificate_from_before_thoughts_were_replaced():
    row = ROWS["ct0_blocked"]
    old = {key: value for key, value in row["certificate"].items() if key != "thoughts_replaced"}
    assert words_of(row, certificate=old) == words_of(row)


def test_conditions_that_are_one_are_said_to_be():
    assert words_of(ROWS["no_op"])[0].endswith("; it does what baseline does, the two are one")


def test_a_replacement_is_said_and_drawn():
    view = view_of(ROWS["all_resampled"])
    assert view.sentence == "Every thought is replaced by that of another problem (drawn with seed 4)."
    assert [cell.mark for cell in view.grid.patches] == ["", "", *"⇄⇄⇄⇄⇄⇄"]
    assert view_of(ROWS["ct0_blocked"]).grid.patches == ()


def test_signs_are_explained_where_they_are_used():
    explained = "fed in place of the thought:"
    with_replacements = html(complete(fake_report(conditions=14)))
    assert explained in with_replacements
    assert "CT2 is given back as baseline had it" in with_replacements
    assert explained not in html(complete(fake_report(conditions=12)))


def test_the_page_and_the_document_show_what_was_read_with_hesitation():
    report = complete(fake_report(conditions=3))
    page, document = html(report), markdown(comprehensive(report, None))
    assert "2 answers can be read in more than one way" in page
    assert "The answer is 10-15" in page
    assert "the number after “The answer is”; a range" in page
    assert "2 answers can be read in more than one way: 2 under ct0_blocked; the page shows them." in document
    assert view_of(ROWS["baseline"]).hesitated == ""


def test_what_an_early_answer_leaves_out_is_said_and_has_no_column():
    row = ROWS["ct0_blocked"]
    certificate = {**row["certificate"], "thoughts_left_out": 64}
    view = view_of(row, num_thoughts=2, certificate=certificate)
    assert view.sentence.startswith("The answer starts after 2 thoughts")
    assert view.grid.keys == ("question", "begin", "CT0", "CT1")
    assert "8.2 edges removed and 4 thoughts left out a problem" in view.certificate
    alone = view_of(ROWS["baseline"], name="after_2", num_thoughts=2, certificate=None)
    assert (alone.certificate, alone.tone, alone.grid) == ("none", "bad", None)


def test_what_is_written_has_no_grid_and_its_certificate_says_what_was_disturbed():
    certificate = {**ROWS["baseline"]["certificate"], "thinking": "explicit", "edges_removed": 0, "edges_weakened": 0}
    written = {"name": "written", "thinking": "explicit"}
    alone = view_of(ROWS["baseline"], certificate=certificate, **written)
    steps = [{"steps": "all", "by": "resample", "seed": 2}]
    others = view_of(ROWS["baseline"], interventions=steps, certificate={**certificate, "steps_replaced": 3}, **written)
    hidden = [{"keys": "question", "readers": "answer"}]
    edges = view_of(ROWS["baseline"], interventions=hidden, certificate=certificate, **written)
    assert [alone.grid, others.grid, edges.grid] == [None, None, None]
    assert ", nothing disturbed in writing (sample of" in alone.certificate
    assert ", other steps in 3 problems (sample of" in others.certificate
    assert ", edges of all that is written (sample of" in edges.certificate
    assert ("seed", "resample 2") in others.facts

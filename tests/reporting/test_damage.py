"""A damaged file of a report is one sentence, or is rendered; it is never a traceback."""

from functools import cache

import pytest

from ctlab.errors import CtlabError
from ctlab.reporting.documents.case_chapter import case_blocks
from ctlab.reporting.documents.comprehensive import comprehensive
from ctlab.reporting.documents.document import markdown
from ctlab.reporting.figures import PICTURES, case_pictures
from ctlab.reporting.figures.style import COLUMN_WIDTH
from ctlab.reporting.html.page import html
from ctlab.reporting.model import CaseStudies, ProblemRow, read
from ctlab.reporting.model.record import Many
from ctlab.reporting.schema import complete
from ctlab.reporting.summaries.case_studies import case_studies
from ctlab.reporting.summaries.prediction_rows import Predictions
from tests.reporting.damage import changes, damaged
from tests.reporting.documents.test_story_files import DETAILS
from tests.reporting.fake_report import fake_predictions, fake_problems
from tests.reporting.whole_report import problems, report

SAMPLE = 60
"""Changes of each file in the quick tests."""
MANY = 1000
"""Changes of each file in the slow tests; all of them take more than ten minutes and are made in the long ones."""


@cache
def cases():
    answers = Predictions(fake_predictions(report()), "answers")
    rows = read(Many[ProblemRow], fake_problems(report()), "problems")
    return case_studies(complete(report()), answers, rows, DETAILS).to_json()


@cache
def drawn():
    """Numbers of the pictures that need not be drawn again."""
    whole = complete(report())
    return [picture.of(whole, problems()).numbers for picture in PICTURES]


def render_report(form):
    whole = complete(form)
    html(whole)
    markdown(comprehensive(whole, None))
    for picture, numbers in zip(PICTURES, drawn(), strict=True):
        drawing = picture.of(whole, problems())
        if drawing and drawing.numbers != numbers:
            drawing.draw(COLUMN_WIDTH)


def render_cases(form):
    studies = read(CaseStudies, form, "case_studies.json")
    markdown(case_blocks(studies))
    for place, case in enumerate(studies.cases):
        if case.to_json() != cases()["cases"][place] and (numbers := case_pictures.numbers(case)):
            case_pictures.draw(numbers, COLUMN_WIDTH)


FILES = {"report.json": (report, render_report), "case_studies.json": (cases, render_cases)}


def outcomes(file, places):
    """Sentences of the changes that were refused, how many were rendered, and what raised anything else."""
    content, render = FILES[file]
    sentences, rendered, raised = [], 0, []
    for path, change in changes(content(), places=places):
        try:
            render(damaged(content(), path, change))
        except CtlabError as error:
            sentences.append(str(error))
        except Exception as error:
            raised.append((path, change, repr(error)))
        else:
            rendered += 1
    return sentences, rendered, raised


@pytest.mark.parametrize("file", FILES)
def test_what_is_whole_is_rendered(file):
    content, render = FILES[file]
    render(content())


@pytest.mark.parametrize("file", FILES)
def test_a_damaged_file_is_a_sentence_or_a_page(file):
    sentences, rendered, raised = outcomes(file, SAMPLE)
    assert raised == []
    assert [text for text in sentences if "\n" in text or not text.startswith(file)] == []
    assert min(len(sentences), rendered) > SAMPLE / 10


@pytest.mark.slow
@pytest.mark.parametrize("file", FILES)
def test_many_damages_are_a_sentence_or_a_page(file):
    assert outcomes(file, MANY)[2] == []


@pytest.mark.long
@pytest.mark.parametrize("file", FILES)
def test_every_damage_is_a_sentence_or_a_page(file):
    assert outcomes(file, None)[2] == []

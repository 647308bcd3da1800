"""The paragraph on top of both pages, with the claims that it rests on."""

from ctlab import formatting
from ctlab.reporting.documents.comprehensive import comprehensive
from ctlab.reporting.documents.document import Paragraph
from ctlab.reporting.html.page import behind, html
from ctlab.reporting.schema import complete
from tests.reporting.fake_report import fake_report

TEXT = "CT0 is idle: hiding it changes accuracy by less than 2 points."


def test_the_page_begins_with_it_and_links_every_claim_behind_it():
    report = complete(fake_report(conditions=3))
    shown = html(report)
    assert shown.index('class="explanation"') < shown.index('class="tally"')
    assert f'{formatting.unbroken(TEXT)} <sup class="behind"><a href="#ct0-lowers-accuracy"' in shown
    assert behind(report) == ["ct0-lowers-accuracy"]
    assert "What CT1 does is unknown.</p>" in shown


def test_the_document_begins_with_what_was_studied_and_it():
    blocks = comprehensive(complete(fake_report(conditions=3)), None)
    texts = [block.text for block in blocks[1:4] if isinstance(block, Paragraph)]
    assert texts[0].startswith("A continuous thought is a vector ")
    assert texts[1].startswith("The model is ")
    assert texts[2].startswith(TEXT)


def test_a_report_from_before_there_was_one_has_none():
    form = fake_report(conditions=3)
    del form["explanation"], form["roles"]
    report = complete(form)
    assert 'class="explanation"' not in html(report)
    assert behind(report) == []

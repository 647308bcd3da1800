"""Where each thought is needed, on the first screen."""

import re
from xml.etree import ElementTree

import pytest

from ctlab.reporting.documents.comprehensive import comprehensive
from ctlab.reporting.documents.document import Heading, Image, Paragraph
from ctlab.reporting.html.needed_view import needed_view
from ctlab.reporting.html.page import html
from ctlab.reporting.schema import complete
from tests.reporting.fake_cells import needed_claim
from tests.reporting.fake_report import fake_report

SVG = "{http://www.w3.org/2000/svg}"


def report(*claims):
    return complete(fake_report(conditions=1) | {"claims": list(claims)})


def drawn(whole):
    page = html(whole)
    figure = re.search(r'<figure class="needed".*?</figure>', page, re.DOTALL)
    return ElementTree.fromstring(re.search(r"<svg.*?</svg>", figure[0], re.DOTALL)[0])


def test_it_stands_between_the_paragraph_and_the_tally_and_needs_no_style():
    whole = report(needed_claim())
    page, svg = html(whole), drawn(whole)
    assert page.index('class="explanation"') < page.index('class="needed"') < page.index('class="tally"')
    assert not [node for node in svg.iter() if "class" in node.attrib or "style" in node.attrib]
    assert svg.find(f"{SVG}desc").text.startswith("Points of accuracy lost")
    cells = svg.findall(f"{SVG}g")
    assert len(cells) == 12
    said = cells[0].find(f"{SVG}title").text.replace("\N{NO-BREAK SPACE}", " ")
    assert said == "CT0, 1 operation: 75.0 points lost (63 to 84), n = 250: needed"
    assert len({cell.find(f"{SVG}rect").get("fill") for cell in cells}) == 3


@pytest.mark.parametrize(("thoughts", "strata"), [(1, 1), (12, 3), (2, 23), (3, ["topic = <b>", "topic = x" * 9])])
def test_any_number_of_cells_is_as_wide_as_a_phone(thoughts, strata):
    svg = drawn(report(needed_claim(thoughts, strata)))
    assert int(svg.get("width")) <= 356
    places = strata if isinstance(strata, int) else len(strata)
    assert len(svg.findall(f"{SVG}g")) == thoughts * places


def test_a_long_name_of_a_thought_is_cut_and_there_in_full():
    claim = needed_claim(1, 2)
    for cell in claim["effect"]["details"]["cells"]:
        cell["thought"] = "thoughts_hidden_from_answer"
    _, short, full = needed_view(report(claim)).thoughts[0]
    assert (short[:7], short[-4:], len(short)) == ("thought", "swer", 16)
    assert full == "thoughts_hidden_from_answer"


def test_where_no_claim_asks_a_sentence_says_so():
    whole = report()
    assert "No claim of this run asks in which problems" in html(whole)
    blocks = comprehensive(whole, None)
    assert any(isinstance(block, Paragraph) and "No claim of this run asks" in block.text for block in blocks[:5])


def test_the_document_has_the_picture_below_its_paragraph():
    blocks = comprehensive(report(needed_claim()), None, [("thoughts_needed.png", "Words"), ("other.png", "Other")])
    # Below what was studied and the paragraph, above the first chapter.
    (at,) = [at for at, block in enumerate(blocks) if block == Image(file="thoughts_needed.png", words="Words")]
    assert not [block for block in blocks[1:at] if isinstance(block, Heading)]
    assert [block.file for block in blocks if isinstance(block, Image)] == ["thoughts_needed.png", "other.png"]

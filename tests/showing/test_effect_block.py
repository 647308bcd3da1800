"""What a notebook shows: sentences, counts, a drawing; whatever is put in is escaped."""

import re
from html.parser import HTMLParser

import pytest

from ctlab.records import Judgement, Verdict
from ctlab.records.effect import Effect
from ctlab.showing.blocks import block, cut, heading, sentence, table, text, verdict_heading
from ctlab.showing.effect_block import effect_words
from ctlab.statistics import equivalence, paired_difference

HOSTILE = '<script>alert("x")</script>\x1b[2J\u202e'
LOST = paired_difference(lost=230, gained=29, n=1319, alternative="less", alpha=0.05)


class Tags(HTMLParser):
    """Collects tags, and refuses what is not closed as it was opened."""

    def __init__(self):
        super().__init__()
        self.open, self.seen = [], []

    def handle_starttag(self, tag, attrs):
        self.open.append(tag)
        self.seen.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.seen.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def tags(html):
    parser = Tags()
    parser.feed(html)
    assert parser.open == []
    return parser.seen


def test_an_effect_is_a_sentence_with_its_counts():
    assert repr(LOST) == (
        "<Effect: −15.2 points (90 % interval −17.2 to −13.4, n = 1,319), 230 lost, 29 gained, p < .0001>"
    )
    assert effect_words(LOST.no_estimate("separation")) == "no estimate, n = 1,319, 230 lost, 29 gained, separation"


def test_a_drawing_follows_what_is_around_it():
    html = LOST._repr_html_()
    assert "svg" in tags(html)
    assert 'stroke="currentColor"' in html
    assert "difference in points" in html
    assert "<svg" not in LOST.no_estimate("separation")._repr_html_()


def test_the_range_of_an_equivalence_is_drawn_with_both_ends():
    html = equivalence(2, 3, 1319, margin=0.02, alpha=0.05)._repr_html_()
    assert html.count('class="boundary"') == 2


def test_nothing_that_is_shown_can_be_markup_or_a_command():
    judgement = Judgement(
        claim_id=HOSTILE,
        verdict=Verdict.VOID,
        effect=LOST,
        alpha=0.05,
        reason=HOSTILE,
        flags=(HOSTILE,),
        counts=HOSTILE,
    )
    effect = Effect(**{**LOST.to_json(), "null": HOSTILE, "method": HOSTILE, "unit": HOSTILE})
    for html in (
        judgement._repr_html_(),
        effect._repr_html_(),
        block(heading(HOSTILE), sentence(HOSTILE), table([HOSTILE], [[HOSTILE]])),
    ):
        assert "script" not in tags(html)
        assert not set("\x1b\u202e") & set(html)
        assert "[U+202E]" in html


@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_judgement_says_its_verdict_by_mark_and_word(verdict):
    html = Judgement(claim_id="a-b", verdict=verdict, effect=LOST, alpha=0.05, reason="Because.")._repr_html_()
    assert re.search(rf"[✓✗?∅] {verdict}</span> <span[^>]*>a-b<", html)
    assert ("<svg" in html) == (verdict != Verdict.VOID), "of VOID no number counts"


def _luminance(colour):
    """Relative luminance of sRGB (WCAG 2)."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize("page", ["#ffffff", "#111111"])
@pytest.mark.parametrize("verdict", list(Verdict))
def test_a_verdict_s_colour_can_be_read_on_a_light_and_on_a_dark_page(verdict, page):
    (colour,) = re.findall(r"color:(#\w{6})", verdict_heading(verdict, "x"))
    dark, light = sorted([_luminance(colour), _luminance(page)])
    assert (light + 0.05) / (dark + 0.05) >= 3


def test_long_texts_are_cut_in_the_open():
    assert cut("a" * 300, 10) == "aaaaaaaa …"
    assert text("1 < 2") == "1 &lt; 2"
    assert sentence("") == ""

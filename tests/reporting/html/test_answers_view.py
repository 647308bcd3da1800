"""answers.html: its data stays text, its strata are a few levels, and a real browser filters, links and opens."""

import json
import re

import pytest

from ctlab.reporting.html.answers_view import ANSWERS_PAGE, all_strata, inert
from ctlab.reporting.model import read
from ctlab.reporting.model.problem_answers import AllAnswers
from tests.reporting.fake_report import fake_report
from tests.reporting.html import browser
from tests.reporting.html.test_browser import _CONTRASTS as CONTRASTS

EVIL = "</script><script>document.title='owned'</script><!-- </template><img src=x onerror=\"document.title='owned'\">"
EVIL += "\"'`\x1b]0;owned\x07\u202e\u2028 −5 <<3+4=7>>"


def content(n=3, text="The answer is: −5"):
    answers = [
        {
            "outcome": "CORRECT",
            "prediction": "7",
            "text": "7",
            "explanations": [{"outcome": "CORRECT", "detail": "is"}],
        },
        {"outcome": "CALC_ERROR", "prediction": EVIL, "text": text, "explanations": [{"outcome": "X", "detail": EVIL}]},
    ]
    problems = [
        {
            "problem_id": f"p{k}",
            "question": f"Question {k}? {EVIL if k == 1 else ''}",
            "solution": EVIL,
            "gold": "7",
            "features": {"n_operations": k % 2, "size": k * 1.5, EVIL: "a"},
            "answers": answers,
            "given": [k % 2, 1, None],
        }
        for k in range(n)
    ]
    return {"schema": 1, "conditions": ["baseline", "ct0_blocked", "late"], "n": n, "problems": problems}


@pytest.fixture(scope="module")
def page(tmp_path_factory):
    """A page of 150 problems that a report was written beside."""
    from ctlab.reporting.html.answers_view import answers_html
    from ctlab.reporting.schema import complete

    path = tmp_path_factory.mktemp("answers") / ANSWERS_PAGE
    path.write_text(answers_html(read(AllAnswers, content(150), "answers.json"), complete(fake_report(conditions=3))))
    return path


@pytest.fixture(scope="module")
def window():
    if why := browser.missing():
        pytest.skip(why)
    with browser.Browser() as opened:
        yield opened


def test_data_stays_text_and_comes_back_whole():
    text = inert({"a": [EVIL, None, 3, True]})
    assert text.isascii()
    assert not set("<>&\u2028\x1b") & set(text)
    assert json.loads(text)["a"][0] == EVIL.replace("\x1b", "[U+001B]").replace("\x07", "[U+0007]").replace(
        "\u202e", "[U+202E]"
    ).replace("\u2028", "[U+2028]")


def test_strata_are_values_or_quarters():
    strata = {each.name: each for each in all_strata(read(AllAnswers, content(40), "answers.json"))}
    assert strata["n_operations"].levels == ("0", "1")
    assert EVIL not in strata, "one level divides nothing"
    assert len(strata["size"].levels) == 4
    assert [strata["size"].of.count(level) for level in range(4)] == [10, 10, 10, 10]
    assert strata["size"].levels[1] == "above 14.625, at most 29.25"


def test_hostile_text_is_shown_and_does_nothing(page, window):
    window.open(page)
    window.run("document.querySelectorAll('.problem')[1].open = true")
    window.run("return new Promise(done => setTimeout(done, 50))")
    assert window.run("return document.title") == "ctlab answers: tiny on tiny"
    assert window.run("return document.scripts.length") == 2
    assert window.run("return document.images.length") == 0
    assert "<script>document.title" in window.run("return document.querySelectorAll('.opened .whole')[0].textContent")
    assert "[U+202E]" in window.run("return document.querySelector('.given').textContent")
    assert window.complaints() == []


def choose(window, name, value):
    window.run(
        f"var e = document.querySelector('[name={name}]'); e.value = {json.dumps(value)};"
        "e.dispatchEvent(new Event('input'));"
    )


def matches(window):
    return tuple(map(int, re.findall(r"\d+", window.run("return document.getElementById('_count').textContent"))))


def test_filters_count_problems_and_answers(page, window):
    window.open(page)
    assert matches(window) == (150, 150, 300, 300)
    choose(window, "change", "broken")
    assert matches(window) == (75, 150, 75, 300)
    choose(window, "stratum", "n_operations 1")
    assert matches(window) == (0, 150, 0, 300)
    choose(window, "change", "")
    choose(window, "outcome", "CORRECT")
    assert matches(window)[2] == 0
    choose(window, "outcome", "CALC_ERROR")
    choose(window, "condition", "baseline")
    assert matches(window) == (75, 150, 75, 300)
    choose(window, "text", "QUESTION 11?")  # problem 11 alone
    assert matches(window)[:1] == (1,)
    choose(window, "text", "answer is: -5")  # written with U+2212
    assert matches(window)[:1] == (75,)


def test_a_link_restores_filters_and_opens_a_problem(page, window):
    window.open(page)
    choose(window, "change", "broken")
    window.run("document.querySelectorAll('.problem')[3].open = true")
    window.run("return new Promise(done => setTimeout(done, 50))")
    link = window.run("return location.hash")
    assert link == "#?change=broken&problem=p6"
    window.open(page.with_name("absent.html"))
    window.open(page, link)
    assert matches(window)[:1] == (75,)
    assert window.run("return document.querySelector('.problem[open]').id") == "problem_p6"
    window.open(page, "#?problem=p149")  # on the fourth page of the list
    assert window.run("return document.querySelector('.problem[open]').id") == "problem_p149"


def test_what_matches_is_marked_and_each_answer_stands_once(page, window):
    window.open(page, "#?condition=ct0_blocked&problem=p0")
    assert window.run("return document.querySelectorAll('.problem[open] .given tbody tr').length") == 2
    assert window.run("return document.querySelector('.problem[open] mark').textContent") == "ct0_blocked"


def test_rows_are_made_when_they_are_asked_for(page, window):
    window.open(page)
    assert window.run("return document.querySelectorAll('.problem').length") == 40
    window.run("document.getElementById('_more').click()")
    assert window.run("return document.querySelectorAll('.problem').length") == 80
    assert window.run("return document.querySelectorAll('.opened').length") == 0


@pytest.mark.parametrize("place", [30, 78])
def test_a_reload_shows_the_open_problem_where_it_stands(page, window, place):
    window.size(1280)
    window.open(page)
    window.run("document.getElementById('_more').click()")
    window.run(f"var row = document.querySelectorAll('.problem')[{place}]; row.scrollIntoView(); row.open = true")
    window.run("return new Promise(done => setTimeout(done, 50))")
    window.devtools("Page.reload")
    window.run(  # it is drawn twice before it stands
        "return new Promise(done => { var wait = () => document.readyState === 'complete' ? setTimeout(done, 500)"
        " : setTimeout(wait, 50); wait(); })"
    )
    assert window.run("return document.querySelector('.problem[open]').id") == f"problem_p{place}"
    assert 0 <= window.run("return document.querySelector('.problem[open]').getBoundingClientRect().top") < 900


def test_paper_says_what_it_holds(page, window):
    window.open(page)
    assert printed(window) == "40 of 150 problems; “Show more” on the page adds to them. No filter."
    choose(window, "change", "broken")
    choose(window, "text", "QUESTION 11")
    assert printed(window) == (
        "5 of 5 matching problems (150 in all). Filter: Against baseline: broken; "
        "Text in question, solution or answer: “QUESTION 11”."
    )
    window.open(page.with_name("absent.html"))
    window.open(page, "#?change=broken&problem=p1")  # which does not match
    assert printed(window).startswith("40 of 75 matching problems (150 in all); ")


def printed(window):
    """The line on paper, which a screen does not show."""
    hidden = "return getComputedStyle(document.getElementById('_printed')).display"
    assert window.run(hidden) == "none"
    window.devtools("Emulation.setEmulatedMedia", media="print")
    assert window.run(hidden) == "block"
    window.devtools("Emulation.setEmulatedMedia", media="")
    return window.run("return document.getElementById('_printed').textContent")


@pytest.mark.parametrize("width", [320, 1280])
def test_no_width_scrolls_sideways(page, window, width):
    window.size(width)
    window.open(page, "#?problem=p1")
    assert window.run("return document.documentElement.scrollWidth") <= width


def test_everything_that_can_be_used_has_a_name_for_screen_readers(page, window):
    window.size(1280)
    window.open(page, "#?problem=p1")
    nodes = window.devtools("Accessibility.getFullAXTree")["nodes"]
    used = ("combobox", "searchbox", "button", "link", "DisclosureTriangle", "table", "form", "columnheader")
    names = {(node["role"]["value"], node["name"]["value"]) for node in nodes if node["role"]["value"] in used}
    assert {role for role, _ in names} >= {"combobox", "searchbox", "button", "link", "DisclosureTriangle", "table"}
    assert all(name.strip() for _, name in names)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_the_page(page, window, scheme):
    window.devtools("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": scheme}])
    window.open(page, "#?change=broken&problem=p0")
    assert window.run(CONTRASTS) == []


def test_a_file_that_points_to_no_answer_is_refused_in_one_sentence():
    from ctlab.errors import InputError

    wrong = content(1)
    wrong["problems"][0]["given"] = [5, 0, 0]
    with pytest.raises(InputError, match=r"answers.json: problems\[0\] must point to one of 2 answers"):
        read(AllAnswers, wrong, "answers.json")

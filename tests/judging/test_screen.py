"""A judgement on a screen, as text and as a page, whatever somebody wrote into the files."""

import pytest

from ctlab.judging import judge_files
from ctlab.judging.document_blocks import as_markdown, as_page
from ctlab.judging.screen import WIDTH, screen

EVIL = "\x1b[31mred\x1b[0m\u202eevil | `x` <script>alert(1)</script>\n# big \ud800"


def rows(rate, *, text="fine", repeats=1, n=80):
    return [
        {
            "id": f"{text}{place}",
            "question": f"{text} {place}",
            "answer": f"{text} #### {1 if place < rate * n else 2}",
            "gold": "1",
            "level": f"{text}{place % 2}",
            "repeat": repeat,
        }
        for place in range(n)
        for repeat in range(repeats)
    ]


@pytest.mark.parametrize("text", ["fine", EVIL])
@pytest.mark.parametrize("options", [{}, {"by": "level"}, {"expect": "B not worse by 5"}, {"margin": 30}])
@pytest.mark.parametrize("repeats", [1, 3])
def test_two_files_fit_a_screen_and_nothing_gives_a_terminal_orders(text, options, repeats):
    shown = screen(judge_files([rows(0.8, text=text, repeats=repeats), rows(0.5, text=text)], **options))
    lines = shown.split("\n")
    assert len(lines) <= 30
    assert max(map(len, lines)) <= WIDTH
    assert not {char for char in shown if not char.isprintable()} - {"\n"}
    assert "[unregistered]" in shown
    assert "B − A  −30.0 points, 95 % interval" in shown


@pytest.mark.parametrize("width", [80, 1000])
@pytest.mark.parametrize("options", [{}, {"by": "level"}, {"expect": "B not worse by 5"}])
def test_lines_are_as_long_as_the_terminal_is_wide(width, options):
    first, second = rows(0.8, text="a long text"), rows(0.5, text="a long text")
    lines = screen(judge_files([[*first, {**first[0], "id": "alone"}], second], **options), width).split("\n")
    assert max(map(len, lines)) <= min(width, WIDTH)
    assert not [line for line in lines if line.lstrip().startswith(("%", "points"))]
    notes = [line for line in lines if line.startswith("· ")]
    assert len(notes) == len({note[:8] for note in notes})  # what goes on below a note is no note of its own


def test_narrow_lines_show_the_answers_that_differ():
    """Answers end with their numbers, and a question gives way to them: 15000 is not cut to 5000."""
    question = "How many are there in all of these places together?"
    first, second = ([{**row, "question": question} for row in rows(rate)] for rate in (0.8, 0.5))
    for row in first:
        row["answer"] = "so that the answer is: 15000"
    lost = [{**row, "answer": "so that the answer is: 5000"} for row in second]
    scored = [[{**row, "score": score} for row in side] for side, score in ((first, 1.0), (lost, 0.0))]
    shown = screen(judge_files(scored), 80)
    assert " is: 15000  B: …" in shown
    assert " is: 5000\n" in shown


def test_what_is_lost_is_shown_with_both_answers():
    shown = screen(judge_files([rows(0.8), rows(0.5)]))
    assert "24 lost, 0 gained, 56 alike of 80 problems" in shown
    assert "  fine40  fine 40  gold 1  A: fine #### 1  B: fine #### 2" in shown
    assert "64 of 80 (80.0 %) right" in shown


def test_the_head_says_how_many_problems_were_left_out():
    failed = [{**row, "error": "timeout" if place < 3 else None} for place, row in enumerate(rows(0.5))]
    first, second = screen(judge_files([rows(0.8), failed])).split("\n")[:2]
    assert "61 of 77 (79.2 %) right, 3 left out, list" in first
    assert "37 of 77 (48.1 %) right, 3 left out, list" in second
    assert "left out" not in screen(judge_files([rows(0.8), rows(0.5)]))


def test_several_files_are_a_block_each():
    shown = screen(judge_files([rows(0.8), rows(0.5), rows(0.75)]))
    assert [line for line in shown.split("\n") if line.startswith(("✓", "?"))] == [
        "✓ SUPPORTED: A and B differ.  [unregistered]",
        "? INCONCLUSIVE: A and C differ.  [unregistered]",
    ]


def test_of_several_files_on_other_problems_each_difference_has_its_own_counts():
    judged = judge_files([rows(0.8), rows(0.5), rows(0.75)[:60]])
    shown, markdown = screen(judged), as_markdown(judged)
    assert "80 problems, list" in shown.split("\n")[0]
    assert "60 problems, list" in shown.split("\n")[2]
    for counts in (
        "A 64 of 80 (80.0 %) right; B 40 of 80 (50.0 %) right",
        "A 60 of 60 (100.0 %) right; C 60 of 60 (100.0 %) right",
    ):
        assert f"       {counts}" in shown
        assert counts in markdown
        assert counts in as_page(judged).replace("\N{NO-BREAK SPACE}", " ")
    assert "· A and C: left out: 20 problems only in A" in shown


def test_of_several_files_it_is_said_which_two_are_meant():
    scored = [[{**row, "score": 1.0} for row in side] for side in (rows(0.8), rows(0.5), rows(0.75))]
    shown = screen(judge_files(scored))
    assert "· A and B: matched by id; scored by the tool; our reading disagrees on 56 of 160 answers" in shown
    assert "· A and C: matched by id; scored by the tool; our reading disagrees on 36 of 160 answers" in shown
    assert screen(judge_files([rows(0.8), rows(0.5), rows(0.75)])).count("matched by id") == 1


def test_of_several_files_on_the_same_problems_the_head_has_the_counts():
    shown = screen(judge_files([rows(0.8), rows(0.5), rows(0.75)]))
    assert [line[-29:] for line in shown.split("\n")[:2]] == [
        "64 of 80 (80.0 %) right, list",
        "40 of 80 (50.0 %) right, list",
    ]
    assert shown.count("(80.0 %) right") == 1


def test_unequal_repeats_are_said():
    first = rows(0.8)
    shown = screen(judge_files([first, [*rows(0.5), {**first[0], "answer": "no", "repeat": 1}]]))
    assert "80 problems right, 1 to 2 answers a problem" in shown


def test_disagreements_are_counted_for_people():
    first, second = rows(0.8), rows(0.5)
    scored = [[{**row, "score": 1.0} for row in side] for side in (first, second)]
    judged = judge_files(scored)
    assert "our reading disagrees on 56 of 160 answers (35.0 %)" in screen(judged)
    assert "### Tool and reader disagree on 56 answers" in as_markdown(judged)


@pytest.mark.parametrize("text", ["fine", EVIL])
def test_documents_hold_everything_and_run_nothing(text):
    judged = judge_files([rows(0.8, text=text), rows(0.5, text=text)], by="level")
    markdown, page = as_markdown(judged), as_page(judged)
    assert "## ✓ SUPPORTED: A and B differ" in markdown
    assert "\x1b" not in markdown + page
    assert "\u202e" not in markdown + page
    assert "<script>alert" not in page
    assert "<script>alert" not in markdown.replace("\\<script>", "")
    assert "Unregistered" in page
    assert "http" not in page.replace("http-equiv", "")
    tables = [line for line in markdown.split("\n") if line.startswith("| lost ")]
    assert {line.replace("\\|", "").count("|") for line in tables} == {4}

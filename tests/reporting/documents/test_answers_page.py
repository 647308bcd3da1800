"""Answers and their page are taken over from a report only where everything that they are made of is the same."""

from types import SimpleNamespace

import pytest

from ctlab.reporting import answer_files
from ctlab.reporting.answer_files import ANSWER_ROWS, ANSWERS, write_answers
from ctlab.reporting.documents import answers_page
from ctlab.reporting.documents.answers_page import write_answers_page
from ctlab.reporting.summaries.all_answers import AnswerTable
from tests.lab.test_value_keeper import run


def asked(model="m", problems="p"):
    return SimpleNamespace(model=SimpleNamespace(id=model), problems=SimpleNamespace(name=problems))


def answered(folder, of="a", text="The answer is: 5", earlier=()):
    folder.mkdir()
    write_answers(folder, AnswerTable({"hidden": run(texts=("The answer is: 7", text))}, of=of), earlier)
    return folder


@pytest.fixture
def first(tmp_path):
    folder = answered(tmp_path / "first")
    write_answers_page(folder, asked(), ())
    return folder


def is_made_anew(folder, report, earlier):
    """Whether a page is made rather than taken over."""
    page = answers_page.ANSWERS_PAGE
    made = write_answers_page(folder, report, [earlier])[0].read_bytes()
    return made != (earlier / page).read_bytes()


def test_a_page_of_the_same_is_taken_over(tmp_path, first, monkeypatch):
    monkeypatch.setattr(answers_page, "answers_html", None)  # nobody asks for it
    assert not is_made_anew(answered(tmp_path / "second"), asked(), first)


@pytest.mark.parametrize("what", ["model", "problems", "answers", "source", "template"])
def test_a_page_of_something_else_is_made(tmp_path, first, what, monkeypatch):
    monkeypatch.setattr(answers_page, "answers_html", lambda answers, report: "made anew")
    folder, report = answered(tmp_path / "second", text="6" if what == "answers" else "The answer is: 5"), asked()
    if what in ("model", "problems"):
        report = asked(**{what: "other"})
    if what == "source":
        monkeypatch.setattr(answers_page, "source_digest", lambda *modules: "other")
    if what == "template":
        (tmp_path / "templates").mkdir()
        (tmp_path / "templates" / "answers.js").write_text("other")
        monkeypatch.setattr(answers_page, "TEMPLATES", tmp_path / "templates")
    assert is_made_anew(folder, report, first)


@pytest.mark.parametrize("what", ["same", "digest", "source", "library"])
def test_answers_are_taken_over_where_table_source_and_library_are_the_same(tmp_path, first, what, monkeypatch):
    if what == "source":
        monkeypatch.setattr(answer_files, "source_digest", lambda *modules: "other")
    if what == "library":
        monkeypatch.setattr(answer_files, "version", lambda name: "other")
    # The answers are others, whatever the digest says: what was taken over can be told from what was made.
    folder = answered(tmp_path / "second", "b" if what == "digest" else "a", "The answer is: 6", [first])
    same = [(folder / name).read_bytes() == (first / name).read_bytes() for name in (ANSWERS, ANSWER_ROWS)]
    assert same == [what == "same"] * 2

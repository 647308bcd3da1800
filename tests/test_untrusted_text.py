"""What somebody else wrote gives a terminal no orders and turns no line around."""

import shutil
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file

from ctlab.commands.audit_sheet import write_sheet
from ctlab.errors import CtlabError, InputError
from ctlab.lab.log import ConsoleLog
from ctlab.models import load_model
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.plugin.claim_fixture import evidence, explain
from ctlab.plugin.terminal import remark_lines, write_claims
from ctlab.records import Example
from ctlab.reporting.model import Prediction
from ctlab.untrusted_text import in_log, visible
from tests.records.test_judgement import OPEN

ORDERS = "\x1b]0;owned\x07\x1b[2J\u202eevil\u2028\x9b31m\r"
"""Sets a window's title, clears the screen, turns a line around, goes back to its start."""
COMMANDS = set(ORDERS) - set("]0;owned[2Jevil31m")


def harmless(text):
    return not COMMANDS & set(text)


def test_ordinary_text_stays():
    assert visible("The answer is: 7\n½ of “it” — ça, 答え") == "The answer is: 7\n½ of “it” — ça, 答え"


def test_marks_that_change_how_text_looks_are_shown():
    assert visible("a\x00b\u202ec\u200bd\ud800e\x1b[31m") == "a[U+0000]b[U+202E]c[U+200B]d[U+D800]e[U+001B][31m"


@given(st.text())
def test_what_is_visible_is_printable_and_stays_as_it_is(text):
    shown = visible(text)
    assert all(char.isprintable() or char in "\n\t" or char.isspace() for char in shown)
    assert visible(shown) == shown


def test_errors():
    assert str(CtlabError(f"a {ORDERS}")) == f"a {visible(ORDERS)}"
    assert harmless(str(InputError(ORDERS)))
    assert str(InputError("two\nlines — and “quotes”")) == "two\nlines — and “quotes”"


def test_names_of_tensors(tmp_path):
    shutil.copytree(TINY, tmp_path / "evil")
    path = tmp_path / "evil" / "model.safetensors"
    tensors = load_file(path)
    save_file({**tensors, f"codi.base_model.model.{ORDERS}": tensors["prj.1.bias"].clone()}, path)
    with pytest.raises(InputError, match="tensors are without a place for llama") as error:
        load_model(tmp_path / "evil")
    assert harmless(str(error.value))


def test_the_log(capsys):
    ConsoleLog().say(ORDERS)
    assert harmless(capsys.readouterr().err)


class Reporter:
    """Keeps what pytest's own would print."""

    def __init__(self):
        self.lines = []

    def write_sep(self, *_):
        pass

    def write_line(self, line, **_):
        self.lines.append(line)


ROW = {"id": f"id{ORDERS}", "family": "f", "status": "judged", "verdict": "VOID", "effect": None, "alpha": 0.05}


def test_the_table_of_claims():
    row = {**ROW, "flags": [f"flag {ORDERS}"], "reason": f"reason {ORDERS}", "exploratory": False, "remarks": [ORDERS]}
    reporter = Reporter()
    write_claims(reporter, [row], [f"more {ORDERS}"])
    text = "\n".join(reporter.lines)
    assert "flag " in text
    assert "reason " in text
    assert "more " in text
    assert harmless(text)
    assert not harmless("\n".join(remark_lines([row])))  # the rows themselves stay as they are


def test_what_a_failing_claim_shows():
    example = Example(problem_id="p", change="lost", question=ORDERS, gold=ORDERS, answers={ORDERS: ORDERS})
    shown = replace(OPEN, reason=ORDERS, flags=(ORDERS,), examples=(example,))
    assert harmless("\n".join(explain(shown)) + evidence(shown))


def test_the_sheet_of_an_audit(tmp_path):
    row = Prediction(
        condition=f"=cmd{ORDERS}",
        problem_id=ORDERS,
        question=ORDERS,
        gold="7",
        text=ORDERS,
        outcome="=1+1",
        right=False,
    )
    write_sheet(tmp_path / "sheet.csv", [row])
    text = (tmp_path / "sheet.csv").read_text()
    assert harmless(text)
    assert text.splitlines()[1].startswith("'=cmd")
    assert text.rstrip(",\n").endswith("'=1+1")


@given(st.text(st.sampled_from("#[:\n\r a]error")))
def test_no_text_is_a_command_to_the_reader_of_a_log(text):
    shown = in_log(text)
    assert "##[" not in shown
    assert len(shown.splitlines()) <= 1


def test_a_hash_and_a_bracket_are_shown_as_what_they_are():
    assert in_log("#### 18 ##[error]x\n::error::y") == "#### 18 [U+0023]#[error]x[U+000A]::error::y"

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.reporting.ci.red_claims import RedClaim, red_claim
from ctlab.reporting.ci.workflow_commands import error_command, error_commands, escaped_data, escaped_property


def understood(line):
    """Read a command as GitHub's runner does (actions/runner, ActionCommand.TryParseV2)."""
    assert "\n" not in line
    assert "\r" not in line
    command, properties, data = re.fullmatch(r"::(\w+) ?(.*?)::(.*)", line).groups()
    pairs = dict(pair.split("=", 1) for pair in properties.split(",") if pair)
    return command, {name: unescaped(value, ":,") for name, value in pairs.items()}, unescaped(data)


def unescaped(text, more=""):
    for sign in ("\r", "\n", *more, "%"):  # the sign of the escape itself is the last
        text = text.replace(f"%{ord(sign):02X}", sign)
    return text


def red(**fields):
    return RedClaim(**{"id": "a", "title": "a: VOID", "message": "why", "file": "t/x.py", "line": 3} | fields)


@given(st.text(st.sampled_from("a%25\r\n:,;=&<é−0DA")))
def test_what_is_escaped_is_read_as_it_was(text):
    assert unescaped(escaped_data(text)) == text
    assert unescaped(escaped_property(text), ":,") == text
    assert not set(escaped_property(text)) & set("\r\n:,")


@given(st.text(max_size=40), st.text(max_size=40), st.text(st.characters(exclude_characters="\0"), max_size=20))
def test_no_text_becomes_a_command_or_a_property_of_its_own(title, message, file):
    command, properties, data = understood(error_command(red(title=f"a{title}", message=message, file=f"f{file}")))
    assert command == "error"
    assert list(properties) == ["file", "line", "title"]
    assert properties["file"] == f"f{file}"
    assert properties["line"] == "3"
    assert "::" not in data or "::" in message


def test_what_a_claim_has_not_is_left_out():
    assert error_command(red(file="", line=None)) == "::error title=a%3A VOID::why"


def test_at_most_ten_are_written_and_the_last_names_the_rest():
    claims = [red(id=f"c{i}", title=f"c{i}: VOID") for i in range(12)]
    assert len(error_commands(claims[:10])) == 10
    *shown, last = [understood(line) for line in error_commands(claims, ["d: registered, and gone"])]
    assert [properties["title"] for _, properties, _ in shown] == [f"c{i}: VOID" for i in range(9)]
    assert last[1] == {"title": "ctlab: 4 more are red"}
    assert last[2].split("\n") == ["c9: VOID", "c10: VOID", "c11: VOID", "d: registered, and gone"]


@pytest.mark.parametrize(
    ("fields", "barred", "title"),
    [
        ({"status": "error", "verdict": None}, "", "a: no verdict, the test stopped with an error"),
        ({"verdict": "VOID", "accepted": "SUPPORTED"}, "", "a: VOID, a control or certificate failed"),
        (
            {"verdict": "REFUTED", "accepted": "SUPPORTED"},
            "",
            "a: verdict changed, SUPPORTED was accepted and now it is REFUTED",
        ),
        ({"verdict": "INCONCLUSIVE"}, "", "a: INCONCLUSIVE, and no verdict is accepted"),
        ({"verdict": "SUPPORTED"}, "another α", "a: SUPPORTED, which does not count in this run"),
        (
            {"verdict": "SUPPORTED", "accepted": "REFUTED"},
            "",
            "a: verdict changed, REFUTED was accepted and now it is SUPPORTED",
        ),
    ],
)
def test_kinds_of_red_are_told_apart(fields, barred, title):
    row = {"id": "a", "status": "judged", "accepted": None, "reason": "because"} | fields
    assert red_claim(row, barred=barred).title == title
    assert red_claim(row, barred=barred).message.startswith("because")

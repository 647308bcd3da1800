"""Terms are explained in one place, can be found by any of their names, and are told apart on a page."""

import pytest

from ctlab.commands.main import main
from ctlab.formatting import VERDICT_MARKS
from ctlab.lab.legend import WORDS
from ctlab.reporting.prose.glossary import found, terms


def test_no_two_terms_have_one_place_on_a_page():
    anchors = [term.anchor for term in terms()]
    assert sorted(set(anchors)) == sorted(anchors)
    assert all(anchor and " " not in anchor for anchor in anchors)
    assert len({term.name for term in terms()}) == len(anchors)
    assert not [term.name for term in terms() if term.meaning.endswith(".")]


ASKED = """
CT0, thought, hide, condition, baseline, control, certificate, points, interval, α, family, exploratory, chance rate,
discordant, equivalence, margin, confounding, needed, idle, logits, power, null hypothesis, AUC, lengths,
total variation, log-odds, n, p
"""


@pytest.mark.parametrize("name", [*VERDICT_MARKS, *(name.strip() for name in ASKED.split(","))])
def test_what_terminal_and_pages_say_is_explained(name):
    assert found(name), name
    assert found(name.upper()) == found(name.lower())


def test_a_name_alone_is_taken_before_a_part():
    assert [term.name for term in found("end")] == ["end"]
    assert [term.name for term in found("gained")] == ["lost, gained"]
    assert {term.name for term in found("idle")} == {"idle", "[idle]"}
    assert len(found("rate")) > 1


def test_the_command_prints_one_term_all_or_the_nearest(capsys):
    assert main(["words", "chance", "rate"]) == 0
    assert capsys.readouterr().out.startswith("chance rate: how often")
    assert main(["words"]) == 0
    assert len(capsys.readouterr().out.splitlines()) >= len(terms())
    assert main(["words", "suported"]) == 4
    assert "did you mean SUPPORTED?" in capsys.readouterr().err
    assert "`ctlab words TERM`" in WORDS

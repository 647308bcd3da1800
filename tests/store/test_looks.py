from dataclasses import replace

import pytest

from ctlab.errors import StoreError
from ctlab.records import Look, Verdict
from ctlab.store import append_looks, read_looks

ONE = Look(
    claim_id="ct0-lowers",
    claimed="0123456789abcdef",
    statement="Hiding CT0 lowers it.",
    verdict=Verdict.REFUTED,
    model="m",
    problems="p",
    source="s",
    n=60,
    conditions=("a", "b"),
    date="2026-01-01T00:00:00Z",
)
TWO = replace(ONE, n=80, problems="q")


def refuse(text):
    raise AssertionError(text)


def test_what_was_appended_is_read_in_order(tmp_path):
    assert read_looks(tmp_path, refuse) == ()
    append_looks(tmp_path / "store", [ONE])
    append_looks(tmp_path / "store", [])
    append_looks(tmp_path / "store", [TWO, ONE])
    assert read_looks(tmp_path / "store", refuse) == (ONE, TWO, ONE)


def test_a_damaged_line_is_said_and_the_others_count(tmp_path):
    append_looks(tmp_path, [ONE, TWO])
    with (tmp_path / "looks.jsonl").open("a") as file:
        file.write('{"claim_id": "x"}\nnot json\n')
    append_looks(tmp_path, [ONE])
    said = []
    assert read_looks(tmp_path, said.append) == (ONE, TWO, ONE)
    assert [line.partition("looks.jsonl, ")[2] for line in said] == [
        f"line {k} is damaged; what was seen then is not counted" for k in (3, 4)
    ]


def test_a_store_that_cannot_be_read_is_one_sentence(tmp_path):
    (tmp_path / "looks.jsonl").mkdir()
    with pytest.raises(StoreError, match=r"cannot read .*looks.jsonl"):
        read_looks(tmp_path, refuse)


def test_seeing_the_same_again_is_no_second_look():
    assert replace(ONE, date="2027-01-01T00:00:00Z").repeats(ONE)
    assert not TWO.repeats(ONE)
    assert not replace(ONE, verdict=Verdict.SUPPORTED).repeats(ONE)
    assert not replace(ONE, claimed="f" * 16).repeats(ONE)


def test_a_link_in_the_place_of_the_looks_is_not_followed(tmp_path):
    (tmp_path / "victim").write_text("mine")
    (tmp_path / "looks.jsonl").symlink_to(tmp_path / "victim")
    with pytest.raises(StoreError, match=r"cannot write .*looks\.jsonl: Too many levels of symbolic links"):
        append_looks(tmp_path, [ONE])
    assert (tmp_path / "victim").read_text() == "mine"

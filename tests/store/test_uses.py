"""Notes of use: once a day, names of before stay, a damaged one is written anew, a store that is read-only has none."""

import pytest

from ctlab.errors import StoreError
from ctlab.store.uses import FOLDER, Use, last_used, note_use, read_uses
from tests.store.tended import PROBLEMS, use

FIRST, SECOND = "a" * 16, "b" * 16


def noted(folder):
    ((_, found),) = read_uses(folder)
    return found


def test_a_day_and_a_name_are_noted(tmp_path):
    note_use(tmp_path, use(), [("baseline", FIRST)], "2026-03-01")
    note_use(tmp_path, use(), [("ct0_blocked", SECOND)], "2026-03-02")
    found = noted(tmp_path)
    assert {name: (run.names, run.day) for name, run in found.runs.items()} == {
        FIRST: (("baseline",), "2026-03-01"),
        SECOND: (("ct0_blocked",), "2026-03-02"),
    }
    assert (found.model_name, found.problems_name, len(found.ids)) == ("", "seven", 7)
    assert last_used([found], SECOND) == "2026-03-02"
    assert last_used([found], "c" * 16) == ""


def test_the_same_day_writes_nothing(tmp_path):
    note_use(tmp_path, use(), [("baseline", FIRST)], "2026-03-01")
    path = tmp_path / FOLDER / PROBLEMS
    before = path.stat().st_ino
    note_use(tmp_path, use(), [("baseline", FIRST)], "2026-03-01")
    assert path.stat().st_ino == before
    note_use(tmp_path, use(), [("baseline", FIRST)], "2026-02-01")  # a clock that went back
    assert noted(tmp_path).runs[FIRST].day == "2026-03-01"


def test_a_renamed_condition_is_called_by_its_latest_name(tmp_path):
    note_use(tmp_path, use(), [("old", FIRST)], "2026-03-01")
    note_use(tmp_path, use(), [("new", FIRST)], "2026-03-02")
    assert noted(tmp_path).runs[FIRST].names == ("new", "old")


@pytest.mark.parametrize("content", [b"", b"no checksum", b"x\n{}", b'"'])
def test_a_damaged_note_is_written_anew(tmp_path, content):
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / PROBLEMS).write_bytes(content)
    assert isinstance(noted(tmp_path), StoreError)
    note_use(tmp_path, use(), [("baseline", FIRST)], "2026-03-01")
    assert isinstance(noted(tmp_path), Use)


def test_where_nothing_can_be_written_nothing_is_noted_and_nothing_fails(tmp_path):
    (tmp_path / FOLDER).write_text("in the way")
    note_use(tmp_path, use(), [("baseline", FIRST)], "2026-03-01")
    note_use(tmp_path / "absent", use(), [("baseline", FIRST)], "2026-03-01")
    assert [path.name for path in tmp_path.iterdir()] == [FOLDER]


def test_what_is_written_comes_back():
    known = use().read_on("2026-03-01", [("baseline", FIRST), ("no_op", FIRST)])
    assert Use.from_bytes(known.to_bytes()) == known

"""What an earlier paper left in a folder is removed, and nothing else is."""

import json

import pytest

from ctlab.errors import InputError
from ctlab.reporting.paper.paper_folder import LISTED, settle
from ctlab.reporting.report_files import write_text


def test_only_what_an_earlier_one_wrote_and_nobody_changed_is_removed(tmp_path):
    out = tmp_path / "out"
    old = [write_text(out / "figures" / f"{name}.csv", name) for name in ("01-stays", "02-goes", "03-mine-now")]
    assert settle(out, old) == []
    other = write_text(out / "figures" / "notes.csv", "mine")
    old[2].write_text("edited", encoding="utf-8")
    assert settle(out, old[:1]) == ["figures/03-mine-now.csv"]
    assert [path.exists() for path in (*old, other)] == [True, False, True, True]
    assert list(json.loads((out / LISTED).read_text("utf-8"))["files"]) == ["figures/01-stays.csv"]


def test_a_list_leads_to_no_file_of_another_name_or_place(tmp_path):
    from ctlab.files import sha256

    outside, out = tmp_path / "a.csv", tmp_path / "out"
    names = ["../a.csv", "figures/../../a.csv", str(outside), "mine.csv", "figures/x.csv"]
    write_text(outside, "x")
    write_text(out / "mine.csv", "x")
    (tmp_path / "elsewhere").mkdir()
    write_text(tmp_path / "elsewhere" / "x.csv", "x")
    (out / "figures").symlink_to(tmp_path / "elsewhere")
    write_text(out / LISTED, json.dumps({"files": dict.fromkeys(names, sha256(b"x"))}))
    settle(out, [])
    assert outside.exists()
    assert (out / "mine.csv").exists()
    assert (tmp_path / "elsewhere" / "x.csv").exists()


def test_a_damaged_list_is_one_sentence(tmp_path):
    write_text(tmp_path / LISTED, "{")
    with pytest.raises(InputError, match="remove it"):
        settle(tmp_path, [])
    write_text(tmp_path / LISTED, '{"files": [1]}')
    assert settle(tmp_path, []) == []

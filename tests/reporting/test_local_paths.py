"""A report names files without saying where they lie on the machine that wrote it."""

from pathlib import Path

import pytest

from ctlab.reporting.local_paths import portable, without_local_paths


def test_a_path_below_the_folder_of_the_run_is_named_from_there(tmp_path: Path) -> None:
    assert portable(f"--ctlab-problems={tmp_path}/data/p.jsonl -k one", tmp_path) == (
        "--ctlab-problems=data/p.jsonl -k one"
    )
    assert portable(str(tmp_path), tmp_path) == "."


def test_a_path_elsewhere_keeps_its_name_alone(tmp_path: Path) -> None:
    elsewhere = tmp_path / "else"
    assert portable(f"pytest --ctlab-store {tmp_path}/store", elsewhere) == "pytest --ctlab-store …/store"
    assert portable(f"cannot read '{tmp_path}/a b.json': gone", elsewhere).startswith("cannot read '…/")
    assert str(tmp_path) not in portable(f"cannot read '{tmp_path}/a b.json': gone", elsewhere)
    assert portable(f"file://{tmp_path}/x.html", elsewhere) == "…/x.html"
    assert portable(r"read C:\Users\me\x.json first", elsewhere) == "read …/x.json first"


def test_a_text_that_is_a_path_becomes_the_files_name(tmp_path: Path) -> None:
    assert portable(f"{tmp_path}/my checkpoint", tmp_path / "else") == "my checkpoint"
    assert portable(f"{tmp_path}/wide.csv?answer=pred", tmp_path / "else") == "wide.csv?answer=pred"


@pytest.mark.parametrize(
    "text",
    [
        "of problems and/or thoughts",
        "1/2 of /5 and 3 / 4",
        "https://example.org/tmp/page and //example.org/tmp",
        "hypotheses/test_roles.py::test_x",
        "~/tmp/x",
        "(rate − chance)/(1 − chance)",
        "</tmp>",
    ],
)
def test_what_is_no_path_of_this_machine_stays(text: str, tmp_path: Path) -> None:
    assert portable(text, tmp_path) == text


def test_every_text_of_a_report_is_named_so_but_what_models_wrote(tmp_path: Path) -> None:
    said = f"see {tmp_path}/x"
    content = {"a": [said, {"b": said, "examples": [said]}], "n": 1, "none": None}
    assert without_local_paths(content, tmp_path / "else") == {
        "a": ["see …/x", {"b": "see …/x", "examples": [said]}],
        "n": 1,
        "none": None,
    }

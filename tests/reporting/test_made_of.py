"""A file is taken over from an earlier report only where it is made of the same and nobody touched it since."""

import json
from pathlib import Path

import pytest

from ctlab.reporting.made_of import MADE_OF, made


def write(folder: Path, of: str, content: str, *earlier: Path) -> tuple[str, bool]:
    """What the file holds in the end, and whether it was made."""
    folder.mkdir(exist_ok=True)
    worked: list[int] = []

    def make() -> None:
        worked.append(1)
        (folder / "answers.json").write_text(content)

    (path,) = made([folder / "answers.json"], of, earlier, make)
    return path.read_text(), bool(worked)


@pytest.fixture
def first(tmp_path: Path) -> Path:
    assert write(tmp_path / "first", "a", "one") == ("one", True)
    return tmp_path / "first"


def test_what_is_made_of_the_same_is_taken_over_and_from_there_again(tmp_path, first):
    assert write(tmp_path / "second", "a", "two", first) == ("one", False)
    assert write(tmp_path / "third", "a", "three", tmp_path / "second") == ("one", False)


def test_what_is_made_of_something_else_or_of_nobody_knows_what_is_made(tmp_path, first):
    assert write(tmp_path / "second", "b", "two", first) == ("two", True)
    assert write(tmp_path / "third", "", "three", first) == ("three", True)
    assert not (tmp_path / "third" / MADE_OF).exists()


@pytest.mark.parametrize("harm", ["edited", "gone", "damaged note", "no note", "another note"])
def test_what_was_edited_or_is_not_known_is_made(tmp_path, first, harm):
    file, note = first / "answers.json", first / MADE_OF
    match harm:
        case "edited":
            file.write_text("One")
        case "gone":
            file.unlink()
        case "damaged note":
            note.write_text("{")
        case "no note":
            note.unlink()
        case "another note":
            note.write_text(json.dumps({"answers.json": ["a"]}))
    assert write(tmp_path / "second", "a", "two", first) == ("two", True)


def test_a_file_knows_others_beside_it(tmp_path, first):
    made([first / "answers.html"], "h", (), lambda: (first / "answers.html").write_text("page"))
    assert set(json.loads((first / MADE_OF).read_text())) == {"answers.json", "answers.html"}


def test_of_files_that_are_made_together_none_is_taken_over_alone(tmp_path):
    times = []

    def written(folder, earlier):
        folder.mkdir()
        paths = [folder / "a", folder / "b"]

        def make():
            times.append(folder.name)
            for path in paths:
                path.write_text(path.name)

        made(paths, "h", earlier, make)
        return folder

    first = written(tmp_path / "1", [])
    second = written(tmp_path / "2", [first])
    (second / "b").write_text("edited")
    third = written(tmp_path / "3", [second])
    assert times == ["1", "3"]
    assert [(third / name).read_text() for name in "ab"] == ["a", "b"]

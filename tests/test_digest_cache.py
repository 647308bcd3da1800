"""Digests of source are kept from process to process, and only for the very source that they were taken of."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ASK = """
import sys
from pathlib import Path
import ctlab.source_digest as source

taken = []
take = source._taken
source._taken = lambda modules, root: taken.append(modules) or take(modules, root)
found = source.source_digest("other.one", root=Path(sys.argv[1]))
if len(sys.argv) > 2:
    Path(sys.argv[1], sys.argv[2]).write_text("VALUE = 'edited meanwhile'\\n")
    source.source_digest("other.two", root=Path(sys.argv[1]))
print(found, len(taken))
"""


@pytest.fixture
def package(tmp_path: Path) -> Path:
    root = tmp_path / "other"
    root.mkdir()
    (root / "__init__.py").write_text("")
    (root / "one.py").write_text("from other.two import VALUE\n")
    (root / "two.py").write_text("VALUE = 1\n")
    return root


def ask(package: Path, *more: str, flags: tuple[str, ...] = ()) -> tuple[str, int]:
    """Digest of `other.one` in a process of its own, and how many digests it had to take."""
    done = subprocess.run(
        [sys.executable, *flags, "-c", ASK, str(package), *more], capture_output=True, text=True, check=True
    )
    digest, taken = done.stdout.split()
    return digest, int(taken)


def kept_in(package: Path) -> Path:
    return package / "__pycache__" / "ctlab-source-digests"


@pytest.fixture(autouse=True)
def _byte_code_is_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)


def test_second_process_takes_none_and_says_the_same(package):
    first, taken = ask(package)
    assert (taken, ask(package)) == (1, (first, 0))


@pytest.mark.parametrize("file", ["two.py", "unrelated.py"])
def test_any_edited_or_new_file_has_it_taken_anew(package, file):
    first, _ = ask(package)
    (package / file).write_text("VALUE = 2\n")
    second, taken = ask(package)
    assert (taken, second == first) == (1, file == "unrelated.py")


def test_edit_back_is_the_first_digest_again(package):
    first, _ = ask(package)
    (package / "two.py").write_text("VALUE = 2\n")
    ask(package)
    (package / "two.py").write_text("VALUE = 1\n")
    assert ask(package) == (first, 1)


def test_digest_taken_after_an_edit_is_not_kept_for_the_source_of_before(package):
    before, _ = ask(package)
    ask(package, "two.py")  # edits it between its two questions, the second of which sees the edited file
    kept = json.loads(kept_in(package).read_bytes())["digests"]
    assert kept == {"other.one": before}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"source": 1}', '{"source": "x", "digests": {"other.one": "y"}}'])
def test_damaged_file_counts_as_none(package, content):
    first, _ = ask(package)
    kept_in(package).write_text(content)
    assert ask(package) == (first, 1)


def test_nothing_is_written_where_byte_code_is_not(package):
    ask(package, flags=("-B",))
    assert not kept_in(package).exists()


def test_where_nothing_can_be_written_it_is_taken_each_time(package):
    (package / "__pycache__").write_text("a file where the folder should be")
    assert ask(package)[1] == ask(package)[1] == 1

"""docs/reading_numbers.md says how examples are read: each line is read again."""

import re
from pathlib import Path

import pytest

from ctlab.outcomes import extract

DOCUMENT = Path(__file__).parents[3] / "docs" / "reading_numbers.md"
_LINE = re.compile(r"\| [^|`]+ \| `(?P<text>.*)` \| (?P<number>\S+) \| (?P<how>.*) \| (?P<flag>(?:\*\*yes\*\*)?) \|")
LINES = [match for line in DOCUMENT.read_text(encoding="utf-8").splitlines() if (match := _LINE.fullmatch(line))]


def test_the_table_is_found():
    assert len(LINES) > 70


@pytest.mark.parametrize("line", LINES, ids=[match["text"] for match in LINES])
def test_a_line_of_the_document(line):
    found = extract(line["text"].replace("\\n", "\n").replace("\\|", "|"))
    assert ("–" if found.prediction is None else str(found.prediction)) == line["number"]
    assert (found.reading or "no number") == line["how"]
    assert found.ambiguous is bool(line["flag"])

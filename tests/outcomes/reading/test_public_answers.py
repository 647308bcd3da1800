"""150 answers with what a careful person reads in them: how many of each style are read so, and none silently wrong."""

import csv
import json
from collections import Counter
from fractions import Fraction

import pytest

from ctlab.outcomes import extract
from tests.shared_data import shared

LEAST = 0.97
"""Share of the firm lines that are read as the person does."""


@pytest.fixture(scope="module")
def lines():
    with shared("data/field/numbers/number_reading.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def judged(line):
    """``right`` as the person read it, ``flagged`` where we say that we hesitate, ``silent`` where we are wrong."""
    found = extract(json.loads(line["answer"]))
    number, wanted = found.prediction, line["reading"]
    if wanted == "ambiguous":
        return "right" if found.ambiguous else "silent"
    if wanted == "no number":
        same = number is None
    else:
        same = number is not None and number.value == Fraction(wanted) and number.unit == line["unit"]
    return "flagged" if found.ambiguous and wanted != "ambiguous" else "right" if same else "silent"


def test_firm_lines_are_read_as_a_careful_person_reads_them(lines):
    table = Counter((line["style"], judged(line)) for line in lines if line["certainty"] == "firm")
    styles = {style: {how: table[style, how] for how in ("right", "flagged", "silent")} for style, _ in table}
    n, right = table.total(), sum(count for (_, how), count in table.items() if how == "right")
    assert n == 143
    assert right / n >= LEAST, styles
    assert not [line["id"] for line in lines if line["certainty"] == "firm" and judged(line) == "silent"], styles


def test_where_careful_people_differ_no_other_number_is_read_in_silence(lines):
    unsure = [line for line in lines if line["certainty"] == "judgement"]
    assert len(unsure) == 7
    assert [line["id"] for line in unsure if judged(line) == "silent"] == []

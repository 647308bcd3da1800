"""The published numbers of a study, worked out of its own files: how many follow, and what docs/published.md says."""

import json
from collections import Counter
from pathlib import Path

import pytest

from benchmarks.published import HEADS, Study, table, unfollowed
from tests.shared_data import shared

PAGE = Path(__file__).parents[1] / "docs" / "published.md"


@pytest.fixture(scope="module")
def study():
    shared("data/field/predictions/published.json")
    return Study(shared(""))


@pytest.fixture(scope="module")
def rows(study):
    return study.rows()


def test_how_many_follow_from_the_files(study, rows):
    assert Counter(row.follows for row in rows) == {"yes": 70, "no": 19, "cannot": 4}
    assert study.disagreements() == 0


def test_an_earlier_recomputation_agrees_number_by_number(rows):
    numbers = json.loads(shared("data/field/predictions/published.json").read_text(encoding="utf-8"))["numbers"]
    said = {True: "yes", False: "no", None: "cannot"}
    assert {row.id: row.follows for row in rows} == {each["id"]: said[each["reproduces"]] for each in numbers}
    for row, each in zip(rows, numbers, strict=True):
        if each["recomputed"] is not None:
            # The interval was kept rounded as it was published, all others to the last digit.
            exact = 0.05 if row.id.startswith("ci95") else 1e-9
            assert row.ours == pytest.approx(each["recomputed"], rel=1e-9, abs=exact), row.id


def test_every_direction_follows_and_the_page_shows_it(study, rows):
    found = unfollowed(study, rows)
    assert {line[3] for line in found} == {"yes"}
    assert table(HEADS, found) in PAGE.read_text(encoding="utf-8")


def test_what_the_approximate_counts_were_made_of(study):
    for asked in ("prosqa_test", "ood_7hop", "ood_dag"):
        first, second = study.accuracy("m3", asked), study.accuracy("m5", asked)
        as_published = study.published[f"approximate_mcnemar/{asked}/discordant"]
        assert [500 * first * (1 - second), 500 * second * (1 - first)] == pytest.approx(as_published, abs=0.005)


def test_a_wrong_answer_of_a_file_is_noticed(study, monkeypatch):
    first, *others = study.right("m3", "prosqa_test")
    flipped = {("m3", "prosqa_test"): [not first, *others]}
    other = Study(shared(""))
    monkeypatch.setattr(other, "right", lambda *asked: flipped.get(asked) or study.right(*asked))
    follows = {row.id: row.follows for row in other.rows()}
    assert follows["accuracy/m3/prosqa_test"] == follows["mcnemar_m3_m5/prosqa_test/table"] == "no"
    assert follows["factorial/M4_vs_M2/prosqa_test/b_c"] == "no"
    assert follows["accuracy/m5/prosqa_test"] == "yes"

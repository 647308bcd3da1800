"""Every public file of problems is read, with the number of rows that its authors gave it."""

import json

import pytest

from ctlab.problems import load_problems
from ctlab.problems.audit.set_audit import audit_table
from ctlab.problems.sources.load_problems import read_table
from tests.shared_data import shared

FILES = {
    "formats/coconut.json": (3, "number"),
    "formats/commonsenseqa.jsonl": (3, "choice"),
    "formats/gsm8k.csv": (3, "number"),
    "formats/gsm8k.jsonl": (3, "number"),
    "formats/gsm8k.parquet": (3, "number"),
    "formats/gsm8k_aug_codi.jsonl": (3, "number"),
    "formats/gsm_hard.jsonl": (3, "number"),
    "formats/gsm_hard_hub.jsonl": (3, "number"),
    "formats/icot.txt": (3, "number"),
    "formats/multiarith_hub.jsonl": (3, "number"),
    "formats/multiarith_original.json": (3, "number"),
    "formats/prontoqa.json": (3, "boolean"),
    "formats/prosqa.json": (3, "entity"),
    "formats/strategyqa.json": (3, "boolean"),
    "formats/svamp.json": (3, "number"),
    "formats/svamp_hub.jsonl": (3, "number"),
    "numeric/gsm8k_coconut_form.json": (300, "number"),
    "numeric/gsm8k_icot_form.txt": (300, "number"),
    "numeric/gsm_hard_latenttts.json": (300, "number"),
    "numeric/gsm_hard_pal.jsonl": (300, "number"),
    "numeric/multiarith_latenttts.json": (290, "number"),
    "numeric/multiarith_pal.jsonl": (300, "number"),
    "numeric/svamp.json": (500, "number"),
    "text/commonsenseqa/dev_rand_split.jsonl": (300, "choice"),
    "text/prontoqa/prontoqa_5hop_authors_first25.json": (25, "boolean"),
    "text/prontoqa/prontoqa_5hop_coconut.json": (250, "boolean"),
    "text/prosqa/ood_7hop.json": (1000, "entity"),
    "text/prosqa/ood_dag.json": (1000, "entity"),
    "text/prosqa/prosqa_test.json": (500, "entity"),
    "text/strategyqa/strategyqa_dev.json": (60, "boolean"),
}
AUDITED = {
    "formats/prosqa.json": {},
    "numeric/gsm8k_coconut_form.json": {"solution-stops-short": 18},
    "numeric/gsm8k_icot_form.txt": {"solution-stops-short": 18},
    "numeric/multiarith_pal.jsonl": {"duplicate": 10},
    "numeric/svamp.json": {},
    "text/commonsenseqa/dev_rand_split.jsonl": {"gold-twice": 3, "same-option-twice": 4},
    "text/prontoqa/prontoqa_5hop_coconut.json": {},
    "text/prontoqa/prontoqa_5hop_authors_first25.json": {},
    "text/prosqa/prosqa_test.json": {},
    "text/prosqa/ood_7hop.json": {
        "gold-does-not-follow": 1000,
        "other-option-follows": 360,
        "steps-not-founded": 1000,
    },
    "text/prosqa/ood_dag.json": {"gold-does-not-follow": 1000, "other-option-follows": 164, "steps-not-founded": 1000},
}


@pytest.mark.parametrize("file", FILES)
def test_a_public_file_is_read_whole(file):
    audit = audit_table(read_table(str(shared(f"data/field/{file}"))))
    assert (len(audit.rows), dict(audit.kinds)) == (FILES[file][0], {FILES[file][1]: FILES[file][0]})
    assert audit.unread == ()


@pytest.mark.parametrize("file", AUDITED)
def test_what_an_audit_finds_in_it(file):
    audit = audit_table(read_table(str(shared(f"data/field/{file}"))))
    assert {finding.check: finding.count for finding in audit.findings} == AUDITED[file]


@pytest.mark.parametrize("file", ["prosqa_test", "ood_7hop", "ood_dag"])
def test_the_graphs_say_the_same_as_the_questions(file):
    """The reasoner reads the question; this walks the edges that the authors' own generator wrote."""
    rows = json.loads(shared(f"data/field/text/prosqa/{file}.json").read_text(encoding="utf-8"))
    reached = [_reached(row) for row in rows]
    gold = sum(row["target"] not in seen for row, seen in zip(rows, reached, strict=True))
    other = sum(row["neg_target"] in seen for row, seen in zip(rows, reached, strict=True))
    found = AUDITED[f"text/prosqa/{file}.json"]
    assert (gold, other) == (found.get("gold-does-not-follow", 0), found.get("other-option-follows", 0))


def _reached(row):
    seen = waiting = {row["root"]}
    while waiting:
        waiting = {end for start, end in row["edges"] if start in waiting} - seen
        seen = seen | waiting
    return seen


def test_four_forms_of_one_set_are_the_same_problems():
    gsm8k, coconut, icot = (
        load_problems(str(shared(f"data/{file}")))[:300]
        for file in ("gsm8k/test.jsonl", "field/numeric/gsm8k_coconut_form.json", "field/numeric/gsm8k_icot_form.txt")
    )
    for one, other in ((gsm8k, coconut), (coconut, icot)):
        pairs = list(zip(one, other, strict=True))
        assert all(a.gold_number.value == b.gold_number.value for a, b in pairs)
        assert sum(a.content_id == b.content_id for a, b in pairs) == 300


def test_sets_without_other_columns_keep_their_digests():
    # As they were before rows had fields: recorded runs and registered claims name them.
    assert load_problems("tiny").digest == "4f05e585339fc6c8"
    assert load_problems("tiny-2").digest == "7c0dd799a306135d"
    assert load_problems("tiny-graphs").digest == "2190d19211f21123"
    assert load_problems(shared("data/gsm8k/test.jsonl")).digest == "10f96b9ba8c406f1"

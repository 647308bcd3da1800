import pytest

from ctlab.errors import ProblemSetError
from ctlab.problems import ProblemSet, load_problems
from ctlab.problems.audit.set_audit import audit_problems, audit_table
from ctlab.problems.sources.source import Table
from tests.problems.audit.located import asked


def table(*rows):
    return Table(name="mine", origin="mine.jsonl", rows=enumerate(rows, start=1))


def test_rows_that_cannot_be_read_are_findings_and_the_others_are_audited():
    audit = audit_table(
        table(
            {"question": "a?", "gold": 1},
            {"question": "b?"},
            {"question": "c?", "gold": "lots"},
            {"question": "a?", "gold": 2},
        )
    )
    found = {finding.check: finding for finding in audit.findings}
    assert set(found) == {"unreadable", "contradiction"}
    assert [each.places for each in found["unreadable"].examples] == [(2,), (3,)]
    assert found["unreadable"].sentence == "2 of 4 rows cannot be read"
    assert found["contradiction"].examples[0].places == (1, 4)


@pytest.mark.parametrize(("rows", "reason"), [([], "it is empty"), ([{"a": 1}], "line 1: a row with the columns")])
def test_a_file_of_which_nothing_can_be_read_is_refused(rows, reason):
    with pytest.raises(ProblemSetError, match=f"no row of it is a problem; {reason}"):
        audit_table(table(*rows))


def test_mixed_kinds_are_counted_by_their_rows():
    audit = audit_table(
        table(*({"question": f"{n}?", "answer": n} for n in range(3)), {"question": "x?", "answer": "ten"})
    )
    (finding,) = audit.findings
    assert (finding.check, finding.examples[0].places) == ("mixed-kinds", (4,))
    assert finding.sentence == "1 of 4 gold answers is no number as the others are"


def test_the_embedded_problems_have_nothing_wrong():
    audit = audit_problems(load_problems("tiny"))
    assert (audit.findings, audit.inflated, audit.templates.templates) == ((), False, 1317)
    noun, sizes = audit.sizes
    assert (noun, sum(sizes.values())) == ("operations of the worked solution", 1319)


def test_repeated_templates_inflate():
    audit = audit_problems(ProblemSet("mine", [asked(f"Sam has {n} cards. How many?", n) for n in range(4)]))
    assert (audit.inflated, audit.findings) == (True, ())
    assert audit.to_json()["templates"] == {"distinct": 1, "effective_n": 1.0, "clusters": [[1, 2, 3, 4]]}

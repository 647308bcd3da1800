"""The rows of a result file are a sequence that says what it is."""

from ctlab.records.result_row import ResultRow, Results


def test_results_are_their_rows():
    rows = tuple(ResultRow(name=f"line {k}", problem=str(k), answer="18") for k in range(3))
    results = Results(path="a.jsonl", format="ctlab", rows=rows)
    assert (len(results), results[1], results[1:], list(results)) == (3, rows[1], rows[1:], list(rows))
    assert repr(results) == "Results('a.jsonl', ctlab, 3 rows)", "thousands of answers would say nothing"

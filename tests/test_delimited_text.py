"""Tables as spreadsheets write them: what is no row has a fault and a line, and decimal commas are read as such."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.delimited_text import decimal_comma_meant, read_delimited


def cells(table, name):
    return [row.cells[name] for row in table.rows]


def test_every_fault_has_its_line_and_costs_no_other_row():
    table = read_delimited('id,gold\n1,2\n2,3,4\n"3\n",5\nid,gold\n4,6\n')
    assert [(row.line, bool(row.fault)) for row in table.rows] == [(2, False), (3, True), (4, False), (7, False)]
    assert table.headers == (6,)
    assert "it has 3 cells, and the first line names 2 columns" in table.rows[1].fault


def test_a_quotation_mark_without_a_partner_is_named_where_it_opens():
    table = read_delimited('id,gold\n1,2\n2,"3\n4,5\n')
    assert [row.line for row in table.rows] == [2, 3]
    assert "never closed" in table.rows[-1].fault


def test_decimal_commas_of_a_spreadsheet_become_points():
    table = read_delimited("id;gold;answer\n1;3,50;3,5\n2;1.234,5;1234,5\n3;1,234;is 1,5 or so\n")
    assert cells(table, "gold") == ["3.50", "1234.5", "1.234"]
    assert cells(table, "answer") == ["3.5", "1234.5", "is 1,5 or so"]
    assert table.decimal_commas == ("gold (3,50 is 3.50)", "answer (3,5 is 3.5)")


@pytest.mark.parametrize(
    "text",
    [
        'id,gold\n1,"3,5"\n',  # commas part the cells, so that nothing says what one within a cell is
        "id;gold\n1;3,5\n2;3.5\n",
        "id;gold\n1;1,234\n2;1,234,567\n",
        "id;gold\n1;1,2\n2;1,2,3\n",
        "id;gold\n1;1,234\n",
    ],
)
def test_a_comma_that_may_be_something_else_stays(text):
    table = read_delimited(text)
    assert table.decimal_commas == ()
    assert {"3,5", "1,234", "1,2"} & set(cells(table, "gold"))


@pytest.mark.parametrize(
    ("text", "meant"), [("3,5", "3.5"), ("-0,125", "-0.125"), ("1.234,50", "1234.50"), ("12,5%", "12.5%")]
)
def test_what_a_decimal_comma_means(text, meant):
    assert decimal_comma_meant(text) == meant


@pytest.mark.parametrize("text", ["1,234", "3.5", "1,2,3", "1,234.50", "35", "", "a,b"])
def test_no_decimal_comma(text):
    assert decimal_comma_meant(text) == ""


def test_a_table_of_markdown_has_no_row_of_dashes():
    assert [row.line for row in read_delimited("| id | gold |\n| --- | ---: |\n| 1 | 2 |\n").rows] == [3]


@given(st.lists(st.tuples(st.text("ab,;\n\"' ", max_size=8), st.text("xy,\t|", max_size=8)), max_size=6))
def test_what_csv_writes_is_read_again(rows):
    out = io.StringIO()
    csv.writer(out).writerows([("one", "two"), *rows])
    table = read_delimited(out.getvalue())
    assert [(row.cells["one"], row.cells["two"]) for row in table.rows if not row.fault] == rows

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.problems.text.expressions import GIVEN, Expression, parse, tokens_of


def value(text):
    tokens = tokens_of(text)
    expression = parse(tokens) if tokens is not None else None
    return None if expression is None else expression.value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("16-3-4", 9),
        ("2+3*4", 14),
        ("(2+3)*4", 20),
        ("60/100*5", 3),
        ("400*.8", 320),
        ("2-.5", Fraction(3, 2)),
        ("5", 5),
        ("-87+320", 233),
        ("2*-3", -6),
        ("2(3+4)", 14),
        ("10%*50", 5),
        ("$5*16", 80),
        ("1,000*2", 2000),
        ("3 x 4", 12),
        ("24+27+(-48)", 3),
    ],
)
def test_expressions_are_calculated_exactly(text, expected):
    assert value(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "2+",
        "(2",
        "2)",
        "2 3",
        "5/0",
        "5/(2-2)",
        "x+2",
        "2**3",
        "2^3",
        "__import__('os')",
        "(" * 500,
        "1+" * 300,
        "9" * 500 + "+1",
    ],
)
def test_what_is_no_expression_is_not_read(text):
    assert value(text) is None


def test_operations_point_back_to_where_operands_come_from():
    expression = parse(tokens_of("(2+3)*(4-1)"))
    assert isinstance(expression, Expression)
    assert [(each.op, each.left_from, each.right_from, each.value) for each in expression.operations] == [
        ("+", GIVEN, GIVEN, 5),
        ("-", GIVEN, GIVEN, 3),
        ("*", 0, 1, 15),
    ]


trees = st.recursive(
    st.integers(0, 99).map(str),
    lambda parts: st.builds("({}{}{})".format, parts, st.sampled_from("+-*/"), parts),
    max_leaves=12,
)


@given(trees)
def test_values_agree_with_python(text):
    try:
        # The text is built above from digits, operators and parentheses only.
        expected = eval(re.sub(r"(\d+)", r"Fraction(\1)", text))
    except ZeroDivisionError:
        expected = None
    assert value(text) == expected


@given(st.text(alphabet="0123456789+-*/()., %$x", max_size=80))
def test_no_text_of_these_characters_raises(text):
    value(text)

"""A second reading of written annotations: what the classifier's own reading of steps is measured against.

It shares no code with the first: floats instead of fractions, Python's parser (of digits and operators, nothing is
evaluated as code) instead of ours.
"""

import ast
import operator
import re

_ANNOTATION = re.compile(r"<<(.*?)>>")
_NO_PLAIN_ARITHMETIC = re.compile(r"[^0-9+\-*/=.,() ]|^\s*\+")
_LEADING_ZEROS = re.compile(r"(?<![\d.])0+(?=\d)")
_OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: operator.truediv}
# Python's parser recurses; the longest annotation of GSM8K and of recorded answers has 56 characters.
_LONGEST = 200
# Relative, and far above a double's rounding of 1e-16.
_NOISE = 1e-9


def annotations_hold(text: str) -> bool | None:
    """Whether all annotations are true; None when there is none, or one that is no plain arithmetic."""
    contents = _ANNOTATION.findall(text)
    if not contents or any(len(content) > _LONGEST or _NO_PLAIN_ARITHMETIC.search(content) for content in contents):
        return None
    try:
        return all(_holds(_LEADING_ZEROS.sub("", content.replace(",", ""))) for content in contents)
    except (SyntaxError, ZeroDivisionError, ValueError, TypeError, KeyError, RecursionError, OverflowError):
        return None


def _holds(content: str) -> bool:
    left, _, right = content.rpartition("=")
    decimals = len(right.partition(".")[2])
    value = _number(ast.parse(left.strip(), mode="eval").body)
    tolerance = max(0.5 * 10**-decimals if decimals else 0.0, _NOISE * max(1.0, abs(value)))
    return abs(value - float(right)) <= tolerance * (1 + _NOISE)


def _number(node: ast.expr) -> float:
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return float(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -_number(node.operand)
    if isinstance(node, ast.BinOp):
        return float(_OPERATORS[type(node.op)](_number(node.left), _number(node.right)))
    raise TypeError(f"no plain arithmetic: {ast.dump(node)}")

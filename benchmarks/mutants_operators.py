"""Small changes to a source file, each of which a test should notice: comparisons, arithmetic, constants, calls, pairs.

A mutant replaces the text of one syntax node; everything else in the file stays as it is, byte by byte. Messages are
left alone: text, what is raised, annotations and decorators.
"""

import ast
import copy
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

BOUNDARY: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
}
OPPOSITE: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.GtE,
    ast.LtE: ast.Gt,
    ast.Gt: ast.LtE,
    ast.GtE: ast.Lt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.Pow: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
}
FUNCTIONS = {"max": "min", "min": "max", "any": "all", "all": "any"}
SHIFTED = "(lambda rows: rows[1:] + rows[:1])(list({}))"
"""Rows moved up by one, the first becoming the last: each is paired with its neighbour's partner."""
TOLERANCE = 1e-3
"""A smaller number is a tolerance: twice as much of it changes nothing, a thousand times as much may."""

_SHOWN = 80  # characters of a change that are printed

Change = tuple[str, ast.AST, str]
"""What kind of change, the node whose text is replaced, and the new text."""


@dataclass(frozen=True, slots=True, order=True)
class Mutant:
    """One change of one file."""

    path: str
    """File, from the root of the repository."""
    line: int
    """Line, counted from 1."""
    start: int
    """First byte that is replaced."""
    end: int
    """First byte after it."""
    kind: str
    """What kind of change."""
    old: str
    """What stood there."""
    new: str
    """What stands there instead."""

    def apply(self, source: str) -> str:
        """Return the file's text with the change in it."""
        text = source.encode()
        return (text[: self.start] + self.new.encode() + text[self.end :]).decode()

    def __str__(self) -> str:
        """Name place, kind and change in one line."""
        old, new = (textwrap.shorten(text, _SHOWN, placeholder=" …") for text in (self.old, self.new))
        return f"{self.path}:{self.line} {self.kind}: {old} → {new}"


def mutants_of(path: str, source: str) -> list[Mutant]:
    """Return every mutant of a file, in order of place; two that read the same are one."""
    lines = [0]  # where each line starts, in bytes, as the syntax tree counts columns
    for line in source.encode().splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    mutants = {}
    for kind, node, new in _changes(ast.parse(source)):
        start = lines[node.lineno - 1] + node.col_offset
        end = lines[node.end_lineno - 1] + node.end_col_offset
        old = source.encode()[start:end].decode()
        if new != old:
            mutant = Mutant(path=path, line=node.lineno, start=start, end=end, kind=kind, old=old, new=new)
            mutants.setdefault((start, end, new), mutant)
    return sorted(mutants.values())


def _changes(node: ast.AST) -> Iterator[Change]:
    """Changes of a node and of what it holds, where a change can be noticed."""
    if isinstance(node, ast.JoinedStr | ast.Import | ast.ImportFrom):
        return
    if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
        return
    if isinstance(node, ast.Raise):
        yield "raise removed", node, "pass"
        return
    yield from _of_expression(node)
    yield from _of_statement(node)
    left_alone = {"annotation", "returns", "decorator_list", "bases", "type_params"}
    if isinstance(node, ast.AnnAssign | ast.arg):
        left_alone.add("target")
    for name, value in ast.iter_fields(node):
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and name not in left_alone:
                yield from _changes(child)


def _of_expression(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Compare(ops=ops):
            for place, op in enumerate(ops):
                for kind, table in (("boundary", BOUNDARY), ("comparison", OPPOSITE)):
                    if type(op) in table:
                        yield kind, node, _text(node, ops=[*ops[:place], table[type(op)](), *ops[place + 1 :]])
        case ast.BinOp(op=op) if type(op) in ARITHMETIC and not _is_text(node.left) and not _is_text(node.right):
            yield "arithmetic", node, _text(node, op=ARITHMETIC[type(op)]())
        case ast.BoolOp(op=op):
            yield "and/or", node, _text(node, op=ast.Or() if isinstance(op, ast.And) else ast.And())
        case ast.UnaryOp(op=ast.Not() | ast.USub() as op):
            yield "not" if isinstance(op, ast.Not) else "sign", node, f"({ast.unparse(node.operand)})"
        case ast.IfExp(test=test):
            yield from _negated(test)
        case ast.comprehension(ifs=tests):
            for test in tests:
                yield from _negated(test)
        case ast.Constant(value=bool() as value):
            yield "constant", node, str(not value)
        case ast.Constant(value=int() | float() as value):
            yield from (("constant", node, repr(other)) for other in _near(value))
        case ast.Slice(lower=lower, upper=upper):
            # A constant end is changed as a constant.
            for end in (lower, upper):
                if end is not None and not isinstance(end, ast.Constant):
                    yield from (("slice", end, f"({ast.unparse(end)}) {step}") for step in ("+ 1", "- 1"))
        case ast.Call(func=ast.Name(id=name) as func) if name in FUNCTIONS:
            yield "function", func, FUNCTIONS[name]
        case ast.Call(func=ast.Name(id="zip"), args=[_, *_, last]) if not isinstance(last, ast.Starred):
            yield "pairs shifted", last, SHIFTED.format(ast.unparse(last))


def _of_statement(node: ast.AST) -> Iterator[Change]:
    match node:
        case ast.Expr(value=ast.Call()):
            yield "call removed", node, "pass"
        case ast.Expr(value=ast.Yield()):
            yield "yield removed", node, "pass"
        case ast.Return(value=value) if value is not None and ast.unparse(value) != "None":
            yield "return None", node, "return None"
        case ast.AugAssign(op=op) if type(op) in ARITHMETIC and not _is_text(node.value):
            changed = copy.deepcopy(node)
            changed.op = ARITHMETIC[type(op)]()
            yield "arithmetic", node, ast.unparse(changed)
        case ast.If(test=test) | ast.While(test=test):
            yield from _negated(test)


def _negated(test: ast.expr) -> Iterator[Change]:
    """Negate a test that no other change negates."""
    if not isinstance(test, ast.Compare | ast.UnaryOp):
        yield "negated", test, f"(not {_text(test)})"


def _near(value: float) -> tuple[float, ...]:
    """Numbers beside a constant: one more and one less, or twice and half as much."""
    if isinstance(value, int):
        return value + 1, value - 1
    if value == 0.0:
        return (1.0,)
    if abs(value) < TOLERANCE:
        return (float(f"{1000 * value:.12g}"),)  # 1e-06, as it would be written, not 1.0000000000000002e-06
    return value * 2, value / 2


def _is_text(node: ast.expr) -> bool:
    return isinstance(node, ast.JoinedStr) or (isinstance(node, ast.Constant) and isinstance(node.value, str))


def _text(node: ast.expr, **fields: object) -> str:
    """Return the text of an expression with some fields replaced, in brackets."""
    changed = copy.copy(node)
    for name, value in fields.items():
        setattr(changed, name, value)
    return f"({ast.unparse(changed)})"

"""The audit of a problem set: everything that is asked of it, and what was found."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from ctlab.errors import ProblemSetError
from ctlab.problems.audit.choice_options import check_options
from ctlab.problems.audit.closed_form import ClosedForm, check_closed_form
from ctlab.problems.audit.duplicates import Templates, ids_twice, repeated, templates
from ctlab.problems.audit.finding import Finding, Instance, Located, finding
from ctlab.problems.audit.gold_words import said_with_words
from ctlab.problems.audit.worked_solutions import worked
from ctlab.problems.problem import ProblemSet
from ctlab.problems.rows.read_rows import form_of, problem_of_row
from ctlab.problems.rows.row_form import BadRow, Row
from ctlab.problems.rows.usual_columns import guessed_columns
from ctlab.problems.sources.locator import renamed
from ctlab.problems.sources.source import Table

INFLATED = 2.0
"""Rows for each row that a set is worth, at worst, from which on its repeated templates are said in a run."""


@dataclass(frozen=True, kw_only=True)
class SetAudit:
    """What a set holds and what is wrong with it."""

    name: str
    """What the set is called."""
    unit: str
    """What places are: lines or rows."""
    rows: tuple[Located, ...]
    """Rows that could be read."""
    unread: tuple[Instance, ...]
    """Rows that could not, and why."""
    forms: tuple[str, ...]
    """Names of the forms of rows."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how the file was read."""
    guessed: Mapping[str, str] = field(default_factory=dict)
    """Columns that were taken by their usual names for an audit, ours to the file's; a run wants them named."""
    id_column: str | None = ""
    """Column that names each row: None for the one with a usual name, empty where none is looked at."""

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong, the worst first."""
        n = len(self.rows) + len(self.unread)
        found = (
            *finding("unreadable", list(self.unread), n, "rows", "cannot be read"),
            *self._kinds(),
            *self._closed.findings(),
            *ids_twice(self.rows, self.id_column),
            *repeated(self.rows),
            *said_with_words(self.rows),
            *worked(self.rows),
            *check_options(self.rows),
        )
        return tuple(sorted(found, key=lambda each: not each.fails))

    @property
    def fails(self) -> tuple[Finding, ...]:
        """Findings by which a reference answer is wrong, or may be."""
        return tuple(each for each in self.findings if each.fails)

    @cached_property
    def templates(self) -> Templates:
        """Questions that are alike but for numbers and names."""
        return templates(self.rows)

    @property
    def inflated(self) -> bool:
        """Whether repeated templates make the set worth half of its rows or less, at worst."""
        return len(self.rows) >= INFLATED * self.templates.effective

    @property
    def kinds(self) -> Counter[str]:
        """Rows by answer kind."""
        return Counter(row.problem.kind for row in self.rows)

    @property
    def answers(self) -> Counter[str]:
        """Rows by gold answer; of a choice by its letter, because its texts are its own."""
        return Counter(_answer(row) for row in self.rows)

    @property
    def closed(self) -> int:
        """Rows whose question says all that its answer needs, so that it could be worked out."""
        return self._closed.checked

    @cached_property
    def sizes(self) -> tuple[str, Counter[int | None]]:
        """How long the way to the answer is: what is counted, and rows by that number; None where it is not known."""
        if self.closed:
            return "rules from the facts to the gold answer", Counter(self._closed.hops)
        return "operations of the worked solution", Counter(row.problem.features.n_operations for row in self.rows)

    @cached_property
    def _closed(self) -> ClosedForm:
        return check_closed_form(self.rows)

    def _kinds(self) -> tuple[Finding, ...]:
        """A set has one answer kind: rows of another are counted, by their places."""
        kinds = self.kinds
        if len(kinds) < 2:
            return ()
        usual = kinds.most_common(1)[0][0]
        others = [
            Instance(places=(row.place,), text=f"{row.problem.kind} {row.problem.gold_text!r}: {row.problem.question}")
            for row in self.rows
            if row.problem.kind != usual
        ]
        return finding("mixed-kinds", others, len(self.rows), "gold answers", f"are no {usual} as the others are")

    def to_json(self) -> dict[str, Any]:
        """JSON form."""
        noun, sizes = self.sizes
        alike = self.templates
        return {
            "name": self.name,
            "n": len(self.rows),
            "unit": self.unit,
            "kinds": dict(self.kinds),
            "forms": list(self.forms),
            "answers": dict(self.answers.most_common(10)),
            "sizes": {"of": noun, "rows": {("unknown" if k is None else str(k)): n for k, n in sizes.items()}},
            "closed_form": self.closed,
            "templates": {
                "distinct": alike.templates,
                "effective_n": alike.effective,
                "clusters": [list(places) for places in alike.clusters],
            },
            "notes": list(self.notes),
            "guessed": dict(self.guessed),
            "findings": [each.to_json() for each in self.findings],
        }


def audit_table(table: Table) -> SetAudit:
    """Audit the rows of a file: one that cannot be read is a finding; ProblemSetError where none can."""
    held = list(table.rows)
    audit = _audited(table, held)
    if not audit.rows and (columns := _usual(held)):
        guessed = {ours: table.columns.get(column, column) for ours, column in columns.items()}
        audit = replace(_audited(table, list(renamed(held, columns))), guessed=guessed)
    if not audit.rows:
        unread = audit.unread
        first = f"{table.unit} {unread[0].places[0]}: {unread[0].text}" if unread else "it is empty"
        raise ProblemSetError(f"{table.origin}: no row of it is a problem; {first}")
    return audit


def _usual(rows: list[tuple[int, Row | BadRow]]) -> dict[str, str]:
    """Return the columns by their usual names; empty where they are not told by them."""
    first = next((row for _, row in rows if not isinstance(row, BadRow)), {})
    return guessed_columns(map(str, first))


def _audited(table: Table, held: list[tuple[int, Row | BadRow]]) -> SetAudit:
    rows: list[Located] = []
    unread: list[Instance] = []
    forms: dict[str, None] = {}
    for place, row in held:
        try:
            rows.append(Located(place=place, problem=problem_of_row(row)))
            if not isinstance(row, BadRow):
                forms[form_of(row).name] = None
        except ProblemSetError as error:
            unread.append(Instance(places=(place,), text=str(error)))
    return SetAudit(
        name=table.name,
        unit=table.unit,
        rows=tuple(rows),
        unread=tuple(unread),
        forms=tuple(forms),
        notes=table.notes,
        id_column=table.id_column,
    )


def audit_problems(problems: ProblemSet) -> SetAudit:
    """Audit the problems of a run; places are their numbers in the set, from 1."""
    rows = tuple(Located(place=place, problem=problem) for place, problem in enumerate(problems, start=1))
    return SetAudit(name=problems.name, unit="row", rows=rows, unread=(), forms=())


def _answer(row: Located) -> str:
    problem = row.problem
    if problem.kind == "choice" and problem.gold_text in problem.options:
        return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[problem.options.index(problem.gold_text)]
    return problem.gold_text

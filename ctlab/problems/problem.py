"""A problem and a problem set: what is asked, joined by content hashes and never by position."""

import hashlib
import json
import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import lru_cache
from numbers import Rational, Real
from typing import Any, overload

from ctlab.delimited_text import decimal_comma_meant
from ctlab.errors import ProblemSetError
from ctlab.problems.answer_kinds import complaint
from ctlab.problems.fact_graph import text_features
from ctlab.problems.features import features
from ctlab.problems.graph import Graph, read_graph
from ctlab.problems.text.numbers import Number
from ctlab.problems.text.quantities import number_with_words, read_quantity
from ctlab.problems.text.written_numbers import MOST_DIGITS
from ctlab.records.fields import NO_FIELDS, Fields
from ctlab.records.problem_features import Features

KINDS = ("number", "choice", "boolean", "entity", "set", "sequence")
"""Answer kinds: what an answer is, and by which rules it is read (docs/answer_kinds.md)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One word problem."""

    question: str
    """Question text."""
    gold: str | int | Number
    """The reference answer: a number, or how it is written (``1,200``, ``1/3``)."""
    solution: str = ""
    """Worked solution in GSM8K's form (sentences with ``<<3+4=7>>`` annotations); empty when there is none."""
    kind: str = "number"
    """What an answer is, one of `KINDS`; a problem set has one kind."""
    options: tuple[str, ...] = ()
    """Texts of the options A, B, C … of a choice; names that an entity is chosen from, where the row says them."""
    aliases: tuple[str, ...] = ()
    """Other ways to write the reference answer."""
    fields: Fields = field(default=NO_FIELDS, repr=False)
    """The row's other columns, such as ``problem.fields["difficulty"]``."""

    def __post_init__(self) -> None:
        if not isinstance(self.question, str) or not self.question.strip():
            raise ProblemSetError(f"a problem needs a question; it has {_shown(self.question)}")
        if not isinstance(self.solution, str):
            raise ProblemSetError(
                f"a worked solution is a text, not a {type(self.solution).__name__} (problem {_start(self)})"
            )
        if self.kind not in KINDS:
            raise ProblemSetError(f"an answer kind is one of {', '.join(KINDS)}, not {_shown(self.kind)}")
        if self.kind != "number":
            if not isinstance(self.gold, str) or not self.gold.strip():
                raise ProblemSetError(
                    f"the reference answer of a {self.kind} is a text, not {_shown(self.gold)} (problem {_start(self)})"
                )
            if wrong := complaint(self.kind, self.gold, self.options, self.aliases):
                raise ProblemSetError(f"reference answer of problem {_start(self)}: {wrong}")
            return
        object.__setattr__(self, "gold", _exact(self.gold, _start(self)))
        if isinstance(self.gold, int) and abs(self.gold) >= 10**MOST_DIGITS:
            raise ProblemSetError(f"a gold answer has at most {MOST_DIGITS} digits (problem {_start(self)})")
        if isinstance(self.gold, bool) or not isinstance(self.gold, str | int | Number):
            raise ProblemSetError(
                f"a gold answer is a number or its text, not a {type(self.gold).__name__} (problem {_start(self)})"
            )
        try:
            _ = self.gold_number
        except ProblemSetError as error:
            raise ProblemSetError(f"gold answer: {error} (problem {_start(self)})") from None

    @property
    def id(self) -> str:
        """First 16 hex digits of the question's sha256: the same question has the same id in every file."""
        return _question_id(self.question)

    @property
    def content_id(self) -> str:
        """Id of the question with each run of blanks as one, by which a set is known that was copied or reformatted."""
        return _question_id(" ".join(self.question.split()))

    @property
    def gold_number(self) -> Number:
        """The reference answer as an exact number; ProblemSetError where it is none (`kind`)."""
        if self.kind != "number":
            raise ProblemSetError(f"the reference answer of problem {_start(self)} is a {self.kind}, not a number")
        return _number(self.gold)

    @property
    def gold_text(self) -> str:
        """The reference answer as it is shown: the exact number, or the text."""
        return str(self.gold_number) if self.kind == "number" else str(self.gold)

    @property
    def graph(self) -> Graph | None:
        """Calculation graph of the worked solution; None when it does not parse completely."""
        return _graph(self.question, self.solution, self.gold) if self.kind == "number" else None

    @property
    def features(self) -> Features:
        """Features, with the question's length in words."""
        return _features(self)

    def to_json(self) -> dict[str, Any]:
        """JSON form; what a problem with a number for an answer and no columns of its own does not have is left out."""
        form: dict[str, Any] = {"question": self.question, "solution": self.solution, "gold": self.gold_text}
        if self.kind != "number":
            form["kind"] = self.kind
        more = {"options": list(self.options), "aliases": list(self.aliases), "fields": dict(self.fields)}
        return {**form, **{name: value for name, value in more.items() if value}}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Problem":
        """Read the JSON form."""
        return cls(
            question=form["question"],
            solution=form.get("solution", ""),
            gold=form["gold"],
            kind=form.get("kind", "number"),
            options=tuple(form.get("options", ())),
            aliases=tuple(form.get("aliases", ())),
            fields=Fields(form.get("fields")),
        )


class ProblemSet(Sequence[Problem]):
    """Named problems in a fixed order, no question twice."""

    def __init__(self, name: str, problems: Sequence[Problem], *, whole: "ProblemSet | None" = None) -> None:
        self.name = name
        self.problems = tuple(problems)
        self._whole = whole
        if not self.problems:
            raise ProblemSetError(f"problem set {name!r} is empty: a claim needs problems")
        rows: dict[str, int] = {}
        for row, problem in enumerate(self.problems):
            if (first := rows.setdefault(problem.id, row)) != row:
                raise ProblemSetError(
                    f"problem set {name!r}: rows {first + 1} and {row + 1} ask the same question "
                    f"({_start(problem)}); answers are joined by question, so remove one of them "
                    "(ctlab problems lists all)"
                )
            if problem.kind != self.kind:
                raise ProblemSetError(
                    f"problem set {name!r}: row 1 is answered by a {self.kind} and row {row + 1} by a {problem.kind} "
                    f"({_start(problem)}); a set has one answer kind, so split it"
                )

    @property
    def kind(self) -> str:
        """Answer kind of every problem."""
        return self.problems[0].kind

    @property
    def whole(self) -> "ProblemSet":
        """The set that this one was limited from, or itself: indices of recorded answers count in the whole set."""
        return self._whole or self

    @property
    def ids(self) -> tuple[str, ...]:
        """Problem ids in order."""
        return tuple(problem.id for problem in self.problems)

    @property
    def digest(self) -> str:
        """First 16 hex digits of a sha256 over ids, gold answers and worked solutions, in order.

        Over answer kind, options, aliases and own columns too, where there are any.
        """
        content = hashlib.sha256()
        # Each part with its length, so that no text can run over into the next.
        for problem in self.problems:
            parts = [problem.id, problem.gold_text, problem.solution]
            if problem.kind != "number" or problem.options or problem.aliases or problem.fields:
                parts.append(json.dumps([problem.kind, problem.options, problem.aliases, problem.fields.canonical]))
            for part in parts:
                content.update(f"{len(part)}:{part}".encode("utf-8", "surrogatepass"))
        return content.hexdigest()[:16]

    def limited(self, n: int | None) -> "ProblemSet":
        """Keep the first ``n`` problems; None or more than there are keeps all."""
        if n is not None and (isinstance(n, bool) or not isinstance(n, int)):
            raise ProblemSetError(f"a limit is a whole number of problems, not {_shown(n)}")
        if n is not None and n < 1:
            raise ProblemSetError(f"a limit is at least 1, not {n}")
        if n is None or n >= len(self):
            return self
        return ProblemSet(self.name, self.problems[:n], whole=self.whole)

    @overload
    def __getitem__(self, index: int) -> Problem: ...
    @overload
    def __getitem__(self, index: slice) -> Sequence[Problem]: ...
    def __getitem__(self, index: int | slice) -> Problem | Sequence[Problem]:
        return self.problems[index]

    def __len__(self) -> int:
        return len(self.problems)

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.problems)

    def __repr__(self) -> str:
        return f"ProblemSet({self.name!r}, {len(self)} problems, digest {self.digest})"


# Remembered, because every condition asks again; twice as many as GSM8K has in training and test (8,792).
@lru_cache(maxsize=16384)
def _question_id(question: str) -> str:
    return hashlib.sha256(question.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _exact(gold: Any, problem: str) -> Any:
    """Return a number of another type as exactly as it says: pandas makes floats of whole numbers, NaN of no cell."""
    if isinstance(gold, bool | int) or not isinstance(gold, Real):
        return gold
    if isinstance(gold, Rational):
        exact = Fraction(int(gold.numerator), int(gold.denominator))  # of numpy too
        return exact.numerator if exact.denominator == 1 else Number.of(exact)
    value = float(gold)
    if not math.isfinite(value):
        raise ProblemSetError(
            f"the gold answer of problem {problem} is {value}, which no answer equals; fill it in, or leave the row out"
        )
    return int(value) if value.is_integer() else repr(value)  # as short as it can be written


def _number(gold: str | int | Number) -> Number:
    if isinstance(gold, Number):
        return gold
    return Number.of(gold) if isinstance(gold, int) else _parsed(gold)


@lru_cache(maxsize=16384)
def _parsed(gold: str) -> Number:
    number = read_quantity(gold) or number_with_words(gold)
    return _refused(gold) if number is None else number


def _refused(gold: str) -> Number:
    if not gold.strip():
        raise ProblemSetError("it is empty")
    if meant := decimal_comma_meant(gold):
        raise ProblemSetError(f"{_shown(gold)} has a decimal comma; write {meant}")
    return Number.parse(gold)


# As many as a large set has: every claim about a feature asks for all of them, one after the other, and a cache that is
# smaller than the set would hold none when they are asked for again.
@lru_cache(maxsize=1 << 18)
def _features(problem: Problem) -> Features:
    return replace(features(problem), **text_features(problem.kind, problem.options, problem.solution, problem.fields))


# By the gold answer as it is written: to hash an exact number takes longer than everything else that a look-up does.
@lru_cache(maxsize=16384, typed=True)
def _graph(question: str, solution: str, gold: str | int | Number) -> Graph | None:
    return read_graph(question, solution, _number(gold)) if solution else None


def _start(problem: Problem) -> str:
    return _shown(problem.question)


def _shown(value: object) -> str:
    text = value if isinstance(value, str) else repr(value)
    short = text if len(text) <= 60 else text[:57] + "..."
    return repr(short) if isinstance(value, str) else short

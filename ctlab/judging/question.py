"""What is asked of two files: whether they differ, or what somebody expects of them, in points."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.errors import InputError

FORMS = '"B higher than A", "B lower than A by 2", "B not worse than A by 2" or "A and B within 2"'
"""What can be expected; numbers are points, that is, per cent of the problems."""

_NUMBER = r"(?:by )?(?:at least |at most |more than )?(?:±|\+/- ?|\+-)?(?P<points>-?\d{1,3}(?:\.\d{1,6})?|\.\d{1,6})"
_UNIT = r" ?(?:points?|pp|%|percentage points)?"
_ABOVE, _BELOW = "higher|better|greater|above|more", "lower|worse|less|below|smaller"
_SIDED = re.compile(
    rf"(?P<first>[a-z]) (?:is )?(?P<side>{_ABOVE}|{_BELOW})(?: than)?(?: (?P<second>[a-z]))?(?: {_NUMBER}{_UNIT})?"
)
_NOT_WORSE = re.compile(
    rf"(?P<first>[a-z]) (?:is )?(?:not|no) (?:worse|lower)(?: than)?(?: (?P<second>[a-z]))?(?: {_NUMBER}{_UNIT})?"
)
_WITHIN = re.compile(
    rf"(?P<first>[a-z]) ?(?:and|,|&|vs\.?|equals?|=) ?(?P<second>[a-z]) (?:are |is )?within {_NUMBER}{_UNIT}"
)
_WITHIN_OF = re.compile(rf"(?P<first>[a-z]) (?:is )?within {_NUMBER}{_UNIT} of (?P<second>[a-z])")


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One question about θ = (rate of the second file) − (rate of the first)."""

    first: str
    """Letter of the file that is the reference."""
    second: str
    """Letter of the file that is held against it."""
    alternative: str
    """What is asked of θ: `two-sided`, `greater`, `less` or `equivalence`."""
    boundary: float = 0.0
    """Value of θ where the null hypothesis ends, a proportion; of an equivalence the margin."""
    statement: str
    """The question as a sentence that is true or not."""
    expected: bool = True
    """Whether somebody expects it to be true: without an expectation nothing can fail."""

    @property
    def margin(self) -> float:
        """Smallest difference of interest or largest negligible one, a proportion; 0 for none."""
        return abs(self.boundary)

    @property
    def tolerant(self) -> bool:
        """Whether a difference against the expected side is allowed: not worse by a margin."""
        return self.boundary * {"greater": -1.0, "less": 1.0}.get(self.alternative, 0.0) > 0.0

    @property
    def direction(self) -> Direction:
        """The side that is taken."""
        return _DIRECTIONS[self.alternative]

    def turned(self) -> "Question":
        """Return the same question about θ of the files in the other order."""
        other = {"greater": "less", "less": "greater"}.get(self.alternative, self.alternative)
        boundary = self.boundary if self.alternative == "equivalence" else 0.0 - self.boundary
        return replace(self, first=self.second, second=self.first, alternative=other, boundary=boundary)


_DIRECTIONS = {
    "greater": Direction.INCREASE,
    "less": Direction.DECREASE,
    "two-sided": Direction.CHANGE,
    "equivalence": Direction.EQUIVALENT,
}


def differ(first: str, second: str) -> Question:
    """Ask whether two files differ."""
    return Question(
        first=first, second=second, alternative="two-sided", statement=f"{first} and {second} differ", expected=False
    )


def alike(first: str, second: str, margin: float) -> Question:
    """Ask whether two files differ by less than a margin, a proportion."""
    return Question(
        first=first,
        second=second,
        alternative="equivalence",
        boundary=margin,
        statement=f"{first} and {second} lie within ±{size_words(margin)}",
        expected=False,
    )


def parse(text: str, letters: Sequence[str], reference: str) -> Question:
    """Read an expectation; `letters` are those of the files, and a file that is not named is the reference."""
    words = " ".join(text.replace(">", " higher than ").replace("<", " lower than ").lower().split()).rstrip(".")
    for pattern, make in ((_NOT_WORSE, _not_worse), (_WITHIN, _within), (_WITHIN_OF, _within), (_SIDED, _sided)):
        if match := pattern.fullmatch(words):
            found = match.groupdict()
            first, second = found["first"].upper(), (found["second"] or reference).upper()
            if not found["second"] and first == reference and len(letters) == 2:
                second = next(letter for letter in letters if letter != reference)
            _check_letters(text, (first, second), letters)
            question = make(first, second, found, text)
            # The reference stands first, or the file that was given first.
            turn = question.second == reference or (question.first != reference and question.first > question.second)
            return question.turned() if turn else question
    raise InputError(
        f"{_quoted(text)} is no expectation that can be judged; write {FORMS}, in points, where A is the first file"
    )


def margin_in_points(points: float) -> float:
    """Turn a margin in points into a proportion, or refuse it."""
    if not 0.0 < points < 100.0:
        raise InputError(f"a margin lies between 0 and 100 points, not {points:g}; write 2 for 2 points")
    # Divided as it is written: 2.3 / 100 is not 0.023 in binary.
    return float(Decimal(repr(float(points))) / 100)


def _sided(first: str, second: str, found: dict[str, str], text: str) -> Question:
    above = found["side"] in _ABOVE.split("|")
    margin = margin_in_points(float(found["points"])) if found["points"] else 0.0
    size = f" by at least {size_words(margin)}" if margin else ""
    return Question(
        first=second,
        second=first,
        alternative="greater" if above else "less",
        boundary=margin if above else 0.0 - margin,
        statement=f"{first} is {'higher' if above else 'lower'} than {second}{size}",
    )


def _not_worse(first: str, second: str, found: dict[str, str], text: str) -> Question:
    if not found["points"]:
        raise InputError(f"{_quoted(text)} says in no number by how much; write for instance {_quoted(text + ' by 2')}")
    margin = margin_in_points(float(found["points"]))
    return Question(
        first=second,
        second=first,
        alternative="greater",
        boundary=-margin,
        statement=f"{first} is not worse than {second} by {size_words(margin)} or more",
    )


def _within(first: str, second: str, found: dict[str, str], text: str) -> Question:
    return replace(alike(first, second, margin_in_points(float(found["points"]))), expected=True)


def _check_letters(text: str, named: tuple[str, str], letters: Sequence[str]) -> None:
    for letter in named:
        if letter not in letters:
            files = formatting.listed(list(letters))
            raise InputError(f"{_quoted(text)} names {letter}, and the files are {files}, in their order; name these")
    if named[0] == named[1]:
        raise InputError(f"{_quoted(text)} holds {named[0]} against itself; name two of {formatting.listed(letters)}")


def size_words(margin: float) -> str:
    """Write a margin to the digit that was asked for."""
    return formatting.boundary(margin).lstrip("+")


def _quoted(text: str) -> str:
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”"

"""Whether a file's reference answer is the problem set's: the check that answers stand beside the right questions."""

import re

from ctlab.errors import ProblemSetError
from ctlab.problems import Number, Problem, same_number
from ctlab.results.row_values import final_part

_TRUE, _FALSE = frozenset({"true", "yes"}), frozenset({"false", "no"})
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def contradiction(gold: str | tuple[str, ...] | None, problem: Problem) -> str:
    """Return the file's reference answer where it cannot be the problem's; empty where it can, or none is there.

    Of several one is enough. What the file writes in a way that cannot be compared contradicts nothing.
    """
    golds = () if gold is None else (gold,) if isinstance(gold, str) else gold
    found = [_same(final_part(each), problem) for each in golds]
    return final_part(golds[0]) if found and not any(same is not False for same in found) else ""


def _same(gold: str, problem: Problem) -> bool | None:
    """Whether two reference answers are one; None where that cannot be said."""
    match problem.kind:
        case "number":
            return _same_number(gold, problem)
        case "boolean":
            sides = [_truth(gold), _truth(problem.gold_text)]
            return None if None in sides else sides[0] == sides[1]
        case "choice":
            return not _ways(gold, problem).isdisjoint(_ways(problem.gold_text, problem))
        case "entity":
            mine = {_plain(text) for text in (problem.gold_text, *problem.aliases)}
            return any(_holds(_plain(gold), each) or _holds(each, _plain(gold)) for each in mine)
        case _:  # a set or a sequence, which is written in as many ways as there are files
            return None


def _same_number(gold: str, problem: Problem) -> bool | None:
    try:
        return same_number(Number.parse(gold), problem.gold_number)
    except ProblemSetError:
        return None if any(char.isdigit() for char in gold) else False  # words alone are no number


def _truth(text: str) -> bool | None:
    word = _plain(text)
    return True if word in _TRUE else False if word in _FALSE else None


def _ways(text: str, problem: Problem) -> set[str]:
    """A choice's letter and the text of its option, from whichever of them is written."""
    plain = _plain(text)
    pairs = [(letter.casefold(), _plain(option)) for letter, option in zip(_LETTERS, problem.options, strict=False)]
    return {plain} | {each for pair in pairs if plain in pair for each in pair}


def _holds(text: str, part: str) -> bool:
    return bool(part) and f" {part} " in f" {text} "


def _plain(text: str) -> str:
    return " ".join(re.findall(r"\w++", text.casefold()))

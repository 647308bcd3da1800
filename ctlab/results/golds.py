"""Whether a file's reference answer is the problem set's: the check that answers stand beside the right questions."""

from ctlab.errors import ProblemSetError
from ctlab.problems import Number, Problem, same_number
from ctlab.problems.answer_kinds import chosen, truth
from ctlab.problems.phrases import phrase
from ctlab.results.row_values import final_part


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
            sides = [truth(gold), truth(problem.gold_text)]
            return None if None in sides else sides[0] == sides[1]
        case "choice":
            letters = [chosen(text, problem.options) for text in (gold, problem.gold_text)]
            # The text of an option says nothing where the problem knows the letters alone.
            return None if letters[0] is None and not problem.options else letters[0] == letters[1]
        case "entity":
            mine = {phrase(text) for text in (problem.gold_text, *problem.aliases)}
            return any(_holds(phrase(gold), each) or _holds(each, phrase(gold)) for each in mine)
        case _:  # a set or a sequence, which is written in as many ways as there are files
            return None


def _same_number(gold: str, problem: Problem) -> bool | None:
    try:
        return same_number(Number.parse(gold), problem.gold_number)
    except ProblemSetError:
        return None if any(char.isdigit() for char in gold) else False  # words alone are no number


def _holds(text: str, part: str) -> bool:
    return bool(part) and f" {part} " in f" {text} "

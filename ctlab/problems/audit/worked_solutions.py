"""Gold answers held against their worked solutions, and annotations against arithmetic."""

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction

from ctlab.problems.audit.finding import Finding, Instance, Located, finding
from ctlab.problems.text.equations import find_equations
from ctlab.problems.text.number_words import find_number_words
from ctlab.problems.text.numbers import Number, find_numbers, parse_number, same_number

_GOLD_MARK = "####"
_ANNOTATION = re.compile(r"<<[^<>]{0,400}+>>")
_LETTER = re.compile(r"[^\W\d_]")
_SPACED_THOUSANDS = re.compile(r"(?<=\d) (?=\d{3}(?!\d))")


def worked(rows: Sequence[Located]) -> tuple[Finding, ...]:
    """Find gold answers that their solution contradicts or does not reach, and annotations that do not hold."""
    contrary: list[Instance] = []
    short: list[Instance] = []
    wrong: list[Instance] = []
    with_steps = 0
    for row in rows:
        problem = row.problem
        if problem.kind != "number" or not problem.solution:
            continue
        equations = find_equations(problem.solution)
        if false := [equation.text for equation in equations if equation.annotated and not equation.holds]:
            wrong.append(Instance(places=(row.place,), text=f"<<{'>>, <<'.join(false)}>>"))
        if not equations:
            continue
        with_steps += 1
        text, marked = _parted(problem.solution)
        gold, last = problem.gold_number, equations[-1].right
        said = f"gold {problem.gold_text}, last step {last}: {problem.question}"
        if marked is not None and not same_number(marked, gold):
            said = f"gold {problem.gold_text} and #### {marked}: {problem.question}"
            contrary.append(Instance(places=(row.place,), text=said))
        elif not _leads_to(gold, [last, *_last_line(text)]):
            (contrary if _LETTER.search(_ANNOTATION.sub("", text)) else short).append(
                Instance(places=(row.place,), text=said)
            )
    golds, solutions = "gold answers", "worked solutions"
    return (
        *finding("gold-against-solution", contrary, with_steps, golds, "are not what their worked solution ends with"),
        *finding("solution-stops-short", short, with_steps, solutions, "do not reach their gold answer", fails=False),
        *finding("false-annotation", wrong, with_steps, solutions, "have an annotation that is false", fails=False),
    )


def _parted(solution: str) -> tuple[str, Number | None]:
    """Split a solution at its last mark into what is worked out and the number behind the mark."""
    text, mark, marked = solution.rpartition(_GOLD_MARK)
    return (text, parse_number(marked.strip())) if mark else (solution, None)


def _last_line(text: str) -> list[Number]:
    """Read the numbers of the last line, in digits and words.

    Prose often goes on behind the last calculation ("rounded up to 7", "that is three days").
    """
    line = _ANNOTATION.sub("", text.strip().rpartition("\n")[2])
    stated = [found.number for spelled in (line, _SPACED_THOUSANDS.sub("", line)) for found in find_numbers(spelled)]
    stated += [Number.of(value) for value in find_number_words(line)]
    if re.search(r"\bone\b", line, re.IGNORECASE):  # a pronoun more often, and left out of number words therefore
        stated.append(Number.of(1))
    return stated


def _leads_to(gold: Number, stated: Iterable[Number]) -> bool:
    """Whether one of the numbers is the gold answer, or a hundredth or hundred times of it: dollars, cents, percent."""
    hundred = Fraction(100)
    return any(same_number(each, gold) or gold.value in (each.value * hundred, each.value / hundred) for each in stated)

"""answers.html: problems × conditions to search and filter, each problem with all of its answers.

The page holds its data as one JSON object in a script element that no browser runs, with every character escaped that
HTML or a reader could take for more than text. Rows are made by ``answers.js`` when they are looked at.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import quantiles

from ctlab import formatting
from ctlab.reporting.html.page import page
from ctlab.reporting.model.problem_answers import AllAnswers, GivenAnswer, Value
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.run_report import Report
from ctlab.untrusted_text import visible

ANSWERS_PAGE = "answers.html"
_MOST_LEVELS = 12
"""Different values up to which each is a stratum of its own: months of a year still fit one screen of a menu."""
_ESCAPED = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"}
"""What could end a script element or begin a comment in it; all that is not ASCII is escaped as well."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Strata:
    """One feature as levels to filter by."""

    name: str
    """The feature."""
    levels: tuple[str, ...]
    """Its levels in words, in order."""
    of: tuple[int | None, ...]
    """Each problem's level; None where the problem has no value."""


def answers_html(answers: AllAnswers, report: Report) -> str:
    """Render the page of all answers; ``report`` says whose answers to which problems they are."""
    strata = all_strata(answers)
    found = {answer.outcome for problem in answers.problems for answer in problem.answers}
    own = list(dict.fromkeys(name for problem in answers.problems for each in problem.answers for name in each.own))
    outcomes = formatting.outcome_order(sorted(found))
    data = {
        "conditions": list(answers.conditions),
        "baseline": answers.conditions.index(BASELINE) if BASELINE in answers.conditions else -1,
        "outcomes": [formatting.outcome(name) for name in outcomes],
        "right": outcomes.index("CORRECT") if "CORRECT" in outcomes else -1,
        "own": own,
        "strata": [{"name": each.name, "levels": each.levels} for each in strata],
        "problems": [
            {
                "id": problem.problem_id,
                "question": problem.question,
                "solution": problem.solution,
                "gold": problem.gold,
                "features": [[name, _written(value)] for name, value in problem.features.items()],
                "strata": [each.of[place] for each in strata],
                "answers": [_answer(answer, outcomes, own) for answer in problem.answers],
                "given": problem.given,
            }
            for place, problem in enumerate(answers.problems)
        ],
    }
    return page(
        "answers.html",
        script="answers.js",
        model=report.model.id,
        asked=report.problems.name,
        n=answers.n,
        conditions=answers.conditions,
        outcomes=[(name, formatting.outcome(name)) for name in outcomes],
        own=own,
        strata=strata,
        has_baseline=BASELINE in answers.conditions,
        data=inert(data),
    )


def inert(value: object) -> str:
    """Write a value as JSON that stays text wherever in HTML it stands, with what would command a reader visible."""
    text = json.dumps(_visible(value), separators=(",", ":"), allow_nan=False)
    for char, escape in _ESCAPED.items():
        text = text.replace(char, escape)
    return text


def _visible(value: object) -> object:
    if isinstance(value, str):
        return visible(value)
    if isinstance(value, dict):
        return {visible(str(key)): _visible(part) for key, part in value.items()}
    return [_visible(part) for part in value] if isinstance(value, list | tuple) else value


def _answer(answer: GivenAnswer, outcomes: Sequence[str], own: Sequence[str]) -> list[object]:
    """One answer: text, what was read, place of its outcome, explanations, places of the suite's own outcomes."""
    ways = [[formatting.outcome(way.outcome), way.detail] for way in answer.explanations or ()]
    if answer.failure:
        ways.append(["not labelled", answer.failure])
    has = [place for place, name in enumerate(own) if answer.own.get(name)]
    return [answer.text, answer.prediction, outcomes.index(answer.outcome), ways, has]


def all_strata(answers: AllAnswers) -> list[Strata]:
    """Return every feature that divides the problems into a few levels: its values, or quarters where it has many."""
    names = dict.fromkeys(name for problem in answers.problems for name in problem.features)
    found = [_strata(name, [problem.features.get(name) for problem in answers.problems]) for name in names]
    return [each for each in found if each and len(each.levels) > 1]


def _strata(name: str, values: Sequence[Value]) -> Strata | None:
    """Divide problems by one feature; None where its many values are texts, which have no order to divide by."""
    there = {value for value in values if value is not None}
    if len(there) <= _MOST_LEVELS:
        levels = sorted(there, key=_ordered)
        of = [None if value is None else levels.index(value) for value in values]
        return Strata(name=name, levels=tuple(map(_written, levels)), of=tuple(of))
    if any(isinstance(value, str) for value in there):
        return None
    numbers = [float(value) for value in values if isinstance(value, bool | int | float)]
    cuts = list(dict.fromkeys(quantiles(numbers, n=4, method="inclusive")))
    quarters = [None if value is None else sum(cut < float(value) for cut in cuts) for value in values]
    ends = [f"at most {_written(cuts[0])}", *(f"above {_written(cut)}" for cut in cuts)]
    between = [f", at most {_written(cut)}" for cut in cuts[1:]]
    words = [ends[0], *(end + limit for end, limit in zip(ends[1:], [*between, ""], strict=True))]
    return Strata(name=name, levels=tuple(words), of=tuple(quarters))


def _ordered(value: Value) -> tuple[bool, float, str]:
    return (True, 0.0, value) if isinstance(value, str) else (False, float(value or 0), "")


def _written(value: Value) -> str:
    """Write a feature's value as it is, without rounding what is short."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return "–"
    return value if isinstance(value, str) else f"{value:.10g}".replace("-", formatting.MINUS)

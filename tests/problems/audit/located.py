"""Problems as an audit gets them."""

from ctlab.problems import Problem
from ctlab.problems.audit.finding import Located


def located(*problems: Problem) -> list[Located]:
    """Number problems from 1."""
    return [Located(place=place, problem=problem) for place, problem in enumerate(problems, start=1)]


def asked(question: str, gold: str | int = 1, **more: object) -> Problem:
    """A problem with little else."""
    return Problem(question=question, gold=gold, **more)

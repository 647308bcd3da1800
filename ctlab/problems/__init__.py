"""What is asked: problems, their worked solutions as calculation graphs, sources, features."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.problems.answer_kinds import a_kind
from ctlab.problems.drawings import drawing_of
from ctlab.problems.features import features
from ctlab.problems.graph import Graph
from ctlab.problems.problem import Problem, ProblemSet
from ctlab.problems.sources.datasets_hub import KNOWN_SETS
from ctlab.problems.sources.embedded import announced, announced_size, to_be_drawn
from ctlab.problems.sources.load_problems import load_problems
from ctlab.problems.text.equations import Equation, find_equations
from ctlab.problems.text.expressions import Operation
from ctlab.problems.text.numbers import FoundNumber, Number, find_numbers, parse_number, same_number
from ctlab.records.problem_features import Features

__all__ = [
    "KNOWN_SETS",
    "Equation",
    "Features",
    "FoundNumber",
    "Graph",
    "Number",
    "Operation",
    "Problem",
    "ProblemSet",
    "a_kind",
    "announced",
    "announced_size",
    "drawing_of",
    "features",
    "find_equations",
    "find_numbers",
    "load_problems",
    "parse_number",
    "same_number",
    "to_be_drawn",
]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})

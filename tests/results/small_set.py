"""Three problems to record answers to: a short question, one that is cut when it is recorded, and the gold answer 0."""

from ctlab.problems import Problem, ProblemSet

LONG = "A very long question that goes on and on about ducks, eggs and markets " * 2 + "and asks how many?"
PROBLEMS = ProblemSet(
    "mine",
    [
        Problem(question="How many are 16 and 3?", solution="<<16+3=19>>", gold=19),
        Problem(question=LONG, gold="18.67"),
        Problem(question="What is 0?", gold=0),
    ],
)


def texts(generations):
    return [generation.text for generation in generations]

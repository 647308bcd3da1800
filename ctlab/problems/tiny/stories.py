"""Draws embedded problems: a random plan of operations, told as a story, solved step by step.

A plan is a chain (one amount changes, or is handed on by comparison), or a small tree (two amounts develop and a later
step reads both). Every operation feeds the answer, every amount is an integer from 1 to ``LARGEST``, and each number
that a step needs is written in the story once, so the gold answer is the only reading.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass

from ctlab.problems.tiny import templates
from ctlab.problems.tiny.templates import StepTemplate

LARGEST = 99
"""Largest integer in any question, step or answer."""
LARGEST_ADDEND = 20
"""Largest number that a step adds or takes away."""
LARGEST_FACTOR = 5
"""Largest number that a step multiplies or divides by."""
OPERATIONS = (1, 2, 3, 4, 5)
"""Numbers of operations that problems are drawn for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Equation:
    """One step of a worked solution."""

    left: int
    """First operand."""
    op: str
    """``+``, ``-``, ``*`` or ``/``."""
    right: int
    """Second operand."""
    result: int
    """Value of the step."""

    def __str__(self) -> str:
        return f"{self.left}{self.op}{self.right}={self.result}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """A drawn problem before it is written in GSM8K's form."""

    question: str
    """Question text."""
    equations: tuple[Equation, ...]
    """Steps in the order in which the story tells them."""
    sentences: tuple[str, ...]
    """One sentence of the worked solution a step, without its annotation's result unit."""

    @property
    def gold(self) -> int:
        """The answer: the last step's result."""
        return self.equations[-1].result

    @property
    def chain(self) -> str:
        """The equations as one string: problems with the same chain must not stand in both test and training."""
        return ";".join(str(equation) for equation in self.equations)

    @property
    def solution(self) -> str:
        """Worked solution in GSM8K's form, ending in ``#### gold``."""
        return "\n".join((*self.sentences, f"#### {self.gold}"))


class _Draft:
    """A story in the making."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.objects, self.other = rng.sample(templates.OBJECTS, 2)
        people = rng.sample(templates.NAMES, 2)
        if rng.random() < 0.25:
            people[rng.randrange(2)] = rng.choice(templates.GROUPS)
        self.entities = people
        self.amounts: dict[str, int] = {}
        self.lines: list[str] = []
        self.equations: list[Equation] = []
        self.sentences: list[str] = []

    def tell(self, text: str, **slots: object) -> None:
        line = text.format(o=self.objects, other=self.other, **slots)
        self.lines.append(line[0].upper() + line[1:])

    def calculate(self, entity: str, left: int, op: str, right: int, verb: str = "has") -> None:
        result = {"+": left + right, "-": left - right, "*": left * right, "/": left // right}[op]
        self.equations.append(Equation(left=left, op=op, right=right, result=result))
        self.amounts[entity] = result
        subject = entity[0].upper() + entity[1:]
        annotation = f"<<{left}{op}{right}={result}>>"
        self.sentences.append(f"{subject} {verb} {left} {op} {right} = {annotation}{result} {self.objects}.")

    def start(self, entity: str, *, as_step: bool) -> None:
        rng = self.rng
        if not as_step:
            self.amounts[entity] = rng.randint(2, 60 if rng.random() < 0.3 else 24)
            self.tell(rng.choice(templates.STARTS), e=entity, a=self.amounts[entity])
        elif rng.random() < 0.65:
            left, right = rng.randint(2, 9), rng.randint(2, 9)
            self.tell(rng.choice(templates.PRODUCT_STARTS), e=entity, a=left, b=right)
            self.calculate(entity, left, "*", right)
        else:
            right = rng.randint(2, LARGEST_FACTOR)
            left = right * rng.randint(2, LARGEST // right)
            self.tell(rng.choice(templates.SHARE_STARTS), e=entity, a=left, b=right)
            self.calculate(entity, left, "/", right)

    def step(self, bank: tuple[StepTemplate, ...], entity: str, into: str) -> None:
        """Tell one operation on what ``entity`` has; the result belongs to ``into``."""
        value = self.amounts[entity]
        fitting = [
            (template, choices)
            for template in bank
            if (template.money or self.objects != templates.MONEY) and (choices := operands(template, value))
        ]
        # Operations first, sentences second: otherwise an operation is as frequent as it has templates.
        op = self.rng.choice(sorted({template.op for template, _ in fitting}))
        template, choices = self.rng.choice([pair for pair in fitting if pair[0].op == op])
        number = self.rng.choice(choices)
        self.tell(template.text, e=entity, f=into, b=number)
        self.calculate(into, value, op, number)

    def distract(self) -> None:
        line = self.rng.choice(templates.DISTRACTORS)
        at = self.rng.randint(1, len(self.lines))
        self.tell(line, e=self.entities[0], b=self.rng.randint(2, LARGEST_ADDEND))
        self.lines.insert(at, self.lines.pop())

    def finish(self, question: str, **slots: object) -> Story | None:
        """Ask; None when copying a number of the story or stopping a step early would give the gold answer too."""
        gold = self.equations[-1].result
        if self.rng.random() < 0.2:
            self.distract()
        self.tell(question, **slots)
        earlier = {equation.result for equation in self.equations[:-1]}
        written = {int(digits) for line in self.lines for digits in re.findall(r"\d+", line)}
        if gold in earlier | written:
            return None
        return Story(question=" ".join(self.lines), equations=tuple(self.equations), sentences=tuple(self.sentences))


def operands(template: StepTemplate, value: int) -> Sequence[int]:
    """Numbers that the template can bring to ``value`` so that the result is an integer from 1 to ``LARGEST``."""
    if template.op == "+":
        choices: Sequence[int] = range(2, min(LARGEST_ADDEND, LARGEST - value) + 1)
    elif template.op == "-":
        choices = range(2, min(LARGEST_ADDEND, value - 1) + 1)
    elif template.op == "*":
        choices = range(2, min(LARGEST_FACTOR, LARGEST // value) + 1)
    else:
        choices = [k for k in range(2, LARGEST_FACTOR + 1) if value % k == 0 and value > k]
    if template.operand is None:
        return choices
    return [k for k in choices if k == template.operand]


def draw(rng: random.Random, operations: int) -> Story:
    """Draw one story with exactly ``operations`` operations (1 to 5)."""
    while True:
        draft = _Draft(rng)
        shape = rng.choice(("chain", "tree", "tree")) if operations >= 3 else rng.choice(("chain", "chain", "tree"))
        story = _chain(draft, operations) if shape == "chain" else _tree(draft, operations)
        if story is not None:
            return story


def _chain(draft: _Draft, operations: int) -> Story | None:
    first, second = draft.entities
    as_step = draft.rng.random() < 0.3
    draft.start(first, as_step=as_step)
    steps = operations - as_step
    handed_on = draft.rng.randrange(2 * steps) if steps else None
    current = first
    for k in range(steps):
        if k == handed_on:
            draft.step(templates.COMPARISONS, current, second)
            current = second
        else:
            draft.step(templates.CHANGES, current, current)
    return draft.finish(draft.rng.choice(templates.QUESTIONS), e=current)


def _tree(draft: _Draft, operations: int) -> Story | None:
    """Two amounts develop, told in turns, and are merged by the question or inside the story."""
    rng = draft.rng
    first, second = draft.entities
    merge_inside = operations >= 2 and rng.random() < 0.3
    after = rng.randint(1, operations - 1) if merge_inside else 0
    before = operations - 1 - after
    derived = before >= 1 and rng.random() < 0.5
    as_step = before - derived >= 1 and rng.random() < 0.3
    draft.start(first, as_step=as_step)
    changes = before - derived - as_step
    introduce = rng.randint(0, changes)
    for k in range(changes + 1):
        if k == introduce:
            if derived:
                draft.step(templates.COMPARISONS, first, second)
            else:
                draft.start(second, as_step=False)
        if k < changes:
            who = rng.choice((first, second)) if k >= introduce else first
            draft.step(templates.CHANGES, who, who)
    if merge_inside:
        left, right = draft.amounts[first], draft.amounts[second]
        if left + right > LARGEST:
            return None
        draft.tell(rng.choice(templates.MERGES), e=first, f=second)
        draft.calculate(first, left, "+", right)
        for _ in range(after):
            draft.step(templates.CHANGES, first, first)
        return draft.finish(rng.choice(templates.QUESTIONS), e=first)
    return _ask_both(draft)


def _ask_both(draft: _Draft) -> Story | None:
    rng = draft.rng
    more, less = sorted(draft.entities, key=lambda entity: -draft.amounts[entity])
    left, right = draft.amounts[more], draft.amounts[less]
    if rng.random() < 0.5:
        if left == right:
            return None
        draft.calculate(more, left, "-", right, verb="has more by")
        return draft.finish(rng.choice(templates.DIFFERENCES), e=more, f=less)
    first, second = draft.entities
    left, right = draft.amounts[first], draft.amounts[second]
    if left + right > LARGEST:
        return None
    draft.calculate(first, left, "+", right, verb=f"and {second} have")
    return draft.finish(rng.choice(templates.TOTALS), e=first, f=second)

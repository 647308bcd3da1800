"""The language of the embedded problems: who, what, and every sentence a step can be told in.

Slots: ``{e}`` the entity that acts, ``{f}`` the entity that a comparison introduces or a join reads,
``{o}`` the objects, ``{b}`` the number that the step brings in.
Numbers that a word carries (``twice``, ``half``, ``1/3``) are fixed by the template and stated in ``operand``.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class StepTemplate:
    """One way to tell one operation."""

    op: str
    """Operation as written in a solution: ``+``, ``-``, ``*`` or ``/``."""
    text: str
    """Sentence with slots."""
    operand: int | None = None
    """The number that the words imply (``twice`` is 2); None when ``{b}`` is written as digits."""
    money: bool = True
    """Whether the sentence makes sense for dollars."""


NAMES = ("Mia", "Tom", "Ana", "Ben", "Lea", "Sam", "Zoe", "Max", "Ivy", "Leo", "Eva", "Dan")
GROUPS = ("the shop", "the school", "the farm", "the museum", "the red team", "the blue team")
OBJECTS = (
    *("apples", "books", "coins", "cards", "pens", "marbles", "stamps", "shells", "buttons", "cookies"),
    *("liters", "kilos", "meters", "dollars"),
)
MONEY = "dollars"


def _steps(op: str, *texts: str, operand: int | None = None, money: bool = True) -> tuple[StepTemplate, ...]:
    return tuple(StepTemplate(op=op, text=text, operand=operand, money=money) for text in texts)


CHANGES = (
    *_steps(
        "+",
        "{e} finds {b} {o}.",
        "{e} gets {b} {o} from a friend.",
        "A neighbor gives {e} {b} {o}.",
        "{e} wins {b} {o} in a game.",
        "Later {e} picks up {b} more {o}.",
        "An uncle brings {b} more {o} to {e}.",
        "{e} adds {b} {o} from home.",
    ),
    *_steps("+", "{e} buys {b} more {o}.", "A truck delivers {b} {o} to {e}.", money=False),
    *_steps(
        "-",
        "{e} gives {b} {o} to a friend.",
        "{e} loses {b} {o}.",
        "{e} uses {b} {o}.",
        "A thief takes {b} {o} from {e}.",
        "{e} leaves {b} {o} at home.",
        "Later {e} donates {b} {o}.",
        "{e} pays {b} {o} to a neighbor.",
    ),
    *_steps("-", "{e} sells {b} {o}.", "A truck picks up {b} {o} from {e}.", money=False),
    *_steps(
        "*",
        "Then {e} has {b} times as many {o} as before.",
        "A magic trick turns each of the {o} of {e} into {b}.",
        "{e} swaps each of the {o} for {b} new ones.",
        "A prize multiplies the {o} of {e} by {b}.",
    ),
    *_steps("*", "The {o} of {e} double.", "Then {e} has twice as many {o} as before.", operand=2),
    *_steps("*", "The {o} of {e} triple.", operand=3),
    *_steps(
        "/",
        "{e} keeps one of {b} equal parts of the {o}.",
        "{e} puts the {o} in {b} equal piles and keeps one.",
        "{b} people including {e} share the {o} equally.",
    ),
    *_steps("/", "{e} keeps only half of the {o}.", "{e} gives half of the {o} to a friend.", operand=2),
    *_steps("/", "{e} keeps only 1/3 of the {o}.", operand=3),
    *_steps("/", "{e} keeps only 1/4 of the {o}.", operand=4),
    *_steps("/", "{e} keeps only 1/5 of the {o}.", operand=5),
)
"""A step that changes what one entity has: ``{e}`` goes from v to v op b."""

COMPARISONS = (
    *_steps("+", "{f} has {b} more {o} than {e}.", "{e} has {b} fewer {o} than {f}."),
    *_steps("-", "{f} has {b} fewer {o} than {e}.", "{e} has {b} more {o} than {f}."),
    *_steps("*", "{f} has {b} times as many {o} as {e}.", "{f} gets {b} {o} for each one that {e} has."),
    *_steps("*", "{f} has twice as many {o} as {e}.", operand=2),
    *_steps("/", "{e} has {b} times as many {o} as {f}."),
    *_steps("/", "{f} has half as many {o} as {e}.", "{e} has twice as many {o} as {f}.", operand=2),
    *_steps("/", "{f} has 1/3 as many {o} as {e}.", operand=3),
)
"""A step that introduces ``{f}`` with (what ``{e}`` has) op b."""

PRODUCT_STARTS = (
    "{e} has {a} boxes with {b} {o} in each.",
    "{e} buys {a} packs of {b} {o}.",
    "{e} gets {b} {o} a day for {a} days.",
    "There are {a} rooms, and {e} keeps {b} {o} in each.",
)
"""A first step that multiplies: ``{e}`` has a * b."""

SHARE_STARTS = (
    "{e} is one of {b} winners who share {a} {o} equally.",
    "{e} gets one of {b} equal parts of {a} {o}.",
)
"""A first step that divides: ``{e}`` has a / b."""

STARTS = (
    "{e} has {a} {o}.",
    "{e} starts with {a} {o}.",
    "In the morning {e} has {a} {o}.",
    "{e} owns {a} {o}.",
)
"""An amount given outright; no operation."""

MERGES = (
    "Then {f} gives all of the {o} to {e}.",
    "{e} takes over all the {o} of {f}.",
)
"""A step that reads two earlier amounts inside the story: ``{e}`` has e + f, ``{f}`` is not asked about again."""

TOTALS = (
    "How many {o} do {e} and {f} have together?",
    "How many {o} do {e} and {f} have in total?",
    "Find the total number of {o} of {e} and {f}.",
)
"""The last step of a tree: e + f."""

DIFFERENCES = (
    "How many more {o} does {e} have than {f}?",
    "How many fewer {o} does {f} have than {e}?",
    "Find how many more {o} {e} has than {f}.",
)
"""The last step of a tree: e - f."""

QUESTIONS = (
    "How many {o} does {e} have now?",
    "How many {o} does {e} have in the end?",
    "Find the number of {o} that {e} has now.",
)
"""A question that reads one amount; no operation."""

DISTRACTORS = (
    "{e} is {b} years old.",
    "{e} also has {b} {other}.",
    "A friend has {b} {other}.",
    "It is day {b} of the month.",
    "The trip takes {b} minutes.",
)
"""A sentence with a number that no step uses."""

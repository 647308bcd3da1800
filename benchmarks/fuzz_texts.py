"""What a model might write, drawn from a grammar: numbers, expressions, equations, worked solutions, answers.

Random characters missed, in 99,000 texts, what stood in one real answer of 5,276; a grammar puts together what readers
of numbers have rules for, and now and then breaks it.
"""

import random
from collections.abc import Callable

OPERATORS = ("+", "-", "*", "/", "x", "X", "×", "÷", "−", "⋅", " + ", " - ", " * ", " / ", " x ", "--", "**", "＋", "^")  # noqa: RUF001
EQUALS = ("=", " = ", "==", "= ", " =", "≈", " is ", "=\n", "= $", "=-")
MARKERS = ("The answer is: ", "#### ", "A: ", "the answer is :", "The answer is:\n", "####", "Answer: ", "")
UNITS = ("", "", "", " dollars", " dozen", "%", " percent", " eggs per day", "kg", "x", " cm²", "€", "th", " million")
WORDS = (
    *("three", "twenty-five", "two hundred", "half", "a dozen", "twice", "one", "a third of", "eggs", "so she has"),
    *("then", "of", "each", "per", "and", "left.", "Therefore,", "e", "E", "Q&A:", "x", "CO2", "\n", ". ", "</s>"),
)
ODD = (
    *("\x00", "\ud800", "\u202e", "\u200b", "½", "٣", "³", "①", "Ⅳ", "㊿", "\U0001d7d9", "<<", ">>", "<<>>", "<<=>>"),
    *("(", ")", "[", "]", "{", "}", "\\frac{1}{2}", "\\boxed{3}", "$", "%", ",", ".", "..", ",,", "/", "//", "="),
    *("\t", "\r", "\u2028", "\ufeff", "\x1b[31m", "__import__('os')", "{0}", "%n", "NaN", "inf", "-", "_", "1e"),
    *("e999", "E+"),
)
_MOST_WIDE = 100_000
"""Characters of a long text: what a model writes that never stops, a hundred times over."""


def number(rng: random.Random) -> str:
    """One number, mostly such as people write."""
    digits = str(rng.choice((rng.randrange(10), rng.randrange(100), rng.randrange(10**6), rng.randrange(10**12))))
    forms: tuple[Callable[[], str], ...] = (
        lambda: digits,
        lambda: digits,
        lambda: digits,
        lambda: f"{int(digits):,}",
        lambda: f"${digits}",
        lambda: f"{digits}.{rng.randrange(1000)}",
        lambda: f".{digits}",
        lambda: f"{digits}.",
        lambda: f"{digits}/{rng.randrange(20)}",
        lambda: f"{rng.randrange(20)} {rng.randrange(9)}/{rng.randrange(9)}",
        lambda: f"{digits}e{rng.choice((0, 3, -3, 308, 309, 899, 990, 999, 1000, -990, -999, -1000, 10**9))}",
        lambda: f"{digits}.{digits}e{rng.choice((-999, 999))}",
        lambda: f"-{digits}",
        lambda: f"{digits}%",
        lambda: "0" * rng.choice((1, 2, 40, 101)) + digits,
        lambda: digits * rng.choice((2, 8, 9, 20, 500)),
        lambda: "".join(chr(0x0660 + int(digit)) for digit in digits),
        lambda: f"0.{'3' * rng.choice((9, 10, 18, 99, 100, 101))}",
        lambda: f"{digits},{digits}",
        lambda: f"{digits}½",
    )
    return rng.choice(forms)() + rng.choice(UNITS)


def expression(rng: random.Random, depth: int = 0) -> str:
    """Numbers and operators, with parentheses around some of it."""
    parts = [number(rng)]
    for _ in range(rng.choice((0, 1, 1, 1, 2, 3)) if depth else rng.choice((0, 1, 1, 2, 2, 5, 40))):
        parts += [
            rng.choice(OPERATORS),
            expression(rng, depth + 1) if depth < 3 and rng.random() < 0.2 else number(rng),
        ]
    text = "".join(parts)
    if rng.random() < 0.25:
        around = rng.choice((1, 1, 2, 5))
        text = "(" * around + rng.choice(("", "", "-", " ")) + text + ")" * max(around - (rng.random() < 0.1), 0)
    return text


def equation(rng: random.Random) -> str:
    """One written step, annotated or plain, true by accident only."""
    sides = [expression(rng) for _ in range(rng.choice((2, 2, 2, 2, 3)))]
    if rng.random() < 0.3:
        sides[-1] = f"({rng.choice(('', '-', ' '))}{number(rng)})"
    if rng.random() < 0.2:
        sides[0] = rng.choice(("x", "y ", "Total", "2x", "n ", ""))
    text = rng.choice(EQUALS).join(sides)
    return rng.choice((text, text, f"<<{text}>>", f"{sides[0]} = <<{text}>>{sides[-1]}", f"<<{text}", f"{text}>>"))


def true_step(rng: random.Random) -> tuple[str, int]:
    """A step that holds, and its result: what worked solutions are made of."""
    left, right = rng.randrange(1, 100), rng.randrange(1, 100)
    op, value = rng.choice((("+", left + right), ("-", left - right), ("*", left * right)))
    written = rng.choice((str(value), f"({value})", f"{value}.00", f"(({value}))", f"{value:,}"))
    return f"{left}{op}{right}={written}", value


def solution(rng: random.Random) -> tuple[str, str]:
    """A worked solution and its gold answer: half of them hold, so that they become graphs."""
    if rng.random() < 0.5:
        steps = [true_step(rng) for _ in range(rng.choice((1, 2, 3, 8)))]
        texts = [f"{rng.choice(WORDS)} <<{text}>>{value}" if rng.random() < 0.7 else text for text, value in steps]
        return broken("\n".join(texts), rng, 0.2), str(steps[-1][1])
    return answer(rng), number(rng)


def question(rng: random.Random) -> str:
    """A question: words and numbers."""
    parts = [rng.choice((number(rng), rng.choice(WORDS), "How many are")) for _ in range(rng.choice((3, 6, 12, 60)))]
    return broken(" ".join(parts), rng, 0.3) + "?"


def answer(rng: random.Random) -> str:
    """An answer as a model writes it: steps, prose, a marker, a number; broken in a third of cases."""
    parts: list[str] = []
    for _ in range(rng.choice((0, 1, 2, 3, 6))):
        parts.append(rng.choice((equation, equation, expression, number))(rng))
        parts.append(rng.choice((" ", "\n", ". ", rng.choice(WORDS), "")))
    parts += [rng.choice(MARKERS), rng.choice((number, number, expression, equation))(rng)]
    return broken("".join(parts), rng, 0.35)


def long_text(rng: random.Random) -> str:
    """A hundred thousand characters that repeat one piece: what makes a bad regular expression slow."""
    pieces = (number, expression, equation, lambda rng: rng.choice(ODD), lambda rng: rng.choice(WORDS), answer)
    piece = "".join(rng.choice(pieces)(rng)[:200] for _ in range(rng.choice((1, 1, 2, 3)))) or "-"
    text = (piece * (_MOST_WIDE // len(piece) + 1))[:_MOST_WIDE]
    return rng.choice(("", "<<", "1+1=", "The answer is: ")) + text + rng.choice(("", "=", "=1", ">>", "A: 3"))


def broken(text: str, rng: random.Random, share: float) -> str:
    """Break a share of the texts at a few places: a piece is cut out, doubled, or put in."""
    if rng.random() >= share:
        return text
    for _ in range(rng.choice((1, 1, 2, 4))):
        at, end = sorted((rng.randrange(len(text) + 1), rng.randrange(len(text) + 1)))
        end = min(end, at + 12)
        text = rng.choice(
            (
                text[:at] + text[end:],
                text[:end] + text[at:],
                text[:at] + rng.choice(ODD) + text[at:],
                text[:at] + rng.choice(ODD) * rng.choice((2, 30)) + text[end:],
            )
        )
    return text

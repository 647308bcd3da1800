"""Problems for planted models: chains of 1 to 5 steps, as many of each, in an order that does not tell."""

import json
from collections.abc import Iterator
from pathlib import Path
from random import Random

LENGTHS = range(1, 6)
PER_LENGTH = 200
"""150 show that a cell of the role family is idle at 10 points; of 200 about 170 have both donors for the last step."""
_SMALLEST, _LARGEST = 10, 99
"""Results lie in between: many problems share one, so that there are donors of the same result, and few by chance."""
_PHRASES = {"+": "{} more arrive", "-": "{} are taken away", "*": "each becomes {}"}


def write_problems(path: Path, per_length: int = PER_LENGTH) -> Path:
    """Write a problem file, the same each time, and return its path."""
    rows = list(_rows(Random(15), per_length))
    Random(16).shuffle(rows)
    lines = (json.dumps({**row, "index": index}) for index, row in enumerate(rows))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def _rows(random: Random, per_length: int) -> Iterator[dict[str, str]]:
    asked = set()
    for length in LENGTHS:
        while len(asked) < per_length * length:
            row = _chain(random, length)
            if row is not None and row["question"] not in asked:
                asked.add(row["question"])
                yield row


def _chain(random: Random, length: int) -> dict[str, str] | None:
    """Return a chain in which no number occurs twice, so that each says which step it is of; None where one did."""
    total = random.randint(_SMALLEST, _LARGEST)
    numbers, said, worked = [total], [], []
    for _ in range(length):
        op = random.choice("++--*")
        right = random.randint(2, 4) if op == "*" else random.randint(2, 60)
        result = {"+": total + right, "-": total - right, "*": total * right}[op]
        if not _SMALLEST <= result <= _LARGEST or {right, result} & {*numbers} or right == result:
            return None
        said.append(_PHRASES[op].format(right))
        worked.append(f"That makes <<{total}{op}{right}={result}>>{result}.")
        numbers += [right, result]
        total = result
    question = f"There are {numbers[0]} beads. Then {', then '.join(said)}. How many are there?"
    return {"question": question, "answer": "\n".join([*worked, f"#### {total}"])}

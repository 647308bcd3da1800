"""Reads texts that nobody wrote: ``python -m benchmarks.fuzz --count 1000 --seed 1`` says what became of them.

Every text is read, or refused by a `CtlabError` in one sentence; an answer gets one label whatever it says, the same
one when it is read again; and no text takes longer than a second. What breaks that is a failure, which names the seed
and the place that it comes from: the same text is drawn again by `replay`.
"""

import argparse
import random
import tempfile
import time
import traceback
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.faults_outcomes import Outcome, Row, row, table
from benchmarks.fuzz_kinds import KINDS, Broken, Kind
from ctlab.errors import CtlabError
from ctlab.inputs import shown

MOST_SECONDS = 1.0
"""Processor time that one reading of a text may take; the longest have a hundred thousand characters."""
LONGEST_SENTENCE = 1000
"""Characters of a refusal: what is longer shows a value that it should have shortened."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A text that was neither read nor refused."""

    kind: str
    """Its kind."""
    seed: int
    """Seed of the run."""
    place: int
    """Its place among the kind's texts, from 0."""
    why: str
    """What was raised, or which property does not hold."""
    text: str
    """How the text begins."""

    def __str__(self) -> str:
        return f"{self.kind}, seed {self.seed}, place {self.place}: {self.why}\n    {self.text}"


def fuzz(seed: int, count: int, kinds: Sequence[Kind] = KINDS) -> tuple[list[Row], list[Failure]]:
    """Draw about ``count`` texts and read each; return what became of them, a row each kind, and every failure."""
    outcomes: dict[str, list[Outcome]] = defaultdict(list)
    failures: list[Failure] = []
    whole = sum(kind.share for kind in kinds)
    with tempfile.TemporaryDirectory() as folder:
        for kind in kinds:
            for place in range(max(1, round(count * kind.share / whole))):
                drawn = replay(kind, seed, place)
                outcome, why = become(kind, drawn, Path(folder))
                outcomes[kind.name].append(outcome)
                if why:
                    failures.append(Failure(kind=kind.name, seed=seed, place=place, why=why, text=shown(str(drawn))))
    return [row(name, those) for name, those in outcomes.items()], failures


def replay(kind: Kind, seed: int, place: int) -> Any:
    """Draw the text of one place again."""
    return kind.draw(random.Random(f"{kind.name} {seed} {place}"))


def become(kind: Kind, drawn: Any, folder: Path) -> tuple[Outcome, str]:
    """Read one text and return its outcome, and why it failed."""
    start = time.process_time()
    outcome, why = Outcome.UNNOTICED, ""
    try:
        kind.check(drawn, folder)
    except CtlabError as error:
        why = no_sentence(str(error)) if kind.refusable else f"was refused: {error}"
        outcome = Outcome.WRONG if why else Outcome.REFUSED
    except Broken as error:
        outcome, why = Outcome.WRONG, f"does not hold: {error}"[:500]
    except Exception as error:
        outcome, why = Outcome.TRACEBACK, raised(error)
    seconds = time.process_time() - start
    if not why and seconds > MOST_SECONDS * kind.readings:
        outcome, why = Outcome.WRONG, f"took {seconds:.1f} s"
    return outcome, why


def raised(error: Exception) -> str:
    """What was raised, and where, in a line."""
    frame = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__}: {error} ({Path(frame.filename).name}, line {frame.lineno})"[:500]


def no_sentence(message: str) -> str:
    """Why a refusal is no sentence; empty where it is one."""
    if not message.strip() or "\n" in message or len(message) > LONGEST_SENTENCE:
        return f"the refusal is no sentence: {message[:300]!r}"
    return ""


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the counts and every failure; 1 where there is one."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.fuzz", description=__doc__)
    parser.add_argument("--count", type=int, default=1000, help="texts to draw (1000)")
    parser.add_argument("--seed", type=int, default=1, help="what is drawn (1)")
    parser.add_argument("--kind", action="append", help="this kind only")
    options = parser.parse_args(arguments)
    kinds = [kind for kind in KINDS if options.kind is None or kind.name in options.kind]
    start = time.perf_counter()
    rows, failures = fuzz(options.seed, options.count, kinds)
    print(f"seed {options.seed}, {time.perf_counter() - start:.0f} s\n\n{table(rows)}")
    for failure in failures:
        print(failure)
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())

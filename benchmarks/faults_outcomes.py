"""What can come of a fault, and the one form of table that says how often it did."""

import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from random import Random


class Outcome(StrEnum):
    """What came of a fault; the word is the heading of its column."""

    LOST = "lost"
    """Something that was written, or said to be, is no longer there or is made again."""
    WRONG = "wrong"
    """Another result than without the fault, or another than the table of what must come of it has."""
    RECOVERED = "recovered"
    """The right result, and what was wrong was said or is made good."""
    UNNOTICED = "unharmed"
    """The right result, and nothing said: the harm was to nothing that is read, or the text could be read."""
    REFUSED = "refused in a sentence"
    TRACEBACK = "traceback"


HARM = (Outcome.LOST, Outcome.WRONG, Outcome.TRACEBACK)
"""What must never come of a fault."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A fault, and what came of it each time that it was tried."""

    fault: str
    """Name of the fault."""
    outcomes: Counter[Outcome]
    """How often each outcome came of it."""
    findings: tuple[str, ...] = ()
    """What is known of each time that harm came of it."""

    @property
    def harm(self) -> int:
        """How often something was lost, wrong, or ended in a traceback."""
        return sum(self.outcomes[outcome] for outcome in HARM)


def row(fault: str, outcomes: Iterable[Outcome], findings: Iterable[str] = ()) -> Row:
    """Count the outcomes of one fault."""
    return Row(fault=fault, outcomes=Counter(outcomes), findings=tuple(findings))


def tried(
    faults: Mapping[str, Callable[[Path, Random], Outcome]], template: Path, count: int, seed: int
) -> Iterator[Row]:
    """Try each fault ``count`` times, each time on a copy of a folder."""
    for fault, trial in faults.items():
        outcomes, findings = [], []
        for number in range(count):
            copy = shutil.copytree(template, template.with_name(f"{template.name}-tried"))
            try:
                outcome, why = trial(copy, Random(f"{fault} {seed} {number}")), ""
            except Exception as error:  # whatever it is, a person would see a traceback
                outcome, why = Outcome.TRACEBACK, repr(error)
            shutil.rmtree(copy)
            outcomes.append(outcome)
            if outcome in HARM:
                findings.append(f"{fault}, seed {seed}, trial {number}: {outcome} {why}")
        yield row(fault, outcomes, findings)


def table(rows: Sequence[Row]) -> str:
    """Write rows as a table of Markdown, the sum of all below them where there are several."""
    lines = ["| fault | tried | " + " | ".join(Outcome) + " |", "| --- |" + " ---: |" * (1 + len(Outcome))]
    whole = [] if len(rows) < 2 else [Row(fault="all", outcomes=sum((each.outcomes for each in rows), Counter()))]
    for each in (*rows, *whole):
        cells = (each.outcomes.total(), *(each.outcomes[outcome] for outcome in Outcome))
        lines.append(f"| {each.fault} | " + " | ".join(f"{cell:,}" for cell in cells) + " |")
    return "\n".join(lines)

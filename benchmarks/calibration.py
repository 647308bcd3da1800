"""Measures how often each verdict errs and writes ``docs/calibration.md``: ``python benchmarks/calibration.py``.

An argument is the number of simulated runs of each kind, 2,000 unless told.
"""

import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.calibration_exact import FINE, LEVELS, SIZES, Design, coverage, errors, grid
from benchmarks.calibration_simulated import ALPHA, SCENARIOS, STRICT, most, simulate
from ctlab.statistics.tango import tango_interval

DOCUMENT = Path(__file__).parents[1] / "docs" / "calibration.md"
TEMPLATE = Path(__file__).with_suffix(".md")
MARGINS = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
BETWEEN = (4, 5, 6, 7, 8, 10, 12, 15)
TWICE_AS_FINE = tuple(step / 40 for step in range(41))


def main() -> None:
    """Measure everything and write the document."""
    start = time.monotonic()
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    simulated = simulated_table(runs)
    edge = coverage(Design(200, 0.02), (1.0,), tango_interval)[0]
    text = TEMPLATE.read_text(encoding="utf-8").format(
        errors=error_table(),
        coverage=coverage_table(),
        edge=f"{100 * edge:.1f} % with n = 200 and 2 % discordant, all on one side",
        between_plain=percent(between(tango_interval)),
        between=percent(between(None)),
        simulated=simulated,
        runs=runs,
        most=most(ALPHA, runs),
        most_strict=most(STRICT, runs),
        minutes=round((time.monotonic() - start) / 60),
    )
    DOCUMENT.write_text(text, encoding="utf-8")
    print(f"{DOCUMENT} written in {time.monotonic() - start:.0f} s")


def error_table() -> str:
    """Wrong verdicts of the paired tests, relative to α."""
    rows = []
    for design in grid():
        for alpha in LEVELS:
            found = errors(design, alpha, MARGINS)
            relative = (
                found.increase,
                found.at_least,
                found.at_least_by_score,
                found.equivalence,
                found.increase_refuted,
            )
            rows.append(
                [f"{design.n:,}", percent(design.discordance, 0), f"{alpha:.4f}"]
                + [f"{each / alpha:.2f}" for each in relative]
                + [f"{100 * found.promised:.1f} points"]
            )
            say(rows[-1])
    head = ["n", "discordant", "α", "increase", "at least δ", "by score alone", "equivalence", "refuted", "plan"]
    return table(head, rows)


def coverage_table() -> str:
    """Smallest and largest coverage by design, of plain Tango and of the interval that is used."""
    rows = []
    for design in grid():
        plain, used = coverage(design, TWICE_AS_FINE, tango_interval), coverage(design, TWICE_AS_FINE)
        rows.append(
            [f"{design.n:,}", percent(design.discordance, 0), f"{design.n * design.discordance:.0f}"]
            + [f"{percent(min(found))} to {percent(max(found))}" for found in (plain, used)]
        )
        say(rows[-1])
    return table(["n", "discordant", "expected", "plain Tango", "the interval used"], rows)


def between(interval: object) -> float:
    """Smallest coverage where few discordant problems are expected."""
    options = {} if interval is None else {"interval": interval}
    designs = [Design(n, expected / n) for n in SIZES for expected in BETWEEN]
    return min(min(coverage(design, FINE, **options)) for design in designs)


def simulated_table(runs: int) -> str:
    """Share of runs that are wrongly SUPPORTED, by kind of claim."""
    rows = []
    for scenario in SCENARIOS:
        for name, (supported, strict, undecided) in simulate(scenario, runs).items():
            rows.append([name, f"{supported / runs:.4f}", f"{strict / runs:.4f}", f"{undecided:,}"])
            say(rows[-1])
    return table(["claim", "SUPPORTED", "p at .05 / 6", "undecided runs"], rows)


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def percent(share: float, digits: int = 1) -> str:
    """A share in percent."""
    return f"{100 * share:.{digits}f} %"


def say(row: Sequence[str]) -> None:
    """Show progress."""
    print("  ".join(row), flush=True)


if __name__ == "__main__":
    main()

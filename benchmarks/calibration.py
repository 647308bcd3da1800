"""Measures how often each verdict errs and writes it into ``docs/calibration.md``.

``python benchmarks/calibration.py`` does everything, ``python benchmarks/calibration.py coverage power`` these parts of
the document only. A part stands between ``<!-- NAME -->`` and ``<!-- /NAME -->``.
"""

import sys
import time
from collections.abc import Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.calibration_adjusted import adjusted_rows
from benchmarks.calibration_cells import DESIGNS as CELLS
from benchmarks.calibration_cells import measure as measure_cells
from benchmarks.calibration_correlation import correlation_rows, promised_rows
from benchmarks.calibration_coverage import BANDS, band, beyond, covered
from benchmarks.calibration_exact import LEVELS, SIZES, errors, grid, kept
from benchmarks.calibration_exchanges import exchange_rows
from benchmarks.calibration_interaction import interaction_rows
from benchmarks.calibration_labels import label_rows
from benchmarks.calibration_nulls import Found, Null, measure
from benchmarks.calibration_nulls_areas import AREAS, STRATIFIED
from benchmarks.calibration_nulls_known import KNOWN_MORE
from benchmarks.calibration_nulls_measured import MEANS
from benchmarks.calibration_nulls_paired import PAIRED
from benchmarks.calibration_nulls_ratios import RATIOS
from benchmarks.calibration_power import DESIGNS, SIMULATED, UNPROMISED
from benchmarks.calibration_simulated import ALPHA, SCENARIOS, STRICT, most, simulate
from benchmarks.calibration_sweep_tables import sweep_most_table, sweep_tails_table, sweeps_table
from benchmarks.calibration_tables import percent, say, table
from ctlab.claims import Claim, Direction, Kind
from ctlab.statistics.paired.tango import tango_interval

DOCUMENT = Path(__file__).parents[1] / "docs" / "calibration.md"
MARGINS = (0.1, 0.25, 0.5, 0.75, 0.9, 1.0)
RUNS = 2000
PROMISED = {
    "increase": Claim(id="c", family="f", statement="s", direction=Direction.INCREASE),
    "change": Claim(id="c", family="f", statement="s", direction=Direction.CHANGE),
    "at least 2 points": Claim(id="c", family="f", statement="s", direction=Direction.INCREASE, margin=0.02),
    "equivalence": Claim(
        id="c", family="f", statement="s", direction=Direction.EQUIVALENT, kind=Kind.EQUIVALENCE, margin=0.02
    ),
}


def main() -> None:
    """Measure the parts that are asked for and write them into the document."""
    names = sys.argv[1:] or list(PARTS)
    if unknown := [name for name in names if name not in PARTS]:
        sys.exit(f"There is no part {unknown[0]!r} in {DOCUMENT.name}; its parts are {', '.join(PARTS)}.")
    for name in names:
        start = time.monotonic()
        measured = PARTS[name]()
        minutes = max(1, round((time.monotonic() - start) / 60))
        taken = f"*Measured in {minutes} {'minute' if minutes == 1 else 'minutes'} on one core.*"
        text = DOCUMENT.read_text(encoding="utf-8")
        DOCUMENT.write_text(replaced(text, name, f"{measured}\n\n{taken}"), encoding="utf-8")
        print(f"{name} written in {time.monotonic() - start:.0f} s")


def replaced(text: str, name: str, content: str) -> str:
    """Return a document with the part between its marks replaced."""
    before, _, rest = text.partition(f"<!-- {name} -->\n")
    _, mark, after = rest.partition(f"<!-- /{name} -->")
    if not mark:
        sys.exit(f"{DOCUMENT} has no part {name!r}; write `<!-- {name} -->` and `<!-- /{name} -->` where it belongs.")
    return f"{before}<!-- {name} -->\n{content}\n{mark}{after}"


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
            )
            say(rows[-1])
    return table(["n", "discordant", "α", "increase", "at least δ", "by score alone", "equivalence", "refuted"], rows)


def coverage_table() -> str:
    """Smallest and largest coverage by n and expected discordant problems, of plain Tango and of the interval used."""
    rows = []
    for n in SIZES:
        for low, high in BANDS:
            if expected := band(n, low, high):
                plain, used = covered(n, expected, interval=tango_interval), covered(n, expected)
                at, share = used.least_at
                least, where = [percent(each.least, 2) for each in (plain, used)], f"{at:g}, {percent(share)}"
                rows.append([f"{n:,}", f"{low:g} to {expected[-1]:g}", *least, where, percent(used.most)])
                say(rows[-1])
    head = ["n", "expected", "plain Tango, least", "used, least", "where (expected, on balance)", "used, most"]
    return f"{table(head, rows)}\n\nWhere more than 30 % change:\n\n{table(head, coverage_beyond())}"


def coverage_beyond() -> list[list[str]]:
    """The same where most of few problems change."""
    rows = []
    for n in (50, 60, 100):
        expected = beyond(n)
        plain, used = covered(n, expected, interval=tango_interval), covered(n, expected)
        at, share = used.least_at
        least, where = [percent(each.least, 2) for each in (plain, used)], f"{at:g}, {percent(share)}"
        rows.append([f"{n:,}", f"{expected[0]:g} to {expected[-1]:g}", *least, where, percent(used.most)])
        say(rows[-1])
    return rows


def power_tables() -> str:
    """Power of the verdict at what the plan promises to find or to prove with 80 %."""
    exact = []
    for design in grid():
        for alpha in LEVELS:
            row = [f"{design.n:,}", percent(design.discordance, 0), f"{alpha:.4f}"]
            for claim in PROMISED.values():
                found = kept(claim, design, alpha)
                row.append("–" if found is None else f"{100 * found[0]:.2f}: {percent(found[1])}")
            exact.append(row)
            say(row)
    simulated = []
    for name, scenario in (SIMULATED | UNPROMISED).items():
        for n, alpha in DESIGNS:
            promise = scenario.prospect(n, alpha)
            size = promise.provable if promise.detectable is None else promise.detectable
            row = [name, f"{n:,}", f"{alpha:.4f}", f"{size:.4f}", percent(scenario.power(n, alpha, RUNS))]
            simulated.append(row)
            say(row)
    return "\n\n".join(
        (
            table(["n", "discordant", "α", *PROMISED], exact),
            f"By {RUNS:,} simulated runs (standard error 0.9 %), 10 % discordant:",
            table(["claim", "n", "α", "promised", "power"], simulated),
        )
    )


def simulated_table() -> str:
    """Share of runs that are wrongly SUPPORTED, by kind of claim."""
    rows = []
    for scenario in SCENARIOS:
        for name, (supported, strict, undecided) in simulate(scenario, RUNS).items():
            rows.append([name, f"{supported / RUNS:.4f}", f"{strict / RUNS:.4f}", f"{undecided:,}"])
            say(rows[-1])
    allowed = f"At most {most(ALPHA, RUNS):.4f} and {most(STRICT, RUNS):.4f} are allowed: α and three standard errors."
    return f"{table(['claim', 'SUPPORTED', 'p at .05 / 6', 'undecided runs'], rows)}\n\n{allowed}"


def interaction_table() -> str:
    """Wrong SUPPORTED of interactions whose baseline is anything but a straight line, and power."""
    rows = []
    for row in interaction_rows(5 * RUNS, RUNS):
        rows.append(row)
        say(row)
    power = "power at .05 / at .05 / 6"
    head = ["null", "loss in", "n", "wrong at .05, up / down", "at .05 / 6", "undecided", "effect", power, "once"]
    allowed = f"{most(ALPHA, 5 * RUNS):.4f} and {most(STRICT, 5 * RUNS):.4f}"
    return f"{table(head, rows)}\n\nAt most {allowed} are allowed: α and three standard errors of {5 * RUNS:,} runs."


def adjusted_table() -> str:
    """Wrong SUPPORTED of interactions that are adjusted for a continuous feature, and power, beside tenths alone."""
    rows = []
    for row in adjusted_rows(5 * RUNS, RUNS):
        rows.append(row)
        say(row)
    error, power = ("wrong at .05, up / down", "at .05 / 6"), "power at .05 / at .05 / 6"
    tenths = [f"tenths alone: {each}" for each in (*error, power)]
    head = ["null", "loss in", "n", *error, "undecided", "effect", power, *tenths]
    return table(head, rows)


NULLS_HEAD = ["undecided", "SUPPORTED", "p at .05 / 6", "power", "before: .05", "before: .05 / 6", "before: power"]


def nulls_table(nulls: Sequence[Null]) -> str:
    """Error rates under nulls that no test assumes, and power, beside those of the test that was used before."""
    rows = []
    for null in nulls:
        rows.append([null.kind, null.name, f"{null.n:,}", f"{null.runs:,}", *shares(measure(null), null.runs)])
        say(rows[-1])
    return table(["kind", "null", "n", "runs", *NULLS_HEAD], rows)


def areas_table() -> str:
    """The same for areas, whose runs are one array."""
    rows = []
    for compared in AREAS:
        rows.append([compared.title, f"{compared.runs:,}", *shares(compared.measure(), compared.runs)])
        say(rows[-1])
    for null in STRATIFIED:
        rows.append([f"{null.name}, n = {null.n:,}", f"{null.runs:,}", *shares(measure(null), null.runs)])
        say(rows[-1])
    return table(["null", "runs", *NULLS_HEAD], rows)


def shares(found: Found, runs: int) -> list[str]:
    """Cells of one null; bold where more than α and three standard errors were wrong."""
    errors = [
        f"**{share:.4f}**" if share > most(alpha, runs) else f"{share:.4f}"
        for share, alpha in ((found.supported, ALPHA), (found.strict, STRICT))
    ]
    before = ["–"] * 3
    if found.before is not None:
        before = [*(f"{each:.4f}" for each in found.before[:2]), percent(found.before[2], 0)]
    return [percent(found.undecided, 0), *errors, percent(found.power, 0), *before]


def labels_table() -> str:
    """Wrong rises of labels beyond chance, and power."""
    rows = []
    for row in label_rows(2 * RUNS):
        rows.append(row)
        say(row)
    return table(["label", "wrong answers", "α = .05", "α = .05 / 6"], rows)


def cells_table() -> str:
    """Wrong labels and verdicts of thoughts by strata, and what is found."""
    rows, allowed = [], most(ALPHA, RUNS)
    for design in CELLS:
        found = measure_cells(design, RUNS)
        errors = (found.wrongly_needed, found.wrongly_idle, found.supported, found.refuted)
        said = [f"**{share:.4f}**" if share > allowed else f"{share:.4f}" for share in errors]
        rows.append(
            [design.name, *said, *("–" if each is None else percent(each) for each in (found.needed, found.idle))]
        )
        say(rows[-1])
    head = ["design", "wrongly needed", "wrongly idle", "wrongly SUPPORTED", "wrongly REFUTED", "needed", "idle"]
    return table(head, rows)


def exchanges_table() -> str:
    """Wrong SUPPORTED of exchanged thoughts."""
    levels, rows = (ALPHA, STRICT), []
    for *said, plain, strict in exchange_rows(levels, RUNS):
        rates = zip((plain, strict), levels, strict=True)
        rows.append([*said, *(f"**{rate}**" if float(rate) > most(level, RUNS) else rate for rate, level in rates)])
        say(rows[-1])
    return table(["exchanged at", "exchanges", "n", "p at .05", "p at .05 / 6"], rows)


def correlations_table() -> str:
    """Wrong verdicts of rank correlations, and power where the plan promises 80 %."""
    runs, rows = 2 * RUNS, []
    for row in correlation_rows(runs, lambda alpha: most(alpha, runs)):
        rows.append(row)
        say(row)
    found = table(["null", "n", "SUPPORTED / REFUTED", "p at .05 / 6", "undecided", "usual test: .05"], rows)
    return f"{found}\n\n{table(['n', 'α', 'promised', 'power, bivariate normal'], promised_rows(runs))}"


PARTS = {
    "errors": error_table,
    "coverage": coverage_table,
    "power": power_tables,
    "simulated": simulated_table,
    "interaction": interaction_table,
    "adjusted": adjusted_table,
    "areas": areas_table,
    "means": lambda: nulls_table(MEANS),
    "bounds": lambda: nulls_table(KNOWN_MORE),
    "pairs": lambda: nulls_table(PAIRED),
    "ratios": lambda: nulls_table(RATIOS),
    "labels": labels_table,
    "cells": cells_table,
    "exchanges": exchanges_table,
    "correlations": correlations_table,
    "sweep-tails": sweep_tails_table,
    "sweeps": sweeps_table,
    "sweep-most": sweep_most_table,
}

if __name__ == "__main__":
    main()

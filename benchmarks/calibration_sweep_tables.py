"""The tables about sweeps in ``docs/calibration.md``."""

from benchmarks.calibration_simulated import ALPHA, most
from benchmarks.calibration_sweep_tails import tail_rows
from benchmarks.calibration_sweeps import largest_rows, together_rows
from benchmarks.calibration_tables import say, table

RUNS = 2000


def sweep_tails_table() -> str:
    """Misses of intervals far out in the tails, in tails."""
    rows = []
    for row in tail_rows():
        rows.append(row)
        say(row)
    return table(["n", "tail", "Tango, at worst", "where", "used, at worst", "where (changed, gained)"], rows)


def sweeps_table() -> str:
    """Errors of what is said of all cells."""
    rows = []
    for row in together_rows(RUNS, most(ALPHA, RUNS)):
        rows.append(row)
        say(row)
    head = ["72 cells", "marked: Holm", "joint", "missed: Bonferroni", "joint", "false: BH", "BY", "worth"]
    return table(head, rows)


def sweep_most_table() -> str:
    """Errors of what is said of the cell that loses most."""
    rows = []
    for row in largest_rows(RUNS, most(ALPHA, RUNS), most(2 * ALPHA, RUNS)):
        rows.append(row)
        say(row)
    naive, held = "all problems: bias, points", "one half: bias, points"
    head = ["72 cells", naive, "missed", held, "missed", "SUPPORTED", "both halves: missed", "stands out"]
    return table(head, rows)

"""The heat map in docs/sweeps.md: thoughts, layers and heads of the embedded model, each hidden from what is later.

python -m benchmarks.sweep_picture [STORE [LIMIT]]

Runs the sweep on the first LIMIT problems or all (or reads it from STORE), prints what it shows and writes
docs/images/sweep.png.
"""

import sys
import tempfile
from pathlib import Path

import ctlab
from ctlab import plot
from ctlab.sweeps import sweep_effects

OUT = Path(__file__).parents[1] / "docs" / "images" / "sweep.png"
TITLE = "tiny: each thought hidden from all that comes later, in one layer and head"
DPI = 130


def draw(store: str, limit: int | None = None) -> None:
    """Run the sweep, print it and draw it."""
    import matplotlib

    matplotlib.use("agg")
    sweep = ctlab.sweep("tiny", "tiny", positions="all", layers="all", heads="all", store=store, limit=limit)
    effects = sweep_effects(sweep)
    print(sweep, effects, sep="\n")
    figure = plot.sweep_map(effects, title=TITLE)[0].figure
    figure.savefig(OUT, dpi=DPI)
    print(f"{OUT}: {OUT.stat().st_size / 1000:.0f} kB")


def main() -> None:
    """Use the store that is named, or one that goes away again."""
    if len(sys.argv) > 1:
        draw(sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else None)
        return
    with tempfile.TemporaryDirectory() as folder:
        draw(folder)


if __name__ == "__main__":
    main()

"""What every simulated run is asked: a claim of a kind, at the level at which it is judged."""

from types import SimpleNamespace
from typing import Any

from ctlab.claims import Claim, Direction, Kind

ALPHA, STRICT = 0.05, 0.05 / 6


def asking(kind: Kind, direction: Direction, margin: float = 0.0) -> Any:
    """A claim together with its level."""
    claim = Claim(id="c", family="f", statement="s", direction=direction, kind=kind, margin=margin)
    return SimpleNamespace(claim=claim, direction=direction, margin=margin, alpha=ALPHA)

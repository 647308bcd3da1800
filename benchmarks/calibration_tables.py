"""How numbers of ``docs/calibration.md`` are written: tables, shares, and what is shown while they are measured."""

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows))


def percent(share: float, digits: int = 1) -> str:
    """A share in percent."""
    return f"{100 * share:.{digits}f} %"


def say(row: Sequence[str]) -> None:
    """Show progress."""
    print("  ".join(row), flush=True)

"""How many answers a careful person would hesitate over, in one sentence."""

from collections.abc import Iterable

from ctlab import formatting

_NAMED = 4


def hesitation_line(counts: Iterable[tuple[str, int | None]]) -> str:
    """Say how many answers can be read in more than one way, by condition; empty where none was."""
    some = [(name, count) for name, count in counts if count]
    if not some:
        return ""
    total = formatting.counted(sum(count for _, count in some), "answer")
    most = sorted(some, key=lambda each: -each[1])
    named = [f"{formatting.count(count)} under {name}" for name, count in most[:_NAMED]]
    rest = len(most) - len(named)
    more = [formatting.counted(rest, "other condition")] if rest else []
    return f"{total} can be read in more than one way: {formatting.listed([*named, *more])}"

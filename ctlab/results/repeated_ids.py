"""Answers to one problem that a file does not tell apart: they are counted as repeats of it, and that is said."""

from collections.abc import Sequence
from dataclasses import replace

from ctlab import formatting
from ctlab.inputs import shown
from ctlab.records.result_row import ResultRow

_NAMED = 3  # problems in a note
_PLACES = 3  # rows of each


def numbered(rows: Sequence[ResultRow]) -> tuple[tuple[ResultRow, ...], tuple[str, ...]]:
    """Count answers to one problem as repeats in the file's order; also what must be said of it."""
    taken: set[tuple[str, int]] = set()
    least: dict[str, int] = {}
    counted = []
    for row in rows:
        repeat = row.repeat
        if (row.problem, repeat) in taken:
            repeat = least.get(row.problem, repeat)
            while (row.problem, repeat) in taken:
                repeat += 1
            least[row.problem] = repeat
        taken.add((row.problem, repeat))
        counted.append(row if repeat == row.repeat else replace(row, repeat=repeat))
    return tuple(counted), _notes(rows, set(least)) if least else ()


def _notes(rows: Sequence[ResultRow], twice: set[str]) -> tuple[str, ...]:
    """Say which ids stand several times; where all do so equally often, only how often: that is how samples look."""
    groups: dict[str, list[ResultRow]] = {}
    for row in rows:
        groups.setdefault(row.problem, []).append(row)
    often = {len(group) for group in groups.values()}
    if len(often) == 1 and len(groups) > 1:
        return (f"every id stands {_times(often.pop())}: counted as repeats",)
    several = [group for problem, group in groups.items() if problem in twice]
    more = f"; and {formatting.counted(len(several) - _NAMED, 'more id')}" if len(several) > _NAMED else ""
    return (f"{'; '.join(map(_named, several[:_NAMED]))}{more}: counted as repeats",)


def _named(group: Sequence[ResultRow]) -> str:
    """Write ``id '2' stands twice (line 2, line 5) with different answers``."""
    places = ", ".join(row.name for row in group[:_PLACES]) + (" …" if len(group) > _PLACES else "")
    alike = len({(row.answer, row.score) for row in group}) == 1
    what = "scores" if not any(row.answer for row in group) else "answers"
    said = f"the same {what.removesuffix('s')}" if alike else f"different {what}"
    return f"id {shown(group[0].problem)} stands {_times(len(group))} ({places}) with {said}"


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{formatting.count(count)} times"

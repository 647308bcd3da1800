"""Tools that score each answer under several filters: one row a problem and filter, of which one filter is taken."""

from collections.abc import Sequence
from typing import TypeVar

from ctlab.errors import RecordedError
from ctlab.inputs import shown

T = TypeVar("T")


def take_filter(rows: Sequence[tuple[str, T]], asked: str | None, file: str) -> tuple[list[T], tuple[str, ...]]:
    """Return the rows of one filter, and what to say of it.

    Without a choice the first that the file writes is taken: tools write filters in the order of the task, whose
    first is the first line of their table of results (for lm-evaluation-harness's gsm8k ``strict-match``).
    """
    names = list(dict.fromkeys(name for name, _ in rows))
    if asked is not None and asked not in names:
        raise RecordedError(f"{file}: filter={asked} is none of its filters; they are {', '.join(map(shown, names))}")
    taken = asked if asked is not None else (names[0] if names else "")
    others = [name for name in names if name != taken]
    chosen = [row for name, row in rows if name == taken]
    if not others:
        return chosen, () if taken in ("", "none") else (f"filter {taken}",)
    why = "" if asked is not None else "the first of the file; "
    return chosen, (f"filter {taken} of {len(names)}: {why}?filter= takes {' or '.join(others)}",)

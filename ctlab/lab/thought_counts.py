"""How many thoughts answers had, where the model decides that itself: which problems a condition on CTk is about."""

from collections.abc import Mapping
from typing import Any

from ctlab import formatting
from ctlab.outcomes import Run


def thoughts_line(runs: Mapping[str, Run], card: Mapping[str, Any]) -> str:
    """Say on how many problems each thought that conditions name exists undisturbed; ``card`` is the model's.

    Empty where all have the same, or the number that they were given.
    """
    if not card.get("stops_itself"):
        return ""
    baseline = runs.get("baseline")
    counts = [each.thoughts for each in baseline.generations if each.thoughts is not None] if baseline else []
    if baseline is None or not counts:
        return ""
    named = sorted({k for run in runs.values() for k in run.condition.named_thoughts})
    n = formatting.count(len(counts))
    there = [f"{formatting.count(sum(count > k for count in counts))} have CT{k}" for k in named]
    never = sum(each.thoughts is not None and not each.token_ids for each in baseline.generations)
    mean = sum(counts) / len(counts)
    parts = [f"undisturbed it has {min(counts)} to {max(counts)} thoughts, {mean:.1f} on average"]
    if there:
        parts.append(f"of {n} problems {formatting.listed(there)}")
    if never:
        parts.append(f"on {formatting.count(never)} it never stops and gives no answer")
    changed = " (a condition on a thought changes no other problem)" if named else ""
    return f"the model decides itself when to stop thinking: {'; '.join(parts)}{changed}"

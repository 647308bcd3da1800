"""Whether the thoughts that a claim's words name are those that its conditions hide or replace.

A condition does what its interventions say, whatever its name says. A sweep whose loop is off by one is judged like any
other, and each of its lines tells of the neighbour of the thought that it names.
"""

import re
from collections.abc import Iterable, Mapping

from ctlab import formatting
from ctlab.claims.claim import Claim
from ctlab.interventions import Condition

# In a sentence CT0, in a name ct0: a number of its own, behind no other letter.
_NAMED = re.compile(r"(?i)(?<![a-z0-9])ct([0-9]{1,6})(?![0-9])(?:\s*(?:to|through|[–…-])\s*(?:ct)?([0-9]{1,6})\b)?")


def other_thoughts(claim: Claim, conditions: Mapping[str, Condition]) -> tuple[str, ...]:
    """Say where words name thoughts, and what they stand for is about other ones alone; empty as a rule.

    Words that name some of the thoughts in question pass: a claim may tell of a thought that it hides and of one that
    it does not. So does one that compares a condition about all of them.
    """
    compared = [conditions[name] for name in claim.conditions if name in conditions]
    if any(condition.names_all_thoughts for condition in compared):
        return ()
    treated = frozenset(k for condition in compared for k in condition.named_thoughts)
    words = [(f"the name {each.name}", each.name, each.named_thoughts) for each in compared]
    words += [("its id", claim.id, treated), ("its sentence", claim.statement, treated)]
    found: dict[tuple[frozenset[int], frozenset[int]], list[str]] = {}
    for what, text, about in words:
        named = thoughts_in(text)
        if named and about and not named & about:
            found.setdefault((named, about), []).append(what)
    return tuple(
        f"other thoughts: hidden or replaced is {_listed(about)}, and {formatting.listed(what)} "
        f"{'says' if len(what) == 1 else 'say'} {_listed(named)}"
        for (named, about), what in found.items()
    )


def thoughts_in(words: str) -> frozenset[int]:
    """Return k of each CTk that a sentence or a name names, and of those between where it says “CT0 to CT3”."""
    ranges = ((int(first), int(last or first)) for first, last in _NAMED.findall(words))
    return frozenset(k for first, last in ranges for k in (range(first, last + 1) if last - first < 100 else (first,)))


def _listed(thoughts: Iterable[int]) -> str:
    return formatting.listed([f"CT{k}" for k in sorted(thoughts)])

"""Whether two graph problems differ in one edge by which the other candidate follows: read off their questions."""

import re
from collections.abc import Sequence

from ctlab.problems import Problem

_FACT = re.compile(r"(?:Every )?(\w+) is an? (\w+)\.")
_ASKED = re.compile(r"Is (\w+) an? (\w+) or (?:an? )?(\w+)\?")
_Fact = tuple[str, str]


def wrong_edge(own: Problem, donor: Problem, *, hop: int, same: bool) -> str:
    """Say what is wrong with a pair at a hop, from 1; empty where nothing is."""
    mine, theirs = _FACT.findall(own.question), _FACT.findall(donor.question)
    asked = _ASKED.findall(own.question)
    if _FACT.sub("", own.question) != _FACT.sub("", donor.question) or len(mine) != len(theirs) or len(asked) != 1:
        return "more than a sentence is another"
    others = [(one, other) for one, other in zip(mine, theirs, strict=True) if one != other]
    if len(others) != 1 or others[0][0][0] != others[0][1][0]:
        return f"{len(others)} edges are others, or one starts elsewhere"
    person, *candidates = asked[0]
    follow = [[name for name in candidates if _way(facts, person, name)] for facts in (mine, theirs)]
    if [len(each) for each in follow] != [1, 1] or follow[0] == follow[1]:
        return "it is not the other candidate that follows, and that alone"
    if any(
        problem.gold_text.rstrip(".").split()[-1] != name for problem, (name,) in zip((own, donor), follow, strict=True)
    ):
        return "the gold answer is not the candidate that follows"
    ways = [_way(facts, person, name) for facts, (name,) in zip((mine, theirs), follow, strict=True)]
    if len(ways[0]) != len(ways[1]):
        return "the ways are not as long as each other"
    parted = next(at for at, (one, other) in enumerate(zip(*ways, strict=True)) if one != other)
    if parted <= hop if same else parted != hop:
        return f"the ways part at hop {parted}"
    return ""


def _way(facts: Sequence[_Fact], person: str, name: str) -> list[str]:
    """Return the names on the shortest way, the person first; empty where there is none."""
    ways = {person: [person]}
    for node in (queue := [person]):
        for one, other in facts:
            if one == node and other not in ways:
                ways[other] = [*ways[node], other]
                queue.append(other)
    return ways.get(name, [])

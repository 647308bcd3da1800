"""Whether two graph problems differ in one edge by which the other candidate follows: read off their questions."""

import re
from collections.abc import Sequence

from ctlab.problems import Problem

_FACT = re.compile(r"(?:Every )?(\w+) is an? (\w+)\.")
_ASKED = re.compile(r"Is (\w+) an? (\w+) or (?:an? )?(\w+)\?")
_Fact = tuple[str, str]


def wrong_edge(own: Problem, donor: Problem, *, hop: int, same: bool, crossed: bool = False) -> str:
    """Say what is wrong with a pair at a hop, from 1; empty where nothing is.

    ``crossed``: whether the donor's way is to come back to the own one after the hop.
    """
    mine, theirs = _FACT.findall(own.question), _FACT.findall(donor.question)
    asked = _ASKED.findall(own.question)
    if _FACT.sub("", own.question) != _FACT.sub("", donor.question) or len(mine) != len(theirs) or len(asked) != 1:
        return "more than a sentence is another"
    person, *candidates = asked[0]
    follow = [[name for name in candidates if _way(facts, person, name)] for facts in (mine, theirs)]
    if [len(each) for each in follow] != [1, 1]:
        return "it is not one candidate that follows, and that alone"
    golds = [problem.gold_text.rstrip(".").split()[-1] for problem in (own, donor)]
    if golds != [follow[0][0], follow[1][0]]:
        return "the gold answer is not the candidate that follows"
    ways = [_way(facts, person, gold) for facts, gold in zip((mine, theirs), golds, strict=True)]
    if len(ways[0]) != len(ways[1]):
        return "the ways are not as long as each other"
    back = crossed and not same and hop < len(ways[0]) - 1
    others = [(one, other) for one, other in zip(mine, theirs, strict=True) if one != other]
    if len(others) != (2 if back else 1) or any(one[0] != other[0] for one, other in others):
        return f"{len(others)} edges are others, or one starts elsewhere"
    if (golds[0] == golds[1]) != back:
        return f"the donor's answer is {'the same' if golds[0] == golds[1] else 'another'}"
    parted = [at for at, (one, other) in enumerate(zip(*ways, strict=True)) if one != other]
    if (parted[0] <= hop) if same else (parted[0] != hop):
        return f"the ways part at hop {parted[0]}"
    if back and parted != [hop]:
        return f"the ways are apart at hops {parted}"
    turned = next((name for name in candidates if _way(mine, ways[1][parted[0]], name)), "")
    return (
        "" if turned not in ("", golds[0]) else "the donor's node does not lead to the other candidate in the problem"
    )


def _way(facts: Sequence[_Fact], person: str, name: str) -> list[str]:
    """Return the names on the shortest way, the person first; empty where there is none."""
    ways = {person: [person]}
    for node in (queue := [person]):
        for one, other in facts:
            if one == node and other not in ways:
                ways[other] = [*ways[node], other]
                queue.append(other)
    return ways.get(name, [])

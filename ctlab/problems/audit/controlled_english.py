"""Questions in controlled English, such as ProsQA's and ProntoQA's, as facts and rules about one thing.

"Every lempus is a yumpus." and "Numpuses are not wooden." are rules, "Max is a vumpus." is a fact, and "Is Bob a jelpus
or a hilpus?" or "True or false: Max is not wooden." is what is asked.
"""

import re
from dataclasses import dataclass

Literal = tuple[str, bool]
"""What a thing is, or is not: (term, whether it is)."""

_WHAT = r"(?P<no>not )?(?:an? )?(?P<what>[a-z][\w-]*)"
_RULE = re.compile(rf"(?:Every|Each|An?) (?P<kind>[\w-]+) is {_WHAT}\.")
_PLURAL = re.compile(rf"(?:All )?(?P<kind>[\w-]+) are {_WHAT}\.", re.IGNORECASE)
_FACT = re.compile(rf"(?P<who>[A-Z]\w*) is {_WHAT}\.")
_TRUTH = re.compile(rf"True or false: (?P<who>[A-Z]\w*) is {_WHAT}[.?]", re.IGNORECASE)
_EITHER = re.compile(r"Is (?P<who>[A-Z]\w*) (?:an? )?(?P<one>[a-z][\w-]*) or (?:an? )?(?P<other>[a-z][\w-]*)\?")
_SENTENCE_END = re.compile(r"(?<=[.?!])\s++")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a question says and what it asks."""

    who: str
    """The thing that is asked about."""
    facts: tuple[Literal, ...]
    """What is said of it."""
    rules: tuple[tuple[str, Literal], ...]
    """What is said of all things of a kind."""
    options: tuple[Literal, ...]
    """What it is asked to be: both terms, or the one statement that is true or false."""
    said: frozenset[tuple[str, str]]
    """All that is said of anything, as (what, is what), for comparison with a row's graph."""


def read_question(question: str) -> Asked | None:
    """Read a question; None where any of its sentences is something else."""
    *sentences, last = _SENTENCE_END.split(question.strip())
    if not sentences:
        return None
    if match := _TRUTH.fullmatch(last):
        options: tuple[Literal, ...] = (_literal(match),)
    elif match := _EITHER.fullmatch(last):
        options = ((stem(match["one"]), True), (stem(match["other"]), True))
    else:
        return None
    who = match["who"]
    facts, rules, said = [], [], set()
    for sentence in sentences:
        if rule := _RULE.fullmatch(sentence) or _PLURAL.fullmatch(sentence):
            rules.append((stem(rule["kind"]), _literal(rule)))
            said.add((stem(rule["kind"]), stem(rule["what"])))
        elif fact := _FACT.fullmatch(sentence):
            said.add((stem(fact["who"]), stem(fact["what"])))
            if fact["who"] == who:
                facts.append(_literal(fact))
        else:
            return None
    return Asked(who=who, facts=tuple(facts), rules=tuple(rules), options=options, said=frozenset(said))


def read_fact(sentence: str) -> tuple[str, Literal] | None:
    """Read a statement about one thing as (who, what); None where it is none."""
    match = _FACT.fullmatch(sentence.strip().removesuffix(".") + ".")
    return (match["who"], _literal(match)) if match and match["who"] not in ("Every", "Each") else None


def stem(word: str) -> str:
    """Write a noun in the singular, an adjective as it is: numpuses and numpus are one term, luminous keeps its s."""
    word = word.lower()
    if word.endswith("ies") and len(word) > 4:
        return f"{word[:-3]}y"
    if word.endswith(("ses", "xes", "zes", "ches", "shes")):
        return word[:-2]
    return word if word.endswith(("ss", "us", "is")) else word.removesuffix("s")


def _literal(match: re.Match[str]) -> Literal:
    return stem(match["what"]), not match["no"]

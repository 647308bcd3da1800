"""An entity or a phrase: the same words, however they are written."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

from ctlab import formatting
from ctlab.outcomes.kinds.answer_kind import AnswerKind, Label, Reading
from ctlab.outcomes.kinds.conclusion import COMMON, Clause, concluded, is_beside
from ctlab.outcomes.kinds.doubt import denies, past_hesitation
from ctlab.outcomes.kinds.refusal import is_refusal
from ctlab.outcomes.kinds.said import Said, said, sentences
from ctlab.outcomes.outcome import Outcome
from ctlab.problems import Problem
from ctlab.problems.phrases import phrase, spelled, words

ECHO = 12
"""So many words of the question in a row, at the start of a text without a marker, are the question over again: a
sentence that an answer takes from the question has four in ProsQA, the question 150."""
BARE = 3
"""Words up to which a first sentence without "is" is an answer of its own ("Paris. It is the capital."); another one
argues."""
_BUT = re.compile(r"\bnot\s++(?:[\w'-]++\s++){1,6}?but\s++", re.IGNORECASE)
_SO = re.compile(
    r"\s*+(?:(?:so|thus|therefore|hence)\b[\s,:]*+)?+(?:i(?:\s++would|'d)?\s++(?:think|believe|guess|say)(?:\s++that)?\b[\s,:]*+)?+"
    r"(?:(?:it\s++is|it's)\s++true\s++that\b|(?:(?:it|this|that|he|she)(?:\s++(?:is|was|(?:must|should|would|has\s++to)\s++be)|'s)|they\s++(?:are|were))\b(?!\s++(?:false|not|true)\b))?",
    re.IGNORECASE,
)
_NOT_THAT = re.compile(
    r"(?:,\s*+(?:(?:and|but)\s++)?|(?<=\s)(?:and|but)\s++)not\s++[^.,;\n]*+(?=\.?\s*+\Z)", re.IGNORECASE
)
_NEGATIONS = frozenset(
    ("not", "never", "isn't", "aren't", "wasn't", "cannot", "can't", "doesn't", "no", "neither", "nor")
)
_REJECTIONS = _NEGATIONS - {"no", "never", "nor"}  # these stand in names, too: "No Country for Old Men"
_DENIALS = ("it is not true that", "it is not case that", "it is false that", "it's not true that", "it's false that")
_IS = frozenset(("is", "are", "was", "were", "has", "have"))
_EVERY = frozenset(("every", "each", "all"))
# "Sally is a sterpus.": a name and what it is, so that "a sterpus" says the same.
_IS_A = re.compile(
    r"\s*+[A-Z][\w'-]*+(?:\s++[A-Z][\w'-]*+){0,2}\s++(?:is|was)\s++(?:an?|the)\s++(?P<what>[^.,;:!?\n]++)\.?+\s*+\Z"
)
_EITHER = frozenset(("or", "and", "either", "both", "/"))


class Entity(AnswerKind):
    """A name, a phrase or a sentence that is compared word by word."""

    name: ClassVar[str] = "entity"
    nothing: ClassVar[str] = "no word in the text"

    def read(self, problem: Problem, text: str) -> Reading:
        """Read the first sentence after the last marker; without a marker the whole text, or its last sentence."""
        found = said(text)
        parts = sentences(found.text, found.start, found.end)
        if not parts:
            return Reading(text=found.text, marker=found.marker)
        spot = _answering(found, _known(problem).accepted)
        said_there = found.text[spot.start : spot.end]
        return Reading(
            text=found.text,
            answer=phrase(_settled(said_there)) or None,
            start=spot.start + len(said_there) - len(said_there.lstrip()),
            end=spot.end,
            marker=found.marker,
            ambiguous=spot.ambiguous,
            how=spot.how,
        )

    def answers(self, answer: str) -> bool:
        """Whether something is named, and nothing rejected."""
        mine = answer.split(" ")
        return not (_is_negated(mine) or _REJECTIONS.intersection(mine))

    def label(self, problem: Problem, answer: str) -> Label:
        """Compare with the reference answer, and say what a wrong answer names."""
        known = _known(problem)
        if answer in known.accepted:
            return Label(Outcome.CORRECT, "equals the gold answer")
        mine = tuple(answer.split(" "))
        if why := known.hedge(mine):
            return Label(Outcome.HEDGED, why)
        if known.negates(mine):
            return Label(Outcome.NEGATED, "the gold answer, negated")
        if known.rejects(mine):
            return Label(Outcome.UNEXPLAINED, "rejects something else and names none")
        if option := known.option(mine):
            return Label(Outcome.WRONG_OPTION, f"“{option}”")
        other = known.instead(mine)
        if not other or known.holds_gold(mine):
            return Label(
                Outcome.UNEXPLAINED,
                "only a part of the gold answer" if not other else "the gold answer among other words",
            )
        foreign = [word for word in other if word not in known.question]
        if not foreign:
            return Label(Outcome.OTHER_ENTITY_NAMED, f"“{' '.join(other)}”, named in the question")
        listed = formatting.listed([f"“{word}”" for word in dict.fromkeys(foreign)])
        return Label(Outcome.OTHER_ENTITY_NOT_NAMED, f"“{' '.join(other)}”: the question has no {listed}")

    def freed(self, problem: Problem, answer: str) -> str:
        """Return the words that stand in the reference answer's place: "lempus" of "Sally is a lempus".

        Sally is asked for in one problem, so that the whole sentence would name nothing of another one.
        """
        swapped = (Outcome.WRONG_OPTION, Outcome.OTHER_ENTITY_NAMED, Outcome.OTHER_ENTITY_NOT_NAMED)
        label = self.label(problem, answer).outcome
        inside = " ".join(_known(problem).instead(tuple(answer.split(" "))))
        return inside if label in swapped and self.label(problem, inside).outcome is label else answer

    def beside(self, problem: Problem, reading: Reading) -> str:
        """Say that a text is the question over again, one of its rules, or a sentence of another sort."""
        begins = words(reading.text)[:ECHO]
        if (
            reading.marker is None
            and len(begins) == ECHO
            and f" {' '.join(begins)} " in f" {phrase(problem.question)} "
        ):
            return "the question over again"
        known = _known(problem)
        sentence = reading.text[reading.start : reading.end]
        mine = words(sentence)
        if known.predicates and mine[0] in _EVERY:
            return "a rule, and no conclusion from it"
        if known.names_a_candidate(mine) or not is_beside(sentence, is_a=bool(known.predicates)):
            return ""
        return "a sentence that names nothing"


def _answering(found: Said, accepted: frozenset[str]) -> Clause:
    """Find the clause that answers: behind what hesitates, of the first or the last sentence what it concludes."""
    text, start, end = found.text, found.start, found.end
    how = "the whole text" if found.marker is None else "after the marker"
    if phrase(_settled(found.part)) in accepted:
        return Clause(start, end, how)
    start = past_hesitation(text, start, end)
    torn, parts = start > found.start, sentences(text, start, end)
    if len(parts) > 1 and phrase(_settled(text[start:end])) not in accepted:
        first = found.marker is not None or _is_bare(text[slice(*parts[0])])
        (start, end), how = parts[0 if first else -1], f"the {'first' if first else 'last'} sentence"
        sure = past_hesitation(text, start, end)
        start, torn = sure, torn or not first or sure > start
    if phrase(_settled(text[start:end])) in accepted:
        return Clause(start, end, how, torn)
    clause = concluded(text[start:end])
    torn = torn or clause.ambiguous or denies(text[start:end])
    return Clause(start + clause.start, start + clause.end, how + clause.how, torn)


def _is_bare(sentence: str) -> bool:
    mine = words(sentence)
    said_of_it = _IS.intersection(word.removesuffix("n't") for word in mine)
    return len(mine) <= BARE and not said_of_it and not is_refusal(sentence)


def _settled(text: str) -> str:
    """Take off "It is" and the like, and what is rejected: "not a hilpus but a sterpus", "a sterpus, not a hilpus"."""
    opening = _SO.match(text)
    said = text[opening.end() :] if opening else text
    return _NOT_THAT.sub("", _BUT.sub("", said)) if words(said) else text


@dataclass(frozen=True)
class _Known:
    """What an answer to one problem is held against, as words."""

    golds: tuple[tuple[str, ...], ...]
    accepted: frozenset[str]
    predicates: tuple[tuple[str, ...], ...]
    """What the reference answers say that a name is: "sterpus" of "Sally is a sterpus."."""
    names: tuple[tuple[str, ...], ...]
    """Names in the reference answer that are options, else what it says that a name is, else the whole of it."""
    others: tuple[tuple[str, ...], ...]
    """The other options, and what such a one says that a name is."""
    question: frozenset[str]

    def hedge(self, mine: Sequence[str]) -> str:
        """Say which two names an answer leaves open."""
        if not _EITHER.intersection(mine):
            return ""
        if not any(_inside(name, mine) for name in self.names):
            return ""
        both = next((" ".join(other) for other in self.others if _inside(other, mine)), "")
        if both:
            return f"the right name and “{both}”"
        return "the gold answer or something else" if {"or", "either", "/"}.intersection(mine) else ""

    def negates(self, mine: Sequence[str]) -> bool:
        """Whether an answer is the reference answer but for its negation, or names it after one."""
        denied = next((denial for denial in _DENIALS if " ".join(mine).startswith(denial)), "")
        rest = mine[len(denied.split()) :]
        for gold in self.golds:
            plain = _affirmed(gold)
            if (_is_negated(gold) ^ _is_negated(rest) ^ bool(denied)) and _affirmed(rest) == plain:
                return True
        if denies(" ".join(mine)):
            return any(_inside(name, mine) for name in self.names)
        if not (denied or _is_negated(mine)):
            return False
        after = next((at for at, word in enumerate(mine) if word in _NEGATIONS), 0)
        return any(_inside(name, mine[after:]) for name in self.names)

    def rejects(self, mine: Sequence[str]) -> bool:
        """Whether an answer says what is not the case, where the reference answer says what is."""
        denied = any(" ".join(mine).startswith(denial) for denial in _DENIALS)
        return (denied or bool(_REJECTIONS.intersection(mine))) and not any(map(_is_negated, self.golds))

    def option(self, mine: Sequence[str]) -> str:
        """Return the other option that stands where the right one should; empty for none."""
        for other in self.others:
            if tuple(mine) == other or any(
                _swapped(gold, name, other) == tuple(mine) for gold in self.golds for name in self.names
            ):
                return " ".join(other)
        return ""

    def instead(self, mine: Sequence[str]) -> tuple[str, ...]:
        """Return the words that stand in place of the reference answer's, what both begin and end with taken off."""
        return min((_differing(mine, gold) for gold in self.golds), key=len)

    def names_a_candidate(self, mine: Sequence[str]) -> bool:
        """Whether an answer holds an option, or a word of the question or a reference answer that is no common one."""
        known = self.question.union(*self.golds, *self.names, *self.others)
        return any(word in known and word not in COMMON for word in mine)

    def holds_gold(self, mine: Sequence[str]) -> bool:
        """Whether the whole reference answer stands in an answer."""
        return any(_inside(gold, mine) for gold in self.golds)


def _known(problem: Problem) -> _Known:
    return _prepared(problem.question, str(problem.gold), problem.aliases, problem.options)


@lru_cache(maxsize=16384)
def _prepared(question: str, gold: str, aliases: tuple[str, ...], options: tuple[str, ...]) -> _Known:
    golds = tuple(words(_settled(text)) for text in (gold, *aliases))
    named = tuple(words(option) for option in options)
    mine = tuple(name for name in named if any(_inside(name, each) for each in golds))
    accepted = {" ".join(each) for each in golds}
    if len(mine) == 1:  # the bare name answers "Is Sally a hilpus or a sterpus?" as the sentence does
        accepted.add(" ".join(mine[0]))
    others = [text for text, name in zip(options, named, strict=True) if name not in mine]
    of_others = [predicate for text in others if (predicate := _predicate(text))]
    predicates = [predicate for text in (gold, *aliases) if (predicate := _predicate(text))]
    predicates = [predicate for predicate in predicates if predicate not in of_others]
    return _Known(
        golds=golds,
        accepted=frozenset((*accepted, *map(" ".join, predicates))),
        predicates=tuple(predicates),
        names=(*mine, *predicates) or golds,
        others=(*map(words, others), *of_others),
        question=frozenset(words(question)),
    )


def _predicate(gold: str) -> tuple[str, ...]:
    """Return what a reference answer says that a name is, of a few words; empty where it is of another form."""
    found = _IS_A.match(spelled(gold))
    what = words(found["what"]) if found else ()
    return what if len(what) <= BARE else ()


def _inside(part: Sequence[str], whole: Sequence[str]) -> bool:
    return f" {' '.join(part)} " in f" {' '.join(whole)} "


def _is_negated(mine: Sequence[str]) -> bool:
    return bool(_NEGATIONS.intersection(mine))


def _affirmed(mine: Sequence[str]) -> tuple[str, ...]:
    """Words without their negations; "isn't" becomes "is"."""
    kept = (word.removesuffix("n't") if word in _NEGATIONS else word for word in mine)
    return tuple(word for word in kept if word not in _NEGATIONS)


def _swapped(gold: Sequence[str], name: Sequence[str], other: Sequence[str]) -> tuple[str, ...]:
    return tuple(f" {' '.join(gold)} ".replace(f" {' '.join(name)} ", f" {' '.join(other)} ").split())


def _differing(mine: Sequence[str], gold: Sequence[str]) -> tuple[str, ...]:
    start = 0
    while start < min(len(mine), len(gold)) and mine[start] == gold[start]:
        start += 1
    end = 0
    while end < min(len(mine), len(gold)) - start and mine[-1 - end] == gold[-1 - end]:
        end += 1
    return tuple(mine[start : len(mine) - end])

"""Questions that stand more than once: with the same answer, with another one, or with other numbers and names."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ctlab import formatting
from ctlab.inputs import shown
from ctlab.problems.audit.finding import Finding, Instance, Located, finding
from ctlab.problems.problem import Problem
from ctlab.problems.rows.row_ids import repeated_ids
from ctlab.problems.text.number_words import find_number_words
from ctlab.problems.text.numbers import same_number

# Questions begin with them, and a set may have them nowhere else.
_QUESTION_WORDS = frozenset(
    [
        "how",
        "what",
        "when",
        "where",
        "which",
        "who",
        "whom",
        "whose",
        "why",
        "is",
        "are",
        "was",
        "were",
        "do",
        "does",
        "did",
        "can",
        "will",
    ]
)
_WORD = re.compile(r"\d[\d,.]*|[^\W\d_]+|\S")


def repeated(rows: Sequence[Located]) -> tuple[Finding, ...]:
    """Find questions that are asked twice, whatever their blanks, and those whose answers differ."""
    groups: dict[str, list[Located]] = defaultdict(list)
    for row in rows:
        groups[row.problem.content_id].append(row)
    twice: list[Instance] = []
    contrary: list[Instance] = []
    for group in groups.values():
        if len(group) > 1:
            golds = [row.problem for row in group]
            same = all(same_gold(golds[0], other) for other in golds[1:])
            told = golds[0].gold_text if same else " and ".join(dict.fromkeys(each.gold_text for each in golds))
            example = Instance(places=_places(group), text=f"{golds[0].question} (gold {told})")
            (twice if same else contrary).append(example)
    n = len(groups)
    # A run refuses questions that are the same to the letter, since answers are joined by question.
    refused = len({row.problem.id for row in rows}) < len(rows)
    return (
        *finding("contradiction", contrary, n, "questions", "are asked again with another gold answer"),
        *finding("duplicate", twice, n, "questions", "are asked again with the same gold answer", fails=refused),
    )


def ids_twice(rows: Sequence[Located], column: str | None) -> tuple[Finding, ...]:
    """Find ids that several rows have; ``column`` as `repeated_ids` takes it."""
    problems = {row.place: row.problem for row in rows}
    name, twice = repeated_ids([*problems.items()], column)
    examples = [
        Instance(places=tuple(places), text=f"{name} {shown(text)}: {problems[places[0]].question}")
        for text, places in twice.items()
    ]
    return finding("id-twice", examples, len(rows), "ids", "stand more than once")


def same_gold(one: Problem, other: Problem) -> bool:
    """Whether two problems have the same reference answer."""
    if one.kind == other.kind == "number":
        return same_number(one.gold_number, other.gold_number)
    return one.gold_text.casefold() == other.gold_text.casefold()


@dataclass(frozen=True, slots=True, kw_only=True)
class Templates:
    """How many questions are one question with other numbers and names."""

    n: int
    """Rows."""
    templates: int
    """Different templates among them."""
    clusters: tuple[tuple[int, ...], ...]
    """Places of the rows of each template that has more than one, the largest first."""

    @property
    def effective(self) -> float:
        """Independent problems that the set is worth at worst: n² / Σ mₖ², mₖ rows of template k.

        Kish's effective sample size (1965) where all answers to one template stand or fall together.
        """
        repeats = sum(len(cluster) ** 2 for cluster in self.clusters)
        alone = self.n - sum(map(len, self.clusters))
        return self.n**2 / (repeats + alone)

    @property
    def sentence(self) -> str:
        """What is said of them where some template has more than one row."""
        return (
            f"{formatting.counted(self.n, 'question')} are {formatting.count(self.templates)} with other numbers and "
            f"names, at most {len(self.clusters[0])} alike: at worst worth "
            f"{formatting.counted(round(self.effective), 'independent problem')}"
        )


def templates(rows: Sequence[Located]) -> Templates:
    """Group rows by their question with numbers and names left out.

    A name is a capitalised word that this set never writes in small letters, so that "The" is none, nor is "How".
    """
    words = [_WORD.findall(row.problem.question) for row in rows]
    small = _QUESTION_WORDS | {word for each in words for word in each if word.islower()}
    groups: dict[tuple[str, ...], list[int]] = defaultdict(list)
    for row, each in zip(rows, words, strict=True):
        groups[tuple(_masked(each, small))].append(row.place)
    clusters = sorted((tuple(places) for places in groups.values() if len(places) > 1), key=len, reverse=True)
    return Templates(n=len(rows), templates=len(groups), clusters=tuple(clusters))


def _masked(words: Iterable[str], small: frozenset[str]) -> Iterable[str]:
    for word in words:
        lowered = word.lower()
        if word[0].isdigit() or _is_number_word(lowered):
            yield "#"
        elif word[0].isupper() and lowered not in small:
            yield "@"
        else:
            yield lowered


def _is_number_word(word: str) -> bool:
    if word not in _NUMBER_WORDS:
        _NUMBER_WORDS[word] = word.isalpha() and bool(find_number_words(word))
    return _NUMBER_WORDS[word]


_NUMBER_WORDS: dict[str, bool] = {}


def _places(rows: Iterable[Located]) -> tuple[int, ...]:
    return tuple(row.place for row in rows)

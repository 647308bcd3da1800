"""Which rows of two files answer the same problem: by id, by question, or by place where neither is there."""

from collections.abc import Callable
from dataclasses import dataclass

from ctlab import formatting
from ctlab.errors import InputError
from ctlab.records.result_row import ResultRow, Results

Rows = tuple[ResultRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """All answers to one problem."""

    problem: str
    """What the first file calls it."""
    before: Rows
    """Its answers in the first file: several where it was repeated."""
    after: Rows
    """Its answers in the second one."""

    @property
    def rows(self) -> Rows:
        """All of them."""
        return self.before + self.after

    @property
    def golds(self) -> tuple[str, ...]:
        """Reference answers, any of which is right; the first file's where both name some, empty where none does."""
        return next((golds_of(row) for row in self.rows if golds_of(row)), ())

    @property
    def question(self) -> str:
        """The question, empty where neither file says it."""
        return next((row.question for row in self.rows if row.question), "")


@dataclass(frozen=True, slots=True, kw_only=True)
class Matching:
    """Two files, problem by problem."""

    how: str
    """By what problems were recognised: `id`, `question` or `position`."""
    pairs: tuple[Pair, ...]
    """Problems that both files answer, in the first file's order."""
    alone: tuple[tuple[str, ...], tuple[str, ...]]
    """Problems that only one of them answers."""
    notes: tuple[str, ...] = ()
    """What a reader should know of how they were matched."""


def golds_of(row: ResultRow) -> tuple[str, ...]:
    """Return the row's reference answers that say anything."""
    golds = row.gold if isinstance(row.gold, tuple) else (row.gold,)
    return tuple(gold for gold in golds if gold)


def match(first: Results, second: Results, letters: tuple[str, str]) -> Matching:
    """Match two files; InputError where nothing shows which answers belong together, or where it contradicts itself."""
    asked = all(row.question for rows in (first, second) for row in rows)
    found: Matching | None = None
    if first.positional and second.positional:
        if _same_size(first, second):
            found = _matched("position", first, second, lambda row: row.problem)
    elif not first.positional and not second.positional:
        found = _matched("id", first, second, lambda row: row.problem)
    elif {row.problem for row in first} == {row.problem for row in second}:
        # The ids of one file are the places of the other: a list of right and wrong beside the answers themselves.
        found = _matched("position", first, second, lambda row: row.problem)
    clash = _clash(found) if found else None
    whole = min(len({row.problem for row in results}) for results in (first, second))
    if found and found.pairs and not clash and (2 * len(found.pairs) > whole or not asked):
        return _checked(found, letters)
    if asked:
        by_question = _matched("question", first, second, lambda row: _plain(row.question or ""))
        if found and not clash and len(found.pairs) >= max(len(by_question.pairs), 1):
            return _checked(found, letters)
        if by_question.pairs:
            return _checked(by_question, letters, _why_by_question(first, second, found))
    raise InputError(_unmatched(first, second, letters, found, clash))


def _matched(how: str, first: Results, second: Results, key: Callable[[ResultRow], str]) -> Matching:
    before, after = _grouped(first, key), _grouped(second, key)
    pairs = tuple(
        Pair(problem=rows[0].problem, before=rows, after=after[name]) for name, rows in before.items() if name in after
    )
    alone = (
        tuple(rows[0].problem for name, rows in before.items() if name not in after),
        tuple(rows[0].problem for name, rows in after.items() if name not in before),
    )
    return Matching(how=how, pairs=pairs, alone=alone)


def _grouped(results: Results, key: Callable[[ResultRow], str]) -> dict[str, Rows]:
    groups: dict[str, list[ResultRow]] = {}
    for row in results:
        groups.setdefault(key(row), []).append(row)
    return {name: tuple(rows) for name, rows in groups.items()}


def _same_size(first: Results, second: Results) -> bool:
    return len({row.problem for row in first}) == len({row.problem for row in second})


def _clash(found: Matching) -> tuple[str, str, str] | None:
    """Return the first problem whose two questions are no part of each other: the ids are of two sets."""
    for pair in found.pairs:
        one, other = pair.before[0].question, pair.after[0].question
        if one and other and one != other:
            here, there = _plain(one), _plain(other)
            # One tool keeps the whole prompt, another the question alone, a third its first hundred characters.
            if here not in there and there not in here:
                return pair.problem, one, other
    return None


def _checked(found: Matching, letters: tuple[str, str], *notes: str) -> Matching:
    """Return the matching with what must be said of it; refuse it where reference answers say that it is wrong."""
    golds = [(pair, _gold(pair.before), _gold(pair.after)) for pair in found.pairs]
    told = [(pair, one, other) for pair, one, other in golds if one and other]
    off = [(pair, one, other) for pair, one, other in told if not _same_gold(one, other)]
    if off and found.how != "question" and (found.how == "position" or 2 * len(off) > len(told)):
        pair, one, other = off[0]
        raise InputError(
            f"{formatting.share_of(len(off), len(told))} reference answers differ where {letters[0]} and {letters[1]} "
            f"are matched by {found.how} (problem {_short(pair.problem)}: {_short(one[0])} and {_short(other[0])}): "
            "these are other problems, or another order; give files of one problem set, with its ids"
        )
    said = [*notes]
    if off:
        pair, one, other = off[0]
        said.append(
            f"the reference answers of {formatting.counted(len(off), 'problem')} differ between the files, such as "
            f"{_short(one[0])} and {_short(other[0])} of problem {_short(pair.problem)}"
        )
    if found.how == "position":
        sure = "questions agree" if found.pairs[0].question else "reference answers agree" if told else ""
        said.append(f"matched by position, because no id is in both files{f'; {sure}' if sure else ''}")
        if not sure:
            said.append("nothing in the files shows that both are in the same order")
    return Matching(how=found.how, pairs=found.pairs, alone=found.alone, notes=tuple(said))


def _gold(rows: Rows) -> tuple[str, ...]:
    return next((golds_of(row) for row in rows if golds_of(row)), ())


def _same_gold(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    """Whether two files mean one reference answer: the same text, or the same number at the end of it."""
    if one == other or {_plain(text).lower() for text in one} & {_plain(text).lower() for text in other}:
        return True
    from ctlab.outcomes.extraction import extract
    from ctlab.problems import same_number

    here, there = extract(one[0]).prediction, extract(other[0]).prediction
    return here is not None and there is not None and same_number(here, there)


def _why_by_question(first: Results, second: Results, by_id: Matching | None) -> str:
    if first.positional or second.positional:
        return "matched by question, because not both files name their problems"
    if by_id is not None and _clash(by_id):
        return "matched by question, because one id stands for different questions in the two files"
    return "matched by question, because most ids are in one file alone"


def _unmatched(
    first: Results,
    second: Results,
    letters: tuple[str, str],
    found: Matching | None,
    clash: tuple[str, str, str] | None,
) -> str:
    """Say why no answers can be matched, and what would match them."""
    a, b = letters
    if clash:
        problem, one, other = clash
        return (
            f"problem {_short(problem)} is {_short(one)} in {a} and {_short(other)} in {b}: these are other problems, "
            "or another order; give files of one problem set"
        )
    if found is not None:
        return (
            f"{a} and {b} share no problem id ({_short(first[0].problem)} … and {_short(second[0].problem)} …) and no "
            "question; give files of one problem set, or name the column of the ids (FILE?id=COLUMN)"
        )
    if first.positional and second.positional:
        sizes = [len({row.problem for row in results}) for results in (first, second)]
        return (
            f"no column names the problems, and {a} has {sizes[0]:,} of them and {b} {sizes[1]:,}, so that their "
            "places say nothing; name the column of the ids (FILE?id=COLUMN), or give files of the same length"
        )
    place = a if first.positional else b
    return (
        f"in {place} no column names the problems, in the other file one does, and not all rows have a question; "
        "name the column of the ids (FILE?id=COLUMN)"
    )


def _plain(text: str) -> str:
    return " ".join(text.split()).removesuffix("...").removesuffix("…").rstrip()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return repr(line if len(line) <= 50 else f"{line[:49]}…")

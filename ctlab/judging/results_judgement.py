"""What came of judging two result files, as records with a JSON form."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from ctlab import formatting
from ctlab.outcomes.agreement import Disagreement
from ctlab.records.effect import Effect
from ctlab.records.judgement import Verdict
from ctlab.showing.blocks import block, sentence, table, verdict_heading
from ctlab.showing.effect_block import effect_drawing, effect_words

FORM = "ctlab-judgement-1"
"""Name of the JSON form; another number where a field changes its meaning."""
UNREGISTERED = "unregistered: asked when the answers were there, which explores and confirms nothing"
"""Flag of every judgement of result files."""
LONGEST = 300
"""Characters that are kept of a question and of an answer; a report of 10 examples is then one screen of JSON."""


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """One side of a comparison."""

    letter: str
    """What it is called here."""
    path: str
    """The file, as it was given."""
    format: str
    """Name of its format."""
    model: str
    """Who answered, where the file says so."""
    rows: int
    """Answers that it holds."""
    problems: int
    """Problems that it holds, whether they were compared or not."""
    right: float
    """Problems that are right among those that were compared; parts of one where problems are repeated."""
    n: int
    """Problems that were compared."""
    repeats: int
    """Most answers that a compared problem has."""
    fewest_repeats: int
    """Fewest answers that a compared problem has."""

    @property
    def rate(self) -> float:
        """Share of right answers, a proportion."""
        return self.right / self.n if self.n else 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """One problem that the two files answer otherwise."""

    problem: str
    """Its id in the first file."""
    change: str
    """`lost` (better in the first file) or `gained`."""
    question: str
    """How it begins; empty where no file says it."""
    gold: str
    """The reference answer, of a worked solution what it comes to; empty where no file says it."""
    answers: Mapping[str, str]
    """What was answered, by letter, cut: how a long answer ends, which is where answers stand. Of several repeats the
    one that tells most: the best where the problem is better, the worst where it is worse."""
    scores: Mapping[str, float]
    """Mean score, by letter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The problems with one value of a field."""

    value: str
    """The value."""
    verdict: Verdict
    """What they say of the question, at the level that Holm leaves for this group."""
    effect: Effect
    """What was measured at that level."""
    alpha: float
    """The level."""
    holm_p: float
    """p, adjusted by Holm over all groups."""
    rates: tuple[float, float]
    """Rates in both files, proportions."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grouped:
    """One question in every group of a field."""

    field: str
    """The field."""
    groups: tuple[Group, ...]
    """Its groups, in order of their values."""
    p_alike: float
    """p of the hypothesis that the difference is the same in all groups, by permuting problems over groups."""
    note: str
    """What may be concluded of the groups together, in a sentence."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class ResultsJudgement:
    """Two result files, compared problem by problem."""

    statement: str
    """What was asked, as a sentence that is true or not."""
    expected: bool
    """Whether somebody expected it; without that nothing can fail."""
    verdict: Verdict
    """What the files say of it."""
    effect: Effect
    """What decided: the paired difference, second file minus first, with the interval at the level that decides."""
    difference: Effect
    """The paired difference as it is, whatever was asked: two-sided test, interval of level 1 − α."""
    alpha: float
    """Level of the test that decided."""
    lost: int
    """Problems that are better in the first file (right there only, where nothing is repeated)."""
    gained: int
    """Problems that are better in the second file."""
    n: int
    """Problems that were compared; repeats are no problems of their own."""
    files: tuple[File, File]
    """Both files, the reference first."""
    matched_by: str
    """By what problems were recognised: `id`, `question` or `position`."""
    alone: tuple[tuple[str, ...], tuple[str, ...]]
    """Problems that only one file answers."""
    scored_by: str
    """Who says what is right: `tool` or `ours`."""
    kind: str
    """Answer kind that our reader read; empty where it read nothing."""
    read_both: int
    """Answers that have a score of the tool and a reading of ours."""
    disagreements: tuple[Disagreement, ...]
    """Those where the two differ."""
    why: str
    """What decided, in a sentence."""
    outlook: str
    """What this sample could have found and what would settle the question; empty where it is settled."""
    flags: tuple[str, ...]
    """What must be known beside the verdict."""
    examples: tuple[Changed, ...]
    """Problems that were lost or gained, up to five of each."""
    grouped: Grouped | None = None
    """The same question in groups of problems; None where nobody asked for them."""
    holm_p: float | None = None
    """p, adjusted by Holm over several files; None where only one was compared."""

    @property
    def passed(self) -> bool:
        """Whether nothing that was expected fails: only SUPPORTED passes an expectation."""
        return self.verdict is Verdict.SUPPORTED or not self.expected

    def __repr__(self) -> str:
        mark, (first, second) = formatting.VERDICT_MARKS[self.verdict], self.files
        size = formatting.points(self.difference.estimate)
        ends = formatting.interval(self.difference.low, self.difference.high, formatting.POINTS, unit_shown=False)
        return (
            f"<{mark} {self.verdict}: {self.statement}. {second.letter} − {first.letter}: {size} [{ends}, "
            f"{formatting.level(self.difference.level)}], lost {self.lost}, gained {self.gained}, n = {self.n}; "
            "unregistered>"
        )

    def _repr_html_(self) -> str:
        """Show the judgement in a notebook: verdict, both files, the difference, what decided, flags."""
        files = [
            (each.letter, each.path, f"{formatting.percent(each.rate)} of {formatting.count(each.n)}", each.model)
            for each in self.files
        ]
        columns = 4 if any(each.model for each in self.files) else 3
        first, second = self.files
        return block(
            verdict_heading(self.verdict, self.statement),
            table(("", "file", "right", "model")[:columns], [row[:columns] for row in files]),
            sentence(f"{second.letter} − {first.letter}: {effect_words(self.difference)}"),
            effect_drawing(self.effect),
            sentence(" ".join(filter(None, (self.why, self.outlook)))),
            *(sentence(f"{flag[:1].upper()}{flag[1:]}.", aside=True) for flag in self.flags),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the judgement as JSON builtins."""
        first, second = self.files
        return {
            "form": FORM,
            "statement": self.statement,
            "expected": self.expected,
            "verdict": str(self.verdict),
            "alpha": self.alpha,
            "n": self.n,
            "lost": self.lost,
            "gained": self.gained,
            "effect": self.effect.to_json(),
            "difference": self.difference.to_json(),
            "holm_p": self.holm_p,
            "why": self.why,
            "outlook": self.outlook,
            "flags": list(self.flags),
            "files": [{**asdict(file), "rate": file.rate} for file in self.files],
            "matched_by": self.matched_by,
            "alone": {first.letter: list(self.alone[0]), second.letter: list(self.alone[1])},
            "scored_by": self.scored_by,
            "kind": self.kind,
            "read_both": self.read_both,
            "disagreements": [
                {
                    "letter": each.letter,
                    "problem": each.row.problem,
                    "tool": each.row.score,
                    "ours": float(each.right),
                    "gold": ending(each.gold),
                    "answer": ending(each.row.answer),
                }
                for each in self.disagreements
            ],
            "examples": [asdict(example) for example in self.examples],
            "grouped": None if self.grouped is None else _grouped(self.grouped),
        }


def ending(text: str, longest: int = LONGEST) -> str:
    """Cut a long text in front: answers stand at the end."""
    return text if len(text) <= longest else f"… {text[2 - longest :].lstrip()}"


def beginning(text: str, longest: int = LONGEST) -> str:
    """Cut a long text at its end."""
    return text if len(text) <= longest else f"{text[: longest - 2].rstrip()} …"


def _grouped(grouped: Grouped) -> dict[str, Any]:
    return {
        "field": grouped.field,
        "p_alike": grouped.p_alike,
        "note": grouped.note,
        "groups": [
            {
                "value": group.value,
                "verdict": str(group.verdict),
                "alpha": group.alpha,
                "holm_p": group.holm_p,
                "rates": list(group.rates),
                "effect": group.effect.to_json(),
            }
            for group in grouped.groups
        ],
    }

"""Recomputes 93 published numbers of a study of text answers: ``CTLAB_SHARED=FOLDER python benchmarks/published.py``.

The study (bmarti44/research-pipeline @ 7a6f14a, "coconut_curriculum_dissection") compares four models on ProsQA and on
two sets out of its distribution, answer by answer. Its own files of predictions give every paired number again, or show
that a published one does not follow. Everything here comes from those files: `published.json` says which number was
published where, and how finely; what it holds of an earlier recomputation is not read.

Prints a table of all numbers, and of those that do not follow whether their direction does and what a claim about them
comes to. The summary stands in docs/published.md.
"""

import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.published_pairs import ALPHA, COMPARISONS, Pairs
from ctlab.statistics.paired.mcnemar import mcnemar_p

FILE_OF = {"M2": "m3", "M3": "m5", "M4": "m6"}
"""Names of the models in the paper, and in its files."""
SHORT = {"prosqa_test": "prosqa_id", "ood_7hop": "7hop", "ood_dag": "dag"}
"""Names of the sets in the file of right and wrong answers."""

_READ = ("id", "where", "published", "tolerance")
"""What is read of a published number."""
Value = float | list[float] | None


@dataclass(frozen=True, slots=True)
class Row:
    """One published number beside ours."""

    id: str
    """What it is of."""
    where: str
    """Where it stands."""
    published: Value
    """As it was published."""
    ours: Value
    """As the files give it; None where no file has what it would take."""
    follows: str
    """`yes`, `no` or `cannot` be recomputed."""


class Study:
    """The study's files and its published numbers."""

    def __init__(self, shared: Path) -> None:
        self._folder = shared / "data" / "field"
        self.numbers: list[Mapping[str, Any]] = [
            {name: number[name] for name in _READ} for number in self._json("predictions/published.json")["numbers"]
        ]
        self.published = {number["id"]: number["published"] for number in self.numbers}
        self.right = cache(self._right)

    def _json(self, path: str) -> Any:
        return json.loads((self._folder / path).read_text(encoding="utf-8"))

    def _right(self, model: str, asked: str) -> list[bool]:
        """Which rows of a set a model answers rightly: its text is the set's answer, but for commas."""
        if model == "m6":  # of which no answers were published
            return [bool(right) for right in self._json("predictions/m6_per_sample_correctness.json")[asked]]
        answers = [row["answer"].replace(",", "") for row in self._json(f"text/prosqa/{asked}.json")]
        said = {
            row["sample_idx"]: row["predicted"]
            for row in self._json(f"predictions/{model}_{asked}.json")["predictions"]
        }
        return [said[row] == answer for row, answer in enumerate(answers)]

    def accuracy(self, model: str, asked: str) -> float:
        """Share of right answers."""
        right = self.right(model, asked)
        return sum(right) / len(right)

    def pairs(self, first: str, second: str, asked: str) -> Pairs:
        """Count two models' answers to the same problems."""
        counts = Counter(zip(self.right(first, asked), self.right(second, asked), strict=True))
        return Pairs(counts[True, True], counts[True, False], counts[False, True], counts[False, False])

    def disagreements(self) -> int:
        """Answers of which the study's own marks, in either of its files, say something else than their text."""
        wrong, flags = 0, self._json("predictions/per_sample_correctness.json")
        for model in ("m1", "m3", "m5"):
            for asked, short in SHORT.items():
                rows = self._json(f"predictions/{model}_{asked}.json")["predictions"]
                marks = {row["sample_idx"]: row["correct"] for row in rows}
                other = flags.get(f"{model}_{short}", [marks[row] for row in range(len(marks))])
                right = self.right(model, asked)
                wrong += sum((marks[row], other[row]) != (each, each) for row, each in enumerate(right))
        return wrong

    def corruption(self, file: str, *keys: str) -> list[float]:
        """Rates of a corruption run; of these no answers were published."""
        found = self._json(f"corruption/{file}.json")
        for key in keys:
            found = found[key]
        return [float(rate) for rate in found]

    def ours(self, name: str) -> Value:
        """Work one number out; None where no file has what it would take, KeyError for a number of another kind."""
        kind, *rest = name.split("/")
        return _KINDS[kind](self, *rest)

    def rows(self) -> list[Row]:
        """Every published number beside ours."""
        return [self._row(number) for number in self.numbers]

    def _row(self, number: Mapping[str, Any]) -> Row:
        ours = self.ours(number["id"])
        follows = "cannot" if ours is None else "yes" if _same(number, ours) else "no"
        return Row(number["id"], number["where"], number["published"], ours, follows)

    def compared(self, name: str) -> tuple[Pairs, tuple[float, float], float]:
        """Return the pairs behind a paired number, and what was published of them: two discordant counts, and p."""
        kind, what, *_ = name.split("/")
        if kind == "deprecated_m6_mcnemar":
            first, _, second, asked = what.split("_", 3)
            _, one, other, _ = self.published[f"{kind}/{what}/table"]
            return self.pairs(first, second, asked), (one, other), self.published[f"{kind}/{what}/p_value"]
        pairs = self.pairs("m3", "m5", what)
        if kind == "approximate_mcnemar":
            one, other = self.published[f"{kind}/{what}/discordant"]
            return pairs, (one, other), self.published[f"{kind}/{what}/p_value"]
        _, one, other, _ = self.published[f"mcnemar_m3_m5/{what}/table"]
        return pairs, (one, other), self.published[name]


def _same(number: Mapping[str, Any], ours: Value) -> bool:
    """Whether two are the same, as finely as the number was published."""
    published = number["published"]
    pairs = zip(published, ours, strict=True) if isinstance(ours, list) else [(published, ours)]
    return all(abs(one - other) <= number["tolerance"] for one, other in pairs)


def _mcnemar(study: Study, asked: str, what: str) -> Value:
    return _of_pairs(study.pairs("m3", "m5", asked), what)


def _factorial(study: Study, compared: str, asked: str, what: str) -> Value:
    first, _, second = compared.split("_")
    return _of_pairs(study.pairs(FILE_OF[first], FILE_OF[second], asked), what)


def _deprecated(study: Study, compared: str, what: str) -> Value:
    first, _, second, asked = compared.split("_", 3)
    if what == "p_from_its_own_table":
        _, one, other, _ = study.published[f"deprecated_m6_mcnemar/{compared}/table"]
        return mcnemar_p(one, other, "two-sided")
    return _of_pairs(study.pairs(first, second, asked), what)


def _of_pairs(pairs: Pairs, what: str) -> Value:
    first, second = pairs.first, pairs.second
    values: dict[str, Value] = {
        "table": pairs.table,
        "b_c": [first, second],
        "discordant": [first, second],
        "diff_pp": 100.0 * (first - second) / pairs.n,
        "p_exact": pairs.p,
        "p_value": pairs.p,
        "p_bonferroni": min(1.0, COMPARISONS * pairs.p),
        "chi2_corrected": pairs.chi2,
        "p_chi2": pairs.p_chi2,
    }
    return values[what]


def _corruption(study: Study, what: str, key: str) -> Value:
    if what == "TableA1":  # the manuscript's table against the file of rates
        return [100.0 * rate for rate in study.corruption("cross_corruption", key, "accuracies")]
    if what == "forward":  # one file of rates against the other
        return study.corruption("cross_corruption", f"{key}_{key}noise", "accuracies")[1:]
    if what == "clean":
        return study.accuracy(key, "prosqa_test")
    return {"reverse_corruption": None, "single_position": None}[what]  # no answers, and no second file of rates


_KINDS: Mapping[str, Callable[..., Value]] = {
    "accuracy": Study.accuracy,
    "mcnemar_m3_m5": _mcnemar,
    "mcnemar_verification": _mcnemar,
    "appendix_data": _mcnemar,
    "approximate_mcnemar": _mcnemar,
    "ci95_m5_minus_m3": lambda study, asked: study.pairs("m3", "m5", asked).wald_95,
    "factorial": _factorial,
    "deprecated_m6_mcnemar": _deprecated,
    "corruption": _corruption,
}


def shown(value: Value) -> str:
    """Write a number, or several."""
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    return "–" if value is None else f"{value:.6g}"


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table of Markdown."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def unfollowed(study: Study, rows: Sequence[Row]) -> list[tuple[str, ...]]:
    """Say of each number that does not follow whether its direction does, and what either says of a difference."""
    lines = []
    for row in rows:
        if row.follows != "no":
            continue
        pairs, (first, second), p = study.compared(row.id)
        same = (first > second) == (pairs.first > pairs.second)
        then = "differ" if p <= ALPHA else "open"
        lines.append((row.id, shown(row.published), shown(row.ours), "yes" if same else "no", then, pairs.verdict()))
    return lines


HEADS = ("number", "published", "from the files", "same direction", f"published p at {ALPHA:g}", "claim: they differ")


def main() -> None:
    """Print every number, then those that do not follow."""
    if not (folder := os.environ.get("CTLAB_SHARED")):
        sys.exit("published: set CTLAB_SHARED to the folder that holds data/field")
    study = Study(Path(folder))
    rows = study.rows()
    heads = ("number", "where", "published", "from the files", "follows")
    print(table(heads, [(row.id, row.where, shown(row.published), shown(row.ours), row.follows) for row in rows]))
    print(f"\n{table(HEADS, unfollowed(study, rows))}\n")
    counts = Counter(row.follows for row in rows)
    print(
        f"{len(rows)} numbers: {counts['yes']} follow, {counts['no']} do not, {counts['cannot']} cannot be recomputed"
    )
    print(f"{study.disagreements()} answers are marked otherwise than their text says")


if __name__ == "__main__":
    main()

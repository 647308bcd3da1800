"""Interchange accuracy by thought and step: a table with intervals, and what a heat map takes of it."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ctlab.measures.exchange import matching_of
from ctlab.measures.interchange import Interchange, interchanges, kept_apart
from ctlab.statistics.cells.cell import thought_of
from ctlab.statistics.wilson import wilson

if TYPE_CHECKING:
    from ctlab.outcomes import Run


def interchange_table(runs: Sequence["Run"]) -> list[dict[str, Any]]:
    """Count how often the answer becomes what the donor's result makes of it, by thought and step.

    Parameters
    ----------
    runs : sequence of Run
        Answers under conditions that patch one thought each by ``matched`` or ``matched-same``.

    Returns
    -------
    list of dict
        A row a run: ``thought``, ``step``, ``same`` (whether the pair has the same result there), ``n`` (pairs that
        share no problem), ``without_pair``, ``accuracy`` (share that is as expected: of ``same`` that the own gold
        answer stays), ``low`` and ``high`` (its 95 % Wilson interval), ``by_chance`` (share of an answer that depends
        on no pair; None of ``same``, and where every pair that could have been taken leads to one answer), ``keeps``
        and ``copies`` (shares that are the own gold answer, and the donor's where that is another). Proportions; None
        where no problem has a pair.

    Raises
    ------
    StatisticsError, PairingError
        As `interchanges`.
    """
    return [_row(run) for run in runs]


def interchange_map(rows: Sequence[Mapping[str, Any]], of: str = "accuracy") -> dict[str, dict[str, float | None]]:
    """Arrange a column of a table's rows, pairs of the same result left out, as `ctlab.plot.heat_map` takes it."""
    arranged: dict[str, dict[str, float | None]] = {}
    steps = sorted({row["step"] for row in rows if not row["same"]})
    for row in rows:
        if not row["same"]:
            cells = arranged.setdefault(row["thought"], dict.fromkeys(f"step {step}" for step in steps))
            cells[f"step {row['step']}"] = row[of]
    return arranged


def _row(run: "Run") -> dict[str, Any]:
    found, matching = interchanges(run), matching_of(run)
    kept, n = kept_apart(found), len(kept_apart(found))
    followed = sum(each.follows for each in kept)
    low, high = wilson(followed, n) if n else (None, None)
    told = not matching.same and any(each.can_differ for each in kept)
    return {
        "thought": thought_of(run.condition),
        "step": matching.step,
        "same": matching.same,
        "n": n,
        "without_pair": len(run.problems) - len(found),
        "accuracy": followed / n if n else None,
        "low": low,
        "high": high,
        "by_chance": _share([each.by_chance for each in kept]) if told else None,
        "keeps": _share([each.keeps for each in kept]),
        "copies": _share([each.copies for each in kept]),
    }


def _share(values: Sequence[float | bool]) -> float | None:
    return sum(values) / len(values) if values else None


def shown_pairs(run: "Run", most: int | None = None) -> list[dict[str, str]]:
    """Return pairs as people read them: both questions, what is expected, what was answered; the first ``most``."""
    return [_shown(each) for each in interchanges(run)[:most]]


def _shown(each: Interchange) -> dict[str, str]:
    return {
        "question": each.problem.question,
        "donor": each.donor.question,
        "gold": each.problem.gold_text,
        "donor_gold": each.donor.gold_text,
        "expected": str(each.expected),
        "answer": each.text or ("" if each.number is None else str(each.number)),
        "became": "expected" if each.follows else "own" if each.keeps else "donor's" if each.copies else "another",
    }

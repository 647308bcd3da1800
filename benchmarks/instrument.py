"""Measures the error taxonomy and writes ``docs/instrument.md``: ``python benchmarks/instrument.py``.

Needs the shared data folder (``CTLAB_SHARED``, default ``../shared``); ``--without-model`` leaves the embedded model's
own answers out. Comments on the examples stand in
``instrument_examples.json``; an example without one is marked as not looked at.
"""

import sys
import time
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from benchmarks.instrument_data import SHARED, Answers, embedded, problem_sets, recorded
from benchmarks.instrument_examples import examples, table_of
from ctlab.outcomes import CLASSIFIER_VERSION, ERRORS, Outcome, chance_rates, classify
from ctlab.outcomes.candidates import candidates
from ctlab.outcomes.second_reading import annotations_hold
from ctlab.outcomes.synthetic import SYNTHETIC, SyntheticError, synthetic_errors
from ctlab.outcomes.taxonomy import label
from ctlab.problems import Number, ProblemSet, parse_number

DOCUMENT = Path(__file__).parents[1] / "docs" / "instrument.md"
TEMPLATE = Path(__file__).with_suffix(".md")
SHORT = {
    Outcome.SIGN_ERROR: "SIGN",
    Outcome.PARTIAL_ANSWER: "PARTIAL",
    Outcome.OPERATION_REVERSAL: "REVERSAL",
    Outcome.OFF_BY_FACTOR: "FACTOR",
    Outcome.CALC_ERROR: "CALC",
    Outcome.LOGIC_ERROR: "LOGIC",
    Outcome.UNEXPLAINED: "UNEXPLAINED",
}
LARGEST = 99


def main() -> None:
    """Measure everything and write the document."""
    sets = problem_sets()
    gsm8k, tiny = sets["GSM8K test"], sets["tiny"]
    speed = measure_speed(gsm8k)
    other = recorded(sets)
    everything = other if "--without-model" in sys.argv else other + embedded(tiny)
    synthetic = {name: measure_synthetic(synthetic_errors(sets[name])) for name in ("tiny", "GSM8K test")}
    with_steps = [answers for answers in other if answers.steps]
    found = examples(other)
    text = TEMPLATE.read_text(encoding="utf-8").format(
        version=CLASSIFIER_VERSION,
        data=data_table(everything),
        synthetic_problems=", ".join(
            f"{sum(p.graph is not None for p in sets[name]):,} of {name}" for name in synthetic
        ),
        synthetic_tiny=confusion([pair for pair in synthetic["tiny"] if not pair[0].also]),
        synthetic_gsm8k=confusion([pair for pair in synthetic["GSM8K test"] if not pair[0].also]),
        synthetic_ambiguous=ambiguous_table(synthetic),
        real_steps=real_table(with_steps, from_steps=True),
        real_number=real_table(with_steps, from_steps=False),
        chance=chance_table(everything),
        reach=reach_table({"tiny": tiny, "GSM8K test": gsm8k}),
        unexplained=unexplained_table(everything),
        exact_rows=exact_rows(other),
        extraction=extraction_table(everything),
        parsed=parsed_table(sets),
        speed=speed,
        examples=found.text,
        summary=found.summary,
    )
    DOCUMENT.write_text(text, encoding="utf-8")
    print(f"{DOCUMENT.relative_to(Path.cwd())}: {len(text.splitlines())} lines")


def measure_synthetic(synthetic: Iterable[SyntheticError]) -> list[tuple[SyntheticError, Outcome]]:
    """Classify synthetic answers."""
    return [(answer, classify(answer.problem, answer.text).outcome) for answer in synthetic]


def percent(part: float, whole: float) -> str:
    """A share in percent, or a dash where there is nothing to share."""
    return f"{100 * part / whole:.1f}" if whole else "–"


def data_table(everything: Sequence[Answers]) -> str:
    rows = []
    for answers in everything:
        counts = Counter(each.outcome for each in answers.run.classifications)
        wrong = len(answers.run.problems) - counts[Outcome.CORRECT]
        silent = counts[Outcome.NONE] + counts[Outcome.NONSENSE]
        rows.append([answers.name, answers.what, len(answers.run.problems), counts[Outcome.CORRECT], wrong, silent])
    return table_of(["answers", "what", "problems", "correct", "wrong", "NONE or NONSENSE"], rows)


def confusion(pairs: Sequence[tuple[SyntheticError, Outcome]]) -> str:
    """Own label in rows, given label in columns, with recall and precision."""
    cells = Counter((answer.label, outcome) for answer, outcome in pairs)
    rows = []
    for own in SYNTHETIC:
        made = sum(cells[own, outcome] for outcome in SHORT)
        given = sum(cells[other, own] for other in SYNTHETIC)
        shares = [f"{cells[own, own] / total:.3f}" if total else "–" for total in (made, given)]
        rows.append([SHORT[own], made, *(cells[own, outcome] for outcome in SHORT), *shares])
    return table_of(["synthetic", "n", *SHORT.values(), "recall", "precision"], rows)


def ambiguous_table(synthetic: dict[str, list[tuple[SyntheticError, Outcome]]]) -> str:
    rows = []
    for name, pairs in synthetic.items():
        for own_label in SYNTHETIC:
            mine = [(answer, outcome) for answer, outcome in pairs if answer.label is own_label]
            unclear = [(answer, outcome) for answer, outcome in mine if answer.also]
            kept = sum(outcome is own_label for _, outcome in unclear)
            other = Counter(SHORT.get(outcome, outcome) for _, outcome in unclear if outcome is not own_label)
            went = ", ".join(f"{n} {to}" for to, n in other.most_common(3)) or "–"
            overall = sum(outcome is own_label for _, outcome in mine)
            rows.append(
                [
                    name,
                    SHORT[own_label],
                    len(unclear),
                    percent(kept, len(unclear)),
                    went,
                    percent(overall, len(mine)),
                ]
            )
    head = ["problems", "synthetic", "ambiguous", "kept, %", "others became", "recall with unambiguous ones, %"]
    return table_of(head, rows)


def real_table(everything: Sequence[Answers], *, from_steps: bool) -> str:
    """Truth of the written equations in rows, labels in columns."""
    rows = []
    for answers in everything:
        cells: Counter[tuple[bool, Outcome]] = Counter()
        for problem, generation, found in zip(
            answers.run.problems, answers.run.generations, answers.run.classifications, strict=True
        ):
            holds = annotations_hold(generation.text)
            if holds is not None and found.prediction is not None and found.outcome in SHORT:
                cells[holds, found.outcome if from_steps else label(problem, found.prediction)] += 1
        for holds in (True, False):
            n = sum(cells[holds, outcome] for outcome in SHORT)
            calc = cells[holds, Outcome.CALC_ERROR]
            what = "all equations true" if holds else "an equation is false"
            last = percent(n - calc if holds == from_steps else calc, n)
            if from_steps and not holds:
                last = percent(calc, n)
            rows.append([answers.name, what, n, *(cells[holds, outcome] for outcome in SHORT), last])
    return table_of(["answers", "truth", "n", *SHORT.values(), "right, %" if from_steps else "called CALC, %"], rows)


def chance_table(everything: Sequence[Answers]) -> str:
    rows = []
    for answers in everything:
        for outcome, rate in chance_rates(answers.run, final_number_only=True).items():
            if outcome in SHORT:
                interval = "–" if rate.corrected is None else f"{rate.corrected:.3f} [{rate.low:.3f}, {rate.high:.3f}]"
                rows.append([answers.name, SHORT[outcome], rate.n, f"{rate.rate:.3f}", f"{rate.chance:.3f}", interval])
    return table_of(["answers", "label", "n", "rate", "chance rate", "chance-corrected"], rows)


def reach_table(sets: dict[str, ProblemSet]) -> str:
    rows = []
    for name, problems in sets.items():
        groups: dict[str, list[Counter[str]]] = {}
        for problem in problems:
            operations = problem.features.n_operations
            if problem.graph is None or operations is None:
                continue
            counts: Counter[str] = Counter()
            for value in range(1, LARGEST + 1):
                counts["reach"] += candidates(problem).reach.explain(value) is not None
                counts[label(problem, Number.of(value))] += 1
            for group in ("all", f"{operations} operations" if operations < 6 else "6 or more operations"):
                groups.setdefault(group, []).append(counts)
        for group, members in sorted(groups.items(), key=lambda item: (item[0] == "all", item[0])):
            total = sum(members, Counter())
            labelled = LARGEST * len(members) - total[Outcome.CORRECT]
            shares = [percent(total[outcome], labelled) for outcome in SHORT]
            rows.append([name, group, len(members), percent(total["reach"], LARGEST * len(members)), *shares])
    return table_of(["problems", "group", "n", "reached, %", *(f"{short}, %" for short in SHORT.values())], rows)


def unexplained_table(everything: Sequence[Answers]) -> str:
    rows = []
    for answers in everything:
        numbers = [
            (problem, found.prediction)
            for problem, found in zip(answers.run.problems, answers.run.classifications, strict=True)
            if found.outcome in ERRORS and found.prediction is not None
        ]
        given = sum(found.outcome is Outcome.UNEXPLAINED for found in answers.run.classifications)
        alone = sum(label(problem, prediction) is Outcome.UNEXPLAINED for problem, prediction in numbers)
        rows.append([answers.name, len(numbers), percent(given, len(numbers)), percent(alone, len(numbers))])
    return table_of(["answers", "wrong with a number", "UNEXPLAINED, %", "from the number alone, %"], rows)


def exact_rows(everything: Sequence[Answers]) -> str:
    rows = [
        (generation.text.rpartition(":")[2].strip(), found.prediction)
        for answers in everything
        if answers.name.startswith("codi")
        for generation, found in zip(answers.run.generations, answers.run.classifications, strict=True)
    ]
    return f"{sum(parse_number(text) == prediction for text, prediction in rows):,} of {len(rows):,}"


def extraction_table(everything: Sequence[Answers]) -> str:
    rows = []
    for answers in everything:
        found = [each.extraction for each in answers.run.classifications]
        flagged = sum(each.flagged and each.last is not None for each in found)
        counts = [sum(each.disagrees for each in found), sum(each.ambiguous for each in found)]
        rows.append([answers.name, len(found), flagged, *counts])
    return table_of(["answers", "n", "flagged", "disagree", "ambiguous"], rows)


def parsed_table(sets: dict[str, ProblemSet]) -> str:
    rows = []
    for name, problems in sets.items():
        parsed = sum(problem.graph is not None for problem in problems)
        rows.append([name, len(problems), parsed, percent(parsed, len(problems))])
    return table_of(["problems", "n", "parsed", "parsed, %"], rows)


def measure_speed(problems: ProblemSet) -> str:
    """Classify one set of answers in a fresh process state, then again with what is remembered about the problems."""
    from ctlab.results import read_recorded

    answers = read_recorded(SHARED / "recorded/openai-175b-finetuning.jsonl", problems)
    rows = []
    for state in ("first time", "again"):
        seconds = []
        for problem, answer in zip(problems, answers, strict=True):
            start = time.process_time()
            classify(problem, answer.text)
            seconds.append(time.process_time() - start)
        slowest = "under 50" if max(seconds) < 0.05 else f"{1000 * max(seconds):.0f}"
        rows.append([state, len(seconds), f"{1000 * sum(seconds) / len(seconds):.1f}", slowest])
    return table_of(["openai-175b-finetuning on GSM8K test", "answers", "mean, ms", "slowest, ms"], rows)


if __name__ == "__main__":
    main()

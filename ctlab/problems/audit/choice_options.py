"""Options of multiple choice: the gold answer must be one of them, and none may stand twice."""

from collections.abc import Sequence

from ctlab.problems.audit.finding import Finding, Instance, Located, finding


def check_options(rows: Sequence[Located]) -> tuple[Finding, ...]:
    """Find gold answers that are no option, and options that stand twice."""
    having = [row for row in rows if row.problem.options]
    none: list[Instance] = []
    gold_twice: list[Instance] = []
    twice: list[Instance] = []
    for row in having:
        options = [option.strip().casefold() for option in row.problem.options]
        if row.problem.gold_text.strip().casefold() not in options:
            listed = ", ".join(row.problem.options)
            none.append(Instance(places=(row.place,), text=f"{row.problem.gold_text} is not among {listed}"))
        if len(set(options)) < len(options):
            text = f"{', '.join(row.problem.options)}: {row.problem.question}"
            gold_is_it = options.count(row.problem.gold_text.strip().casefold()) > 1
            (gold_twice if gold_is_it else twice).append(Instance(places=(row.place,), text=text))
    n = len(having)
    return (
        *finding("gold-is-no-option", none, n, "gold answers", "are none of their options"),
        *finding("gold-twice", gold_twice, n, "gold answers", "stand among the options twice, under two letters"),
        *finding("same-option-twice", twice, n, "problems", "have the same wrong option twice", fails=False),
    )

"""Options of multiple choice: none may stand twice."""

from collections.abc import Sequence

from ctlab.problems.answer_kinds import chosen, letter
from ctlab.problems.audit.finding import Finding, Instance, Located, finding
from ctlab.problems.phrases import phrase


def check_options(rows: Sequence[Located]) -> tuple[Finding, ...]:
    """Find options that stand twice; a gold answer that is no option is refused when its problem is made."""
    having = [row for row in rows if row.problem.options]
    gold_twice: list[Instance] = []
    twice: list[Instance] = []
    for row in having:
        texts = [phrase(option) for option in row.problem.options]
        if len(set(texts)) < len(texts):
            gold = chosen(row.problem.gold_text, row.problem.options)
            right = {text for at, text in enumerate(texts) if letter(at) == gold} | {phrase(row.problem.gold_text)}
            gold_is_it = any(texts.count(text) > 1 for text in right)
            text = f"{', '.join(row.problem.options)}: {row.problem.question}"
            (gold_twice if gold_is_it else twice).append(Instance(places=(row.place,), text=text))
    n = len(having)
    return (
        *finding("gold-twice", gold_twice, n, "gold answers", "stand among the options twice, under two letters"),
        *finding("same-option-twice", twice, n, "problems", "have the same wrong option twice", fails=False),
    )

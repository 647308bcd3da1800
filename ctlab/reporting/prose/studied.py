"""What was studied, for somebody who has never seen such a model: the thoughts, the model, the problems."""

from ctlab import formatting
from ctlab.reporting.model.record import BASELINE
from ctlab.reporting.model.run_report import ModelCard, NamedModelCard, Report
from ctlab.reporting.prose.untrusted_text import clip

_THOUGHT = (
    "A continuous thought is a vector that a language model computes between question and answer and reads back in "
    "place of a word: it reasons without writing. CT0 is the first of them."
)
_HIDING = (
    "Hiding one means that later positions cannot attend to it; the vector itself is still passed on to the next "
    "thought. What then breaks shows what was read from it."
)
_LONGEST_EXAMPLE = 220
"""Characters of a question that fit on the first screen."""


def studied(report: Report) -> list[str]:
    """Say in a few sentences each what a thought is, who answered and what was asked."""
    models = dict.fromkeys(row.answered_by or row.model for row in report.conditions if row.model)
    hidden = any(not (row.undisturbed or row.no_op) for row in report.conditions)
    nothing = "" if hidden else ", and nothing is hidden from any"
    done = f"Several models are compared here{nothing}: {'; '.join(models)}." + (f" {_HIDING}" if hidden else "")
    return [f"{_THOUGHT} {done if models else _HIDING}", " ".join(filter(None, (_model(report), _problems(report))))]


def _model(report: Report) -> str:
    card = report.model
    if any(row.recorded for row in report.conditions):
        whose = "the models were" if any(row.model for row in report.conditions) else "the model was"
        return f"The answers were recorded elsewhere; how {whose} built and trained is not on record."
    if report.models:
        return " ".join(_built(each, f"{each.called} is {each.id or 'unnamed'}") for each in _answered(report))
    return _built(card, f"The model is {card.id or 'unnamed'}")


def _answered(report: Report) -> list[NamedModelCard]:
    """The models whose answers are compared, the run's own first where some of them are its."""
    own = any(not row.model for row in report.conditions)
    first = [NamedModelCard(**{**dict(report.model), "called": "The run's own model"})] if own else []
    return [*first, *report.models]


def _built(card: ModelCard, who: str) -> str:
    size = [
        f"{formatting.count(card.parameters)} weights" if card.parameters else "",
        formatting.counted(card.num_layers, "layer") if card.num_layers else "",
        f"{formatting.counted(card.num_heads, 'attention head')} a layer" if card.num_heads else "",
    ]
    built = f" ({', '.join(filter(None, size))})" if any(size) else ""
    trained = card.trained or (f"of the family {card.family}" if card.family else "")
    text = f"{who}{built}{', ' + trained if trained else ''}."
    if card.num_thoughts:
        last = f", CT0 to CT{card.num_thoughts - 1}" if card.num_thoughts > 1 else ""
        most = "at most " if card.stops_itself else ""
        when = ", and decides itself when they are enough" if card.stops_itself else ""
        text += f" It computes {most}{formatting.counted(card.num_thoughts, 'thought')}{last}, before it answers{when}."
    if card.num_thoughts == 0:
        text += " It has no continuous thoughts."
    if card.loop is not None:
        text += f" {_passed(card.loop.core, card.loop.steps, card.settings.get('init_seed'))}"
    return text


def _passed(core: int, steps: int, seed: object) -> str:
    verb = "is" if core == 1 else "are"
    times = f"{formatting.counted(steps, 'time')} for every token, and counted each time"
    begun = "zeros" if seed is None else f"random numbers, the same for every question (seed {seed})"
    return f"{formatting.counted(core, 'layer')} of its network {verb} passed {times}, from a state of {begun}."


def _problems(report: Report) -> str:
    problems, baseline = report.problems, report.condition(BASELINE)
    first = "the first " if problems.limit else ""
    several = any(row.model for row in report.conditions)
    who = "Each" if several else "It"
    text = f"{who} was given {first}{formatting.counted(problems.n, 'problem')} of {problems.name or 'a problem set'}"
    if several:  # what one of them answers says nothing of the others
        plain = [row for row in report.conditions if row.undisturbed and not row.unknown and row.n]
        right = [
            f"{row.name} is right on {formatting.percent(row.accuracy)}" for row in plain if row.accuracy is not None
        ]
        text += f"; undisturbed, {formatting.listed(right)}" if right else ""
    elif baseline and baseline.accuracy is not None and baseline.n:
        text += f" and answers {formatting.percent(baseline.accuracy)} of them correctly undisturbed"
    return f"{text}.{_example(report)}"


def _example(report: Report) -> str:
    """The shortest question that the report quotes; empty where it quotes none that is short."""
    quoted = [example for claim in report.claims for example in claim.examples if example.question]
    first = min(quoted, key=lambda example: (len(example.question), example.problem_id), default=None)
    if first is None or len(first.question) > _LONGEST_EXAMPLE:
        return ""
    return f" One problem: “{clip(first.question)}” Its answer: {clip(first.gold, 40)}."

"""Every term that terminal, pages and docs use, each in a sentence: the one place where they are explained.

python -m ctlab.reporting.prose.glossary > docs/glossary.md

The report's page shows the list and takes its tips from it; `ctlab words TERM` prints it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ctlab import formatting

if TYPE_CHECKING:
    from ctlab.reporting.model.run_report import Report


@dataclass(frozen=True, slots=True)
class Term:
    """A term, or several that are explained together, and what it means."""

    name: str
    """As it is written; a comma separates terms that are explained together."""
    meaning: str
    """In a sentence or two, without a full stop at the end."""

    @property
    def anchor(self) -> str:
        """Its id on a page, by its first name."""
        return re.sub(r"\W+", "-", self.name.partition(",")[0].lower().replace("[", "flag ")).strip("-")


BEYOND = (
    "(rate − chance) / (1 − chance): 0 is what random answers would earn, 100 % is every one; a label at its chance "
    "rate says nothing about the model"
)
LENGTHS = (
    "how far two hidden states are apart, as a part of the length of baseline's: 0 is the same state, 1 is as far "
    "apart as that one is long"
)
LEVEL = (
    "how often such an interval covers the true value; it is 1 − α of the claim (1 − 2α where the claim has one side), "
    "so that it decides as the test does. α is a share of its family's, hence levels such as 98.33 %"
)
ALPHA = (
    "the probability of calling a false claim SUPPORTED that was agreed to before; a family's claims share one, in "
    "equal parts"
)

GLOSSARY: dict[str, tuple[Term, ...]] = {
    "Thoughts": (
        Term(
            "continuous thought",
            "a hidden vector that a latent-reasoning model feeds back to itself between question and answer, where "
            "another model would write a step of its reasoning",
        ),
        Term("CT0, CT1, …", "the continuous thoughts, counted from 0 in the order in which the model computes them"),
        Term("begin", "the marker between question and thoughts: the tokens after which the model begins to think"),
        Term("end", "the marker between thoughts and answer: the tokens after which the model writes words again"),
        Term("position", "a place in the sequence that the model computes: question, begin, thoughts, end, answer"),
        Term("logits", "the model's scores of all tokens for the next place, before they become probabilities"),
        Term("decode", "read a thought as the token that the model's output layer scores highest for it"),
        Term(
            "divergence, lengths",
            LENGTHS,
        ),
    ),
    "What is done to the model": (
        Term("baseline", "the model undisturbed; every condition is compared with it, problem by problem"),
        Term("condition", "one way to disturb the model: what is hidden from whom, or what a thought is replaced by"),
        Term(
            "hide, blocked",
            "keep a position from being attended to by its readers: their attention to it is exactly 0 and shared "
            "among what else they read. The vector itself is still passed on to the next thought",
        ),
        Term(
            "readers, later",
            "the positions from which something is hidden: the later thoughts, the answer, or both (later)",
        ),
        Term(
            "edge",
            "a pair of a position and an earlier one that it reads by attention; masks are counted in edges of one "
            "problem up to the marker end, once for all layers and heads in which they hold",
        ),
        Term(
            "patch, replace",
            "feed something else in place of a thought: zeros, noise, the thought of another problem",
        ),
        Term(
            "early answer",
            "the answer that the model gives when the marker end is put after fewer thoughts than it usually thinks; "
            "it is committed to its answer from where the early answer is the final one, and stays it",
        ),
        Term(
            "thinking",
            "how the model gets from question to answer: latent, in thoughts; explicit, the same weights write their "
            "steps down; none, the answer marker stands right after the question",
        ),
        Term(
            "donor, matched",
            "the other problem whose thought is fed; a matched one differs in the result of one step only. Problems "
            "without a donor are left alone and not judged",
        ),
        Term("give back", "feed a thought as it was in the undisturbed run, while something before it is disturbed"),
        Term(
            "certificate",
            "checks on a sample of problems that a condition did what it says, and nothing else",
        ),
        Term(
            "control",
            "a condition whose result is known beforehand; where it comes out otherwise, the claim is VOID. A no-op "
            "must change no token of any answer, a negligible one must cost no more than its margin, one that bites "
            "must weaken edges or replace thoughts and move the logits, one that is not so must not show what is "
            "claimed",
        ),
        Term("positive control", "a claim that is known to be true: it tests the method, not the model"),
    ),
    "Answers": (
        Term("outcome, label", "what became of one answer: correct, no answer, or one kind of error"),
        Term(
            "discordant",
            "of a problem: it has the outcome under one of two conditions and not under the other. Only such problems "
            "tell which way a rate moved",
        ),
        Term("broken, fixed", "right under baseline and wrong under the condition, and the other way round"),
        Term("lost, gained", "the same of any other outcome than correct"),
        Term(
            "chance rate",
            "how often a wrong answer earns a label by accident: the rate when every answer is held against another "
            "problem",
        ),
        Term("chance-corrected rate, beyond chance", BEYOND),
        Term(
            "read in more than one way",
            "of an answer: a careful person would hesitate over what it says; it is judged like any other, and counted",
        ),
        Term("recorded", "answers that somebody else generated: the name of their file is all that says what was done"),
        Term(
            "one seed",
            "each compared model was trained once: a verdict is about these checkpoints, and another training of the "
            "same recipe may differ by more than its interval",
        ),
    ),
    "Numbers": (
        Term("points", f"difference of two rates in percent: from 76.7 % to 61.7 % is {formatting.points(-0.15)}"),
        Term("log-odds", "the logarithm of an odds ratio: 0 is no difference, 0.69 is twice the odds"),
        Term(
            "AUC",
            "of two problems, one from each group: the probability that the one from the first group has the larger "
            "value; 0.5 is no difference",
        ),
        Term(
            "total variation",
            "of two mixtures of errors: the share of errors that would have to change their kind to make them alike",
        ),
        Term("n", "the number of problems that a number rests on"),
        Term("null hypothesis", "what is true if the claim is false; a test asks how well the data fit it"),
        Term("p", "how often data at least as far from the null hypothesis come about where it is true"),
        Term("α", ALPHA),
        Term(
            "family",
            "claims that are judged as one experiment and share one α (0.05): each has 0.05 divided by the number of "
            "claims that are registered in it",
        ),
        Term("interval", "all values of an effect that fit the data"),
        Term("level of an interval", LEVEL),
        Term(
            "margin, equivalence",
            "the size that matters, declared beforehand. An equivalence claims that an effect lies within ± its "
            "margin: the only way to support “no effect”",
        ),
        Term(
            "decided by",
            "of a claim of several parts (outcomes, steps, cells): the part whose number stands there, because the "
            "verdict rests on it",
        ),
        Term(
            "cell, stratum",
            "problems of one kind, such as those of two operations; a cell is one thought in one stratum",
        ),
        Term(
            "interaction",
            "the loss depends on a property of the problem, such as its number of operations",
        ),
        Term(
            "confounding, adjusted",
            "two properties go together, so that one passes for the other: long questions have more operations. "
            "Adjusted compares only problems that agree in the other one",
        ),
        Term("power", "how often a true effect of a given size is SUPPORTED"),
        Term("detectable, provable", "the smallest true effect, or the smallest margin, with 80 % power"),
        Term("Holm", "p-values adjusted for the number of claims in a family; shown to compare, they decide nothing"),
    ),
    "Verdicts": (
        Term("SUPPORTED", "the test rejects what the claim denies, and its controls hold"),
        Term("REFUTED", "the interval lies on the other side: the claim does not hold here"),
        Term("INCONCLUSIVE", "the sample is too small to say either"),
        Term("VOID", "a control or certificate contradicts what it must show: nothing can be said"),
        Term(
            "accepted",
            "the verdict that was written down as the expected one; a run is red where a verdict differs from it",
        ),
        Term("registered", "written into registry.toml with date and problems, before any answer existed"),
        Term("confirmatory", "judged as it was registered before its answers were seen"),
        Term(
            "look, gate",
            "a gate is a run that is held to accepted verdicts, and red where one changes. Where no verdict is "
            "accepted for the model and the problems, a run is a look: a claim passes with its verdict's letter",
        ),
        Term("exploratory", "judged on answers that were seen before the claim was registered as it stands"),
        Term("withdrawn", "given up with a reason; a claim whose answers were seen keeps counting in its family's α"),
        Term("flag", "in brackets: what a reader must know beside the verdict, such as idle, same, recorded"),
        Term("[idle]", "a condition changed no answer, although the model computed something else"),
        Term("[same]", "two conditions do the same under two names"),
        Term("[left alone]", "problems without a donor: nothing was replaced, and they are not judged"),
    ),
    "Roles of thoughts": (
        Term("needed", "hiding the thought costs more than the margin in problems of that kind"),
        Term("idle", "hiding it costs less than the margin: nothing that matters is read from it there"),
        Term(
            "carries",
            "it decodes to the result of a step, hiding it costs accuracy where that step counts, and exchanging it "
            "exchanges the answer",
        ),
        Term("unknown", "the interval holds both; no verdict says whether the thought is needed"),
    ),
}
"""Terms under what they are about, in the order of a reader's questions."""


def terms() -> list[Term]:
    """Return all terms in order."""
    return [term for group in GLOSSARY.values() for term in group]


def glossary(report: "Report") -> list[Term]:
    """Return all terms in order, with the numbers of a run where a meaning has one."""
    here = f" (here {formatting.small(report.alpha)} a family)"
    return [Term(term.name, term.meaning + here) if term.name == "α" else term for term in terms()]


def found(wanted: str) -> list[Term]:
    """Return the terms of a name, and those that have it as a part where none is called so; capitals do not matter."""
    text = wanted.casefold().strip()
    exact = [term for term in terms() if text in [name.strip(" []") for name in term.name.casefold().split(",")]]
    return exact or [term for term in terms() if text in term.name.casefold()]


def page(groups: dict[str, tuple[Term, ...]] = GLOSSARY) -> str:
    """Return the glossary as a page of the docs."""
    lines = [
        "# Words",
        "",
        "What each term means that terminal, report and these pages use. `ctlab words TERM` prints one of them.",
    ]
    for title, group in groups.items():
        lines += ["", f"## {title}", "", "| term | meaning |", "| --- | --- |", *map(_row, group)]
    return "\n".join(lines) + "\n"


def _row(term: Term) -> str:
    return f'| <span id="{term.anchor}">{term.name}</span> | {term.meaning} |'


def in_lines(chosen: Sequence[Term]) -> list[str]:
    """Return terms as lines of a terminal, each with its meaning behind it."""
    return [f"{term.name}: {term.meaning}." for term in chosen]


if __name__ == "__main__":
    print(page(), end="")

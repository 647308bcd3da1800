"""Words that a newcomer may not know, each in a sentence: for tips where they stand, and for a list at the end."""

from ctlab import formatting
from ctlab.reporting.model.run_report import Report

BEGIN = "the marker between question and thoughts: the tokens after which the model begins to think"
END = "the marker between thoughts and answer: the tokens after which the model writes words again"
LENGTHS = (
    "how far two hidden states are apart, as a part of the length of baseline's: 0 is the same state, 1 is as far "
    "apart as that one is long"
)
BEYOND = (
    "(rate − chance) / (1 − chance): 0 is what random answers would earn, 100 % is every one; a label at its chance "
    "rate says nothing about the model"
)
LEVEL = (
    "how often such an interval covers the true value; it is 1 − α of the claim (1 − 2α where the claim has one side), "
    "so that it decides as the test does"
)
ALPHA = "the probability of calling a false claim SUPPORTED that was agreed to before; a family's claims share one"


def glossary(report: Report) -> list[tuple[str, str]]:
    """Return each word with what it means, in the order of a reader's questions."""
    return [
        ("CT0, CT1, …", "the continuous thoughts, counted from 0 in the order in which the model computes them"),
        ("begin", BEGIN),
        ("end", END),
        ("baseline", "the model undisturbed; every condition is compared with it, problem by problem"),
        ("condition", "one way to disturb the model: what is hidden from whom, or what a thought is replaced by"),
        (
            "edge",
            "a pair of a position and an earlier one that it reads by attention; masks are counted in edges of one "
            "problem up to the marker end, once for all layers and heads in which they hold",
        ),
        ("certificate", "checks on a sample of problems that a condition did what it says, and nothing else"),
        (
            "control",
            "a condition whose result is known beforehand; where it comes out otherwise, the claim is VOID. A no-op "
            "must change no token of any answer, a negligible one must cost no more than its margin, one that bites "
            "must weaken edges or replace thoughts and move the logits, one that is not so must not show what is "
            "claimed",
        ),
        ("broken, fixed", "right under baseline and wrong under the condition, and the other way round"),
        ("points", f"difference of two rates in percent: from 76.7 % to 61.7 % is {formatting.points(-0.15)}"),
        ("log-odds", "the logarithm of an odds ratio: 0 is no difference, 0.69 is twice the odds"),
        ("lengths", LENGTHS),
        ("what chance leaves", BEYOND),
        ("α", f"{ALPHA} (here {formatting.small(report.alpha)} a family)"),
        ("level of an interval", LEVEL),
        ("SUPPORTED", "the test rejects what the claim denies, and its controls hold"),
        ("REFUTED", "the interval lies on the other side: the claim does not hold here"),
        ("INCONCLUSIVE", "the sample is too small to say either"),
        ("VOID", "a control or certificate contradicts what it must show: nothing can be said"),
        ("exploratory", "judged on answers that were seen before the claim was registered as it stands"),
    ]

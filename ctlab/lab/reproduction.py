"""Where a model's accuracy is published: how the one here compares with it."""

from typing import Any

from ctlab import formatting
from ctlab.lab.run_maker import RunMaker
from ctlab.statistics.wilson import wilson

_ROUNDING = 0.0005  # accuracies are published in percent with one decimal: half a tenth of a point either way


def reproduction_line(lab: RunMaker) -> str:
    """Compare the published accuracy with the one here; empty where none is published."""
    compared = reproduction(lab)
    if compared is None:
        return ""
    published = f"published {formatting.percent(compared['published'])}"
    if compared["n"] is None:
        return f"{published}, here not measured yet"
    interval = formatting.rate_interval(compared["low"], compared["high"])
    return (
        f"{published}, here {formatting.percent(compared['accuracy'])} [{interval}] on "
        f"{formatting.count(compared['n'])}: {'consistent' if compared['consistent'] else 'NOT consistent'}"
    )


def reproduction(lab: RunMaker) -> dict[str, Any] | None:
    """Published accuracy and this run's, with its 95 % Wilson interval; None where none is published."""
    from ctlab.models import published_accuracy

    if lab.settings.recorded:
        return None
    # A known set that was read from a file is called by its folder and split, such as gsm8k/test.
    published = published_accuracy(lab.settings.model, lab.problems.name.partition("/")[0])
    if published is None:
        return None
    form: dict[str, Any] = {"published": published, "n": None}
    if lab.available(["baseline"]):
        correct = lab.run("baseline").correct()
        low, high = wilson(sum(correct), len(correct))
        consistent = low - _ROUNDING <= published <= high + _ROUNDING
        accuracy = sum(correct) / len(correct)
        form |= {"n": len(correct), "accuracy": accuracy, "low": low, "high": high, "consistent": consistent}
    return form

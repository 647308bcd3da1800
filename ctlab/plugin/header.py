"""What the terminal shows before the tests: who is asked what, and, where an accuracy is published, how it compares."""

from collections.abc import Collection, Iterable
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

from ctlab import formatting
from ctlab.plugin.session import ClaimSession

if TYPE_CHECKING:
    from ctlab.lab.lab import Lab


def header_lines(claims: ClaimSession) -> list[str]:
    """One line, and one more for a published accuracy."""
    settings, lab = claims.settings, claims.lab
    n = len(lab.problems)
    asked = f"{n:,} problem{'s' * (n != 1)} of {lab.problems.name}"
    alpha = ", ".join(sorted({f"{family.alpha:g}" for family in claims.registration.families.values()}))
    if settings.recorded:
        line = f"ctlab: recorded answers ({', '.join(settings.recorded)}), {asked}, α {alpha} a family"
    else:
        store = settings.store
        where = store.relative_to(claims.root) if store.is_relative_to(claims.root) else store
        model = f"{lab.engine.card()['id']} ({lab.answered_by[:8]})"
        line = f"ctlab: model {model}, {asked}, store {where}, α {alpha} a family"
    more = [reproduction_line(lab), *unknown_names(settings.recorded, claims.conditions)]
    return [line, *(f"ctlab: {each}" for each in more if each)]


def unknown_names(recorded: Iterable[str], conditions: Collection[str]) -> list[str]:
    """Warn of recorded answers under a name that is no condition of this suite: any may be recorded, many are typos."""
    lines = []
    for name in recorded:
        if name not in conditions:
            near = get_close_matches(name, conditions, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            lines.append(f"warning: {name!r} is no condition of this suite, so no claim reads its answers{hint}")
    return lines


def reproduction_line(lab: "Lab") -> str:
    """Compare the published accuracy with the one here; empty where none is published."""
    found = reproduction(lab)
    if found is None:
        return ""
    published = f"published {formatting.percent(found['published'])}"
    if found["n"] is None:
        return f"{published}, here not measured yet"
    here = f"{formatting.percent(found['accuracy'])} [{formatting.rate_interval(found['low'], found['high'])}]"
    return (
        f"{published}, here {here} on {formatting.count(found['n'])}: "
        f"{'consistent' if found['consistent'] else 'NOT consistent'}"
    )


def reproduction(lab: "Lab") -> dict[str, Any] | None:
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
        # What was published is rounded to a tenth of a point.
        consistent = low - 0.0005 <= published <= high + 0.0005
        accuracy = sum(correct) / len(correct)
        form |= {"n": len(correct), "accuracy": accuracy, "low": low, "high": high, "consistent": consistent}
    return form


def wilson(count: int, n: int) -> tuple[float, float]:
    """Return the 95 % score interval of a proportion."""
    z = 1.959963984540054  # importing scipy for one constant would cost a warm run half a second
    centre = (count + z * z / 2) / (n + z * z)
    half = z / (n + z * z) * (count * (n - count) / n + z * z / 4) ** 0.5
    return max(0.0, centre - half), min(1.0, centre + half)

"""A condition that costs more on problems with more of a feature."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.group_words import feature_words, group_words
from ctlab.claims.kinds.base import Call, ClaimData, ClaimKind, Pair, Start, Takes, first_pair, from_reference
from ctlab.claims.kinds.promise import Promise, Sample, too_few
from ctlab.claims.kinds.words import rate_noun
from ctlab.errors import RegistryError, StatisticsError
from ctlab.records.effect import Effect
from ctlab.statistics.moderators.feature import check_form
from ctlab.statistics.moderators.interaction import scale_name
from ctlab.statistics.power.large_sample import detectable_between_halves, detectable_points_between_halves


@dataclass(frozen=True, slots=True)
class Interaction(ClaimKind):
    """β of condition × feature, in log-odds or in points."""

    name = "interaction"
    statistics = ("interaction",)
    takes = Takes.EVERY_RUN
    by_p_alone = False
    plans_with = ("discordance", "rate")
    adjusts = True
    sizes = (2, 2)

    @property
    def about_problems(self) -> bool:
        """Return that it is."""
        return True

    def check(self, claim: ClaimData) -> None:
        """Refuse a scale that is none, features written in another form, and adjusting for the claim's own."""
        try:
            scale_name(claim.scale)
            for name in (claim.feature, *claim.adjust):
                if name:
                    check_form(name)
        except StatisticsError as problem:
            raise RegistryError(f"Claim {claim.id!r}: {problem}") from None
        if claim.feature in claim.adjust:
            raise RegistryError(
                f"Claim {claim.id!r}: {claim.feature!r} cannot be adjusted for itself, because nothing would be left; "
                "adjust for others."
            )

    def call(self, claim: ClaimData, runs: Sequence[Any], given: Sequence[Any]) -> Call:
        """Return the feature and both runs; scale and what is adjusted for are the claim's."""
        return Call("interaction", (claim.feature, *runs), {"outcome": claim.outcome})

    def pairs(self, claim: ClaimData) -> list[Pair]:
        """Return both conditions."""
        return first_pair(claim)

    def promise(self, claim: ClaimData, alpha: float, sample: Sample) -> Promise:
        """Return which loss of one half of the problems is found when the other loses nothing on balance."""
        if few := too_few(sample.n // 2):
            return Promise(note=few)
        two_sided, before = claim.direction == Direction.CHANGE, ""
        if scale_name(claim.scale) == "log-odds":
            before = f", from {formatting.percent(sample.rate, 0)} correct; the verdict is in log-odds"
            loss = detectable_between_halves(
                sample.rate, sample.discordance, sample.n, alpha=alpha, two_sided=two_sided
            )
        else:
            loss = detectable_points_between_halves(sample.discordance, sample.n, alpha=alpha, two_sided=two_sided)
        note = f"approximate: difference in loss between two halves of the problems{before}"
        if claim.adjust:
            note += (
                f", and here without adjusting for {formatting.listed([feature_words(name) for name in claim.adjust])}"
            )
        return Promise(detectable=loss, note=note)

    def starts(self, claim: ClaimData) -> list[Start]:
        """Return the reference, from which groups of problems lose."""
        return from_reference(claim, Direction.DECREASE)

    def compared(self, claim: ClaimData, effect: Effect) -> Pair | None:
        """Return none: it compares what several groups of problems lose."""
        return None

    def noun(self, claim: ClaimData, effect: Effect) -> str:
        """Return what its unit is called."""
        return rate_noun(claim, effect)

    def null(self, claim: ClaimData, effect: Effect) -> str:
        """Return the statistic's own, with the features as a reader would say them."""
        null = effect.null
        for name in (claim.feature, *claim.adjust):
            null = null.replace(name, feature_words(name)) if name else null
        return null

    def remarks(self, claim: ClaimData, effect: Effect, *, supported: bool) -> str:
        """Say who loses more, what is adjusted for, whether a line fits, what is left, and what the other scale is."""
        details = effect.details
        said = [
            _who_loses_more(claim, effect) if supported and effect.estimated else "",
            _adjusted(claim, effect),
            _lack_of_fit(details.get("lack_of_fit")),
            _without(details.get("without"), effect.unit),
            _other_scale(effect),
        ]
        return " ".join(sentence for sentence in said if sentence)


def _who_loses_more(claim: ClaimData, effect: Effect) -> str:
    """Say which group loses more, and by how much: an odds ratio with its interval, or points."""
    size = formatting.points(abs(effect.estimate)).lstrip("+")
    if effect.unit == "log-odds":
        sign = math.copysign(1.0, effect.estimate)
        ends = sorted((sign * effect.low, sign * effect.high))
        ratio, low, high = (formatting.decimal(math.exp(end), (1.0,), 2) for end in (abs(effect.estimate), *ends))
        size = f"odds ratio {ratio} ({formatting.level(effect.level)} interval {low} to {high})"
    if effect.groups:
        more, less = (group_words(f"{no}{claim.feature}") for no in ("", "not "))
        if effect.estimate < 0:
            more, less = less, more
        return f"Problems {_having(more)} lose more than those {_having(less)}: {size}."
    grows = "more" if effect.estimate > 0 else "less"
    return f"The more ({feature_words(claim.feature)}), the {grows} is lost: {size} per unit."


def _having(group: str) -> str:
    """Join a group to its problems: with division, with two operations or more."""
    return group if group.startswith(("with ", "without ")) else f"with {group}"


def _adjusted(claim: ClaimData, effect: Effect) -> str:
    """Say what it is adjusted for, and how: nothing has the same value of a feature that takes many."""
    if not claim.adjust:
        return ""
    tenths = effect.details.get("adjusted_in_tenths", ())
    values = [feature_words(name) for name in claim.adjust if name not in tenths]
    rough = [feature_words(name) for name in claim.adjust if name in tenths]
    same = [f"the same value of {formatting.listed(values)}"] if values else []
    same += [f"the same tenth of {formatting.listed(rough)}"] if rough else []
    text = f"Adjusted for {formatting.listed([feature_words(name) for name in claim.adjust])}: problems are compared "
    text += f"with others of {' and '.join(same)}."
    if rough:
        text += " Inside the tenths, what goes smoothly with it is taken off the feature."
    return text


def _lack_of_fit(fit: Mapping[str, Any] | None) -> str:
    """Say how well a straight line fits the losses of the levels."""
    if not fit:
        return ""
    return f"Lack of fit of a straight line: χ²({fit['df']}) = {fit['chi2']:.1f}, {formatting.p_value(fit['p'])}."


def _without(left: Mapping[str, Any] | None, unit: str) -> str:
    """Say what is left without the most influential level."""
    if not left:
        return ""
    level = group_words(left["group"])
    if left["estimate"] is None:
        return f"Without problems with {level} there is no estimate: {left['undecided']}."
    text = f"{formatting.quantity(left['estimate'], unit)}, {formatting.p_value(left['p_value'])}"
    return f"Without problems with {level}, the most influential level: {text}."


def _other_scale(effect: Effect) -> str:
    """Say that points and log-odds disagree about the side of 0; empty where they do not."""
    other = effect.details.get("other_scale")
    if not other or other["undecided"] or effect.undecided:
        return ""
    here, there = _side(effect.low, effect.high), _side(other["low"], other["high"])
    if here == there:
        return ""
    numbers = formatting.interval(other["low"], other["high"], other["unit"], unit_shown=False)
    estimate = formatting.quantity(other["estimate"], other["unit"])
    return (
        f"The scales disagree: in {effect.unit} the interval {here}, in {other['unit']} "
        f"({estimate}, interval {numbers}) it {there}."
    )


def _side(low: float, high: float) -> str:
    """Say on which side of 0 an interval lies."""
    return "lies above 0" if low > 0 else "lies below 0" if high < 0 else "contains 0"

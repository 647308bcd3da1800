"""Claims about what answers of another kind have: said before anything is generated for them."""

from ctlab import formatting
from ctlab.claims import Claim
from ctlab.errors import StatisticsError
from ctlab.outcomes.outcome import OUTCOMES_OF, Outcome
from ctlab.problems import ProblemSet, a_kind
from ctlab.records.problem_features import OF_TEXTS
from ctlab.statistics.moderators.feature import feature_name, feature_values


def about_other_answers(claim: Claim, problems: ProblemSet) -> str:
    """Say which outcome or feature of a claim no answer to these problems can have, by their kind; else empty."""
    here = f"answers to {problems.name} are of the kind {problems.kind}"
    outcome = claim.outcome
    if outcome in set(Outcome) and outcome not in OUTCOMES_OF[problems.kind]:
        kinds = [a_kind(kind) for kind, outcomes in OUTCOMES_OF.items() if outcome in outcomes]
        return f"needs answers that are {formatting.listed(kinds, 'or')}, for “{formatting.outcome(outcome)}”; {here}"
    for feature in filter(None, (claim.feature, *claim.adjust)):
        if _is_absent(feature, problems):
            return f"needs the feature {feature!r}, which no problem of {problems.name} has; {here}"
    return ""


def _is_absent(feature: str, problems: ProblemSet) -> bool:
    """Whether no problem has a feature: of a number's worked solution on others, or of others on numbers."""
    try:
        name = feature_name(feature)
    except StatisticsError:  # a suite's own feature, or none: said where it is asked for
        return False
    if problems.kind == "number" and name not in OF_TEXTS:
        return False
    return all(value is None for value in feature_values(problems, feature)[0])

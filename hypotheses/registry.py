"""Every claim of this suite, as data: the whole family is known whatever is selected."""

from ctlab.claims import EVERY_OUTCOME, Claim, Control, Direction, Family, Kind, Shows


def _controls(*treated: str, negative: str | None = None) -> tuple[Control, ...]:
    """Controls of a claim: nothing hidden, one harmless token hidden from the same readers, and that each bites."""
    first = [Control(condition="no_op", shows=Shows.NO_OP)]
    if negative is not None:
        first.append(Control(condition=negative, shows=Shows.NEGLIGIBLE, margin=0.05))
    return (*first, *(Control(condition=name, shows=Shows.BITES) for name in treated))


_CT0_LATER = _controls("ct0_blocked", negative="question_control_later")
_CT0 = ("baseline", "ct0_blocked")
_EACH_LATER = tuple(f"ct{k}_blocked" for k in range(6))
_EACH_FROM_ANSWER = tuple(f"ct{k}_from_answer" for k in range(6))
_THIRDS = ("ct0_first_third", "ct0_middle_third", "ct0_last_third")
_DOSES = ("ct0_keep_075", "ct0_keep_050", "ct0_keep_025", "ct0_blocked")

# What kind of errors

CT0_LOWERS_ACCURACY = Claim(
    id="ct0-lowers-accuracy",
    family="error-taxonomy",
    statement="Hiding CT0 from later positions lowers accuracy.",
    direction=Direction.DECREASE,
    conditions=_CT0,
    controls=_CT0_LATER,
    source="error taxonomy: 733 → 532 of 1,319 correct",
)
CT0_RAISES_CALC_ERROR = Claim(
    id="ct0-raises-calc-error",
    family="error-taxonomy",
    statement="Hiding CT0 from later positions raises the rate of calculation errors.",
    direction=Direction.INCREASE,
    outcome="CALC_ERROR",
    conditions=_CT0,
    controls=_CT0_LATER,
    source="error taxonomy, expected result 1",
)
CT0_SHIFTS_ERROR_MIX = Claim(
    id="ct0-shifts-error-mix",
    family="error-taxonomy",
    statement="Hiding CT0 from later positions shifts the kinds of errors: the labels of problems wrong under both "
    "conditions, and the composition of all errors.",
    kind=Kind.ERROR_MIX,
    direction=Direction.CHANGE,
    outcome=EVERY_OUTCOME,
    scale="variation",
    conditions=_CT0,
    controls=_controls("ct0_blocked"),
    source="error taxonomy: share of calculation errors among errors",
)
CT0_RAISES_OPERATION_REVERSAL = Claim(
    id="ct0-raises-operation-reversal",
    family="error-taxonomy",
    statement="Hiding CT0 from later positions raises the rate of reversed operations.",
    direction=Direction.INCREASE,
    outcome="OPERATION_REVERSAL",
    conditions=_CT0,
    controls=_CT0_LATER,
    source="error taxonomy, expected result 2",
)
CT4_LEAVES_ERRORS_ALONE = Claim(
    id="ct4-leaves-errors-alone",
    family="error-taxonomy",
    statement="Hiding CT4 from later positions leaves the rate of every outcome within 2 points.",
    kind=Kind.EQUIVALENCE,
    direction=Direction.EQUIVALENT,
    outcome=EVERY_OUTCOME,
    margin=0.02,
    conditions=("baseline", "ct4_blocked"),
    controls=_controls("ct4_blocked"),
    source="error taxonomy: 733 → 728 of 1,319 correct, called no effect",
)
CT0_MATTERS_MORE_THAN_CT4 = Claim(
    id="ct0-matters-more-than-ct4",
    family="error-taxonomy",
    statement="Hiding CT0 from the answer costs more accuracy than hiding CT4 from the answer.",
    kind=Kind.MORE_THAN,
    direction=Direction.INCREASE,
    conditions=("baseline", "ct0_from_answer", "ct4_from_answer"),
    controls=_controls("ct0_from_answer", "ct4_from_answer", negative="question_control_answer"),
    source="error taxonomy: forty times the effect",
)

# Which problems


def _impact_grows(name: str, feature: str, words: str, scale: str) -> Claim:
    """Hiding CT0 costs more where a feature is larger."""
    return Claim(
        id=f"impact-grows-with-{name}",
        family="problem-sensitivity",
        statement=f"The {words}, the more hiding CT0 from later positions lowers the odds of a correct answer.",
        kind=Kind.INTERACTION,
        direction=Direction.INCREASE,
        feature=feature,
        scale=scale,
        conditions=_CT0,
        controls=_CT0_LATER,
        source="problem sensitivity: correlation of impact and feature",
    )


IMPACT_GROWS_WITH_OPERATIONS = _impact_grows(
    "operations", "n_operations", "more operations a problem has", "log-odds per operation"
)
IMPACT_GROWS_WITH_LENGTH = _impact_grows("length", "n_tokens", "longer a question is", "log-odds per token")
IMPACT_GROWS_WITH_OPERATION_TYPES = _impact_grows(
    "operation-types", "n_operation_types", "more kinds of operation a problem has", "log-odds per kind"
)
IMPACT_GROWS_WITH_MAX_NUMBER = _impact_grows(
    "max-number", "log10 max_number", "larger the largest number of a question is", "log-odds per factor of ten"
)


def _group_loses_more(name: str, feature: str, statement: str) -> Claim:
    """Hiding CT0 costs one group of problems more than another."""
    return Claim(
        id=name,
        family="problem-sensitivity",
        statement=statement,
        kind=Kind.INTERACTION,
        direction=Direction.INCREASE,
        feature=feature,
        scale="log-odds",
        conditions=_CT0,
        controls=_CT0_LATER,
        source="problem sensitivity: multi-step against single-step",
    )


MULTI_STEP_NEEDS_CT0 = _group_loses_more(
    "multi-step-needs-ct0",
    "n_operations >= 3",
    "Hiding CT0 from later positions lowers the odds of a correct answer more for problems with three or more "
    "operations than for those with fewer.",
)
MULTI_STEP_AGAINST_SINGLE_STEP = _group_loses_more(
    "multi-step-against-single-step",
    "multi_step",
    "Hiding CT0 from later positions lowers the odds of a correct answer more for problems with several operations "
    "than for those with one.",
)


def _modifies(name: str, feature: str, words: str) -> Claim:
    """A property of a problem changes what hiding CT0 costs, in either direction."""
    return Claim(
        id=f"{name}-modifies-loss",
        family="problem-sensitivity",
        statement=f"Hiding CT0 from later positions changes the odds of a correct answer by another factor for "
        f"problems with {words} than for those without.",
        kind=Kind.INTERACTION,
        direction=Direction.CHANGE,
        feature=feature,
        scale="log-odds",
        conditions=_CT0,
        controls=_CT0_LATER,
        source="problem sensitivity: impact by problem type",
    )


DIVISION_MODIFIES_LOSS = _modifies("division", "has_division", "a division")
MULTIPLICATION_MODIFIES_LOSS = _modifies("multiplication", "has_multiplication", "a multiplication")
FRACTION_MODIFIES_LOSS = _modifies("fraction", "has_fractions", "a fraction")

# Which thoughts matter

THOUGHTS_ARE_NEEDED = Claim(
    id="thoughts-are-needed",
    family="position",
    statement="Hiding every thought from the answer lowers accuracy.",
    direction=Direction.DECREASE,
    conditions=("baseline", "thoughts_blocked"),
    controls=_controls("thoughts_blocked", negative="question_control_answer"),
    source="positive control: 139 broken and 12 fixed of 532",
)
POSITION_ORDER = Claim(
    id="position-order",
    family="position",
    statement="CT0 to CT5, hidden one at a time from all later positions, do not all cost the same accuracy.",
    kind=Kind.NOT_ALL_EQUAL,
    direction=Direction.CHANGE,
    conditions=("baseline", *_EACH_LATER),
    controls=_controls(*_EACH_LATER, negative="question_control_later"),
    source="positions: 532, 609, 586, 581, 728 and 738 correct",
)
POSITION_ORDER_MATCHED = Claim(
    id="position-order-matched",
    family="position",
    statement="CT0 to CT5, hidden one at a time from the answer only, do not all cost the same accuracy.",
    kind=Kind.NOT_ALL_EQUAL,
    direction=Direction.CHANGE,
    conditions=("baseline", *_EACH_FROM_ANSWER),
    controls=_controls(*_EACH_FROM_ANSWER, negative="question_control_answer"),
    source="the comparison of positions with the readers matched",
)
READERS_DIFFER = Claim(
    id="readers-differ",
    family="position",
    statement="Hiding CT0 from the answer costs more accuracy than hiding it from later thoughts.",
    kind=Kind.MORE_THAN,
    direction=Direction.INCREASE,
    conditions=("baseline", "ct0_from_answer", "ct0_from_thoughts"),
    controls=_controls("ct0_from_answer", "ct0_from_thoughts", negative="question_control_answer"),
    source="only hiding from thoughts was ever run",
)
SKIP_CONNECTIONS = Claim(
    id="skip-connections",
    family="position",
    statement="Hiding non-adjacent thoughts from each other lowers accuracy.",
    direction=Direction.DECREASE,
    conditions=("baseline", "skip_connections_blocked"),
    controls=_controls("skip_connections_blocked", negative="question_control_thoughts"),
    source="skip connections: 596 of 1,319 correct",
)
INPUT_VERSUS_OUTPUT = Claim(
    id="input-versus-output",
    family="position",
    statement="Hiding CT0 from its readers costs more accuracy than cutting CT0 off from the question.",
    kind=Kind.MORE_THAN,
    direction=Direction.INCREASE,
    conditions=("baseline", "ct0_blocked", "ct0_cut_from_question"),
    controls=_controls("ct0_blocked", "ct0_cut_from_question", negative="question_control_later"),
    source="input against output: 58 → 58 and 58 → 42 of 100",
)
TWO_POSITIONS_INTERACT = Claim(
    id="two-positions-interact",
    family="position",
    statement="Hiding CT0 and CT1 together loses fewer points than hiding CT0 and hiding CT1 lose in sum.",
    kind=Kind.ADDITIVITY,
    direction=Direction.INCREASE,
    conditions=("baseline", "ct0_blocked", "ct1_blocked", "ct0_ct1_blocked"),
    controls=_controls("ct0_blocked", "ct1_blocked", "ct0_ct1_blocked", negative="question_control_later"),
    source="pairs of positions, called sub-additive",
)
DOSE_RESPONSE = Claim(
    id="dose-response",
    family="position",
    statement="Accuracy falls at every step as later positions keep 100, 75, 50, 25 and 0 percent of CT0's weight.",
    kind=Kind.TREND,
    direction=Direction.DECREASE,
    conditions=("baseline", *_DOSES),
    controls=_controls(*_DOSES, negative="question_control_later"),
    source="dose and response",
)
WHERE_IN_DEPTH = Claim(
    id="where-in-depth",
    family="position",
    statement="Hiding CT0 in the first, middle and last third of the layers does not cost the same accuracy.",
    kind=Kind.NOT_ALL_EQUAL,
    direction=Direction.CHANGE,
    conditions=("baseline", *_THIRDS),
    controls=_controls(*_THIRDS, negative="question_control_later"),
    source="layers, selected without correction",
)

ERROR_TAXONOMY = Family(
    name="error-taxonomy",
    claims=(
        CT0_LOWERS_ACCURACY,
        CT0_RAISES_CALC_ERROR,
        CT0_SHIFTS_ERROR_MIX,
        CT0_RAISES_OPERATION_REVERSAL,
        CT4_LEAVES_ERRORS_ALONE,
        CT0_MATTERS_MORE_THAN_CT4,
    ),
)
PROBLEM_SENSITIVITY = Family(
    name="problem-sensitivity",
    claims=(
        IMPACT_GROWS_WITH_OPERATIONS,
        IMPACT_GROWS_WITH_LENGTH,
        IMPACT_GROWS_WITH_OPERATION_TYPES,
        IMPACT_GROWS_WITH_MAX_NUMBER,
        MULTI_STEP_NEEDS_CT0,
        MULTI_STEP_AGAINST_SINGLE_STEP,
        DIVISION_MODIFIES_LOSS,
        MULTIPLICATION_MODIFIES_LOSS,
        FRACTION_MODIFIES_LOSS,
    ),
)
POSITION = Family(
    name="position",
    claims=(
        THOUGHTS_ARE_NEEDED,
        POSITION_ORDER,
        POSITION_ORDER_MATCHED,
        READERS_DIFFER,
        SKIP_CONNECTIONS,
        INPUT_VERSUS_OUTPUT,
        TWO_POSITIONS_INTERACT,
        DOSE_RESPONSE,
        WHERE_IN_DEPTH,
    ),
)
FAMILIES = (ERROR_TAXONOMY, PROBLEM_SENSITIVITY, POSITION)

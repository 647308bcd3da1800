"""Whether a claim can be judged at all, as far as it says itself: asked when it is constructed, before any answer.

What is checked is a `ctlab.claims.Claim`, whose module imports this one.
"""

import re
from typing import Any

from ctlab import formatting
from ctlab.claims.direction import Direction
from ctlab.claims.kinds import Kind
from ctlab.errors import RegistryError
from ctlab.inputs import is_text, shown
from ctlab.interventions.edges import KEY_WORDS, READER_WORDS, thought_index
from ctlab.records.as_declared import AsDeclared
from ctlab.records.control import Control
from ctlab.records.own_functions import nearest
from ctlab.records.swept_axes import ALL, EXAMPLE, SweptAxes
from ctlab.statistics.requested import EVERY_OUTCOME

NEEDS = ("G", "A", "H", "P")
"""What a claim can need: generations, attention weights, hidden states, probabilities of given answers."""
_TEXTS = (
    ("feature", "n_operations"),
    ("scale", "points"),
    ("source", "Table 2"),
    ("needs", "G"),
    ("problems", "gsm8k"),
)
"""Fields that hold text, each with an example."""
_NO_LETTERS = re.compile(r"[^a-z0-9]+")


def check_claim(claim: Any) -> None:
    """Raise RegistryError where a field does not hold what it declares, or the fields contradict one another."""
    _check_id(claim.id)
    given = AsDeclared(claim, f"Claim {claim.id!r}")
    _check_texts(claim, given)
    given.named("kind", Kind)
    _check_direction(claim, given)
    _check_outcome(claim, given)
    _check_margin(claim, given)
    _check_adjust(claim, given)
    _check_conditions(claim, given)
    given.tuple_of("controls", Control, "ctlab.claims.Control")
    given.each_once("controls")
    _check_sweep(claim, given)
    claim.kind.rules.check(claim)


def _check_id(given: object) -> None:
    """Refuse what is no id, with one that is."""
    if isinstance(given, str) and given and all(part.isalnum() and part == part.lower() for part in given.split("-")):
        return
    likely = (_NO_LETTERS.sub("-", given.lower()).strip("-") if isinstance(given, str) else "") or "ct0-lowers-accuracy"
    raise RegistryError(f"A claim's id is lower-case words joined by hyphens, got {shown(given)}; write {likely!r}.")


def _check_texts(claim: Any, given: AsDeclared) -> None:
    given.text("family", "position", empty=claim.family == "")  # then it is that of the family that it stands in
    given.text("statement", "Hiding CT0 lowers accuracy.")
    for field, example in _TEXTS:
        given.text(field, example)
    given.text("positive_control", "the model was trained to")
    if not claim.statement.strip():
        raise RegistryError(f"Claim {claim.id!r} needs a statement; write the sentence that would be true.")
    if not is_text(claim.statement):
        raise RegistryError(
            f"Claim {claim.id!r}: half a surrogate pair is no character, and no file holds it; rewrite."
        )
    if claim.needs not in NEEDS:
        raise RegistryError(
            f"Claim {claim.id!r}: needs must be G (generations), A (attention weights), H (hidden states) or P "
            f"(probabilities of answers), got {claim.needs!r}."
        )


def _check_direction(claim: Any, given: AsDeclared) -> None:
    """Take the side that its kind says already where a claim names none; refuse what is no side."""
    kind = claim.kind
    if claim.direction is None:
        if kind.rules.implied is None:
            sides = [f"Direction.{side.name}" for side in kind.rules.directions]
            raise given.refuse(f"the kind {str(kind)!r} needs a direction", f"write {formatting.listed(sides, 'or')}")
        object.__setattr__(claim, "direction", kind.rules.implied)
    given.named("direction", Direction)


def _check_outcome(claim: Any, given: AsDeclared) -> None:
    """Refuse what can be no outcome's name; an own one is known only where its suite is loaded."""
    if formatting.is_outcome(claim.outcome) or claim.outcome == EVERY_OUTCOME:
        return
    near = nearest(claim.outcome, formatting.OUTCOME_WORDS) if isinstance(claim.outcome, str) else ""
    raise RegistryError(
        f"{given.name}: an outcome is named in capitals, such as CORRECT, {EVERY_OUTCOME} or one of your own, got "
        f"{shown(claim.outcome)}{near or '; write it so.'}"
    )


def _check_margin(claim: Any, given: AsDeclared) -> None:
    rules = claim.kind.rules
    given.number("margin", proportion=rules.margin_is_proportion)
    if claim.direction not in rules.directions:
        sides = formatting.listed([str(side) for side in rules.directions], "or")
        other = "" if claim.direction != Direction.EQUIVALENT else ", or claim an equivalence"
        raise given.refuse(
            f"the kind {str(claim.kind)!r} takes the direction {sides}, got {str(claim.direction)!r}",
            f"write {'that' if len(rules.directions) == 1 else 'one of them'}{other}",
        )
    if claim.direction == Direction.EQUIVALENT and not claim.margin > 0.0:
        raise RegistryError(f"{given.name}: an equivalence needs a margin above 0; say what is negligible.")


def _check_adjust(claim: Any, given: AsDeclared) -> None:
    given.tuple_of("adjust", str, "features")
    if claim.adjust and not claim.kind.rules.adjusts:
        raise RegistryError(
            f"Claim {claim.id!r}: the kind {str(claim.kind)!r} adjusts for nothing, got {', '.join(claim.adjust)}; "
            "leave adjust out, or claim an interaction."
        )
    given.each_once("adjust")


def _check_sweep(claim: Any, given: AsDeclared) -> None:
    if claim.sweep is None:
        return
    if not isinstance(claim.sweep, SweptAxes):
        raise given.refuse(f"sweep is what it goes over, got {shown(claim.sweep)}", "write SweptAxes(positions='all')")
    for axis, words in (("positions", KEY_WORDS), ("readers", READER_WORDS)):
        known, names = (*words, "begin", "end"), getattr(claim.sweep, axis)
        for name in () if names == ALL else names:
            if name not in known and thought_index(name) is None:
                raise given.refuse(f"its sweep's {axis} are CT0, CT1 …, {', '.join(known)}", f"not {name!r}")


def _check_conditions(claim: Any, given: AsDeclared) -> None:
    """Refuse what names no conditions."""
    given.tuple_of("conditions", str, "condition names")
    for name in claim.conditions:
        if not name.isidentifier():
            raise given.refuse(f"{shown(name)} names no condition", "write its Python identifier, such as ct0_blocked")
    if not claim.conditions:
        raise given.refuse("conditions is empty", "name what is compared, the reference first")
    given.each_once("conditions")


def unfit_for_its_kind(claim: Any) -> str:
    """Say that a claim names more or fewer conditions than its kind compares, or no sweep; empty where it does not.

    Asked where claims are loaded and not where they are made: a kind speaks of a claim whatever it names.
    """
    if claim.kind.rules.sweeps and claim.sweep is None:
        return (
            f"the kind {str(claim.kind)!r} is judged by a sweep, and the claim does not say over what, which decides "
            f"what is found; name it, as in {EXAMPLE}"
        )
    least, most = claim.kind.rules.sizes
    found = len(claim.conditions)
    if found >= least and (most is None or found <= most):
        return ""
    wanted = f"{least} or more" if most is None else str(least)
    example = ", such as conditions=('baseline', 'ct0_blocked')" if most == 2 else ""
    return (
        f"the kind {str(claim.kind)!r} compares {wanted} conditions, the reference first, and it names "
        f"{found} ({', '.join(claim.conditions)}); name as many{example}"
    )

"""The claims of this suite hold together: every story told, every condition known, every treatment controlled."""

from pathlib import Path

import pytest

from ctlab.claims import Direction, Kind, Registered, Registry
from ctlab.claims.registered import ENTERED
from ctlab.interventions import Condition
from ctlab.records import Shows
from ctlab.statistics.moderators.feature import feature_values
from fixtures.conditions import conditions
from hypotheses import registry
from hypotheses.claims.shared import FACTS_ALONE
from hypotheses.registry import FAMILIES
from tests.claims.making import claim

EVERY = [claim for family in FAMILIES for claim in family.claims]
REGISTERED = Registry.load(Path(registry.__file__).with_suffix(".toml"))
KNOWN = {condition.name: condition for condition in conditions()}
BY_ID = {claim.id: claim for claim in EVERY}
STORIES = {
    "error-taxonomy": {
        "ct0-lowers-accuracy",
        "ct0-raises-calc-error",
        "ct0-shifts-error-composition",
        "ct0-shifts-error-labels",
        "ct0-raises-operation-reversal",
        "ct4-leaves-errors-alone",
        "ct0-matters-more-than-ct4",
    },
    "problem-sensitivity": {
        "impact-grows-with-operations",
        "impact-grows-with-length",
        "impact-grows-with-operation-types",
        "impact-grows-with-max-number",
        "multi-step-needs-ct0",
        "multi-step-against-single-step",
        "division-modifies-loss",
        "multiplication-modifies-loss",
        "fraction-modifies-loss",
    },
    "position": {
        "thoughts-are-needed",
        "position-order",
        "position-order-matched",
        "readers-differ",
        "skip-connections",
        "input-versus-output",
        "two-positions-interact",
        "dose-response",
        "where-in-depth",
    },
    "attention-flow": {
        "ct0-is-a-hub",
        "attention-redistributes",
        "thoughts-read-the-question",
    },
    "reasoning-path": {
        "divergence-starts-next",
        "divergence-accumulates",
        "divergence-predicts-breaking",
        "thoughts-decode-to-intermediates",
        "hidden-thought-loses-its-number",
    },
    "thought-content": {
        "another-problems-ct0-lowers-accuracy",
        "zeroing-ct0-lowers-accuracy",
        "content-matters-beyond-disturbance",
        "decoded-token-is-not-the-thought",
        "giving-back-ct2-recovers",
        "giving-back-later-thoughts-recovers",
    },
}
EACH = {True: [], False: []}
for one in EVERY:
    EACH[any(KNOWN[name].model for name in one.conditions)].append(one)
each_claim = pytest.mark.parametrize("claim", EVERY, ids=[claim.id for claim in EVERY])
of_one_model = pytest.mark.parametrize("claim", EACH[False], ids=[claim.id for claim in EACH[False]])
of_several = pytest.mark.parametrize("claim", EACH[True], ids=[claim.id for claim in EACH[True]])


@pytest.mark.parametrize("family", list(STORIES))
def test_every_story_is_told(family):
    found = next(each for each in FAMILIES if each.name == family)
    assert {claim.id for claim in found.claims} >= STORIES[family]


def test_ids_are_unique():
    assert len(BY_ID) == len(EVERY)


@of_several
def test_models_are_compared_undisturbed_and_each_with_itself(claim):
    assert set(claim.all_conditions) <= set(KNOWN)
    assert [KNOWN[name] for name in claim.conditions] == [Condition(name=name, model=name) for name in claim.conditions]
    assert len(set(claim.conditions)) == len(claim.conditions)
    assert [(each.condition, each.reference, each.shows) for each in claim.controls] == [
        (f"{name}_again", name, Shows.NO_OP) for name in claim.conditions
    ]
    assert all(KNOWN[each.condition].no_op and KNOWN[each.condition].model == each.reference for each in claim.controls)
    assert claim.source
    assert claim.statement.endswith(".")


@of_one_model
def test_its_conditions_are_known_and_the_baseline_comes_first(claim):
    """Or what another way of thinking does undisturbed.

    What is given back is given to a disturbed run: that one is the reference then; of a series its first is.
    """
    assert set(claim.all_conditions) <= set(KNOWN)
    series = claim.id == "each-thought-raises-accuracy"
    assert KNOWN[claim.conditions[0]].plain != (claim.id.startswith("giving-back") or series)
    assert claim.source
    assert claim.statement.endswith(".")


def thinks(claim, way):
    """Whether a claim compares a condition of one way of thinking that steps or thoughts can be hidden in."""
    return any(KNOWN[name].thinking == way for name in claim.conditions)


@of_one_model
def test_every_treatment_must_bite_and_nothing_hidden_must_change_nothing(claim):
    bites = {control.condition for control in claim.controls if control.shows == Shows.BITES}
    # A way of thinking disturbs nothing: it has no logits of the baseline's to move.
    harmless = {control.condition for control in claim.controls if control.shows == Shows.NEGLIGIBLE}
    assert bites == {name for name in claim.conditions if not KNOWN[name].plain} - harmless
    no_ops = [control for control in claim.controls if control.shows == Shows.NO_OP]
    feeds = any(KNOWN[name].patches for name in claim.conditions)
    at_layers = any(patch.at is not None for name in claim.conditions for patch in KNOWN[name].patches)
    early = any(KNOWN[name].num_thoughts is not None for name in claim.conditions)
    itself = "ct1_layers_self" if at_layers else "ct0_self"
    latent = [itself if feeds else "after_all" if early else "no_op"] if thinks(claim, "latent") else []
    written = ["explicit_no_op"] if thinks(claim, "explicit") else []
    assert [control.condition for control in no_ops] == latent + written
    assert KNOWN[no_ops[0].condition].no_op


@of_one_model
def test_one_harmless_token_is_hidden_from_the_same_readers(claim):
    negative = [control for control in claim.controls if control.shows == Shows.NEGLIGIBLE]
    expected = thinks(claim, "latent") + thinks(claim, "explicit")
    # Of a graph no token is harmless; only an exchange within a pair has something else that is.
    paired = any("_pair_" in name for name in claim.conditions)
    assert len(negative) == (expected if claim.problems not in FACTS_ALONE or paired else 0)


@each_claim
def test_features_and_directions_fit_the_kind(claim):
    assert bool(claim.feature) == (claim.kind in (Kind.INTERACTION, Kind.NEEDED_WHERE))
    if claim.feature:
        feature_values([], claim.feature)
    if claim.kind == Kind.NOT_ALL_EQUAL or claim.kind.rules.about_errors:
        assert claim.direction == Direction.CHANGE


@pytest.mark.parametrize("claim_id", ["ct0-matters-more-than-ct4", "position-order-matched"])
def test_positions_that_are_compared_have_the_same_readers(claim_id):
    readers = {KNOWN[name].interventions[0].readers for name in BY_ID[claim_id].conditions[1:]}
    assert readers == {"answer"}


def test_no_registered_claim_has_changed_since():
    definitions = {condition.name: condition.definition for condition in conditions()}
    now = {claim_id: Registered.of(claim, definitions) for claim_id, claim in BY_ID.items()}
    assert [claim_id for claim_id in REGISTERED.standing() if claim_id not in now] == []
    changed = [claim_id for claim_id in REGISTERED.standing() if REGISTERED.version(claim_id, now[claim_id]) is None]
    assert changed == []


def test_every_claim_was_entered_before_a_subject_with_its_level():
    for claim_id in REGISTERED.standing():
        entries = [event for _, event in REGISTERED.events(claim_id) if event.what in ENTERED]
        assert entries, claim_id
        assert all(event.alpha for event in entries)


def test_the_source_of_an_own_function_is_part_of_what_is_claimed():
    own = claim(outcome="IS_LONG", kind=Kind.INTERACTION, feature="difficulty >= 3", adjust=("length", "n_operations"))
    known = {
        "outcome IS_LONG": "a",
        "feature difficulty": "b",
        "feature length": "c",
        "feature other": "d",
        "no_op": "e",
    }
    then = Registered.of(own, known)
    assert then.does == {"outcome IS_LONG": "a", "feature difficulty": "b", "feature length": "c"}
    assert then.changes(Registered.of(own, {**known, "feature other": "z"})) == ""
    assert then.changes(Registered.of(own, {**known, "feature length": "z"})) == "what feature length does changed"
    column = Registered.of(own, {name: digest for name, digest in known.items() if name != "feature difficulty"})
    assert then.changes(column) == column.changes(then) == "what feature difficulty does changed"
    assert then.digest != column.digest

"""`gc`: what goes, what stays, nothing without being asked, nothing that a registry names, nothing under a lock."""

import fcntl
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ctlab.store.choice import choices
from ctlab.store.garbage import collect, plan
from ctlab.store.holdings import Filter, holdings
from ctlab.store.removal import Policy, Protected, Reason
from ctlab.store.survey import LOCKS
from ctlab.store.verifying import verify
from tests.store.answers import Engine, answer
from tests.store.tended import (
    CODES,
    CONDITIONS,
    IDS,
    KNOWN,
    PROBLEMS,
    derived_key,
    filled,
    folder,
    inputs,
    keys,
    later,
    read,
    rubbish,
    tree,
)

EVERYTHING = {name: tuple(answer(name, each) for each in IDS) for name in CONDITIONS}


@pytest.fixture
def store(tmp_path):
    return filled(tmp_path)


def policy(store, days=2.0, *, answers=None, unused=30, protected=()):
    """What may go in some days; ``answers`` is the filter of those that may."""
    meant = () if answers is None else choices(store.root, answers.chosen(holdings(store.root, KNOWN)), KNOWN)
    return Policy(
        codes=CODES,
        answers={choice.folder.name: choice for choice in meant},
        unused_days=unused,
        protected=protected,
        now=later(days),
    )


def reasons(found):
    return {removal.path: removal.reason for removal in found.removals}


def test_rubbish_goes_and_everything_else_stays(store):
    before = tree(store.root)
    files = rubbish(store)
    every = tree(store.root)
    would = plan(store.root, policy(store))
    assert tree(store.root) == every, "a plan changes nothing"
    assert reasons(would) == {
        files["set aside"]: Reason.SET_ASIDE,
        files["first form"]: Reason.FIRST_FORM,
        files["part"]: Reason.TEMPORARY,
        files["shard without entry"]: Reason.TEMPORARY,
        files["damaged"]: Reason.DAMAGED,
        files["old code"]: Reason.OLD_CODE,
        files["orphaned"]: Reason.ORPHANED,
    }
    assert reasons(collect(store.root, policy(store))) == reasons(would)
    assert tree(store.root) == before
    assert list(verify(store.root, CODES)) == []
    assert plan(store.root, policy(store)).removals == []


@pytest.mark.parametrize("source", ["code 6", "code 7"])
def test_a_certificate_stays_while_answers_of_its_source_do(tmp_path, source):
    store = filled(tmp_path, source=source)
    assert plan(store.root, policy(store)).removals == []
    for name in CONDITIONS:
        store.derived.write_json(derived_key("certificate", name, "code 5"), "", {"passed": True})
    assert [each.reason for each in plan(store.root, policy(store)).removals] == [Reason.OLD_CODE] * 3


def test_what_is_young_stays(store):
    rubbish(store)
    every = tree(store.root)
    found = collect(store.root, policy(store, days=0.5))
    assert (found.removals, found.young) == ([], 7)
    assert tree(store.root) == every
    now = replace(policy(store, days=0.01), older_than=0.0)
    assert {removal.reason for removal in collect(store.root, now).removals} >= {Reason.OLD_CODE, Reason.SET_ASIDE}
    assert any(path.endswith(".part") for path in tree(store.root)), "somebody may be writing it"


@pytest.mark.parametrize("name", LOCKS)
def test_a_folder_in_which_somebody_works_is_left_alone(store, name):
    other = filled(store.root, model="another")
    rubbish(store), rubbish(other, "another")
    mine = tree(folder(store))
    with (folder(store) / name).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        found = collect(store.root, policy(store))
    assert found.busy == [folder(store).name]
    assert tree(folder(store)) == mine
    assert len(found.removals) == 7, "the other folder's"


def test_measurements_and_certificates_need_no_answers(store):
    for kind, code in (("measurement", "1"), ("certificate", "code 7")):
        store.derived.write_json(derived_key(kind, "measured_only", code), "", {})
    assert plan(store.root, policy(store)).removals == []


def test_labels_of_recorded_answers_need_no_answers(store):
    key = derived_key("outcomes", "baseline", "code 2", model="recorded")
    store.derived.write_json(key, inputs("baseline"), ["CORRECT"])
    assert plan(store.root, policy(store)).removals == []


def test_a_kind_that_nobody_knows_stays(store):
    store.derived.write_json(derived_key("somebody-elses", "baseline", "3"), "", {})
    assert plan(store.root, policy(store)).removals == []


def test_answers_go_only_where_they_were_asked_to(store):
    assert plan(store.root, policy(store, days=4000)).removals == []
    found = collect(store.root, policy(store, days=4000, answers=Filter()))
    assert {str(reason) for reason in reasons(found).values()} == {Reason.ANSWERS, Reason.OF_GONE}
    assert store.missing(keys(), IDS) == dict.fromkeys(CONDITIONS, IDS)
    assert list(verify(store.root, CODES)) == []
    engine = Engine()
    assert store.collect(keys(), IDS, engine) == EVERYTHING
    assert len(engine.asked) == len(CONDITIONS) * len(IDS)


def test_one_condition_goes_out_of_shards_that_it_shares(store):
    found = collect(store.root, policy(store, days=4000, answers=Filter(conditions=("ct4_blocked",))))
    assert len(found.rewrites) == 2
    left = {name: keys()[name] for name in CONDITIONS[:2]}
    assert store.read(left, IDS) == {name: EVERYTHING[name] for name in left}
    assert store.missing(keys(), IDS) == {"ct4_blocked": IDS}
    assert {path.name.split("-")[0] for path in (folder(store) / "derived").iterdir()} == {"certificate", "outcomes"}
    assert len(list((folder(store) / "derived").iterdir())) == 4
    assert list(verify(store.root, CODES)) == []


@pytest.mark.parametrize(("days", "unused", "stays"), [(0, 2, True), (1, 2, True), (2, 2, False), (29, 30, True)])
def test_answers_that_somebody_read_lately_stay(store, days, unused, stays):
    asked = replace(policy(store, days=100, answers=Filter()), unused_days=unused)
    read(store, (datetime.fromtimestamp(asked.now, UTC) - timedelta(days=days)).date().isoformat())
    found = plan(store.root, asked)
    assert (found.removals == [], found.used) == (stays, 2 * stays)


def test_answers_that_were_written_lately_stay_whatever_a_note_says(store):
    found = plan(store.root, policy(store, days=29, answers=Filter()))
    assert (found.removals, found.used) == ([], 2)


LAST_SHARD = frozenset(each[:8] for each in sorted(IDS)[5:])


@pytest.mark.parametrize(
    ("protected", "shards_that_stay"),
    [
        (Protected(model="model", problems=PROBLEMS, ids=LAST_SHARD), 1),
        (Protected(model="model", problems="announced", ids=None), 2),
        (Protected(model="another", problems=PROBLEMS, ids=None), 0),
    ],
)
def test_answers_that_a_registry_names_never_go(store, protected, shards_that_stay):
    found = collect(store.root, policy(store, days=4000, answers=Filter(), protected=[protected]))
    assert found.protected == shards_that_stay
    assert len(list(folder(store).glob("*.parquet"))) == shards_that_stay
    assert list(verify(store.root, CODES)) == []


FILTERS = st.sampled_from([None, Filter(), Filter(conditions=("baseline",)), Filter(models=("tiny",))])


@settings(deadline=None, max_examples=12)
@given(answers=FILTERS, days=st.sampled_from([0.0, 2.0, 40.0]), held=st.booleans(), size=st.integers(1, 7))
def test_gc_costs_no_answer_that_was_not_asked_to_go(tmp_path_factory, answers, days, held, size):
    store = filled(tmp_path_factory.mktemp("store"), size=size)
    rubbish(store)
    read(store, datetime.fromtimestamp(later(0), UTC).date().isoformat())
    protected = [Protected(model="model", problems=PROBLEMS, ids=frozenset(each[:8] for each in IDS))] if held else []
    collect(store.root, policy(store, days=days, answers=answers, protected=protected))
    engine = Engine()
    assert store.collect(keys(), IDS, engine) == EVERYTHING
    may_go = answers is not None and days >= 30 and not held
    assert {name for name, _ in engine.asked} <= (set(answers.conditions or CONDITIONS) if may_go else set())
    damaged = [finding.place for finding in verify(store.root, CODES) if finding.state.is_damage]
    assert len(damaged) == (0 if days else 1), "the damaged certificate goes when it is a day old"

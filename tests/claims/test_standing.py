"""What a claim is worth on the answers at hand, over its ways of being registered, changed and looked at."""

from dataclasses import replace

import pytest

from ctlab.claims import Family, Registered, Registry, Subject
from ctlab.claims.registered import Event, What
from ctlab.claims.standing import standing
from ctlab.records import Look, Verdict
from tests.claims.making import claim

HERE = Subject(
    model="m1",
    problems="p1",
    padding="exact",
    dtype="float32",
    max_new_tokens=64,
    problems_name="sums",
    n=100,
    ids=frozenset({"0a0a0a0a", "1b1b1b1b"}),
)
FRESH = replace(HERE, problems="p2", ids=frozenset({"2c2c2c2c"}))
RAISES = claim("increase", statement="Hiding CT0 raises accuracy.")
LOWERS = claim("decrease")
FAMILY = Family(name="demo", claims=(RAISES, claim(id="sibling")))
DAYS = [f"2026-01-0{day}T00:00:00Z" for day in range(1, 9)]


def seen(verdict, date):
    return Event(date=date, what=What.ACCEPTED, verdict=verdict)


def look(verdict, each, n=100, date=DAYS[1]):
    return Look(
        claim_id=each.id,
        claimed=Registered.of(each).digest,
        statement=each.statement,
        verdict=verdict,
        model="m1",
        problems=f"first {n}",
        source="whole",
        n=n,
        conditions=("ct0_blocked",),
        date=date,
    )


def stands(each, registry, subject=HERE, family=FAMILY, **more):
    return standing(each, replace(family, claims=(each, *family.claims[1:])), registry, subject, source="whole", **more)


REGISTERED = Registry().enter(What.REGISTERED, RAISES, FAMILY, HERE, date=DAYS[0])
REFUTED = REGISTERED.accept(RAISES, seen(Verdict.REFUTED, DAYS[1]), HERE)
WAS = "was REFUTED as “Hiding CT0 raises accuracy.” on 2026-01-02; changed after the answers were seen"


def test_registered_here_first_is_confirmatory():
    assert stands(RAISES, REGISTERED).deviation == ""
    assert stands(RAISES, REFUTED).deviation == ""
    assert stands(RAISES, REGISTERED).registered.date == DAYS[0]
    assert stands(RAISES, Registry()).deviation == "not registered"


def test_flipped_after_it_was_refuted_says_what_it_was_whether_accepted_or_only_looked_at():
    flipped = ": its direction was increase and is decrease"
    assert stands(LOWERS, REFUTED).deviation == WAS + flipped
    assert stands(LOWERS, REGISTERED, looks=[look(Verdict.REFUTED, RAISES)]).deviation == WAS + flipped
    assert stands(LOWERS, REGISTERED).deviation == "changed since it was registered" + flipped


def test_a_change_stays_exploratory_on_these_answers_whatever_is_entered_and_accepted():
    changed = REFUTED.enter(What.CHANGED, LOWERS, FAMILY, HERE, date=DAYS[2], was="REFUTED as “…” on 2026-01-02")
    changed = changed.accept(LOWERS, seen(Verdict.SUPPORTED, DAYS[3]), HERE)
    assert stands(LOWERS, changed).deviation.startswith("was REFUTED as “…” on 2026-01-02; changed after the answers")
    other_precision = replace(HERE, dtype="bfloat16")
    assert stands(LOWERS, changed, other_precision).deviation.startswith(WAS)
    assert stands(RAISES, changed).deviation == "", "what was registered first still is"


@pytest.mark.parametrize("fresh", [FRESH, replace(HERE, model="m2")], ids=["problems", "model"])
def test_fresh_problems_or_another_model_make_it_confirmatory_once_it_is_registered_there(fresh):
    changed = REFUTED.enter(What.CHANGED, LOWERS, FAMILY, HERE, date=DAYS[2], was="REFUTED")
    assert stands(LOWERS, changed, fresh).deviation == "not registered for this model and these problems"
    again = changed.enter(What.REGISTERED, LOWERS, FAMILY, fresh, date=DAYS[3])
    assert stands(LOWERS, again, fresh).deviation == ""
    assert stands(LOWERS, again).deviation.startswith("was REFUTED")


def test_problems_that_are_partly_the_same_are_not_fresh():
    mixed = replace(HERE, problems="p3", ids=frozenset({"1b1b1b1b", "2c2c2c2c"}))
    assert stands(LOWERS, REFUTED, mixed).deviation.startswith(WAS)


def test_another_n_than_the_registered_one_is_exploratory():
    peek = replace(HERE, problems="first 60", n=60)
    assert stands(RAISES, REGISTERED, peek).deviation == "n = 60 was not registered, n = 100 was"


def test_a_look_at_another_form_that_is_gone_again_changed_nothing():
    seen_otherwise = [look(Verdict.SUPPORTED, LOWERS)]
    assert stands(RAISES, REGISTERED, replace(HERE, n=60, problems="first"), looks=seen_otherwise).deviation == (
        "n = 60 was not registered, n = 100 was"
    )
    late = Registry().enter(What.LATE, RAISES, FAMILY, HERE, date=DAYS[0])
    assert stands(RAISES, late, looks=seen_otherwise).deviation == "registered only after its answers were seen"


def test_entered_after_its_answers():
    late = Registry().enter(What.LATE, RAISES, FAMILY, HERE, date=DAYS[2])
    assert stands(RAISES, late).deviation == "registered only after its answers were seen"


def test_withdrawn():
    assert (
        stands(RAISES, REFUTED.withdraw(RAISES.id, "a typo", date=DAYS[4])).deviation
        == "withdrawn on 2026-01-05: a typo"
    )


def test_looks_are_counted_by_their_numbers_of_problems_and_none_alone_is_said():
    looks = [look(Verdict.INCONCLUSIVE, RAISES, n) for n in (60, 80, 80)]
    found = stands(RAISES, REGISTERED, looks=looks)
    assert found.deviation == ""
    assert found.remarks == ("looked at 3 times, at n = 60, 80 and 100",)
    assert stands(RAISES, REGISTERED, looks=[look(Verdict.REFUTED, RAISES)]).remarks == ()
    elsewhere = [replace(each, source="another set") for each in looks]
    assert stands(RAISES, REGISTERED, looks=elsewhere).remarks == ()


@pytest.mark.parametrize(
    ("siblings", "alpha", "level", "barred", "words"),
    [
        (1, 0.05, 0.05 / 2, False, ()),
        (2, 0.05, 0.05 / 3, False, ("had 2 claims at registration and has 3, so that α was 0.025 and is 0.01667",)),
        (0, 0.05, 0.05 / 2, False, ("α was 0.025 and is 0.05, which is laxer: the registered one holds",)),
        (1, 0.45, 0.05 / 2, True, ()),
        (1, 0.01, 0.01 / 2, True, ()),
    ],
)
def test_a_level_is_never_laxer_than_the_registered_one_and_another_familys_level_bars(
    siblings, alpha, level, barred, words
):
    family = Family(name="demo", claims=(RAISES, *(claim(id=f"s{k}") for k in range(siblings))), alpha=alpha)
    found = standing(RAISES, family, REGISTERED, HERE)
    assert found.deviation == ""
    assert found.alpha == pytest.approx(level)
    assert bool(found.barred) == barred
    assert len(found.remarks) == len(words)
    assert all(word in remark for word, remark in zip(words, found.remarks, strict=True))


def test_a_claim_that_moved_to_a_smaller_family_keeps_its_level():
    moved = replace(RAISES, family="own")
    found = standing(moved, Family(name="own", claims=(moved,)), REGISTERED, HERE)
    assert (found.deviation, found.alpha) == ("", pytest.approx(0.025))
    assert found.remarks[0].startswith("its family was demo and is own; ")

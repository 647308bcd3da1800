import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.claims import Family, Registered, Registry, Subject, SweptAxes
from ctlab.claims.registered import Event, What
from ctlab.claims.registry_file import event_lines
from ctlab.errors import RegistryError
from ctlab.records import Verdict
from tests.claims.making import CONTROLS, claim

SUBJECT = Subject(
    model="m1",
    problems="p1",
    padding="exact",
    dtype="float32",
    max_new_tokens=64,
    model_name="tiny",
    problems_name="sums",
    n=2,
    ids=frozenset({"0a0a0a0a", "1b1b1b1b"}),
)
ONE, TWO = claim(controls=CONTROLS), claim(id="another-claim")
FAMILY = Family(name="demo", claims=(ONE, TWO))
BEFORE, AFTER, LATER = "2026-01-01T00:00:00Z", "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z"


def judged(verdict, date=AFTER, **fields):
    return Event(date=date, what=What.ACCEPTED, verdict=verdict, estimate=-0.15, interval=(-0.2, -0.1), **fields)


def accepted():
    registry = Registry()
    for each in (ONE, TWO):
        registry = registry.enter(What.REGISTERED, each, FAMILY, SUBJECT, date=BEFORE)
    registry = registry.accept(ONE, judged(Verdict.SUPPORTED, level=0.98, p=1e-5, n=2, looks=(1, 2)), SUBJECT)
    return registry.accept(TWO, judged(Verdict.REFUTED), SUBJECT)


def verdict_of(registry, each, subject=SUBJECT):
    event = registry.accepted(each.id, Registered.of(each), subject)
    return event and event.verdict


def test_round_trip_through_the_file(tmp_path):
    path = tmp_path / "registry.toml"
    registry = accepted().withdraw(TWO.id, "it repeats the other")
    registry.save(path)
    found = Registry.load(path)
    assert found == registry
    assert found.subjects[SUBJECT.name].ids == SUBJECT.ids
    before = path.read_text()
    Registry.load(path).save(path)
    assert path.read_text() == before
    assert [each.name for each in tmp_path.iterdir()] == ["registry.toml"]


def test_recorded_answers_of_unknown_length_are_a_subject_too(tmp_path):
    recorded = Subject(model="recorded-1", problems="p", padding="recorded", dtype="recorded", max_new_tokens=0)
    registry = Registry().enter(What.LATE, ONE, FAMILY, recorded)
    registry.save(tmp_path / "registry.toml")
    assert Registry.load(tmp_path / "registry.toml") == registry


def test_a_file_that_is_not_there_is_an_empty_registry(tmp_path):
    assert Registry.load(tmp_path / "registry.toml") == Registry()


def test_comments_at_the_head_stay(tmp_path):
    path = tmp_path / "registry.toml"
    path.write_text("# Ours since spring.\n# Ask before changing.\n")
    accepted().save(path)
    assert path.read_text().startswith("# Ours since spring.\n# Ask before changing.\n\nschema = 2\n")


def test_a_person_reads_names_and_values(tmp_path):
    accepted().save(tmp_path / "registry.toml")
    text = (tmp_path / "registry.toml").read_text("utf-8")
    assert "margin = 0.0\n" in text
    assert 'conditions = ["baseline", "ct0_blocked"]\n' in text
    assert 'event = "accepted"' in text
    assert "estimate = -0.15, interval = [-0.2, -0.1], level = 0.98, p = 1e-05, n = 2, looks = [1, 2]" in text
    assert 'model_name = "tiny"\n' in text


def lines(registry, path):
    registry.save(path)
    return path.read_text("utf-8").splitlines()


def test_history_is_appended_to_and_no_line_of_it_moves(tmp_path):
    path, registry, before = tmp_path / "registry.toml", Registry(), []
    changed = claim("increase")
    for step in (
        lambda r: r.enter(What.REGISTERED, ONE, FAMILY, SUBJECT, date=BEFORE),
        lambda r: r.accept(ONE, judged(Verdict.REFUTED), SUBJECT),
        lambda r: r.enter(What.CHANGED, changed, FAMILY, SUBJECT, date=LATER, was="REFUTED"),
        lambda r: r.accept(changed, judged(Verdict.SUPPORTED, LATER), SUBJECT),
        lambda r: r.withdraw(ONE.id, "no use"),
    ):
        registry = step(registry)
        after = lines(registry, path)
        left = iter(after)
        assert all(line in left for line in before), "what was there stands in its old order"
        assert len(after) > len(before)
        before = after


def test_two_branches_that_touch_different_claims_differ_in_different_places(tmp_path):
    base = accepted()
    mine = lines(base.accept(ONE, judged(Verdict.REFUTED, LATER), SUBJECT), tmp_path / "a.toml")
    theirs = lines(base.accept(TWO, judged(Verdict.SUPPORTED, LATER), SUBJECT), tmp_path / "b.toml")
    old = lines(base, tmp_path / "c.toml")
    first, second = (
        next(k for k, (x, y) in enumerate(zip(old, new, strict=False)) if x != y) for new in (mine, theirs)
    )
    assert abs(first - second) > 10


def test_what_differs_is_said_field_by_field_and_words_do_not_count():
    def changes(**fields):
        return Registered.of(ONE).changes(Registered.of(claim(**{"controls": CONTROLS, **fields})))

    assert changes(statement="Hiding CT0 matters.", source="a talk") == ""
    assert changes(margin=0.02) == "its margin was 0.0 and is 0.02"
    assert changes(direction="increase") == "its direction was decrease and is increase"
    assert changes(outcome="CALC_ERROR") == "its outcome was CORRECT and is CALC_ERROR"
    assert changes(controls=()).startswith("its controls was [")
    assert changes(conditions=("baseline", "ct1_blocked")) == "its conditions lost ct0_blocked and gained ct1_blocked"
    before, after = ({"baseline": "a", "ct0_blocked": does} for does in "bc")
    assert Registered.of(ONE, before).changes(Registered.of(ONE, after)) == "what ct0_blocked does changed"


def test_a_field_that_is_younger_than_the_registration_counts_from_its_default():
    old = Registered(form={k: v for k, v in Registered.of(ONE).form.items() if k != "scale"}, does={})
    assert old.changes(Registered.of(ONE)) == ""
    assert (
        old.changes(Registered.of(claim(controls=CONTROLS, scale="log-odds"))) == "its scale was points and is log-odds"
    )


def test_a_verdict_is_accepted_for_exactly_one_subject():
    registry = accepted()
    assert verdict_of(registry, TWO) == Verdict.REFUTED
    assert verdict_of(registry, claim(id="third")) is None
    for field, value in (
        ("model", "m2"),
        ("problems", "p2"),
        ("padding", "as-published"),
        ("dtype", "bfloat16"),
        ("max_new_tokens", 32),
    ):
        other = Subject(**{**{f: getattr(SUBJECT, f) for f in SUBJECT.__slots__}, field: value})
        assert verdict_of(registry, TWO, other) is None


def test_accepting_adds_a_verdict_and_never_the_claim():
    registry = accepted()
    with pytest.raises(RegistryError, match="'ct0-lowers-accuracy' is not registered as it is"):
        registry.accept(claim("increase"), judged(Verdict.SUPPORTED), SUBJECT)
    with pytest.raises(RegistryError, match="'stranger' is not registered as it is"):
        registry.accept(claim(id="stranger"), judged(Verdict.SUPPORTED), SUBJECT)
    with pytest.raises(RegistryError, match="VOID, which is never acceptable"):
        registry.accept(ONE, judged(Verdict.VOID), SUBJECT)
    assert len(registry.versions(ONE.id)) == 1


def test_what_was_accepted_of_a_claim_is_not_accepted_of_what_became_of_it():
    flipped = claim("increase", controls=CONTROLS)
    registry = accepted().enter(What.CHANGED, flipped, FAMILY, SUBJECT, date=LATER, was="SUPPORTED")
    assert verdict_of(registry, flipped) is None
    assert verdict_of(registry, ONE) == Verdict.SUPPORTED
    assert [version.form["direction"] for version in registry.versions(ONE.id)] == ["decrease", "increase"]


def test_what_was_registered_last_counts():
    flipped = claim("increase", controls=CONTROLS)
    registry = Registry().enter(What.REGISTERED, ONE, FAMILY, SUBJECT, date=BEFORE)
    registry = registry.enter(What.REGISTERED, flipped, FAMILY, SUBJECT, date=AFTER)
    assert registry.registered(ONE.id, SUBJECT).form["direction"] == "increase"
    registry = registry.enter(What.REGISTERED, ONE, FAMILY, SUBJECT, date=LATER)
    assert registry.registered(ONE.id, SUBJECT).form["direction"] == "decrease"
    assert len(registry.versions(ONE.id)) == 2


def test_a_withdrawn_claim_stays_in_the_file_and_can_be_registered_again():
    registry = accepted().withdraw(TWO.id, "it repeats the other")
    assert registry.withdrawn(TWO.id).reason == "it repeats the other"
    assert list(registry.standing()) == [ONE.id]
    assert verdict_of(registry, TWO) == Verdict.REFUTED
    with pytest.raises(RegistryError, match=r"was withdrawn on 20.* \(it repeats the other\)"):
        registry.withdraw(TWO.id, "again")
    with pytest.raises(RegistryError, match="No claim 'stranger' was ever registered; registered are"):
        registry.withdraw("stranger", "why not")
    back = registry.enter(What.REGISTERED, TWO, FAMILY, SUBJECT, date="2999-01-01T00:00:00Z")
    assert back.withdrawn(TWO.id) is None


def test_a_set_that_is_still_to_be_drawn_is_registered_by_name_and_recognised_when_it_is_drawn():
    common = {"model": "m1", "padding": "exact", "dtype": "float32", "max_new_tokens": 64, "announcement": "ten by x"}
    announced, drawn = (Subject(problems=problems, **common) for problems in ("ten by x", "0123456789abcdef"))
    registry = Registry().enter(What.REGISTERED, ONE, FAMILY, announced, date=BEFORE)
    assert registry.registered(ONE.id, drawn) is not None
    for field, value in (("announcement", "ten by y"), ("model", "m2"), ("dtype", "float16")):
        other = Subject(problems="0123456789abcdef", **{**common, field: value})
        assert registry.registered(ONE.id, other) is None


SUBJECT_ROW = "[subjects.s]\nmodel='a'\nproblems='b'\npadding='exact'\ndtype='f'\nmax_new_tokens=1\n"
CLAIM_ROW = (
    "schema = 2\n[[claims.x]]\nstatement='S.'\nkind='difference'\ndirection='increase'\nconditions=['baseline']\n"
)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[claims", "is not TOML"),
        ("schema = 1\n", "its schema is 1, not 2"),
        ("schema = 2\nclaims = 3", "is no registry"),
        ("schema = 2\n[[claims.x]]\nhistory = []\n", "a claim lacks its statement"),
        (CLAIM_ROW, "is no registry: 'history'"),
        (
            CLAIM_ROW + "history = [{date = '1', event = 'accepted', subject = 's', verdict = 'REFUTED'}]",
            "among the subj",
        ),
        (CLAIM_ROW + "history = [{date = '1', event = 'guessed'}]", "'guessed' is not a valid What"),
        (CLAIM_ROW + "history = [{date = '1', event = 'registered', subject = 's'}]\n" + SUBJECT_ROW, "at which level"),
        (
            CLAIM_ROW + "history = [{date = '1', event = 'accepted', subject = 's'}]\n" + SUBJECT_ROW,
            "accepts no verdict",
        ),
        *(
            (
                CLAIM_ROW
                + f"history = [{{date = '1', event = 'accepted', subject = 's', verdict = 'REFUTED', {wrong}}}]\n"
                + SUBJECT_ROW,
                said,
            )
            for wrong, said in (("n = -1", "is of -1 problems"), ("level = 2.0", "interval of level 2"))
        ),
        (
            CLAIM_ROW + "history = [{date='1', event='accepted', subject='s', verdict='MAYBE'}]\n" + SUBJECT_ROW,
            "is no registry: 'MAYBE'",
        ),
        (
            CLAIM_ROW + "history = [{date='1', event='accepted', subject='s', verdict='VOID'}]\n" + SUBJECT_ROW,
            "never acceptable",
        ),
        ("[claims.x]\ndigest = 'a'\n", "form of an earlier ctlab.*python -m ctlab registry migrate"),
    ],
)
def test_broken_files_are_named(tmp_path, text, message):
    path = tmp_path / "registry.toml"
    path.write_text(text)
    with pytest.raises(RegistryError, match=message) as caught:
        Registry.load(path)
    assert str(path) in str(caught.value)


def test_a_folder_that_cannot_be_written_is_said(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(RegistryError, match=r"cannot write .*registry.toml: .*; make its folder writable"):
        accepted().save(tmp_path / "file" / "registry.toml")


def test_each_event_is_found_in_its_line(tmp_path):
    registry = accepted().enter(What.CHANGED, claim("increase"), FAMILY, SUBJECT, date=LATER, was="SUPPORTED")
    written = lines(registry, tmp_path / "registry.toml")
    found = list(event_lines("\n".join(written)))
    assert len(found) == sum(len(version.history) for versions in registry.claims.values() for version in versions)
    for claim_id, version, place, number in found:
        event = registry.versions(claim_id)[version].history[place]
        assert f'date = "{event.date}", event = "{event.what}"' in written[number - 1]


@given(st.lists(st.tuples(st.sampled_from([ONE, TWO]), st.sampled_from([v for v in Verdict if v != Verdict.VOID]))))
def test_the_last_accepted_verdict_is_found_and_every_one_is_kept(given_verdicts):
    registry = accepted()
    before = len(registry.events(ONE.id)) + len(registry.events(TWO.id))
    expected = {ONE.id: Verdict.SUPPORTED, TWO.id: Verdict.REFUTED}
    for second, (each, verdict) in enumerate(given_verdicts):
        registry = registry.accept(each, judged(verdict, f"2026-02-01T00:00:{second:02}Z"), SUBJECT)
        expected[each.id] = verdict
    assert {each.id: verdict_of(registry, each) for each in (ONE, TWO)} == expected
    assert len(registry.events(ONE.id)) + len(registry.events(TWO.id)) == before + len(given_verdicts)


def test_a_sweep_is_read_as_it_was_written(tmp_path):
    swept = claim(id="swept", sweep=SweptAxes(positions="all", layers=(0, 2), readers="answer"))
    family = Family(name="demo", claims=(swept,))
    path = tmp_path / "registry.toml"
    Registry().enter(What.REGISTERED, swept, family, SUBJECT, date=LATER).save(path)
    (read,) = Registry.load(path).versions("swept")
    assert read.changes(Registered.of(swept)) == ""
    assert read.digest == Registered.of(swept).digest
    assert read.changes(Registered.of(claim(id="swept"))).startswith("its sweep was ")


def test_a_field_that_claims_get_later_leaves_their_digest_as_it_was():
    now = Registered.of(ONE)
    before = Registered(form={k: v for k, v in now.form.items() if k != "scale"}, does=now.does)
    assert before.digest == now.digest
    assert Registered.of(claim(controls=CONTROLS, scale="log-odds")).digest != now.digest

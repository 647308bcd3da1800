import pytest
from hypothesis import given
from hypothesis import strategies as st

from ctlab.claims import Family, Registered, Registry, Subject
from ctlab.errors import RegistryError
from ctlab.records import Verdict
from tests.claims.making import claim

SUBJECT = Subject(model="m1", problems="p1", padding="exact", dtype="float32", max_new_tokens=64)
ONE, TWO = claim(), claim(id="another-claim")
FAMILY = Family(name="demo", claims=(ONE, TWO))
FAMILIES = {"demo": FAMILY}


def accepted(**verdicts):
    given = {"ct0-lowers-accuracy": Verdict.SUPPORTED, "another-claim": Verdict.REFUTED, **verdicts}
    return Registry().accept(FAMILIES, given, SUBJECT)


def test_round_trip_through_the_file(tmp_path):
    path = tmp_path / "registry.toml"
    accepted().save(path)
    assert Registry.load(path) == accepted()
    before = path.read_text()
    Registry.load(path).save(path)
    assert path.read_text() == before
    assert [each.name for each in tmp_path.iterdir()] == ["registry.toml"]


def test_a_file_that_is_not_there_is_an_empty_registry(tmp_path):
    assert Registry.load(tmp_path / "registry.toml") == Registry()


def test_comments_at_the_head_stay(tmp_path):
    path = tmp_path / "registry.toml"
    path.write_text("# Ours since spring.\n# Ask before changing.\n")
    accepted().save(path)
    assert path.read_text().startswith("# Ours since spring.\n# Ask before changing.\n\n[claims.")


def test_what_differs_is_said():
    registry = accepted()
    assert registry.deviation(ONE, FAMILY) == ""
    assert registry.deviation(claim(id="new"), FAMILY) == "not registered"
    bigger = Family(name="demo", claims=(ONE, TWO, claim(id="third")))
    assert registry.deviation(ONE, bigger) == "its family had 2 claims when it was registered and has 3"
    looser = Family(name="demo", claims=(ONE, TWO), alpha=0.1)
    assert registry.deviation(ONE, looser) == "its family's α was 0.05 when it was registered and is 0.1"
    reworded = claim(statement="Hiding CT0 matters.")
    assert "its statement was 'Hiding CT0 lowers accuracy.'" in registry.deviation(reworded, FAMILY)
    assert registry.deviation(claim(margin=0.01), FAMILY).startswith("its margin changed since it was registered (dig")
    moved = claim(family="other")
    assert "registered in family 'demo'" in registry.deviation(moved, Family(name="other", claims=(moved, TWO_MOVED)))


TWO_MOVED = claim(id="another-claim", family="other")


def test_a_verdict_is_accepted_for_exactly_one_subject():
    registry = accepted()
    assert registry.accepted("another-claim", SUBJECT) == Verdict.REFUTED
    assert registry.accepted("third", SUBJECT) is None
    for field, value in (
        ("model", "m2"),
        ("problems", "p2"),
        ("padding", "as-published"),
        ("dtype", "bfloat16"),
        ("max_new_tokens", 32),
    ):
        other = Subject(**{**{f: getattr(SUBJECT, f) for f in SUBJECT.__slots__}, field: value})
        assert registry.accepted("another-claim", other) is None
        assert not registry.knows(other)
    assert registry.knows(SUBJECT)


def test_accepting_a_selection_keeps_the_rest():
    registry = accepted().accept(FAMILIES, {"another-claim": Verdict.INCONCLUSIVE}, SUBJECT)
    assert registry.accepted("another-claim", SUBJECT) == Verdict.INCONCLUSIVE
    assert registry.accepted("ct0-lowers-accuracy", SUBJECT) == Verdict.SUPPORTED


def test_accepting_registers_the_claim_as_it_is_now():
    changed = claim(margin=0.01)
    families = {"demo": Family(name="demo", claims=(changed, TWO))}
    registry = accepted().accept(families, {changed.id: Verdict.SUPPORTED}, SUBJECT)
    assert registry.deviation(changed, families["demo"]) == ""


def test_claims_that_left_every_family_are_dropped():
    families = {"demo": Family(name="demo", claims=(ONE,))}
    registry = accepted().accept(families, {ONE.id: Verdict.SUPPORTED}, SUBJECT)
    assert set(registry.claims) == {ONE.id}
    assert registry.accepted("another-claim", SUBJECT) is None


def test_void_and_strangers_are_never_accepted():
    with pytest.raises(RegistryError, match="VOID, which is never acceptable"):
        accepted(**{"another-claim": Verdict.VOID})
    with pytest.raises(RegistryError, match="'stranger' is in no registered family"):
        accepted(stranger=Verdict.SUPPORTED)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("[claims", "is not TOML"),
        ("[claims.x]\ndigest = 'a'\n", "is no registry"),
        ("[[accepted]]\nmodel = 'a'\n", "is no registry"),
        (
            "[[accepted]]\nmodel='a'\nproblems='b'\npadding='exact'\ndtype='f'\nmax_new_tokens=1\nverdicts={a='MAYBE'}",
            "no registry",
        ),
        (
            "[[accepted]]\nmodel='a'\nproblems='b'\npadding='exact'\ndtype='f'\nmax_new_tokens=1\nverdicts={a='VOID'}",
            "never acceptable",
        ),
        ("claims = 3", "is no registry"),
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


@given(
    st.dictionaries(
        st.sampled_from([ONE.id, TWO.id]), st.sampled_from([v for v in Verdict if v != Verdict.VOID]), min_size=1
    )
)
def test_what_was_accepted_is_what_is_found(verdicts):
    registry = Registry().accept(FAMILIES, verdicts, SUBJECT)
    assert {name: registry.accepted(name, SUBJECT) for name in verdicts} == verdicts
    assert set(registry.claims) == set(verdicts)
    assert all(
        registry.claims[name] == Registered.of(c, FAMILY)
        for name, c in ((ONE.id, ONE), (TWO.id, TWO))
        if name in verdicts
    )


def test_what_a_condition_does_is_registered_with_every_claim_that_names_it():
    before, after = {"baseline": "a", "ct0_blocked": "b"}, {"baseline": "a", "ct0_blocked": "c"}
    registry = Registry().accept(FAMILIES, {"ct0-lowers-accuracy": Verdict.SUPPORTED}, SUBJECT, before)
    assert registry.deviation(claim(), FAMILY, before) == ""
    assert registry.deviation(claim(), FAMILY, after) == "what ct0_blocked does changed since it was registered"


def test_a_file_without_parts_and_conditions_is_still_read(tmp_path):
    registry = Registry().accept(FAMILIES, {"ct0-lowers-accuracy": Verdict.SUPPORTED}, SUBJECT)
    registry.save(tmp_path / "registry.toml")
    lines = (tmp_path / "registry.toml").read_text("utf-8").splitlines()
    kept = [line for line in lines if not line.startswith(("parts", "conditions"))]
    (tmp_path / "registry.toml").write_text("\n".join(kept), encoding="utf-8")
    old = Registry.load(tmp_path / "registry.toml")
    assert old.deviation(claim(), FAMILY, {"ct0_blocked": "x"}) == ""
    assert old.deviation(claim(margin=0.5), FAMILY).startswith("changed since it was registered")

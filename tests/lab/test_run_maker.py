"""The lab: one pass for all that is planned, nothing twice, and what is wrong is said once."""

from dataclasses import replace

import pytest

from ctlab.errors import CertificateError, CheckpointError, ClaimError, ConditionError
from ctlab.interventions import Condition, Intervention, Patch
from ctlab.lab.executors import EngineError
from ctlab.lab.run_maker import RunMaker
from ctlab.records import AuditedBatch, RowAudit
from ctlab.settings import Settings
from tests.fakes import FakeEngine, FakeLog
from tests.plugin.suite import problems

CT0 = Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))
SAME = Condition(name="the_same", interventions=CT0.interventions)
CT4 = Condition(name="ct4_blocked", interventions=(Intervention(keys=("CT4",), readers="later"),))


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(60), encoding="utf-8")

    def make_lab(engine=None, **fields):
        settings = Settings(
            problems=str(tmp_path / "problems.jsonl"),
            recorded={},
            store=tmp_path / "store",
            report=tmp_path / "reports",
            **fields,
        )
        return RunMaker(
            settings, {each.name: each for each in (CT0, SAME, CT4)}, engine or FakeEngine(size=40), FakeLog()
        )

    return make_lab


def calls():
    from pathlib import Path

    return Path("calls.log").read_text(encoding="utf-8").splitlines() if Path("calls.log").exists() else []


def test_the_first_run_generates_all_that_is_planned_in_one_pass(make):
    lab = make()
    lab.plan(["baseline", "ct0_blocked", "ct4_blocked"])
    run = lab.run("ct0_blocked")
    assert (run.condition, len(run.problems)) == (CT0, 60)
    assert calls() == [
        "certify baseline ct0_blocked ct4_blocked",
        "generate 40 baseline ct0_blocked ct4_blocked",
        "generate 20 baseline ct0_blocked ct4_blocked",
    ]
    lab.run("baseline")
    assert lab.run("ct0_blocked") is run
    assert len(calls()) == 3


def test_what_a_condition_declares_is_certified_anew(make):
    make().run("ct0_blocked")
    assert make().certificate("ct0_blocked") is not None
    lab = make()
    lab.conditions["ct0_blocked"] = replace(CT0, no_op=True)
    assert lab.certificate("ct0_blocked") is None, "what was proven of a treatment proves no control"
    lab.run("ct0_blocked")
    assert calls().count("certify ct0_blocked") == 2


def test_what_was_not_planned_is_generated_when_it_is_asked_for(make):
    lab = make()
    lab.plan(["baseline"])
    lab.run("baseline")
    lab.run(CT4)
    assert calls()[-2:] == ["generate 40 ct4_blocked", "generate 20 ct4_blocked"]


def test_a_condition_of_one_s_own_needs_no_declaration(make):
    own = Condition(name="own", interventions=(Intervention(keys=("CT1",), readers="answer"),))
    assert make().run(own).condition == own


def test_a_name_stands_for_one_condition(make):
    lab = make()
    with pytest.raises(ConditionError, match=r"'ct0_blocked' is already something else here"):
        lab.run(Condition(name="ct0_blocked", interventions=CT4.interventions))
    with pytest.raises(ConditionError, match=r"unknown condition 'ct9'; known: baseline, ct0_blocked"):
        lab.run("ct9")


def test_two_names_for_the_same_interventions_are_generated_once(make):
    lab = make()
    lab.plan(["ct0_blocked", "the_same"])
    lab.run("baseline")
    before = len(calls())
    assert lab.run("ct0_blocked").generations == lab.run("the_same").generations
    generated = [call for call in calls() if call.startswith("generate")]
    assert len(calls()) == before
    assert [call for call in generated if "ct0" in call] == ["generate 40 ct0_blocked", "generate 20 ct0_blocked"]


def test_a_warm_lab_reads_generations_classifications_and_certificates(make):
    cold = make().run("ct0_blocked")
    before = len(calls())
    warm = make().run("ct0_blocked")
    assert warm == cold
    assert warm.certificate.condition == "ct0_blocked"
    assert len(calls()) == before


def test_a_failed_certificate_refuses_its_condition_only(make, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    lab = make()
    lab.plan(["baseline", "ct0_blocked"])
    assert len(lab.run("baseline").generations) == 60
    with pytest.raises(CertificateError, match=r"'ct0_blocked' failed: removed-edges-are-zero"):
        lab.run("ct0_blocked")
    assert lab.certificate("ct0_blocked").passed is False


def test_a_lost_certificate_is_made_again(make):
    make().run("ct0_blocked")
    for path in make().settings.store.rglob("derived/*certificate*"):
        path.unlink()
    assert make().run("ct0_blocked").certificate.passed
    assert calls()[-1] == "certify ct0_blocked"


def test_answers_do_not_count_when_their_certificate_fails_later(make, monkeypatch):
    make().run("ct0_blocked")
    for path in make().settings.store.rglob("derived/*certificate*"):
        path.unlink()
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    with pytest.raises(CertificateError, match=r"'ct0_blocked' failed: removed-edges-are-zero"):
        make().run("ct0_blocked")


def test_answers_keep_the_certificate_of_the_source_that_made_them(make, monkeypatch):
    names = ["baseline", "ct0_blocked", "ct4_blocked"]
    first = make()
    first.plan(names)
    first.run("baseline")
    monkeypatch.setattr("ctlab.lab.answer_sources.source_digest", lambda *modules: "of tomorrow")
    for _ in range(2):
        lab = make()
        lab.plan(names)
        assert all(lab.run(name).certificate.passed for name in names)
    assert [call for call in calls() if call.startswith("certify")] == ["certify baseline ct0_blocked ct4_blocked"]
    assert sum(call.startswith("generate") for call in calls()) == 2


def test_answers_of_another_source_whose_certificate_is_gone_are_refused(make, monkeypatch):
    """Today's engine says nothing of what another one answered."""
    make().run("ct0_blocked")
    for path in make().settings.store.rglob("derived/certificate-*"):
        path.unlink()
    monkeypatch.setattr("ctlab.lab.answer_sources.source_digest", lambda *modules: "of tomorrow")
    with pytest.raises(CertificateError, match=r"made by other source of ctlab than today's .* remove "):
        make().run("ct0_blocked")
    assert calls()[-1].startswith("generate")


@pytest.mark.parametrize("constant", [False, True])
def test_no_old_certificate_is_shown_of_new_answers(make, monkeypatch, constant):
    """Generated by an honest engine, forgotten, and generated again by one that gets rows wrong."""
    if constant:
        monkeypatch.setattr("ctlab.lab.answer_sources.source_digest", lambda *modules: "the same for ever")
    names = ["baseline", "ct0_blocked"]
    make().run("baseline")
    first = make()
    first.run("ct0_blocked")
    folder = first.store.folder(first.key("ct0_blocked"))
    for entry in folder.glob("*.json"):
        if first.key("ct0_blocked").condition in entry.read_text():
            entry.unlink()
    honest = FakeEngine.batches

    def wrong(self, *asked, **options):
        for batch in honest(self, *asked, **options):
            yield AuditedBatch(batch, dict.fromkeys(batch, RowAudit(rows=5, failure="row 7 is another condition's")))

    monkeypatch.setattr(FakeEngine, "batches", wrong)
    for _ in range(2):  # at once, and on a warm run, when the engine is mended again
        with pytest.raises(CertificateError, match=r"rows-of-the-run: .*row 7 is another condition's"):
            make().run("ct0_blocked")
        assert make().run("baseline").certificate.passed
        assert make().available(names) == ("baseline",)
        monkeypatch.setattr(FakeEngine, "batches", honest)


def test_answers_that_nobody_audited_have_no_such_line(make, monkeypatch):
    honest = FakeEngine.batches
    monkeypatch.setattr(FakeEngine, "batches", lambda self, *a, **k: map(dict, honest(self, *a, **k)))
    names = [check.name for check in make().run("baseline").certificate.checks]
    assert "rows-of-the-run" not in names


def test_a_limited_lab_then_a_whole_one_generates_only_the_rest(make):
    make(limit=40).run("baseline")
    make().run("baseline")
    assert calls() == ["certify baseline", "generate 40 baseline", "certify baseline", "generate 20 baseline"]


def test_what_can_be_had_without_generating(make):
    lab = make()
    assert lab.available(["baseline", "ct0_blocked"]) == ()
    assert lab.missing(["baseline"]) == {"baseline": 60}
    lab.run("baseline")
    assert make().available(["baseline", "ct0_blocked"]) == ("baseline",)
    assert lab.answers_per_second() > 0


class Unloadable(FakeEngine):
    def certify(self, problems, conditions):
        super().certify(problems, conditions)
        raise CheckpointError("tensor 'x' is missing")


class Bug(FakeEngine):
    def batches(self, problems, conditions):
        yield from super().batches(problems[:40], conditions)
        raise ZeroDivisionError("a bug")


def test_a_model_that_cannot_be_loaded_is_tried_once(make):
    lab = make(Unloadable())
    for name in ("baseline", "ct0_blocked"):
        with pytest.raises(EngineError, match=r"tensor 'x' is missing"):
            lab.run(name)
    assert len(calls()) == 1


def test_a_model_that_cannot_be_loaded_to_certify_again_is_tried_once(make):
    lab = make()
    lab.plan(["baseline", "ct0_blocked"])
    lab.run("baseline")
    for path in lab.settings.store.rglob("derived/certificate-*"):
        path.unlink()
    before, lab = len(calls()), make(Unloadable())
    for name in ("baseline", "ct0_blocked"):
        with pytest.raises(EngineError, match=r"tensor 'x' is missing"):
            lab.run(name)
    assert len(calls()) == before + 1


def test_a_bug_while_generating_goes_through_once_and_keeps_what_was_finished(make):
    lab = make(Bug())
    with pytest.raises(ZeroDivisionError):
        lab.run("baseline")
    with pytest.raises(ClaimError, match=r"nothing could be generated, ZeroDivisionError: a bug"):
        lab.run("ct0_blocked")
    assert make().missing(["baseline"]) == {"baseline": 20}


def test_the_decoding_settings_are_part_of_what_is_stored(make):
    make().run("baseline")
    assert make(max_new_tokens=5).missing(["baseline"]) == {"baseline": 60}
    assert make(device="cuda").missing(["baseline"]) == {}


RESAMPLED = Condition(name="resampled", interventions=(Patch(thoughts=("CT0",), by="resample"),))
ZEROED = Condition(name="zeroed", interventions=(Patch(thoughts=("CT0",), by="zero"),))


def test_what_draws_on_others_is_asked_with_the_whole_set_and_what_does_not_is_not(make):
    lab = make()
    lab.plan(["baseline", "zeroed"])
    lab.run(ZEROED)
    lab.run(RESAMPLED)
    assert [call for call in calls() if call.startswith("among")] == ["among 60"]


def test_what_draws_on_others_is_never_mixed_between_sets(make):
    small, whole = make(limit=40), make()
    for lab in (small, whole):
        lab.run(ZEROED)
        lab.run(RESAMPLED)
    generated = [call for call in calls() if call.startswith("generate") and not call.endswith("baseline")]
    assert small.key("zeroed") == whole.key("zeroed")
    assert generated == [
        "generate 40 zeroed",
        "generate 40 resampled",
        "generate 20 zeroed",  # the first 40 are there
        "generate 40 resampled",  # drawn from 60 they are others
        "generate 20 resampled",
    ]
    assert small.key("resampled") != whole.key("resampled")
    assert small.key("zeroed") == whole.key("zeroed")


class Interrupted(FakeEngine):
    def batches(self, problems, conditions, *, among=None):
        for number, batch in enumerate(super().batches(problems, conditions, among=among)):
            if number:
                raise KeyboardInterrupt
            yield batch


def test_a_resumed_run_draws_on_the_whole_set(make):
    with pytest.raises(KeyboardInterrupt):
        make(Interrupted(size=40)).run(RESAMPLED)
    make().run(RESAMPLED)
    assert [call for call in calls() if not call.endswith("baseline")] == [
        *["certify resampled", "among 60", "generate 40 resampled", "generate 20 resampled"],
        *["certify resampled", "among 60", "generate 20 resampled"],
    ]


def test_as_published_answers_are_never_mixed_between_sets(make):
    """There an answer depends on its batch mates."""
    small, whole = make(limit=40, padding="as-published"), make(padding="as-published")
    small.run("baseline")
    assert whole.missing(["baseline"]) == {"baseline": 60}
    assert make(limit=40, padding="as-published").missing(["baseline"]) == {}


def test_a_certificate_that_failed_once_is_not_tried_again(make, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct0_blocked")
    lab = make()
    lab.plan(["baseline", "ct0_blocked"])
    lab.run("baseline")
    monkeypatch.delenv("FAKE_SABOTAGED")
    for _ in range(2):
        with pytest.raises(CertificateError):
            lab.run("ct0_blocked")
    assert [call for call in calls() if call.startswith("certify")] == ["certify baseline ct0_blocked"]

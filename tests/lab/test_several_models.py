"""Several models: each answers in a lab of its own, on one store, in one pass; what a verdict is about names them."""

from dataclasses import replace
from pathlib import Path

import pytest

from ctlab.bound_models import NamedModel
from ctlab.claims import Claim, Control, Direction, Shows
from ctlab.errors import CertificateError, ConditionError
from ctlab.interventions import Condition, Intervention
from ctlab.lab.claim_run import ClaimRun
from ctlab.lab.pending_claim import PendingClaim
from ctlab.lab.run_maker import RunMaker
from ctlab.models.families import FAMILIES
from ctlab.problems.tiny_graphs.graph_seeds import GRAPH_SEEDS
from ctlab.records import AuditedBatch, Provenance
from ctlab.records.own_functions import NOTHING_OWN
from ctlab.settings import Settings
from ctlab.statistics import rate_difference
from tests.fakes import FakeEngine, FakeLog, TracedEngine
from tests.plugin.suite import problems

CT0 = (Intervention(keys=("CT0",), readers="later"),)
SAME = (Intervention(keys=("CT0",), readers="later", keep=1.0),)
CONDITIONS = (
    Condition(name="coconut", model="coconut"),
    Condition(name="coconut_again", model="coconut", interventions=SAME, no_op=True),
    Condition(name="coconut_ct0", model="coconut", interventions=CT0),
    Condition(name="pause", model="pause"),
    Condition(name="ct0_blocked", interventions=CT0),
)
AT_LAYER = {"thoughts": ["CT0"], "by": "zero", "at": {"layers": [0], "position": "key"}}
ONE = {"coconut": NamedModel(id="model-a")}
AGAIN = (Control(condition="coconut_again", reference="coconut", shows=Shows.NO_OP),)
NAMED = {"coconut": NamedModel(id="model-a"), "pause": NamedModel(id="model-b")}


class NamedEngine(FakeEngine):
    """An engine whose digest and errors are those of the model that its settings name."""

    def __init__(self, settings: Settings) -> None:
        super().__init__(wrong={"baseline": {"model-b": 0.5}.get(settings.model, 0.15)})
        self.digest = f"digest-of-{settings.model}"
        self._model = settings.model

    def card(self):
        return {**super().card(), "id": self._model, "digest": self.digest, "max_new_tokens": 20}


class Declared:
    def __init__(self, named=None, engine=NamedEngine, conditions=CONDITIONS):
        self._named, self.engine, self._conditions = named or {}, engine, conditions

    def conditions(self, card):
        return self._conditions

    def models(self):
        return self._named


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(60), encoding="utf-8")

    def make_run(declared=None, **fields):
        fields = {"models": NAMED, "model": "model-main", "store": tmp_path / "store", **fields}
        fields = {"problems": str(tmp_path / "problems.jsonl"), **fields}
        settings = Settings(
            recorded={},
            report=tmp_path / "reports",
            registry="",
            **fields,
        )
        return ClaimRun(settings, tmp_path, declared or Declared(), FakeLog())

    return make_run


def claim(*conditions, **fields):
    return Claim(**{"id": "one", "statement": "S.", "direction": Direction.CHANGE, "conditions": conditions, **fields})


def calls():
    return Path("calls.log").read_text(encoding="utf-8").splitlines() if Path("calls.log").exists() else []


def test_each_model_answers_its_conditions_in_one_pass_and_the_run_s_own_is_not_asked(make):
    run = make()
    run.select(
        [
            claim(
                "coconut",
                "pause",
                controls=(Control(condition="coconut_again", reference="coconut", shows=Shows.NO_OP),),
            )
        ]
    )
    assert run.run("coconut").condition == CONDITIONS[0]
    run.run("coconut_again")
    asked = "baseline coconut_again"
    assert calls() == [f"certify {asked}", f"generate 50 {asked}", f"generate 10 {asked}"]
    assert run.run("pause").accuracy() < run.run("coconut").accuracy()
    assert calls()[3:] == ["certify baseline", "generate 50 baseline", "generate 10 baseline"]


def test_a_second_model_costs_its_own_pass_and_no_more(make):
    """Counted: what two runs of one model each ask of their engines, and what one run of two models asks."""
    one = make(model="model-a", models={})
    one.lab.plan(["baseline"])
    one.run("baseline")
    two = make(model="model-b", models={})
    two.lab.plan(["baseline"])
    two.run("baseline")
    alone = calls()
    Path("calls.log").unlink()
    both = make(store=Path("another"))
    both.select([claim("coconut", "pause")])
    both.run("coconut"), both.run("pause")
    assert calls() == alone


def test_answers_are_those_of_a_run_whose_only_model_it_is(make):
    first = make(model="model-a", models={})
    first.run("baseline"), first.lab.run(Condition(name="ct0_blocked", interventions=CT0))
    asked = calls()
    run = make()
    run.select([claim("coconut", "coconut_ct0")])
    assert run.run("coconut").generations == first.run("baseline").generations
    assert run.lab.key("coconut") == first.lab.key("baseline")
    assert run.lab.key("coconut_ct0") == first.lab.key("ct0_blocked")
    assert run.run("coconut_ct0").certificate.condition == "coconut_ct0"
    assert calls() == asked, "nothing is generated or certified twice, whatever it is called"


def test_a_certificate_calls_conditions_what_they_are_called_here(make):
    class Alike(NamedEngine):
        def certificate(self, condition):
            same = "baseline" if condition.name == "coconut_ct0" else None
            return replace(super().certificate(condition), identical_to=same)

    run = make(Declared(engine=Alike))
    run.select([claim("coconut", "coconut_ct0")])
    for found in (lambda name: run.run(name).certificate, run.lab.certificate):
        assert [found(name).condition for name in ("coconut", "coconut_ct0")] == ["coconut", "coconut_ct0"]
        assert found("coconut_ct0").identical_to == "coconut"


def test_a_named_model_s_undisturbed_answers_are_made_in_the_pass_that_its_labels_need_them_in(make):
    run = make()
    run.select([claim("coconut_ct0", "ct0_blocked")])
    run.run("coconut_ct0")
    assert calls()[:2] == ["certify coconut_ct0 baseline", "generate 50 coconut_ct0 baseline"]
    assert len(calls()) == 3


def test_outcomes_of_the_suite_s_own_are_asked_of_every_model(make):
    run = make()
    run.lab.own = replace(NOTHING_OWN)
    assert run.run("pause").own is run.run("baseline").own is run.lab.own


def test_a_name_is_no_part_of_a_key_and_the_model_that_it_stands_for_is(make):
    one = make(models={**NAMED, "coconut": NamedModel(id="model-b")}).lab
    assert one.key("coconut") == one.key("pause") != make().lab.key("coconut")


def test_what_a_verdict_is_about_names_every_model_by_its_digest(make):
    lab = make().lab
    assert lab.subject_of(claim("baseline", "ct0_blocked")) == lab.subject
    about = lab.subject_of(claim("coconut", "pause"))
    assert about.model == "coconut=digest-of-model-a+pause=digest-of-model-b"
    assert about.models == {"digest-of-model-a", "digest-of-model-b"}
    assert about.model_name == "coconut = model-a, pause = model-b"
    assert lab.subject_of(claim("baseline", "pause")).model == "digest-of-model-main+pause=digest-of-model-b"
    other = make(models={**NAMED, "pause": NamedModel(id="model-c")}).lab
    assert other.subject_of(claim("coconut", "pause")) != about
    assert other.subject_of(claim("coconut", "pause")).shares_answers_with(about)
    assert not lab.subject.shares_answers_with(about)


def test_token_limits_are_each_model_s_own_and_part_of_what_a_verdict_is_about(make):
    lab = make(models={**NAMED, "pause": NamedModel(id="model-b", options={"max_new_tokens": 8})}).lab
    about = lab.subject_of(claim("coconut", "pause"))
    assert (about.max_new_tokens, about.model) == (20, "coconut=digest-of-model-a+pause=digest-of-model-b@8")
    assert about.models == {"digest-of-model-a", "digest-of-model-b"}


@pytest.mark.parametrize(
    ("conditions", "fields", "why"),
    [
        (("coconut", "pause"), {}, ""),
        (("baseline", "pause"), {}, ""),
        (
            ("coconut", "pause"),
            {"models": {"coconut": NAMED["coconut"]}},
            "no model is called 'pause' here; add --ctlab-model pause=ID,",
        ),
        (("coconut", "pause"), {"models": {name: NAMED["pause"] for name in NAMED}}, "coconut and pause are one run"),
        (("baseline", "pause"), {"model": "model-b"}, "baseline and pause are one run, because both names"),
    ],
)
def test_why_a_claim_about_models_cannot_be_judged(make, conditions, fields, why):
    assert why in make(**fields).obstacle(claim(*conditions))
    assert bool(why) == bool(make(**fields).obstacle(claim(*conditions)))


def test_what_a_named_model_lacks_is_said_of_it(make):
    late = Condition(name="late", model="pause", interventions=(Intervention(keys=("CT9",), readers="later"),))
    run = make(Declared(conditions=(*CONDITIONS, late)))
    assert run.obstacle(claim("pause", "late")) == "late is about CT9, and this model thinks CT0 … CT5 (pause)"


@pytest.mark.parametrize(
    ("family", "padding", "fields", "said"),
    [
        (
            "coconut",
            "exact",
            {"thinking": "none"},
            "asked asks for 'thinking' \"none\": family coconut is taught one way",
        ),
        ("codi", "exact", {"thinking": "none"}, ""),
        ("codi", "as-published", {"thinking": "none"}, "which no official evaluation pads in any way"),
        ("codi", "exact", {"interventions": [AT_LAYER]}, ""),
        ("codi", "as-published", {"interventions": [AT_LAYER]}, "what a layer holds depends on the questions of its"),
    ],
)
def test_how_a_named_model_thinks_and_pads_is_asked_of_it_before_its_pass(make, family, padding, fields, said):
    """What it cannot do would be an error in every claim whose conditions stand in the same pass."""

    class Real(NamedEngine):
        def card(self):
            return {**super().card(), "family": family, "settings": dict(FAMILIES[family].example)}

    asked = Condition.from_json({"name": "asked", "model": "pause", **fields})
    named = {**NAMED, "pause": NamedModel(id="model-b", options={"padding": padding})}
    run = make(Declared(engine=Real, conditions=(*CONDITIONS, asked)), models=named)
    found = run.obstacle(claim("pause", "asked"))
    assert said in found
    assert found.endswith("(pause)") if said else found == ""


def test_what_a_suite_binds_answers_without_an_option_and_an_option_wins(make):
    named = {"coconut": "suite-a", "pause": "suite-b?dtype=bfloat16&num_latent=4"}
    run = make(Declared(named), models={})
    assert run.obstacle(claim("coconut", "pause")) == ""
    assert run.lab.maker("pause").settings.dtype == "bfloat16"
    assert run.lab.maker("pause").settings.model_settings == {"num_latent": 4}
    given = make(Declared(named), models={"coconut": NamedModel(id="mine")})
    assert given.lab.digest_of("coconut") == "digest-of-mine"


def test_a_name_that_no_condition_has_is_refused_before_anything_is_judged(make):
    run = make(models={**NAMED, "cocnut": NamedModel(id="x")})
    with pytest.raises(ConditionError, match=r"ctlab-model cocnut=….*the model 'cocnut'; did you mean 'coconut'\?"):
        run.check()


def test_models_that_do_not_answer_alike_carry_a_flag(make):
    devices = {"model-a": "cpu", "model-b": "cuda"}

    class Traced(TracedEngine):
        def __init__(self, settings):
            super().__init__(made=Provenance(versions={"torch": "2.5"}, device=devices.get(settings.model, "cpu")))
            self.digest, self._model = f"digest-of-{settings.model}", settings.model

        def card(self):
            return {**super().card(), "id": self._model}

    models = {**NAMED, "pause": NamedModel(id="model-b", options={"dtype": "bfloat16", "padding": "as-published"})}
    flags = make(Declared(engine=Traced), models=models).lab.model_flags(["coconut", "pause"])
    assert [flag.partition(":")[0] for flag in flags] == ["models", "unlike padding", "unlike dtype", "unlike device"]
    assert "(coconut float32, pause bfloat16)" in flags[2]
    assert make().lab.model_flags(["coconut", "pause"]) == (
        "models: coconut by model-a (digest-o); pause by model-b (digest-o)",
    )
    assert make().lab.model_flags(["baseline", "ct0_blocked"]) == ()


def test_a_model_undisturbed_is_no_treatment_that_failed_and_its_copy_is_none(make):
    asked = claim("coconut", "pause", controls=AGAIN)
    run = make()
    run.select([asked])

    pending = PendingClaim(asked, 0.05, lambda *_: None)
    effect = rate_difference("CORRECT", run.run("coconut"), run.run("pause"), pending)
    run.alpha = lambda _: 0.05
    judgement = run.judge(asked, effect)
    assert str(judgement.verdict) == "SUPPORTED"
    assert [str(each.state) for each in judgement.controls] == ["holds"]


def test_accuracy_is_of_the_model_undisturbed_here_or_on_another_set(make, tmp_path):
    (tmp_path / "others.jsonl").write_text(problems(30), encoding="utf-8")
    run = make()
    assert run.lab.accuracy("coconut_ct0", {}) == (run.run("coconut").accuracy(), "problems")
    found, asked = run.lab.accuracy("pause", {"problems": str(tmp_path / "others.jsonl")})
    other = RunMaker(run.lab.maker("pause").settings, {}, run.lab.maker("pause").engine, FakeLog())
    assert found != other.run("baseline").accuracy()
    assert asked == str(tmp_path / "others.jsonl")


def judged(run, asked):
    pending = PendingClaim(asked, 0.05, lambda *_: None)
    effect = rate_difference("CORRECT", *(run.run(name) for name in asked.conditions), pending)
    run.alpha = lambda _: 0.05
    return run.judge(asked, effect)


def test_a_certificate_that_fails_is_its_own_model_s(make, monkeypatch):
    class Sabotaged(NamedEngine):
        def certificate(self, condition):
            monkeypatch.setenv("FAKE_SABOTAGED", "baseline" if self._model == "model-b" else "")
            return super().certificate(condition)

    run = make(Declared(engine=Sabotaged))
    assert run.run("coconut").certificate.passed
    with pytest.raises(CertificateError, match=r"pause, answered by model-b \(digest-o\): the certificate of"):
        run.run("pause")


def test_a_run_that_is_a_copy_of_its_own_model_s_undisturbed_one_is_no_run(make):
    class Copying(NamedEngine):
        def batches(self, problems, conditions, *, among=None):
            for batch in super().batches(problems, conditions, among=among):
                rows = {each.problem_id: each.row for each in batch.get("baseline", ())}
                copied = {
                    name: tuple(replace(each, row=rows.get(each.problem_id, each.row)) for each in answers)
                    for name, answers in batch.items()
                }
                yield AuditedBatch(copied, batch.audits)

    said = "coconut_ct0 has no rows of its own: 60 of 60 answers are coconut's"
    asked = claim("coconut", "coconut_ct0")
    assert judged(chosen(make(Declared(engine=Copying)), asked), asked).reason.endswith(f"{said}.")
    # Models number their rows alike, and are not each other's copies for that.
    asked = claim("baseline", "pause")
    assert str(judged(chosen(make(), asked), asked).verdict) == "SUPPORTED"


def chosen(run, asked):
    run.select([asked])
    return run


def test_claims_about_models_can_be_registered_on_problems_that_are_still_to_be_drawn(make, monkeypatch):
    monkeypatch.setitem(GRAPH_SEEDS, "tiny-graphs-dag-2", "")
    run = make(problems="tiny-graphs-dag-2")
    subject = run.lab.subject_of(claim("coconut", "pause"))
    assert subject.announcement.startswith("tiny-graphs-dag-2: 500 problems drawn by source ")
    assert not subject.ids
    assert subject.models == {"digest-of-model-a", "digest-of-model-b"}

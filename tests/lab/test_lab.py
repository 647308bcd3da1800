"""The lab of a notebook: what pytest does with claims, without pytest; every argument is checked with a sentence."""

import json
import re
import shutil
import subprocess
import sys

import pytest

import ctlab
from ctlab.claims import Family, Kind
from ctlab.errors import ClaimError, ConditionError, CtlabError, InputError, ProblemSetError
from ctlab.interventions import Condition, Intervention
from ctlab.lab.executors import EngineError
from ctlab.models import model_digest
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.records import Control, Shows, Verdict
from ctlab.statistics import measured_mean, paired_difference, rate_difference
from tests.claims.making import claim
from tests.fakes import FakeEngine, row
from tests.lab.test_measurements import MeasuringFake
from tests.lab.test_run_maker import calls
from tests.plugin.suite import REGISTRY, problems

NO_OP = Control(condition="no_op", shows=Shows.NO_OP)
LOWERS = claim(controls=(NO_OP,))


@pytest.fixture
def make(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(tmp_path)
    (tmp_path / "problems.jsonl").write_text(problems(120), encoding="utf-8")
    (tmp_path / "lab_claims.py").write_text(REGISTRY, encoding="utf-8")

    def make_lab(engine=None, asked="problems.jsonl", **more):
        return ctlab.Lab(engine or FakeEngine(size=60), asked, **more)

    yield make_lab
    sys.modules.pop("lab_claims", None)


def test_a_run_is_made_once_in_memory_and_in_the_store(make):
    lab = make()
    run = lab.run("ct0_blocked")
    assert (run.condition.name, len(run.problems)) == ("ct0_blocked", 120)
    asked = calls()
    assert lab.run("ct0_blocked") is run
    assert list(lab.run("baseline", "ct0_blocked")) == list(lab.run(["baseline", "ct0_blocked"])) == [*lab.runs][::-1]
    assert make().run("ct0_blocked").generations == run.generations
    assert calls() == asked


def test_several_conditions_are_one_pass_and_so_are_later_ones(make):
    lab = make()
    lab.run("ct0_blocked", "ct1_blocked")
    lab.run("ct2_blocked", "ct3_blocked")
    assert [line for line in calls() if line.startswith("generate")] == [
        *["generate 60 baseline ct0_blocked ct1_blocked"] * 2,
        *["generate 60 ct2_blocked ct3_blocked"] * 2,
    ]


def test_what_a_claim_needs_is_one_pass_controls_included(make):
    lab = make()
    lab.run("baseline", "ct0_blocked")
    bites = Control(condition="ct1_blocked", shows=Shows.BITES)
    lab.judge(claim(controls=(NO_OP, bites)))
    assert calls()[-2:] == ["generate 60 no_op ct1_blocked"] * 2


def test_a_claim_is_judged_as_pytest_judges_it_and_once(make):
    lab = make(registry="lab_claims")
    found = {name: lab.judge(name).verdict for name in ("ct0-lowers", "ct0-raises", "ct4-changes")}
    # As tests/lab/test_claim_run.py and the plugin's tests have it of the same suite.
    assert found == {
        "ct0-lowers": Verdict.SUPPORTED,
        "ct0-raises": Verdict.REFUTED,
        "ct4-changes": Verdict.INCONCLUSIVE,
    }
    first = lab.judge("ct0-lowers")
    assert first is lab.judge("ct0-lowers")
    assert first.alpha == pytest.approx(0.05 / 3)
    assert [result.control.condition for result in first.controls] == ["no_op"]
    assert any(flag == "exploratory: not registered" for flag in first.flags), "nothing stands in the registry's file"
    named = [lab.run(name) for name in ("baseline", "ct0_blocked")]
    assert lab.judge("ct0-lowers", lambda claim: rate_difference("CORRECT", *named, claim)) is first, "the same effect"
    other = paired_difference(1, 2, 120, alternative="less", alpha=first.alpha)
    with pytest.raises(ClaimError, match="judged by another effect"):
        lab.judge("ct0-lowers", other)


def test_an_unregistered_claim_is_a_family_of_its_own_and_says_so(make):
    judgement = make().judge(LOWERS)
    assert (judgement.verdict, judgement.alpha) == (Verdict.SUPPORTED, 0.05)
    assert judgement.flags[-1].startswith("exploratory: asked when the answers were there")
    assert judgement.flags[-1].endswith("α = .05, as in a family of its own")


def test_claims_that_come_with_their_family_share_its_level(make):
    family = Family(name="demo", claims=(LOWERS, claim("increase", id="ct4-raises", conditions=("baseline", "no_op"))))
    lab = make()
    assert lab.judge(LOWERS).alpha == 0.05
    judged = lab.judge(family)
    assert [judgement.alpha for judgement in judged] == [0.025, 0.025]
    assert judged[0].flags[-1].endswith("α = .025, shared in its family demo")


def test_a_family_is_one_pass_and_a_certificate_that_fails_voids_its_claim_alone(make, monkeypatch):
    monkeypatch.setenv("FAKE_SABOTAGED", "ct1_blocked")
    conditions = ("ct0_blocked", "ct1_blocked", "ct2_blocked")
    claims = tuple(claim(id=f"{name[:3]}-lowers", conditions=("baseline", name)) for name in conditions)
    judged = make().judge(Family(name="demo", claims=claims))
    assert [each.verdict == Verdict.VOID for each in judged] == [False, True, False]
    made = [line for line in calls() if line.startswith("generate")]
    assert made == ["generate 60 baseline ct0_blocked ct2_blocked"] * 2


def test_a_lab_says_what_the_audit_found(make, tmp_path):
    rows = [{"question": f"Sam has {n} cards and gets 1. How many?", "gold": f"{n + 1} cards"} for n in range(1, 9)]
    (tmp_path / "own.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    shown = make(asked="own.jsonl")._repr_html_()
    assert "8 of 8 gold answers have words behind the number; 8 questions are 1 with other numbers" in shown


def test_a_look_at_any_claim_is_noted_in_the_store(make, tmp_path):
    make().judge(LOWERS)
    looks = (tmp_path / ".ctlab" / "store" / "looks.jsonl").read_text(encoding="utf-8")
    assert '"ct0-lowers-accuracy"' in looks
    make().judge(LOWERS)
    assert (tmp_path / ".ctlab" / "store" / "looks.jsonl").read_text(encoding="utf-8") == looks, "the same look"


@pytest.mark.parametrize("sabotaged", ["ct0_blocked", "no_op"])
def test_a_certificate_that_fails_voids_the_claim(make, monkeypatch, sabotaged):
    monkeypatch.setenv("FAKE_SABOTAGED", sabotaged)
    judgement = make().judge(LOWERS)
    assert judgement.verdict == Verdict.VOID
    assert f"the certificate of condition {sabotaged!r} failed" in judgement.reason
    assert "largest weight 0.3" in judgement._repr_html_()


def test_a_claim_about_measurements_is_handed_what_was_measured(make):
    lab = make(MeasuringFake())
    about = claim("increase", id="attention-stays", kind=Kind.MEAN, needs="A", conditions=("baseline", "ct0_blocked"))

    def attention(claim):
        return measured_mean(lab.measure("ct0_blocked").mass[:, 0, 0, 0], claim)

    with pytest.raises(ClaimError, match=r"kind 'mean', which does not say what is measured.*measured_mean\("):
        lab.judge(about)
    assert lab.judge(about, attention).effect.n == 120
    assert lab.judge(about, attention) is lab.judge(about), "a cell that is run again"
    with pytest.raises(ClaimError, match="judged by another effect"):
        lab.judge(about, lambda claim: measured_mean(lab.measure("ct0_blocked").mass[:, 0, 0, 1], claim))
    with pytest.raises(ClaimError, match="is judged by an Effect, which statistics return, not by float"):
        lab.judge(claim("increase", id="other", kind=Kind.MEAN, needs="A"), lambda claim: 0.3)


@pytest.mark.parametrize(
    "given",
    [
        [{"name": "mine", "interventions": [{"keys": ["CT0"], "readers": ["CT2"]}]}],
        {"name": "mine", "interventions": [{"keys": ["CT0"], "readers": ["CT2"]}]},
        {"mine": [{"keys": ["CT0"], "readers": ["CT2"]}]},
        {"mine": {"keys": ["CT0"], "readers": ["CT2"]}},
        {"mine": {"interventions": [{"keys": ["CT0"], "readers": ["CT2"]}]}},
        Condition(name="mine", interventions=(Intervention(keys=("CT0",), readers=("CT2",)),)),
        lambda card: [Condition(name="mine", interventions=(Intervention(keys=("CT0",), readers=("CT2",)),))],
    ],
    ids=["list", "form", "table", "one intervention", "table of forms", "condition", "function"],
)
def test_conditions_are_named_in_any_form(make, given):
    lab = make(conditions=given)
    assert lab.run("mine").condition.interventions == (Intervention(keys=("CT0",), readers=("CT2",)),)
    assert "ct5_from_answer" in lab.conditions


def test_a_condition_is_handed_over_as_data(make):
    lab = make()
    form = {"name": "seen", "interventions": [{"keys": ["CT1"], "readers": "answer"}]}
    assert lab.run(form) is lab.run("seen")
    assert lab.judge(claim(id="seen-lowers", conditions=("baseline", "seen"))).compared == ("baseline", "seen")


@pytest.mark.parametrize(
    ("ask", "error", "message"),
    [
        (lambda make: make(3), InputError, "a model is an id .tiny., a folder, what ctlab.load_model returned"),
        (lambda make: make("no-such-model"), CtlabError, "no-such-model"),
        (lambda make: make(asked=["What is 1 + 1?"]), ProblemSetError, "item 1 of the problems is 'What is 1"),
        (lambda make: make(asked="no.jsonl"), ProblemSetError, "does not exist"),
        (lambda make: make(limit=0), InputError, "limit must be a whole number from 1, not '0'"),
        (lambda make: make(dtype="fp16"), InputError, "^dtype must be one of float32"),
        (lambda make: make(batch_tokens="x"), InputError, "^batch_tokens must be a whole number"),
        (lambda make: make(settings=[4]), InputError, r'^settings are a table of names and values, such as {"num_lat'),
        (
            lambda make: make(settings={"num_latent": 4}),
            InputError,
            "^settings say how a model is loaded, and this one",
        ),
        (
            lambda make: make("tiny", settings={"num_latent": 600}).conditions,
            CtlabError,
            "^model tiny: settings: num_latent must be a whole number from 0 to 256",
        ),
        (
            lambda make: make("tiny", recorded={"baseline": "a.jsonl"}, settings={"num_latent": 4}),
            InputError,
            "recorded answers need no model, and settings say how one is loaded",
        ),
        (lambda make: make(store=3), InputError, "store is the path of a folder, not 3"),
        (lambda make: make(padding="left"), InputError, "^padding must be one of exact"),
        (lambda make: make(conditions=["ct0"]), ConditionError, "not the name 'ct0'"),
        (lambda make: make(registry="no_such_module"), InputError, "there is no module 'no_such_module', seen from"),
        (lambda make: make(registry="lab_claims").judge("ct0-lower"), ClaimError, "did you mean 'ct0-lowers'"),
        (lambda make: make().run("ct0_bloked"), ConditionError, "did you mean 'ct0_blocked'"),
        (lambda make: make().run(None), ConditionError, "a condition is a ctlab.Condition or its JSON form"),
        (lambda make: make().measure([{"name": "baseline"}, {"name": "x"}]), ConditionError, "is not one condition"),
        (lambda make: make().measure("baseline"), ConditionError, "measures neither attention nor hidden states"),
        (lambda make: make().judge("ct0-lowers"), ClaimError, "name their module"),
        (lambda make: make().judge(3), ClaimError, "a claim is a ctlab.claims.Claim"),
        (lambda make: make().judge(claim(conditions=("baseline", "ct9_blocked"))), ConditionError, "'ct9_blocked'"),
        (lambda make: make().judge(claim(outcome="MINE")), ClaimError, "cannot be judged here"),
        (lambda make: make().runs["baseline"], KeyError, "no run 'baseline'; there are none"),
    ],
)
def test_wrong_arguments_are_said_in_a_sentence(make, ask, error, message):
    with pytest.raises(error, match=message):
        ask(make)


def test_settings_are_those_of_the_command_line(make):
    lab = make("tiny", settings={"num_latent": 4})
    assert lab._run.lab.engine.card()["settings_given"] == {"num_latent": 4}
    assert lab._run.lab.engine.digest == model_digest("tiny", settings={"num_latent": 4})
    assert "ct3_blocked" in lab.conditions
    assert "ct4_blocked" not in lab.conditions
    assert make("tiny", settings={})._run.lab.engine.digest == make("tiny")._run.lab.engine.digest


def test_what_went_wrong_once_is_tried_again(make, monkeypatch):
    """A wrong condition, or a disk that was full, must not end a notebook."""
    engine = FakeEngine()
    lab = make(engine)
    with monkeypatch.context() as broken:
        broken.setattr(engine, "batches", lambda *more, **others: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            lab.run("ct0_blocked")
    assert lab.run("ct0_blocked").condition.name == "ct0_blocked"


def test_a_lab_and_what_it_made_can_be_read(make):
    lab = make()
    assert repr(lab) == "<Lab: fake (fake-mod), 120 problems of problems; no runs yet; 0 judgements>"
    runs = lab.run("baseline", "ct0_blocked")
    assert re.fullmatch(r"<2 runs of 120 problems; correct: baseline \d+\.\d %, ct0_blocked \d+\.\d %>", repr(runs))
    judgement = lab.judge(LOWERS)
    assert repr(judgement).startswith("<✓ SUPPORTED ct0-lowers-accuracy: −")
    assert repr(judgement).endswith("[exploratory]>")
    for shown in (lab, runs, runs["baseline"], judgement, judgement.effect):
        assert shown._repr_html_().startswith('<div class="ctlab"')
    assert "SUPPORTED" in lab._repr_html_()


def test_progress_is_on_standard_error_and_can_be_silenced(make, capsys):
    make().run("baseline")
    out, said = capsys.readouterr()
    assert (out, "generating 1 condition × 120 problems" in said) == ("", True)
    make(store="elsewhere", progress=False).run("baseline")
    assert capsys.readouterr() == ("", "")


def test_answers_have_rows_of_their_own(make):
    """Else a no-op could be a copy of the baseline and prove nothing."""
    lab = make()
    lab.judge(LOWERS)
    first = lab.problems[0]
    assert lab.run("no_op").generations[0].row == row(first, lab.conditions["no_op"])


def test_a_model_that_was_edited_is_kept_apart(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    model, asked = ctlab.load_model("tiny"), ctlab.load_problems("tiny")[:4]
    lab = ctlab.Lab(model, asked, progress=False)
    intact = lab.run("baseline")
    assert "edited" not in repr(lab)
    weights = next(model.network.parameters())
    weights.data[[0, 1]] = weights.data[[1, 0]]  # two rows exchanged: the same numbers, another model
    with pytest.raises(EngineError, match="the weights of tiny were changed after the lab was made"):
        lab.run("ct0_blocked")
    edited = ctlab.Lab(model, asked)
    assert repr(edited).startswith("<Lab: tiny, edited (")
    capsys.readouterr()
    edited.run("baseline")
    assert "generated 4 answers" in capsys.readouterr().err, "nothing of the other model's is taken for its own"
    assert ctlab.Lab("tiny", asked, progress=False).run("baseline").generations == intact.generations
    again = ctlab.Lab(model.cast("float64"), asked, progress=False)
    assert "edited" in repr(again), "a copy of edited weights is edited"
    assert "edited" not in repr(ctlab.Lab(ctlab.load_model("tiny").cast("float64"), asked, progress=False))


@pytest.mark.slow
def test_a_second_process_and_a_loaded_model_generate_nothing(tmp_path):
    code = (
        "import ctlab, sys\n"
        "lab = ctlab.Lab({model}, ctlab.load_problems('tiny')[:50], store={store!r})\n"
        "print(lab.run('ct0_blocked').accuracy(), 'torch' in sys.modules)"
    )

    def run(model):
        text = code.format(model=model, store=str(tmp_path / "store"))
        done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=True)
        return done.stdout.split(), "generating" in done.stderr

    (first, _), generated = run("'tiny'")
    assert generated
    assert run("'tiny'") == ([first, "False"], False)
    assert run("ctlab.load_model('tiny')") == ([first, "True"], False)


@pytest.fixture
def files(make, tmp_path):
    lab = make()
    for name in ("baseline", "ct0_blocked"):
        rows = [{"problem_id": each.problem_id, "output": each.text} for each in lab.run(name).generations]
        (tmp_path / f"{name}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return {"baseline": "baseline.jsonl", "ct0_blocked": tmp_path / "ct0_blocked.jsonl"}


def test_recorded_answers_are_judged_without_a_model(make, files):
    asked = calls()
    lab = ctlab.Lab(recorded=files, problems="problems.jsonl")
    found = lab.judge(claim(controls=()))
    assert (found.verdict, found.effect) == (Verdict.SUPPORTED, make().judge(claim(controls=())).effect)
    assert "recorded: baseline has no certificate; its file's name is all that says what was hidden" in found.flags
    assert lab.run("ct0_blocked").certificate is None
    assert "recorded answers, 120 problems" in repr(lab)
    assert "baseline: baseline.jsonl, ct0_blocked: ct0_blocked.jsonl" in lab._repr_html_()
    assert calls()[: len(asked)] == asked


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"recorded": ["baseline.jsonl"]},
            "recorded is a table from conditions' names to files, not ['baseline.jsonl']",
        ),
        ({"recorded": {}}, "recorded is a table"),
        ({"recorded": {"a b": "x.jsonl"}}, "recorded: 'a b' stands for 'x.jsonl'; write a name and a file"),
        ({"recorded": {"baseline": 3}}, "recorded: 'baseline' stands for 3"),
        ({"model": "codi"}, "recorded answers need no model, and 'codi' would not be asked"),
        ({"recorded": {"baseline": "none.jsonl"}}, "cannot read the recorded answers"),
        (
            {"recorded": {"baseline": "baseline.jsonl", "ct0_blocked": "baseline.jsonl"}},
            "two conditions need two files",
        ),
        ({"recorded": {"baseline": "baseline.jsonl?answr=x"}}, "'answr' is no option of recorded answers"),
    ],
)
def test_recorded_answers_are_refused_as_by_pytest(make, files, given, said):
    with pytest.raises(InputError, match=re.escape(said)):
        ctlab.Lab(**{"recorded": files, "problems": "problems.jsonl", **given})


def test_what_was_not_recorded_is_said(make, files):
    lab = ctlab.Lab(recorded=files, problems="problems.jsonl", progress=False)
    with pytest.raises(ConditionError, match=r"'ct1_blocked' is not among .* Lab\(recorded=\{'ct1_blocked': FILE\}\)"):
        lab.run("ct1_blocked")
    with pytest.raises(ClaimError, match="not recorded: ct1_blocked"):
        lab.judge(claim(conditions=("baseline", "ct1_blocked")))
    with pytest.raises(InputError, match="no attention and no hidden states"):
        lab.measure("ct0_blocked")


@pytest.mark.parametrize("loaded", [False, True])
def test_the_model_s_own_limit_of_tokens_holds_unless_a_run_says_otherwise(tmp_path, monkeypatch, loaded):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(TINY, tmp_path / "short")
    form = json.loads((TINY / "ctlab.json").read_text())
    (tmp_path / "short" / "ctlab.json").write_text(json.dumps({**form, "base": "base", "max_new_tokens": 2}))

    def longest(**asked):
        model = ctlab.load_model("short") if loaded else "short"
        lab = ctlab.Lab(model, ctlab.load_problems("tiny")[:3], progress=False, **asked)
        return max(len(each.token_ids) for each in lab.run("baseline").generations)

    assert longest() == 2
    assert longest(max_new_tokens=1) == 1


def test_a_model_that_was_loaded_from_a_folder_needs_that_folder_no_more(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    shutil.copytree(TINY, tmp_path / "copy")
    model = ctlab.load_model(tmp_path / "copy")
    shutil.rmtree(tmp_path / "copy")
    run = ctlab.Lab(model, ctlab.load_problems("tiny")[:2], progress=False).run("baseline")
    assert len(run.generations) == 2


class OtherFake(FakeEngine):
    """Another model than the fake, and a worse one."""

    digest = "another-model"

    def __init__(self):
        super().__init__(size=60, wrong={"baseline": 0.6})


def test_other_models_are_handed_over_by_the_names_that_conditions_call_them(make):
    lab = make(models={"pause": OtherFake()}, conditions={"pause": {"model": "pause"}})
    runs = lab.run("baseline", "pause")
    assert runs["pause"].accuracy() < runs["baseline"].accuracy()
    assert runs["pause"].condition == Condition(name="pause", model="pause")
    judged = lab.judge(claim(conditions=("baseline", "pause"), controls=(NO_OP,)))
    assert judged.verdict == Verdict.SUPPORTED
    assert any(flag.startswith("models: baseline and no_op by fake (fake-mod); pause by fake") for flag in judged.flags)
    alone = ctlab.Lab(OtherFake(), "problems.jsonl")
    asked = calls()
    assert alone.run("baseline").generations == runs["pause"].generations
    assert calls() == asked, "one store, one key, whatever the model is called"


@pytest.mark.parametrize(
    ("models", "why"),
    [
        (["pause"], "models is a table from conditions' names of models to models"),
        ({"no name": "tiny"}, "models: 'no name' is no name that a condition can call a model"),
        ({"pause": 3}, "a model is an id"),
    ],
)
def test_models_that_are_none_are_one_sentence(make, models, why):
    with pytest.raises(InputError, match=why):
        make(models=models)

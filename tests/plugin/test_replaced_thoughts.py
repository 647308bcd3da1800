"""Conditions that draw on the whole problem set, with the embedded model: parts, interruptions, a sabotaged swap."""

import pytest
import torch
import transformers

import ctlab
import ctlab.certify.interventions
import ctlab.engine.undisturbed_thoughts
import ctlab.models.checkpoints.loading
from ctlab.claims.evidence import evidence_flags
from ctlab.interventions import Condition
from ctlab.lab.executors import ModelEngine
from ctlab.lab.run_maker import RunMaker
from ctlab.measures import exchange_rates
from ctlab.models.checkpoints.checkpoint_files import TINY
from ctlab.settings import Settings
from tests.claims.making import claim
from tests.fakes import FakeLog
from tests.plugin.suite import rows, run, write_suite

KEPT = (torch, transformers, ctlab.certify.interventions, ctlab.models.checkpoints.loading)
"""Imported here, because an inner run cannot import them twice (see tests/plugin/suite.py)."""
pytestmark = pytest.mark.skipif(not TINY.exists(), reason="the embedded model has not been trained")

RESAMPLED = Condition.from_json({"name": "resampled", "interventions": [{"thoughts": ["CT0"], "by": "resample"}]})
MATCHED = Condition.from_json({"name": "matched", "interventions": [{"thoughts": ["CT0"], "by": "matched", "step": 1}]})
ZEROED = Condition.from_json({"name": "zeroed", "interventions": [{"thoughts": ["CT0"], "by": "zero"}]})


@pytest.fixture
def problems():
    return list(ctlab.load_problems("tiny"))[:60]


@pytest.fixture
def make(tmp_path):
    def make_engine(**fields):
        return ModelEngine(Settings(store=tmp_path / "store", report=tmp_path, recorded={}, **fields))

    return make_engine


def said(batches):
    return {each.problem_id: each.token_ids for batch in batches for each in batch["resampled"]}


@pytest.mark.parametrize("padding", ["exact", "as-published"])
def test_what_was_left_over_is_answered_as_in_the_whole(make, problems, padding):
    whole = said(make(padding=padding).batches(problems, [RESAMPLED]))
    engine = make(padding=padding)
    assert all(each.passed for each in engine.certify(problems, [RESAMPLED]).values())
    if padding == "exact":
        rest = said(engine.batches(problems[20:], [RESAMPLED], among=problems))
        assert rest == {problem.id: whole[problem.id] for problem in problems[20:]}
    assert said(engine.batches(problems, [RESAMPLED], among=problems)) == whole


def test_the_sets_thoughts_are_made_once_and_only_where_they_are_drawn_on(make, problems, monkeypatch):
    honest, made = ctlab.engine.undisturbed_thoughts.activation_cache_of, []

    def counted(model, among, decoding, **options):
        made.append(len(among))
        return honest(model, among, decoding, **options)

    monkeypatch.setattr(ctlab.engine.undisturbed_thoughts, "activation_cache_of", counted)
    engine = make()
    engine.certify(problems, [ZEROED])
    list(engine.batches(problems, [ZEROED]))
    assert made == []
    engine.certify(problems, [RESAMPLED])
    list(engine.batches(problems[:20], [RESAMPLED], among=problems))
    engine.measure(problems, [ctlab.Condition(name="baseline"), RESAMPLED])
    assert made == [60]


SABOTAGE = """
import pytest
from ctlab.engine.activation_cache import ActivationCache

@pytest.fixture(scope="session", autouse=True)
def sabotage():
    honest = ActivationCache.resampled
    with pytest.MonkeyPatch.context() as patch:
        wrong = lambda self, ids, thought, seed: honest(self, ids, (thought + 1) % 6, seed)
        patch.setattr(ActivationCache, "resampled", wrong)
        yield
"""
HIDES = 'Condition(name="ct0_blocked", interventions=(Intervention(keys=("CT0",), readers="later"),))'
RESAMPLES = 'Condition(name="ct0_blocked", interventions=(Patch(thoughts=("CT0",), by="resample"),))'


@pytest.fixture
def suite(pytester):
    write_suite(pytester, folder="demo_claims")
    bench = pytester.path / "bench.py"
    text = bench.read_text(encoding="utf-8").replace("return FakeEngine()", "return None").replace(HIDES, RESAMPLES)
    text = text.replace("import Condition, Intervention", "import Condition, Intervention, Patch")
    assert "Patch(thoughts" in text
    bench.write_text(text, encoding="utf-8")
    return pytester


def test_a_claim_about_another_problems_thought_is_judged(suite):
    result = run(suite, "--ctlab-problems=tiny", "--ctlab-limit=60")
    found = rows(suite)
    assert found["ct0-lowers"]["verdict"] == "SUPPORTED"
    assert found["ct0-raises"]["verdict"] == "REFUTED"
    assert result.ret == 0
    # another limit is another set to draw from: nothing of the first is taken for it
    run(suite, "--ctlab-problems=tiny", "--ctlab-limit=55", "--ctlab-plan").stdout.fnmatch_lines(
        ["to generate: 55 answers (ct0_blocked)*"]
    )
    # and nothing is missing for the set that was run
    run(suite, "--ctlab-problems=tiny", "--ctlab-limit=60", "--ctlab-plan").stdout.fnmatch_lines(
        ["nothing to generate*"]
    )


def test_a_swap_shifted_by_one_step_voids_every_claim_that_uses_it(suite):
    suite.makepyfile(sabotage=SABOTAGE)
    assert run(suite, "--ctlab-problems=tiny", "--ctlab-limit=60", "-p", "sabotage").ret == 1
    found = rows(suite)
    assert found["ct0-lowers"]["verdict"] == found["ct0-raises"]["verdict"] == "VOID"
    assert "replaced-as-said" in found["ct0-lowers"]["reason"]
    assert found["ct4-changes"]["verdict"] != "VOID"


MATCHES = 'Condition(name="ct0_blocked", interventions=(Patch(thoughts=("CT0",), by="matched", step=1),))'


def test_a_rate_over_problems_of_which_some_were_left_as_they_are_is_refused(suite):
    bench = suite.path / "bench.py"
    bench.write_text(bench.read_text(encoding="utf-8").replace(RESAMPLES, MATCHES), encoding="utf-8")
    result = run(suite, "--ctlab-problems=tiny", "--ctlab-limit=60", "-k", "lowers")
    assert result.ret == 1
    result.stdout.fnmatch_lines(["*of 60 problems have no donor under 'ct0_blocked' and were left as they are*"])


def test_exchanges_are_kept_with_their_donors(tmp_path):
    def make():
        settings = Settings(problems="tiny", limit=60, store=tmp_path / "store", report=tmp_path, recorded={})
        return RunMaker(settings, {}, ModelEngine(settings), FakeLog())

    made, kept = make(), make()
    run_of = made.run(MATCHED)
    assert "of 60 problems have a donor" in next(
        each.detail for each in run_of.certificate.checks if each.name == "donors-as-said"
    )
    rates = exchange_rates(run_of)
    assert rates[-1]["follows"] > 5 * rates[-1]["by_chance"]
    again = kept.run(MATCHED)
    assert not kept.missing(["matched"])
    assert [each.donor for each in again.generations] == [each.donor for each in run_of.generations]
    assert exchange_rates(again) == rates
    without = rates[-1]["without_donor"]
    flags = evidence_flags(claim(conditions=("baseline", "matched")), {"matched": run_of})
    assert (
        f"left alone: problems for which no other problem can lend its thought are not judged: {without} under matched"
        in flags
    )

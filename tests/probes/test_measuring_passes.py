"""Thoughts that are computed in several passes, measured at each of them: every number is the reference's."""

from dataclasses import replace

import pytest
import torch

import ctlab
from ctlab.engine.control_token import control_position
from ctlab.errors import InputError
from ctlab.interventions import Condition
from tests.certify.test_passes import PASSES, THOUGHTS
from tests.engine.test_passes_against_oracle import LATENT, PROBLEMS, both  # noqa: F401
from tests.probes import measuring_oracle as reference
from tests.probes.test_measuring import compare

TOKENS = 3
FORMS = {
    "ct1_blocked": [{"keys": ["CT1"], "readers": "later"}],
    "last_pass": [{"keys": ["CT1"], "readers": "later", "passes": "last"}],
    "itself": [{"keys": ["CT2"], "readers": "thoughts", "self": True, "passes": "last", "heads": [1]}],
    "one_layer": [{"keys": ["CT0"], "readers": "later", "keep": 0.5, "layers": [1]}],
    "control": [{"keys": "question-control", "readers": ["CT1", "CT3", "end"]}],
}
CONDITIONS = [Condition.from_json({"name": name, "interventions": form}) for name, form in FORMS.items()]


def follow_at(at_pass):
    """Follow each pass in one piece, and join what is measured: thoughts of one pass, the rest of the last."""

    def follow(answerer, problem, interventions):
        model, oracle = answerer
        question = model.encode(problem.question)
        control = control_position(model, problem.id, question)
        tokens, _ = oracle.answer(question, interventions, TOKENS, control)
        begin, end, eos, _ = oracle._ids()
        answer = [token for token in tokens if token != eos][: TOKENS - 1]
        names = ["question"] * len(question) + ["begin"] * len(begin) + [f"CT{k}" for k in range(THOUGHTS)]
        first, after = len(question) + len(begin), len(names)
        names += ["end"] * len(end) + ["answer"] * len(answer)
        last = oracle._keep(names, interventions, control)
        early = oracle._keep(names, [each for each in interventions if "passes" not in each], control)
        thinks = torch.tensor([name.startswith("CT") for name in names])[:, None]
        early = torch.where(thinks, early, last)
        before = oracle.embedding[[*question, *begin]]
        rest = oracle.embedding[[*end, *answer]]
        fed, passes = oracle.embedding[[LATENT] * THOUGHTS], []
        for number in range(PASSES + 1):
            keep = last if number == PASSES else early
            passes.append(reference.traced(oracle, torch.cat([before, fed, rest]), names, keep, tokens))
            fed = passes[-1].last[first - 1 : after - 1]
        (own, final), thoughts = (passes[at_pass], passes[-1]), slice(first, after)
        joined = {"keep": final.keep, "weights": final.weights, "states": final.states}
        joined = {name: part.clone() for name, part in joined.items()}
        joined["keep"][:, :, thoughts] = own.keep[:, :, thoughts]
        joined["weights"][:, :, thoughts] = own.weights[:, :, thoughts]
        joined["states"][:, thoughts] = own.states[:, thoughts]
        return replace(final, **joined, made=passes[at_pass - 1])

    return follow


@pytest.mark.parametrize("at_pass", [None, 1])
def test_every_number_is_the_references(both, at_pass):  # noqa: F811
    model = both[0].cast("float64")
    seen = ctlab.measure(model, PROBLEMS[:3], CONDITIONS, lens=True, max_new_tokens=TOKENS, at_pass=at_pass)
    assert {each.at_pass for each in seen.values()} == {at_pass or PASSES}
    compare((model, both[1]), seen, PROBLEMS[:3], FORMS, follow_at(at_pass or PASSES))


@pytest.mark.parametrize("at_pass", [0, PASSES + 1, True, "last"])
def test_a_pass_that_makes_no_thoughts_is_refused(both, at_pass):  # noqa: F811
    with pytest.raises(InputError, match=f"at_pass must be a pass from 1 to {PASSES}, the last, not"):
        ctlab.measure(both[0], PROBLEMS[:1], [], at_pass=at_pass)

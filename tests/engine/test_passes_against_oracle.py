"""Passes over the thoughts against the independent reference, for random conditions, some of them in the last pass."""

import json

import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ctlab.engine.answers import generate_batches
from ctlab.engine.control_token import control_position
from ctlab.errors import ConditionError
from ctlab.models import load_model
from ctlab.problems import Problem
from ctlab.records.generation import Decoding
from tests.certify.test_passes import PASSES, THOUGHTS, Iterating
from tests.engine.oracle import Oracle
from tests.engine.test_against_oracle import INTERVENTIONS, assert_same, readable
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_coconut

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]
LATENT = 20
TOKENS = 4


class Iterated(Oracle):
    """The whole sequence again in every pass, each with a mask of its own."""

    def answer(self, question, interventions, most, control=None, instead=None):
        begin, end, eos, considered = self._ids()
        names = ["question"] * len(question) + ["begin"] * len(begin) + [f"CT{k}" for k in range(THOUGHTS)]
        names += ["end"] * len(end) + ["answer"] * most
        last = self._keep(names, interventions, control)
        early = self._keep(names, [each for each in interventions if "passes" not in each], control)
        made = self.embedding[[LATENT] * THOUGHTS]
        fed = self._instead(instead, 0, made, made)
        thinks = torch.tensor([name.startswith("CT") for name in names])[:, None]
        first = len(question) + len(begin)
        before = self.embedding[[*question, *begin]]
        for number in range(1, PASSES + 1):
            states = self._forward(torch.cat([before, fed]), torch.where(thinks, early, last))
            made = states[first - 1 : first - 1 + THOUGHTS]
            fed = self._instead(instead, number, made, made)
        sequence = torch.cat([before, fed, self.embedding[end]])
        tokens, margins = [], []
        while len(tokens) < most and eos not in tokens:
            best = (self._head() @ self._forward(sequence, last)[-1])[:considered].topk(2)
            tokens.append(int(best.indices[0]))
            margins.append(float(best.values[0] - best.values[1]))
            sequence = torch.cat([sequence, self.embedding[tokens[-1]][None]])
        return tokens, margins

    def _instead(self, instead, number, states, made):
        """What a pass is fed as its thoughts; ``instead`` counts them pass by pass."""
        if instead is None:
            return made
        counted = range(number * THOUGHTS, (number + 1) * THOUGHTS)
        return torch.stack([instead(*each) for each in zip(counted, states, made, strict=True)])


@pytest.fixture(scope="module")
def both(tmp_path_factory):
    folder = tmp_path_factory.mktemp("iterated")
    form = write_coconut(folder, seed=3)
    loaded = load_model(folder, settings=form, allow_pickle=True)
    given_ = {name: getattr(loaded, name) for name in loaded.__dataclass_fields__}
    config = json.loads((folder / "base" / "config.json").read_text())
    return Iterating(**{**given_, "latent_id": LATENT}), Iterated.read(folder, config, form)


@st.composite
def interventions(draw):
    form = draw(INTERVENTIONS)
    names = {value for key in ("keys", "readers") for value in form[key] if not isinstance(form[key], str)}
    if names & {"CT4", "CT5"}:  # this model thinks four thoughts
        form = {"keys": ["CT1"], "readers": "later"}
    return {**form, "passes": "last"} if draw(st.booleans()) else form


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms=st.lists(st.lists(interventions(), max_size=2), min_size=1, max_size=4))
def test_random_conditions_answer_as_the_reference_does(both, forms):
    compare(*both, forms)


@pytest.mark.slow
@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(forms=st.lists(st.lists(interventions(), max_size=2), min_size=1, max_size=4))
def test_many_random_conditions_answer_as_the_reference_does(both, forms):
    compare(*both, forms)


def compare(model, oracle, forms):
    conditions = [found for number, form in enumerate(forms) if (found := readable(f"c{number}", form))]
    try:
        batches = list(generate_batches(model, PROBLEMS, conditions, Decoding(max_new_tokens=TOKENS), batch_tokens=200))
    except ConditionError as error:
        reason = str(error)
    else:
        reason = None
    if reason is not None:
        assert "without any position to read" in reason
        return
    for condition in conditions:
        found = {each.problem_id: each.token_ids for batch in batches for each in batch[condition.name]}
        for problem in PROBLEMS[:3]:
            ids = model.encode(problem.question)
            control = control_position(model, problem.id, ids)
            expected = oracle.answer(ids, condition.to_json()["interventions"], TOKENS, control=control)
            assert_same(found[problem.id], *expected)

"""Edits that a model or a problem set cannot have are refused before anything is computed."""

import numpy as np
import pytest

import ctlab
from ctlab.engine.edit_vectors import random_axes
from ctlab.errors import ConditionError, InputError
from ctlab.interventions import Condition
from ctlab.models import load_model
from ctlab.problems import Problem
from tests.interventions.ways import directions_file, way_form
from tests.models.checkpoints.making_checkpoints import QUESTIONS, write_codi

PROBLEMS = [Problem(question=question, gold=1) for question in QUESTIONS]


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    return load_model(folder, settings=write_codi(folder, "llama", seed=7))


def ask(model, by, problems=PROBLEMS, *, no_op=False, **fields):
    form = {"name": "c", "interventions": [way_form(by, **fields)], "no_op": no_op}
    return ctlab.generate(model, problems, [Condition.from_json(form)], max_new_tokens=2)


@pytest.mark.parametrize(
    ("by", "fields", "said"),
    [
        ("remove-random", {"dimensions": 32}, "'dimensions' is 32, and this model's thoughts have 32 in all"),
        ("add-given", {"file": directions_file(16, 1)}, "is for thoughts of 16 dimensions .* this model's have 32"),
        ("add-given", {"file": directions_file(32, 3)}, "adds one direction, and its file holds 3"),
        ("scale", {"factor": 1}, "scales by 1 or adds 0 times something, which changes nothing"),
        ("add-noise", {"factor": 0}, "scales by 1 or adds 0 times something, which changes nothing"),
    ],
)
def test_what_a_model_cannot_have(model, by, fields, said):
    with pytest.raises(ConditionError, match=f"condition 'c'.* {said}|condition 'c': {said}"):
        ask(model, by, **fields)


@pytest.mark.parametrize(
    ("by", "fields", "said"),
    [
        ("project-components", {"dimensions": 3}, "3 principal components need more than 3 problems in each half"),
        ("add-difference", {"contrast": "n_tokens >= 1"}, "a half of the 7 problems has none without 'n_tokens >= 1'"),
        ("add-difference", {"contrast": "n_tokens >= 99"}, "a half of the 7 problems has none with 'n_tokens >= 99'"),
    ],
)
def test_what_too_few_problems_cannot_have(model, by, fields, said):
    with pytest.raises(InputError, match=f"condition 'c': {said}"):
        ask(model, by, **fields)


@pytest.mark.parametrize(
    ("more", "fields", "said"),
    [
        ([], {"num_thoughts": 6}, "scales by 1 or adds 0 times something, which changes nothing"),
        ([{"thoughts": ["CT1"], "by": "baseline"}], {}, "gives CT1 back, which nothing before it has disturbed"),
        (
            [{"thoughts": ["CT1"], "by": "baseline", "at": {"layers": [1], "position": "key"}}],
            {},
            "gives CT1 back its key at layer 1, which nothing before it has disturbed",
        ),
    ],
)
def test_an_edit_that_changes_nothing_disturbs_nothing_for_what_stands_beside_it(model, more, fields, said):
    """It was VOID: the certificate found that nothing had moved."""
    assert model.num_thoughts == 6
    form = {"name": "c", "interventions": [way_form("scale", ["CT0"], factor=1.0), *more], **fields}
    with pytest.raises(ConditionError, match=f"condition 'c' {said}"):
        ctlab.generate(model, PROBLEMS, [Condition.from_json(form)], max_new_tokens=2)


def test_a_no_op_may_scale_by_one(model):
    for by, factor in (("scale", 1), ("add-noise", 0)):
        runs = ask(model, by, factor=factor, no_op=True)
        assert runs.certificates["c"].failure() is None


def test_a_subspace_is_a_subspace_and_a_seed_decides_which():
    axes = random_axes("p", 2, 0, 4, 16)
    np.testing.assert_allclose(axes @ axes.T, np.eye(4), atol=1e-12)
    others = [random_axes(*where, 4, 16) for where in (("q", 2, 0), ("p", 1, 0), ("p", 2, 1))]
    assert all(np.linalg.norm(axes.T @ axes - each.T @ each) > 0.1 for each in others)
    # all directions alike probable: of 16 dimensions 4 hold a quarter of any vector
    held = np.mean([np.square(random_axes(f"p{n}", 0, 0, 4, 16)[:, 0]).sum() for n in range(400)])
    assert abs(held - 0.25) < 0.02

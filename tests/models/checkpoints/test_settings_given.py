"""Settings that a run says itself: over what is known, in the digest, the header and the report."""

import pytest

from ctlab.errors import CheckpointError
from ctlab.lab.executors.local_model import ModelEngine
from ctlab.models import load_model, model_digest
from ctlab.settings import Settings


@pytest.fixture
def engine(tmp_path):
    return lambda **given: ModelEngine(
        Settings(recorded={}, store=tmp_path / "store", report=tmp_path / "report", model_settings=given)
    )


def test_they_belong_to_the_model_and_are_named(engine):
    plain, given = engine(), engine(num_latent=4)
    assert given.digest == model_digest("tiny", settings={"num_latent": 4}) != plain.digest
    assert given.loaded_digest() == given.digest
    assert given.card()["settings_given"] == {"num_latent": 4}
    assert given.card()["num_thoughts"] == 4
    assert "settings_given" not in plain.card()


def test_what_is_said_as_it_was_changes_no_digest(engine):
    assert engine(num_latent=load_model("tiny").num_thoughts).digest == engine().digest


def test_a_wrong_one_ends_in_a_sentence(engine):
    with pytest.raises(CheckpointError, match=r"unknown setting 'num_latnet'; .*did you mean 'num_latent'\?"):
        _ = engine(num_latnet=4).digest

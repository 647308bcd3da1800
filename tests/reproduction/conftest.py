"""The embedded model, loaded once."""

import pytest

from ctlab.models import load_model


@pytest.fixture(scope="session")
def tiny():
    return load_model("tiny")

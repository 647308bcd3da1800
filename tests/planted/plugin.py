"""A pytest plugin: claims are judged of the planted model that ``PLANTED_MODEL`` names (``FILE::CLASS``)."""

import os

from ctlab.settings import Settings
from tests.planted.engine import PlantedEngine
from tests.planted.model import at


def pytest_ctlab_engine(settings: Settings) -> PlantedEngine | None:
    """Answer with the planted model."""
    return PlantedEngine(at(os.environ["PLANTED_MODEL"]))

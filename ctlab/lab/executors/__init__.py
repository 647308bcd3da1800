"""Who answers, and where: the interface that the lab asks, and one file for each place that a model can run in."""

from ctlab.lab.executors.interface import (
    Engine,
    EngineError,
    LastingEngine,
    MeasuringEngine,
    ScoringEngine,
    SharingEngine,
    TraceableEngine,
    decoding,
)
from ctlab.lab.executors.local_model import ModelEngine

__all__ = [
    "Engine",
    "EngineError",
    "LastingEngine",
    "MeasuringEngine",
    "ModelEngine",
    "ScoringEngine",
    "SharingEngine",
    "TraceableEngine",
    "decoding",
]

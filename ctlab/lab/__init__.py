"""Names of conditions in, runs and judgements out: what pytest and a notebook share. No pytest.

A `ClaimRun` is made of settings, of what a suite declares, and of a log; its `RunMaker`
answers; `ctlab.Lab` is that for a notebook. Nothing is imported before
it is used, so that a part of the lab costs no more than itself.
"""

from typing import TYPE_CHECKING

from ctlab.lazy import exports

if TYPE_CHECKING:
    from ctlab.lab.claim_run import ClaimRun, Declarations
    from ctlab.lab.executors import Engine, EngineError, MeasuringEngine, ScoringEngine
    from ctlab.lab.lab import Lab
    from ctlab.lab.log import ConsoleLog, Log
    from ctlab.lab.run_maker import RunMaker

_HOMES = {
    "ClaimRun": "claim_run",
    "ConsoleLog": "log",
    "Declarations": "claim_run",
    "Engine": "executors",
    "EngineError": "executors",
    "Lab": "lab",
    "Log": "log",
    "MeasuringEngine": "executors",
    "RunMaker": "run_maker",
    "ScoringEngine": "executors",
}
__all__ = [
    "ClaimRun",
    "ConsoleLog",
    "Declarations",
    "Engine",
    "EngineError",
    "Lab",
    "Log",
    "MeasuringEngine",
    "RunMaker",
    "ScoringEngine",
]

if not TYPE_CHECKING:  # a type checker is told of the imports above
    __getattr__ = exports(__name__, _HOMES)

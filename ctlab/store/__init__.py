"""What was generated and measured, kept for ever: on disk, content-addressed, resumable, verified on every read."""

from typing import TYPE_CHECKING

from ctlab.lazy import exports
from ctlab.store.derived_records import DerivedRecords
from ctlab.store.generation_store import GenerationStore
from ctlab.store.known_subjects import Known, KnownSet, note_known, read_known
from ctlab.store.looks import append_looks, read_looks
from ctlab.store.measurement_store import MeasurementStore

__all__ = [
    "DerivedRecords",
    "GenerationStore",
    "Known",
    "KnownSet",
    "MeasurementStore",
    "append_looks",
    "note_known",
    "read_known",
    "read_looks",
]

if not TYPE_CHECKING:  # a type checker is told of the names of today alone
    __getattr__ = exports(__name__, {})

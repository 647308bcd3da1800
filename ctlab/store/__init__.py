"""What was said, kept for ever: generations on disk, content-addressed, resumable, verified on every read."""

from ctlab.store.generations import GenerationStore
from ctlab.store.measurements import MeasurementStore

__all__ = ["GenerationStore", "MeasurementStore"]

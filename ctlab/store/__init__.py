"""What was said, kept for ever: generations on disk, content-addressed, resumable, verified on every read."""

from ctlab.store.generation_store import GenerationStore
from ctlab.store.measurement_store import MeasurementStore

__all__ = ["GenerationStore", "MeasurementStore"]

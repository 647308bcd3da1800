"""The seeds of the embedded problem sets: the one place that decides which problems they are."""

SEEDS = {
    "tiny": "ctlab tiny test 1",
    "tiny-2": "",
}
"""Seed by name of the set; part of its identity, another word draws other problems. Empty: still to be drawn.

A confirmatory set is drawn after its claims have been registered on it: commit the registration, write
``"ctlab tiny test 2 HASH"`` with the full hash of that commit here, which nobody could know before it, and run
``python -m ctlab.problems.tiny.embedded_set``.
"""

"""The seeds of the embedded problem sets: the one place that decides which problems they are."""

SEEDS = {
    "tiny": "ctlab tiny test 1",
    "tiny-2": "ctlab tiny test 2 ad29fe1fcfc0a5484e05715c1e0c0a3031e82734",
    "tiny-3": "ctlab tiny test 3 fec102bb7ff98dbd16ed09782986c21d3c080b41",
    "tiny-4": "ctlab tiny test 4 9e8dc2be8578cba066a904d18aea855aef44262c",
}
"""Seed by name of the set, in the order in which they are drawn; part of a set's identity, another word draws other
problems. Empty: still to be drawn.

A confirmatory set is drawn after its claims have been registered on it: commit the registration, write
``"ctlab tiny test 3 HASH"`` with the full hash of that commit here, which nobody could know before it, and run
``python -m ctlab.problems.tiny.embedded_set``.
"""

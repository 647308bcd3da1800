"""The seeds of the embedded sets of graphs: the one place that decides which graphs they are."""

GRAPH_SEEDS = {
    "tiny-graphs": "ctlab tiny-graphs test 1",
    "tiny-graphs-longer": "ctlab tiny-graphs-longer test 1",
    "tiny-graphs-dag": "ctlab tiny-graphs-dag test 1",
    "tiny-graphs-denser": "ctlab tiny-graphs-denser test 1",
    "tiny-graphs-2": "ctlab tiny-graphs test 2 9e8dc2be8578cba066a904d18aea855aef44262c",
    "tiny-graphs-longer-2": "ctlab tiny-graphs-longer test 2 9e8dc2be8578cba066a904d18aea855aef44262c",
    "tiny-graphs-dag-2": "ctlab tiny-graphs-dag test 2 9e8dc2be8578cba066a904d18aea855aef44262c",
    "tiny-graphs-denser-2": "ctlab tiny-graphs-denser test 2 9e8dc2be8578cba066a904d18aea855aef44262c",
}
"""Seed by name of the set, in the order in which they are drawn. Empty: still to be drawn.

A confirmatory set is drawn after its claims have been registered on it: commit the registration, write
``"ctlab tiny-graphs test 2 HASH"`` with the full hash of that commit here, which nobody could know before it, and run
``python -m ctlab.problems.tiny_graphs.graph_sets``.
"""

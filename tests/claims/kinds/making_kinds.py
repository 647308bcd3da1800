"""Claims of a kind, what is assumed of a sample, and effects that a kind has words for."""

from dataclasses import replace

from ctlab.claims.kinds.promise import Sample
from ctlab.statistics import paired_difference
from tests.claims.making import ALPHA, claim

__all__ = ["ALPHA", "claim", "effect", "promise", "sample"]
N = 1319


def sample(n=N, discordance=0.1, rate=0.8, spread=None):
    return Sample(n=n, discordance=discordance, rate=rate, spread=spread)


def promise(judged, **fields):
    return judged.kind.rules.promise(judged, ALPHA, sample(**fields))


def effect(lost=60, gained=40, *, alternative="greater", margin=0.0, counted=True, **fields):
    """A paired difference, or something else that is made of one by other fields."""
    measured = paired_difference(lost, gained, N, alternative=alternative, margin=margin, alpha=ALPHA)
    return replace(measured, **({} if counted else {"lost": None, "gained": None}), **fields)

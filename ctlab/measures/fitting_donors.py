"""Donors that fit each problem, found once for all runs that ask for the same ones of the same problems."""

from collections.abc import Mapping
from functools import lru_cache

from ctlab.interventions.donor_rule import Matching
from ctlab.interventions.donors import all_donors
from ctlab.problems import Problem


# The embedded claims ask for 10 matchings, two thirds of a second each; a mapping of 1,319 problems takes some 2 MB.
@lru_cache(maxsize=32)
def fitting_donors(problems: tuple[Problem, ...], matching: Matching) -> Mapping[str, tuple[str, ...]]:
    """Return `all_donors` of these problems; it is shared, so nobody may change it."""
    return all_donors(problems, matching)

"""The families of latent-reasoning models: one file each, and here their names."""

from collections.abc import Mapping
from types import MappingProxyType

from ctlab.models.families.base import Family
from ctlab.models.families.coconut import COCONUT
from ctlab.models.families.codi import CODI

FAMILIES: Mapping[str, Family] = MappingProxyType({family.name: family for family in (CODI, COCONUT)})
"""Every family by its name; what is not in here cannot be loaded."""

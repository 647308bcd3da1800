"""The families of latent-reasoning models: one file each, and here their names."""

from collections.abc import Mapping
from types import MappingProxyType

from ctlab.models.families.adalr import ADALR
from ctlab.models.families.base import Family
from ctlab.models.families.coconut import COCONUT
from ctlab.models.families.codi import CODI
from ctlab.models.families.explicit_cot import EXPLICIT_COT
from ctlab.models.families.huginn import HUGINN
from ctlab.models.families.latenttts import LATENTTTS
from ctlab.models.families.pause import PAUSE
from ctlab.models.families.pccot import PCCOT

_ALL: tuple[Family, ...] = (CODI, COCONUT, PAUSE, EXPLICIT_COT, LATENTTTS, PCCOT, ADALR, HUGINN)
FAMILIES: Mapping[str, Family] = MappingProxyType({family.name: family for family in _ALL})
"""Every family by its name; what is not in here cannot be loaded."""

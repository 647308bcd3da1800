"""What a way to edit a thought asks for beyond its name: how much, how many dimensions, which contrast, which file."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from ctlab import formatting
from ctlab.errors import ConditionError
from ctlab.field_docs import documented
from ctlab.inputs import shown
from ctlab.interventions.contrast import Contrast
from ctlab.interventions.direction_files import digest_of, is_digest
from ctlab.interventions.patch_kind import PatchKind, Source
from ctlab.interventions.patches import PATCH_KINDS

_ASKED_BY = {
    "factor": {Source.FACTOR},
    "dimensions": {Source.WITHIN_COMPONENTS, Source.WITHIN_RANDOM},
    "contrast": {Source.DIFFERENCE},
    "file": {Source.GIVEN, Source.GIVEN_CENTRE, Source.WITHIN_GIVEN},
}
_MEANS = {
    "factor": "how many times what is scaled or added",
    "dimensions": "how many dimensions are kept or removed, a whole number from 1",
    "contrast": "which problems' mean minus which others', such as 'n_operations >= 3'",
    "file": "the JSON file that holds the directions",
}


@documented
@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """How a thought is edited; what a way does not ask for is left out."""

    factor: float | None = None
    """For ``scale`` what the thought is multiplied by, for the ways that add how many times what is added."""
    dimensions: int | None = None
    """How many principal components or random dimensions are kept or removed, from 1."""
    contrast: str | None = None
    """Whose mean minus whose: a feature of problems and the least value at which it holds, ``n_operations >= 3``."""
    file: str | None = field(default=None, compare=False)
    """Path of the JSON file with directions; where it lies is no part of what a condition is, and ``digest`` is."""
    digest: str | None = None
    """First 16 hex digits of the sha256 of that file; read off the file where it is not said."""

    def __post_init__(self) -> None:
        factor = self.factor
        if factor is not None:
            if isinstance(factor, bool) or not isinstance(factor, int | float) or not math.isfinite(factor):
                raise ConditionError(f"'factor' of a patch must be a finite number, not {shown(factor)}")
            object.__setattr__(self, "factor", float(factor))
        size = self.dimensions
        if size is not None and (isinstance(size, bool) or not isinstance(size, int) or size < 1):
            raise ConditionError(f"'dimensions' of a patch must be a whole number from 1, not {shown(size)}")
        if self.contrast is not None:
            object.__setattr__(self, "contrast", Contrast.read(self.contrast).text)
        if self.file is not None and (not isinstance(self.file, str) or not self.file):
            raise ConditionError(f"'file' of a patch must be the path of a JSON file, not {shown(self.file)}")
        if self.digest is not None and not is_digest(self.digest):
            raise ConditionError(
                f"'digest' of a patch must be the first 16 hex digits of its file's sha256, not {shown(self.digest)}; "
                f"leave it out to have them read off the file"
            )

    def checked(self, kind: PatchKind) -> "Edit":
        """Return it with the file's digest, refusing what a way does not ask for, and what it lacks."""
        asked = {name for name, sources in _ASKED_BY.items() if sources & {*kind.sources}}
        for name in _ASKED_BY:
            if name in asked and getattr(self, name) is None:
                raise ConditionError(f"a patch by {kind.by!r} needs {name!r}: {_MEANS[name]}")
            if name not in asked and getattr(self, name) is not None:
                owners = [other.by for other in PATCH_KINDS.values() if _ASKED_BY[name] & {*other.sources}]
                raise ConditionError(
                    f"{name!r} belongs to patches by {formatting.listed(owners)}; {kind.by!r} has no use for it, so "
                    f"leave it out"
                )
        if self.digest is not None and "file" not in asked:
            raise ConditionError(f"'digest' is that of a 'file', and a patch by {kind.by!r} has none; leave it out")
        return self if self.file is None or self.digest is not None else replace(self, digest=digest_of(self.file))

    def to_json(self) -> dict[str, Any]:
        """JSON form, to stand among a patch's own fields."""
        return {name: getattr(self, name) for name in EDIT_FIELDS if getattr(self, name) is not None}

    @classmethod
    def from_json(cls, form: Mapping[str, Any]) -> "Edit":
        """Read it from among a patch's fields."""
        given = {name: form[name] for name in EDIT_FIELDS if name in form}
        if empty := [name for name, value in given.items() if value is None]:
            raise ConditionError(f"{empty[0]!r} of a patch is null; give a value, or leave it out")
        return cls(**given)


EDIT_FIELDS = tuple(each.name for each in fields(Edit))
"""Their names, in a patch's JSON form too."""
NO_EDIT = Edit()
"""Of a way that asks for nothing."""

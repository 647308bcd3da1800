"""Files of directions: what a probe found, or a subspace of any other making, for thoughts of one width."""

import math
import operator
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from ctlab.errors import ConditionError
from ctlab.files import sha256
from ctlab.inputs import parse_json, read_text, shown

_FIELDS = ("dim", "directions", "centre", "made")  # where it is from is for people, and belongs to its digest
_DIGEST = re.compile(r"[0-9a-f]{16}\Z")
# What float32 leaves of a norm of 1 and of a right angle, in 4,096 dimensions: 1e-7; written with six digits: 1e-6.
_OFF = 1e-5
_MOST = 256  # directions; they are compared with each other


@dataclass(frozen=True, slots=True, kw_only=True)
class Directions:
    """What such a file holds."""

    dim: int
    """Width of the thoughts that it is for."""
    directions: tuple[tuple[float, ...], ...]
    """(directions, dim): each of norm 1, at right angles to each other."""
    centre: tuple[float, ...]
    """(dim,) what the subspace goes through; zeros where the file does not say."""


def is_digest(text: object) -> bool:
    """Whether a text has the form of a file's digest."""
    return isinstance(text, str) and _DIGEST.match(text) is not None


def digest_of(file: str) -> str:
    """Digest of a file of directions, which is read and checked."""
    digest, _ = _read(file)
    return digest


@lru_cache(maxsize=8)
def read_directions(file: str, digest: str) -> Directions:
    """Read a file of directions, refusing one that is not what the digest says."""
    found, directions = _read(file)
    if found != digest:
        raise ConditionError(
            f"{file} is not the file of directions that the condition names: its digest is {found}, and the condition "
            f"says {digest}; give the file it was made with, or say this digest"
        )
    return directions


def _read(file: str) -> tuple[str, Directions]:
    text = read_text(Path(file), error=ConditionError)
    form = parse_json(text, file, error=ConditionError)
    try:
        return sha256(text.encode())[:16], _directions(form)
    except ConditionError as error:
        raise ConditionError(f"the file of directions {file}: {error}") from None


def _directions(form: Any) -> Directions:
    if not isinstance(form, dict) or not {"dim", "directions"} <= {*form} <= {*_FIELDS}:
        raise ConditionError(
            f'it must be an object with "dim" and "directions", and "centre" where the subspace does not go through '
            f'zero ("made" may say where it is from), not {shown(form)}'
        )
    dim, rows = form["dim"], form["directions"]
    if isinstance(dim, bool) or not isinstance(dim, int) or dim < 1:
        raise ConditionError(f'"dim" is the width of a thought, a whole number from 1, not {shown(dim)}')
    if not isinstance(rows, list) or not 1 <= len(rows) <= min(dim, _MOST):
        raise ConditionError(
            f'"directions" is a list of 1 to {min(dim, _MOST)} lists of {dim} numbers ("dim"), not {shown(rows)}'
        )
    directions = tuple(_numbers(f"direction {number}", row, dim) for number, row in enumerate(rows))
    for number, row in enumerate(directions):
        if abs((norm := math.hypot(*row)) - 1) > _OFF:
            raise ConditionError(f"direction {number} must have norm 1, and has {norm:.6g}; divide it by its norm")
        for other in range(number):
            if abs(cosine := math.fsum(map(operator.mul, row, directions[other]))) > _OFF:
                raise ConditionError(
                    f"directions {other} and {number} must be at right angles, and their product is {cosine:.3g}; make "
                    f"them so, by a QR decomposition for example"
                )
    centre = _numbers('"centre"', form.get("centre", [0] * dim), dim)
    return Directions(dim=dim, directions=directions, centre=centre)


def _numbers(what: str, row: Any, dim: int) -> tuple[float, ...]:
    numbers: Sequence[Any] = row if isinstance(row, list) else ()
    if len(numbers) != dim or any(isinstance(n, bool) or not isinstance(n, int | float) for n in numbers):
        raise ConditionError(f'{what} must be a list of {dim} numbers ("dim"), not {shown(row)}')
    return tuple(map(float, numbers))
